"""A tool compiled: typed arguments in, rows out; and how the columns of its rows are worded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from dialogue.providers.wording import word
from dialogue.rope import Label, LabelledFloat, LabelledInt, Rope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from zoneinfo import ZoneInfo

    from dialogue.kind import Tag
    from dialogue.row import Row
    from dialogue.slot import Slot
    from dialogue.spec import ToolSpec
    from dialogue.tables import Query

Words: TypeAlias = "dict[str, Callable[[Row], Any]]"


@dataclass(frozen=True, slots=True)
class Tool:
    """A lookup over the domain's tables.

    Instants are ISO 8601 with offset in arguments and rows, and local `YYYY-MM-DD HH:MM` in SQL.
    """

    name: str
    spec: ToolSpec
    query: Query
    zone: ZoneInfo
    fillers: tuple[str, ...]  # slots whose draw fills the session's tables that it reads

    def argument(self, name: str, value: Any) -> Any:
        """Return a value as the parameter's type; raises ValueError."""
        kind = self.spec.parameters[name].type
        if kind == "array":
            if not isinstance(value, (list, tuple)):
                raise ValueError(f"'{name}' takes a list but got '{value}'")
            return list(value)
        if value is None or isinstance(value, (list, dict)):
            raise ValueError(
                f"'{name}' takes one value but got {'none' if value is None else 'several'}"
            )
        if kind == "integer":
            return int(value)
        if kind in ("number", "money"):
            return float(value)
        if kind == "boolean":
            return bool(value)
        if kind == "instant":
            datetime.fromisoformat(value)
        return str(value)

    def rows(self, arguments: Mapping[str, Any], local: str) -> list[dict[str, Any]]:
        """Run the query at the local time `YYYY-MM-DD HH:MM`; the rows are plain JSON."""
        bound = {
            name: self._local(value) if self.spec.parameters[name].type == "instant" else value
            for name, value in arguments.items()
        }
        bound["now"] = local
        rows = [dict(row) for row in self.query.rows(bound)]
        for column, spec in self.spec.returns.items():
            if spec.type in ("instant", "boolean"):
                convert: Callable[[Any], Any] = self._iso if spec.type == "instant" else bool
                for row in rows:
                    if row[column] is not None:
                        row[column] = convert(row[column])
        return rows

    def _local(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        there = datetime.fromisoformat(value).astimezone(self.zone)
        return there.isoformat(" ", "minutes")[:16]

    def _iso(self, local: str) -> str:
        return datetime.fromisoformat(local).replace(tzinfo=self.zone).isoformat()

    def words(self, result: str, slots: Mapping[str, Slot], locale: str) -> Words:
        """Return how each column is worded when the result is called `result`."""
        words: Words = {}
        for column, spec in self.spec.returns.items():
            if spec.slot is not None:
                slot = slots[spec.slot]
                words[column] = _slot_words(column, slot.tag, slot.column)
            else:
                assert spec.type is not None
                words[column] = _typed_words(column, spec.type, f"{result}.{column}", locale)
        return words


def _slot_words(column: str, tag: Tag, value: str | None) -> Callable[[Row], Any]:
    def words(row: Row) -> Any:
        surface = row.raw[column]
        if surface is None:
            return ""
        surface = str(surface)
        canonical = row.raw.get(value, surface) if value else surface
        return Rope.of(surface, Label(tag.slot, None, tag.role, surface, canonical))

    return words


def _typed_words(column: str, kind: str, slot: str, locale: str) -> Callable[[Row], Any]:
    def words(row: Row) -> Any:
        value = row.raw[column]
        if value is None:
            return ""
        if kind == "boolean":
            return value
        given = value[:16].replace("T", " ") if kind == "instant" else value  # local again
        surface = word(locale, kind, given, row.now)
        label = Label(slot, None, None, str(value), value)
        if kind in ("integer", "money", "number"):
            return (LabelledInt if isinstance(value, int) else LabelledFloat)(value, label, surface)
        return Rope.of(surface, label)

    return words
