"""Amounts of money as people type them: 199, 199块, 一百五, 1.2万."""

from __future__ import annotations

import functools
from decimal import Decimal
from math import trunc
from typing import TYPE_CHECKING

from dialogue.providers.china.numerals import characters, clipped, counted, full_width
from dialogue.providers.weighted import pick, spread
from dialogue.value import Value

if TYPE_CHECKING:
    from random import Random

# Prices end in 9, 8 or 0 more often than not.
_ENDINGS = (0, 0, 0, 9, 9, 9, 8, 8, 5, 6)
_CENTS = spread({"": 80, ".9": 10, ".8": 3, ".5": 4, ".99": 2, ".88": 1})


def draw_money(rng: Random, low: int = 1, high: int = 9999) -> Value:
    """Draw an amount of yuan from `low` to `high` and one way to say it.

    Raises ValueError unless 0 <= low <= high <= 10**8.
    """
    if not 0 <= low <= high <= 10**8:
        raise ValueError(f"expected 0 <= low <= high <= 10**8 but got low={low!r}, high={high!r}")
    # Small amounts are said more often than their share: the number of digits is drawn first.
    least = len(str(max(low, 1)))
    most = max(least, len(str(max(high - 1, 1))))
    size = 10 ** (least + trunc(rng.random() * (most - least + 1)))
    first, last = max(low, size // 10 if size > 10 else low), min(high, size - 1)
    yuan = first + trunc(rng.random() * (last - first + 1))
    if rng.random() < 0.6:
        step = 10 if yuan < 1000 else 100 if yuan < 10000 else 1000
        ended = yuan // step * step + (pick(rng, _ENDINGS) if step == 10 else 0)
        yuan = ended if low <= ended <= high else yuan
    cents = pick(rng, _CENTS) if yuan < min(high, 1000) else ""
    return say_money(rng, Decimal(f"{yuan}{cents}"))


def say_money(rng: Random, amount: Decimal | float | str) -> Value:
    """Say an amount of yuan, which has two decimals at most and is not negative.

    The normal form is the number as written plainly (39.9), the value it and its unit, 元. Raises
    ValueError for another amount.
    """
    number = Decimal(str(amount))
    if not number.is_finite() or not 0 <= number <= 10**8 or number * 100 % 1:
        raise ValueError(f"expected yuan up to 10**8 with two decimals but got {amount!r}")
    plain = format(number.normalize() + 0, "f")
    value = int(number) if number == int(number) else float(number)
    return Value(pick(rng, _surfaces(plain)), plain, {"amount": value, "unit": "元"})


@functools.lru_cache(maxsize=1024)
def _surfaces(plain: str) -> tuple[str, ...]:
    """Return what an amount is called, each name as often as it weighs."""
    number = Decimal(plain)
    weights = {
        plain: 6,
        f"{plain}元": 12,
        f"{plain}块": 10,
        f"{plain}块钱": 3,
        f"¥{plain}": 2,
        f"￥{plain}": 2,
        f"¥{number:.2f}": 2,
        f"{number:.2f}元": 1,
        f"{number:.2f}": 1,
        f"{full_width(plain)}元": 1,
        f"{plain}rmb": 1,
        f"{plain}RMB": 1,
    }
    if number >= 1000:
        weights |= {f"{number:,}元": 1, f"¥{number:,}": 1}
    if number != int(number):
        return spread(weights | _with_cents(number))
    yuan = int(number)
    # Nobody spells out 5287 often.
    often = 2 if len(str(yuan).rstrip("0")) <= 3 else 1
    weights |= dict.fromkeys((characters(yuan), characters(yuan, two="两")), often)
    weights[f"{counted(yuan)}块"] = 3 * often
    weights |= {f"{counted(yuan)}元": often, f"{counted(yuan)}块钱": often}
    short = clipped(yuan)
    if short:
        weights |= {short: 8, f"{short}块": 1}
    return spread(weights | _scaled(yuan))


def _scaled(yuan: int) -> dict[str, int]:
    """Return how round thousands and tens of thousands are said: 1.2k, 3千, 1.2万, 1万2."""
    if 1000 <= yuan < 10000 and yuan % 100 == 0:
        head, tail = divmod(yuan // 100, 10)
        if tail:
            return {f"{head}.{tail}k": 2, f"{head}.{tail}K": 1}
        return {f"{head}k": 2, f"{head}K": 1, f"{head}千": 3, f"{head}千块": 2, f"{head}千元": 1}
    if yuan >= 10000 and yuan % 1000 == 0:
        head, tail = divmod(yuan // 1000, 10)
        if tail:
            number = f"{head}.{tail}"
            return {f"{number}万": 4, f"{number}w": 2, f"{number}万元": 1, f"{head}万{tail}": 4}
        return {f"{head}万": 4, f"{head}w": 2, f"{head}万块": 2, f"{head}万元": 1}
    return {}


def _with_cents(number: Decimal) -> dict[str, int]:
    """Return how yuan and cents are said: 九块九, 三十九块九毛, 五毛."""
    yuan, cents = int(number), int(number * 100 % 100)
    tenths, left = divmod(cents, 10)
    if left:
        if not (yuan and tenths):
            return {}
        return {f"{yuan}块{tenths}毛{left}": 2, f"{yuan}元{tenths}角{left}分": 1}
    if not yuan:
        return {
            f"{tenths}毛": 6,
            f"{counted(tenths)}毛": 6,
            f"{counted(tenths)}毛钱": 3,
            f"{tenths}角": 1,
        }
    said = counted(yuan)
    return {
        f"{yuan}块{tenths}": 8,
        f"{said}块{characters(tenths)}": 8,
        f"{said}块{characters(tenths)}毛": 2,
        f"{yuan}元{tenths}角": 1,
    }
