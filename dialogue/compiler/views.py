"""Specs of views in, views out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogue.problem import ContentError, Problem, gathered, nearest
from dialogue.view import Leaf, View

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from dialogue.spec.source import Route, Source


def compile_views(
    written: Mapping[str, str | Mapping[str, str]],
    slots: Collection[str],
    parts: Mapping[str, Collection[str]],
    source: Source,
    problems: list[Problem],
) -> dict[str, View]:
    """Compile views; what is wrong is added to `problems`.

    `slots` are all names that are declared, `parts` those of the slots that could be compiled.
    """
    compiled = {}
    for name, target in written.items():
        route: Route = ("slots", name, "view")
        ends = {route: target} if isinstance(target, str) else {}
        if isinstance(target, str):
            compiled[name] = View(name, _leaf(target))
        else:
            with gathered(problems):
                compiled[name] = View(name, _nested(target, source, route))
            ends = {(*route, inner): leaf for inner, leaf in target.items()}
        for place, leaf in ends.items():
            slot, part = _leaf(leaf)
            what = fix = ""
            if slot not in slots:
                what, fix = f"unknown slot '{slot}'", nearest(slot, slots)
            elif slot in written:
                what, fix = f"'{slot}' is a view itself", "name the slot and the part that it shows"
            elif part and slot in parts and not parts[slot]:
                what = f"'{slot}' is no record: it has no parts"
                fix = f"write '{slot}' alone"
            elif part and slot in parts and part not in parts[slot]:
                what, fix = f"'{slot}' has no part '{part}'", nearest(part, parts[slot])
            if what:
                problems.append(Problem(source.at(place), what, fix))
    return compiled


def _leaf(dotted: str) -> Leaf:
    slot, _, part = dotted.partition(".")
    return slot, part


def _nested(flat: Mapping[str, str], source: Source, route: Route) -> dict[str, Any]:
    """Turn dotted names into nested mappings; raises ContentError."""
    root: dict[str, Any] = {}
    for dotted, leaf in flat.items():
        *outer, last = dotted.split(".")
        inner: Any = root
        for name in outer:
            inner = inner.setdefault(name, {}) if isinstance(inner, dict) else inner
        if not isinstance(inner, dict) or last in inner:
            at = source.key((*route, dotted))
            what = f"'{dotted}' stands within another name, or holds one"
            raise ContentError([Problem(at, what, "give it a name of its own")])
        inner[last] = _leaf(leaf)
    return root
