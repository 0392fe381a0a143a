"""What a graph must hold so that every walk can be finished and every name is bound when read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from dialogue.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dialogue.edge import Edge
    from dialogue.names import Names
    from dialogue.spec import GraphSpec
    from dialogue.spec.source import Source
    from dialogue.unit import Unit

_END = ""  # no unit has this name


def _is_sure(edge: Edge) -> bool:
    """Tell whether an edge is always open."""
    return edge.weight > 0 and edge.when is None and (edge.unit is None or edge.unit.always_open)


def distances(edges: Mapping[str, Sequence[Edge]]) -> dict[str, int]:
    """Return for each unit how many further units lie before the end, over edges that are sure."""
    sure: nx.DiGraph[str] = nx.DiGraph()
    sure.add_node(_END)
    for name, ways in edges.items():
        sure.add_node(name)
        for edge in ways:
            if _is_sure(edge):
                # Reversed, so that one search from the end finds all.
                sure.add_edge(_END if edge.unit is None else edge.unit.name, name)
    lengths = nx.single_source_shortest_path_length(sure, _END)
    return {name: length - 1 for name, length in dict(lengths).items() if name != _END}


def check_reach(
    source: Source,
    spec: GraphSpec,
    start: Sequence[Edge],
    edges: Mapping[str, Sequence[Edge]],
    far: Mapping[str, int],
    names: Names,
    problems: list[Problem],
    *,
    whole: bool,
) -> None:
    """Add a problem for each dead end, unreachable unit, impossible bound and unbound name.

    Units that are not reached are no problem where the graph is not `whole`: an option narrowed it.
    """
    for name in edges:
        if name not in far:
            what = f"no sure way leads from '{name}' to the end: {_reason(edges[name])}"
            fix = "add an edge without 'when' towards the end"
            problems.append(Problem(source.key(("edges", name)), what, fix))
    reached = _reached(start, edges)
    for name in edges:
        if whole and name not in reached:
            what, fix = f"no walk ever reaches '{name}'", "lead an edge to it, or remove it"
            problems.append(Problem(source.key(("edges", name)), what, fix))
    if not any(_is_sure(edge) for edge in start):
        what, fix = "every unit to start with may be closed", "add one that needs no result"
        problems.append(Problem(source.at(("start",)), what, fix))
    if problems:
        return
    problems.extend(_bounds(source, spec, start, edges, far))
    problems.extend(_closed(source, start, edges, reached))
    problems.extend(_unbound(start, edges, names))


def _reason(ways: Sequence[Edge]) -> str:
    if any(_is_sure(edge) for edge in ways):
        return "they go round in a circle"
    guarded = sum(edge.when is not None for edge in ways if edge.weight > 0)
    if guarded == sum(edge.weight > 0 for edge in ways):
        return "each has a 'when'"
    return "each has a 'when' or may be closed" if guarded else "each may be closed"


def _reached(start: Sequence[Edge], edges: Mapping[str, Sequence[Edge]]) -> set[str]:
    trail = [edge.unit.name for edge in start if edge.unit]
    reached: set[str] = set()
    while trail:
        name = trail.pop()
        if name not in reached:
            reached.add(name)
            trail += [e.unit.name for e in edges[name] if e.unit is not None and e.weight > 0]
    return reached


def _bounds(
    source: Source,
    spec: GraphSpec,
    start: Sequence[Edge],
    edges: Mapping[str, Sequence[Edge]],
    far: Mapping[str, int],
) -> Iterator[Problem]:
    low, high = spec.walk.units
    least = min(far[edge.unit.name] + 1 for edge in start if edge.unit and _is_sure(edge))
    at = source.at(("walk", "units"))
    if high < least:
        yield Problem(
            at,
            f"no walk is as short as {high}: the shortest visits {_units(least)}",
            f"raise the upper bound to {least}",
        )
    network: nx.DiGraph[str] = nx.DiGraph()
    network.add_nodes_from(edges)
    network.add_edges_from((n, e.unit.name) for n, ways in edges.items() for e in ways if e.unit)
    if nx.is_directed_acyclic_graph(network):
        most = nx.dag_longest_path_length(network, default_weight=1) + 1
        if low > most:
            yield Problem(
                at,
                f"no walk is as long as {low}: the longest visits {_units(most)}",
                f"lower the lower bound to {most}",
            )


def _units(count: int) -> str:
    return "1 unit" if count == 1 else f"{count} units"


def _closed(
    source: Source,
    start: Sequence[Edge],
    edges: Mapping[str, Sequence[Edge]],
    reached: set[str],
) -> Iterator[Problem]:
    ways = (start, *(edges[name] for name in reached))
    units = {edge.unit.name: edge.unit for leading in ways for edge in leading if edge.unit}
    binders: dict[str, set[str]] = {}
    for name, unit in units.items():
        for bound in unit.binds[-1]:
            binders.setdefault(bound, set()).add(name)
    for name, unit in units.items():
        for result in unit.results:
            before = {
                binder
                for binder in binders.get(result, set()) & reached
                if binder != name and name in _reached(edges[binder], edges)
            }
            if not before:
                yield Problem(
                    source.key(("edges", name)),
                    f"'{name}' never opens: no way to it binds '{result}'",
                    f"lead there from a unit that calls a tool as: {result}",
                )


def _unbound(
    start: Sequence[Edge], edges: Mapping[str, Sequence[Edge]], names: Names
) -> Iterator[Problem]:
    """Find names that are read where some walk has not bound them."""
    known = {name for slot in names.slots.values() if slot.into for name in slot.names}
    units = {e.unit.name: e.unit for ways in (start, *edges.values()) for e in ways if e.unit}
    lost = {name: _lost(unit, names) for name, unit in units.items()}
    for name, entered in _entering(start, edges, units, lost, names).items():
        unit = units[name]
        base = entered - lost[name]
        for read in unit.reads:
            bound = names.closed(base | unit.binds[read.turn] | read.implied | known)
            if read.name not in bound:
                yield Problem(
                    read.at,
                    f"'{read.name}' is not bound on every way that leads here",
                    f"add '{read.name}' to needs, or say it only when it is there",
                )


def _entering(
    start: Sequence[Edge],
    edges: Mapping[str, Sequence[Edge]],
    units: Mapping[str, Unit],
    lost: Mapping[str, frozenset[str]],
    names: Names,
) -> dict[str, frozenset[str]]:
    """Return for each unit that is reached what every way to it has bound.

    The usual forward analysis, which starts from "everything" and takes away until nothing changes.
    """
    entering: dict[str, frozenset[str]] = {}
    trail: list[tuple[str, frozenset[str]]] = [
        (edge.unit.name, frozenset()) for edge in start if edge.unit
    ]
    while trail:
        name, bound = trail.pop()
        before = entering.get(name)
        now = bound if before is None else before & bound
        if now == before:
            continue
        entering[name] = now
        leaving = (now - lost[name]) | units[name].binds[-1]
        for edge in edges[name]:
            if edge.unit is not None and edge.weight > 0:
                implied = edge.when.implies if edge.when else frozenset()
                there = (leaving | implied) - _given(edge.redraw, names)
                trail.append((edge.unit.name, there))
    return entering


def _lost(unit: Unit, names: Names) -> frozenset[str]:
    """Return what is no longer bound in a unit, which redraws and says some of it."""
    said = names.replaced(give for phrasing in unit.phrasings() for give in phrasing.gives)
    return _given(unit.redraw, names) | said


def _given(redrawn: Sequence[str], names: Names) -> frozenset[str]:
    return frozenset(give for name in redrawn for give in names.redrawn(name))
