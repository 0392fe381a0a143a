"""A turn as noise sees it: segments in, segments out; offsets come from joining them, once."""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

Pieces = tuple[tuple[int, int, Any], ...]


class Segment(NamedTuple):
    """A run of text: of the labelled `piece` with this number, or of none.

    What an operator has put in is settled: it names the operator and the text that stood `before`.
    With one that `cuts` a message begins.
    """

    text: str
    piece: int | None = None
    operator: str | None = None
    before: str = ""
    cuts: bool = False


class Message(NamedTuple):
    """What is sent at once: its text, its labelled pieces and the log of what was done to it."""

    text: str
    pieces: Pieces
    log: Sequence[dict[str, Any]] = ()


class Run(NamedTuple):
    """An open run of text that an operator may change: segment `number` of a turn.

    `before` and `after` are the characters beside it, empty at the ends of the turn: for any digit
    or letter one that is like it, so that runs beside other values are the same. `piece` is the
    number of the labelled piece that it is of, if any.
    """

    number: int
    text: str
    before: str
    after: str
    piece: int | None

    @property
    def last(self) -> bool:
        """Whether nothing is said after it."""
        return not self.after


class Edit(NamedTuple):
    """The text that takes the place of `[start, end)` of a run."""

    run: Run
    start: int
    end: int
    text: str


def open_runs(text: str, pieces: Pieces) -> tuple[Run, ...]:
    """Return the runs of a turn that nothing has touched, without cutting it into segments."""
    found: list[Run] = []
    number = at = 0
    for start, end, _ in pieces:
        if at < start:
            before = _like(text[at - 1]) if at else ""
            found.append(Run(number, text[at:start], before, _like(text[start]), None))
            number += 1
        number += 1
        at = end
    found.append(Run(number, text[at:], _like(text[at - 1]) if at else "", "", None))
    return tuple(found)


@cache
def _like(one: str) -> str:
    """Return the character that stands for all that are like one; of marks, each for itself."""
    if not one.isalnum():
        return one
    if not one.isascii():
        return "字"
    return "0" if one.isdigit() else "a"


class Turn:
    """The segments of one turn and the text that they make."""

    __slots__ = ("segments", "text")

    def __init__(self, segments: tuple[Segment, ...]) -> None:
        self.segments = segments
        self.text = "".join([segment.text for segment in segments])

    @classmethod
    def of(cls, text: str, pieces: Pieces) -> Turn:
        """Cut a text into its labelled pieces and what stands around them."""
        if not pieces:
            return cls((Segment(text),))
        segments: list[Segment] = []
        at = 0
        for number, (start, end, _) in enumerate(pieces):
            if at < start:
                segments.append(Segment(text[at:start]))
            segments.append(Segment(text[start:end], number))
            at = end
        if at < len(text):
            segments.append(Segment(text[at:]))
        return cls(tuple(segments))

    def runs(self, *, in_slots: bool) -> tuple[Run, ...]:
        """Return what may be changed; at the end there is always a run, if only an empty one."""
        whole = self.text
        found: list[Run] = []
        at = 0
        for number, (text, piece, operator, *_) in enumerate(self.segments):
            end = at + len(text)
            if operator is None and (piece is None or in_slots):
                before = _like(whole[at - 1]) if at else ""
                found.append(Run(number, text, before, _like(whole[end : end + 1]), piece))
            at = end
        if not found or found[-1].after or found[-1].piece is not None:
            found.append(Run(len(self.segments), "", _like(whole[-1:]), "", None))
        return tuple(found)

    def edited(self, operator: str, edits: Sequence[Edit], *, cuts: bool = False) -> Turn:
        """Return the turn with stretches replaced that do not overlap; they are settled then."""
        segments: list[Segment] = []
        found = {run.number: list(some) for run, some in groupby(sorted(edits), lambda e: e.run)}
        for number, segment in enumerate((*self.segments, Segment(""))):
            at, piece = 0, segment.piece
            for edit in found.get(number, ()):
                if at < edit.start:
                    segments.append(Segment(segment.text[at : edit.start], piece))
                before = segment.text[edit.start : edit.end]
                segments.append(Segment(edit.text, piece, operator, before, cuts))
                at = edit.end
            if at < len(segment.text) or segment.operator is not None:
                segments.append(segment._replace(text=segment.text[at:]))
        return Turn(tuple(segments))

    def keeps(self, edits: Sequence[Edit]) -> bool:
        """Tell whether each slot keeps a character that no operator has touched."""
        lost: dict[int, int] = {}
        for run, start, end, _ in edits:
            if run.piece is not None:
                lost[run.piece] = lost.get(run.piece, 0) + end - start
        return all(
            number < sum(len(one.text.strip()) for one in self.segments if one.piece == piece
                         and one.operator is None)
            for piece, number in lost.items()
        )  # fmt: skip

    def messages(self) -> tuple[Turn, ...]:
        """Cut the turn into messages; each but the first begins with what cuts it off."""
        starts = [at for at, segment in enumerate(self.segments) if segment.cuts]
        if not starts:
            return (self,)
        bounds = pairwise((0, *starts, len(self.segments)))
        return tuple(Turn(self.segments[first:last]) for first, last in bounds)

    def stands(self, *, alone: bool) -> bool:
        """Tell whether this can be sent; one message of several is more than blanks and marks."""
        if alone and all(one.piece is None for one in self.segments):
            return any(one.isalnum() for one in self.text)
        return bool(self.text.strip()) and unicodedata.is_normalized("NFC", self.text)

    def pieces(self, pieces: Pieces) -> Pieces:
        """Return those labelled pieces of another text that these segments have, where they are."""
        found: list[list[int]] = [[] for _ in pieces]
        at = 0
        for text, piece, *_ in self.segments:
            if piece is not None:
                found[piece] += (at, at + len(text))
            at += len(text)
        bounds = zip(found, pieces, strict=True)
        return tuple((places[0], places[-1], label) for places, (_, _, label) in bounds if places)

    def log(self) -> list[dict[str, Any]]:
        """Return what was done, in order of the text: `[start, end)` is where `after` stands."""
        found = []
        at = 0
        for text, _, operator, before, _ in self.segments:
            if operator is not None:
                found.append({
                    "operator": operator,
                    "start": at,
                    "end": at + len(text),
                    "before": before,
                    "after": text,
                })  # fmt: skip
            at += len(text)
        return found
