"""Things to draw by weight: a mapping in, one number of the session's stream, an element out."""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

T = TypeVar("T")


class Weighted(dict[T, float]):
    """Elements with weights that are added up beforehand.

    A draw takes the same number and gives the same element as Faker's own `random_element`, which
    adds the weights up each time.
    """

    __slots__ = ("_bounds", "_elements")

    def __init__(self, weights: Mapping[T, float]) -> None:
        super().__init__(weights)
        self._elements = tuple(weights)
        self._bounds = tuple(accumulate(weights.values()))

    def draw(self, rng: Random) -> T:
        """Draw an element."""
        bounds = self._bounds
        return self._elements[bisect(bounds, rng.random() * bounds[-1], 0, len(bounds) - 1)]
