"""Where the nodes of a picture stand: cells in the columns of their group, each other one lower.

The groups stand on shelves, in their order. Within its group a node takes the cell from which its
ways are short, lead on to the right, and pass behind few other nodes: the best that can be reached
by swapping two, from several beginnings. All costs are whole numbers, so that every machine comes
to the same picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

GAP = (62, 30)
"""Pixels between two nodes, to the side and below."""
PAD = 22
"""Pixels between a frame and what is in it."""
HEAD = 32
"""Pixels that the heading of a frame takes."""
_BETWEEN, _LOOSEST = 30, 90
_WIDEST = 9
_ASPECT = 1.1
_SLENDER = 1.4
_BACK, _UP = 0.8, 0.4
_BEHIND = 90
_SWEEPS = 40


class Box(NamedTuple):
    """A rectangle in pixels, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    def wider(self, by: float) -> Box:
        """Return it with so much more on each side."""
        return Box(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    def holds(self, point: tuple[float, float]) -> bool:
        """Tell whether a point is in it."""
        x, y = point
        return 0 <= x - self.x <= self.width and 0 <= y - self.y <= self.height


class Link(NamedTuple):
    """A line that is drawn: from a node to a node, and how much it matters, from 0 to 1."""

    source: int
    target: int
    share: float


@dataclass(frozen=True, slots=True)
class Grid:
    """A box for each node by its number, a frame for each group, and the size of all together."""

    boxes: dict[int, Box]
    frames: tuple[Box, ...]
    width: float
    height: float


class _Shelf(NamedTuple):
    """Groups beside each other: from the first to before the last, with so many rows."""

    first: int
    last: int
    rows: int


def placed(
    groups: Sequence[Sequence[int]], links: Sequence[Link], size: tuple[float, float]
) -> Grid:
    """Return the places of nodes of one size; `groups` are node numbers, none of them empty.

    The first node of the first group and the last one keep the first and the last cell of it.
    """
    counts = [len(group) for group in groups]
    layouts = [
        _laid(counts, shelves, size)
        for columns in range(1, _WIDEST + 1)
        if (shelves := _shelves(counts, columns, size[1]))
    ]
    cells, frames, width, height = min(layouts, key=lambda one: _ugliness(one, counts, size))
    boxes = _settled(groups, cells, links)
    return Grid(boxes, frames, width, height)


_Layout = tuple[tuple[tuple[Box, ...], ...], tuple[Box, ...], float, float]


def _shelves(counts: Sequence[int], columns: int, height: float) -> list[_Shelf]:
    """Return the lowest shelves of at most so many columns, none if a group does not fit."""

    def rows(first: int, last: int) -> int:
        some = counts[first:last]
        if len(some) > columns:
            return 0
        return next(r for r in range(1, max(some) + 1) if sum(-(-n // r) for n in some) <= columns)

    best: list[tuple[float, list[_Shelf]]] = [(0, [])]
    for last in range(1, len(counts) + 1):
        best.append(
            min(
                (best[first][0] + r * (height + GAP[1]) + HEAD + PAD + _BETWEEN,
                 [*best[first][1], _Shelf(first, last, r)])
                for first in range(last)
                if (r := rows(first, last))
            )
        )  # fmt: skip
    return best[-1][1]


def _laid(counts: Sequence[int], shelves: Sequence[_Shelf], size: tuple[float, float]) -> _Layout:
    """Lay out the cells of groups on shelves that are as wide as each other, if they nearly are."""
    down = size[1] + GAP[1]
    cells, frames = [], []
    widest = max(_width(_columns(counts, shelf), size) for shelf in shelves)
    y = 0.0
    for shelf in shelves:
        columns = _columns(counts, shelf)
        loose = (widest - _width(columns, size)) / sum(columns)
        across = size[0] + GAP[0] + (loose if loose <= _LOOSEST else 0)
        lower = down / 2 if max(columns) > 1 else 0
        height = HEAD + shelf.rows * down + lower - GAP[1] + PAD
        x = 0.0
        for many in columns:
            frames.append(Box(x, y, many * across - GAP[0] + 2 * PAD, height))
            left = x + PAD + (across - size[0] - GAP[0]) / 2
            cells.append(
                tuple(
                    Box(left + column * across, y + HEAD + row * down + column % 2 * lower, *size)
                    for column in range(many)
                    for row in range(shelf.rows)
                )
            )
            x += frames[-1].width + _BETWEEN
        y += height + _BETWEEN
    width = max(frame.x + frame.width for frame in frames)
    return tuple(cells), tuple(frames), width, y - _BETWEEN


def _columns(counts: Sequence[int], shelf: _Shelf) -> list[int]:
    """Return how many columns each group of a shelf has."""
    return [-(-count // shelf.rows) for count in counts[shelf.first : shelf.last]]


def _width(columns: Sequence[int], size: tuple[float, float]) -> float:
    across = size[0] + GAP[0]
    return sum(many * across - GAP[0] + 2 * PAD + _BETWEEN for many in columns) - _BETWEEN


def _ugliness(layout: _Layout, counts: Sequence[int], size: tuple[float, float]) -> float:
    """Say how far a layout is from a page that is well filled."""
    _, frames, width, height = layout
    used = sum(counts) * (size[0] + GAP[0]) * (size[1] + GAP[1])
    slender = sum(
        count * max(0.0, math.log(frame.height / frame.width / _SLENDER))
        for count, frame in zip(counts, frames, strict=True)
    )
    return (
        abs(math.log(width / height / _ASPECT))
        + 1
        - used / (width * height)
        + 1.6 * slender / sum(counts)
    )


def _settled(
    groups: Sequence[Sequence[int]], cells: Sequence[Sequence[Box]], links: Sequence[Link]
) -> dict[int, Box]:
    every = [cell for some in cells for cell in some]
    costs = _Costs(every, links)
    starts = (_as_written, _by_distance(links), _backwards)
    tried = [_Places(groups, cells, order, costs) for order in starts]
    for one in tried:
        one.settle()
    best = min(tried, key=lambda one: one.total())
    return {node: every[cell] for node, cell in best.cell_of.items()}


def _as_written(group: Sequence[int]) -> list[int]:
    return list(group)


def _backwards(group: Sequence[int]) -> list[int]:
    return list(reversed(group))


def _by_distance(links: Sequence[Link]) -> Callable[[Sequence[int]], list[int]]:
    """Return an order: by how many ways a node is from what nothing leads to."""
    targets = {link.target for link in links}
    far = {link.source: 0 for link in links if link.source not in targets}
    trail = list(far)
    for node in trail:
        for link in links:
            if link.source == node and link.target not in far:
                far[link.target] = far[node] + 1
                trail.append(link.target)
    return lambda group: sorted(group, key=lambda node: (far.get(node, 0), node))


class _Costs:
    """What a line costs from cell to cell, and how much each line counts."""

    def __init__(self, cells: Sequence[Box], links: Sequence[Link]) -> None:
        self.table = [[0] * len(cells) for _ in cells]
        for one, other in combinations(range(len(cells)), 2):
            middles = cells[one].middle, cells[other].middle
            between = (cell for place, cell in enumerate(cells) if place not in (one, other))
            behind = _BEHIND * sum(_crosses(*middles, cell) for cell in between)
            self.table[one][other] = behind + _length(*middles)
            self.table[other][one] = behind + _length(*reversed(middles))
        self.links = [(a, b, round(100 * math.sqrt(share))) for a, b, share in links if a != b]


def _length(here: tuple[float, float], there: tuple[float, float]) -> int:
    """Say how long a line seems: more to the left, or up."""
    across, down = there[0] - here[0], there[1] - here[1]
    return round(math.hypot(across, 1.3 * down) + _BACK * max(0, -across) + _UP * max(0, -down))


def _crosses(start: tuple[float, float], end: tuple[float, float], box: Box) -> bool:
    """Tell whether a straight line passes through a box."""
    low, high = 0.0, 1.0
    for at, to, least, size in (
        (start[0], end[0], box.x, box.width),
        (start[1], end[1], box.y, box.height),
    ):
        if at == to:
            if not least <= at <= least + size:
                return False
            continue
        first, second = sorted(((least - at) / (to - at), (least + size - at) / (to - at)))
        low, high = max(low, first), min(high, second)
    return low < high


class _Places:
    """Nodes in cells, while they are looking for better ones."""

    def __init__(
        self,
        groups: Sequence[Sequence[int]],
        cells: Sequence[Sequence[Box]],
        order: Callable[[Sequence[int]], list[int]],
        costs: _Costs,
    ) -> None:
        self.costs = costs
        self.node_in: list[int | None] = []
        self.bounds: list[tuple[int, int]] = []
        for place, (group, some) in enumerate(zip(groups, cells, strict=True)):
            kept = 0 if place else 1
            free = [None] * (len(some) - len(group))
            first = len(self.node_in) + kept
            middle = order(group[kept : len(group) - kept])
            self.node_in += [*group[:kept], *middle, *free, *group[len(group) - kept :]]
            self.bounds.append((first, len(self.node_in) - kept))
        self.cell_of = {node: cell for cell, node in enumerate(self.node_in) if node is not None}
        self.ways: dict[int | None, list[tuple[int, int, int]]] = {None: []}
        for node in self.cell_of:
            self.ways[node] = [link for link in costs.links if node in link[:2]]

    def settle(self) -> None:
        """Swap two cells of a group as long as that makes the lines better."""
        for _ in range(_SWEEPS):
            better = False
            for first, last in self.bounds:
                for one in range(first, last):
                    for other in range(one + 1, last):
                        better |= self._improved(one, other)
            if not better:
                return

    def _improved(self, one: int, other: int) -> bool:
        before = self._around(one, other)
        self._swap(one, other)
        if self._around(one, other) < before:
            return True
        self._swap(one, other)
        return False

    def _swap(self, one: int, other: int) -> None:
        nodes = self.node_in
        nodes[one], nodes[other] = nodes[other], nodes[one]
        for cell in (one, other):
            if (node := nodes[cell]) is not None:
                self.cell_of[node] = cell

    def _around(self, one: int, other: int) -> int:
        return self._cost(self.ways[self.node_in[one]]) + self._cost(self.ways[self.node_in[other]])

    def _cost(self, links: Sequence[tuple[int, int, int]]) -> int:
        table, cell_of = self.costs.table, self.cell_of
        return sum(weight * table[cell_of[a]][cell_of[b]] for a, b, weight in links)

    def total(self) -> int:
        """Return what all lines cost."""
        return self._cost(self.costs.links)
