"""Values held out: named slots in, the split of every value and the slots of each split out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

import networkx as nx

from dialogue.holdout.shares import shares
from dialogue.kind import Deck, DeckKind, Drawn, FakerKind, QueryKind, ResultKind, TextKind
from dialogue.problem import ContentError, Position, Problem, UnplacedError
from dialogue.turn import CallTurn
from dialogue.value import Record, Value
from dialogue.view import leaves

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dialogue.domain import Domain
    from dialogue.kind import Draws, Kind
    from dialogue.slot import Slot
    from dialogue.split import Splits
    from dialogue.unit import Unit

TRIES = 10_000
"""Draws in which a value of a split must come."""

MOST = 1000
"""Combinations of values under which the rows of a query are looked at."""


@dataclass(frozen=True, slots=True)
class ValueAxis:
    """The split of every value of one label, or of one part of it.

    `homes` has the texts (normal forms and surfaces) of values that are known beforehand; where
    others can be drawn, too, the axis `is_open` and the split of those is that of their hash. What
    `is_clocked` means another time in each session: only how it is said is held out.
    """

    label: str
    part: str
    splits: Splits
    homes: Mapping[str, str]
    is_open: bool
    is_clocked: bool = False

    @property
    def name(self) -> str:
        """The label with its part."""
        return f"{self.label}.{self.part}" if self.part else self.label

    def home(self, text: str) -> str:
        """Return the split of a text."""
        return self.homes.get(text) or self.splits.home(f"{self.name}/{text}")

    def has(self, split: str, surface: str, normal: str) -> bool:
        """Tell whether a split may say a value."""
        meant = surface if self.is_clocked else normal
        return self.home(surface) == split == self.home(meant)


@dataclass(frozen=True, slots=True)
class RedrawnKind:
    """A Faker method whose values are drawn again until all are those of one split.

    The `groups` of a record, of which each holds some of the axes, are drawn apart.
    """

    kind: FakerKind
    axes: tuple[ValueAxis, ...]
    groups: tuple[tuple[str, ...], ...]
    split: str

    @property
    def depends(self) -> tuple[str, ...]:
        """What must be there before."""
        return self.kind.depends

    def is_open(self, draws: Draws) -> bool:
        """Tell whether there is a value."""
        return self.kind.is_open(draws)

    def has_others(self, draws: Draws) -> bool:
        """Tell whether there is more than one value."""
        return self.kind.has_others(draws)

    def draw_other(self, draws: Draws, face: Any) -> Drawn:  # noqa: ARG002
        """Draw once more: what else there is nobody knows."""
        return self.draw(draws)

    def draw(self, draws: Draws) -> Drawn:
        """Draw until it fits; raises UnplacedError where nothing does."""
        first, *rest = self.groups
        drawn = self._fitting(draws, first)
        for group in rest:
            assert isinstance(drawn.value, Record)
            fresh = self._fitting(draws, group).value
            assert isinstance(fresh, Record)
            drawn = self.kind.tag.record(drawn.value.regrouped(fresh, group), self.kind.parts)
        return drawn

    def _fitting(self, draws: Draws, group: tuple[str, ...]) -> Drawn:
        axes = [axis for axis in self.axes if not group or axis.part in group]
        for _ in range(TRIES):
            drawn = self.kind.draw(draws)
            if all(self._fits(axis, drawn.value) for axis in axes):
                return drawn
        names = "、".join(axis.name for axis in axes)
        what = f"'{names}' had no value for {self.split} in {TRIES:,} draws"
        raise UnplacedError(what, "hold out something with more values")

    def _fits(self, axis: ValueAxis, value: Value | Record) -> bool:
        said = value if isinstance(value, Value) else value.parts.get(axis.part)
        return said is None or axis.has(self.split, said.surface, said.normal)


def hold_out_values(
    names: Sequence[str], units: Sequence[Unit], domain: Domain, splits: Splits
) -> tuple[ValueAxis, ...]:
    """Give every value of the named slots to one split; raises ContentError with all problems."""
    problems: list[Problem] = []
    axes: dict[str, ValueAxis] = {}
    for name in names:
        at = Position(f"--hold-out value:{name}", 0)
        refused = _refused(name, units, domain)
        if refused is not None:
            problems.append(Problem(at, *refused))
            continue
        slot, _, part = name.partition(".")
        members = _members(domain, domain.names.slots[slot].tag.slot)
        try:
            axis = _axis(members, part, domain, splits)
            axes[axis.name] = axis
        except ContentError as error:
            problems.extend(error.problems)
    if problems:
        raise ContentError(problems)
    return tuple(axes.values())


def _members(domain: Domain, label: str) -> list[Slot]:
    return [slot for slot in domain.names.slots.values() if slot.tag.slot == label]


def _refused(name: str, units: Sequence[Unit], domain: Domain) -> tuple[str, str] | None:
    """Return why a slot's values cannot be held out, and the remedy."""
    names, (slot_name, _, part) = domain.names, name.partition(".")
    if slot_name in names.views:
        shown = [".".join(filter(None, leaf)) for leaf in leaves(names.views[slot_name].target)]
        return f"'{slot_name}' is a view", f"name what it shows: {','.join(shown)}"
    if not names.is_name(name) or slot_name not in names.slots:
        return names.unknown(name, names.slots)
    slot = names.slots[slot_name]
    if slot.parts and not part:
        shown = [f"{slot_name}.{one}" for one in slot.parts]
        return f"'{name}' is a record of parts", f"name some of them: {','.join(shown)}"
    if part in slot.composites:
        shown = [f"{slot_name}.{one}" for one in slot.composites[part]]
        return f"'{name}' is several parts", f"name some of them: {','.join(shown)}"
    label = slot.tag.slot
    for member in _members(domain, label):
        if reason := _reason(member):
            shared = "" if member.name == slot_name else f": it shares its label with '{name}'"
            what = f"'{member.name}' {reason}{shared}"
            return what, "leave it out, or hold out another slot"
    for unit in units:
        for turn in unit.turns:
            if isinstance(turn, CallTurn) and _returns(turn, label, domain):
                what = f"'{turn.tool.name}' returns '{label}', too: splits would share its rows"
                return what, "leave it out, or hold out another slot"
    return None


