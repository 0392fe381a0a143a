"""A pack's tables: schema and CSV files in, queries that read them out."""

from __future__ import annotations

import sqlite3
from types import MappingProxyType
from typing import TYPE_CHECKING

from dialogue.tables.cell import quoted, violation
from dialogue.tables.database import Database
from dialogue.tables.files import load
from dialogue.tables.query import Query, QueryError, bound_rows, prepare
from dialogue.tables.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

    from dialogue.problem import Position
    from dialogue.tables.schema import Table


class Tables:
    """The tables of a pack in one in-memory database.

    `columns` maps the name of each table and view to its columns. A session table is one that
    schema.sql declares and no CSV fills: its rows are those of the last `fill`.
    """

    __slots__ = ("_database", "_filled", "_session", "columns")

    def __init__(
        self,
        database: Database,
        columns: Mapping[str, tuple[str, ...]],
        session: Iterable[Table],
    ) -> None:
        self.columns = columns
        self._database = database
        self._session = {table.name: table for table in session}
        self._filled: set[str] = set()

    @classmethod
    def open(cls, folder: Path, shown: str, session: Collection[str]) -> Tables:
        """Load a folder's schema.sql and CSV files; raise ContentError with all problems.

        `shown` is the folder as the user would type it. No folder at all means no tables. A name in
        `session` that schema.sql does not declare is left to whoever wrote it.
        """
        database = Database()
        tables, columns = load(database, folder, shown, frozenset(session))
        database.close_building()
        return cls(database, MappingProxyType(columns), [t for t in tables if t.name in session])

    def size(self, table: str) -> int:
        """Return the number of rows that a table or view has now."""
        if table not in self.columns:
            raise ValueError(f"expected a table but got table={table!r}")
        sql = f"SELECT count(*) FROM {quoted(table)}"  # noqa: S608  # the name is quoted
        return int(str(self._database.read(sql, {})[0][0]))

    def selection(self, table: str, columns: Iterable[str], where: str) -> str:
        """Return the SELECT of columns of the rows under a condition, sorted by all columns."""
        names = ", ".join(map(quoted, columns))
        # In the order of code points, whatever collation a column declares.
        order = ", ".join(f"{quoted(name)} COLLATE BINARY" for name in self.columns[table])
        return f"SELECT {names} FROM {quoted(table)} WHERE ({where}) ORDER BY {order}"  # noqa: S608

    def prepare(
        self, sql: str, parameters: Collection[str], at: Callable[[int], Position]
    ) -> Query:
        """Check one SELECT that may read `parameters` and `:now`; raise ContentError.

        `at` turns a line within the SQL, from 1, into a place.
        """
        return prepare(self._database, Statement(sql, at), self.columns, parameters, self._session)

    def fill(self, table: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Replace a session table's rows.

        A column that a row lacks is NULL; a key that is no column is ignored. Fill a table before
        those whose foreign keys point to it. After a QueryError the table is empty.
        """
        target = self._session.get(table)
        if target is None:
            raise ValueError(f"expected a session table but got table={table!r}")
        stored = target.stored
        try:
            values = bound_rows([tuple(map(row.get, stored)) for row in rows])
        except TypeError as error:
            what = f"a row for '{table}' holds a value of type {error}"
            raise QueryError(what, "give text, numbers, booleans or lists") from None
        clearing = target.clearing if table in self._filled else ""
        self._filled.add(table)
        try:
            self._database.write(clearing, target.adding, values)
        except (sqlite3.Error, OverflowError, ValueError):
            self._database.write(target.clearing, "", ())
            raise self._rejection(target, values) from None
        for key in target.keys:
            if dangling := self._database.read(key.dangling_one, {}):
                self._database.write(target.clearing, "", ())
                what = f"{key.worded(dangling[0])} of '{table}' is not in '{key.parent}'"
                fix = f"point to a row that is there; fill '{key.parent}' before '{table}'"
                raise QueryError(what, fix)

    def _rejection(self, target: Table, values: list[tuple[object, ...]]) -> QueryError:
        found = QueryError(f"the rows for '{target.name}' cannot be stored", "correct the provider")
        for number, row in enumerate(values, 1):
            try:
                self._database.write("", target.adding, [row])
            except (sqlite3.Error, OverflowError, ValueError) as error:
                what, fix = violation(str(error), dict(zip(target.stored, row, strict=True)))
                found = QueryError(f"row {number} for '{target.name}': {what}", fix)
                break
        self._database.write(target.clearing, "", ())
        return found

    def clear(self) -> None:
        """Empty the session tables that were filled."""
        for table in sorted(self._filled):
            self._database.write(self._session[table].clearing, "", ())
        self._filled.clear()
