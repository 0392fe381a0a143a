"""The text of a cell in, a typed value out; and what keeps a row of them out of its table."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from dialogue.problem import UnplacedError
from dialogue.tables.database import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Cell = str | int | float | None

_WHOLE = re.compile(r"[+-]?(?:0|[1-9][0-9]*)").fullmatch
_REAL = re.compile(r"[+-]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?").fullmatch
_SHORT = MAX_BYTES // 4  # characters that are surely within the limit


class CellError(UnplacedError):
    """A cell is not of its column's type: `what` it is not."""


def quoted(name: str) -> str:
    """Return a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def shown(value: object) -> str:
    """Return a value as messages show it, cut to 30 characters."""
    text = str(value)
    return f"'{text if len(text) <= 30 else text[:29] + '…'}'"


def _whole(cell: str) -> Cell:
    if not _WHOLE(cell):
        fix = "write digits only, without leading zeros, or make the column TEXT"
        raise CellError("is not a whole number", fix)
    if not -(2**63) <= int(cell) < 2**63:
        raise CellError("has more than 64 bits", "make the column TEXT")
    return int(cell)


def _real(cell: str) -> Cell:
    if not _REAL(cell) or math.isinf(float(cell)):
        raise CellError("is not a number", "write it like 12 or 12.50, or make the column TEXT")
    return float(cell)


def _text(cell: str) -> Cell:
    if len(cell) > _SHORT and len(cell.encode()) > MAX_BYTES:
        raise CellError(f"is longer than {MAX_BYTES:,} bytes", "shorten it")
    return cell


# SQLite's STRICT types but BLOB, which a text file cannot hold.
TYPES: Mapping[str, Callable[[str], Cell]] = {
    "INT": _whole,
    "INTEGER": _whole,
    "REAL": _real,
    "TEXT": _text,
    "ANY": _text,
}


def violation(message: str, values: Mapping[str, object]) -> tuple[str, str]:
    """Word what SQLite says of a row that it does not store: what is wrong, and the remedy."""
    kind, _, named = message.partition(" constraint failed: ")
    columns = [name.rpartition(".")[2] for name in named.split(", ")]
    if kind == "NOT NULL":
        return f"column '{columns[0]}' is empty", "fill it, or drop NOT NULL in schema.sql"
    if kind == "UNIQUE" and all(name in values for name in columns):
        cells = ", ".join(shown(values[name]) for name in columns)
        which = ", ".join(f"'{name}'" for name in columns)
        where = f"column {which}" if len(columns) == 1 else f"columns {which}"
        verb = "is" if len(columns) == 1 else "are"
        return f"{cells} {verb} in {where} already", "keep one of the rows, or tell them apart"
    if kind == "UNIQUE":
        what = f"the row is there already by {named}"[:99]
        return what, "keep one of the rows, or tell them apart"
    if kind == "CHECK":
        return f"check fails: {named}"[:99], "correct the row, or the CHECK in schema.sql"
    if match := re.fullmatch(r"cannot store (\w+) value in (\w+) column .*\.(.*)", message):
        what = f"{shown(values.get(match[3]))} in column '{match[3]}' is not {match[2]}"
        return what, "give a value of the column's type"
    if "too big" in message:
        return f"the row is longer than {MAX_BYTES:,} bytes", "shorten it"
    return message[:99], "correct the row, or schema.sql"
