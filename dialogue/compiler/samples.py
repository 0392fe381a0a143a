"""The names of a domain in, a text for each of them out, to render phrasings with beforehand."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dialogue.expression import ExpressionError
from dialogue.kind import TextKind
from dialogue.row import Row
from dialogue.template import Label, LabelledInt, RecordRope, Rope

if TYPE_CHECKING:
    from dialogue.names import Names
    from dialogue.slot import Slot
    from dialogue.tool import Tool

_NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def sample(names: Names, alphabet: int, rows: int) -> dict[str, Any]:
    """Return text for every name, each slot and column in characters that no other has.

    Two `alphabet`s, 0 and 1, share no character, and their texts differ in length; every result has
    so many `rows`.
    """
    letters = _Letters(alphabet)
    texts: dict[str, Any] = {}
    for slot in names.slots.values():
        texts[slot.name] = _slot_sample(slot, letters)
    for slot in names.slots.values():
        if isinstance(slot.kind, TextKind) and slot.kind.parts:
            texts[slot.name] = slot.kind.template.render(texts, lambda _: 0)
    for view in names.views.values():
        texts[view.name] = view.text(texts)
    for result, tool in names.results.items():
        texts[result] = [_row_sample(result, tool, names, letters) for _ in range(rows)]
    for name, expression in names.sets.items():
        with suppress(ExpressionError):
            found = expression(texts)
            if found is not None:
                texts[name] = found
    return texts


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
    # Which parts a composite says, or the whole, depends on the value: it is a piece of its own.
    for composite in slot.composites:
        text, name = letters.text(), f"{slot.name}.{composite}"
        label = Label(tag.slot, composite, tag.role, letters.text(), text, name)
        parts[composite] = Rope.of(text, label)
    text = letters.text()
    label = Label(tag.slot, None, tag.role, letters.text(), text, slot.name)
    return RecordRope.made([Rope.of(text, label)], parts)


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
