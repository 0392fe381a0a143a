"""What typing does to an address: its parts in, a text with stray separators and notes out."""

from __future__ import annotations

from math import trunc
from typing import TYPE_CHECKING

from dialogue.providers.china.details.words import words
from dialogue.providers.weighted import pick, spread

if TYPE_CHECKING:
    from random import Random

RATE = 0.09
WIDE = str.maketrans("0123456789-ABCDEFGH", "０１２３４５６７８９－ＡＢＣＤＥＦＧＨ")
SEPARATORS = spread(
    {
        " ": 40,
        ",": 3,
        "，": 5,
        "-": 5,
        "  ": 2,
        "、": 2,
        ".": 1,
        "_": 1,
        "--": 1,
        "，，": 1,
        "/": 1,
        "；": 1,
    }
)


def messy(rng: Random, parts: tuple[str, ...]) -> str:
    """Join the parts as careless typing does; notes in brackets come last."""
    parts = tuple(part for part in parts if part)
    r = rng.random()
    if r < 0.32:
        return pick(rng, SEPARATORS).join(parts)
    if r < 0.66:
        at = 1 + trunc(rng.random() * (len(parts) - 1)) if len(parts) > 1 else 1
        head, tail = "".join(parts[:at]), "".join(parts[at:])
        return f"{head}{pick(rng, SEPARATORS)}{tail}" if tail else head
    text = "".join(parts)
    if r < 0.82:
        note = pick(rng, words("address_words", "notes"))
        return f"{text}（{note}）" if r < 0.77 else f"{text}({note})"
    if r < 0.90:
        return text.translate(WIDE)
    return f"{parts[0]}{text}"
