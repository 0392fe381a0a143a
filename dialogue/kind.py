"""The ways to draw a slot; what is drawn goes to phrasings, guards and the record."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate, groupby
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from dialogue.expression import Face
from dialogue.template import Label, RecordRope, Rope, concat
from dialogue.value import Record, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime
    from random import Random

    from dialogue.row import Row
    from dialogue.tables import Query
    from dialogue.template import Template


NOTHING = Rope("")


class Drawn(NamedTuple):
    """A value in its uses: `text` for phrasings, `face` for guards, `value` for the record."""

    value: Value | Record
    text: Rope
    face: Any


class Draws(Protocol):
    """What a slot may ask while it draws."""

    rng: Random
    now: datetime

    def drawn(self, name: str) -> Drawn:
        """Return another slot's value, drawn if it is not yet."""

    def rows(self, name: str) -> Sequence[Row]:
        """Return the rows of an earlier result; none while it is unbound."""

    def face(self, name: str) -> Any:
        """Return another slot's normal form, drawn if it is not yet."""

    def keep(self, name: str, query: Query, arguments: dict[str, Any]) -> Sequence[Any]:
        """Run a slot's query, or return the rows that it had under the same circumstances."""

    def table_row(self, table: str) -> Mapping[str, Any]:
        """Return a random row of a table."""

    def table_rows(self, table: str) -> Sequence[Mapping[str, Any]]:
        """Return all rows of a table."""


class Kind(Protocol):
    """A way to draw a slot."""

    @property
    def depends(self) -> tuple[str, ...]:
        """Slots and results that must be there before."""

    def draw(self, draws: Draws) -> Drawn:
        """Draw a value from the session's stream."""

    def draw_other(self, draws: Draws, face: Any) -> Drawn:
        """Draw a value with another normal form, where `has_others` knows of one."""

    def is_open(self, draws: Draws) -> bool:
        """Tell whether there is anything to draw."""

    def has_others(self, draws: Draws) -> bool:
        """Tell whether there is more than one value to draw."""


@dataclass(frozen=True, slots=True)
class Tag:
    """How a slot's text is labelled: its own name, the label it shares, the role it plays."""

    name: str
    slot: str
    role: str | None = None

    @property
    def label(self) -> tuple[str, str | None]:
        """What a state holds one value of: the label with the role."""
        return self.slot, self.role

    def scalar(self, value: Value) -> Drawn:
        """Label one value."""
        label = Label(self.slot, None, self.role, value.normal, value.value, self.name)
        fields = value.value if isinstance(value.value, dict) else None
        face = value.normal if fields is None else Face.of(value.normal, fields)
        return Drawn(value, Rope.of(value.surface, label), face)

    def record(self, record: Record, declared: Iterable[str] = ()) -> Drawn:
        """Label the parts of a record; those that are `declared` and not there say nothing."""
        slot, role, name = self.slot, self.role, self.name
        parts: dict[str, Rope] = {}
        faces: dict[str, str] = {}
        for part, (surface, normal, value) in record.parts.items():
            fields = (slot, part, role, normal, value, f"{name}.{part}")
            label = tuple.__new__(Label, fields)  # half the cost of calling the class
            parts[part] = Rope.of(surface, label)
            faces[part] = normal
        for composite, pieces in record.composites.items():
            parts[composite] = concat([parts[part] if part else text for text, part in pieces])
            # Of equal neighbours the first: 北京市 is province and city.
            texts = groupby([faces[part] for part in record.says(composite)])
            faces[composite] = "".join([text for text, _ in texts])
        for part in declared:
            if part not in parts:
                parts[part] = NOTHING
        whole = [parts[part] if part else text for text, part in record.surface]
        return Drawn(record, RecordRope.made(whole, parts), faces)


