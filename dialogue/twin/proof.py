"""The round trip: every example is rendered by the engine's own template with its own values.

What comes out must be the bytes of the example, and the spans must be where its values are.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dialogue.problem import Problem
from dialogue.template import RenderError
from dialogue.value import Record, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogue.domain import Domain
    from dialogue.phrasing import Phrasing
    from dialogue.twin.draft import Draft
    from dialogue.twin.phrasing import Phrase


@dataclass(slots=True)
class Proof:
    """How many utterances were proven, and what is wrong with the others."""

    proven: int = 0
    failed: list[Problem] = field(default_factory=list)


def prove(draft: Draft, domain: Domain) -> Proof:
    """Render every wording of a draft by the units of its compiled domain."""
    found = Proof()
    known: dict[str, dict[str, Phrasing]] = {
        name: {one.template.source: one for one in unit.phrasings()}
        for name, unit in domain.units.items()
    }
    for unit, phrase in draft.phrases():
        phrasing = known.get(unit.name, {}).get(phrase.template)
        what = (
            "it is not among the phrasings"
            if phrasing is None
            else _wrong(phrase, phrasing, domain)
        )
        if what is None:
            found.proven += 1
        else:
            fix = "this is a mistake of dialogue twin: please report it, and leave the example out"
            found.failed.append(Problem(phrase.utterance.at, f"not proven: {what}", fix))
    return found


def _wrong(phrase: Phrase, phrasing: Phrasing, domain: Domain) -> str | None:
    """Return what differs from the example, None where nothing does."""
    try:
        rope = phrasing.template.render(texts(phrase, domain), lambda _: 0)
    except RenderError as error:
        return error.what
    if str.__str__(rope) != phrase.utterance.text:
        return f"it says '{rope}'"
    spans = [(start, end, label.name) for start, end, label in rope.pieces]
    expected = [(said.start, said.end, ref.leaf) for one in phrase.prints for said, ref in one.said]
    return None if spans == expected else f"its spans are {spans}"


def texts(phrase: Phrase, domain: Domain) -> Mapping[str, Any]:
    """Return the values of an example under the names that templates read."""
    scalars: dict[str, Value] = {}
    parts: defaultdict[str, dict[str, Value]] = defaultdict(dict)
    wholes: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    text = phrase.utterance.text
    for one in phrase.prints:
        for said, ref in one.said:
            surface = text[said.start : said.end]
            value = Value(surface, said.normal or surface, said.normal or surface)
            if ref.part:
                parts[ref.slot][ref.part] = value
            else:
                scalars[ref.slot] = value
        view = domain.names.views.get(one.name)
        if view is not None and isinstance(view.target, tuple):
            owner, part = view.target
            if part in domain.names.slots[owner].composites:
                wholes[owner][part] = _surface(one.said, text)
    found: dict[str, Any] = {}
    for name, value in scalars.items():
        found[name] = domain.names.slots[name].tag.scalar(value).text
    for name, values in parts.items():
        slot = domain.names.slots[name]
        record = Record(values, (), composites=wholes[name])
        found[name] = slot.tag.record(record, slot.parts).text
    for view in domain.names.views.values():
        shown = view.text(found)
        if shown is not None:
            found[view.name] = shown
    return found


def _surface(said: Any, text: str) -> tuple[tuple[str, str | None], ...]:
    """Return how a whole is said: its parts and the words between them."""
    pieces: list[tuple[str, str | None]] = []
    at = None
    for stretch, ref in said:
        if at is not None and at < stretch.start:
            pieces.append((text[at : stretch.start], None))
        pieces.append(("", ref.part))
        at = stretch.end
    return tuple(pieces)
