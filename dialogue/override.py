"""Options that change single keys of a graph: `walk.units=2..4`."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dialogue.problem import ContentError, Position, Problem
from dialogue.source import Place, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialogue.source import Route, Source


def overridden(source: Source, options: Sequence[str]) -> Source:
    """Return the source with keys set; problems of a value are placed at the option itself."""
    if not options:
        return source
    data, places = deepcopy(source.data), dict(source.places)
    for option in options:
        shown = f"--set {option}"
        key, equals, text = option.partition("=")
        if not equals or not key:
            what = "is no setting"
            raise ContentError([Problem(Position(shown), what, "write it as KEY=VALUE")])
        value = parse(text, shown).data if text.strip() else None
        steps: list[str | int] = [int(s) if s.isdigit() else s for s in key.split(".")]
        route: Route = ()
        holder: Any = data
        for step in steps[:-1]:
            route = (*route, step)
            holder = _entered(holder, step, shown)
        _set(holder, steps[-1], value, shown)
        route = (*route, steps[-1])
        for old in [old for old in places if old[: len(route)] == route]:
            del places[old]
        places[route] = Place(Position(shown), Position(shown))
    return replace(source, data=data, places=places)


def _entered(holder: Any, step: str | int, shown: str) -> Any:
    if isinstance(holder, dict):
        return holder.setdefault(str(step), {})
    if isinstance(holder, list) and isinstance(step, int) and step < len(holder):
        return holder[step]
    raise ContentError([_lost(step, shown)])


def _set(holder: Any, step: str | int, value: Any, shown: str) -> None:
    if isinstance(holder, dict):
        holder[str(step)] = value
    elif isinstance(holder, list) and isinstance(step, int) and step < len(holder):
        holder[step] = value
    else:
        raise ContentError([_lost(step, shown)])


def _lost(step: str | int, shown: str) -> Problem:
    return Problem(Position(shown), f"there is no '{step}' to set", "name keys of the graph file")
