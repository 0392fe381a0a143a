"""When sessions happen: a clock that each session draws its own `now` from."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from dialogue.problem import ContentError, Problem, nearest

if TYPE_CHECKING:
    from dialogue.spec import ClockSpec
    from dialogue.spec.source import Source

_HOURS = re.compile(r"(\d{1,2})\s*\.\.\s*(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Clock:
    """Days from `first`, and stretches of the day by weight; minutes are the finest grain."""

    first: date
    days: int
    stretches: tuple[tuple[int, int], ...]  # minutes of the day, half open
    bounds: tuple[float, ...]
    zone: ZoneInfo

    def at(self, bits: int) -> datetime:
        """Return the moment that 128 random bits stand for, with its zone."""
        bits, day = divmod(bits, self.days)
        bits, point = divmod(bits, 1 << 32)
        index = bisect_right(self.bounds, point / (1 << 32) * self.bounds[-1])
        start, end = self.stretches[min(index, len(self.stretches) - 1)]
        minute = start + bits % (end - start)
        return datetime.combine(
            self.first + timedelta(days=day), time(minute // 60, minute % 60), self.zone
        )


def compile_clock(spec: ClockSpec, source: Source) -> Clock:
    """Compile a clock; raises ContentError."""
    problems = []
    if spec.to < spec.from_:
        problems.append(
            Problem(source.at(("clock", "to")), "the clock ends before it begins", "swap the days")
        )
    try:
        zone = ZoneInfo(spec.zone)
    except (ValueError, OSError, KeyError):  # KeyError: there is no such zone
        zone = ZoneInfo("UTC")
        problems.append(
            Problem(
                source.at(("clock", "zone")),
                f"unknown time zone '{spec.zone}'",
                nearest(spec.zone, available_timezones()),
            )
        )
    stretches, weights = [], []
    for written, weight in spec.hours.items():
        found = _HOURS.fullmatch(written.strip())
        hours = (int(found[1]), int(found[2])) if found else (0, 0)
        if not 0 <= hours[0] < hours[1] <= 24:
            problems.append(
                Problem(
                    source.key(("clock", "hours", written)),
                    f"'{written}' is no stretch of the day",
                    "write hours from 0 to 24 as 9..12",
                )
            )
        stretches.append((hours[0] * 60, hours[1] * 60))
        weights.append(weight)
    if not any(weights):
        at = source.at(("clock", "hours"))
        problems.append(Problem(at, "no hour has a weight", "give one a weight above 0"))
    if problems:
        raise ContentError(problems)
    days = (spec.to - spec.from_).days + 1
    return Clock(spec.from_, days, tuple(stretches), tuple(accumulate(weights)), zone)
