"""Finds the construct of a template that loses a span, by values in private alphabets."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from dialogue.problem import Problem
from dialogue.template.label import SpanLost
from dialogue.template.probe import Note, Probe, Run, runs
from dialogue.template.rope import LabelledFloat, LabelledInt, RecordRope, Rope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dialogue.template.template import Template

CHUNK = 16
PLANES = (range(0x3400, 0x4DC0), range(0x20000, 0x2A6E0))


def alphabet(number: int) -> str:
    """Return the private alphabet of that number: 16 rare characters that no other alphabet has."""
    for plane in PLANES:
        if number < len(plane) // CHUNK:
            start = plane.start + number * CHUNK
            return "".join(map(chr, range(start, start + CHUNK)))
        number -= len(plane) // CHUNK
    raise ValueError("there are 3,082 private alphabets")


class Samples:
    """What the names of a domain stand for while its templates are tried.

    `names(k, n)` gives them for k = 0 and 1, with `n` rows in each list; every text is made of
    private characters that no other text has. `owners(n)` are the labels that may cover those of
    `names(0, n)`. Both are made once for all templates.
    """

    def __init__(self, names: Callable[[int, int], Mapping[str, object]]) -> None:
        self.names = cache(names)
        self.owners = cache(lambda count: _owners(self.names(0, count)))


def audit(
    template: Template, samples: Samples, rows: Sequence[int] = (0, 1, 2)
) -> tuple[Problem, ...]:
    """Return what goes wrong with the spans of a template.

    A private character outside its own span is a problem, and so is text outside the spans that
    differs between the two samples.
    """
    probe = Probe(template.environment)
    compiled = probe.compiled(template.source)
    problems: list[Problem] = []
    misfits: list[Problem] = []
    fitted = False
    for count in rows:
        first, second = samples.names(0, count), samples.names(1, count)
        owners = samples.owners(count)
        for run in runs(partial(probe.rendered, compiled, first)):
            if run.error is not None:
                failed = Problem(template.at(run.error.line), run.error.what, run.error.fix)
                certain = isinstance(run.error.__cause__, (SpanLost, RuntimeError))
                looked_up = any(one in owners for one in run.error.what)  # no private key is there
                (problems if certain else misfits if run.natural else []).append(failed)
                fitted = fitted or looked_up
                continue
            fitted = fitted or run.natural
            found = _lost(template, probe, run, owners) or _told(
                template, probe, run, probe.rendered(compiled, second, Run(replay=run))
            )
            problems += [found] if found else []
    return tuple(sorted(set(problems if fitted or problems else misfits)))


def _lost(
    template: Template, probe: Probe, run: Run, owners: Mapping[str, set[Any]]
) -> Problem | None:
    """Return the problem of a private character that is outside a span of its own."""
    stray = _stray(run.text, owners)
    if stray is None:
        return None
    note = next((probe.notes[i] for i, value in run.seen if _stray(value, owners)), None)
    slot = min(owners[stray])[0]
    return _problem(template, note, f"loses the span of slot '{slot}'")


def _told(template: Template, probe: Probe, run: Run, other: Run) -> Problem | None:
    """Return the problem of text outside the spans that depends on the values."""
    if other.text is None or run.text is None:
        return None
    ours, theirs = _outside(run.text), _outside(other.text)
    if ours == theirs or ours[1::2] != theirs[1::2]:
        return None
    pairs = zip(run.seen, other.seen, strict=False)
    note = next((probe.notes[a[0]] for a, b in pairs if _outside(a[1]) != _outside(b[1])), None)
    return _problem(template, note, "says something of a slot outside its span")


def _problem(template: Template, note: Note | None, what: str) -> Problem:
    construct = note.construct if note else "the template"
    where = f" in '{note.file}'" if note and note.file else ""
    line = note.line if note and not note.file else 1
    return Problem(template.at(line), f"{construct}{where} {what}", "print the slot on its own")


def _owners(value: object, owners: dict[str, set[Any]] | None = None) -> dict[str, set[Any]]:
    """Return for each private character the labels that may cover it."""
    owners = {} if owners is None else owners
    if isinstance(value, (LabelledInt, LabelledFloat)):
        value = value.rope
    if isinstance(value, Rope):
        for start, end, label in value.pieces:
            for one in str.__getitem__(value, slice(start, end)):
                if any(ord(one) in plane for plane in PLANES):
                    owners.setdefault(one, set()).add((label.slot, label.part or ""))
        for part in value.parts.values() if isinstance(value, RecordRope) else ():
            _owners(part, owners)
    elif isinstance(value, Mapping):
        for item in value.values():
            _owners(item, owners)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _owners(item, owners)
    return owners


def _stray(value: object, owners: Mapping[str, set[Any]]) -> str | None:
    """Return the first private character of a text, or a list of them, without its own label."""
    if isinstance(value, (list, tuple)):
        return next(filter(None, (_stray(item, owners) for item in value)), None)
    if not isinstance(value, str):
        return None
    pieces = value.pieces if isinstance(value, Rope) else ()
    names: list[Any] = [None] * len(value)
    for start, end, label in pieces:
        names[start:end] = [(label.slot, label.part or "")] * (end - start)
    for one, name in zip(str.__str__(value), names, strict=True):
        if one in owners and name not in owners[one]:
            return one
    return None


def _outside(value: object) -> list[Any]:
    """Return the text outside the spans, at even places, and the labels between."""
    if isinstance(value, (LabelledInt, LabelledFloat)):
        value = value.rope
    if not isinstance(value, Rope):
        return [value if isinstance(value, (str, int, float)) else None]
    parts: list[Any] = []
    at = 0
    for start, end, label in value.pieces:
        parts += (str.__getitem__(value, slice(at, start)), (label.slot, label.part))
        at = end
    return [*parts, str.__getitem__(value, slice(at, None))]
