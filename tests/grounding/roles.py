"""What a number is of, by the words around it: a price or a discount, an arrival or a record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grounding.text import Claim

# Kind → role, what the words before end with, what the words after begin with.
ROLES = {
    "money": (
        ("list", "(?:原价|平时|日常卖|恢复到?|平常的|原来是)$", ""),
        ("least", "(?:满|够|门槛是|凑够)$", ""),
        ("off", "减$", ""),
        ("paid", "(?:单价从?|您是)$", ""),
        ("back", "(?:退您?|差价|总共|应退)$", ""),
    ),
    "instant": (
        ("at", "", "更新|已|到达|离开|派送中|在"),
        ("eta", "(?:预计的?|本来|大概|原定)$", ""),
        ("eta", "", "(?:左右)?(?:能|该)?[到送]"),
    ),
    "day": (("starts", "", "才?开始|起|上线|到[0-9]"),),
    "points": (("missing", "(?:再攒|差|还要)$", ""),),
    "count": (("left", "(?:只剩|只有|还剩|现货|还有|能拍|给您发|里)$", ""),),
    "level": (("next", "(?:升|离|到)$", ""), ("next", "", "还差")),
}


def role(claim: Claim, roles: Mapping[str, object], kind: str | None = None) -> str:
    """Return the role that a claim has among some; the first one if no words tell."""
    for name, before, after in ROLES.get(kind or claim.kind, ()):
        if name in roles and re.search(before, claim.before) and re.match(after, claim.after):
            return name
    return next(iter(roles))
