"""Rule `length`: a phrasing is about as long as the author's.

Marks and spaces do not count, and a slot counts as one character: from half of the shortest to one
and a half of the longest of the unit, and two characters more. Slots alone are a phrasing only
where the author has one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.likeness import only_slots
from dialogue.paraphrase.rules.rule import Rule

if TYPE_CHECKING:
    from dialogue.paraphrase.context import Context
    from dialogue.paraphrase.wording import Wording


def _check(wording: Wording, context: Context) -> str | None:
    low, high = context.sizes
    size = len(wording.bare)
    if not size:
        return "says nothing"
    if only_slots(wording.bare) and not any(only_slots(one.bare) for one in context.own):
        return "says nothing but slots"
    if size < low:
        return f"has {size} characters, fewer than {low}"
    if size > high:
        return f"has {size} characters, more than {high}"
    return None


RULE = Rule("length", "about as long as the phrasings of the unit", _check)
