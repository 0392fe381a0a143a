"""Times as they are meant, before they are said: small frozen values, relative to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date


class Day(NamedTuple):
    """A day of the calendar."""

    date: date


class Part(NamedTuple):
    """A part of a day, by its plain name: 晚上."""

    date: date
    part: str


class Clock(NamedTuple):
    """An hour and minute of a day; `name` where it is said by what happens then (下班)."""

    date: date
    hour: int
    minute: int = 0
    name: str = ""


class Stretch(NamedTuple):
    """From one clock to another of the same day; `last` at 24 is the end of the day."""

    first: Clock
    last: Clock


class Span(NamedTuple):
    """Some days in a row from `start` to before `end` that have a name: a weekend, a week."""

    start: date
    end: date
    name: str


class Holiday(NamedTuple):
    """A holiday by its name in the table; `whole` if the bare name is that one day."""

    date: date
    name: str
    whole: bool


class Amount(NamedTuple):
    """So many units of time, from `low` to `high`: minute, hour, day, workday, week, month."""

    low: int
    high: int
    unit: str


class Instant(NamedTuple):
    """A moment: a clock, or so much time from now, `back` in the past; `about` if only roughly."""

    at: Clock | Amount
    back: bool = False
    about: bool = False


class Interval(NamedTuple):
    """A stretch of time."""

    over: Day | Part | Stretch | Span | Holiday


class Deadline(NamedTuple):
    """A time by which: `before` the start of its anchor, `by` its end, or `within` an amount."""

    anchor: Day | Clock | Span | Holiday | Amount
    relation: str


class Duration(NamedTuple):
    """A length of time; `about` if only roughly, `relation` is `within` or empty."""

    amount: Amount
    about: bool = False
    relation: str = ""


class Recurring(NamedTuple):
    """Hours, half open, on days of each week by the names of RFC 5545, all day from 0 to 24."""

    days: tuple[str, ...]
    first: int
    last: int


class Vague(NamedTuple):
    """A time that no calendar knows, by its documented word: asap, anytime."""

    word: str


Time = Instant | Interval | Deadline | Duration | Recurring | Vague
