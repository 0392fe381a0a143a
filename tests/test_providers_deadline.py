"""Times in Chinese words: read back by a second, independent reading of the words."""

import json
import random
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from reading import read

from dialogue.providers import find_method, open_faker

ZONE = ZoneInfo("Asia/Shanghai")
# Every hour of a week with a month's end in it.
CLOCKS = [
    datetime(2026, 11, 26, 0, 20, 5, tzinfo=ZONE) + timedelta(hours=7 * n) for n in range(40)
] + [datetime(2026, 12, 31, 19, 59, tzinfo=ZONE), datetime(2028, 2, 28, 23, 59, 59, tzinfo=ZONE)]


def draws(now, count, seed=1):
    call = find_method(open_faker("zh_CN", random.Random(seed)), "cn_deadline").bind({})
    return [call(now=now) for _ in range(count)]


@pytest.mark.parametrize("now", CLOCKS, ids=str)
def test_words_read_back_as_their_value(now):
    for drawn in draws(now, 400):
        _, start, end, _ = read(drawn.surface, now)
        value = drawn.value
        assert value["end"] == end.isoformat(), (drawn.surface, value)
        assert value.get("start") == (start and start.isoformat()), (drawn.surface, value)
        assert value["kind"] == ("interval" if start else "deadline")
        assert drawn.normal == (f"{value['start']}/{value['end']}" if start else value["end"])


@pytest.mark.parametrize("now", CLOCKS, ids=str)
def test_every_time_lies_ahead(now):
    for drawn in draws(now, 400, seed=2):
        end = datetime.fromisoformat(drawn.value["end"])
        assert end - now >= timedelta(hours=2), drawn
        start = datetime.fromisoformat(drawn.value.get("start", drawn.value["end"]))
        begun = re.fullmatch("(?:今|今天|今儿)晚上?|(?:今天|今儿|今日)晚上", drawn.surface)
        assert start > now or (begun and now.hour < 20), drawn


def surfaces(now, count=3000):
    return {drawn.surface for drawn in draws(now, count)}


def test_tonight_is_said_until_eight_only():
    assert "今晚" in surfaces(datetime(2026, 11, 26, 19, 59, tzinfo=ZONE))
    late = surfaces(datetime(2026, 11, 26, 20, 1, tzinfo=ZONE))
    assert not {"今晚", "今晚上", "今天晚上", "今儿晚上"} & late


def test_days_of_this_week_are_said_only_before_they_come():
    this = re.compile("(?:这|本|这个)?(?:周|星期|礼拜)五.*")
    thursday, friday, saturday = (datetime(2026, 11, day, 9, tzinfo=ZONE) for day in (26, 27, 28))
    assert [text for text in surfaces(thursday) if this.fullmatch(text)]
    for now in (friday, saturday):
        assert not [text for text in surfaces(now) if this.fullmatch(text)]
    assert not {"周末", "这周末", "这个周末"} & surfaces(saturday)
    assert {"周末", "下周末", "下个周末"} <= surfaces(friday)


def test_there_are_many_ways_to_say_a_time_and_common_ones_are_common():
    drawn = [drawn.surface for drawn in draws(datetime(2026, 11, 25, 14, 30, tzinfo=ZONE), 5000)]
    assert len(set(drawn)) > 1000
    for common, rare in (
        ("今晚", "今晚上"),
        ("明天", "明日"),
        ("后天", "后儿"),
        ("三天内", "3天以内"),
    ):
        assert drawn.count(common) > drawn.count(rare)
    assert drawn.count("今晚") > 50


@pytest.mark.parametrize(
    "pattern",
    [
        "后天下午[三3]点[之以]?前",
        "今(晚|天晚上|儿晚上|晚上)[八8]点[之以]?前",
        "后天15(点|:00)[之以]?前",
        "明天中午[之以]?前",
        "周五[之以]?前",
        "[三3]天[之以]?内",
        "24个?小时[之以]?内",
        "下周一",
        "周末",
        "明天上午",
    ],
)
def test_people_may_say(pattern):
    now = datetime(2026, 11, 24, 12, tzinfo=ZONE)
    assert [text for text in surfaces(now, 8000) if re.fullmatch(pattern, text)]


def test_two_is_said_as_people_say_it():
    said = surfaces(CLOCKS[3], 8000)
    assert [text for text in said if "两点" in text or "两天" in text]
    assert not [text for text in said if re.search("(?<!十)二[点天]", text)]


def test_draws_depend_on_seed_and_clock_only():
    now = CLOCKS[3]
    assert draws(now, 50) == draws(now, 50) != draws(now, 50, seed=2)
    assert json.loads(json.dumps(draws(now, 1)[0].value)) == draws(now, 1)[0].value
    assert draws(now.replace(microsecond=5), 50) == draws(now, 50)


def test_hours_are_counted_over_a_change_of_clocks():
    berlin = ZoneInfo("Europe/Berlin")
    now = datetime(2026, 10, 24, 12, tzinfo=berlin)  # clocks go back the night after
    end = {drawn.value["end"] for drawn in draws(now, 3000) if drawn.surface == "24小时内"}
    assert end == {"2026-10-25T11:00:00+01:00"}


def test_clock_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="expected a time with a zone"):
        draws(datetime(2026, 1, 1), 1)
