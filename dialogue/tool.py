"""A tool compiled: typed arguments in, rows out; and how the columns of its rows are worded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias

from dialogue.problem import ContentError, Problem
from dialogue.providers.wording import word
from dialogue.tables import QueryError
from dialogue.template import Label, LabelledFloat, LabelledInt, Rope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from zoneinfo import ZoneInfo

    from dialogue.kind import Tag
    from dialogue.problem import Position
    from dialogue.row import Row
    from dialogue.slot import Slot
    from dialogue.spec import ToolSpec
    from dialogue.tables import Query

_NUMBERS = frozenset({"boolean", "integer", "money", "number"})
_REMEMBERED = 4096  # numbers of a column whose words are kept

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
    instants: tuple[str, ...]  # parameters that SQL takes as local time
    converted: tuple[tuple[str, bool], ...]  # columns that are an instant (else a truth value)
    kinds: Mapping[str, str]  # the types of its parameters

    @classmethod
    def of(
        cls, name: str, spec: ToolSpec, query: Query, zone: ZoneInfo, fillers: tuple[str, ...]
    ) -> Tool:
        """Return a tool with its conversions prepared."""
        instants = tuple(n for n, one in spec.parameters.items() if one.type == "instant")
        converted = tuple(
            (column, one.type == "instant")
            for column, one in spec.returns.items()
            if one.type in ("instant", "boolean")
        )
        kinds = {n: one.type for n, one in spec.parameters.items()}
        return cls(name, spec, query, zone, fillers, instants, converted, kinds)

    def returns_as(self, other: Tool) -> bool:
        """Tell whether the rows of another tool are read and worded like its own."""
        return self.spec.returns == other.spec.returns and self.query.columns == other.query.columns

    def argument(self, name: str, value: Any) -> Any:
        """Return a value as the parameter's type; raises ValueError."""
        kind = self.kinds[name]
        if kind == "string" and type(value) is str:
            return value
        if kind == "array":
            if not isinstance(value, (list, tuple)):
                raise ValueError(f"'{name}' takes a list but got '{value}'")
            return list(value)
        if value is None or isinstance(value, (list, dict)):
            raise ValueError(
                f"'{name}' takes one value but got {'none' if value is None else 'several'}"
            )
        try:
            if kind == "integer":
                return int(value)
            if kind in ("number", "money"):
                return float(value)
            if kind == "boolean":
                return bool(value)
            if kind == "instant":
                datetime.fromisoformat(value)
        except (TypeError, ValueError):
            raise ValueError(f"'{name}' takes a value of type {kind} but got '{value}'") from None
        return str(value)

    def rows(self, arguments: Mapping[str, Any], local: str) -> list[dict[str, Any]]:
        """Run the query at the local time `YYYY-MM-DD HH:MM`; the rows are plain JSON."""
        bound: dict[str, Any] = {**arguments, "now": local}
        for name in self.instants:
            bound[name] = _local(bound[name], self.zone)
        rows: list[dict[str, Any]] = [dict(row) for row in self.query.rows(bound)]
        for column, is_instant in self.converted:
            for row in rows:
                value = row[column]
                if value is None:
                    continue
                try:
                    row[column] = _iso(value, self.zone) if is_instant else bool(value)
                except (TypeError, ValueError):
                    what = f"column '{column}' of '{self.name}' is no instant: '{value}'"
                    raise QueryError(what, "return it as YYYY-MM-DD HH:MM, in local time") from None
        return rows

    def words(self, result: str, slots: Mapping[str, Slot], locale: str, at: Position) -> Words:
        """Return how each column is worded when the result is called `result` at a place."""
        words: Words = {}
        for column, spec in self.spec.returns.items():
            if spec.slot is not None:
                slot = slots[spec.slot]
                words[column] = _slot_words(column, slot.tag, slot.column, slot.canonical)
            else:
                assert spec.type is not None
                told = _typed_words(column, spec.type, f"{result}.{column}", locale)
                words[column] = partial(self._worded, told, column, spec.type, at)
        return words

    def _worded(
        self, told: Callable[[Row], Any], column: str, kind: str, at: Position, row: Row
    ) -> Any:
        """Word a column; raises ContentError for a value that is not of the column's type."""
        try:
            return told(row)
        except ValueError:
            what = f"column '{column}' of '{self.name}' is no {kind}: '{row.raw[column]}'"
            fix = "correct the query, or the type under returns:"
            raise ContentError([Problem(at, what, fix)]) from None


@lru_cache(maxsize=4096)
def _offset(hour: str, zone: ZoneInfo) -> str:
    """Return the offset from UTC of a local hour `YYYY-MM-DD HH`."""
    return datetime.fromisoformat(f"{hour}:00").replace(tzinfo=zone).isoformat()[19:]


def _iso(local: str, zone: ZoneInfo) -> str:
    if len(local) != 16:
        raise ValueError(local)
    return f"{local[:10]}T{local[11:]}:00{_offset(local[:13], zone)}"


def _local(value: Any, zone: ZoneInfo) -> Any:
    if not isinstance(value, str):
        return value
    local = f"{value[:10]} {value[11:16]}"
    if value[19:] == _offset(local[:13], zone):
        return local
    return datetime.fromisoformat(value).astimezone(zone).isoformat(" ", "minutes")[:16]


def _slot_words(
    column: str, tag: Tag, value: str | None, canonical: Mapping[str, Any]
) -> Callable[[Row], Any]:
    made: dict[str, Rope] = {}

    def words(row: Row) -> Any:
        surface = row.raw[column]
        if surface is None:
            return ""
        surface = str(surface)
        found = row.raw.get(value) if value else None
        if found is not None:
            return Rope.of(surface, Label(tag.slot, None, tag.role, surface, found))
        rope = made.get(surface)
        if rope is None:
            known = canonical.get(surface, surface)
            rope = Rope.of(surface, Label(tag.slot, None, tag.role, surface, known))
            if surface in canonical:  # as many as the table has rows
                made[surface] = rope
        return rope

    return words


def _typed_words(column: str, kind: str, slot: str, locale: str) -> Callable[[Row], Any]:
    if kind in _NUMBERS:
        return _number_words(column, kind, slot, locale)

    def words(row: Row) -> Any:
        value = row.raw[column]
        if value is None:
            return ""
        given = value[:16].replace("T", " ") if kind == "instant" else value  # local again
        surface = word(locale, kind, given, row.now)
        return Rope.of(surface, Label(slot, None, None, str(value), value))

    return words


def _number_words(column: str, kind: str, slot: str, locale: str) -> Callable[[Row], Any]:
    made: dict[str, Any] = {}

    def words(row: Row) -> Any:
        value = row.raw[column]
        if value is None:
            return ""
        key = repr(value)  # tells 1, 1.0 and True apart, and 0.0 from -0.0
        found = made.get(key)
        if found is not None:
            return found
        surface = word(locale, kind, value, row.now)
        normal = str(int(value) if type(value) is float and value.is_integer() else value)
        label = Label(slot, None, None, normal, value)
        found = (LabelledInt if isinstance(value, int) else LabelledFloat)(value, label, surface)
        if len(made) < _REMEMBERED:
            made[key] = found
        return found

    return words
