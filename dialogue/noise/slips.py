"""What a slip of the finger does to a place in a text, in any language."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from dialogue.noise.turn import Edit

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator
    from random import Random

    from dialogue.noise.turn import Run

    Place: TypeAlias = tuple[Run, int, int]


def matches(pattern: re.Pattern[str], runs: Iterable[Run]) -> Iterator[Place]:
    """Yield where a pattern is found in runs."""
    for run in runs:
        for found in pattern.finditer(run.text):
            yield run, found.start(), found.end()


def swap(_: str, place: Place, rng: Random) -> tuple[Edit]:  # noqa: ARG001
    """Let the two characters of a place change places."""
    run, start, end = place
    return (Edit(run, start, end, run.text[start:end][::-1]),)


def drop(_: str, place: Place, rng: Random) -> tuple[Edit]:  # noqa: ARG001
    """Leave out what stands at a place."""
    run, start, end = place
    return (Edit(run, start, end, ""),)


def double(_: str, place: Place, rng: Random) -> tuple[Edit]:  # noqa: ARG001
    """Type what stands at a place twice."""
    run, start, end = place
    return (Edit(run, end, end, run.text[start:end]),)
