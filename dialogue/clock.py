"""When sessions happen: a clock that each session draws its own `now` from."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


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
