"""Rule `code`: nothing that does anything but what the author let it do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dialogue.paraphrase.rules.rule import Rule

if TYPE_CHECKING:
    from dialogue.paraphrase.context import Context
    from dialogue.paraphrase.wording import Wording

_BRACE = re.compile(r"[{}｛｝]")
_PLAIN = re.compile(r"[^\W\d]\w*")


def _check(wording: Wording, context: Context) -> str | None:
    if wording.pieces.tags:
        return f"adds the tag '{wording.pieces.tags[0]}'"
    for text in wording.pieces.texts:
        if found := _BRACE.search(text):
            return f"has a stray '{found[0]}'"
    known = context.assignment.prints
    for one in wording.pieces.prints:
        # A plain name that is not known is told by the rule of slots.
        if one.key not in known and not _PLAIN.fullmatch(one.key):
            return f"adds the code '{{{{ {one.text} }}}}'"
    return None


RULE = Rule("code", "no tag, call, filter or attribute that the author did not write", _check)
