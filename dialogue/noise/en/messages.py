"""Where messages end in English chats."""

from __future__ import annotations

import re

from dialogue.noise.messages import Cuts

# A full stop ends a sentence after a word of three small letters or a slot, not in “Mr. Hu”.
_PATTERN = re.compile(
    r"""
      \s* [,;] \s+
    | (?: (?<=[a-z\d)]{3}) | \A ) \.\s+
    | (?<=[?!…]) \s+
    | \s*\n\s*
    """,
    re.VERBOSE,
)

OPERATORS = (Cuts(_PATTERN).operator(usual=0.2, rough=0.35),)
