"""What a stretch of text says, and where the stretches go when the text is edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONGEST = 10_000
"""No rope is longer: a pack that nobody has read must not be able to fill the memory."""


class SpanLost(ValueError):  # noqa: N818 - it names what happened
    """Raised by an operation that could not keep labels at the right place."""


class TooLong(ValueError):  # noqa: N818 - so does this
    """Raised by an operation whose text would be longer than `LONGEST`."""


class Label(NamedTuple):
    """What a stretch of text says: a slot or one part of it, with its normal form and value.

    `name` is the slot or part that it gives; what the bot reads in a row gives none.
    """

    slot: str
    part: str | None = None
    role: str | None = None
    normal: str = ""
    value: Any = None
    name: str = ""

    def __hash__(self) -> int:
        # The value is left out: it may be a mapping.
        return hash((self.slot, self.part, self.role, self.normal, self.name))


Piece = tuple[int, int, Label]
Edit = tuple[int, int, str]


def bound(length: int) -> None:
    """Refuse a text of that length if it is too long."""
    if length > LONGEST:
        raise TooLong(f"text longer than {LONGEST:,} characters")


def moved(pieces: Iterable[Piece], edits: list[Edit], doing: str) -> Iterator[Piece]:
    """Yield the pieces where the edits leave them, and the pieces of what was put between them."""
    shift = 0
    rest = iter(edits)
    edit = next(rest, None)
    for start, end, label in pieces:
        while edit is not None and edit[1] <= start:
            yield from shifted(edit[2], edit[0] + shift)
            shift += len(edit[2]) - (edit[1] - edit[0])
            edit = next(rest, None)
        begin = start + shift
        while edit is not None and edit[0] < end:
            if edit[0] < start or edit[1] > end:
                raise SpanLost(f"{doing} changes text across the edge of slot '{label.slot}'")
            if getattr(edit[2], "pieces", ()):
                raise SpanLost(f"{doing} puts a slot inside slot '{label.slot}'")
            shift += len(edit[2]) - (edit[1] - edit[0])
            edit = next(rest, None)
        if begin < end + shift:
            yield begin, end + shift, label
    while edit is not None:
        yield from shifted(edit[2], edit[0] + shift)
        shift += len(edit[2]) - (edit[1] - edit[0])
        edit = next(rest, None)


def shifted(text: str, by: int) -> Iterator[Piece]:
    """Yield the pieces of a text, if it has any, so many code points further on."""
    for start, end, label in getattr(text, "pieces", ()):
        yield start + by, end + by, label
