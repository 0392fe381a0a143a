"""What a model must extract from the exchanges, the scenes and all of a session."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dialogue.domain import Domain
    from dialogue.graph import Graph
    from dialogue.outline import Outline
    from dialogue.unit import Unit

Given: TypeAlias = "tuple[int, str, str | None]"
"""Turn, slot or part, surface; without a surface it is said no longer."""


def targets(
    graph: Graph,
    outline: Outline,
    bounds: dict[int, list[int]],
    given: list[Given],
    turns: int,
) -> list[dict[str, Any]]:
    """Return the targets of a session of so many turns, exchanges first.

    `bounds` maps visits to their first turn and the one after their last; what was `given` comes in
    the order of turns. A visit without a turn is added to `bounds`.
    """
    at = 0
    for number in range(len(outline.visits)):  # one without a turn begins where the next does
        at = max(at, bounds.setdefault(number, [at, at])[1])

    def target(
        scope: str,
        name: str,
        stretch: Sequence[int],
        labels: Mapping[str, str] | None,
        units: Sequence[Unit] = (),
    ) -> dict[str, Any]:
        first, last = stretch
        said = given[bisect_left(given, (first,)) : bisect_left(given, (last,))]
        if said and units:
            said = _told(said, units, graph.domain)
        extracted = _extracted(said, labels, graph.domain) if said else {}
        return {"scope": scope, "name": name, "turns": [first, last], "target": extracted}

    found = [
        target(
            "exchange",
            visit.unit.name,
            bounds[number],
            graph.target_of(visit.unit),
            () if visit.unit.target is not None else (visit.unit,),
        )
        for number, visit in enumerate(outline.visits)
    ]
    walked = [number for number, visit in enumerate(outline.visits) if visit.parent is None]
    path = tuple([unit.name for unit in outline.walk])
    for scene in graph.scenes:
        length = len(scene.path)
        for first in range(len(path) - length + 1):
            if path[first] == scene.path[0] and path[first : first + length] == scene.path:
                begin, end = walked[first], walked[first + length - 1]
                stretch = bounds[begin][0], bounds[end][1]
                units = outline.walk[first : first + length] if scene.target is None else ()
                found.append(target("scene", scene.name, stretch, graph.target_of(scene), units))
    found.append(target("session", graph.name, (0, turns), graph.target))
    return found


def _told(said: list[Given], units: Sequence[Unit], domain: Domain) -> list[Given]:
    """Return what can be said in these units: what lies in between is of others."""
    tells = frozenset[str]().union(*(unit.tells for unit in units))
    if all(name in tells for _, name, _ in said):
        return said
    known = {domain.keys[name] for name in tells}
    return [one for one in said if domain.keys[one[1]] in known]


def _extracted(
    given: Sequence[Given],
    labels: Mapping[str, str] | None,
    domain: Domain,
) -> dict[str, str]:
    """Return what a model must extract: by the labels asked for, or all as it was last said.

    Slots that share a label and a role are one: the later said holds.
    """
    names = domain.labels if labels is None else domain.keys
    said: dict[str, str] = {}
    for _, slot, surface in given:
        name = names[slot]
        if surface is None:
            said.pop(name, None)
        else:
            said[name] = surface
    if labels is None:
        return said
    return {label: said[names[slot]] for label, slot in labels.items() if names[slot] in said}
