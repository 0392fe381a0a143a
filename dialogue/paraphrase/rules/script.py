"""Rule `script`: a phrasing is written as the author writes.

The script that most letters of the unit have must have at least half of the letters here, and no
letter has one that users never write in the pack, or a form that is usual elsewhere. It tells
languages apart only by script.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.paraphrase.context import scripts
from dialogue.paraphrase.rules.rule import Rule

if TYPE_CHECKING:
    from dialogue.paraphrase.context import Context
    from dialogue.paraphrase.wording import Wording


def _check(wording: Wording, context: Context) -> str | None:
    text = "".join(wording.pieces.texts)
    for one in text:
        if one in context.pack.unusual:
            return f"has a character that is written elsewhere ('{one}')"
    found = scripts((text,))
    if not found or not context.scripts:
        return None
    (usual, _), *_ = context.scripts.most_common(1)
    for script in sorted(found):
        if script not in context.scripts | context.pack.scripts:
            return f"has letters of another script ({script})"
    if found[usual] * 2 < found.total():
        return f"is written in another script than the unit ({usual})"
    return None


RULE = Rule("script", "the script that the unit is written in", _check)
