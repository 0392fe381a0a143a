"""What a time means: a tree and the session's clock in, its ISO form and its fields out.

Normal forms and fields beside `kind`, by kind:

- instant: `2026-11-22T20:00:00+08:00`; `start` and `end` alike, `grain`, `about: true` if roughly;
- interval: `start/end`, half open; `start`, `end`, `grain`;
- deadline: its end; `end`, `grain`;
- duration: `P3D`, `PT24H`, or `P1D/P3D` for one to three days; `low`, `high` and `unit`, of which
  `workday` is a D too, `about: true`, and `relation`: `within` it, or as the day of `delivery`;
- recurring: an RRULE of RFC 5545, then a slash and the length if not all day; `days`, `start` and
  `end`;
- vague: its `word`: asap, anytime, soon, later, just_now, recently.

Grains are minute, hour, part (of a day) and day.
"""

from __future__ import annotations

import functools
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, TypeAlias

from dialogue.providers.china.times.names import PARTS
from dialogue.providers.china.times.tree import (
    Amount,
    Clock,
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

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Meaning: TypeAlias = tuple[str, dict[str, Any]]
# Letters of ISO 8601 durations; hours and minutes stand after a T.
_LETTERS = {"day": "D", "workday": "D", "week": "W", "month": "M", "hour": "H", "minute": "M"}


def meaning(tree: Time, now: datetime) -> Meaning:
    """Return the normal form and the fields of a time, as seen from `now`."""
    return _MEANINGS[type(tree)](tree, now)


@functools.lru_cache(maxsize=8192)
def written(day: date, hour: int, minute: int, zone: tzinfo | None) -> str:
    """Return a moment in ISO 8601; 24 is the next midnight."""
    if hour == 24:
        day, hour = day + timedelta(days=1), 0
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).isoformat()


def later(now: datetime, amount: Amount, *, back: bool = False) -> datetime:
    """Return the moment so many hours or minutes from `now`, or days at the same hour.

    Hours are counted by the sun: where clocks change, the wall clock would be one off.
    """
    number = -amount.high if back else amount.high
    if amount.unit in ("hour", "minute"):
        sun = now.astimezone(UTC) + timedelta(**{f"{amount.unit}s": number})
        return sun.astimezone(now.tzinfo)
    if amount.unit == "month":
        month = now.year * 12 + now.month - 1 + number
        first = now.replace(year=month // 12, month=month % 12 + 1, day=1)
        last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        return first.replace(day=min(now.day, last.day))
    return now + timedelta(days=number * (7 if amount.unit == "week" else 1))


def _interval(tree: Interval, now: datetime) -> Meaning:
    over, zone, grain = tree.over, now.tzinfo, "day"
    if isinstance(over, Part):
        first, last = PARTS[over.part]
        start, end = written(over.date, first, 0, zone), written(over.date, last, 0, zone)
        grain = "part"
    elif isinstance(over, Span):
        start, end = written(over.start, 0, 0, zone), written(over.end, 0, 0, zone)
    elif isinstance(over, Stretch):
        start, end = (
            written(clock.date, clock.hour, clock.minute, zone) for clock in (over.first, over.last)
        )
        grain = "minute" if over.first.minute or over.last.minute else "hour"
    else:
        start, end = written(over.date, 0, 0, zone), written(over.date, 24, 0, zone)
    return f"{start}/{end}", {"kind": "interval", "start": start, "end": end, "grain": grain}


def _deadline(tree: Deadline, now: datetime) -> Meaning:
    end, grain = _end(tree, now)
    return end, {"kind": "deadline", "end": end, "grain": grain}


def _end(tree: Deadline, now: datetime) -> tuple[str, str]:
    anchor, zone = tree.anchor, now.tzinfo
    if isinstance(anchor, Clock):
        end = written(anchor.date, anchor.hour, anchor.minute, zone)
        return end, "minute" if anchor.minute else "hour"
    if isinstance(anchor, Amount):
        if anchor.unit in ("hour", "minute"):
            return later(now, anchor).replace(microsecond=0).isoformat(), anchor.unit
        # 三天内 ends with the third day after today.
        return written(later(now, anchor).date(), 24, 0, zone), "day"
    before = tree.relation == "before"
    if isinstance(anchor, Span):
        return written(anchor.start if before else anchor.end, 0, 0, zone), "day"
    return written(anchor.date, 0 if before else 24, 0, zone), "day"


def _instant(tree: Instant, now: datetime) -> Meaning:
    at = tree.at
    if isinstance(at, Clock):
        text = written(at.date, at.hour, at.minute, now.tzinfo)
        grain = "minute" if at.minute else "hour"
    else:
        text = later(now, at, back=tree.back).replace(microsecond=0).isoformat()
        grain = at.unit
    fields = {"kind": "instant", "start": text, "end": text, "grain": grain}
    return text, {**fields, "about": True} if tree.about else fields


@functools.lru_cache(maxsize=1024)
def _iso(number: int, unit: str) -> str:
    if unit == "minute" and number >= 60:
        hours, minutes = divmod(number, 60)
        return f"PT{hours}H{f'{minutes}M' if minutes else ''}"
    return f"P{'T' if unit in ('hour', 'minute') else ''}{number}{_LETTERS[unit]}"


def _duration(tree: Duration, _now: datetime) -> Meaning:
    low, high, unit = tree.amount
    normal = _iso(high, unit) if low == high else f"{_iso(low, unit)}/{_iso(high, unit)}"
    fields = {"kind": "duration", "low": low, "high": high, "unit": unit}
    if tree.about:
        fields["about"] = True
    if tree.relation:
        fields["relation"] = tree.relation
    return normal, fields


def _recurring(tree: Recurring, _now: datetime) -> Meaning:
    days, first, last = tree
    rule = "FREQ=DAILY" if len(days) == 7 else f"FREQ=WEEKLY;BYDAY={','.join(days)}"
    if (first, last) != (0, 24):
        rule += f";BYHOUR={first};BYMINUTE=0/PT{last - first}H"
    clocks = {"start": f"{first:02}:00", "end": f"{last:02}:00"}
    return rule, {"kind": "recurring", "days": list(days), **clocks}


def _vague(tree: Vague, _now: datetime) -> Meaning:
    return tree.word, {"kind": "vague", "word": tree.word}


_MEANINGS: Mapping[type[Time], Callable[[Any, datetime], Meaning]] = {
    Instant: _instant,
    Interval: _interval,
    Deadline: _deadline,
    Duration: _duration,
    Recurring: _recurring,
    Vague: _vague,
}
