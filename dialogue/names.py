"""What the names of a domain stand for: slots, views, results and names that are set."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dialogue.problem import nearest
from dialogue.view import leaves

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dialogue.expression import Expression
    from dialogue.slot import Slot
    from dialogue.tool import Tool
    from dialogue.view import View


@dataclass(frozen=True, slots=True)
class Names:
    """The names that phrasings and guards of a domain may read.

    `results` maps the name of a result to its tool, `sets` a name that is set to its expression (as
    labelled text).
    """

    slots: Mapping[str, Slot]
    views: Mapping[str, View]
    results: Mapping[str, Tool]
    sets: Mapping[str, Expression] = field(default_factory=dict)
    _parted: tuple[Slot, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        parted = tuple(slot for slot in self.slots.values() if slot.parts)
        object.__setattr__(self, "_parted", parted)

    @property
    def known(self) -> tuple[str, ...]:
        """All names."""
        return (*self.slots, *self.views, *self.results, *self.sets)

    def gives(self, path: tuple[str, ...]) -> tuple[str, ...]:
        """Return the slots and parts that printing a dotted path says; nothing for other names."""
        name, *rest = path
        if name in self.views:
            target: Any = self.views[name].target
            while rest and not isinstance(target, tuple):
                target = target.get(rest.pop(0), {})
            ends = leaves(target) if target else ()
            return tuple(g for slot, part in ends for g in self.gives((slot, part)))
        if name not in self.slots:
            return ()
        slot = self.slots[name]
        if rest and rest[0] in slot.sayable:
            return (f"{name}.{rest[0]}",)
        return slot.gives

    def needed(self, name: str) -> tuple[str, ...]:
        """Return what a bot must know when a unit needs this name; a result is itself."""
        gives = self.gives(tuple(name.split(".")))
        if name in self.slots and self.slots[name].parts:
            return tuple(f"{name}.{part}" for part in self.slots[name].needed)
        return gives or (name,)

    def is_name(self, dotted: str) -> bool:
        """Tell whether a slot, a part, a view or a result has this name."""
        name, _, part = dotted.partition(".")
        if name in self.slots:
            return not part or part in self.slots[name].sayable
        return name in self.views or (not part and name in self.known)

    def unknown(self, name: str, known: Iterable[str]) -> tuple[str, str]:
        """Say what is wrong with the name of a slot or part that is none, and the remedy."""
        slot, _, part = name.partition(".")
        if slot in self.results or slot in self.sets:
            return f"'{slot}' is a result, no slot", f"declare a slot with row: {slot}, name that"
        if part and slot in self.slots:
            parts = self.slots[slot].sayable
            if parts:
                return f"'{slot}' has no part '{part}'", nearest(part, parts)
            return f"'{slot}' is no record: it has no part '{part}'", f"write '{slot}' alone"
        return f"unknown slot '{name}'", nearest(name, known)

    def stray(self, path: tuple[str, ...]) -> tuple[str, str] | None:
        """Return what is wrong with a dotted path that phrasings read, and the remedy, if it is."""
        name, *rest = path
        if not rest or name in self.sets:
            return None
        if name in self.results:
            tool = self.results[name]
            if rest[0] in tool.spec.returns:
                return None
            what = f"result '{name}' shows no column '{rest[0]}'"
            if rest[0] in tool.query.columns:
                return what, f"list it under returns: of the tool '{tool.name}'"
            return what, nearest(rest[0], tool.spec.returns)
        if name in self.slots:
            parts = self.slots[name].sayable
            if rest[0] in parts:
                return None
            if parts:
                return f"'{name}' has no part '{rest[0]}'", nearest(rest[0], parts)
            return f"slot '{name}' has no part '{rest[0]}'", "print the slot itself"
        target: Any = self.views[name].target
        for step in rest:
            if not isinstance(target, dict):
                return f"'{name}' has no part '{step}'", "print the name itself"
            if step not in target:
                return f"'{name}' has no part '{step}'", nearest(step, target)
            target = target[step]
        return None

    def draws(self, name: str) -> tuple[str, ...]:
        """Return the slots that must have a value before this name is printed."""
        if name in self.views:
            return self.views[name].slots()
        return (name,) if name in self.slots else ()

    def rivals(self) -> dict[str, tuple[str, ...]]:
        """Return for each slot those that share its label and role: a state holds one of them."""
        held: dict[tuple[str, str | None], list[str]] = {}
        for name, slot in self.slots.items():
            held.setdefault((slot.tag.slot, slot.tag.role), []).append(name)
        return {
            name: tuple(other for other in rivals if other != name)
            for rivals in held.values()
            for name in rivals
            if len(rivals) > 1
        }

    def replaced(self, gives: Iterable[str]) -> frozenset[str]:
        """Return what stops to hold when these are said: names with the same label and role."""
        rivals = self.rivals()
        slots = {give.partition(".")[0] for give in gives}
        others = [other for slot in slots for other in rivals.get(slot, ())]
        return frozenset(give for other in others for give in self.slots[other].names)

    def leaves(self, given: str) -> tuple[str, ...]:
        """Return what is given by its labels: of a record or composite all that it may say."""
        slot, _, part = given.partition(".")
        if not part:
            return self.slots[slot].leaves
        said = self.slots[slot].composites.get(part)
        return (given,) if said is None else tuple(f"{slot}.{one}" for one in said)

    def redrawn(self, name: str) -> tuple[str, ...]:
        """Return all that is forgotten when a slot or part is drawn anew."""
        slot, _, part = name.partition(".")
        if part and slot in self.slots:
            return (slot, *(f"{slot}.{one}" for one in self.slots[slot].group(part)))
        return self.slots[slot].names if slot in self.slots else self.gives((slot,))

    def closed(self, bound: frozenset[str]) -> frozenset[str]:
        """Return what is bound, and what that implies of records.

        A composite says the parts that are not optional, and so does the whole, which says all that
        is needed, too; to know all parts is to know it.
        """
        implied = set(bound)
        for slot in self._parted:
            wholes = {f"{slot.name}.{name}": said for name, said in slot.composites.items()}
            wholes[slot.name] = slot.parts
            if slot.name in implied:
                implied.update(f"{slot.name}.{name}" for name in slot.needed)
            for name, said in wholes.items():
                if name in implied:
                    sure = (part for part in said if part not in slot.optional)
                    implied.update(f"{slot.name}.{part}" for part in sure)
                elif implied.issuperset(f"{slot.name}.{part}" for part in said):
                    implied.add(name)
        return frozenset(implied)

    def key(self, given: str) -> str:
        """Return the key of a slot or part in states: its label, with the role where it has one."""
        slot, _, part = given.partition(".")
        tag = self.slots[slot].tag
        key = f"{tag.slot}.{part}" if part else tag.slot
        return f"{key}:{tag.role}" if tag.role else key

    def label(self, given: str) -> str:
        """Return the name under which a slot or part stands in targets: a part's own name."""
        slot, _, part = given.partition(".")
        if not part:
            tag = self.slots[slot].tag
            return slot if tag.role else tag.slot
        parted = (one for one in self.slots.values() if part in one.parts and not one.into)
        owners = {one.tag.slot for one in parted}
        return part if len(owners) < 2 and not self.slots[slot].tag.role else given
