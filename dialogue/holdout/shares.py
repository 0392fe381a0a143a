"""Things to be shared out among splits in, the split of each out: what must be everywhere first."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from dialogue.split import Splits

TRIES = 64
"""Orders that are tried before a demand counts as one that cannot be met."""


def shares(
    splits: Splits,
    lists: Sequence[Collection[str]],
    demands: Sequence[Collection[str]],
    wishes: Sequence[Collection[str]] = (),
    given: Mapping[str, str] | None = None,
) -> tuple[dict[str, str], tuple[int, ...]]:
    """Give every thing of the lists to one split; return the splits, and the demands not met.

    Each split gets a thing of each demand, then of each wish that has enough left; the rest of
    every list is shared out by weight. The order is that of hashes of the things' own names. What
    is `given` already stays where it is.
    """
    best: tuple[dict[str, str], tuple[int, ...]] | None = None
    for salt in range(TRIES):
        found, unmet = _tried(splits, lists, demands, wishes, {**(given or {})}, salt)
        if best is None or len(unmet) < len(best[1]):
            best = found, unmet
        if not unmet:
            break
    assert best is not None
    return best


def _tried(
    splits: Splits,
    lists: Sequence[Collection[str]],
    demands: Sequence[Collection[str]],
    wishes: Sequence[Collection[str]],
    given: dict[str, str],
    salt: int,
) -> tuple[dict[str, str], tuple[int, ...]]:
    def order(things: Collection[str]) -> list[str]:
        return sorted(things, key=lambda thing: (_hashed(f"{salt}/{thing}"), thing))

    def meet(things: Collection[str]) -> bool:
        there = {given[thing] for thing in things if thing in given}
        lacking = [name for name in splits.names if name not in there]
        free = [thing for thing in order(things) if thing not in given]
        if len(free) < len(lacking):
            return False
        given.update(zip(free, lacking, strict=False))
        return True

    def smallest(groups: Sequence[Collection[str]]) -> list[int]:
        return sorted(range(len(groups)), key=lambda number: (len(groups[number]), number))

    unmet = tuple(number for number in smallest(demands) if not meet(demands[number]))
    for number in smallest(wishes):
        meet(wishes[number])
    for things in lists:
        _share_rest(splits, order(things), given)
    return given, unmet


def _share_rest(splits: Splits, things: Sequence[str], given: dict[str, str]) -> None:
    """Give what is left of a list to the splits that are furthest below their weight."""
    counts: dict[str, int] = dict.fromkeys(splits.names, 0)
    for thing in things:
        if thing in given:
            counts[given[thing]] += 1
    total = sum(splits.weights)
    for thing in things:
        if thing not in given:
            name = max(
                splits.names, key=lambda n: splits.weight(n) * len(things) / total - counts[n]
            )
            given[thing] = name
            counts[name] += 1


def _hashed(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=8).digest()
