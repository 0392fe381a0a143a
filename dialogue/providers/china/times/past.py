"""Times that are over, as trees: a stream and the session's clock in, a tree out, or None."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from dialogue.providers.china.times import holidays
from dialogue.providers.china.times.ahead import days_of_month, week_from, weekend_from
from dialogue.providers.china.times.names import PARTS
from dialogue.providers.china.times.tree import (
    Amount,
    Clock,
    Day,
    Instant,
    Interval,
    Part,
    Time,
    Vague,
)
from dialogue.providers.weighted import pick, spread

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from random import Random

    from dialogue.providers.china.times.ahead import Draw

# How many days ago.
_DAYS = spread(
    {
        0: 60,
        1: 110,
        2: 60,
        3: 34,
        4: 20,
        5: 16,
        6: 14,
        7: 12,
        8: 8,
        9: 6,
        10: 6,
        11: 4,
        12: 4,
        13: 4,
    }
    | dict.fromkeys(range(14, 31), 1)
)
_PARTS = spread({"凌晨": 3, "早上": 14, "上午": 22, "中午": 14, "下午": 24, "傍晚": 3, "晚上": 34})
_HOURS = spread(
    {0: 1, 7: 1, 8: 3, 9: 5, 10: 6, 11: 5, 12: 5, 13: 4, 14: 5, 15: 6, 16: 5, 17: 4}
    | {18: 4, 19: 5, 20: 7, 21: 6, 22: 5, 23: 3}
)
_MINUTES = spread({0: 50, 30: 24, 15: 5, 45: 5, 5: 3, 10: 4, 20: 5, 25: 2, 40: 4, 50: 3, 55: 1})
_SINCE = spread(
    {Amount(minutes, minutes, "minute"): 3 for minutes in (5, 10, 15, 20, 40, 90)}
    | {Amount(30, 30, "minute"): 9}
    | {Amount(hours, hours, "hour"): 7 - hours for hours in (1, 2, 3, 4, 5, 6)}
)
_SPANS = spread({"week": 5, "month": 3, "weekend": 6, "first": 1, "last": 3})
_VAGUE = spread({Vague("just_now"): 3, Vague("recently"): 2})


def _interval(rng: Random, now: datetime, today: date) -> Time | None:
    draw = rng.random()
    if draw < 0.1:
        name = pick(rng, _SPANS)
        if name == "weekend":
            return Interval(weekend_from(today, -1))
        if name == "week":
            return Interval(week_from(today, -1))
        return Interval(days_of_month(today, -1, name))
    if draw < 0.15:
        days = holidays.past(today)
        return Interval(pick(rng, days)) if days else None
    ago = pick(rng, _DAYS)
    if draw < 0.5:
        return Interval(Day(today - timedelta(ago))) if ago else None
    part = pick(rng, _PARTS)
    if not ago and now.hour < PARTS[part][1]:
        return None
    return Interval(Part(today - timedelta(ago), part))


def _instant(rng: Random, now: datetime, today: date) -> Time | None:
    draw = rng.random()
    if draw < 0.3:
        return Instant(pick(rng, _SINCE), back=True)
    ago, hour, minute = pick(rng, _DAYS), pick(rng, _HOURS), pick(rng, _MINUTES)
    if not ago and (hour, minute) >= (now.hour, now.minute):
        return None
    return Instant(Clock(today - timedelta(ago), hour, minute), about=draw < 0.38)


def _vague(rng: Random, _now: datetime, _today: date) -> Time | None:
    return pick(rng, _VAGUE)


DRAWS: Mapping[str, tuple[Draw, ...]] = {
    "interval": (_interval,),
    "instant": (_instant,),
    "vague": (_vague,),
}
