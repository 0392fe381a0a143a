"""Characters of the same sound, as pinyin input offers them: 在 for 再, 优惠卷."""

from __future__ import annotations

from dialogue.noise.operator import Operator
from dialogue.noise.words import Words

_WORDS = Words.read("zh_homophones.csv")

OPERATORS = (
    Operator(
        "homophone",
        "a word is written with other characters of its sound: 再说 → 在说",
        "a word that is often mistyped so",
        _WORDS.sites,
        _WORDS.edits,
        usual=0.02,
        rough=0.1,
        in_slots=True,
    ),
)
