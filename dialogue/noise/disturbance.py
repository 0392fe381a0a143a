"""Noise at the rates of a graph: a turn in, the turn as it was typed out, with a log."""

from __future__ import annotations

import hashlib
import random
from functools import lru_cache
from typing import TYPE_CHECKING

from dialogue.noise.turn import Message, Turn, open_runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialogue.noise.operator import Operator
    from dialogue.noise.turn import Pieces, Run

_BITS = 64
_KNOWN = 1 << 14  # turns, of which is remembered what may be done to them
_ALL = 2**_BITS - 1


class Noise:
    """The operators of a graph with their rates, in the order in which they go to work.

    A rate is the probability that an eligible turn of the user is disturbed; `in_slots` is the
    probability that an operator may touch slots as well where it is at work.
    """

    def __init__(self, rates: Sequence[tuple[Operator, float]], in_slots: float = 0.0) -> None:
        self.rates = tuple(sorted(rates, key=lambda one: one[0].cuts))
        self.in_slots = in_slots
        self.plan = tuple(
            (place, operator, _number(operator.name), _limit(rate))
            for place, (operator, rate) in enumerate(self.rates)
        )
        self.slots = _limit(in_slots)
        self.rng = random.Random()  # seeded anew wherever it is used
        # Wordings come again and again, and what may be done to one depends on its open runs alone.
        self.eligible = lru_cache(_KNOWN)(self._eligible)

    def _eligible(self, runs: tuple[Run, ...]) -> tuple[tuple[int, Operator, int, int], ...]:
        """Return the part of the plan that finds a site."""
        return tuple([step for step in self.plan if step[1].has_site(runs)])

    def session(self, seed: int, index: int) -> Disturbance:
        """Return the noise of one session; its stream is the session's own."""
        key = hashlib.blake2b(f"{seed}/{index}/noise".encode(), digest_size=32).digest()
        return Disturbance(self, key)


class Disturbance:
    """The noise of one session, turn by turn.

    Each turn and operator has a stream of its own, so that none depends on what another one draws.
    """

    def __init__(self, noise: Noise, key: bytes) -> None:
        self._noise = noise
        self._key = key
        self._turns = 0
        self._counts = [[0, 0, 0] for _ in noise.plan]

    @property
    def counts(self) -> dict[str, list[int]]:
        """How many turns were eligible, asked for and disturbed, by operator."""
        names = (operator.name for operator, _ in self._noise.rates)
        return dict(zip(names, self._counts, strict=True))

    def disturb(self, text: str, pieces: Pieces) -> tuple[Message, ...]:
        """Return the next turn of the user as typed: one message, or several in a row."""
        number = b"%d" % self._turns
        self._turns += 1
        stream = int.from_bytes(hashlib.blake2b(number, digest_size=8, key=self._key).digest())
        plan, slots, counts = self._noise.plan, self._noise.slots, self._counts
        plain = open_runs(text, pieces)
        if not slots:
            # What is eligible is known until something has been disturbed.
            for place, operator, own, limit in self._noise.eligible(plain):
                counts[place][0] += 1
                drawn = _mixed(stream ^ own)
                if drawn < limit:
                    begun = Turn.of(text, pieces)
                    turn = self._typed(begun, plain, place, operator, stream << _BITS | drawn)
                    if turn is not begun:
                        break
            else:
                return (Message(text, pieces),)
            plan, plain = plan[place + 1 :], turn.runs(in_slots=False)
        else:
            turn = begun = Turn.of(text, pieces)
        for place, operator, own, limit in plan:
            drawn = _mixed(stream ^ own)
            in_slots = slots and operator.in_slots and _mixed(drawn) < slots
            runs = turn.runs(in_slots=True) if in_slots else plain
            if operator.has_site(runs):
                counts[place][0] += 1
                if drawn < limit:
                    turn = self._typed(turn, runs, place, operator, stream << _BITS | drawn)
                    plain = turn.runs(in_slots=False)
        if turn is begun:
            return (Message(text, pieces),)
        return tuple(Message(one.text, one.pieces(pieces), one.log()) for one in turn.messages())

    def _typed(
        self, turn: Turn, runs: Sequence[Run], place: int, operator: Operator, seed: int
    ) -> Turn:
        """Let an operator do its work at one of its sites, unless that would break the turn."""
        self._counts[place][1] += 1
        self._noise.rng.seed(seed)
        site = self._noise.rng.choice([*operator.sites(runs)])
        edits = operator.edits(turn.text, site, self._noise.rng)
        cuts = operator.cuts
        changes = [
            edit for edit in edits if cuts or edit.run.text[edit.start : edit.end] != edit.text
        ]
        if not changes or not all(edit.run in runs for edit in changes) or not turn.keeps(changes):
            return turn
        typed = turn.edited(operator.name, changes, cuts=cuts)
        if not all(one.stands(alone=cuts) for one in typed.messages()):
            return turn
        self._counts[place][2] += 1
        return typed


def _number(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest())


def _limit(rate: float) -> int:
    """Return the number below which as large a share of all numbers lies."""
    return int(rate * 2**_BITS)


def _mixed(number: int) -> int:
    """Return a number in which every bit depends on every bit: the last step of SplitMix64."""
    number = (number ^ number >> 30) * 0xBF58476D1CE4E5B9 & _ALL
    number = (number ^ number >> 27) * 0x94D049BB133111EB & _ALL
    return number ^ number >> 31
