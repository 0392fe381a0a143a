"""Rule `fact`: numbers, dates, money and addresses come from slots and results, never from words.

What people have typed into the unit themselves may be said by users, too; the bot may say what the
unit lists under `facts`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dialogue.paraphrase.rules.rule import Rule

if TYPE_CHECKING:
    from dialogue.paraphrase.context import Context
    from dialogue.paraphrase.wording import Wording

_ADDRESS = re.compile(r"\w+://|www\.\w|\w@\w|\w\.(?:com|cn|net|org)\b", re.IGNORECASE)


def _check(wording: Wording, context: Context) -> str | None:
    user = context.assignment.speaker == "user"
    for text in wording.pieces.texts:
        if found := _ADDRESS.search(text):
            return f"types '{found[0]}' in"
        for known in context.facts if not user else ():
            text = text.replace(known, " ")
        for found in context.pack.facts.finditer(text):
            if not user or found[0].casefold() not in context.words:
                return f"states '{found[0]}'"
    return None


RULE = Rule("fact", "no number, date, money or address typed in", _check)
