"""A query that an author wrote, checked once and run many times."""

from __future__ import annotations

import json
import math
import sqlite3
from collections import OrderedDict
from itertools import chain
from typing import TYPE_CHECKING

from dialogue.problem import ContentError, UnplacedError
from dialogue.tables.database import MAX_BYTES, MAX_STEPS, OverBudgetError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from dialogue.problem import Problem
    from dialogue.tables.database import Database
    from dialogue.tables.statement import Statement

Rows = tuple[dict[str, object], ...]

# `json.dumps` with options makes an encoder each time.
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_MEMO_ROWS = 20_000  # rows remembered a query, an empty result counting as one
_PLAIN = frozenset({str, int, float, type(None)})
_REMEDIES = {
    "steps": "join on keys, or end a recursion with LIMIT",
    "rows": "narrow it with WHERE or LIMIT",
}


class QueryError(UnplacedError):
    """A query or a filling failed on its values."""


def bound(value: object) -> object:
    """Return a value as SQLite takes it: lists and mappings as JSON text, booleans as 0 and 1."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, str):
        return str.__str__(value)  # of a labelled text the plain one
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float.__float__(value)
    if isinstance(value, list | tuple | dict):
        return _JSON(value)
    raise TypeError(type(value).__name__)


def bound_rows(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Return rows of values as SQLite takes them."""
    if _types(rows) <= _PLAIN:
        return rows
    return [tuple(map(bound, row)) for row in rows]


def _types(rows: Iterable[tuple[object, ...]]) -> set[type]:
    return set(map(type, chain.from_iterable(rows)))


class Query:
    """A checked SELECT.

    `columns` are its result's, in order; `tables` the tables it reads, also through views;
    `parameters` the names it needs, sorted.
    """

    __slots__ = (
        "_database",
        "_memo",
        "_memo_rows",
        "_ordered",
        "_sql",
        "columns",
        "parameters",
        "tables",
    )

    def __init__(
        self,
        database: Database,
        statement: Statement,
        columns: tuple[str, ...],
        tables: frozenset[str],
        session: Collection[str],
    ) -> None:
        self.columns = columns
        self.tables = tables
        self.parameters = statement.parameters
        self._database = database
        self._sql = statement.text
        self._ordered = statement.is_ordered
        self._memo: OrderedDict[tuple[object, ...], Rows] | None = None
        self._memo_rows = 0
        # Hardly two sessions happen at the same minute: what reads the clock is never asked twice.
        if tables.isdisjoint(session) and "now" not in statement.parameters:
            self._memo = OrderedDict()

    def rows(self, arguments: Mapping[str, object]) -> Rows:
        """Return the rows for these arguments (others than `parameters` are ignored).

        Rows are shared by all who ask with the same arguments: read them, never change them.
        Without an outermost ORDER BY they are sorted by all columns: NULL, numbers, text.
        """
        values = self._bind(arguments)
        memo = self._memo
        if memo is None:
            return self._fetch(values)
        # 1, 1.0 and True are one key to a dict and three to SQL.
        key = (*values.values(), *map(type, values.values()))
        found = memo.get(key)
        if found is not None:
            memo.move_to_end(key)
            return found
        found = memo[key] = self._fetch(values)
        self._memo_rows += len(found) or 1
        while self._memo_rows > _MEMO_ROWS:
            self._memo_rows -= len(memo.popitem(last=False)[1]) or 1
        return found

    def _bind(self, arguments: Mapping[str, object]) -> dict[str, object]:
        values: dict[str, object] = {}
        for name in self.parameters:
            try:
                values[name] = bound(arguments[name])
            except KeyError:
                raise QueryError(f"no value for ':{name}'", f"give '{name}' an argument") from None
            except (TypeError, ValueError) as error:
                what = f"':{name}' cannot be bound: {error}"
                raise QueryError(what, "pass text, a number, a boolean or a list of them") from None
        return values

    def _fetch(self, values: dict[str, object]) -> Rows:
        try:
            rows = self._database.read(self._sql, values)
        except OverBudgetError as error:
            what = str(error)
            raise QueryError(what, _REMEDIES[what.rpartition(" ")[2]]) from None
        except (sqlite3.Error, OverflowError, ValueError) as error:
            raise self._failure(error) from None
        kinds = _types(rows)
        if bytes in kinds or (
            float in kinds and any(math.inf in row or -math.inf in row for row in rows)
        ):
            raise self._unprintable(rows)
        if not self._ordered and len(rows) > 1:
            try:
                rows.sort()
            except TypeError:
                rows.sort(key=_sortable)
        columns = self.columns
        return tuple([dict(zip(columns, row, strict=True)) for row in rows])

    def _failure(self, error: Exception) -> QueryError:
        message = str(error)
        if "user-defined function raised" in message:
            return QueryError(
                self._database.dates.refusal, "pass a time of the session, such as :now"
            )
        if "too big" in message:
            return QueryError(f"a value is longer than {MAX_BYTES:,} bytes", "build shorter text")
        if "too large" in message:
            return QueryError("a number has more than 64 bits", "pass it as text")
        return QueryError(
            f"the query failed: {message[:80]}", "correct the SQL or what it is given"
        )

    def _unprintable(self, rows: list[tuple[object, ...]]) -> QueryError:
        for name, cells in zip(self.columns, zip(*rows, strict=True), strict=True):
            if any(isinstance(cell, bytes) for cell in cells):
                what = f"column '{name}' holds bytes, not text"
                return QueryError(what, f"return CAST({name} AS TEXT)")
            if math.inf in cells or -math.inf in cells:
                break
        return QueryError(f"column '{name}' is infinite", "divide or multiply less")


