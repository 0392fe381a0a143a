"""Whole numbers in Chinese characters, written and read: 205, 二百零五, 两百零五."""

from __future__ import annotations

DIGITS = "零一二三四五六七八九"
LARGEST = 10**12 - 1
_SMALL = ("", "十", "百", "千")
_GREAT = ("", "万", "亿")
_FULL = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
_VALUES = {
    **{character: value for value, character in enumerate(DIGITS)},
    "〇": 0,
    "两": 2,
    "俩": 2,
    "仨": 3,
    "幺": 1,
}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def characters(number: int, *, two: str = "二") -> str:
    """Return a number from 0 to a trillion less one in characters: 一千零二十, 十二, 二百.

    `two` is said for a 2 before 百, 千, 万 and 亿, where 两 is as right as 二. Raises ValueError
    for a number outside these bounds.
    """
    if not 0 <= number <= LARGEST:
        raise ValueError(f"expected a number from 0 to {LARGEST} but got {number!r}")
    if number < 10:
        return DIGITS[number]
    said, empty = "", False
    for power in (2, 1, 0):
        group = number // 10000**power % 10000
        if not group:
            empty = bool(said)
            continue
        words = two if power and group == 2 else _group(group, two)
        if said and (empty or group < 1000):
            words = "零" + words
        said += words + _GREAT[power]
        empty = False
    return said.removeprefix("一") if said.startswith("一十") else said


def counted(number: int) -> str:
    """Return a number as it is said before a measure word: 两, 十二, 两百."""
    return "两" if number == 2 else characters(number, two="两")


def clipped(number: int) -> str | None:
    """Return a number without its last unit, as in 一百五 for 150 and 三万五 for 35,000.

    None for a number that is not said so: it needs a digit, a unit from 百 on, and one digit more.
    """
    for unit, name in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百")):
        if number >= unit:
            head, rest = divmod(number, unit)
            tail, left = divmod(rest, unit // 10)
            if left or not tail:
                return None
            return f"{counted(head)}{name}{DIGITS[tail]}"
    return None


def full_width(text: str) -> str:
    """Return a text with full-width digits: ２０５."""
    return text.translate(_FULL)


def _group(number: int, two: str) -> str:
    """Say a number from 1 to 9999."""
    said = ""
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            word = two if digit == 2 and power > 1 else DIGITS[digit]
            said += word + _SMALL[power]
        elif said and not said.endswith("零"):
            said += "零"
    return said.rstrip("零")
