"""Emoji of English chats."""

from __future__ import annotations

import re

from dialogue.noise.emoji import Moods

_MOODS = Moods((
    (
        re.compile(r"\b(?:thank|thx|great|perfect|cheers)", re.IGNORECASE),
        ("🙏", "😊", "👍", " :)", "😀"),
    ),
    (
        re.compile(r"\b(?:broken|late|wrong|angry|still|refund|awful)", re.IGNORECASE),
        ("😡", "😤", "😭", " :(", "🙄"),
    ),
    (re.compile(r"\b(?:bye|later)\b", re.IGNORECASE), ("👋", "😊", " :)")),
    (re.compile(r"\?\Z"), ("🤔", "😅", "😊", " :)")),
    (re.compile(""), ("😊", "😄", "😂", "👍", "😅", " :)", " ;)", " xD")),
))  # fmt: skip

OPERATORS = (_MOODS.operator(usual=0.025, rough=0.05),)
