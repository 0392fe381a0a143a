"""A graph and the axes to hold out in, the graph of every split out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dialogue.compiler.units import varies
from dialogue.edge import placed
from dialogue.holdout.paths import PathAxis, hold_out_paths
from dialogue.holdout.phrasings import PhrasingAxis, hold_out_phrasings
from dialogue.holdout.values import RedrawnKind, ValueAxis, hold_out_values, narrow_slots
from dialogue.play import Play
from dialogue.problem import ContentError, Problem, gathered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogue.edge import Ways
    from dialogue.graph import Graph
    from dialogue.split import HoldOut, Split, Splits
    from dialogue.unit import Unit


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What each split has for itself; an axis that is not held out is None, or no value axis."""

    splits: Splits
    phrasing: PhrasingAxis | None
    values: tuple[ValueAxis, ...]
    path: PathAxis | None
    graphs: Mapping[Split, Graph]


def held_out(graph: Graph, splits: Splits, option: HoldOut) -> HeldOut:
    """Share out what is held out, once for a graph; raises ContentError with all problems.

    It is a function of the graph and the options, never of a seed.
    """
    key = (splits, option)
    if key not in graph.held_out:
        graph.held_out[key] = _held_out(graph, splits, option)
    found: HeldOut = graph.held_out[key]
    return found


def _held_out(graph: Graph, splits: Splits, option: HoldOut) -> HeldOut:
    option.demand_splits(splits)
    phrasing: PhrasingAxis | None = None
    values: tuple[ValueAxis, ...] = ()
    path: PathAxis | None = None
    problems: list[Problem] = []
    units = _reached(graph)
    if option.phrasing:
        with gathered(problems):
            phrasing = hold_out_phrasings(units, graph.behaviours, graph.domain, splits)
    if option.values:
        with gathered(problems):
            values = hold_out_values(option.values, units, graph.domain, splits)
    if option.path:
        with gathered(problems):
            path = _path_axis(graph, splits)
    if problems:
        raise ContentError(problems)
    graphs = {name: _narrowed(graph, units, phrasing, values, path, name) for name in splits.names}
    for one in graphs.values():
        with gathered(problems):
            _try_draws(one)
    if problems:
        raise ContentError(problems)
    return HeldOut(splits, phrasing, values, path, graphs)


def _path_axis(graph: Graph, splits: Splits) -> PathAxis:
    """Hold paths out, once for a graph: it takes long, and the other axes do not matter to it."""
    key = (splits, "path")
    if key not in graph.held_out:
        graph.held_out[key] = hold_out_paths(graph, splits)
    found: PathAxis = graph.held_out[key]
    return found


def _reached(graph: Graph) -> list[Unit]:
    """Return the units that walks may visit, in the order of the graph's file."""
    reached: set[str] = set()
    trail = [edge.unit.name for edge in graph.start.edges if edge.unit]
    while trail:
        name = trail.pop()
        if name not in reached:
            reached.add(name)
            trail += [edge.unit.name for edge in graph.edges[name].edges if edge.unit]
    return [unit for unit in graph.units if unit.name in reached]


def _narrowed(
    graph: Graph,
    reached: list[Unit],
    phrasing: PhrasingAxis | None,
    values: tuple[ValueAxis, ...],
    path: PathAxis | None,
    split: str,
) -> Graph:
    """Return a graph as a split walks it."""
    domain = graph.domain
    slots = narrow_slots(domain.names.slots, values, split)
    units = {**domain.units}
    for unit in reached:
        narrow = phrasing.unit(unit, split) if phrasing else unit
        units[unit.name] = replace(narrow, varies=varies(narrow, slots))
    domain = replace(domain, names=replace(domain.names, slots=slots), units=units)
    behaviours = graph.behaviours
    if phrasing is not None:
        behaviours = phrasing.behaviours(behaviours, split)
    narrowed = replace(graph, domain=domain, behaviours=behaviours, held_out={})
    if path is not None:
        return path.graph(narrowed, units, split)
    edges = {unit.name: _over(graph.edges[unit.name], units) for unit in reached}
    return replace(narrowed, start=_over(graph.start, units), edges=edges)


def _over(ways: Ways, units: Mapping[str, Unit]) -> Ways:
    """Return ways over other units of the same names; none of them closes where it did not."""
    edges = [
        edge if edge.unit is None else replace(edge, unit=units[edge.unit.name])
        for edge in ways.edges
    ]
    return placed(edges, {edge.unit.name: edge.distance for edge in edges if edge.unit})


def _try_draws(graph: Graph) -> None:
    """Draw what may have no value for a split once, so that it is told before a run begins."""
    domain = graph.domain
    problems: list[Problem] = []
    for slot in domain.names.slots.values():
        if isinstance(slot.kind, RedrawnKind):
            domain.rng.seed(0)
            with gathered(problems):
                Play(domain, domain.clock.at(0), domain.rng).draw(slot)
    if problems:
        raise ContentError(problems)