def _reason(slot: Slot) -> str:
    if isinstance(slot.kind, ResultKind):
        return "is a row of a result"
    if isinstance(slot.kind, TextKind):
        return "is composed of other slots"
    if isinstance(slot.kind, QueryKind) and not slot.kind.sayer.table:
        return "is a row that is made for each session"
    return ""


def _returns(turn: CallTurn, label: str, domain: Domain) -> bool:
    slots = domain.names.slots
    columns = turn.tool.spec.returns.values()
    return any(one.slot is not None and slots[one.slot].tag.slot == label for one in columns)


def _axis(members: Sequence[Slot], part: str, domain: Domain, splits: Splits) -> ValueAxis:
    """Share out the values of slots with one label; raises ContentError for too few."""
    network: nx.Graph[tuple[str, str]] = nx.Graph()
    known: list[tuple[Slot, list[Value]]] = []
    offered: list[list[str]] = []  # normal forms that there are to draw from together
    is_open = False
    for slot in members:
        if isinstance(slot.kind, (DeckKind, QueryKind)):
            values = list(_values(slot.kind, domain))
            known.append((slot, values))
            if isinstance(slot.kind, QueryKind):
                offered += _offered(slot.kind, domain)
            for value in values:
                network.add_edge(("text", value.surface), ("text", value.normal))
                network.add_edge(("text", value.normal), ("value", repr(value.value)))
        else:
            is_open = True
    things = {}
    for component in nx.connected_components(network):
        texts = sorted(text for kind, text in component if kind == "text")
        things.update(dict.fromkeys(texts, texts[0]))
    demands = [tuple(dict.fromkeys(things[value.normal] for value in one)) for _, one in known]
    wishes = [tuple(dict.fromkeys(things[normal] for normal in one)) for one in offered]
    everything = tuple(dict.fromkeys(things.values()))
    given, unmet = shares(splits, [*wishes, everything], demands, wishes)
    if unmet:
        raise ContentError(_shortage(known[n][0], len(demands[n]), splits) for n in unmet)
    homes = {text: given[thing] for text, thing in things.items()}
    is_clocked = not part and all(
        isinstance(slot.kind, FakerKind) and "now" in slot.kind.injected for slot in members
    )
    return ValueAxis(members[0].tag.slot, part, splits, homes, is_open, is_clocked)


