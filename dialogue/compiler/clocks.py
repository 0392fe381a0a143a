"""The spec of a clock in, a clock out."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from dialogue.clock import Clock
from dialogue.problem import ContentError, Problem, nearest

if TYPE_CHECKING:
    from dialogue.spec import ClockSpec
    from dialogue.spec.source import Source

_HOURS = re.compile(r"(\d{1,2})\s*\.\.\s*(\d{1,2})")


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
