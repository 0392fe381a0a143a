"""Graphs by name; `trip+people` is one in which people do everything that they can, and often.

In `trip+` they type as they type as well, and there are scenes in which some of it may happen.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from living import LIVELY_SCENES
from replay import GRAPHS

from dialogue import compose, load_graph
from dialogue.behaviours import BEHAVIOURS

RATES = tuple(f"behaviours.{one.name}=0.3" for one in BEHAVIOURS)
LIVELY = (
    "preset=rough",
    "noise_in_slots=0.3",
    "noise.messages=0",  # the second reading goes turn by turn
    *(f"behaviours.{one.name}={0.05 if one.name in ('hand_over', 'leave') else 0.3}"
      for one in BEHAVIOURS),
)  # fmt: skip


def load(name: str) -> Any:
    """Load a graph by its name."""
    plain, more, people = name.partition("+")
    scenes = [
        f"scenes.{scene}={{path: [{', '.join(path)}]}}"
        for scene, path in LIVELY_SCENES.get(name, {}).items()
    ]
    return load_graph(GRAPHS[plain], RATES if people else (*LIVELY, *scenes) if more else ())


@cache
def _begun(name: str) -> list[Any]:
    return []


def composed(name: str, n: int) -> list[Any]:
    """Return the first sessions of a graph, with seed 0; nobody may change them."""
    found = _begun(name)
    found.extend(compose(load(name), n, 0, start=len(found)))
    return found[:n]
