"""What a reviewer answered about one utterance, whatever tool it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Region(NamedTuple):
    """A labelled stretch `[start, end)`; the unit of its offsets is that of the tool.

    `text` is what the tool says that it holds, `meaning` what the reviewer let it stand for; both
    are None where nothing was said.
    """

    id: str
    start: int
    end: int
    label: str
    text: str | None = None
    meaning: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """All that is true of an utterance: what it does not hold is not there.

    `place` names it to people, `source` says whose it is.
    """

    place: str
    source: str
    session: str
    turn: int
    text: str
    regions: tuple[Region, ...]
    intents: tuple[str, ...]


class Mistake(NamedTuple):
    """What is wrong with an answer, and the remedy."""

    place: str
    what: str
    fix: str
