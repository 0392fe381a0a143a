"""A domain compiled: its slots, tools, tables and units, everything resolved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dialogue.problem import Position

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Mapping

    from faker.generator import Generator

    from dialogue.clock import Clock
    from dialogue.names import Names
    from dialogue.spec import BehaviourSpec
    from dialogue.spec.source import Source
    from dialogue.tables import Tables
    from dialogue.tool import Tool
    from dialogue.unit import Unit
    from dialogue.view import View


@dataclass(frozen=True, slots=True)
class Domain:
    """A pack, ready to be walked.

    `rng` is the stream that `generator` draws from; a session reseeds it. `files` are the pack's
    files, as paths below `units/` or `graphs/`, with the SHA-256 of their bytes.
    """

    name: str
    title: str
    license: str | None
    locale: str
    clock: Clock
    names: Names
    tables: Tables
    tools: Mapping[str, Tool]
    units: Mapping[str, Unit]
    generator: Generator
    rng: random.Random
    files: tuple[tuple[str, str], ...]
    source: Source  # of domain.yaml
    voices: Mapping[str, BehaviourSpec]  # behaviour → how it is worded here
    views_of: Mapping[str, tuple[View, ...]]  # slot → the views that look at it
    rivals: Mapping[str, tuple[str, ...]]  # slot → others with the same label and role
    dependents: Mapping[str, tuple[str, ...]]  # slot or result → the slots drawn because of it
    labels: Mapping[str, str]  # slot or part → its label in targets
    keys: Mapping[str, str]  # slot or part → its key in states
    table_rows: dict[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)

    def drawn_with(self, names: Iterable[str]) -> set[str]:
        """Return slots and results, and the slots that are drawn anew when these are."""
        found = set(names)
        trail = [*found]
        while trail:
            drawn = [name for name in self.dependents.get(trail.pop(), ()) if name not in found]
            found.update(drawn)
            trail += drawn
        return found

    def rows_of(self, table: str) -> tuple[Mapping[str, Any], ...]:
        """Return all rows of a table, read once."""
        if table not in self.table_rows:
            at = Position(table)
            sql = f'SELECT * FROM "{table}"'  # noqa: S608 - a name that the schema declares
            query = self.tables.prepare(sql, (), lambda _: at)
            self.table_rows[table] = query.rows({})
        return self.table_rows[table]
