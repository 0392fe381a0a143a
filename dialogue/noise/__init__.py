"""How people really type: operators that change the text of a user's turns, and what they did.

`SETS` has the operators of each locale or language, in the order in which they go to work. What
one has changed no later one touches, so the log of a turn undoes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.noise import en, zh
from dialogue.noise.disturbance import Disturbance, Noise
from dialogue.noise.operator import Operator
from dialogue.noise.turn import Edit, Message, Run

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "SETS",
    "UNUSUAL",
    "Disturbance",
    "Edit",
    "Message",
    "Noise",
    "Operator",
    "Run",
    "operators",
]

SETS: Mapping[str, tuple[Operator, ...]] = {"zh_CN": zh.OPERATORS, "en": en.OPERATORS}

UNUSUAL: Mapping[str, frozenset[str]] = {"zh_CN": zh.traditional.TRADITIONAL}
"""Characters of the script of a locale that are written elsewhere, by locale."""


def operators(locale: str) -> tuple[Operator, ...]:
    """Return the operators of a locale, or of its language; none if it has no set."""
    return SETS.get(locale) or SETS.get(locale.partition("_")[0], ())
