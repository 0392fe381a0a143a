"""SQLite's date functions without the clock and zone of the machine."""

from __future__ import annotations

import sqlite3
import weakref
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

DATE_FUNCTIONS = frozenset({"date", "time", "datetime", "julianday", "strftime", "unixepoch"})

Scalar = str | int | float | bytes | None

_MEMO = 4096
_NOTHING: Any = object()
_LONGEST_REMEMBERED = 100  # characters of an argument: the memo must not hold on to much text


class ClockError(Exception):
    """A date function was asked for the machine's time or zone."""


class DateFunctions:
    """The date functions of one connection; `refusal` is why the last call failed.

    SQLite drops the words of an exception that a function raises, so they are kept here.
    """

    def __init__(self) -> None:
        self.refusal = ""
        # A connection of its own: on the other one the built-in functions are hidden by these.
        # Whichever thread collects the owner closes it.
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        weakref.finalize(self, connection.close)
        self._built_in = connection.cursor()
        self._calls: dict[tuple[str, int], str] = {}

    def install(self, connection: sqlite3.Connection) -> None:
        """Replace the date functions of a connection."""
        for name in sorted(DATE_FUNCTIONS):
            connection.create_function(name, -1, self._function(name), deterministic=True)

    def _function(self, name: str) -> Callable[..., Scalar]:
        first = 1 if name == "strftime" else 0
        memo: dict[tuple[Scalar, ...], Scalar] = {}

        def call(*arguments: Scalar) -> Scalar:
            found: Scalar = memo.get(arguments, _NOTHING)
            if found is not _NOTHING:
                return found
            self._refuse(name, arguments[first:])
            found = self._compute(name, *arguments)
            # Only text: 1, 1.0 and True are one key to a dict and three to SQL.
            if all(type(one) is str and len(one) <= _LONGEST_REMEMBERED for one in arguments):
                if len(memo) >= _MEMO:
                    memo.clear()
                memo[arguments] = found
            return found

        return call

    def _refuse(self, name: str, times: tuple[Scalar, ...]) -> None:
        if not times:
            self._fail(f"{name}() without a time reads the machine's clock")
        # From SQLite 3.42 on 'subsec' alone stands for the current time, too.
        if isinstance(times[0], str) and times[0].lower() in {"now", "subsec", "subsecond"}:
            self._fail(f"{name}('{times[0]}') reads the machine's clock")
        for modifier in times[1:]:
            if isinstance(modifier, str) and modifier.lower() in {"localtime", "utc"}:
                self._fail(f"'{modifier}' in {name}() reads the machine's zone")

    def _fail(self, what: str) -> None:
        self.refusal = what
        raise ClockError(what)

    def _compute(self, name: str, *arguments: Scalar) -> Scalar:
        call = self._calls.get((name, len(arguments)))
        if call is None:
            marks = ", ".join("?" * len(arguments))
            # unixepoch is newer than the oldest SQLite that has STRICT tables.
            call = self._calls[name, len(arguments)] = (
                f"SELECT {name}({marks})"
                if name != "unixepoch"
                else f"SELECT CAST(strftime('%s', {marks}) AS INTEGER)"
            )
        found: Scalar = self._built_in.execute(call, arguments).fetchone()[0]
        return found
