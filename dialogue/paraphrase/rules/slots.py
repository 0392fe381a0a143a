"""Rule `slots`: a phrasing prints what the author's does, and as often."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dialogue.paraphrase.rules.rule import Rule

if TYPE_CHECKING:
    from dialogue.paraphrase.context import Context
    from dialogue.paraphrase.wording import Wording


def _check(wording: Wording, context: Context) -> str | None:
    signatures = context.assignment.signatures
    if wording.signature in signatures:
        return None
    printed = Counter(wording.signature)
    named = context.assignment.prints | {one.key: one.text for one in wording.pieces.prints}
    # Told by the author's phrasing that differs least.
    wanted = min((Counter(one) for one in sorted(signatures)), key=lambda one: _far(one, printed))
    for key in printed:
        if key not in context.assignment.prints:
            return f"prints '{{{{ {named[key]} }}}}', which the author does not"
    for key in wanted - printed:
        return f"lacks '{{{{ {named[key]} }}}}'"
    for key in printed - wanted:
        return f"prints '{{{{ {named[key]} }}}}' too often"
    return None


def _far(one: Counter[str], other: Counter[str]) -> int:
    return ((one - other) + (other - one)).total()


RULE = Rule("slots", "the same slots, the same number of times", _check)
