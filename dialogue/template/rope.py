"""Text that knows which of its stretches say which slot: a `str` that carries its labels.

A rope is the string it shows: equality, hashing, `in` and dictionary keys are those of `str`. Every
method that gives text gives a rope again, its labels at the right place, or raises `SpanLost`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from operator import itemgetter
from typing import TYPE_CHECKING, Any, SupportsIndex

from dialogue.template.label import LONGEST, Edit, Label, Piece, bound, moved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

MANY = 16  # pieces, from which looking for the right ones is quicker than trying all
_start, _end = itemgetter(0), itemgetter(1)


class Rope(str):
    """A string with labelled pieces `(start, end, label)`: code points, half open.

    Pieces are sorted, disjoint and not empty.
    """

    __slots__ = ("pieces",)
    pieces: tuple[Piece, ...]

    def __new__(cls, text: str = "", pieces: tuple[Piece, ...] = ()) -> Rope:
        made = str.__new__(cls, text)
        made.pieces = pieces
        return made

    @staticmethod
    def of(text: str, label: Label) -> Rope:
        """Return the text as one labelled piece, whatever labels it had."""
        made = str.__new__(Rope, text)
        made.pieces = ((0, len(text), label),) if text else ()
        return made

    @property
    def whole(self) -> Label | None:
        """The label that covers all of the text, if there is one."""
        if len(self.pieces) == 1 and self.pieces[0][:2] == (0, len(self)):
            return self.pieces[0][2]
        return None

    # Three ways to move labels; all methods below are one of them.

    def cut(self, start: int, end: int) -> Rope:
        """Return the stretch `[start, end)`, with 0 <= start <= end."""
        pieces = self.pieces
        if len(pieces) > MANY:
            first = bisect_right(pieces, start, key=_end)
            pieces = pieces[first : bisect_left(pieces, end, lo=first, key=_start)]
        inside = (
            (max(a, start) - start, min(b, end) - start, label)
            for a, b, label in pieces
            if a < end and b > start
        )
        return Rope(str.__getitem__(self, slice(start, end)), tuple(inside))

    def mapped(self, change: Callable[[str], str]) -> Rope:
        """Return the text changed by a function that gives at least one character for each.

        The length of what a beginning becomes must not depend on what follows it.
        """
        plain = str.__str__(self)
        text = change(plain)
        if len(text) == len(plain):
            return Rope(text, self.pieces)
        return self.moved(text, lambda at: len(change(plain[:at])))

    def charwise(self, change: Callable[[str], str]) -> Rope:
        """Return the text with each character replaced by whatever it becomes on its own."""
        became = [change(one) for one in str.__iter__(self)]
        offsets = [0]
        for text in became:
            offsets.append(offsets[-1] + len(text))
        bound(offsets[-1])
        return self.moved("".join(became), offsets.__getitem__)

    def moved(self, text: str, offset: Callable[[int], int]) -> Rope:
        """Return another text whose pieces begin and end where `offset` puts the old bounds."""
        bounds = ((offset(a), offset(b), label) for a, b, label in self.pieces)
        return Rope(text, tuple(piece for piece in bounds if piece[0] < piece[1]))

    def edited(self, edits: Iterable[Edit], doing: str) -> Rope:
        """Return the text with stretches `[start, end)` replaced, given in order and disjoint.

        What is put inside a piece belongs to it; what is put at its edge does not.
        """
        edits = list(edits)
        bound(len(self) + sum(len(new) - (end - start) for start, end, new in edits))
        texts: list[str] = []
        at = 0
        for start, end, new in edits:
            texts += (str.__getitem__(self, slice(at, start)), new)
            at = end
        texts.append(str.__getitem__(self, slice(at, None)))
        return Rope("".join(texts), tuple(moved(self.pieces, edits, doing)))

    # What the language asks of a string.

    def __str__(self) -> str:
        return self

    def __format__(self, spec: str) -> str:
        from dialogue.template.placeholder import formatted

        return formatted(self, spec)

    def __iter__(self) -> Iterator[str]:
        return (self.cut(at, at + 1) for at in range(len(self)))

    def __getitem__(self, key: SupportsIndex | slice) -> Rope:
        if not isinstance(key, slice):
            at = range(len(self))[key]
            return self.cut(at, at + 1)
        indexes = range(len(self))[key]
        if indexes.step == 1:
            return self.cut(indexes.start, max(indexes.start, indexes.stop))
        return self._picked(indexes)

    def _picked(self, indexes: range) -> Rope:
        owner: dict[int, int] = {}
        for number, (start, end, _) in enumerate(self.pieces):
            owner.update(dict.fromkeys(range(start, end), number))
        pieces: list[Piece] = []
        last: int | None = None
        for at, index in enumerate(indexes):
            here = owner.get(index)
            if here is not None and here == last:
                pieces[-1] = (pieces[-1][0], at + 1, pieces[-1][2])
            elif here is not None:
                pieces.append((at, at + 1, self.pieces[here][2]))
            last = here
        step = slice(indexes.start, indexes.stop if indexes.stop >= 0 else None, indexes.step)
        return Rope(str.__getitem__(self, step), tuple(pieces))

    def __add__(self, other: str) -> Rope:
        return concat((self, other)) if isinstance(other, str) else NotImplemented

    def __radd__(self, other: str) -> Rope:
        return concat((other, self)) if isinstance(other, str) else NotImplemented

    def __mul__(self, times: SupportsIndex) -> Rope:
        count = max(0, times.__index__())
        bound(len(self) * count)
        return concat([self] * count)

    __rmul__ = __mul__

    def __mod__(self, values: Any) -> Rope:
        from dialogue.template.placeholder import percent

        return percent(self, values)

    def __rmod__(self, template: Any) -> Rope:
        return Rope(template) % self if isinstance(template, str) else NotImplemented

    # Methods of `str`, in the order of its documentation.

    def capitalize(self) -> Rope:
        return self.mapped(str.capitalize)

    def casefold(self) -> Rope:
        return self.mapped(str.casefold)

    def center(self, width: SupportsIndex, fill: str = " ", /) -> Rope:
        room = self._room(width)
        left = room // 2 + (room & width.__index__() & 1)
        return self._padded(left, room - left, fill)

    def expandtabs(self, tabsize: SupportsIndex = 8) -> Rope:
        bound(str.count(self, "\t") * tabsize.__index__())
        plain = str.__str__(self)
        return self.moved(plain.expandtabs(tabsize), lambda at: len(plain[:at].expandtabs(tabsize)))

    def format(self, *args: object, **names: object) -> Rope:
        from dialogue.template.placeholder import filled

        return filled(self, args, names)

    def format_map(self, names: Any, /) -> Rope:
        from dialogue.template.placeholder import filled

        return filled(self, (), names)

    def join(self, items: Iterable[str], /) -> Rope:
        parts: list[str] = []
        for item in items:
            if not isinstance(item, str):
                raise TypeError(f"join needs text, not {type(item).__name__}")
            parts += (self, item)
        return concat(parts[1:])

    def ljust(self, width: SupportsIndex, fill: str = " ", /) -> Rope:
        return self._padded(0, self._room(width), fill)

    def lower(self) -> Rope:
        return self.mapped(str.lower)

    def lstrip(self, chars: str | None = None, /) -> Rope:
        return self.cut(len(self) - len(str.lstrip(self, chars)), len(self))

    def partition(self, sep: str, /) -> tuple[Rope, Rope, Rope]:
        return self._parted(str.partition(self, sep))

    def removeprefix(self, prefix: str, /) -> Rope:
        return self.cut(len(self) - len(str.removeprefix(self, prefix)), len(self))

    def removesuffix(self, suffix: str, /) -> Rope:
        return self.cut(0, len(str.removesuffix(self, suffix)))

    def replace(self, old: str, new: str, count: SupportsIndex = -1, /) -> Rope:
        limit = count.__index__()
        found: list[int] = []
        if old:
            at = str.find(self, old)
            while at >= 0 and (limit < 0 or len(found) < limit):
                found.append(at)
                at = str.find(self, old, at + len(old))
        else:
            found = list(range(len(self) + 1))
            found = found if limit < 0 else found[:limit]
        if not found:
            return self.cut(0, len(self))
        bound(len(self) + len(found) * (len(new) - len(old)))
        return self.edited(((at, at + len(old), new) for at in found), "replace")

    def rjust(self, width: SupportsIndex, fill: str = " ", /) -> Rope:
        return self._padded(self._room(width), 0, fill)

    def rpartition(self, sep: str, /) -> tuple[Rope, Rope, Rope]:
        return self._parted(str.rpartition(self, sep))

    def rsplit(self, sep: str | None = None, maxsplit: SupportsIndex = -1) -> list[str]:
        return self._found(str.rsplit(self, sep, maxsplit), sep)

    def rstrip(self, chars: str | None = None, /) -> Rope:
        return self.cut(0, len(str.rstrip(self, chars)))

    def split(self, sep: str | None = None, maxsplit: SupportsIndex = -1) -> list[str]:
        return self._found(str.split(self, sep, maxsplit), sep)

    def splitlines(self, keepends: bool = False) -> list[str]:
        lines: list[str] = []
        at = 0
        whole = str.splitlines(self, keepends=True)
        for line, ended in zip(str.splitlines(self, keepends=keepends), whole, strict=True):
            lines.append(self.cut(at, at + len(line)))
            at += len(ended)
        return lines

    def strip(self, chars: str | None = None, /) -> Rope:
        if type(self) is Rope and len(str.strip(self, chars)) == len(self):
            return self
        start = len(self) - len(str.lstrip(self, chars))
        return self.cut(start, max(start, len(str.rstrip(self, chars))))

    def swapcase(self) -> Rope:
        return self.mapped(str.swapcase)

    def title(self) -> Rope:
        return self.mapped(str.title)

    def translate(self, table: Any, /) -> Rope:
        return self.charwise(lambda one: one.translate(table))

    def upper(self) -> Rope:
        return self.mapped(str.upper)

    def zfill(self, width: SupportsIndex, /) -> Rope:
        signed = int(str.startswith(self, ("+", "-")))
        return self.edited(((signed, signed, "0" * self._room(width)),), "zfill")

    def _room(self, width: SupportsIndex) -> int:
        bound(width.__index__())
        return max(0, width.__index__() - len(self))

    def _padded(self, left: int, right: int, fill: str) -> Rope:
        if len(fill) != 1:
            raise TypeError("the fill character must be exactly one character long")
        return concat((fill * left, self, fill * right))

    def _parted(self, parts: tuple[str, str, str]) -> tuple[Rope, Rope, Rope]:
        first, second = len(parts[0]), len(parts[0]) + len(parts[1])
        return self.cut(0, first), self.cut(first, second), self.cut(second, len(self))

    def _found(self, parts: list[str], sep: str | None) -> list[str]:
        found: list[str] = []
        at = 0
        for part in parts:
            # Only white space lies between the parts of a split without separator, and none begins
            # with it, except the first of a limited rsplit, which is found where it is.
            at = at if sep is not None else str.find(self, part, at)
            found.append(self.cut(at, at + len(part)))
            at += len(part) + (0 if sep is None else len(sep))
        return found


class RecordRope(Rope):
    """A record as said, its leaves labelled, that also gives each of its parts."""

    __slots__ = ("parts",)
    parts: Mapping[str, Rope]

    def __new__(
        cls, text: str = "", pieces: tuple[Piece, ...] = (), parts: Mapping[str, Rope] | None = None
    ) -> RecordRope:
        made = str.__new__(cls, text)
        made.pieces = pieces
        made.parts = parts or {}
        return made

    @staticmethod
    def made(said: Iterable[str], parts: Mapping[str, Rope]) -> RecordRope:
        """Return the record that is said by these texts and ropes, in order."""
        text, pieces = joined(said)
        made = str.__new__(RecordRope, text)
        made.pieces = pieces
        made.parts = parts
        return made


class LabelledInt(int):
    """A whole number that prints as a labelled piece: its digits, or the text it is said with."""

    rope: Rope
    label: Label

    def __new__(cls, number: int, label: Label, text: str | None = None) -> LabelledInt:
        made = int.__new__(cls, number)
        made.label = label
        made.rope = Rope.of(int.__repr__(made) if text is None else text, label)
        return made

    def __str__(self) -> str:
        return self.rope


class LabelledFloat(float):
    """A number that prints as a labelled piece: its digits, or the text it is said with."""

    rope: Rope
    label: Label

    def __new__(cls, number: float, label: Label, text: str | None = None) -> LabelledFloat:
        made = float.__new__(cls, number)
        made.label = label
        made.rope = Rope.of(float.__repr__(made) if text is None else text, label)
        return made

    def __str__(self) -> str:
        return self.rope


def concat(parts: Iterable[str]) -> Rope:
    """Join texts and ropes to one rope; each keeps its own pieces, also where equal ones touch."""
    text, pieces = joined(parts)
    made = str.__new__(Rope, text)
    made.pieces = pieces
    return made


def joined(parts: Iterable[str]) -> tuple[str, tuple[Piece, ...]]:
    """Return what texts and ropes say one after the other, with the pieces of all of them."""
    texts: list[str] = []
    pieces: list[Piece] = []
    at = 0
    for part in parts:
        if type(part) is not str and isinstance(part, Rope):
            for start, end, label in part.pieces:
                pieces.append((at + start, at + end, label))
        texts.append(part)
        at += len(part)
        if at > LONGEST:
            bound(at)
    return "".join(texts), tuple(pieces)
