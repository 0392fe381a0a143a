"""Times that lie ahead, as trees: a stream and the session's clock in, a tree out, or None.

None where what was drawn is over already, or too soon, or not said on this day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import TypeAlias

from dialogue.providers.china.times import holidays
from dialogue.providers.china.times.names import PARTS
from dialogue.providers.china.times.spans import DAILY, WEEKEND, WORKDAYS
from dialogue.providers.china.times.tree import (
    Amount,
    Clock,
    Day,
    Deadline,
    Duration,
    Instant,
    Interval,
    Part,
    Recurring,
    Span,
    Stretch,
    Time,
    Vague,
)
from dialogue.providers.weighted import pick, spread

Draw: TypeAlias = Callable[[Random, datetime, date], Time | None]

# A wish that ends sooner would be over before anything could be done about it: two hours, and one
# more for the night in which clocks change.
SOON = 180
# 今晚 is said until then, although the evening has begun.
LATE = 20 * 60
_PARTS = spread({"早上": 10, "上午": 26, "中午": 8, "下午": 28, "傍晚": 3, "晚上": 40})
# How many days ahead.
_DAYS = spread(
    {
        0: 92,
        1: 116,
        2: 60,
        3: 28,
        4: 20,
        5: 16,
        6: 16,
        7: 12,
        8: 8,
        9: 8,
        10: 6,
        11: 5,
        12: 4,
        13: 4,
    }
    | dict.fromkeys(range(14, 31), 1)
)
_HOURS = spread(
    {7: 1, 8: 3, 9: 5, 10: 6, 11: 4, 12: 5, 13: 3, 14: 5, 15: 7, 16: 6, 17: 6}
    | {18: 7, 19: 5, 20: 8, 21: 6, 22: 4, 23: 1, 24: 4}
)
_MINUTES = spread({0: 66, 30: 22, 15: 3, 45: 3, 20: 2, 10: 1, 40: 2, 50: 1})
_WITHIN = spread(
    {Amount(hours, hours, "hour"): weight for hours, weight in ((2, 3), (3, 3), (4, 1), (5, 2))}
    | {Amount(hours, hours, "hour"): weight for hours, weight in ((6, 2), (8, 2), (12, 6))}
    | {Amount(hours, hours, "hour"): weight for hours, weight in ((24, 16), (36, 1), (48, 7))}
    | {Amount(72, 72, "hour"): 4}
    | {Amount(days, days, "day"): weight for days, weight in ((1, 5), (2, 14), (3, 24), (4, 3))}
    | {Amount(days, days, "day"): weight for days, weight in ((5, 9), (6, 1), (7, 6), (10, 3))}
    | {Amount(15, 15, "day"): 3, Amount(1, 1, "week"): 9, Amount(2, 2, "week"): 2}
    | {Amount(2, 3, "day"): 5, Amount(1, 2, "day"): 2, Amount(3, 5, "day"): 1}
    | {Amount(1, 1, "month"): 2}
)


def draw_interval(rng: Random, now: datetime, today: date) -> Time | None:
    """Draw a part of a day, a day, some days, or from one clock to another."""
    return pick(rng, INTERVALS)(rng, now, today)


def draw_deadline(rng: Random, now: datetime, today: date) -> Time | None:
    """Draw a time by which."""
    return pick(rng, DEADLINES)(rng, now, today)


def _open(now: datetime, days: int, hour: int, minute: int = 0, soon: int = SOON) -> bool:
    """Tell whether a clock so many days ahead is far enough."""
    if days > 1:
        return True
    return (days * 24 + hour - now.hour) * 60 + minute - now.minute > soon


def _part(rng: Random, now: datetime, today: date) -> Time | None:
    days, part = pick(rng, _DAYS), pick(rng, _PARTS)
    if not days:
        minutes = now.hour * 60 + now.minute
        start, end = PARTS[part]
        begun = part == "晚上" and minutes < LATE
        if (start * 60 <= minutes and not begun) or end * 60 - minutes <= SOON:
            return None
        return Interval(Part(today, part))
    return Interval(Part(today + timedelta(days), part))


def _day(rng: Random, _now: datetime, today: date) -> Time | None:
    days = pick(rng, _DAYS)
    return Interval(Day(today + timedelta(days))) if days else None


def month_from(today: date, months: int) -> date:
    """Return the first day of a month so many ahead."""
    month = today.year * 12 + today.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)


def weekend_from(today: date, weeks: int) -> Span:
    """Return Saturday and Sunday of a week so many ahead."""
    saturday = today + timedelta(5 - today.weekday() + 7 * weeks)
    return Span(saturday, saturday + timedelta(2), "weekend")


def week_from(today: date, weeks: int) -> Span:
    """Return a week from Monday on, so many ahead."""
    monday = today + timedelta(7 * weeks - today.weekday())
    return Span(monday, monday + timedelta(7), "week")


def days_of_month(today: date, months: int, name: str) -> Span:
    """Return a month so many ahead, or its first five days, or its days from the 25th on."""
    first = month_from(today, months)
    if name == "first":
        return Span(first, first.replace(day=6), name)
    after = month_from(today, months + 1)
    return Span(first.replace(day=25) if name == "last" else first, after, name)


def _weekend(rng: Random, _now: datetime, today: date) -> Time | None:
    # On a weekend, 周末 could mean this one or the next.
    later = today.weekday() >= 5 or rng.random() < 0.25
    return Interval(weekend_from(today, 1 if later else 0))


def _span(rng: Random, _now: datetime, today: date) -> Time | None:
    draw = rng.random()
    if draw < 0.45:
        return Interval(week_from(today, 1))
    if draw < 0.55:
        return Interval(days_of_month(today, 1, "month"))
    if draw < 0.7:
        return Interval(days_of_month(today, 1, "first"))
    # 月底 is said of a month that has not come to its end.
    return Interval(days_of_month(today, 0 if today.day < 25 else 1, "last"))


def _holiday(rng: Random, _now: datetime, today: date) -> Time | None:
    days = holidays.ahead(today)
    return Interval(pick(rng, days)) if days else None


def _stretch(rng: Random, now: datetime, today: date) -> Time | None:
    days, hour = pick(rng, _DAYS[:400]), pick(rng, _HOURS)
    day = today + timedelta(days)
    length = 1 + int(rng.random() * 3)
    if hour > 21 or hour < 8 or not _open(now, days, hour):
        return None
    half = 30 if rng.random() < 0.12 else 0
    last = min(hour + length, 22)
    if hour >= 17 and rng.random() < 0.5:
        last, half = 24, 0
    if last == 24:
        return Interval(Stretch(Clock(day, hour, half), Clock(day, 24)))
    return Interval(Stretch(Clock(day, hour, half), Clock(day, last, half)))


def _clock(rng: Random, now: datetime, today: date) -> Time | None:
    days, hour = pick(rng, _DAYS), pick(rng, _HOURS)
    minute = 0 if hour == 24 else pick(rng, _MINUTES)
    if not _open(now, days, hour, minute):
        return None
    relation = "by" if rng.random() < 0.1 else "before"
    return Deadline(Clock(today + timedelta(days), hour, minute), relation)


def _before(rng: Random, now: datetime, today: date) -> Time | None:
    days, draw = pick(rng, _DAYS), rng.random()
    day = today + timedelta(days)
    if draw < 0.34:
        hour, name = (12, "中午") if draw < 0.17 else (18, "下班")
        return Deadline(Clock(day, hour, 0, name), "before") if _open(now, days, hour) else None
    if draw < 0.5 or not days:
        return Deadline(Day(day), "by") if _open(now, days, 24) else None
    return Deadline(Day(day), "before") if _open(now, days, 0) else None


def _within(rng: Random, _now: datetime, _today: date) -> Time | None:
    return Deadline(pick(rng, _WITHIN), "within")


def _end(rng: Random, _now: datetime, today: date) -> Time | None:
    """Draw a deadline before or at the end of a weekend, a week, a month or the year."""
    draw, weekday, day = rng.random(), today.weekday(), today.day
    if draw < 0.2:
        return Deadline(weekend_from(today, 0), "before") if weekday < 4 else None
    if draw < 0.26:
        return Deadline(weekend_from(today, 0), "by") if weekday < 5 else None
    if draw < 0.46:
        return Deadline(week_from(today, 0), "by") if weekday < 5 else None
    if draw < 0.56:
        return Deadline(week_from(today, 1), "before") if weekday < 6 else None
    if draw < 0.62:
        return Deadline(week_from(today, 1), "by")
    if draw < 0.66:
        return Deadline(days_of_month(today, 1, "month"), "before") if day < 27 else None
    if draw < 0.72:
        return Deadline(days_of_month(today, 1, "month"), "by")
    if draw < 0.92 or today.month < 10:
        return Deadline(days_of_month(today, 0, "month"), "by") if day < 27 else None
    year = Span(date(today.year, 1, 1), date(today.year + 1, 1, 1), "year")
    return Deadline(year, "by") if today < date(today.year, 12, 26) else None


def _feast(rng: Random, _now: datetime, today: date) -> Time | None:
    days = holidays.ahead(today)
    if not days:
        return None
    holiday = pick(rng, days)
    return Deadline(holiday, "by" if holiday.whole and rng.random() < 0.1 else "before")


INTERVALS: tuple[Draw, ...] = spread(
    {_part: 38, _day: 11, _weekend: 4, _span: 4, _holiday: 3, _stretch: 5}
)
DEADLINES: tuple[Draw, ...] = spread({_clock: 24, _before: 12, _within: 12, _end: 6, _feast: 3})

_SOON = spread(
    {Amount(minutes, minutes, "minute"): 3 for minutes in (10, 15, 20, 40, 90, 150)}
    | {Amount(30, 30, "minute"): 12}
    | {Amount(hours, hours, "hour"): 6 - hours for hours in (1, 2, 3, 4, 5)}
)
# Sales begin as the day begins.
_SALES = ("双十一", "双十二", "618", "元旦")


def draw_instant(rng: Random, now: datetime, today: date) -> Time | None:
    """Draw a clock ahead, so much time from now, or the midnight at which a sale begins."""
    draw = rng.random()
    if draw < 0.2:
        return Instant(pick(rng, _SOON))
    if draw < 0.28:
        for day, name, _ in holidays.ahead(today):
            if name in _SALES:
                return Instant(Clock(day, 0, 0, name))
    days, hour = pick(rng, _DAYS), pick(rng, _HOURS)
    minute = 0 if hour == 24 else pick(rng, _MINUTES)
    if not _open(now, days, hour, minute, 30):
        return None
    return Instant(Clock(today + timedelta(days), hour, minute), about=rng.random() < 0.12)


_LENGTHS = spread(
    {Amount(hours, hours, "hour"): 3 for hours in (1, 2, 3, 4, 5, 6, 8, 12, 24, 36, 48, 72)}
    | {Amount(minutes, minutes, "minute"): 2 for minutes in (10, 15, 20, 30, 40, 90, 150)}
    | {Amount(days, days, "day"): 5 for days in (1, 2, 3, 4, 5, 6, 7, 10, 15, 20, 30)}
    | {Amount(days, days, "workday"): 4 for days in (1, 2, 3, 5, 7)}
    | {
        Amount(*ends, "day"): 4
        for ends in ((1, 2), (2, 3), (1, 3), (3, 5), (3, 7), (5, 7), (7, 15))
    }
    | {Amount(*ends, "workday"): 4 for ends in ((1, 2), (1, 3), (2, 3), (3, 5), (3, 7), (5, 7))}
    | {Amount(*ends, "hour"): 2 for ends in ((1, 2), (2, 3), (24, 48), (48, 72))}
    | {Amount(1, 1, "week"): 10, Amount(2, 2, "week"): 4, Amount(1, 2, "week"): 3}
    | {Amount(months, months, "month"): 2 for months in (1, 2, 3, 6)}
)


def draw_duration(rng: Random, _now: datetime, _today: date) -> Time | None:
    """Draw a length of time, or in how many days what is ordered arrives."""
    draw = rng.random()
    if draw < 0.1:
        days = 1 if draw < 0.06 else 0 if draw < 0.08 else 2
        return Duration(Amount(days, days, "day"), relation="delivery")
    amount = pick(rng, _LENGTHS)
    # 三天内 is a deadline: only working days cannot be counted without a calendar of them.
    if draw < 0.5 and amount.unit == "workday":
        return Duration(amount, relation="within")
    return Duration(amount, about=draw > 0.85 and amount.low == amount.high)


_WEEKLY = spread(
    {Recurring(WORKDAYS, 0, 24): 10, Recurring(WEEKEND, 0, 24): 6, Recurring(DAILY, 0, 24): 1}
    | {
        Recurring(WORKDAYS, 9, 18): 6,
        Recurring(WORKDAYS, 18, 24): 9,
        Recurring(WORKDAYS, 12, 14): 5,
    }
    | {Recurring(WEEKEND, 9, 18): 2, Recurring(WEEKEND, 18, 24): 2, Recurring(DAILY, 9, 18): 3}
    | {Recurring(DAILY, 6, 12): 2, Recurring(DAILY, 12, 18): 2}
    | {Recurring(DAILY, hour, 24): 2 for hour in (17, 18, 19, 20, 21)}
    | {Recurring(WORKDAYS, hour, 24): 2 for hour in (17, 19, 20)}
    | {Recurring((day,), 0, 24): 1 for day in DAILY}
    | {Recurring(("MO", "WE", "FR"), 0, 24): 1, Recurring(("TU", "TH", "SA"), 0, 24): 1}
)
_UNKNOWN = spread({Vague("asap"): 9, Vague("anytime"): 7, Vague("soon"): 3, Vague("later"): 4})


def draw_recurring(rng: Random, _now: datetime, _today: date) -> Time | None:
    """Draw days of each week or hours on them."""
    return pick(rng, _WEEKLY)


def draw_vague(rng: Random, _now: datetime, _today: date) -> Time | None:
    """Draw a time that no calendar knows."""
    return pick(rng, _UNKNOWN)


DRAWS: Mapping[str, tuple[Draw, ...]] = {
    "deadline": (draw_deadline,),
    "interval": (draw_interval,),
    "instant": (draw_instant,),
    "duration": (draw_duration,),
    "recurring": (draw_recurring,),
    "vague": (draw_vague,),
}
