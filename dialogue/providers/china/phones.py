"""Telephone numbers of China: a stream and an area code in, a number and how it is said out.

The normal form of a mobile or a 400 number is its digits, of a landline `0755-86013388`, with an
extension `0755-86013388-802`.
"""

from __future__ import annotations

import sys
from math import trunc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

# Ranges in use by carrier, weighed by their customers (MIIT's allocation, 2024); of 134 the tenth
# that satellite phones have is left out below.
CARRIERS = (
    ("134 135 136 137 138 139 150 151 152 157 158 159 182 183 184 187 188", 15),
    ("147 172 178 195 197 198", 5),
    ("130 131 132 155 156 185 186", 14),
    ("145 166 175 176 196", 4),
    ("133 153 180 181 189", 13),
    ("173 177 190 191 193 199", 7),
    ("192", 2),
    ("162 165 167 170 171", 3),
)
PREFIXES = tuple(
    sys.intern(prefix + digit)
    for ranges, weight in CARRIERS
    for prefix in ranges.split()
    for digit in ("012345678" if prefix == "134" else "0123456789")
    for _ in range(weight)
)
# Ranges that no carrier has: a call reaches nobody.
SAFE_PREFIXES = ("154", "161", "164", "194")
# `1610` is in a range that phonenumbers knows.
SAFE = tuple(
    prefix + digit
    for prefix in SAFE_PREFIXES
    for digit in ("123456789" if prefix == "161" else "0123456789")
)

# Area codes whose local numbers have eight digits; all others have seven.
EIGHT_DIGITS = (
    "010 020 021 022 023 024 025 027 028 029 "
    "0311 0371 0377 0379 0411 0431 0432 0451 "
    "0510 0511 0512 0513 0514 0515 0516 0517 0518 0519 0523 0527 0531 0532 "
    "0551 0571 0573 0574 0575 0576 0577 0579 0591 0595 "
    "0731 0754 0755 0757 0760 0769 0791 0851 0871 0898"
)
EIGHT = frozenset(EIGHT_DIGITS.split())
FIRST_DIGITS = "2345666677788888"
EXTENSION_SHARE = 0.12

FULL_WIDTH = str.maketrans("0123456789+-()", "０１２３４５６７８９＋－（）")
SPOKEN = str.maketrans("0123456789", "零幺二三四五六七八九")
READ = str.maketrans("0123456789", "零一二三四五六七八九")
WRITTEN = str.maketrans("0123456789", "〇一二三四五六七八九")
CHARACTERS = (SPOKEN, SPOKEN, READ, WRITTEN)


def draw_mobile(rng: Random, safe: bool = False) -> str:
    """Draw a mobile number of a carrier's range, or, if safe, of a range that nobody has."""
    prefixes = SAFE if safe else PREFIXES
    prefix = prefixes[trunc(rng.random() * len(prefixes))]
    return prefix + str(trunc(rng.random() * 1e7 + 1e7))[1:]


def draw_landline(rng: Random, area_code: str) -> str:
    """Draw a landline of an area code that has its leading zero; now and then an extension."""
    local = FIRST_DIGITS[trunc(rng.random() * 16)]
    # No zero comes second: numbers on 800 are called free of charge from anywhere.
    local += str(
        trunc(rng.random() * 9e6 + 1e6 if area_code in EIGHT else rng.random() * 9e5 + 1e5)
    )
    if rng.random() < EXTENSION_SHARE:
        size = 10 ** (2 + trunc(rng.random() * 3))
        return f"{area_code}-{local}-{size // 10 + trunc(rng.random() * size * 0.9)}"
    return f"{area_code}-{local}"


def draw_hotline(rng: Random) -> str:
    """Draw a number of a company's hotline: ten digits."""
    return f"400{'0166678899'[trunc(rng.random() * 10)]}" + str(trunc(rng.random() * 1e6 + 1e6))[1:]


def say_phone(rng: Random, number: str) -> str:
    """Draw how a number in its normal form is written, mostly as it is."""
    if number[0] == "1":
        chance = rng.random()
        return number if chance < 0.62 else _say_mobile(rng, number)
    return _say_hotline(rng, number) if number[0] == "4" else _say_landline(rng, number)


def _say_mobile(rng: Random, number: str) -> str:
    way = trunc(rng.random() * 33)
    first, middle, last = number[:3], number[3:7], number[7:]
    if way < 9:
        return f"{first} {middle} {last}"
    if way < 17:
        return f"{first}-{middle}-{last}"
    if way < 29:
        return MOBILE_FORMS[way - 17].format(n=number, a=first, b=middle, c=last)
    if way < 31:
        return number.translate(FULL_WIDTH)
    return number.translate(CHARACTERS[trunc(rng.random() * 4)])


MOBILE_FORMS = (
    "+86 {n}",
    "+86 {a} {b} {c}",
    "+86-{n}",
    "+86{n}",
    "+86{n}",
    "86-{n}",
    "86 {n}",
    "{a}{b} {c}",
    "{a}{b}-{c}",
    "{a} {b}{c}",
    "（+86）{n}",
    "{a}.{b}.{c}",
)
LANDLINE_FORMS = (
    *("{a}-{l}",) * 3,
    *("{a}{l}",) * 6,
    *("({a}){l}",) * 2,
    "（{a}）{l}",
    "({a}){h} {t}",
    "（{a}）{h} {t}",
    *("{a} {l}",) * 3,
    "{a} {h} {t}",
    "{a}-{h}-{t}",
    "+86-{s}-{l}",
    "+86 {s} {l}",
    "{a}－{l}",
    "{a}—{l}",
)
EXTENSION_FORMS = ("-{}", "-{}", "转{}", "转{}", " 转{}", "转分机{}", "分机{}", " 分机{}")


def _say_landline(rng: Random, number: str) -> str:
    way = rng.random()
    if way > 0.7:
        return number
    area, local, *extension = number.split("-")
    if way < 0.05:
        said = f"{area}-{local}".translate(FULL_WIDTH)
        return f"{said}－{extension[0].translate(FULL_WIDTH)}" if extension else said
    if way < 0.08:
        digits = CHARACTERS[trunc(rng.random() * 4)]
        said = (area + local).translate(digits)
        return f"{said}转{extension[0].translate(digits)}" if extension else said
    form = LANDLINE_FORMS[trunc(rng.random() * len(LANDLINE_FORMS))]
    said = form.format(a=area, s=area[1:], l=local, h=local[:-4], t=local[-4:])
    if not extension:
        return said
    joint = EXTENSION_FORMS[trunc(rng.random() * len(EXTENSION_FORMS))]
    return said + joint.format(extension[0])


def _say_hotline(rng: Random, number: str) -> str:
    form = HOTLINE_FORMS[trunc(rng.random() * len(HOTLINE_FORMS))]
    return form.format(
        n=number, b=number[3:6], c=number[6:], d=number[4:7], e=number[7:], x=number[3]
    )


HOTLINE_FORMS = (
    *("400-{b}-{c}",) * 5,
    *("{n}",) * 3,
    *("400 {b} {c}",) * 2,
    "400{x}-{d}-{e}",
    "400-{b}{c}",
)
