"""Marks of English messages: dropped and doubled."""

from __future__ import annotations

import re

from dialogue.noise.marks import COMMA, UNMARKED, Endings

_QUESTION = re.compile(
    r"\b(?:who|what|when|where|why|how|which|can|could|do|does|did|is|are|will|would)\b",
    re.IGNORECASE,
)
_ENDINGS = Endings(
    _QUESTION,
    {"?": ("??", "???", "?!"), "!": ("!!", "!!!"), ".": ("..", "...")},
    asked=("?", "?", "??"),
    said=(".", "!", "...", "!!"),
)

OPERATORS = (UNMARKED, COMMA, _ENDINGS.operator(usual=0.05, rough=0.09))
