"""How lines run between boxes: cubic curves that keep out of other boxes where they can."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise, product
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from dialogue.drawing.grid import Box

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dialogue.drawing.grid import Link

Point: TypeAlias = tuple[float, float]

_SIDES: Mapping[str, Point] = {"right": (1, 0), "bottom": (0, 1), "top": (0, -1), "left": (-1, 0)}
_REACH = (0.3, 0.5, 0.8)
"""How far a curve goes straight on from a box, as shares of its length."""
_TILE = (12, 6)
_HIT, _BUSY, _TURN = 60, 1.5, 110
_MARGIN, _ROOM = 3, 20
_SPREAD, _APART = 0.72, 15
_LOOP = (-0.22, 0.4)


class Curve(NamedTuple):
    """A cubic curve: its beginning, two handles, its end."""

    start: Point
    out: Point
    into: Point
    end: Point

    def points(self) -> list[Point]:
        """Return points along the way, without its ends."""
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = self
        return [
            (a * ax + b * bx + c * cx + d * dx, a * ay + b * by + c * cy + d * dy)
            for a, b, c, d in _STEPS
        ]


_PIECES = 24
_STEPS = tuple(
    ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    for t in (step / _PIECES for step in range(1, _PIECES))
)


@dataclass(frozen=True, slots=True)
class _Choice:
    """The sides that a line leaves and enters by, and how far it goes straight on."""

    out: str
    into: str
    reach: float


def routed(
    boxes: Mapping[int, Box], links: Sequence[Link], kept_free: Iterable[Box]
) -> list[Curve]:
    """Return a curve for each link; those that count most choose first.

    Headings and the like are `kept_free` as boxes are.
    """
    edge = _edge(boxes)
    tiles = _tiles(boxes, kept_free)
    busy: Counter[tuple[int, int]] = Counter()
    choices: dict[int, _Choice] = {}
    order = sorted(range(len(links)), key=lambda number: -links[number].share)
    for number in order:
        choices[number] = _choice(boxes, links[number], tiles, busy, edge)
    return _spread(boxes, links, choices)


def _edge(boxes: Mapping[int, Box]) -> Box:
    """Return what all boxes take together, with some room around them."""
    left, top = min(box.x for box in boxes.values()), min(box.y for box in boxes.values())
    right = max(box.x + box.width for box in boxes.values())
    bottom = max(box.y + box.height for box in boxes.values())
    return Box(left, top, right - left, bottom - top).wider(_ROOM)


def _tiles(boxes: Mapping[int, Box], kept_free: Iterable[Box]) -> dict[tuple[int, int], int]:
    """Return which tile of the picture is taken by which node; -1 is something else."""
    found: dict[tuple[int, int], int] = {}
    wide, high = _TILE
    for node, box in [*((-1, box) for box in kept_free), *boxes.items()]:
        x, y, width, height = box.wider(_MARGIN)
        columns = range(int(x // wide), int((x + width) // wide) + 1)
        rows = range(int(y // high), int((y + height) // high) + 1)
        for tile in product(columns, rows):
            found[tile] = node
    return found


def _choice(
    boxes: Mapping[int, Box],
    link: Link,
    tiles: Mapping[tuple[int, int], int],
    busy: Counter[tuple[int, int]],
    edge: Box,
) -> _Choice:
    best: tuple[float, _Choice, list[tuple[int, int]]] | None = None
    own, (wide, high) = (link.source, link.target), _TILE
    if link.source == link.target:
        return _Choice("right", "top", 0)
    for out, into, reach in product(_SIDES, _SIDES, _REACH):
        choice = _Choice(out, into, reach)
        points = _curve(boxes, link, choice).points()
        cost = sum(math.dist(*pair) for pair in pairwise(points))
        cost += _TURN * _turned(boxes[link.source].middle, boxes[link.target].middle, choice)
        if best is not None and cost >= best[0]:
            continue
        passed = [(int(x // wide), int(y // high)) for x, y in points]
        for place, (tile, point) in enumerate(zip(passed, points, strict=True)):
            node = tiles.get(tile)
            # Behind its own boxes nobody sees it, but for its very ends.
            if node is not None and (node not in own or 3 <= place < _PIECES - 4):
                cost += _HIT
            if not edge.holds(point):
                cost += _HIT
            cost += _BUSY * busy[tile]
        if best is None or cost < best[0]:
            best = cost, choice, passed
    assert best is not None
    busy.update(dict.fromkeys(best[2], 1))
    return best[1]


def _turned(here: Point, there: Point, choice: _Choice) -> float:
    """Say how far a line sets out, and arrives, against the direction of where it goes."""
    x, y = there[0] - here[0], there[1] - here[1]
    (a, b), (c, d) = _SIDES[choice.out], _SIDES[choice.into]
    return (max(0.0, -a * x - b * y) + max(0.0, c * x + d * y)) / math.hypot(x, y)


def _curve(
    boxes: Mapping[int, Box], link: Link, choice: _Choice, at: tuple[float, float] = (0, 0)
) -> Curve:
    """Return a curve; `at` shifts its ends along their sides, from -0.5 to 0.5."""
    start = _port(boxes[link.source], choice.out, at[0])
    end = _port(boxes[link.target], choice.into, at[1])
    far = max(26.0, min(choice.reach * math.dist(start, end), 220.0))
    (a, b), (c, d) = _SIDES[choice.out], _SIDES[choice.into]
    return Curve(
        start,
        (start[0] + a * far, start[1] + b * far),
        (end[0] + c * far, end[1] + d * far),
        end,
    )


def _port(box: Box, side: str, shift: float) -> Point:
    x, y = box.middle
    across, down = _SIDES[side]
    if across:
        return x + across * box.width / 2, y + shift * box.height
    return x + shift * box.width, y + down * box.height / 2


def _spread(
    boxes: Mapping[int, Box], links: Sequence[Link], choices: Mapping[int, _Choice]
) -> list[Curve]:
    """Give the lines of one side places of their own, in the order of where they go."""
    ends: dict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
    for number, link in enumerate(links):
        if link.source == link.target:
            continue
        ends[link.source, choices[number].out].append((number, 0))
        ends[link.target, choices[number].into].append((number, 1))
    shifts: dict[tuple[int, int], float] = {}
    for (node, side), some in ends.items():
        axis = 1 if _SIDES[side][0] else 0

        def seen(end: tuple[int, int], node: int = node, axis: int = axis) -> tuple[float, int]:
            number, which = end
            link = links[number]
            other = boxes[link.source if which else link.target].middle
            here = boxes[node].middle
            away = abs(other[1 - axis] - here[1 - axis]) + 40
            return (other[axis] - here[axis]) / away, number

        for place, end in enumerate(sorted(some, key=seen)):
            apart = min(_SPREAD / len(some), _APART / boxes[node][3 if axis else 2])
            shifts[end] = apart * (place + 0.5 - len(some) / 2)
    found = []
    for number, link in enumerate(links):
        out, into = shifts.get((number, 0), _LOOP[0]), shifts.get((number, 1), _LOOP[1])
        if _straight(boxes, link, choices[number]):
            out = into = (out + into) / 2
        found.append(_curve(boxes, link, choices[number], (out, into)))
    return found


def _straight(boxes: Mapping[int, Box], link: Link, choice: _Choice) -> bool:
    """Tell whether a line runs between boxes that face each other."""
    axis = 1 if _SIDES[choice.out][0] else 0
    opposite = {choice.out, choice.into} in ({"left", "right"}, {"top", "bottom"})
    return opposite and boxes[link.source][axis] == boxes[link.target][axis]
