"""What somebody has: utterances with their values, as examples in any format say them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dialogue.problem import Position, Problem


class Said(NamedTuple):
    """A stretch `[start, end)` of a text, in code points, that says a value of a label.

    `normal` is the value as the example writes it, "" where that is the surface. What is not
    `known` stands for a value that the example does not tell: `{name}` in a response.
    """

    start: int
    end: int
    label: str
    role: str = ""
    normal: str = ""
    known: bool = True


class Wanted(NamedTuple):
    """A value that is somewhere in the words; one that is not `sure` need not be."""

    label: str
    value: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one side says; a text of "" is not known, only that it had these intents.

    `others` are wordings that were as good in its place.
    """

    at: Position
    speaker: str
    text: str
    intents: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()
    others: tuple[Utterance, ...] = ()

    def surface(self, said: Said) -> str:
        """Return the words of a stretch."""
        return self.text[said.start : said.end]


@dataclass(frozen=True, slots=True)
class Conversation:
    """Utterances in their order, and the values that are `wanted` from the users' ones.

    One that is `loose` is a single wording of which nobody knows what comes before and after.
    """

    at: Position
    utterances: tuple[Utterance, ...]
    wanted: tuple[Wanted, ...] = ()
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What files hold: conversations, and what is wrong with the others."""

    conversations: list[Conversation] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


LONGEST = 10_000  # as no phrasing may say more
_UNSAYABLE = re.compile("[\x00\ud800-\udfff]")


class Misplaced(ValueError):  # noqa: N818 - it says what a stretch is
    """Raised for a stretch that is not in its text, or lies across another."""


def normalised(text: str, said: Iterable[Said]) -> tuple[str, tuple[Said, ...]]:
    """Return a text as packs hold texts, NFC with plain line breaks, its stretches moved along.

    Raises Misplaced.
    """
    pieces: list[str] = []
    moved: list[Said] = []
    at = length = 0
    for one in sorted(said):
        if not 0 <= one.start < one.end <= len(text):
            raise Misplaced(f"'{one.label}' has the place {one.start} to {one.end}")
        if one.start < at:
            raise Misplaced(f"'{one.label}' lies across another value at {one.start}")
        for start, end in ((at, one.start), (one.start, one.end)):
            pieces.append(plain(text[start:end]))
            length += len(pieces[-1])
        moved.append(one._replace(start=length - len(pieces[-1]), end=length))
        at = one.end
    pieces.append(plain(text[at:]))
    whole = "".join(pieces)
    if _UNSAYABLE.search(whole):
        raise Misplaced("the text holds half a character, or the character U+0000")
    if len(whole) > LONGEST:
        raise Misplaced(f"the text is longer than {LONGEST:,} characters")
    if not unicodedata.is_normalized("NFC", whole):
        raise Misplaced("a value ends inside of a character")
    return whole, tuple(moved)


def plain(text: str) -> str:
    """Return a text in NFC with plain line breaks."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
