"""Invented firms and shops: nothing in, names out."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialogue.providers.china.details.words import words
from dialogue.providers.weighted import pick

if TYPE_CHECKING:
    from random import Random


@dataclass(frozen=True, slots=True)
class Stock:
    """The words that names of firms are made of."""

    chars: tuple[str, ...]
    trades: tuple[str, ...]
    ends: tuple[str, ...]
    factories: tuple[str, ...]
    shops: tuple[str, ...]
    given: tuple[str, ...]


@functools.cache
def stock() -> Stock:
    """Read the words."""
    return Stock(*(words("firm_names", name) for name in Stock.__slots__))


def brand(rng: Random) -> str:
    """Draw an invented name of two or three characters."""
    chars = stock().chars
    first, second = pick(rng, chars), pick(rng, chars)
    if first == second:
        second = "达"
    if rng.random() < 0.2:
        return f"{first}{second}{pick(rng, chars)}"
    return f"{first}{second}"


def company(rng: Random, home: str = "") -> str:
    """Draw a firm, sometimes with the place it is registered in before its name."""
    r, names = rng.random(), stock()
    name = brand(rng)
    if r < 0.15:
        return f"{name}{pick(rng, words('address_words', 'short_trades'))}"
    if r < 0.22:
        return f"{name}{pick(rng, ('集团', '公司', '股份', '实业', '控股', '国际'))}"
    if r < 0.45:
        return f"{home}{name}{pick(rng, names.trades)}{pick(rng, names.ends)}"
    return f"{name}{pick(rng, names.trades)}{pick(rng, names.ends) if r < 0.82 else ''}"


def factory(rng: Random) -> str:
    """Draw a factory: 鸿达制衣厂, 金三五金厂."""
    r, names = rng.random(), stock()
    if r < 0.8:
        return f"{brand(rng)}{pick(rng, names.factories)}"
    family = pick(rng, words("village_names", "families"))
    return f"{family}{pick(rng, ('氏', '家', '记'))}{pick(rng, names.factories)}"


def shop(rng: Random) -> str:
    """Draw a shop: 阿芳理发店, 鑫源五金建材, 老王烟酒店."""
    r, names = rng.random(), stock()
    if r < 0.55:
        return f"{pick(rng, names.given)}{pick(rng, names.shops)}"
    if r < 0.88:
        return f"{brand(rng)}{pick(rng, names.shops)}"
    if r < 0.94:
        family = pick(rng, words("village_names", "families"))
        return f"{family}{pick(rng, words('address_words', 'owners'))}{pick(rng, names.shops)}"
    return pick(rng, names.shops)
