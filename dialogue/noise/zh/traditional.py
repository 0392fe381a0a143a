"""Traditional characters of those who type on a keyboard set to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dialogue.noise.operator import Operator
from dialogue.noise.turn import Edit
from dialogue.noise.words import rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from dialogue.noise.turn import Run

_TABLE = str.maketrans(dict(rows("zh_traditional.csv")))
TRADITIONAL = frozenset(map(str, _TABLE.values())) - frozenset(map(chr, _TABLE))
"""Characters that only those write whose keyboard is set to them."""

_CHANGED = re.compile(f"[{''.join(map(chr, _TABLE))}]+")


def _runs(runs: Sequence[Run]) -> Iterator[Sequence[Run]]:
    if any(_CHANGED.search(run.text) for run in runs):
        yield runs


def _converted(_: str, runs: Sequence[Run], rng: Random) -> Iterator[Edit]:  # noqa: ARG001
    for run in runs:
        for found in _CHANGED.finditer(run.text):
            yield Edit(run, found.start(), found.end(), found[0].translate(_TABLE))


OPERATORS = (
    Operator(
        "traditional",
        "all that is outside slots is in traditional characters: 谢谢 → 謝謝",
        "a character that has another form",
        _runs,
        _converted,
        usual=0.002,
        rough=0.005,
    ),
)
