"""Slips of the finger in English: a key beside, letters swapped, left out or typed twice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dialogue.noise.operator import Operator
from dialogue.noise.slips import double, drop, matches, swap
from dialogue.noise.turn import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from dialogue.noise.slips import Place
    from dialogue.noise.turn import Run

# Keys that touch on a QWERTY keyboard.
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {
    key: "".join(
        _ROWS[other][place]
        for other in (row - 1, row, row + 1)
        for place in range(at - 1, at + 2)
        if 0 <= other < len(_ROWS)
        and 0 <= place < len(_ROWS[other])
        and (other, place) not in ((row, at), (row - 1, at - 1), (row + 1, at + 1))
    )
    for row, keys in enumerate(_ROWS)
    for at, key in enumerate(keys)
}
# A slip must not turn a denial or a number into something else.
_WORD = (
    r"(?<![\w'])(?!(?:not|never|without|nothing|none|cannot|dont|cant|wont|four|five|seven|eight"
    r"|nine|seventy|sixty|forty|fifty|eighty|ninety|\w*teen|today|tomorrow|tonight)\b)"
)
_LONG = re.compile(_WORD + r"[A-Za-z]{4,}(?![\w'])")


def _letters(runs: Sequence[Run]) -> Iterator[Place]:
    """Yield the letters of long words but for the first ones, which are typed with care."""
    for run, start, end in matches(_LONG, runs):
        for at in range(start + 1, end):
            if "a" <= run.text[at] <= "z":
                yield run, at, at + 1


def _inner(runs: Sequence[Run]) -> Iterator[Place]:
    for run, at, end in _letters(runs):
        if run.text[end : end + 1].isalpha():
            yield run, at, end


def _pairs(runs: Sequence[Run]) -> Iterator[Place]:
    for run, at, end in _inner(runs):
        if "a" <= run.text[end] <= "z" and run.text[at] != run.text[end]:
            yield run, at, end + 1


def _beside(_: str, place: Place, rng: Random) -> tuple[Edit]:
    run, start, end = place
    return (Edit(run, start, end, rng.choice(_BESIDE[run.text[start]])),)


_ELIGIBLE = "a word of at least four letters that is no denial, number or day"

OPERATORS = (
    Operator(
        "typo",
        "a key beside the right one is hit: order → orser",
        _ELIGIBLE,
        _letters,
        _beside,
        usual=0.015,
        rough=0.05,
        in_slots=True,
    ),
    Operator(
        "swapped",
        "two letters change places: order → oredr",
        _ELIGIBLE,
        _pairs,
        swap,
        usual=0.008,
        rough=0.025,
        in_slots=True,
    ),
    Operator(
        "missing",
        "a letter is left out: order → ordr",
        _ELIGIBLE,
        _inner,
        drop,
        usual=0.008,
        rough=0.025,
        in_slots=True,
    ),
    Operator(
        "doubled",
        "a letter is typed twice: order → orderr",
        _ELIGIBLE,
        _letters,
        double,
        usual=0.004,
        rough=0.012,
        in_slots=True,
    ),
)
