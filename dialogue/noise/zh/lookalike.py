"""Characters that look alike: 己经, 时侯."""

from __future__ import annotations

from dialogue.noise.operator import Operator
from dialogue.noise.words import Words

_WORDS = Words.read("zh_lookalikes.csv")

OPERATORS = (
    Operator(
        "lookalike",
        "a word is written with a character that looks like its own: 已经 → 己经",
        "a word that is often mistaken so",
        _WORDS.sites,
        _WORDS.edits,
        usual=0.012,
        rough=0.05,
        in_slots=True,
    ),
)
