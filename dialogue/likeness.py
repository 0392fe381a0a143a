"""How alike two phrasings are, by their words alone."""

from __future__ import annotations

import re

ALIKE = 0.7
"""Above this two phrasings say the same in nearly the same words."""

_COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
_PICK = re.compile(r"{{\s*pick\(.*?\)\s*}}")
_ORDER = re.compile(r"{{\s*order\((.*?)(?:,\s*\w+=.*?)?\)\s*}}")
_PRINTED = re.compile(r"{{.*?}}")
_MARKS = re.compile(r"[^\w¤]|_")


def bare(source: str) -> str:
    """Return a phrasing's words with a sign for each slot: no marks, no spaces, nothing drawn.

    >>> bare("{{ pick('', '亲，') }}寄到 {{ 地点 | trim }}？")
    '寄到¤'
    """
    source = _PICK.sub("", _COMMENT.sub("", source))
    source = _ORDER.sub(lambda found: "¤" * (found[1].count(",") + 1), source)
    return _MARKS.sub("", _PRINTED.sub("¤", source)).lower()


def only_slots(words: str) -> bool:
    """Tell whether nothing but slots is said: 「Z50 壳」 is understood by what they are."""
    return bool(words) and set(words) == {"¤"}


def bigrams(words: str) -> frozenset[str]:
    """Return the pairs of neighbours of a bare phrasing; a single character stands for itself."""
    return frozenset(words[n : n + 2] for n in range(len(words) - 1)) or frozenset({words})


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the Jaccard index of two sets of bigrams."""
    return len(one & other) / len(one | other)


def alike(one: str, other: str) -> float:
    """Return the Jaccard index of the character bigrams of two bare phrasings."""
    return overlap(bigrams(one), bigrams(other))
