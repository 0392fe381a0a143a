"""An expression of a guard, an argument or a `set`, compiled to a Python function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dialogue.row import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dialogue.problem import Position

ARITHMETIC = (TypeError, ValueError, ArithmeticError, AttributeError, LookupError)
"""What the values at hand may make of an expression that is well written."""


class Face(str):
    """The normal form of a typed value, whose fields (`时间.end`) can be read."""

    __slots__ = ("fields",)
    fields: Mapping[str, Any]

    @classmethod
    def of(cls, normal: str, fields: Mapping[str, Any]) -> Face:
        """Return the normal form with the fields of the canonical value."""
        face = cls(normal)
        face.fields = fields
        return face


class ExpressionError(Exception):
    """An expression cannot be computed for the values at hand."""


def read(holder: Any, key: Any) -> Any:
    """Read a column of a row, a field of a value, a part of a record or an item of a list."""
    if isinstance(holder, Row):
        return holder.raw.get(key)
    if isinstance(holder, Face) and isinstance(key, str):
        return holder.fields.get(key)
    if isinstance(holder, dict):
        return holder.get(key)
    if isinstance(holder, (list, tuple, str)) and isinstance(key, (int, slice)):
        try:
            return holder[key]
        except IndexError:
            return None
    return None


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression: `names` it reads, and `columns` as (name, column) pairs of results.

    `implies` are the names that must be bound when it is true, `compared` the texts that names are
    compared with. `function` takes a mapping of names; a name that is not in it is none.
    """

    source: str
    at: Position
    names: frozenset[str]
    columns: tuple[tuple[str, str], ...]
    implies: frozenset[str]
    compared: tuple[tuple[str, str], ...]
    function: Callable[[Mapping[str, Any]], Any]

    def __call__(self, names: Mapping[str, Any]) -> Any:
        """Compute it; raises ExpressionError."""
        try:
            return self.function(names)
        except ARITHMETIC as error:
            raise ExpressionError(f"'{self.source}' cannot be computed: {error}") from error
