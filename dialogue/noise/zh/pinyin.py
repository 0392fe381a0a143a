"""Words left in pinyin, and initials that chats use: youhuo吗, yhq."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.noise.operator import Operator
from dialogue.noise.words import Words

if TYPE_CHECKING:
    from dialogue.noise.turn import Run


def _stands_alone(run: Run, start: int, end: int) -> bool:
    """Tell whether letters put there would not run into others."""
    beside = (run.text[start - 1] if start else run.before, run.text[end : end + 1] or run.after)
    return not any(one.isascii() and one.isalnum() for one in beside)


_WORDS = Words.read("zh_pinyin.csv", _stands_alone)

OPERATORS = (
    Operator(
        "pinyin",
        "a word is left in pinyin or becomes its initials: 优惠券 → yhq",
        "a word that is often typed so, not beside letters or digits",
        _WORDS.sites,
        _WORDS.edits,
        usual=0.02,
        rough=0.075,
    ),
)