@dataclass(frozen=True, slots=True)
class FakerKind:
    """A value of a Faker method; `injected` names what the engine hands to it at each draw.

    `type` is `time` or `number` where all its values are; `parts` are those of a record.
    """

    tag: Tag
    method: Callable[..., Value | Record]
    injected: frozenset[str]
    depends: tuple[str, ...] = ()
    type: str = ""
    parts: tuple[str, ...] = ()

    def draw(self, draws: Draws) -> Drawn:
        """Call the method."""
        extra: dict[str, Any] = {}
        if "now" in self.injected:
            extra["now"] = draws.now
        if "row" in self.injected:
            extra["row"] = draws.table_row
        if "rows" in self.injected:
            extra["rows"] = draws.table_rows
        value = self.method(**extra)
        if isinstance(value, Record):
            return self.tag.record(value, self.parts)
        return self.tag.scalar(value)

    def draw_other(self, draws: Draws, face: Any) -> Drawn:  # noqa: ARG002
        """Call the method; what else it may give nobody knows."""
        return self.draw(draws)

    def is_open(self, draws: Draws) -> bool:  # noqa: ARG002
        """There always is a value."""
        return True

    def has_others(self, draws: Draws) -> bool:  # noqa: ARG002
        """There always are others."""
        return True


class Deck:
    """Prepared values with weights; a draw is one number of the session's stream.

    `is_various` says that they differ in more than how they are said.
    """

    __slots__ = ("bounds", "cards", "is_various")

    def __init__(self, cards: Iterable[tuple[Drawn, float]]) -> None:
        pairs = [(card, weight) for card, weight in cards if weight > 0]
        self.cards = tuple(card for card, _ in pairs)
        self.bounds = tuple(accumulate(weight for _, weight in pairs))
        self.is_various = len({card.face for card in self.cards}) > 1

    def draw(self, rng: Random) -> Drawn:
        """Draw one card; it goes back."""
        index = bisect_right(self.bounds, rng.random() * self.bounds[-1])
        return self.cards[min(index, len(self.cards) - 1)]


@dataclass(frozen=True, slots=True)
class DeckKind:
    """A choice, or a row of a table that never changes: everything is known beforehand."""

    deck: Deck
    depends: tuple[str, ...] = ()

    def draw(self, draws: Draws) -> Drawn:
        """Draw a card."""
        return self.deck.draw(draws.rng)

    def draw_other(self, draws: Draws, face: Any) -> Drawn:
        """Draw among the cards that differ."""
        deck = self.deck
        weights = [one - last for last, one in zip((0.0, *deck.bounds), deck.bounds, strict=False)]
        every = zip(deck.cards, weights, strict=True)
        others = [(card, weight) for card, weight in every if card.face != face]
        return Deck(others).draw(draws.rng) if others else self.draw(draws)

    def is_open(self, draws: Draws) -> bool:  # noqa: ARG002
        """Tell whether there is a card at all."""
        return bool(self.deck.cards)

    def has_others(self, draws: Draws) -> bool:  # noqa: ARG002
        """Tell whether cards differ in what they mean."""
        return self.deck.is_various


def choice(tag: Tag, values: Mapping[str, tuple[Mapping[str, float], float]]) -> DeckKind:
    """Return a choice among values: normal form → (surface → weight, weight)."""
    cards = []
    for normal, (surfaces, weight) in values.items():
        total = sum(surfaces.values()) or 1
        for surface, share in surfaces.items():
            drawn = tag.scalar(Value(surface, normal, normal))
            cards.append((drawn, weight * share / total))
    return DeckKind(Deck(cards))


@dataclass(frozen=True, slots=True)
class RowSayer:
    """How a row is said: its columns with weights, the first being the normal form.

    The canonical value is in the column `value`, or `known` by the normal form. `table` is the
    table of the pack that it is a row of, if it is.
    """

    tag: Tag
    say: Mapping[str, float]
    value: str | None
    known: Mapping[str, Any] = field(default_factory=dict)
    table: str = ""

    def cards(self, row: Mapping[str, Any]) -> list[tuple[Drawn, float]]:
        """Return all that a row can be said with, with weights that add up to one."""
        said = {c: w for c, w in self.say.items() if row[c] not in (None, "")}
        total = sum(said.values()) or 1
        return [(self.saying(row, column), weight / total) for column, weight in said.items()]

    def draw(self, rows: Sequence[Mapping[str, Any]], rng: Random) -> Drawn:
        """Draw a row, each as likely, and how it is said."""
        row = rows[int(rng.random() * len(rows))]
        said = [(c, w) for c, w in self.say.items() if w > 0 and row[c] not in (None, "")]
        bounds = list(accumulate(weight for _, weight in said))
        column, _ = said[bisect_right(bounds, rng.random() * bounds[-1], 0, len(said) - 1)]
        return self.saying(row, column)

    def normal(self, row: Mapping[str, Any]) -> str:
        """Return the normal form of a row."""
        return str(row[next(iter(self.say))])

    def saying(self, row: Mapping[str, Any], column: str) -> Drawn:
        """Return a row as one of its columns says it."""
        normal = self.normal(row)
        canonical = row[self.value] if self.value else self.known.get(normal, normal)
        return self.tag.scalar(Value(str(row[column]), normal, canonical))


