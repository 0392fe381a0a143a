"""Rule `line`: a phrasing is one line of text that can be seen."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from dialogue.paraphrase.rules.rule import Rule

if TYPE_CHECKING:
    from dialogue.paraphrase.context import Context
    from dialogue.paraphrase.wording import Wording

MOST = 1000
_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
_JOINER = "\u200d"  # holds an emoji together


def _check(wording: Wording, context: Context) -> str | None:  # noqa: ARG001
    text = wording.text
    if not text.strip():
        return "is blank"
    if len(text) > MOST:
        return f"has {len(text):,} characters"
    for one in text:
        if one != _JOINER and unicodedata.category(one) in _UNSEEN:
            return "has more than one line" if one in "\n\r\u2028" else f"hides U+{ord(one):04X}"
    return None


RULE = Rule("line", "one line of text, with nothing that cannot be seen", _check)
