"""What a provider method declares about what it draws: names in, a decorator out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

_Method = TypeVar("_Method", bound="Callable[..., object]")


@dataclass(frozen=True, slots=True)
class Shape:
    """The parts of a record and how they belong together; empty for a method that draws one value.

    `groups` are parts that are redrawn together, `composites` the parts that are said as one under
    a name of their own, `optional` parts that may not be there or that a composite may leave out,
    `needed` the parts and composites that a bot asks for, `lists` the columns of each list of rows,
    `tables` the columns that are read from the table a parameter names, if it does; those of the
    table of an earlier parameter are `parameter.column`. `keys` are the ASCII names of the parts
    that are not ASCII themselves.
    """

    parts: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    composites: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    optional: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)


def record(
    *,
    parts: tuple[str, ...],
    groups: tuple[tuple[str, ...], ...] = (),
    composites: Mapping[str, tuple[str, ...]] | None = None,
    optional: tuple[str, ...] = (),
    needed: tuple[str, ...] = (),
    lists: Mapping[str, tuple[str, ...]] | None = None,
    tables: Mapping[str, tuple[str, ...]] | None = None,
    keys: Mapping[str, str] | None = None,
) -> Callable[[_Method], _Method]:
    """Declare the shape of the record that a method draws.

    Without groups all parts are one group; what is needed is, left out, all that is not optional.
    Every part that is not an ASCII name itself needs a key that is; no two parts share one.
    """
    named = [part for group in groups for part in group]
    if groups and sorted(named) != sorted(parts):
        raise ValueError(f"expected every part in one group but got groups={groups!r}")
    if not set(optional) <= set(parts):
        raise ValueError(f"expected optional parts to be parts but got optional={optional!r}")
    groups, composites = groups or (parts,), composites or {}
    for name, said in composites.items():
        if name in parts or not any(set(said) <= set(group) for group in groups):
            raise ValueError(f"expected parts of one group but got {name!r}={said!r}")
    needed = needed or tuple(part for part in parts if part not in optional)
    if not set(needed) <= {*parts, *composites}:
        raise ValueError(f"expected parts or composites but got needed={needed!r}")
    keys = keys or {}
    known = [keys.get(part, part) for part in parts]
    if not set(keys) <= set(parts) or len(set(known)) < len(known):
        raise ValueError(f"expected one key for each part but got keys={keys!r}")
    if not all(key.isascii() and key.isidentifier() for key in known):
        raise ValueError(f"expected an ASCII name for each part but got keys={keys!r}")
    shape = Shape(parts, groups, composites, optional, needed, lists or {}, tables or {}, keys)

    def declare(method: _Method) -> _Method:
        method.__shape__ = shape  # type: ignore[attr-defined]
        return method

    return declare


def shape_of(method: Callable[..., object]) -> Shape:
    """Return what a method declared, or the shape of a single value."""
    shape = getattr(method, "__shape__", None)
    return shape if isinstance(shape, Shape) else Shape()


def known(**names: Callable[[], Collection[str]]) -> Callable[[_Method], _Method]:
    """Declare which texts an argument may be: a function for each that lists them when asked."""

    def declare(method: _Method) -> _Method:
        method.__known__ = names  # type: ignore[attr-defined]
        return method

    return declare


def known_of(method: Callable[..., object]) -> Mapping[str, Callable[[], Collection[str]]]:
    """Return the arguments of a method for which all that they may be is known."""
    return getattr(method, "__known__", {})


def times(method: _Method) -> _Method:
    """Declare that a method draws typed times."""
    method.__times__ = True  # type: ignore[attr-defined]
    return method


def draws_times(method: Callable[..., object]) -> bool:
    """Tell whether a method declared that it draws typed times."""
    return getattr(method, "__times__", False) is True
