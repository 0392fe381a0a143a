"""Things to draw by weight: a mapping in, one number of the session's stream, an element out."""

from __future__ import annotations

import sys
from math import trunc
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from random import Random

T = TypeVar("T")


def spread(weights: Mapping[T, int]) -> tuple[T, ...]:
    """Return each element as often as it weighs, ready to be picked from."""
    return tuple(element for element, weight in weights.items() for _ in range(weight))


def shared(texts: Iterable[str]) -> tuple[str, ...]:
    """Return texts to be picked from, of which equal ones are one object.

    What is drawn often stays in the processor's cache only if there is little of it.
    """
    return tuple(map(sys.intern, texts))


def pick(rng: Random, things: Sequence[T]) -> T:
    """Draw one of some things: one number of the stream, a third of what `rng.choice` costs."""
    return things[trunc(rng.random() * len(things))]
