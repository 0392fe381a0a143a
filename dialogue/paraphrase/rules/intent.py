"""Rule `intent`: a user's phrasing is not what users say with another intent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.likeness import ALIKE, only_slots, overlap
from dialogue.paraphrase.rules.rule import Rule

if TYPE_CHECKING:
    from dialogue.paraphrase.context import Context
    from dialogue.paraphrase.wording import Wording


def _check(wording: Wording, context: Context) -> str | None:
    if only_slots(wording.bare):
        return None
    for other in context.foreign:
        if overlap(wording.bigrams, other.bigrams) > ALIKE:
            return f"is like '{other.text}' of another intent"
    return None


RULE = Rule("intent", "not the wording of a unit with another intent", _check)
