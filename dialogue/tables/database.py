"""An in-memory SQLite database that authors' SQL can only read, at a bounded cost."""

from __future__ import annotations

import enum
import sqlite3
import weakref
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dialogue.tables.dates import DateFunctions
from dialogue.tables.statement import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

MAX_STEPS = 1_000_000  # a query, of SQLite's virtual machine: seconds differ by machine
MAX_ROWS = 10_000
MAX_BYTES = 32_768  # of one value, and of one row of a table

_TICK = 10_000  # steps between two looks at the budget
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: MAX_BYTES,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: MAX_BYTES,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 200,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
}
_READING = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE})
_HIDDEN = ("sqlite_", "pragma_")


class _Mode(enum.Enum):
    READ = enum.auto()  # authors' queries
    BUILD = enum.auto()  # CREATE statements of the pack: anything but functions that are not listed
    WRITE = enum.auto()  # this library's own statements


@dataclass(slots=True)
class Probe:
    """What compiling a query showed: names of tables read, and what it may not use."""

    reads: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    writes: bool = False


class OverBudgetError(Exception):
    """A query went over a limit; the message says which."""


def _weak(method: Callable[..., int]) -> Callable[..., int]:
    """Return a callback that does not keep the owner of the method alive."""
    held = weakref.WeakMethod(method)

    def call(*args: Any) -> int:
        bound = held()
        return sqlite3.SQLITE_DENY if bound is None else bound(*args)

    return call


class Database:
    """A connection whose authorizer and limits depend on whose SQL is running."""

    def __init__(self) -> None:
        self.dates = DateFunctions()
        self._mode = _Mode.WRITE
        self._probe: Probe | None = None
        self._ticks = 0
        self._budget = 0
        self._reruns = 0
        self._probes = 0
        # Whichever thread collects the owner closes it.
        self._connection = sqlite3.connect(
            ":memory:", isolation_level=None, cached_statements=1024, check_same_thread=False
        )
        for limit, value in _LIMITS.items():
            self._connection.setlimit(limit, value)
        self.dates.install(self._connection)
        self._connection.execute("PRAGMA foreign_keys = OFF")
        self._connection.execute("PRAGMA trusted_schema = ON")
        self._connection.set_authorizer(_weak(self._authorize))
        self._connection.set_progress_handler(_weak(self._tick), _TICK)
        # Closed with its owner, which the connection does not keep alive: its callbacks are weak.
        weakref.finalize(self, self._connection.close)

    def close_building(self) -> None:
        """Let authors' queries in: from here on only `write` changes anything."""
        # To open a table-valued function SQLite declares a table, which readers may not.
        self._connection.execute("SELECT 1 FROM json_each('[]'), json_tree('[]')").fetchall()
        # With their sizes known, a small table is gone through and a large one looked up in.
        self._connection.execute("PRAGMA analysis_limit = 1000")
        self._connection.execute("ANALYZE")
        # One transaction that never ends: otherwise each statement would begin and commit its own.
        self._connection.execute("BEGIN")
        self._mode = _Mode.READ
        self._budget = MAX_STEPS // _TICK

    def _authorize(
        self,
        action: int,
        first: str | None,
        second: str | None,
        _schema: str | None,
        _in: str | None,
    ) -> int:
        if self._mode is _Mode.WRITE:
            return sqlite3.SQLITE_OK
        probe = self._probe
        if action == sqlite3.SQLITE_FUNCTION:
            if (second or "").lower() in FUNCTIONS:
                return sqlite3.SQLITE_OK
            if probe is None:
                return sqlite3.SQLITE_DENY
            probe.functions.add(second or "")
            return sqlite3.SQLITE_IGNORE  # compile on, to find the others, too
        if self._mode is _Mode.BUILD:
            return sqlite3.SQLITE_OK
        if action not in _READING:
            if probe is not None:
                probe.writes = True
            return sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_READ and first:
            hidden = first.lower().startswith(_HIDDEN)
            if probe is not None:
                (probe.hidden if hidden else probe.reads).add(first)
            return sqlite3.SQLITE_DENY if hidden else sqlite3.SQLITE_OK
        return sqlite3.SQLITE_OK

    def _tick(self) -> bool:
        self._ticks += 1
        return self._mode is _Mode.READ and self._ticks >= self._budget

    @contextmanager
    def building(self) -> Iterator[None]:
        """Run a pack's CREATE statements inside."""
        self._mode = _Mode.BUILD
        try:
            yield
        finally:
            self._mode = _Mode.WRITE

    def execute(self, sql: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """Run a statement and return all its rows; before `close_building` it may be any."""
        return self._connection.execute(sql, values).fetchall()

    def probe(self, sql: str, parameters: Collection[str] = ()) -> tuple[Probe, str]:
        """Compile SQL without running it; return what it uses and what SQLite complains of."""
        mode, self._mode, self._probe = self._mode, _Mode.READ, Probe()
        self._probes += 1  # only what is compiled anew is authorized, not a text met before
        try:
            self._connection.execute(
                f"EXPLAIN /* {self._probes} */ {sql}", dict.fromkeys(parameters)
            )
        except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
            return self._probe, str(error)
        else:
            return self._probe, ""
        finally:
            self._mode, self._probe = mode, None

    def complaint(self, sql: str) -> str:
        """Return what SQLite says of CREATE statements or a beginning of a query."""
        mode, self._mode = self._mode, _Mode.WRITE
        try:
            self._connection.execute(f"EXPLAIN {sql}")
        except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
            return str(error)
        else:
            return ""
        finally:
            self._mode = mode

    def describe(self, sql: str, parameters: Collection[str]) -> tuple[str, ...]:
        """Return the names of a query's columns; a name that comes twice gets `:1` and so on."""
        self._ticks = 0
        wrapped = f"SELECT * FROM (\n{sql}\n) LIMIT 0"  # noqa: S608  # compiled alone before
        cursor = self._connection.execute(wrapped, dict.fromkeys(parameters))
        return tuple(column[0] for column in cursor.description)

    def read(self, sql: str, values: Mapping[str, object]) -> list[tuple[object, ...]]:
        """Run an author's query; more rows or steps than allowed raise OverBudgetError."""
        self._ticks = 0
        try:
            rows = self._connection.execute(sql, values).fetchmany(MAX_ROWS + 1)
        except sqlite3.OperationalError as error:
            if str(error) != "interrupted":
                raise
            rows = self._rerun(sql, values)
        if len(rows) > MAX_ROWS:
            raise OverBudgetError(f"the query gives more than {MAX_ROWS:,} rows")
        return rows

    def _rerun(self, sql: str, values: Mapping[str, object]) -> list[tuple[object, ...]]:
        # A kept statement goes on counting its steps where its last run ended, so its first tick
        # may come early. A fresh one decides: the limit must not depend on what ran before.
        self._ticks = 0
        self._reruns += 1
        try:
            return self._connection.execute(sql + "\n" * self._reruns, values).fetchmany(
                MAX_ROWS + 1
            )
        except sqlite3.OperationalError as error:
            if str(error) == "interrupted":
                raise OverBudgetError(f"the query takes more than {MAX_STEPS:,} steps") from None
            raise

    def write(self, clearing: str, adding: str, rows: Iterable[Sequence[object]]) -> None:
        """Run the library's own `clearing` statement, then `adding` once for each row."""
        mode, self._mode = self._mode, _Mode.WRITE
        try:
            if clearing:
                self._connection.execute(clearing)
            if adding:
                self._connection.executemany(adding, rows)
        finally:
            self._mode = mode
