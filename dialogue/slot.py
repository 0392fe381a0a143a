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
    (none otherwise), `part_keys` the ASCII names of those that are not ASCII, `composites` the
    names under which several of them are said as one, `optional` those that may be missing,
    `needed` those that a bot must know and `groups` those that are redrawn together; `into` maps
    session tables to lists of the record. `names` are all that saying it may give: itself, its
    parts and composites.
    """

    name: str
    tag: Tag
    kind: Kind
    key: str
    title: str
    column: str | None = None
    parts: tuple[str, ...] = ()
    composites: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    optional: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    into: tuple[tuple[str, str], ...] = ()
    varies: bool = False  # there may be nothing to draw, which closes units that need it
    at: Position = _NOWHERE  # where it is declared
    part_keys: Mapping[str, str] = field(default_factory=dict)
    pronouns: tuple[str, ...] = ()  # what stands for it once it is known
    indifferent: bool = False  # the user may not mind which value it has
    certain: bool = False  # the user is sure of it: nobody corrects, checks or denies it
    names: tuple[str, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        # Every turn asks for them.
        names = (*self.gives, *(f"{self.name}.{one}" for one in self.sayable))
        object.__setattr__(self, "names", names)

    @property
    def canonical(self) -> dict[str, Any]:
        """The canonical values by normal form, where all are known beforehand."""
        if not isinstance(self.kind, DeckKind):
            return {}
        values = [card.value for card in self.kind.deck.cards]
        return {value.normal: value.value for value in values if isinstance(value, Value)}

    @property
    def sayable(self) -> tuple[str, ...]:
        """What can be named after a dot: its parts and composites."""
        return (*self.parts, *self.composites)

    def group(self, name: str) -> tuple[str, ...]:
        """Return the parts that are redrawn with a part or composite, and their composites."""
        one = self.composites[name][0] if name in self.composites else name
        group = next(group for group in self.groups if one in group)
        return (*group, *(name for name, said in self.composites.items() if said[0] in group))

    @property
    def gives(self) -> tuple[str, ...]:
        """The names that saying all of it gives; a text labelled by its parts gives these."""
        if isinstance(self.kind, TextKind) and self.kind.parts:
            return self.kind.depends
        return (self.name,)

    @property
    def leaves(self) -> tuple[str, ...]:
        """The names of what has a label of its own: the parts of a record, or what it gives."""
        return tuple(f"{self.name}.{part}" for part in self.parts) or self.gives
