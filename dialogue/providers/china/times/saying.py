"""How a time is said: a tree, the session's clock and a stream in, one of its many surfaces out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogue.providers.china.numerals import counted
from dialogue.providers.china.times.holidays import table
from dialogue.providers.china.times.names import (
    BARE_WEEKDAYS,
    NEAR,
    NEAR_PARTS,
    PART_NAMES,
    WEEKDAYS,
    clocks,
    dates,
    days_of_month,
)
from dialogue.providers.china.times.spans import (
    AFTER,
    BEFORE,
    ENDS,
    LATEST,
    SPANS,
    VAGUE,
    WITHIN,
    amounts,
    hours,
)
from dialogue.providers.china.times.tree import (
    Amount,
    Clock,
    Day,
    Deadline,
    Duration,
    Holiday,
    Instant,
    Interval,
    Part,
    Recurring,
    Span,
    Stretch,
    Time,
    Vague,
)
from dialogue.providers.weighted import pick

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from random import Random

# How often a near day is said by its distance, and not by its weekday or its date.
_SHARES = (1.0, 0.92, 0.85, 0.4)
_MIDNIGHT = ("零点", "零点", "零点", "0点", "0点", "0点整", "0:00")
_ARRIVALS = (("当日达", "当天达"), ("次日达", "次日达", "次日到"), ("隔日达",))
_ABOUT = ("左右", "左右", "左右", "前后")
_NEW_YEAR = ("年前", "年前", "过年前", "春节前", "春节前", "春节之前")


def say(tree: Time, today: date, rng: Random) -> str:
    """Say a time as people type it; no surface can be read as another time seen from `today`."""
    return _SAYINGS[type(tree)](tree, today, rng)


def day_name(day: date, today: date, rng: Random) -> str:
    """Name a day."""
    days = day.toordinal() - today.toordinal()
    if -3 <= days <= 3 and rng.random() < _SHARES[abs(days)]:
        return pick(rng, NEAR[days])
    return _far_name(day, today, days, rng)


def _far_name(day: date, today: date, days: int, rng: Random) -> str:
    """Name a day by its weekday or its date."""
    draw = rng.random()
    # The first day of all was a Monday.
    weeks = (day.toordinal() - 1) // 7 - (today.toordinal() - 1) // 7
    if -1 <= weeks <= 2 and draw < 0.72:
        weekday = day.weekday()
        if 0 < days <= 4 and weeks == 1 and draw < 0.25:
            return pick(rng, BARE_WEEKDAYS[weekday])
        return pick(rng, WEEKDAYS[weeks][weekday])
    months = day.month - today.month
    if (months == 0 or abs(days) <= 14) and draw > 0.85 and day.year == today.year:
        return pick(rng, days_of_month(day.day))
    if months in (0, 1) and 0.82 < draw < 0.85 and days > 0:
        name = ("这个月", "本月") if months == 0 else ("下个月", "下月")
        return pick(rng, name) + pick(rng, days_of_month(day.day))
    date = pick(rng, dates(day.month, day.day))
    if draw > 0.97 and date[-1] in "号日":
        return f"{date}周{'一二三四五六日'[day.weekday()]}"
    return date


def _joined(name: str, clock: str) -> str:
    """Put a space between digits of a day and of a clock: 11.25 8点."""
    return f"{name} {clock}" if name[-1].isdigit() and clock[0].isdigit() else name + clock


def _clock(clock: Clock, today: date, rng: Random, *, omit: float = 0.0) -> str:
    """Say a clock with its day, which `omit` leaves out so often if it is today."""
    day = clock.date
    days = day.toordinal() - today.toordinal()
    if clock.name in ("中午", "下班"):
        return day_name(day, today, rng) + clock.name
    if clock.name:
        return _joined(pick(rng, table()[clock.name].said), pick(rng, _MIDNIGHT))
    near = -3 <= days <= 3 and rng.random() < _SHARES[abs(days)]
    holds, said = pick(rng, clocks(clock.hour, clock.minute, days if near else None))
    if holds or (omit and days == 0 and rng.random() < omit):
        return said
    name = pick(rng, NEAR[days]) if near else _far_name(day, today, days, rng)
    return _joined(name, said)


def _interval(tree: Interval, today: date, rng: Random) -> str:
    over = tree.over
    if isinstance(over, Part):
        days = over.date.toordinal() - today.toordinal()
        if -3 <= days <= 3 and rng.random() < _SHARES[abs(days)]:
            return pick(rng, NEAR_PARTS[days, over.part])
        return _far_name(over.date, today, days, rng) + pick(rng, PART_NAMES[over.part])
    if isinstance(over, Day):
        days = over.date.toordinal() - today.toordinal()
        if abs(days) >= 2 and rng.random() < 0.12:
            number = pick(rng, amounts(abs(days), abs(days), "day"))
            return number + (pick(rng, AFTER) if days > 0 else pick(rng, BEFORE))
        return day_name(over.date, today, rng)
    if isinstance(over, Span):
        return pick(rng, SPANS[over.name, _offset(over, today)])
    if isinstance(over, Holiday):
        said = pick(rng, table()[over.name].said)
        return said if over.whole and rng.random() < 0.7 else said + pick(rng, ("当天", "那天"))
    return _stretch(over, today, rng)


def _stretch(over: Stretch, today: date, rng: Random) -> str:
    first, last = over
    if last.hour == 24:
        return _clock(first, today, rng) + pick(rng, AFTER)
    name = day_name(first.date, today, rng)
    draw = rng.random()
    if draw < 0.3:
        sign = pick(rng, "-~到")
        clock = f"{first.hour}:{first.minute:02}{sign}{last.hour}:{last.minute:02}"
        return _joined(name, clock)
    start = last_hour = ""
    part = "上午" if first.hour < 12 else "中午" if first.hour == 12 else "下午"
    part = "晚上" if first.hour >= 18 else part
    # 9点到11点 and 12点到1点 need no part of the day.
    if not 9 <= first.hour <= 12 or draw < 0.65:
        start = part
    if first.hour < 12 < last.hour:
        last_hour = "下午"
    # 周二十点到十二点 could begin at 20点.
    characters = rng.random() < 0.45 and (bool(start) or name[-1] not in "一二三四五六")
    ends = [_hour(clock, characters=characters) for clock in over]
    sign = "到" if characters or rng.random() < 0.5 else "-"
    between = pick(rng, ("", "", "之间"))
    return _joined(name, f"{start}{ends[0]}{sign}{last_hour}{ends[1]}{between}")


def _hour(clock: Clock, *, characters: bool) -> str:
    twelve = clock.hour - 12 if clock.hour > 12 else clock.hour
    return f"{counted(twelve) if characters else twelve}点{'半' if clock.minute else ''}"


def _deadline(tree: Deadline, today: date, rng: Random) -> str:
    anchor, relation = tree.anchor, tree.relation
    if isinstance(anchor, Clock):
        if relation == "by":
            return pick(rng, LATEST) + _clock(anchor, today, rng, omit=0.2)
        return _clock(anchor, today, rng, omit=0.2) + pick(rng, BEFORE)
    if isinstance(anchor, Amount):
        return pick(rng, amounts(*anchor)) + pick(rng, WITHIN)
    if isinstance(anchor, Day):
        if relation == "before":
            return day_name(anchor.date, today, rng) + pick(rng, BEFORE)
        if anchor.date == today:
            return pick(rng, NEAR[0]) + pick(rng, WITHIN)
        return pick(rng, LATEST) + day_name(anchor.date, today, rng)
    if isinstance(anchor, Holiday):
        if relation == "by":
            return pick(rng, LATEST) + pick(rng, table()[anchor.name].said)
        if anchor.name == "春节":
            return pick(rng, _NEW_YEAR)
        return pick(rng, table()[anchor.name].said) + pick(rng, BEFORE)
    key = anchor.name, _offset(anchor, today)
    if relation == "before":
        return pick(rng, SPANS[key]) + pick(rng, BEFORE)
    if key in ENDS and (key not in SPANS or rng.random() < 0.75):
        return pick(rng, ENDS[key])
    return pick(rng, LATEST) + pick(rng, SPANS[key])


def _offset(span: Span, today: date) -> int:
    """Return how many weeks, months or years ahead a span begins."""
    if span.name in ("week", "weekend"):
        return (span.start.toordinal() - 1) // 7 - (today.toordinal() - 1) // 7
    if span.name == "year":
        return span.start.year - today.year
    return (span.start.year - today.year) * 12 + span.start.month - today.month


def _instant(tree: Instant, today: date, rng: Random) -> str:
    at = tree.at
    if isinstance(at, Amount):
        said = pick(rng, amounts(*at))
        if tree.back:
            return said + pick(rng, BEFORE)
        return f"过{said}" if rng.random() < 0.15 else said + pick(rng, AFTER)
    said = _clock(at, today, rng)
    return said + pick(rng, _ABOUT) if tree.about else said


def _duration(tree: Duration, _today: date, rng: Random) -> str:
    if tree.relation == "delivery":
        return pick(rng, _ARRIVALS[tree.amount.low])
    said = pick(rng, amounts(*tree.amount))
    if tree.about:
        return said + "左右" if rng.random() < 0.8 else "大概" + said
    return said + pick(rng, WITHIN) if tree.relation == "within" else said


def _recurring(tree: Recurring, _today: date, rng: Random) -> str:
    return pick(rng, hours(*tree))


def _vague(tree: Vague, _today: date, rng: Random) -> str:
    return pick(rng, VAGUE[tree.word])


_SAYINGS: Mapping[type[Time], Callable[[Any, date, Random], str]] = {
    Instant: _instant,
    Interval: _interval,
    Deadline: _deadline,
    Duration: _duration,
    Recurring: _recurring,
    Vague: _vague,
}
