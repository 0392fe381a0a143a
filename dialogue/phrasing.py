"""Phrasings compiled: what each gives, and the wordings that give the same."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from random import Random

    from dialogue.problem import Position
    from dialogue.template import Template


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One wording of a turn; it `gives` the slots and parts that it says, in the domain's order.

    `id` is unique in the domain and does not change when others are added; `reads` are the names,
    as dotted paths, that must be bound; `draws` the slots that must have a value. One of the bot
    that is `shared` stays in every split.
    """

    id: str
    template: Template
    weight: float
    at: Position
    gives: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    draws: tuple[str, ...] = ()
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Wordings:
    """Phrasings that give exactly the same, to choose from by weight.

    `tells` is what is known after them: what they give and what that implies of records.
    """

    gives: tuple[str, ...]
    heard: tuple[tuple[str, str, str], ...]  # what it gives as name, slot, part ("" for none)
    phrasings: tuple[Phrasing, ...]
    bounds: tuple[float, ...]
    draws: tuple[str, ...]
    tells: frozenset[str] = frozenset()

    @classmethod
    def of(cls, phrasings: Iterable[Phrasing], order: Iterable[str]) -> Wordings:
        """Bring together phrasings of one gives-set; `order` is the domain's order of slots."""
        chosen = tuple(phrasings)
        read = {name for phrasing in chosen for name in phrasing.draws}
        return cls(
            chosen[0].gives,
            tuple(heard(name) for name in chosen[0].gives),
            chosen,
            tuple(accumulate(phrasing.weight for phrasing in chosen)),
            tuple(name for name in order if name in read),
        )

    def choose(self, rng: Random, said: Collection[str] = ()) -> Phrasing:
        """Choose a phrasing by its weight; of those with ids in `said` only when all are."""
        phrasing = _drawn(self.phrasings, self.bounds, rng)
        if phrasing.id in said:
            fresh = [one for one in self.phrasings if one.weight and one.id not in said]
            if fresh:
                return _drawn(fresh, [*accumulate(one.weight for one in fresh)], rng)
        return phrasing


def _drawn(phrasings: Sequence[Phrasing], bounds: Sequence[float], rng: Random) -> Phrasing:
    return phrasings[bisect_right(bounds, rng.random() * bounds[-1], 0, len(bounds) - 1)]


def heard(name: str) -> tuple[str, str, str]:
    """Split the name of a slot or part: name, slot, part."""
    slot, _, part = name.partition(".")
    return name, slot, part


def grouped(phrasings: Iterable[Phrasing], order: Iterable[str]) -> tuple[Wordings, ...]:
    """Group phrasings by what they give, in the order in which each set first appears."""
    order = tuple(order)
    groups: dict[tuple[str, ...], list[Phrasing]] = {}
    for phrasing in phrasings:
        groups.setdefault(phrasing.gives, []).append(phrasing)
    return tuple(Wordings.of(group, order) for group in groups.values())


def phrasing_id(owner: str, turn: str, text: str) -> str:
    """Name a phrasing by what it is, not by where it stands."""
    digest = hashlib.sha256(f"{turn}\n{text}".encode()).hexdigest()
    return f"{owner}/{digest[:6]}"
