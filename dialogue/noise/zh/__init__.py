"""The noise of Chinese chats, in the order in which the operators go to work."""

from __future__ import annotations

from dialogue.noise.zh import (
    characters,
    digits,
    emoji,
    homophone,
    lookalike,
    marks,
    messages,
    particle,
    pinyin,
    traditional,
)

OPERATORS = (
    *homophone.OPERATORS,
    *lookalike.OPERATORS,
    *pinyin.OPERATORS,
    *digits.OPERATORS,
    *characters.OPERATORS,
    *particle.OPERATORS,
    *marks.OPERATORS,
    *traditional.OPERATORS,
    *emoji.OPERATORS,
    *messages.OPERATORS,
)
