"""Titles in lines that fit, by widths that no common font exceeds by much."""

from __future__ import annotations

import math
import re
import unicodedata

_WORD = re.compile(r"[\w.,'’-]+\s*|\s+|.", re.ASCII)
_CLOSING = frozenset("，。！？、：；）》”’")
_PICTURES = 0x1F000
_BROAD = frozenset("mwMW@%&")
MORE = "…"


def width(text: str) -> float:
    """Return how wide a text is at most, in ems."""
    return sum(_ems(character) for character in text)


def _ems(character: str) -> float:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    if ord(character) >= _PICTURES:
        return 1.4
    if unicodedata.east_asian_width(character) in "WFA":
        return 1
    if character in _BROAD:
        return 0.98
    return 0.76 if character.isupper() else 0.62


def lines(text: str, widest: float, most: int = 2) -> list[str]:
    """Break a text into at most so many lines of `widest` ems; what is left ends in an ellipsis.

    The lines are as even as they can be.
    """
    found = _broken(text, widest)
    if len(found) > most:
        last = found[most - 1]
        while width(last + MORE) > widest:
            last = last[:-1]
        return [*found[: most - 1], last + MORE]
    even = math.ceil(width(text) / len(found))
    while even < widest:
        tried = _broken(text, even)
        if len(tried) == len(found):
            return tried
        even += 1
    return found


def _broken(text: str, widest: float) -> list[str]:
    found = [""]
    for word in _WORD.findall(text):
        for piece in [word] if width(word.rstrip()) <= widest else word:
            if found[-1] and width((found[-1] + piece).rstrip()) > widest and piece not in _CLOSING:
                found.append("")
            found[-1] += piece
    return [line.strip() for line in found]
