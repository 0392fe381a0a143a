"""Behaviours at the rates of a graph: moves in, the moves that are played out."""

from __future__ import annotations

import hashlib
import random
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dialogue.behaviours.behaviour import Behaviour, Step, Voice
    from dialogue.move import Move
    from dialogue.phrasing import Phrasing

    Planned: TypeAlias = tuple[int, Behaviour, float, Voice]  # with its place in the table


class Behaviours:
    """The behaviours of a graph with their rates and wordings, in the order of their table.

    A rate is the probability that an eligible move is rewritten. At one move one behaviour is at
    work at most: those after it are not asked then.
    """

    def __init__(self, rates: Sequence[tuple[Behaviour, float, Voice]]) -> None:
        self.rates = tuple(rates)
        self.plan = lru_cache(None)(self._plan)

    def _plan(self, kind: type, without: frozenset[str]) -> tuple[Planned, ...]:
        """Return what may be at work at a kind of move, `without` what makes no sense there."""
        return tuple(
            (place, behaviour, rate, voice)
            for place, (behaviour, rate, voice) in enumerate(self.rates)
            if kind in behaviour.at and behaviour.name not in without
        )

    def phrasings(self) -> Iterator[Phrasing]:
        """Yield their wordings."""
        for _, _, voice in self.rates:
            for wordings in voice.wordings.values():
                yield from wordings.phrasings

    def intents(self) -> dict[str, str]:
        """Return what users want that no unit is about: intent → title."""
        return {
            one.intent: voice.title or one.intent
            for one, _, voice in self.rates
            if one.intent is not None and voice.unit is None
        }

    def session(self, seed: int, index: int) -> Conduct:
        """Return the conduct of one session; its stream is the session's own."""
        key = hashlib.blake2b(f"{seed}/{index}/behaviours".encode(), digest_size=16).digest()
        return Conduct(self, random.Random(int.from_bytes(key)))


class Conduct:
    """What people do in one session."""

    def __init__(self, behaviours: Behaviours, rng: random.Random) -> None:
        self.rng = rng
        self._plan = behaviours.plan
        self._names = [behaviour.name for behaviour, _, _ in behaviours.rates]
        self._counts = [[0, 0, 0] for _ in self._names]

    @property
    def counts(self) -> dict[str, list[int]]:
        """How many moves were eligible, asked for and rewritten, by behaviour."""
        return dict(zip(self._names, self._counts, strict=True))

    def rewritten(self, step: Step, move: Move) -> tuple[str, tuple[Move, ...]] | None:
        """Return the behaviour that is at work and what is played instead, if one is."""
        kind: type = type(move)
        for place, behaviour, rate, voice in self._plan(kind, step.unit.without):
            site = behaviour.site(step, move)
            if site is None:
                continue
            counts = self._counts[place]
            counts[0] += 1
            if self.rng.random() >= rate:
                continue
            counts[1] += 1
            moves = tuple(behaviour.moves(step, move, site, voice))
            if moves:
                counts[2] += 1
                return behaviour.name, moves
        return None
