"""How stretches of days, hours of the week, amounts of time and vague times are said."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from dialogue.providers.china.numerals import counted
from dialogue.providers.weighted import spread

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogue.providers.china.times.names import Names

# Weeks, weekends and months by how many of them ahead.
SPANS: Mapping[tuple[str, int], Names] = {
    ("weekend", -1): spread({"上周末": 3, "上个周末": 2, "上周六日": 1}),
    ("weekend", 0): spread(
        {
            "周末": 12,
            "这周末": 6,
            "这个周末": 4,
            "本周末": 2,
            "这周六日": 2,
            "周六日": 2,
            "周六周日": 2,
            "周六或者周日": 1,
            "周六或周日": 1,
            "礼拜六礼拜天": 1,
        }
    ),
    ("weekend", 1): spread({"下周末": 5, "下个周末": 5, "下周六日": 1, "下周六或者周日": 1}),
    ("week", -1): spread({"上周": 6, "上个星期": 2, "上礼拜": 1, "上星期": 1}),
    ("week", 0): spread({"这周": 6, "本周": 4, "这个星期": 2, "这礼拜": 1, "这星期": 1}),
    ("week", 1): spread({"下周": 8, "下星期": 2, "下个星期": 2, "下礼拜": 1, "下个礼拜": 1}),
    ("month", -1): spread({"上个月": 4, "上月": 1}),
    ("month", 0): spread({"这个月": 4, "本月": 3}),
    ("month", 1): spread({"下个月": 6, "下月": 1}),
    ("first", -1): spread({"上个月初": 2, "上月初": 1}),
    ("first", 0): spread({"月初": 4, "这个月初": 1}),
    ("first", 1): spread({"下个月初": 4, "下月初": 2}),
    ("last", -1): spread({"上个月底": 4, "上月底": 2, "上个月末": 1}),
    ("last", 0): spread({"月底": 8, "这个月底": 3, "本月底": 2, "月末": 1, "这月底": 1}),
    ("last", 1): spread({"下个月底": 4, "下月底": 2}),
}
# Deadlines at the end of a span that are said otherwise than 最晚 and its name.
ENDS: Mapping[tuple[str, int], Names] = {
    ("week", 0): spread({"这周内": 5, "本周内": 4, "这周之内": 2, "这个星期内": 2, "这礼拜内": 1}),
    ("week", 1): spread({"下周内": 3, "下周之内": 1, "下个星期内": 1}),
    ("month", 0): spread(
        {
            "月底前": 8,
            "月底之前": 4,
            "这个月底前": 3,
            "本月底前": 2,
            "月底以前": 1,
            "这个月内": 3,
            "本月内": 3,
            "这个月之内": 1,
            "月内": 1,
            "最晚月底": 1,
            "最迟月底": 1,
            "月末前": 1,
        }
    ),
    ("month", 1): spread({"下个月底前": 3, "下月底前": 2, "下个月内": 2, "下个月之内": 1}),
    ("year", 0): spread(
        {"年底前": 5, "年底之前": 3, "今年年底前": 2, "年内": 1, "今年内": 1, "最晚年底": 1}
    ),
}
BEFORE = spread({"前": 5, "之前": 4, "以前": 2})
AFTER = spread({"后": 5, "以后": 4, "之后": 3})
WITHIN = spread({"内": 5, "之内": 3, "以内": 2})
LATEST = spread({"最晚": 4, "最迟": 2})

VAGUE: Mapping[str, Names] = {
    "asap": spread(
        {
            "尽快": 8,
            "越快越好": 6,
            "马上": 3,
            "急用": 3,
            "赶紧": 2,
            "立刻": 1,
            "加急": 2,
            "第一时间": 1,
            "越早越好": 3,
            "尽早": 2,
            "早点": 2,
            "快点": 2,
            "最快": 1,
            "着急要": 1,
        }
    ),
    "anytime": spread(
        {
            "随时": 5,
            "都行": 4,
            "都可以": 3,
            "什么时候都行": 3,
            "啥时候都行": 2,
            "哪天都行": 2,
            "几点都行": 1,
            "随便什么时候": 1,
            "任何时间": 1,
            "什么时间都可以": 1,
            "不急": 2,
            "时间不限": 1,
            "随时都行": 2,
        }
    ),
    "soon": spread({"这两天": 5, "这几天": 4, "过两天": 3, "过几天": 2, "近期": 1, "最近几天": 1}),
    "later": spread(
        {
            "晚点": 4,
            "回头": 2,
            "等会儿": 3,
            "过会儿": 2,
            "一会儿": 3,
            "待会儿": 3,
            "改天": 2,
            "有空的时候": 1,
            "晚些时候": 1,
            "稍后": 1,
        }
    ),
    "just_now": spread({"刚才": 5, "刚刚": 5, "刚": 2, "刚刚那会儿": 1, "不久前": 1, "就刚才": 1}),
    "recently": spread(
        {"前两天": 5, "前几天": 5, "前阵子": 2, "最近": 2, "前段时间": 2, "这阵子": 1}
    ),
}

WORKDAYS = ("MO", "TU", "WE", "TH", "FR")
WEEKEND = ("SA", "SU")
DAILY = WORKDAYS + WEEKEND
_CHARACTERS = dict(zip(DAILY, "一二三四五六日", strict=True))
# Several days of each week; 周末 alone is the next weekend.
_DAYS: Mapping[tuple[str, ...], Names] = {
    WORKDAYS: spread({"工作日": 8, "周一到周五": 4, "周一至周五": 2, "礼拜一到礼拜五": 1}),
    WEEKEND: spread({"非工作日": 4, "双休日": 2, "休息日": 2, "每个周末": 2}),
    DAILY: spread({"每天": 6, "天天": 1}),
}
_HOURS: Mapping[tuple[tuple[str, ...], int, int], Names] = {
    (WORKDAYS, 9, 18): spread(
        {
            "工作日白天": 4,
            "上班时间": 4,
            "上班的时候": 2,
            "工作时间": 2,
            "上班期间": 1,
            "周一到周五白天": 1,
        }
    ),
    (WORKDAYS, 18, 24): spread(
        {
            "下班后": 6,
            "下班以后": 4,
            "下了班": 2,
            "下班之后": 2,
            "工作日下班后": 2,
            "平时下班后": 1,
            "工作日晚上": 2,
            "周一到周五晚上": 1,
        }
    ),
    (WORKDAYS, 12, 14): spread(
        {"午休": 4, "午休时间": 3, "午休的时候": 2, "中午休息时间": 1, "工作日午休": 1}
    ),
    (WEEKEND, 9, 18): spread({"每个周末白天": 2, "双休日白天": 2, "非工作日白天": 1}),
    (WEEKEND, 18, 24): spread({"每个周末晚上": 2, "双休日晚上": 2}),
    (DAILY, 9, 18): spread({"白天": 4, "每天白天": 3}),
    (DAILY, 6, 12): spread({"每天上午": 4}),
    (DAILY, 12, 18): spread({"每天下午": 4}),
}


@functools.cache
def hours(days: tuple[str, ...], first: int, last: int) -> Names:
    """Return how hours on days of each week are said; those that begin later end at midnight."""
    named = _HOURS.get((days, first, last))
    if named:
        return named
    whole = _DAYS.get(days) or _each(days)
    if (first, last) == (0, 24):
        return whole
    number = first - 12 if first > 12 else first
    part = "晚上" if first >= 18 else "下午" if first > 12 else "上午"
    clocks = (f"{part}{number}点", f"{part}{counted(number)}点", f"{first}点", f"{first}:00")
    names = [
        f"{day}{clock}{after}"
        for day in dict.fromkeys(whole)
        for clock in clocks
        for after in ("后", "以后", "之后")
    ]
    if days == DAILY:
        names += [f"每晚{clock[2:]}{after}" for clock in clocks[:2] for after in ("后", "以后")]
    return tuple(names)


def _each(days: tuple[str, ...]) -> Names:
    said = "".join(_CHARACTERS[day] for day in days)
    if len(days) > 1:
        listed = "、".join(f"周{day}" for day in said)
        return (f"每周{said}", f"周{said}", f"每周{'、'.join(said)}", f"每{listed}")
    extra = (f"每周{said.replace('日', '天')}",) if said == "日" else ()
    return (
        f"每周{said}",
        f"每周{said}",
        f"每个周{said}",
        f"每个星期{said}",
        f"每礼拜{said}",
        *extra,
    )


_UNITS: Mapping[str, tuple[Names, Names]] = {
    # What follows digits, what follows characters.
    "minute": (("分钟",), ("分钟",)),
    "hour": (("小时", "小时", "个小时", "h"), ("小时", "个小时", "个小时", "个钟头")),
    "day": (("天",), ("天",)),
    "workday": (("个工作日", "个工作日", "工作日"), ("个工作日",)),
    "week": (("周", "周", "个星期"), ("周", "周", "个星期", "个礼拜", "星期")),
    "month": (("个月",), ("个月",)),
}
_HALVES: Mapping[tuple[int, str], Names] = {
    (15, "minute"): ("一刻钟",),
    (30, "minute"): ("半小时", "半小时", "半个小时", "半个小时", "半个钟头", "半个钟"),
    (90, "minute"): ("一个半小时", "一个半小时", "1个半小时", "1.5小时", "一个半钟头"),
    (150, "minute"): ("两个半小时", "两个半小时", "2.5小时", "2个半小时"),
    (15, "day"): ("半个月", "半个月", "半个月"),
    (2, "hour"): ("俩小时",),
    (3, "day"): ("三天", "三天"),
}


@functools.cache
def amounts(low: int, high: int, unit: str) -> Names:
    """Return how an amount of time is said."""
    digits, words = _UNITS[unit]
    if low == high:
        named = _HALVES.get((low, unit), ())
        if unit == "minute" and low in (90, 150):
            return named
        plain = tuple(f"{low}{name}" for name in digits if name != "h" or low in (24, 48, 72))
        spelt = tuple(counted(low) + name for name in words)
        return named + plain + (spelt * 2 if low <= 10 else spelt)
    signs = ("-", "-", "~", "到", "至")
    names = tuple(f"{low}{sign}{high}{name}" for sign in signs for name in digits if name != "h")
    names += tuple(
        f"{counted(low)}{sign}{counted(high)}{name}" for sign in "到至" for name in words
    )
    if high == low + 1 <= 9:
        first = "一两" if low == 1 else "两三" if low == 2 else counted(low) + counted(high)
        names += tuple(first + name for name in words) * 4
    if (low, high, unit) == (3, 5, "day"):
        names += ("三五天",) * 3
    return names
