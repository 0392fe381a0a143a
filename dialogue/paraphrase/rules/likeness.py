"""Rule `likeness`: a phrasing says it in other words than all others of the unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.likeness import ALIKE, only_slots, overlap
from dialogue.paraphrase.rules.rule import Rule

if TYPE_CHECKING:
    from dialogue.paraphrase.context import Context
    from dialogue.paraphrase.wording import Wording


def _check(wording: Wording, context: Context) -> str | None:
    for other in context.own:
        if _is_copy(wording, other):
            return f"is like '{other.text}'"
    return None


def _is_copy(one: Wording, other: Wording) -> bool:
    if only_slots(one.bare) or only_slots(other.bare):
        # There are no words to compare: the slots in their order are all that is said.
        printed = ([p.key for p in each.pieces.prints] for each in (one, other))
        return one.bare == other.bare and next(printed) == next(printed)
    return overlap(one.bigrams, other.bigrams) > ALIKE


RULE = Rule("likeness", "no copy or near copy of a phrasing of the unit", _check)
