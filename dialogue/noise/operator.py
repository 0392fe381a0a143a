"""What an operator of noise is: one way in which what people type differs from what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from random import Random

    from dialogue.noise.turn import Edit, Run


class Sites(Protocol):
    """Yields the places in the open runs of a turn where an operator could be at work, in order."""

    def __call__(self, runs: Sequence[Run], /) -> Iterator[Any]: ...


class Edits(Protocol):
    """Yields what an operator does at one of its sites; `text` is that of the whole turn."""

    def __call__(self, text: str, site: Any, rng: Random, /) -> Iterable[Edit]: ...


@dataclass(frozen=True, slots=True)
class Operator:
    """One kind of noise.

    A turn is eligible if `sites` yields anything; one site is drawn, and `edits` says what is done
    there. Both are pure functions that may only touch the runs they are given. `usual` and `rough`
    are its rates in these presets; `in_slots` tells that it may touch slots where a graph allows
    it: it must not change what numbers say. One that `cuts` goes to work last: with what its edits
    put in, nothing as a rule, another message begins. `doc` says what it does, `eligible` which
    turns are.
    """

    name: str
    doc: str
    eligible: str
    sites: Sites
    edits: Edits
    usual: float = 0.0
    rough: float = 0.0
    in_slots: bool = False
    cuts: bool = False

    def has_site(self, runs: Sequence[Run]) -> bool:
        """Tell whether a turn with these open runs is eligible."""
        for _ in self.sites(runs):
            return True
        return False
