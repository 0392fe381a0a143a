"""What the names of a domain stand for: slots, views, results and names that are set."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dialogue.guard import ExpressionError
from dialogue.kind import TextKind
from dialogue.problem import Problem, nearest
from dialogue.row import Row
from dialogue.template import Label, LabelledInt, RecordRope, Rope
from dialogue.view import leaves

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dialogue.guard import Expression
    from dialogue.slot import Slot
    from dialogue.spec.source import Route, Source
    from dialogue.tool import Tool
    from dialogue.view import View

RESERVED = ("outcome", "pick", "order", "now", "end", "loop")
_NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


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
        if rest and rest[0] in slot.parts:
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
            return not part or part in self.slots[name].parts
        return name in self.views or (not part and name in self.known)

    def unknown(self, name: str, known: Iterable[str]) -> tuple[str, str]:
        """Say what is wrong with the name of a slot or part that is none, and the remedy."""
        slot, _, part = name.partition(".")
        if slot in self.results or slot in self.sets:
            return f"'{slot}' is a result, no slot", f"declare a slot with row: {slot}, name that"
        if part and slot in self.slots:
            parts = self.slots[slot].parts
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
            parts = self.slots[name].parts
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
        return frozenset(give for other in others for give in self.slots[other].gives)

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
        owners = [one for one in self.slots.values() if part in one.parts and not one.into]
        return part if len(owners) < 2 and not self.slots[slot].tag.role else given

    def sample(self, alphabet: int, rows: int) -> dict[str, Any]:
        """Return text for every name, each slot and column in characters that no other has."""
        letters = _Letters(alphabet)
        texts: dict[str, Any] = {}
        for slot in self.slots.values():
            texts[slot.name] = _slot_sample(slot, letters)
        for slot in self.slots.values():
            if isinstance(slot.kind, TextKind) and slot.kind.parts:
                texts[slot.name] = slot.kind.template.render(texts, lambda _: 0)
        for view in self.views.values():
            texts[view.name] = view.text(texts)
        for result, tool in self.results.items():
            texts[result] = [_row_sample(result, tool, self, letters) for _ in range(rows)]
        for name, expression in self.sets.items():
            try:
                found = expression(texts)
            except ExpressionError:
                found = None
            if found is not None:
                texts[name] = found
        return texts


def check_redraw(
    redraw: Iterable[str], names: Names, source: Source, route: Route, problems: list[Problem]
) -> None:
    """Demand that what is drawn anew are slots or parts."""
    for name in redraw:
        what, fix = "", ""
        if name.partition(".")[0] in names.views:
            what, fix = f"'{name}' is a view", "name the slot or the part that it shows"
        elif not names.is_name(name) or name.partition(".")[0] not in names.slots:
            what, fix = names.unknown(name, names.slots)
        if what:
            problems.append(source.sharpened(Problem(source.at(route), what, fix), route))


class _Letters:
    """Hands out texts of characters that are used nowhere else (CJK extension B)."""

    def __init__(self, alphabet: int) -> None:
        self.next = 0x20000 + alphabet * 0x4000
        self.size = 3 + alphabet  # so that what tells the length of a value is noticed

    def text(self) -> str:
        self.next += self.size
        return "".join(chr(code) for code in range(self.next - self.size, self.next))


def _slot_sample(slot: Slot, letters: _Letters) -> Rope:
    tag = slot.tag
    if not slot.parts:
        text = letters.text()
        return Rope.of(text, Label(tag.slot, None, tag.role, letters.text(), text, slot.name))
    parts = {}
    for part in slot.parts:
        text, name = letters.text(), f"{slot.name}.{part}"
        parts[part] = Rope.of(text, Label(tag.slot, part, tag.role, letters.text(), text, name))
    return RecordRope.made([*parts.values()], parts)


def _row_sample(result: str, tool: Tool, names: Names, letters: _Letters) -> Row:
    raw: dict[str, Any] = {column: letters.text() for column in tool.query.columns}
    row = Row(raw, {}, _NOW)
    for column, spec in tool.spec.returns.items():
        slot = names.slots[spec.slot].tag.slot if spec.slot else None
        label = Label(slot or f"{result}.{column}", None, None, letters.text(), raw.get(column))
        text = str(raw.get(column, ""))
        if spec.type == "boolean":
            raw[column] = True
            row[column] = LabelledInt(1, label, text)
        elif spec.type in ("integer", "money", "number"):
            raw[column] = letters.next % 900 + 10
            row[column] = LabelledInt(raw[column], label, text)
        else:
            row[column] = Rope.of(text, label)
    return row
