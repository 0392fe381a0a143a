"""By when a Chinese customer wants something: a clock in, words and their exact time out."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from dialogue.providers.provider import SessionProvider
from dialogue.providers.record import times
from dialogue.providers.weighted import Weighted
from dialogue.value import Value

FORMS = Weighted({"part": 38, "day": 14, "clock": 24, "before": 12, "within": 12})
REFERENCES = Weighted({"near": 72, "week": 22, "date": 6})
# How many days ahead, and how such a day is called.
NEAR = Weighted({0: 32, 1: 40, 2: 20, 3: 8})
NEAR_NAMES = (
    Weighted({"今天": 8, "今儿": 2}),
    Weighted({"明天": 8, "明儿": 2, "明日": 1}),
    Weighted({"后天": 9, "后儿": 1}),
    Weighted({"大后天": 1}),
)
THIS_WEEK = Weighted({"周": 7, "这周": 5, "本周": 2, "星期": 3, "礼拜": 2, "这个星期": 1})
NEXT_WEEK = Weighted({"下周": 8, "下星期": 2, "下礼拜": 1, "下个星期": 1})
# Parts of the day with their first and last hour, half open.
PARTS = Weighted({"早上": 10, "上午": 26, "中午": 8, "下午": 28, "傍晚": 3, "晚上": 40})
LIMITS = {
    "早上": (6, 9),
    "上午": (6, 12),
    "中午": (11, 13),
    "下午": (12, 18),
    "傍晚": (17, 19),
    "晚上": (18, 24),
}
SHORT = {
    (0, "晚上"): Weighted({"今晚": 8, "今晚上": 1, "今天晚上": 3, "今儿晚上": 1}),
    (1, "晚上"): Weighted({"明晚": 6, "明晚上": 1, "明天晚上": 4, "明儿晚上": 1}),
    (1, "早上"): Weighted({"明早": 6, "明早上": 1, "明天早上": 4, "明儿早上": 1}),
}
# The first and the last hour that is said as an hour of a part of the day.
CLOCK = {"早上": (7, 8), "上午": (9, 11), "中午": (12, 12), "下午": (13, 18), "晚上": (19, 22)}
NUMBERS = ("", *"一两三四五六七八九十", "十一", "十二")
BEFORE = Weighted({"前": 5, "之前": 4, "以前": 2})
WITHIN = Weighted({"内": 5, "之内": 3, "以内": 2})
DAYS = Weighted({1: 1, 2: 3, 3: 5, 5: 2, 7: 3})
WEEK_NAMES = ("七天", "7天", "一周", "一个星期")
HOURS = Weighted({3: 1, 5: 1, 6: 1, 8: 1, 12: 2, 24: 4, 48: 2, 72: 1})
# A deadline closer than this would be over before anything could be done about it.
SOON = timedelta(hours=2)
# 今晚 is said until then, although the evening has begun.
LATE = time(20)


class Stretch(NamedTuple):
    """A stretch of time in words; `start` is None for a deadline."""

    surface: str
    start: datetime | None
    end: datetime
    grain: str


class Provider(SessionProvider):
    """Faker methods for times that people in China wish for."""

    @times
    def cn_deadline(self, now: datetime) -> Value:
        """Draw a time ahead of `now`, which must know its zone: an interval, or a deadline.

        Values are half open and end at least two hours ahead; they start ahead, too, but for
        今晚, which is said until eight and starts at six all the same. 周五之前 ends as Friday
        begins, 三天内 with the third day after today.
        """
        if now.tzinfo is None:
            raise ValueError(f"expected a time with a zone but got now={now!r}")
        now = now.replace(microsecond=0)
        while True:
            stretch = getattr(self, f"_{FORMS.draw(self.rng)}")(now)
            if stretch is not None and stretch.end - now >= SOON:
                return _value(stretch)

    def _part(self, now: datetime) -> Stretch | None:
        """Say a part of a day: 明天上午."""
        name, day = self._reference(now)
        part = PARTS.draw(self.rng)
        first, last = LIMITS[part]
        start = _at(now, day, first)
        evening = day == now.date() and part == "晚上" and now.time() < LATE
        if start <= now and not evening:
            return None
        return Stretch(self._part_name(now, name, day, part), start, _at(now, day, last), "part")

    def _day(self, now: datetime) -> Stretch | None:
        """Say a whole day or the weekend: 后天, 周末."""
        today = now.date()
        if self.rng.randint(1, 10) <= 3:
            saturday = today + timedelta(days=5 - today.weekday())
            names = ("周末", "这周末", "这个周末")
            # On a weekend, 周末 could mean this one or the next.
            if today.weekday() >= 5 or self.rng.randint(1, 4) == 1:
                saturday += timedelta(days=7)
                names = ("下周末", "下个周末", "下个周末")
            start = _at(now, saturday)
            return Stretch(self.rng.choice(names), start, _at(now, saturday, 48), "day")
        name, day = self._reference(now)
        return None if day == today else Stretch(name, _at(now, day), _at(now, day, 24), "day")

    def _clock(self, now: datetime) -> Stretch:
        """Say the hour before which: 后天下午三点前."""
        name, day = self._reference(now)
        part = PARTS.draw(self.rng)
        hour = self.rng.randint(*CLOCK.get(part, CLOCK["下午"]))
        half = self.rng.randint(1, 4) == 1
        if self.rng.randint(1, 4) == 1:
            clock = f"{hour}{':30' if half else ':00'}"
            said = name + self.rng.choice((clock, f"{hour}点半" if half else f"{hour}点"))
        else:
            part = part if part in CLOCK else "下午"
            twelve = hour - 12 if hour > 12 else hour
            number = self.rng.choice((NUMBERS[twelve], str(twelve)))
            said = f"{self._part_name(now, name, day, part)}{number}点{'半' if half else ''}"
        end = _at(now, day, hour) + timedelta(minutes=30 * half)
        return Stretch(said + BEFORE.draw(self.rng), None, end, "minute" if half else "hour")

    def _before(self, now: datetime) -> Stretch:
        """Say the day before or on which: 周五之前, 最晚周六, 明天中午前."""
        name, day = self._reference(now)
        before = BEFORE.draw(self.rng)
        form = self.rng.randint(1, 6)
        if form == 1:
            return Stretch(f"{name}中午{before}", None, _at(now, day, 12), "hour")
        if form == 2:
            return Stretch(f"{name}下班{before}", None, _at(now, day, 18), "hour")
        if day == now.date():
            return Stretch(name + WITHIN.draw(self.rng), None, _at(now, day, 24), "day")
        if form == 3:
            latest = self.rng.choice(("最晚", "最迟"))
            return Stretch(latest + name, None, _at(now, day, 24), "day")
        return Stretch(name + before, None, _at(now, day), "day")

    def _within(self, now: datetime) -> Stretch:
        """Say how long from now: 三天内, 24小时内."""
        within = WITHIN.draw(self.rng)
        if self.rng.randint(1, 3) == 1:
            hours = HOURS.draw(self.rng)
            unit = self.rng.choice(("小时", "个小时"))
            # Hours are counted by the sun: where clocks change, the wall clock would be one off.
            end = (now.astimezone(UTC) + timedelta(hours=hours)).astimezone(now.tzinfo)
            return Stretch(f"{hours}{unit}{within}", None, end, "hour")
        days = DAYS.draw(self.rng)
        names = WEEK_NAMES if days == 7 else (f"{NUMBERS[days]}天", f"{days}天")
        end = _at(now, now.date() + timedelta(days=days), 24)
        return Stretch(self.rng.choice(names) + within, None, end, "day")

    def _reference(self, now: datetime) -> tuple[str, date]:
        """Draw how a day is named, today or later."""
        today, kind = now.date(), REFERENCES.draw(self.rng)
        if kind == "near":
            days = NEAR.draw(self.rng)
            return NEAR_NAMES[days].draw(self.rng), today + timedelta(days=days)
        if kind == "date":
            day = today + timedelta(days=self.rng.randint(4, 30))
            month = "" if day.month == today.month and self.rng.randint(0, 1) else f"{day.month}月"
            return (
                f"{month}{day.day}{self.rng.choice(('号', '号', '日')) if month else '号'}",
                day,
            )
        weekday = self.rng.randint(0, 6)
        ahead = weekday - today.weekday()
        # A name of this week is said only of days to come, never of today.
        if ahead > 0 and self.rng.randint(1, 4) > 1:
            prefix = THIS_WEEK.draw(self.rng)
        else:
            prefix, ahead = NEXT_WEEK.draw(self.rng), ahead + 7
        sunday = self.rng.choice(("日", "天"))
        return prefix + ("一二三四五六" + sunday)[weekday], today + timedelta(days=ahead)

    def _part_name(self, now: datetime, name: str, day: date, part: str) -> str:
        short = SHORT.get(((day - now.date()).days, part)) if name in _NEAR else None
        return short.draw(self.rng) if short else name + part


_NEAR = frozenset(name for names in NEAR_NAMES for name in names)


def _at(now: datetime, day: date, hours: int = 0) -> datetime:
    """Return an hour of a day on the wall clock of `now`; 24 is the next midnight."""
    midnight = datetime.combine(day + timedelta(days=hours // 24), time(), now.tzinfo)
    return midnight.replace(hour=hours % 24)


def _value(stretch: Stretch) -> Value:
    end = stretch.end.isoformat()
    if stretch.start is None:
        return Value(stretch.surface, end, {"kind": "deadline", "end": end, "grain": stretch.grain})
    start = stretch.start.isoformat()
    value = {"kind": "interval", "start": start, "end": end, "grain": stretch.grain}
    return Value(stretch.surface, f"{start}/{end}", value)
