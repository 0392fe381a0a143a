"""Quantities with measure words and plain numbers: 两件, 3盒, 半斤, 一对, 3万5."""

from __future__ import annotations

import functools
from math import trunc
from typing import TYPE_CHECKING

from dialogue.providers.china.numerals import characters, clipped, counted, full_width
from dialogue.providers.weighted import pick, spread
from dialogue.value import Value

if TYPE_CHECKING:
    from random import Random

# Measure words of shops; those with True are also said of halves.
UNITS = {
    **dict.fromkeys(
        ("件", "个", "台", "部", "条", "套", "双", "对", "支", "瓶", "只", "张"), False
    ),
    **dict.fromkeys(
        ("块", "把", "顶", "本", "罐", "颗", "根", "副", "卷", "桶", "片", "份"), False
    ),
    **dict.fromkeys(("箱", "盒", "包", "袋", "打", "提", "斤", "公斤", "米", "升", "吨"), True),
    **dict.fromkeys(("kg", "g", "克", "千克", "毫升"), False),
}
_DRAWN = spread(
    {"件": 12, "个": 14, "台": 5, "条": 4, "套": 6, "双": 4, "对": 2, "瓶": 5, "盒": 7, "箱": 5}
    | {"包": 5, "袋": 4, "斤": 3, "支": 2, "只": 2, "张": 2, "份": 4, "公斤": 1, "米": 1, "罐": 1}
)
# People order few of a thing.
_COUNTS = spread({1: 20, 2: 24, 3: 14, 4: 6, 5: 9, 6: 5, 8: 3, 10: 7, 12: 2, 20: 3, 50: 1, 100: 1})
_LATIN = ("kg", "g")


def draw_quantity(rng: Random, low: int = 1, high: int = 100, unit: str = "") -> Value:
    """Draw how many of something, with a measure word of its own where no `unit` is given.

    The normal form is digits and the measure word (2件, 0.5斤), the value both of them. Raises
    ValueError unless 1 <= low <= high <= 10**8.
    """
    if not 1 <= low <= high <= 10**8:
        raise ValueError(f"expected 1 <= low <= high <= 10**8 but got low={low!r}, high={high!r}")
    unit = unit or pick(rng, _DRAWN)
    amount = pick(rng, _COUNTS)
    if not low <= amount <= high:
        amount = low + trunc(rng.random() * (high - low + 1))
    if low == 1 and UNITS.get(unit) and rng.random() < 0.15:
        return say_quantity(rng, 0.5 if rng.random() < 0.6 or high < 2 else 1.5, unit)
    return say_quantity(rng, amount, unit)


def say_quantity(rng: Random, amount: float, unit: str) -> Value:
    """Say how many; halves are said in words (半斤, 一斤半), other fractions in digits."""
    plain = f"{amount:g}" if isinstance(amount, float) else str(amount)
    value = {"amount": int(amount) if amount == int(amount) else amount, "unit": unit}
    return Value(pick(rng, _counts(plain, unit)), f"{plain}{unit}", value)


def draw_number(rng: Random, low: int = 0, high: int = 10**6) -> Value:
    """Draw a whole number in digits, characters or both: 35000, 三万五千, 3万5.

    The normal form is its digits, the value the number. Raises ValueError unless
    0 <= low <= high < 10**12.
    """
    if not 0 <= low <= high < 10**12:
        raise ValueError(f"expected 0 <= low <= high < 10**12 but got low={low!r}, high={high!r}")
    least = len(str(low))
    most = max(least, len(str(max(high - 1, 1))))
    size = 10 ** (least + trunc(rng.random() * (most - least + 1)))
    first, last = max(low, size // 10 if size > 10 else 0), min(high, size - 1)
    number = first + trunc(rng.random() * (last - first + 1))
    # Long numbers are round.
    step = 1 if number < 200 or rng.random() < 0.3 else 10 ** (len(str(number)) - 2)
    number = number // step * step if number // step * step >= low else number
    return Value(pick(rng, _numbers(number)), str(number), number)


@functools.lru_cache(maxsize=1024)
def _counts(plain: str, unit: str) -> tuple[str, ...]:
    if "." in plain:
        whole, _, tenths = plain.partition(".")
        if tenths != "5" or unit in _LATIN:
            return (plain + unit,)
        if whole == "0":
            return spread({f"半{unit}": 8, f"{plain}{unit}": 1})
        said = counted(int(whole))
        return spread({f"{said}{unit}半": 6, f"{plain}{unit}": 2, f"{whole}{unit}半": 1})
    weights = {plain + unit: 10, f"{plain} {unit}": 1, full_width(plain) + unit: 1}
    if unit not in _LATIN:
        weights[counted(int(plain)) + unit] = 12
    if unit == "个" and plain in "23":
        weights["俩" if plain == "2" else "仨"] = 3
    return spread(weights)


@functools.lru_cache(maxsize=1024)
def _numbers(number: int) -> tuple[str, ...]:
    plain = str(number)
    weights = {plain: 10, characters(number): 4, full_width(plain): 1}
    if number >= 200:
        weights[characters(number, two="两")] = 4
    if number >= 1000:
        weights[f"{number:,}"] = 2
    short = clipped(number)
    if short:
        weights[short] = 5
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        if number >= unit and number % (unit // 10) == 0:
            head, tail = divmod(number // (unit // 10), 10)
            weights[f"{head}.{tail}{name}" if tail else f"{head}{name}"] = 5
            if tail:
                weights[f"{head}{name}{tail}"] = 4
            break
    return spread(weights)
