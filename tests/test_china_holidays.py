"""Holidays of China: the days of the table by the moon, by rules and by an almanac."""

import math
from datetime import date, timedelta
from itertools import pairwise

from reading import FEASTS

from dialogue.providers.china.times.holidays import ahead, of_year, past, table


def new_moon(number):
    """The new moon of a number since January 2000, in days of Chinese time since then.

    The mean moon and the larger terms of Meeus, Astronomical Algorithms, chapter 49.
    """
    century = number / 1236.85
    sun = math.radians(2.5534 + 29.10535670 * number)
    moon = math.radians(201.5643 + 385.81693528 * number + 0.0107582 * century**2)
    node = math.radians(160.7108 + 390.67050284 * number)
    terms = (
        (-0.40720, moon),
        (0.17241, sun),
        (0.01608, 2 * moon),
        (0.01039, 2 * node),
        (0.00739, moon - sun),
        (-0.00514, moon + sun),
        (0.00208, 2 * sun),
        (-0.00111, moon - 2 * node),
        (-0.00057, moon + 2 * node),
    )
    mean = 5.59766 + 29.530588861 * number + 0.00015437 * century**2
    return mean + sum(size * math.sin(angle) for size, angle in terms) - 0.0008 + 8 / 24


def test_moveable_holidays_fall_where_the_moon_stands():
    # Days of the lunar month, by names of the table.
    days = {"春节": 1, "元宵节": 15, "端午": 5, "七夕": 7, "中秋": 15, "重阳节": 9, "腊八": 8}
    moons = [new_moon(number) for number in range(300, 450)]
    for name, day in days.items():
        found = [date.fromisoformat(text) for text in table()[name].days]
        assert [holiday.year for holiday in found] == list(range(2025, 2036)), name
        for holiday in found:
            # The new moon is on the first day of its month, to within half an hour.
            first = (holiday - date(2000, 1, 1)).days - (day - 1)
            assert any(first - 0.02 < moon < first + 1.02 for moon in moons), (name, holiday)
    for name, months in (("春节", (1, 2)), ("端午", (5, 6)), ("中秋", (9, 10))):
        assert {int(text[5:7]) for text in table()[name].days} <= set(months)


def test_holidays_that_follow_from_others():
    eve, feast = (
        [date.fromisoformat(text) for text in table()[name].days] for name in ("除夕", "春节")
    )
    assert [day + timedelta(1) for day in eve] == feast
    assert all(350 < (after - before).days < 386 for before, after in pairwise(feast))
    for name, month, last in (("母亲节", 5, 14), ("父亲节", 6, 21)):
        for text in table()[name].days:
            day = date.fromisoformat(text)
            assert (day.weekday(), day.month) == (6, month)
            assert last - 7 < day.day <= last
    assert {text[5:] for text in table()["清明"].days} == {"04-04", "04-05"}
    for year in (2026, 2027, 2028, 2029):
        known = {holiday.date.isoformat() for holiday in of_year(year)}
        assert {
            text for texts in FEASTS.values() for text in texts if text[:4] == str(year)
        } <= known


def test_holidays_around_a_day():
    today = date(2026, 11, 14)
    assert [(day.name, day.date.isoformat()) for day in ahead(today)] == [
        ("双十二", "2026-12-12"),
        ("平安夜", "2026-12-24"),
        ("圣诞节", "2026-12-25"),
        ("元旦", "2027-01-01"),
    ]
    assert [day.name for day in past(today)] == ["中秋", "国庆", "重阳节"]
    assert [day.name for day in past(today + timedelta(1))][-1] == "双十一"
    assert ahead(date(2026, 11, 7))[0].name == "双十一"
    assert ahead(date(2026, 11, 8))[0].name == "双十二"
