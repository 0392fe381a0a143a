"""Chinese digits for Arabic ones and the other way round, before words that count: 1下, 两个."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dialogue.noise.operator import Operator
from dialogue.noise.slips import matches
from dialogue.noise.turn import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from dialogue.noise.slips import Place
    from dialogue.noise.turn import Run

_COUNTED = "个天次下点单张台部条份件块只盒套种句声位家样"
_NUMBER = "零〇一二两三四五六七八九十百千万几数半第每某0-9"
_DIGIT = re.compile(
    rf"[一二两三四五六七八九1-9](?=[{_COUNTED}])(?<![{_NUMBER}.:/a-zA-Z-].)"
    r"(?!样|点也|下子|点都|点没|点不|个个|直)"
)
_CHINESE = dict(zip("123456789", "一两三四五六七八九", strict=True))
_ARABIC = {**{there: here for here, there in _CHINESE.items()}, "二": "2"}


def _digits(runs: Sequence[Run]) -> Iterator[Place]:
    # What stands at the edge of a run may go on in a slot: 2 of 12.
    return (place for place in matches(_DIGIT, runs) if place[1] or not place[0].before)


def _rewritten(_: str, place: Place, rng: Random) -> tuple[Edit]:  # noqa: ARG001
    run, start, end = place
    digit = run.text[start]
    return (Edit(run, start, end, _ARABIC.get(digit) or _CHINESE[digit]),)


OPERATORS = (
    Operator(
        "digits",
        "a single digit before a word that counts is Chinese for Arabic, or the reverse: 1下",
        "such a digit outside slots",
        _digits,
        _rewritten,
        usual=0.1,
        rough=0.2,
    ),
)
