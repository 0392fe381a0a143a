"""A schema.sql in, the declared tables and views out."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from dialogue.problem import Position, Problem, nearest
from dialogue.tables.cell import TYPES, quoted, shown
from dialogue.tables.query import inspect
from dialogue.tables.statement import Statement, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dialogue.tables.database import Database

_CREATE = {
    ("CREATE", "TABLE"),
    ("CREATE", "INDEX"),
    ("CREATE", "VIEW"),
    ("CREATE", "UNIQUE", "INDEX"),
}


@dataclass(frozen=True)
class ForeignKey:
    """Columns of a table that must be found in another one."""

    child: str
    columns: tuple[str, ...]
    parent: str
    targets: tuple[str, ...]

    @cached_property
    def dangling(self) -> str:
        """The query for the values that are nowhere in the parent, each once."""
        asked = ", ".join(f"child.{quoted(name)}" for name in self.columns)
        present = " AND ".join(f"child.{quoted(name)} IS NOT NULL" for name in self.columns)
        equal = " AND ".join(
            f"parent.{quoted(target)} = child.{quoted(name)}"
            for name, target in zip(self.columns, self.targets, strict=True)
        )
        child, parent = quoted(self.child), quoted(self.parent)
        found = f"SELECT 1 FROM {parent} AS parent WHERE {equal}"  # noqa: S608  # names are quoted
        return (
            f"SELECT DISTINCT {asked} FROM {child} AS child "  # noqa: S608  # names are quoted
            f"WHERE {present} AND NOT EXISTS ({found})"
        )

    @cached_property
    def dangling_one(self) -> str:
        """The query for the first such values."""
        return f"{self.dangling} LIMIT 1"

    def worded(self, values: tuple[object, ...]) -> str:
        """Return values of the columns as a message names them."""
        return ", ".join(
            f"{shown(value)} in column '{name}'"
            for name, value in zip(self.columns, values, strict=True)
        )


@dataclass(frozen=True)
class Table:
    """A table as declared: `stored` maps the columns that are not generated to their types."""

    name: str
    statement: Statement
    stored: dict[str, str]
    primary: tuple[str, ...]
    keys: tuple[ForeignKey, ...] = ()

    @cached_property
    def adding(self) -> str:
        """The statement that adds a row, its values in the order of `stored`."""
        names = ", ".join(quoted(name) for name in self.stored)
        marks = ", ".join("?" * len(self.stored))
        return f"INSERT INTO {quoted(self.name)} ({names}) VALUES ({marks})"  # noqa: S608

    @cached_property
    def clearing(self) -> str:
        """The statement that removes all rows."""
        return f"DELETE FROM {quoted(self.name)}"  # noqa: S608

    def problem(self, name: str, what: str, fix: str) -> Problem:
        """Return a problem at the line of the declaration where a name stands."""
        return self.statement.problem(self.statement.line_of(name), what, fix)


class Schema:
    """The statements of one schema.sql, run one by one: their tables, views and problems.

    `columns` has those of tables and views.
    """

    def __init__(self, database: Database, shown_path: str) -> None:
        self.problems: list[Problem] = []
        self.tables: dict[str, Table] = {}
        self.views: dict[str, Statement] = {}
        self.columns: dict[str, tuple[str, ...]] = {}
        self._database = database
        self._path = shown_path

    def declare(self, sql: str) -> None:
        """Run all statements, then check what they refer to."""
        for statement in self._statements(sql):
            first = statement.tokens[0]
            words = tuple(token.text.upper() for token in statement.tokens[:3])
            if words[:2] not in _CREATE and words not in _CREATE:
                shown_words = " ".join(words[: 2 if first.text.upper() == "CREATE" else 1])
                fix = "write only CREATE TABLE, CREATE INDEX and CREATE VIEW"
                self._add(statement.problem(first.line, f"'{shown_words}' in schema.sql", fix))
            else:
                self._run(statement)
        for table in self.tables.values():
            self._check_keys(table)
        for name, statement in self.views.items():
            self._check_view(name, statement)

    def _statements(self, sql: str) -> Iterator[Statement]:
        start, begin, line = 0, 1, 1
        pieces: list[tuple[int, int, int]] = []
        for token in tokens(sql):
            if token.text == ";":
                pieces.append((start, token.start, begin))
                start, begin = token.end, token.line
            line = token.line
        pieces.append((start, len(sql), begin if line else 1))
        for start, end, begin in pieces:
            statement = Statement(sql[start:end], _place(self._path, begin))
            if statement.tokens:
                yield statement

    def _add(self, problem: Problem) -> None:
        self.problems.append(problem)

    def _run(self, statement: Statement) -> None:
        before = self._declared()
        self.problems += statement.clock_problems()
        try:
            with self._database.building():
                self._database.execute(statement.text)
        except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
            fault = statement.fault(str(error), self.columns, self._database.complaint)
            self._add(fault)
            return
        for kind, name in sorted(self._declared() - before):
            if kind == "table" and name == "sqlite_sequence":
                line = statement.line_of("autoincrement")
                what = "AUTOINCREMENT goes on counting from session to session"
                self._add(statement.problem(line, what, "leave it out"))
            elif kind == "table":
                self._add_table(name, statement)
            elif kind == "view":
                self.views[name] = statement

    def _declared(self) -> set[tuple[str, str]]:
        rows = self._database.execute("SELECT type, name FROM sqlite_master")
        return {(str(kind), str(name)) for kind, name in rows}

    def _add_table(self, name: str, statement: Statement) -> None:
        strict = self._database.execute(f"PRAGMA table_list({quoted(name)})")[0][5]
        stored: dict[str, str] = {}
        primary: list[tuple[object, str]] = []
        self.columns[name] = self._columns(name)
        for _, column, kind, _, _, key, hidden in self._database.execute(
            f"PRAGMA table_xinfo({quoted(name)})"
        ):
            if key:
                primary.append((key, str(column)))
            if not hidden:
                stored[str(column)] = str(kind).upper()
        table = Table(name, statement, stored, tuple(c for _, c in sorted(primary, key=str)))
        self.tables[name] = table
        if not strict:
            fix = "write STRICT after the closing parenthesis"
            self._add(table.problem(name, f"table '{name}' is not STRICT", fix))
            return
        for column, kind in stored.items():
            if kind not in TYPES:
                what = f"column '{column}' of '{name}' has type '{kind}'"
                self._add(table.problem(column, what, "use TEXT, INTEGER, REAL or ANY"))

    def _columns(self, name: str) -> tuple[str, ...]:
        found = self._database.execute(f"PRAGMA table_xinfo({quoted(name)})")
        return tuple(str(column[1]) for column in found)

    def _check_keys(self, table: Table) -> None:
        by_lower = {name.lower(): name for name in self.tables}
        grouped: dict[object, list[tuple[object, ...]]] = {}
        for row in self._database.execute(f"PRAGMA foreign_key_list({quoted(table.name)})"):
            grouped.setdefault(row[0], []).append(row)
        keys: list[ForeignKey] = []
        for rows in grouped.values():
            written = str(rows[0][2])
            parent = by_lower.get(written.lower())
            if parent is None:
                what = f"foreign key to unknown table '{written}'"
                self._add(table.problem(written, what, nearest(written, self.tables)))
                continue
            columns = tuple(str(row[3]) for row in rows)
            targets = tuple(str(row[4]) for row in rows if row[4] is not None)
            targets = targets or self.tables[parent].primary
            keys.append(ForeignKey(table.name, columns, parent, targets))
        try:
            if len(keys) == len(grouped):
                self._database.execute(f"PRAGMA foreign_key_check({quoted(table.name)})")
        except sqlite3.Error:
            what = f"a foreign key of '{table.name}' points to columns that are no key"
            fix = "point it to a PRIMARY KEY or UNIQUE column of the other table"
            self._add(table.problem("references", what, fix))
        else:
            self.tables[table.name] = replace(table, keys=tuple(keys))

    def _check_view(self, name: str, statement: Statement) -> None:
        self.problems += statement.quote_problems({**self.columns, name: ()})
        sql = f"SELECT * FROM {quoted(name)}"  # noqa: S608  # the name is quoted
        found, _ = inspect(self._database, statement, sql, self.columns)
        self.problems += found
        if not found:
            self.columns[name] = self._columns(name)


def _place(path: str, begin: int) -> Callable[[int], Position]:
    return lambda line: Position(path, begin + line - 1)
