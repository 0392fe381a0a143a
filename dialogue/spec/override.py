"""Options that change single keys of a graph: `walk.units=2..4`."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dialogue.problem import ContentError, Position, Problem, gathered, nearest
from dialogue.spec.source import Place, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialogue.spec.source import Route, Source


def overridden(source: Source, options: Sequence[str]) -> Source:
    """Return the source with keys set; problems of a value are placed at the option itself."""
    if not options:
        return source
    data, places = deepcopy(source.data), dict(source.places)
    problems: list[Problem] = []
    for option in options:
        with gathered(problems):
            _override(data, places, option)
    if problems:
        raise ContentError(problems)
    return replace(source, data=data, places=places)


def _override(data: Any, places: dict[Route, Place], option: str) -> None:
    at = Position(f"--set {option}", 0)
    key, equals, text = option.partition("=")
    if not equals or not key:
        raise ContentError([Problem(at, "is no setting", "write it as KEY=VALUE")])
    route: Route = ()
    holder: Any = data
    *outer, last = key.split(".")
    for step in outer:
        found = _step(holder, step, at)
        if isinstance(holder, dict) and found not in holder:
            holder[found] = {}
        holder = holder[found]
        route = (*route, found)
        places.setdefault(route, Place(at, at))
    found = _step(holder, last, at)
    holder[found] = _value(text, at)
    route = (*route, found)
    for old in [old for old in places if old[: len(route)] == route]:
        del places[old]
    places[route] = Place(at, at)


def _value(text: str, at: Position) -> Any:
    if not text.strip():
        return None
    try:
        return parse(text, at.path).data
    except ContentError as error:
        raise ContentError(replace(problem, at=at) for problem in error.problems) from None


def _step(holder: Any, step: str, at: Position) -> Any:
    """Return the key or index of a step; a key that is not there yet must be a word."""
    if isinstance(holder, dict) and (step in holder or not step.isdecimal()):
        return step
    if isinstance(holder, list) and step.isdecimal() and int(step) < len(holder):
        return int(step)
    fix = "name keys of the graph file, joined by dots"
    if isinstance(holder, dict):
        fix = nearest(step, holder)
    elif isinstance(holder, list):
        fix = f"name a number below {len(holder)}"
    raise ContentError([Problem(at, f"there is no '{step}' to set", fix)])
