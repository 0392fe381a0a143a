"""What people are told of a draft: how each label is drawn, what was guessed and left out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogue.problem import Problem
    from dialogue.twin.twin import Made

SHOWN = 3
NAMES = 8


def lines(made: Made) -> Iterator[tuple[str, str]]:
    """Yield the lines of the summary: a label and a text."""
    draft, inferred = made.draft, made.draft.inferred
    lost = len({problem.at for problem in made.lost})
    left_out = f", {lost:,} left out" if lost else ""
    yield "examples", f"{made.examples - lost:,} in {made.locale}{left_out}"
    for slot in inferred.slots.values():
        if "view" in slot.keys or "like" in slot.keys:
            continue
        labels = [
            label
            for ((label, role), number), ref in inferred.refs.items()
            if ref.slot == slot.name and not role and not number
        ]
        if labels:
            yield "slot", f"{_drawn(slot.keys)}: {', '.join(labels)}{_note(slot.note)}"
    units = list(draft.units)
    shown = ", ".join(units[:NAMES]) + (
        f" and {len(units) - NAMES} more" if len(units) > NAMES else ""
    )
    yield "units", f"{len(units):,}: {shown}"
    yield "phrasings", f"{made.after:,}, of {_count(made.before, 'utterance')}"
    whole = made.proof.proven + len(made.proof.failed)
    yield "proven", f"{made.proof.proven:,} of {_count(whole, 'utterance')}, bytes and spans"
    for problem in made.proof.failed[:SHOWN]:
        yield "", str(problem)
    yield from _left(draft.left)
    yield "written", f"{len(made.written)} files: {made.written[0].parent}, {made.graph}"


def _drawn(keys: object) -> str:
    assert isinstance(keys, dict)
    if "faker" in keys:
        return str(keys["faker"])
    if "choose" in keys:
        return f"a choice of {len(keys['choose']):,}"
    return str(keys.get("text", ""))


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' if number != 1 else ''}"


def _note(note: str) -> str:
    return f" ({note})" if note else ""


def _left(left: list[Problem]) -> Iterator[tuple[str, str]]:
    """Yield the wordings that are not in the draft: how many for each reason, and the first."""
    if not left:
        return
    counts = Counter(problem.fix for problem in left)
    for fix, count in counts.most_common():
        first = next(problem for problem in left if problem.fix == fix)
        what = " ".join(first.what.split())
        yield (
            "left out",
            f"{_count(count, 'wording')}, such as {first.at.path}:{first.at.line}: {what[:120]}",
        )
        yield "", f"fix: {fix}"
