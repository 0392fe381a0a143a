"""A walk over a graph, played: from start to end, one unit after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.outline import Outline
from dialogue.play import Play
from dialogue.player import Player

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from random import Random

    from dialogue.behaviours import Conduct
    from dialogue.edge import Edge, Ways
    from dialogue.graph import Graph
    from dialogue.step import Step
    from dialogue.unit import Unit


def walk(
    graph: Graph, now: datetime, ways: Random, values: Random, conduct: Conduct | None = None
) -> Outline:
    """Walk from start to end; `ways` chooses units and gives-sets, slots draw from `values`.

    `conduct` is what people do otherwise than the book says.
    """
    return _Walker(graph, now, ways, values, conduct).outline()


class _Walker:
    """Walks one session; `units` counts those that it has visited."""

    def __init__(
        self, graph: Graph, now: datetime, ways: Random, values: Random, conduct: Conduct | None
    ) -> None:
        self.graph = graph
        self.ways = ways
        self.play = Play(graph.domain, now, values)
        self.player = Player(self.play, ways, conduct, self)
        self.units = 0

    def outline(self) -> Outline:
        player = self.player
        step: Step | None = player.enter(self.start())
        while step is not None:
            self.units += 1
            player.visit(step)
            step = None if player.over else self.next(step.unit)
        del self.player  # which knows the walker: without that circle all is freed at once
        play = self.play
        return Outline(play.now, tuple(player.visits), tuple(player.moves), play.facts)

    def start(self) -> Unit:
        edge = self.choose(self.graph.start)
        assert edge is not None
        assert edge.unit is not None
        return edge.unit

    def next(self, unit: Unit) -> Step | None:
        """Choose what comes after a unit, or None for the end."""
        player = self.player
        if player.ahead is not None:
            step, player.ahead = player.ahead, None
            return step
        ways = self.graph.edges[unit.name]
        more = self.units < self.graph.shortest
        edge = self.choose(ways, further=more)
        if edge is None and more:
            edge = self.choose(ways)
        assert edge is not None, "check lets no unit without a way to the end pass"
        if edge.redraw:
            self.play.redraw(edge.redraw)
        return None if edge.unit is None else player.enter(edge.unit)

    def choose(self, ways: Ways, *, further: bool = False) -> Edge | None:
        """Choose by weight among the edges that are open, `further` ones not leading to the end.

        An edge is drawn first and then asked: to draw again among the rest when it is closed gives
        the same odds as to ask all first, and asks far fewer.
        """
        edge = ways.edges[ways.draw(self.ways)]
        if not (further and edge.unit is None) and self.is_open(edge):
            return edge
        left = [e for e in ways.edges if e is not edge and not (further and e.unit is None)]
        while left:
            point = self.ways.random() * sum([edge.weight for edge in left])
            for edge in left:
                point -= edge.weight
                if point < 0:
                    break
            if self.is_open(edge):
                return edge
            left = [one for one in left if one is not edge]
        return None

    def is_open(self, edge: Edge) -> bool:
        """Tell whether an edge can be taken now."""
        if edge.when is not None and not self.player.value(edge.when):
            return False
        if edge.unit is None:
            return True
        if self.units + 1 + edge.distance > self.graph.longest:
            return False
        return edge.sure or self.play.can_enter(edge.unit)

    # What behaviours may ask.

    def edges(self, unit: Unit) -> Iterable[Edge]:
        """Return the edges out of a unit."""
        return self.graph.edges[unit.name].edges

    def may_end(self) -> bool:
        """Tell whether enough units have been visited."""
        return self.units >= self.graph.shortest
