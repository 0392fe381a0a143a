"""What days, parts of the day and clocks are called: for times that are drawn and for those told.

The first name of each is the plain one. Names stand in a tuple as often as they weigh.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from dialogue.providers.china.numerals import characters, counted
from dialogue.providers.weighted import spread

if TYPE_CHECKING:
    from collections.abc import Mapping

Names = tuple[str, ...]


# The days around today by their distance.
NEAR: Mapping[int, Names] = {
    -3: ("大前天",),
    -2: spread({"前天": 9, "前儿": 1}),
    -1: spread({"昨天": 9, "昨儿": 2, "昨日": 1}),
    0: spread({"今天": 8, "今儿": 2, "今日": 1}),
    1: spread({"明天": 8, "明儿": 2, "明日": 1}),
    2: spread({"后天": 9, "后儿": 1}),
    3: ("大后天",),
}
# Parts of the day with their first and last hour, half open; 下午三点 and the like may lie outside.
PARTS: Mapping[str, tuple[int, int]] = {
    "凌晨": (0, 6),
    "早上": (6, 9),
    "上午": (6, 12),
    "中午": (11, 13),
    "下午": (12, 18),
    "傍晚": (17, 19),
    "晚上": (18, 24),
}
PART_NAMES: Mapping[str, Names] = {
    "凌晨": ("凌晨",),
    "早上": spread({"早上": 8, "早晨": 1, "一早": 2, "大早上": 1}),
    "上午": ("上午",),
    "中午": ("中午",),
    "下午": spread({"下午": 20, "午后": 1}),
    "傍晚": ("傍晚",),
    "晚上": ("晚上",),
}
# Days and parts that have one word together.
_SHORT: Mapping[tuple[int, str], Names] = {
    (-1, "晚上"): spread({"昨晚": 6, "昨晚上": 1}),
    (0, "晚上"): spread({"今晚": 8, "今晚上": 1}),
    (1, "晚上"): spread({"明晚": 6, "明晚上": 1}),
    (0, "早上"): ("今早",) * 5,
    (1, "早上"): spread({"明早": 6, "明早上": 1}),
}


def _together(days: int, part: str) -> Names:
    short = _SHORT.get((days, part), ())
    # 今天晚上 is as common as its short form is rare.
    long = tuple(
        name + said
        for name in dict.fromkeys(NEAR[days])
        for said in dict.fromkeys(PART_NAMES[part])
        if (said not in ("一早", "大早上")) or name in ("今天", "明天", "后天")
    )
    plain = (NEAR[days][0] + PART_NAMES[part][0],) * 4
    return short * 2 + plain + long


NEAR_PARTS: Mapping[tuple[int, str], Names] = {
    (days, part): _together(days, part) for days in NEAR for part in PARTS
}

_DAY_OF_WEEK = "一二三四五六"
_PREFIXES: Mapping[int, Names] = {
    -1: spread({"上周": 8, "上星期": 2, "上礼拜": 1, "上个星期": 1, "上个礼拜": 1}),
    0: spread({"周": 14, "这周": 10, "本周": 4, "星期": 6, "礼拜": 4, "这个星期": 1, "这礼拜": 1}),
    1: spread({"下周": 8, "下星期": 2, "下礼拜": 1, "下个星期": 1, "下个礼拜": 1}),
    2: spread({"下下周": 4, "下下个星期": 1}),
}
# Days of the week by week, counted from this one, and weekday, Monday first.
WEEKDAYS: Mapping[int, tuple[Names, ...]] = {
    week: tuple(
        tuple(prefix + day for prefix in prefixes for day in (*_DAY_OF_WEEK, "日天")[weekday])
        for weekday in range(7)
    )
    for week, prefixes in _PREFIXES.items()
}
# The same without the week, for the next such day.
BARE_WEEKDAYS: tuple[Names, ...] = tuple(
    tuple(prefix + day for prefix in ("周", "周", "星期", "礼拜") for day in days)
    for days in (*_DAY_OF_WEEK, "日天")
)


@functools.cache
def dates(month: int, day: int) -> Names:
    """Return how a date is written without its year."""
    digits = f"{month}月{day}"
    said = f"{characters(month)}月{characters(day)}"
    weights = {
        f"{digits}号": 12,
        f"{digits}日": 8,
        f"{month}.{day}": 2,
        f"{month}/{day}": 1,
        f"{said}号": 2,
        f"{said}日": 1,
    }
    if day < 10:
        weights[f"{month}月0{day}日"] = 1
    return spread(weights)


@functools.cache
def days_of_month(day: int) -> Names:
    """Return how a day of a month is said whose month is clear."""
    return (f"{day}号", f"{day}号", f"{day}号", f"{characters(day)}号")


# What an hour may be said with, from 0 to 24: 晚上12点 ends the day.
_HOUR_PARTS: tuple[Names, ...] = (
    *(("凌晨",),) * 6,
    ("早上", "早上", "清晨", "一早"),
    ("早上", "早上", "早上", "早晨"),
    ("早上", "早上", "早上", "上午"),
    ("上午", "上午", "上午", "早上"),
    *(("上午",),) * 2,
    ("中午",),
    ("下午", "下午", "中午"),
    *(("下午",),) * 3,
    ("下午", "下午", "下午", "傍晚"),
    ("晚上", "下午", "傍晚"),
    *(("晚上",),) * 6,
)
# A day and an evening or a morning, before a clock: 明晚8点.
_SHORT_HOURS: Mapping[tuple[int, str], Names] = {
    (days, part): names * 2 + (NEAR[days][0] + part,) * 3 for (days, part), names in _SHORT.items()
}


@functools.cache
def _bare_hours(hour: int, minute: int) -> Names:
    """Return how a clock is said after a part of the day, by twelve hours."""
    twelve = hour - 12 if hour > 12 else hour
    digits, said = f"{twelve}点", f"{counted(twelve)}点"
    if minute == 0:
        weights = {digits: 12, said: 9, f"{digits}钟": 2, f"{said}钟": 1, f"{twelve}:00": 2}
        if hour == 0:
            return spread({"零点": 4, "0点": 4, "零点整": 1})
        return spread({**weights, f"{twelve}：00": 1, f"{digits}整": 1})
    if minute == 30:
        return spread(
            {
                f"{digits}半": 10,
                f"{said}半": 8,
                f"{twelve}:30": 5,
                f"{twelve}：30": 1,
                f"{digits}30": 2,
                f"{digits}30分": 1,
                f"{said}三十": 1,
            }
        )
    read = characters(minute) if minute >= 10 else "零" + characters(minute)
    weights = {
        f"{digits}{minute:02}": 4,
        f"{digits}{minute:02}分": 2,
        f"{said}{read}分": 1,
        f"{twelve}:{minute:02}": 4,
        f"{twelve}：{minute:02}": 1,
    }
    if minute != 10:  # nobody says 八点十
        weights[f"{said}{read}"] = 3
    quarter = {15: "一刻", 45: "三刻"}.get(minute)
    if quarter:
        weights |= {f"{digits}{quarter}": 4, f"{said}{quarter}": 4}
    return spread(weights)


@functools.cache
def _whole_hours(hour: int, minute: int, *, spelt: bool) -> Names:
    """Return how a clock is said without a part of the day, by 24 hours, also in characters."""
    weights = {f"{hour}:{minute:02}": 8, f"{hour:02}:{minute:02}": 1, f"{hour}：{minute:02}": 1}
    # 7点 could be in the evening, 12点 at midnight.
    if hour >= 9 and hour != 12:
        weights[f"{hour}点{_minutes(minute)}"] = 6
    if spelt and hour in (9, 10, 11):
        weights[f"{counted(hour)}点{_minutes(minute)}"] = 3
    return spread(weights)


@functools.cache
def clocks(hour: int, minute: int, days: int | None = None) -> tuple[tuple[bool, str], ...]:
    """Return how a clock is said, for a day so many days ahead, or None for a day named otherwise.

    Each is told to hold the day (明晚8点) or to need one before it (晚上8点, 20:00).
    """
    parts, bare = _HOUR_PARTS[hour], _bare_hours(hour, minute)
    found = [(False, part + said) for part in parts for said in bare]
    # 下周二十点 could be 20点.
    whole = _whole_hours(hour, minute, spelt=days is not None)
    share = max(1, len(found) // (3 * len(whole)))
    found += [(False, said) for said in whole for _ in range(share)]
    if days is not None:
        short = [
            name for part in dict.fromkeys(parts) for name in _SHORT_HOURS.get((days, part), ())
        ]
        found += [(True, name + said) for name in short for said in bare]
    return tuple(found)


def plain_part(hour: int) -> str:
    """Return the part of the day that an hour is told with."""
    for part in ("凌晨", "早上", "上午"):
        if hour < PARTS[part][1]:
            return part
    return "中午" if hour < 13 else "下午" if hour < 18 else "晚上"


def _minutes(minute: int) -> str:
    return {0: "", 30: "半"}.get(minute, f"{minute:02}分")


def plain_clock(hour: int, minute: int) -> str:
    """Return a clock by twelve hours as it is told: 8点半, 8点05分."""
    return f"{hour - 12 if hour > 12 else hour}点{_minutes(minute)}"


def plain_day(days: int, part: str) -> str | None:
    """Return a day so many days ahead with a part of it as it is told; None for far days."""
    if abs(days) > 2:
        return None
    short = _SHORT.get((days, part), ()) if part == "晚上" else ()
    return short[0] if short else NEAR[days][0] + part
