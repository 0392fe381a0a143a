"""The ways between units, and the stretches of walk that have a target of their own."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from dialogue.expression import Expression
    from dialogue.unit import Unit


@dataclass(frozen=True, slots=True)
class Edge:
    """A way to a unit, or to the end (None).

    `distance` is the number of further units that lie between its unit and the end, at least;
    `sure` says that its unit never closes, `ahead` that it may be asked in one turn with the unit
    before, whatever is answered to that, and `aside` that it may be asked in the middle of it.
    """

    unit: Unit | None
    weight: float
    when: Expression | None = None
    redraw: tuple[str, ...] = ()
    distance: int = 0
    sure: bool = True
    ahead: bool = False
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Ways:
    """The edges out of a unit with their cumulative weights."""

    edges: tuple[Edge, ...]
    bounds: tuple[float, ...]

    def draw(self, rng: Random) -> int:
        """Draw the index of an edge by weight."""
        index = bisect_right(self.bounds, rng.random() * self.bounds[-1])
        return min(index, len(self.edges) - 1)


def placed(edges: Sequence[Edge], far: Mapping[str, int]) -> Ways:
    """Return the edges that can be taken, with how far each leads from the end."""
    kept = tuple(
        replace(edge, distance=far[edge.unit.name], sure=edge.unit.always_open)
        if edge.unit is not None
        else edge
        for edge in edges
        if edge.weight > 0
    )
    return Ways(kept, tuple(accumulate(edge.weight for edge in kept)))


@dataclass(frozen=True, slots=True)
class Scene:
    """A named stretch of walk; `target` maps labels to slots, or is None for all that was given.

    `asks` are its own wordings of the task extract, none where it is asked as any dialogue.
    """

    name: str
    path: tuple[str, ...]
    target: Mapping[str, str] | None
    asks: tuple[str, ...] = ()
