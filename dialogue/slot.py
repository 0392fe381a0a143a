"""A slot compiled: how it is drawn, labelled and redrawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dialogue.kind import DeckKind, Kind, Tag, TextKind
from dialogue.problem import Position
from dialogue.value import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOWHERE = Position("")


@dataclass(frozen=True, slots=True)
class Slot:
    """A named variable of the domain.

    `column` is the column of a row that is its canonical value; `parts` are the parts of a record
    (none otherwise), `part_keys` the ASCII names of those that are not ASCII, `needed` those that a
    bot must know and `groups` those that are redrawn together; `into` maps session tables to lists
    of the record.
    """

    name: str
    tag: Tag
    kind: Kind
    key: str
    title: str
    column: str | None = None
    parts: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    into: tuple[tuple[str, str], ...] = ()
    varies: bool = False  # there may be nothing to draw, which closes units that need it
    at: Position = _NOWHERE  # where it is declared
    part_keys: Mapping[str, str] = field(default_factory=dict)

    @property
    def canonical(self) -> dict[str, Any]:
        """The canonical values by normal form, where all are known beforehand."""
        if not isinstance(self.kind, DeckKind):
            return {}
        values = [card.value for card in self.kind.deck.cards]
        return {value.normal: value.value for value in values if isinstance(value, Value)}

    @property
    def gives(self) -> tuple[str, ...]:
        """The names that saying all of it gives; a text labelled by its parts gives these."""
        if isinstance(self.kind, TextKind) and self.kind.parts:
            return self.kind.depends
        return tuple(f"{self.name}.{part}" for part in self.parts) or (self.name,)
