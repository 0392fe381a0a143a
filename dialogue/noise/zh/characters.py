"""Slips of the finger in Chinese: two characters swapped, one left out, one typed twice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dialogue.noise.operator import Operator
from dialogue.noise.slips import double, drop, matches, swap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dialogue.noise.slips import Place
    from dialogue.noise.turn import Run

# A slip must not change what is asked or how much: numbers, times and denials are left alone. The
# name of a picture, [图片], is not typed.
_MEANT = "零〇一二两三四五六七八九十百千万半几多少天年月日号点块元上下前后早晚今明昨周不没别无未勿"
_TYPED = r"(?![一-鿿]{0,4}\])"
_FREE = f"(?![{_MEANT}])[一-鿿]{_TYPED}"
_PAIR = re.compile(rf"(?=({_FREE})(?!\1){_FREE})")
_ANY = re.compile(rf"({_FREE})(?!不?\1)")
_LIGHT = re.compile(rf"(?<![{_MEANT}])[的了个是就我你们么这那给](?!好){_TYPED}")
_LEAST = 4  # characters, of which one may be missing


def _pairs(runs: Sequence[Run]) -> Iterator[Place]:
    return ((run, at, at + 2) for run, at, _ in matches(_PAIR, runs))


def _light(runs: Sequence[Run]) -> Iterator[Place]:
    return matches(_LIGHT, (run for run in runs if len(run.text) >= _LEAST))


def _any(runs: Sequence[Run]) -> Iterator[Place]:
    return matches(_ANY, runs)


OPERATORS = (
    Operator(
        "swapped",
        "two characters change places: 有货吗 → 货有吗",
        "two different characters, neither of a number, a time or a denial",
        _pairs,
        swap,
        usual=0.004,
        rough=0.015,
    ),
    Operator(
        "missing",
        "a character of little weight is left out: 我的快递 → 我快递",
        "的, 了, 个, 是 and the like in at least four characters",
        _light,
        drop,
        usual=0.01,
        rough=0.03,
    ),
    Operator(
        "doubled",
        "a character is typed twice: 能到吗 → 能能到吗",
        "a character that is not of a number, a time or a denial",
        _any,
        double,
        usual=0.005,
        rough=0.018,
        in_slots=True,
    ),
)
