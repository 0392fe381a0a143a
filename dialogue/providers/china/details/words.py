"""Lists of words to compose names from: a data file's name in, tuples to draw from out."""

from __future__ import annotations

import functools
from importlib.resources import files
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

T = TypeVar("T")

DIGITS = tuple("零一二三四五六七八九")
NUMERALS = (
    *DIGITS,
    *("十", *(f"十{digit}" for digit in DIGITS[1:])),
    *("二十", *(f"二十{digit}" for digit in DIGITS[1:])),
)


def one(rng: Random, table: Sequence[T]) -> T:
    """Draw an element, all alike; of a table made by `spread`, by weight."""
    return table[int(rng.random() * len(table))]


def spread(weights: Mapping[T, int]) -> tuple[T, ...]:
    """Repeat each element as often as its weight says."""
    return tuple(element for element, weight in weights.items() for _ in range(weight))


@functools.cache
def words(file: str, section: str) -> tuple[str, ...]:
    """Read the words of a section of a data file; KeyError if there is none of that name."""
    return _sections(file)[section]


@functools.cache
def _sections(file: str) -> dict[str, tuple[str, ...]]:
    path = files("dialogue.providers.china").joinpath("data", f"{file}.txt")
    found: dict[str, list[str]] = {}
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("["):
            row = found.setdefault(line.strip("[]"), [])
        elif not line.startswith("#"):
            row += line.split()
    return {section: tuple(row) for section, row in found.items()}
