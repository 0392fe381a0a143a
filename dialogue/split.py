"""Which sessions are for training, development and test, and what these must not share."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm
from typing import Literal, TypeAlias

from dialogue.problem import ContentError, Position, Problem, nearest

Split: TypeAlias = Literal["train", "dev", "test"]

NAMES: tuple[Split, ...] = ("train", "dev", "test")
LARGEST = 1000
"""The parts that the weights of splits may add up to: a block of sessions has so many."""

_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)
_AXES = ("phrasing", "value", "path")


@dataclass(frozen=True, slots=True)
class Splits:
    """The weights of train, dev and test in smallest whole numbers.

    Every block of so many sessions as the weights add up to holds exactly these numbers, in an
    order of its own, so that a session's split depends on the seed and its index alone.
    """

    weights: tuple[int, ...] = (1, 0, 0)

    @classmethod
    def parse(cls, text: str | None) -> Splits:
        """Read `8:1:1`; nothing means that all is train. Raises ContentError."""
        if text is None:
            return cls()
        written = text.split(":")
        if not 2 <= len(written) <= len(NAMES) or not all(map(_NUMBER.fullmatch, written)):
            raise _mistake(f"--split {text}", "is no split", "write train:dev:test, as in 8:1:1")
        parts = [Fraction(number) for number in written]
        if not any(parts):
            raise _mistake(f"--split {text}", "every weight is 0", "give one a weight above 0")
        least = lcm(*(part.denominator for part in parts))
        whole = [int(part * least) for part in parts]
        most = gcd(*whole)
        weights = (*(number // most for number in whole), 0)[: len(NAMES)]
        if sum(weights) > LARGEST:
            what = f"its smallest whole numbers add up to {sum(weights):,}, above {LARGEST:,}"
            raise _mistake(f"--split {text}", what, "use rounder numbers, as in 8:1:1")
        return cls(weights)

    @property
    def names(self) -> tuple[Split, ...]:
        """The splits that have a weight."""
        return tuple(name for name, weight in zip(NAMES, self.weights, strict=True) if weight)

    def weight(self, name: str) -> int:
        """Return the weight of a split."""
        return self.weights[NAMES.index(name)]

    def of(self, seed: int, index: int) -> Split:
        """Return the split of a session."""
        block, place = divmod(index, sum(self.weights))
        return _arrangement(self, seed, block)[place]

    def home(self, key: str) -> Split:
        """Return the split that a thing belongs to which is known by its text alone."""
        point = _number(f"home/{key}") % sum(self.weights)
        for name in self.names:
            point -= self.weight(name)
            if point < 0:
                break
        return name

    def __str__(self) -> str:
        return ":".join(map(str, self.weights))


@lru_cache(maxsize=16)
def _arrangement(splits: Splits, seed: int, block: int) -> tuple[Split, ...]:
    """Return the splits of a block of sessions in order of their index."""
    if len(splits.names) == 1:
        return splits.names * sum(splits.weights)
    places = sorted(
        range(sum(splits.weights)), key=lambda place: _number(f"split/{seed}/{block}/{place}")
    )
    arranged = dict(
        zip(places, (n for n in splits.names for _ in range(splits.weight(n))), strict=True)
    )
    return tuple(arranged[place] for place in range(len(arranged)))


def _number(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big")


@dataclass(frozen=True, slots=True)
class HoldOut:
    """The axes along which splits share nothing: phrasings, values of slots, pairs of units."""

    phrasing: bool = False
    values: tuple[str, ...] = ()
    path: bool = False

    @classmethod
    def parse(cls, text: str | None) -> HoldOut:
        """Read `phrasing,value:设备,地点,path`, where `value:` goes on until the next axis.

        Raises ContentError; whether the slots are there is known only with a graph.
        """
        if text is None:
            return cls()
        if not text.strip():
            fix = "name phrasing, value:SLOT or path, joined by commas"
            raise _mistake("--hold-out ''", "names nothing to hold out", fix)
        axes: set[str] = set()
        values: list[str] = []
        listing = False
        for word in unicodedata.normalize("NFC", text).split(","):
            axis, colon, name = (part.strip() for part in word.partition(":"))
            if axis == "value":
                axes.add(axis)
                listing = True
                if not colon or not name:
                    fix = "name them: value:SLOT,SLOT"
                    raise _mistake(f"--hold-out {text}", "'value' names no slot", fix)
                values.append(name)
            elif axis in _AXES and not colon:
                axes.add(axis)
                listing = False
            elif listing and axis and not colon:
                values.append(axis)
            else:
                what = f"'{word.strip()}' is nothing that can be held out"
                fix = nearest(axis, ("phrasing", "value:SLOT", "path"))
                raise _mistake(f"--hold-out {text}", what, fix)
        return cls("phrasing" in axes, tuple(sorted(set(values))), "path" in axes)

    def demand_splits(self, splits: Splits) -> None:
        """Raise ContentError where something is held out and there is only one split."""
        if self and len(splits.names) < 2:
            what = "there is only one split, which shares nothing with others"
            raise _mistake(f"--hold-out {self}", what, "add --split 8:1:1")

    def __bool__(self) -> bool:
        return self.phrasing or bool(self.values) or self.path

    def __str__(self) -> str:
        values = [f"value:{','.join(self.values)}"] if self.values else []
        return ",".join(["phrasing"] * self.phrasing + values + ["path"] * self.path)


def _mistake(option: str, what: str, fix: str) -> ContentError:
    return ContentError([Problem(Position(option, 0), what, fix)])