def _offered(kind: QueryKind, domain: Domain) -> Iterator[list[str]]:
    """Yield the rows that there are under each value of the slots that a query reads.

    A split should have one of each. Nothing is known where it reads more than a few values.
    """
    slots = [domain.names.slots.get(name) for name in kind.reads]
    known = [list(slot.canonical) for slot in slots if slot is not None and slot.canonical]
    if "now" in kind.query.parameters or len(known) < len(kind.reads):
        return
    if prod(map(len, known)) <= MOST:
        for values in product(*known):
            rows = kind.query.rows(dict(zip(kind.reads, values, strict=True)))
            if rows:
                yield [kind.sayer.normal(row) for row in rows]


def _values(kind: DeckKind | QueryKind, domain: Domain) -> Iterator[Value]:
    """Yield all values that a slot can have, as each of their surfaces."""
    if isinstance(kind, DeckKind):
        cards = list(kind.deck.cards)
    else:
        rows = domain.rows_of(kind.sayer.table)
        cards = [card for row in rows for card, _ in kind.sayer.cards(row)]
    for card in cards:
        assert isinstance(card.value, Value)
        yield card.value


def _shortage(slot: Slot, values: int, splits: Splits) -> Problem:
    many = f"{values} value{'' if values == 1 else 's'}"
    what = f"'{slot.name}' has {many} that share no word for {len(splits.names)} splits"
    return Problem(slot.at, what, "add values, or leave the slot out of --hold-out")


def narrow_slots(
    slots: Mapping[str, Slot], axes: Iterable[ValueAxis], split: str
) -> dict[str, Slot]:
    """Return the slots as a split draws them."""
    held: dict[str, list[ValueAxis]] = {}
    for axis in axes:
        held.setdefault(axis.label, []).append(axis)
    return {
        name: replace(slot, kind=_narrow(slot, held[slot.tag.slot], split))
        if slot.tag.slot in held
        else slot
        for name, slot in slots.items()
    }


def _narrow(slot: Slot, axes: Sequence[ValueAxis], split: str) -> Kind:
    kind: Any = slot.kind
    if isinstance(kind, DeckKind):
        deck, before, cards = kind.deck, 0.0, []
        for card, bound in zip(deck.cards, deck.bounds, strict=True):
            assert isinstance(card.value, Value)
            if axes[0].has(split, card.value.surface, card.value.normal):
                cards.append((card, bound - before))
            before = bound
        return replace(kind, deck=Deck(cards))
    if isinstance(kind, QueryKind):
        homes = axes[0].homes
        return replace(kind, kept=frozenset(text for text in homes if homes[text] == split))
    assert isinstance(kind, FakerKind)
    return RedrawnKind(kind, tuple(axes), _groups(slot, axes), split)


def _groups(slot: Slot, axes: Sequence[ValueAxis]) -> tuple[tuple[str, ...], ...]:
    """Return the groups of a record to draw apart, the largest first: it says how it is said.

    A record whose lists fill tables is drawn as a whole: its rows tell of all its parts.
    """
    parts = {axis.part for axis in axes}
    held = sorted((one for one in slot.groups if parts.intersection(one)), key=len, reverse=True)
    return ((),) if slot.into or not held else tuple(held)
