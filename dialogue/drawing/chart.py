"""What is drawn of a graph: nodes with titles, groups of them, and ways with their shares."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from dialogue.drawing.words import words
from dialogue.graph import END
from dialogue.report import visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogue.drawing.words import Words
    from dialogue.edge import Edge
    from dialogue.graph import Graph

Kind: TypeAlias = Literal["start", "unit", "end"]

# So many ways to one node, or from one, can be followed as lines in any graph; in large ones so
# many for each node. What fans out crosses all that is on its way.
_FEW_IN, _FEW_OUT, _MANY = 12, 8, 0.2
_SINKS, _SOURCES = 5, 3
_MAIN = 0.2
_NONCHARACTERS = str.maketrans({"\ufffe": "\ufffd", "\uffff": "\ufffd"})


@dataclass(frozen=True, slots=True)
class Node:
    """A unit, the start or the end. `name` is unique in the chart."""

    name: str
    title: str
    kind: Kind
    phase: str | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """All edges between two nodes, which it has by their number.

    `share` is how likely it is to be taken where no condition closes a way; `terms` are the weight
    and the condition of each edge, "" for none.
    """

    source: int
    target: int
    share: float
    terms: tuple[tuple[float, str], ...]

    @property
    def weight(self) -> float:
        """The weights of its edges together."""
        return math.fsum(weight for weight, _ in self.terms)

    @property
    def when(self) -> str:
        """The condition that it is open under, "" if there is none."""
        conditions = [when for _, when in self.terms]
        if not all(conditions):
            return ""
        return (
            conditions[0] if len(conditions) == 1 else " or ".join(f"({one})" for one in conditions)
        )


@dataclass(frozen=True)
class Chart:
    """A graph as it is drawn: the first node is the start and the last the end."""

    name: str
    title: str
    language: str
    words: Words
    nodes: tuple[Node, ...]
    ways: tuple[Way, ...]
    phases: tuple[str, ...] = ()

    @classmethod
    def of(cls, graph: Graph) -> Chart:
        """Return what is drawn of a graph; what titles hide is spelled out."""
        told = words(graph.domain.locale)
        phases = {name: title for title, names in graph.phases.items() for name in names}
        units = [
            Node(name, shown(unit.title), "unit", _phase(phases.get(name)))
            for name, unit in zip(graph.edges, graph.units, strict=True)
        ]
        nodes = (
            Node(_free("start", graph.edges), told.start, "start"),
            *units,
            Node(END, told.end, "end"),
        )
        number = {node.name: place for place, node in enumerate(nodes)}
        ways = list(_ways(0, graph.start.edges, number))
        for name, out in graph.edges.items():
            ways += _ways(number[name], out.edges, number)
        language = graph.domain.locale.replace("_", "-")
        groups = tuple(dict.fromkeys(shown(title) for title in graph.phases))
        return cls(graph.name, shown(graph.title), language, told, nodes, tuple(ways), groups)

    @cached_property
    def sinks(self) -> tuple[int, ...]:
        """The nodes that so many ways lead to that lines would hide all others."""
        return self._crowded([way.target for way in self.ways], _FEW_IN, _SINKS)

    @cached_property
    def sources(self) -> tuple[int, ...]:
        """The nodes that lead to so many others; only their main ways are drawn as lines."""
        kept = [way.source for way in self.ways if way.target not in self.sinks]
        return self._crowded(kept, _FEW_OUT, _SOURCES)

    def _crowded(self, ends: list[int], few: int, limit: int) -> tuple[int, ...]:
        counts = Counter(ends)
        most = max(few, _MANY * len(self.nodes))
        found = sorted((-count, node) for node, count in counts.items() if count > most)
        return tuple(sorted(node for _, node in found[:limit]))

    @cached_property
    def lines(self) -> tuple[Way, ...]:
        """The ways that are drawn as lines, the likeliest last."""
        kept = [
            way
            for way in self.ways
            if way.target not in self.sinks
            and (way.source not in self.sources or way.share >= _MAIN)
        ]
        return tuple(sorted(kept, key=lambda way: (way.share, way.source, way.target)))

    def out_of(self, node: int) -> tuple[Way, ...]:
        """Return the ways on from a node, the likeliest first."""
        return tuple(sorted((w for w in self.ways if w.source == node), key=lambda w: -w.share))


def _ways(source: int, edges: tuple[Edge, ...], number: Mapping[str, int]) -> list[Way]:
    terms: dict[int, list[tuple[float, str]]] = defaultdict(list)
    for edge in edges:
        target = number[END if edge.unit is None else edge.unit.name]
        terms[target].append((edge.weight, shown(edge.when.source) if edge.when else ""))
    total = math.fsum(edge.weight for edge in edges)
    return [
        Way(source, target, math.fsum(weight for weight, _ in some) / total, tuple(some))
        for target, some in terms.items()
    ]


def _phase(title: str | None) -> str | None:
    return None if title is None else shown(title)


def _free(name: str, taken: Mapping[str, object]) -> str:
    while name in taken:
        name += "_"
    return name


def shown(text: str) -> str:
    """Return a text in one line, without what XML cannot hold."""
    return visible(" ".join(text.split())).translate(_NONCHARACTERS)
