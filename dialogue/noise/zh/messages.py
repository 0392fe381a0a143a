"""Where messages end in Chinese chats."""

from __future__ import annotations

import re

from dialogue.noise.messages import Cuts

# What is typed with a space after it goes on: 我的 手机. A space beside Latin letters ends nothing.
_PATTERN = re.compile(
    r"""
      \s* (?: [，；;。]+ | (?<!\d),+ | ,+(?!\d) ) \s*
    | (?<=[？?！!…～~]) (?<!\d[～~]) \s* (?![\s\d，,；;。、？?！!…～~）)】》」』”"])
    | (?<![!-~的地得是在把给到和跟与或从为叫：，,；;。、]) [^\S\n]+ (?![\s!-~，,；;。、？！…～])
    | \s*\n\s*
    """,
    re.VERBOSE,
)

OPERATORS = (Cuts(_PATTERN).operator(usual=0.2, rough=0.35),)