@dataclass(frozen=True, slots=True)
class QueryKind:
    """A row of a query that depends on the session: its customer, its clock, other slots."""

    sayer: RowSayer
    table: str  # or a view, or one that is filled for each session
    query: Query
    reads: tuple[str, ...]  # slots bound as parameters
    depends: tuple[str, ...]
    kept: frozenset[str] | None = None  # normal forms that may be drawn, where not all may

    def _rows(self, draws: Draws) -> Sequence[Mapping[str, Any]]:
        for name in self.depends:
            draws.drawn(name)  # fills the session's tables
        arguments = {name: draws.face(name) for name in self.reads}
        rows = draws.keep(self.sayer.tag.name, self.query, arguments)
        if self.kept is None:
            return rows
        return [row for row in rows if self.sayer.normal(row) in self.kept]

    def draw(self, draws: Draws) -> Drawn:
        """Draw one of the rows that there are now."""
        return self.sayer.draw(self._rows(draws), draws.rng)

    def draw_other(self, draws: Draws, face: Any) -> Drawn:
        """Draw among the rows that differ."""
        rows = self._rows(draws)
        others = [row for row in rows if self.sayer.normal(row) != face]
        return self.sayer.draw(others or rows, draws.rng)

    def is_open(self, draws: Draws) -> bool:
        """Tell whether there is a row."""
        return bool(self._rows(draws))

    def has_others(self, draws: Draws) -> bool:
        """Tell whether there are rows that differ."""
        return len({self.sayer.normal(row) for row in self._rows(draws)}) > 1


@dataclass(frozen=True, slots=True)
class ResultKind:
    """A row of an earlier result."""

    sayer: RowSayer
    result: str
    depends: tuple[str, ...]

    def draw(self, draws: Draws) -> Drawn:
        """Draw one of the rows that the bot was given."""
        rows = [row.raw for row in draws.rows(self.result)]
        return self.sayer.draw(rows, draws.rng)

    def draw_other(self, draws: Draws, face: Any) -> Drawn:
        """Draw among the rows that differ."""
        rows = [row.raw for row in draws.rows(self.result)]
        others = [row for row in rows if self.sayer.normal(row) != face]
        return self.sayer.draw(others or rows, draws.rng)

    def is_open(self, draws: Draws) -> bool:
        """Tell whether the result holds a row."""
        return bool(draws.rows(self.result))

    def has_others(self, draws: Draws) -> bool:
        """Tell whether the result has rows that differ."""
        return len({self.sayer.normal(row.raw) for row in draws.rows(self.result)}) > 1


@dataclass(frozen=True, slots=True)
class TextKind:
    """A text over other slots, labelled as one, or by its parts."""

    tag: Tag
    template: Template
    parts: bool
    depends: tuple[str, ...]

    def draw(self, draws: Draws) -> Drawn:
        """Render the text."""
        names = {name: draws.drawn(name).text for name in self.depends}
        text = self.template.render(names, draws.rng.randrange)
        if self.parts:
            return Drawn(Value.plain(str.__str__(text)), text, str.__str__(text))
        return self.tag.scalar(Value.plain("".join(text)))

    def draw_other(self, draws: Draws, face: Any) -> Drawn:  # noqa: ARG002
        """Render the text; what differs is one of its slots."""
        return self.draw(draws)

    def is_open(self, draws: Draws) -> bool:  # noqa: ARG002
        """Its slots are asked themselves."""
        return True

    def has_others(self, draws: Draws) -> bool:  # noqa: ARG002
        """Its slots are asked themselves."""
        return True
