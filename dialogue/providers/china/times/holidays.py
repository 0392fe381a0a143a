"""Holidays of China: a day in, those around it out.

`holidays.csv` states the days of 2025 to 2035 that move, computed by the rules of GB/T 33661-2017
for the lunar ones and as nth Sundays for Mother's and Father's Day, and the month and day of those
that do not. They are facts without an author.
"""

from __future__ import annotations

import csv
import functools
from datetime import date, timedelta
from typing import NamedTuple

from dialogue.providers.china import facts
from dialogue.providers.china.times.tree import Holiday

NEAREST, FARTHEST = 3, 60


class Row(NamedTuple):
    """A holiday: how it is said, whether its bare name is one day, and on which days it falls."""

    said: tuple[str, ...]
    whole: bool
    days: tuple[str, ...]


@functools.cache
def table() -> dict[str, Row]:
    """Read the holidays by name."""
    return {
        row["name"]: Row(
            tuple(row["said"].split("|")), row["day"] == "yes", tuple(row["dates"].split())
        )
        for row in csv.DictReader(facts.text("holidays.csv").splitlines())
    }


@functools.cache
def of_year(year: int) -> tuple[Holiday, ...]:
    """Return the holidays of a year by their day; none that move outside 2025 to 2035."""
    found = []
    for name, row in table().items():
        for text in row.days:
            day = date.fromisoformat(text.replace("-", str(year), 1) if text[0] == "-" else text)
            if day.year == year:
                found.append(Holiday(day, name, row.whole))
    return tuple(sorted(found))


@functools.lru_cache(maxsize=1024)
def ahead(today: date) -> tuple[Holiday, ...]:
    """Return the next days of holidays that are more than three days and at most sixty ahead."""
    return _between(today + timedelta(NEAREST + 1), today + timedelta(FARTHEST))


@functools.lru_cache(maxsize=1024)
def past(today: date) -> tuple[Holiday, ...]:
    """Return the holidays of the last sixty days, but for the last three."""
    return _between(today - timedelta(FARTHEST), today - timedelta(NEAREST + 1))


def _between(first: date, last: date) -> tuple[Holiday, ...]:
    years = range(first.year, last.year + 1)
    return tuple(day for year in years for day in of_year(year) if first <= day.date <= last)
