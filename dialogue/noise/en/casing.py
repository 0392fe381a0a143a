"""Capitals that nobody bothers with, and capitals that shout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.noise.operator import Operator
from dialogue.noise.turn import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from dialogue.noise.turn import Run

_SHOUTED = 0.05  # how often it is capitals throughout


def _cased(runs: Sequence[Run]) -> Iterator[Sequence[Run]]:
    if any(run.text.isascii() and run.text.lower() != run.text for run in runs):
        yield runs


def _recased(_: str, runs: Sequence[Run], rng: Random) -> Iterator[Edit]:
    shouted = rng.random() < _SHOUTED
    for run in runs:
        text = run.text.upper() if shouted else run.text.lower()
        if run.text.isascii() and text != run.text:
            for at, (one, other) in enumerate(zip(run.text, text, strict=True)):
                if one != other:
                    yield Edit(run, at, at + 1, other)


OPERATORS = (
    Operator(
        "casing",
        "there are no capitals, now and then nothing else: Where is it → where is it",
        "a capital",
        _cased,
        _recased,
        usual=0.4,
        rough=0.6,
        in_slots=True,
    ),
)
