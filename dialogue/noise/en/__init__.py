"""The noise of English chats, in the order in which the operators go to work."""

from __future__ import annotations

from dialogue.noise.en import casing, contraction, emoji, marks, messages, slips

OPERATORS = (
    *contraction.OPERATORS,
    *slips.OPERATORS,
    *marks.OPERATORS,
    *casing.OPERATORS,
    *emoji.OPERATORS,
    *messages.OPERATORS,
)
