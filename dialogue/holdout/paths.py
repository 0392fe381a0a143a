"""Paths held out: a graph in, the split of every pair of consecutive units out.

The n-grams of walks that splits share none of are pairs: with longer ones, dev could hold nearly
all of a walk of train. Start and end are no part of them: every split begins and ends as it likes.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING

from dialogue.compiler.reach import distances
from dialogue.edge import Edge, placed
from dialogue.problem import ContentError, Position, Problem
from dialogue.turn import CallTurn, SetTurn
from dialogue.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dialogue.edge import Ways
    from dialogue.graph import Graph
    from dialogue.split import Splits
    from dialogue.unit import Unit

LEAST = 2
"""Pairs that every split must be able to walk."""

WALKS = 100
"""Walks that tell how usual a pair is."""

_TRIES = 60


@dataclass(frozen=True, slots=True)
class Roads:
    """The ways of a graph that a split has, all leading to the end."""

    start: tuple[Edge, ...]
    edges: Mapping[str, tuple[Edge, ...]]

    @property
    def pairs(self) -> frozenset[str]:
        """The pairs of units that can be walked."""
        return frozenset(
            pair(name, edge.unit.name)
            for name, ways in self.edges.items()
            for edge in ways
            if edge.unit is not None
        )


@dataclass(frozen=True, slots=True)
class PathAxis:
    """The roads of every split."""

    roads: Mapping[str, Roads]

    def graph(self, graph: Graph, units: Mapping[str, Unit], split: str) -> Graph:
        """Return a graph as a split walks it, over these units."""
        roads = self.roads[split]
        edges = {name: _over(ways, units) for name, ways in roads.edges.items()}
        far = distances(edges)
        return replace(
            graph,
            start=placed(_over(roads.start, units), far),
            edges={name: placed(ways, far) for name, ways in edges.items()},
        )


def pair(unit: str, following: str) -> str:
    """Name a pair of consecutive units."""
    return f"{unit} → {following}"


def _over(edges: Sequence[Edge], units: Mapping[str, Unit]) -> tuple[Edge, ...]:
    return tuple(
        edge if edge.unit is None else replace(edge, unit=units[edge.unit.name]) for edge in edges
    )


def hold_out_paths(graph: Graph, splits: Splits) -> PathAxis:
    """Give every pair of units to one split; raises ContentError where one would have too few.

    Of some arrangements the one is taken in which the split with most weight can walk most scenes
    and visit most units, then that in which the others walk in most different ways.
    """
    at = Position(str(graph.path))
    whole = _roads(graph, None)
    if whole is None or not whole.pairs or graph.longest < LEAST:
        what = f"walks of '{graph.name}' visit one unit: it has no path to hold out"
        raise ContentError([Problem(at, what, "leave path out of --hold-out")])
    heaviest = _heaviest(splits)
    able: list[tuple[tuple[int, int], dict[str, Roads]]] = []
    usual = _usual(graph)
    for salt in range(_TRIES):
        homes = _Growth(graph, whole, usual, splits, salt).homes()
        found = {
            name: _roads(graph, {one for one, home in homes.items() if home == name})
            for name in splits.names
        }
        roads: dict[str, Roads] = {
            name: one for name, one in found.items() if one and len(one.pairs) >= LEAST
        }
        if len(roads) == len(splits.names):
            main = roads[heaviest]
            able.append(((_scenes(graph, main.pairs), len(main.edges)), roads))
    if not able:
        many = f"{len(whole.pairs)} pair{'' if len(whole.pairs) == 1 else 's'}"
        what = (
            f"'{graph.name}' has {many} of units in a row: {len(splits.names)} splits cannot walk"
        )
        fix = "add edges between its units, or leave path out of --hold-out"
        raise ContentError([Problem(at, f"{what} {LEAST} each", fix)])
    # To walk takes long: only those are walked that the first rule leaves.
    most = max(score for score, _ in able)
    least, best = (-1, 0.0), able[0][1]
    for roads in (roads for score, roads in able if score == most):
        axis = PathAxis(roads)
        various: list[int] = []
        for name in splits.names:
            if name != heaviest and min(various, default=least[0]) >= least[0]:
                split = axis.graph(graph, graph.domain.units, name)
                various.append(_variety(split, least[0]))
        shares = (
            len(one.edges) / len(whole.edges) + _start(one, graph.start, graph.shortest)
            for one in roads.values()
        )
        score = min(various, default=0), sum(shares)
        if score > least:
            least, best = score, roads
    return PathAxis(best)


def _usual(graph: Graph) -> Counter[str]:
    """Count the pairs of some walks: guards decide how often a way is open, not weights alone."""
    found = Counter[str]()
    for names in _walks(graph):
        found.update({pair(*two) for two in pairwise(names)})
    return found


def _variety(graph: Graph, least: int) -> int:
    """Count the different ones of some walks, as far as there can be `least`."""
    found = set()
    for number, names in enumerate(_walks(graph), 1):
        found.add(names)
        if len(found) + WALKS - number < least:
            break
    return len(found)


def _walks(graph: Graph) -> Iterator[tuple[str, ...]]:
    """Walk some times; yield the units visited."""
    ways, values = random.Random(), graph.domain.rng
    for number in range(WALKS):
        ways.seed(f"ways/{number}")
        values.seed(f"values/{number}")
        moment = graph.domain.clock.at(random.Random(f"clock/{number}").getrandbits(128))
        yield tuple(unit.name for unit in walk(graph, moment, ways, values).walk)


def _heaviest(splits: Splits) -> str:
    return max(splits.names, key=splits.weight)


class _Growth:
    """Lets each split grow its pairs from the start, so that it can walk what it has.

    The lightest grows first; what is left is for the heaviest. A salt makes the order.
    """

    def __init__(
        self, graph: Graph, whole: Roads, usual: Counter[str], splits: Splits, salt: int
    ) -> None:
        self.usual = usual
        self.splits = splits
        self.start = [edge.unit.name for edge in whole.start if edge.unit]
        self.ways = {
            name: {e.unit.name for e in ways if e.unit} for name, ways in whole.edges.items()
        }
        # What the heaviest should keep: a way on that is always open, its scenes, and the most
        # usual way to every unit, or some of dev's would be there that train never has.
        self.sure = {
            name: {e.unit.name for e in ways if e.unit and e.when is None and e.sure}
            for name, ways in whole.edges.items()
        }
        # From these a split needs a pair that is sure, to come to the end.
        self.endless = {
            name
            for name, ways in whole.edges.items()
            if not any(e.unit is None and e.when is None for e in ways)
        }
        self.kept = {pair(*two) for scene in graph.scenes for two in pairwise(scene.path)}
        self.kept.update(self.main_ways())
        self.late = {one: self.lateness(one, salt) for one in sorted(whole.pairs)}
        self.given: dict[str, str] = {}

    def main_ways(self) -> Iterator[str]:
        """Yield the most usual pair to every unit that no walk begins with."""
        for unit in self.ways.keys() - set(self.start):
            ways = [pair(name, unit) for name, to in self.ways.items() if unit in to - {name}]
            if ways:
                yield max(ways, key=lambda one: (self.usual[one], one))

    def homes(self) -> dict[str, str]:
        """Return the split of every pair."""
        pairs = list(self.late)
        total = sum(self.splits.weights)
        heaviest = _heaviest(self.splits)
        for name in sorted(self.splits.names, key=self.splits.weight):
            if name != heaviest:
                self.grow(name, max(LEAST, round(len(pairs) * self.splits.weight(name) / total)))
        return {one: self.given.get(one, heaviest) for one in pairs}

    def grow(self, split: str, quota: int) -> None:
        # The next pair of every unit that was reached; to give one changes that of its unit alone.
        following = {name: self.following(split, name) for name in self.start}
        for _ in range(quota):
            free = [one for one in following.values() if one is not None]
            if not free:
                return
            *_, name, unit = min(free)
            self.given[pair(name, unit)] = split
            following[name] = self.following(split, name)
            if unit not in following:
                following[unit] = self.following(split, unit)

    def following(self, split: str, name: str) -> tuple[bool, bool, bool, float, str, str] | None:
        """Return the free pair of a unit that a split should have next, after what ranks it.

        There is none where the unit has no end, and one sure way on is left: it stays.
        """
        sure = self.sure[name]
        led = any(self.given.get(pair(name, other)) == split for other in sure)
        leading = sure if name in self.endless and not led else set()
        free = {unit: pair(name, unit) for unit in self.ways[name]}
        free = {unit: one for unit, one in free.items() if one not in self.given}
        left = sure & free.keys()
        if leading and len(left) <= 1:
            return None
        return min(
            (
                (unit not in leading, one in self.kept, left == {unit}, self.late[one], name, unit)
                for unit, one in free.items()
            ),
            default=None,
        )

    def lateness(self, one: str, salt: int) -> float:
        """Return how late a pair comes: sooner what walks take more often, as if by weight."""
        digest = hashlib.blake2b(f"{salt}/{one}".encode(), digest_size=8).digest()
        return -log((int.from_bytes(digest, "big") + 1) / 2**64) / (self.usual[one] + 1 / WALKS)


def _scenes(graph: Graph, pairs: frozenset[str]) -> int:
    """Return how many scenes can be walked over some pairs."""
    return sum(
        pairs.issuperset(pair(*two) for two in pairwise(scene.path)) for scene in graph.scenes
    )


def _start(roads: Roads, whole: Ways, shortest: int) -> float:
    """Return the share of the start from which walks are sure to be as long as they should."""
    sure = {
        name: [e for e in ways if e.when is None and e.sure] for name, ways in roads.edges.items()
    }
    longest = _longest(sure, shortest)
    able = (e.weight for e in roads.start if e.unit and longest[e.unit.name] >= shortest)
    return sum(able) / whole.bounds[-1]


def _roads(graph: Graph, kept: set[str] | None) -> Roads | None:
    """Return what can be walked over the kept pairs (all of them for None), if anything can."""
    edges = {
        name: [
            edge
            for edge in ways.edges
            if edge.unit is None or kept is None or pair(name, edge.unit.name) in kept
        ]
        for name, ways in graph.edges.items()
    }
    far = distances(edges)
    edges = {
        name: [edge for edge in ways if edge.unit is None or edge.unit.name in far]
        for name, ways in edges.items()
        if name in far
    }
    start = [edge for edge in graph.start.edges if edge.unit and edge.unit.name in edges]
    looked_up = [*graph.domain.names.results, *graph.domain.names.sets]
    opened = _opened(start, edges, looked_up)
    able = _long_enough(start, opened, graph.shortest)
    edges = opened if able == start else _opened(able, edges, looked_up)
    start = able
    if not any(e.unit and e.unit.always_open and far[e.unit.name] < graph.longest for e in start):
        return None
    return Roads(tuple(start), {name: tuple(ways) for name, ways in edges.items()})


def _opened(
    start: Sequence[Edge], edges: Mapping[str, Sequence[Edge]], looked_up: Iterable[str]
) -> dict[str, list[Edge]]:
    """Return the units that can be reached, each with the ways that may be open.

    A way is closed for good where nothing on the way to it binds what it, or its unit, asks for of
    what is `looked_up`.
    """
    # Sets of names are bits of a number: this runs some hundred times.
    bits = {name: 1 << number for number, name in enumerate(dict.fromkeys(looked_up))}

    def marked(names: Iterable[str]) -> int:
        return sum(bits[name] for name in frozenset(names) if name in bits)

    units = {e.unit.name: e.unit for ways in (start, *edges.values()) for e in ways if e.unit}
    results = {name: marked(unit.results) for name, unit in units.items()}
    binds = {name: marked(_binds(unit)) for name, unit in units.items()}

    def asked(edge: Edge) -> int:
        guard = marked(edge.when.implies) if edge.when else 0
        return guard | results[edge.unit.name] if edge.unit else guard

    asks = {name: [(edge, asked(edge)) for edge in ways] for name, ways in edges.items()}
    following = {
        name: [(edge.unit.name, wanted) for edge, wanted in ways if edge.unit]
        for name, ways in asks.items()
    }
    bound: dict[str, int] = {}
    trail = [(edge.unit.name, 0) for edge in start if edge.unit and not edge.unit.results]
    while trail:
        name, known = trail.pop()
        known |= bound.get(name, 0) | binds[name]
        if bound.get(name) != known:
            bound[name] = known
            trail += [
                (unit, known)
                for unit, wanted in following[name]
                if known & wanted == wanted and (unit not in bound or known & ~bound[unit])
            ]
    return {
        name: [edge for edge, wanted in ways if bound[name] & wanted == wanted]
        for name, ways in asks.items()
        if name in bound
    }


def _binds(unit: Unit) -> frozenset[str]:
    """Return the results and names that a visit may bind."""
    calls = frozenset(turn.result for turn in unit.turns if isinstance(turn, CallTurn))
    return calls.union(*(turn.faces for turn in unit.turns if isinstance(turn, SetTurn)))


def _long_enough(
    start: Sequence[Edge], edges: Mapping[str, Sequence[Edge]], shortest: int
) -> list[Edge]:
    """Return where walks may begin that can be as long as they should; all where none can."""
    longest = _longest(edges, shortest)
    there = [edge for edge in start if edge.unit and edge.unit.name in edges]
    able = [edge for edge in there if edge.unit and longest[edge.unit.name] >= shortest]
    return able if any(edge.unit and edge.unit.always_open for edge in able) else there


def _longest(edges: Mapping[str, Sequence[Edge]], most: int) -> dict[str, int]:
    """Return for each unit how many units a walk from it may visit, up to `most`."""
    longest = dict.fromkeys(edges, 1)
    for _ in range(most - 1):
        longest = {
            name: 1 + max((longest[edge.unit.name] for edge in ways if edge.unit), default=0)
            for name, ways in edges.items()
        }
    return longest
