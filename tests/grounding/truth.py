"""What is true for a turn of the shop, and what the turn answers."""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from grounding.customers import bought
from grounding.tables import by

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    # Kind → role → what may be stated of it; the first role is that of a number without one.
    Numbers = Mapping[str, Mapping[str, Collection[object]]]
    Names = Mapping[str, Collection[object]]
    Rows = list[dict[str, Any]]

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Truth(NamedTuple):
    """What is true for a turn: `state` is the answer, the others what it may mention.

    `must` names kinds of which something has to be said, `said` quotes of which one of each has to
    be. `rows` are things of which each is stated with its own values, in this order.
    """

    state: str = ""
    numbers: Numbers = NOTHING
    names: Names = NOTHING
    must: tuple[str, ...] = ()
    said: tuple[tuple[str, ...], ...] = ()
    rows: tuple[Mapping[str, Any], ...] = ()


class Asked(NamedTuple):
    """What a turn answers: the clock, the customer, slots, and calls with recomputed rows."""

    now: datetime
    facts: Mapping[str, Any]
    slots: Mapping[str, Any]
    calls: Mapping[str, tuple[Mapping[str, Any], Rows]]
    unit: str = ""

    def rows(self, tool: str) -> Rows:
        return self.calls[tool][1]

    def row(self, tool: str) -> dict[str, Any]:
        (row,) = self.rows(tool)
        return row

    def given(self, tool: str, name: str) -> Any:
        return self.calls[tool][0][name]

    def words(self, slot: str) -> tuple[str, ...]:
        """Return what the user called it, in all the forms of the record."""
        found = self.slots.get(slot, {})
        forms = (found.get(name) for name in ("surface", "normal", "value"))
        return tuple(dict.fromkeys(form for form in forms if isinstance(form, str)))

    def product(self) -> str:
        return by("product", "product_id")[self.slots["产品"]["value"]]["name"]

    def order(self) -> Any:
        return bought(self.facts, self.slots["订单"]["value"])

    def order_words(self) -> set[object]:
        return set(self.words("订单"))


UNITS: dict[str, Callable[[Asked], Truth]] = {}


def unit(*names: str) -> Callable[[Callable[[Asked], Truth]], Callable[[Asked], Truth]]:
    """Register what is true for the turns of units."""

    def register(function: Callable[[Asked], Truth]) -> Callable[[Asked], Truth]:
        UNITS.update(dict.fromkeys(names, function))
        return function

    return register


def only(*values: object) -> dict[str, Collection[object]]:
    """Return what may be stated of a kind of numbers that has one role."""
    return {"": {value for value in values if value is not None}}


def at(said: str | None) -> dict[str, Collection[object]]:
    return only(datetime.fromisoformat(said) if said else None)