def _sortable(row: tuple[object, ...]) -> tuple[tuple[int, object], ...]:
    return tuple((0, 0) if c is None else (2, c) if isinstance(c, str) else (1, c) for c in row)


def prepare(
    database: Database,
    statement: Statement,
    known: Mapping[str, tuple[str, ...]],
    parameters: Collection[str],
    session: Collection[str],
) -> Query:
    """Check a query against the columns `known` by table; raise ContentError."""
    problems = [*statement.form_problems(parameters)]
    if problems and not all("parameter" in problem.what for problem in problems):
        raise ContentError(problems)
    problems += [*statement.clock_problems(), *statement.quote_problems(known)]
    found, tables = inspect(database, statement, statement.text, known)
    problems += found
    if problems:
        raise ContentError(problems)
    try:
        columns = database.describe(statement.text, statement.parameters)
    except sqlite3.Error as error:
        raise ContentError([_unrunnable(database, statement, known, error)]) from None
    for name in columns:
        base, _, number = name.rpartition(":")
        if number.isdecimal() and base in columns:
            what, fix = f"column '{base}' comes twice", "name one of them differently with AS"
            raise ContentError([statement.problem(statement.line_of(base), what, fix)])
    return Query(database, statement, columns, tables, session)


def inspect(
    database: Database, statement: Statement, sql: str, known: Mapping[str, tuple[str, ...]]
) -> tuple[list[Problem], frozenset[str]]:
    """Compile `sql`, which `statement` declares; return its problems and the tables it reads."""
    probe, message = database.probe(sql, {t.text[1:] for t in statement.tokens if t.text[0] == ":"})
    problems = [*_refused(probe.functions, probe.hidden, statement, known)]
    if probe.writes and not problems and "no such" not in message:
        problems.append(_not_reading(statement, known))
    elif message and not problems and "binding" not in message.lower():
        problems.append(statement.fault(message, known, database.complaint))
    by_lower = {name.lower(): name for name in known}
    return problems, frozenset(by_lower[r.lower()] for r in probe.reads if r.lower() in by_lower)


def _not_reading(statement: Statement, known: Mapping[str, tuple[str, ...]]) -> Problem:
    writing = {"INSERT", "REPLACE", "UPDATE", "DELETE"}
    for token in statement.tokens:
        if token.text.upper() in writing:
            what, fix = f"'{token.text}' in a query", "write one SELECT"
            return statement.problem(token.line, what, fix)
    # Otherwise it is a virtual table of SQLite's, which would be declared on its first use.
    names = [t.name for t in statement.sources if t.name not in {*known, "json_each", "json_tree"}]
    return statement.table_problem(names[-1] if names else "", known)


def _refused(
    functions: set[str],
    hidden: set[str],
    statement: Statement,
    known: Mapping[str, tuple[str, ...]],
) -> Iterator[Problem]:
    for name in sorted(functions):
        yield statement.function_problem(name)
    for name in sorted(hidden):
        yield statement.table_problem(name, known)


def _unrunnable(
    database: Database,
    statement: Statement,
    known: Mapping[str, tuple[str, ...]],
    error: sqlite3.Error,
) -> Problem:
    message = str(error)
    if message == "interrupted":
        what = f"the query takes more than {MAX_STEPS:,} steps"
        return statement.problem(statement.line_of(""), what, _REMEDIES["steps"])
    if "user-defined function raised" in message:
        what = database.dates.refusal
        return statement.problem(statement.line_of(""), what, "write :now in place of it")
    return statement.fault(message, known, database.complaint)
