"""Times in Chinese words: what they mean, how they are said, and that both agree."""

import json
import random
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from reading import read

from dialogue.providers.china.times import KINDS, draw_deadline, draw_time, meaning, say
from dialogue.providers.china.times import tree as times

ZONE = ZoneInfo("Asia/Shanghai")
WEDNESDAY = datetime(2026, 11, 25, 14, 30, tzinfo=ZONE)
# A whole week, the ends of months and years, leap days, and days around holidays.
CLOCKS = [
    *(datetime(2026, 11, 23, 0, 10, 5, tzinfo=ZONE) + timedelta(hours=11 * n) for n in range(16)),
    *(
        datetime.fromisoformat(text).replace(tzinfo=ZONE)
        for text in (
            "2026-12-31T19:59",
            "2027-01-01T00:00",
            "2027-01-28T09:00",
            "2027-01-31T16:00",
            "2027-02-05T11:45",
            "2027-04-30T23:30",
            "2027-05-30T10:00",
            "2027-09-14T13:13",
            "2028-02-28T23:59:59",
            "2028-02-29T08:00",
            "2028-03-01T12:00",
            "2026-06-17T21:00",
            "2026-09-24T17:30",
            "2026-11-10T20:00",
        )
    ),
]
PAST = ("interval", "instant", "vague")


def draws(now, kinds, count, tense="future", seed=1):
    rng = random.Random(seed)
    return [draw_time(rng, now, kinds, tense) for _ in range(count)]


def agrees(drawn, now, tense="future"):
    found = read(drawn.surface, now, tense)
    value = drawn.value
    assert value["kind"] == found.kind, (drawn, found)
    if found.end is None:
        assert drawn.normal == found.normal, (drawn, found)
        return
    assert value["end"] == found.end.isoformat(), (drawn, found)
    assert value.get("start") == (found.start and found.start.isoformat()), (drawn, found)
    normal = {"interval": f"{value.get('start')}/{value['end']}"}.get(found.kind, value["end"])
    assert drawn.normal == normal, (drawn, found)
    assert value["grain"] in ("minute", "hour", "part", "day")
    about = found.kind == "instant" and re.search("左右|前后", drawn.surface)
    assert ("about" in value) == bool(about), drawn


@pytest.mark.parametrize("now", CLOCKS, ids=str)
def test_words_read_back_as_what_they_mean(now):
    for kind in KINDS:
        for drawn in draws(now, (kind,), 150):
            assert drawn.value["kind"] == kind
            agrees(drawn, now)


@pytest.mark.parametrize("now", CLOCKS, ids=str)
def test_words_of_the_past_read_back_as_what_they_mean(now):
    for kind in PAST:
        for drawn in draws(now, (kind,), 150, "past"):
            agrees(drawn, now, "past")


@pytest.mark.parametrize("now", CLOCKS, ids=str)
def test_the_past_is_over_and_the_future_is_not(now):
    for drawn in draws(now, ("interval", "instant"), 200, "past"):
        assert datetime.fromisoformat(drawn.value["end"]) <= now, drawn
    for drawn in draws(now, ("interval", "deadline"), 200):
        assert datetime.fromisoformat(drawn.value["end"]) - now >= timedelta(hours=2), drawn
    for drawn in draws(now, ("instant",), 200):
        assert datetime.fromisoformat(drawn.value["end"]) > now, drawn


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).isoformat()


D = date.fromisoformat


@pytest.mark.parametrize(
    ("tree", "surfaces", "normal"),
    [
        (
            times.Interval(times.Part(D("2026-11-25"), "晚上")),
            "今晚 今晚上 今天晚上 今儿晚上",
            "2026-11-25T18:00/2026-11-26T00:00",
        ),
        (
            times.Interval(times.Part(D("2026-11-26"), "早上")),
            "明早 明早上 明天早上 明天一早 明儿早上 周四早上 26号早上",
            "2026-11-26T06:00/2026-11-26T09:00",
        ),
        (
            times.Deadline(times.Clock(D("2026-11-27"), 15), "before"),
            "后天下午三点前 后天下午3点之前 后天15:00前 周五下午三点前 27号15点以前",
            "2026-11-27T15:00",
        ),
        (
            times.Deadline(times.Clock(D("2026-11-25"), 24), "before"),
            "今晚12点前 今晚十二点之前 今天24点前 今天24:00前",
            "2026-11-26T00:00",
        ),
        (
            times.Instant(times.Clock(D("2026-11-26"), 15, 15)),
            "明天下午三点一刻 明天下午3点15 明天15:15 明天下午3点15分 明天下午三点十五",
            "2026-11-26T15:15",
        ),
        (
            times.Instant(times.Clock(D("2026-11-25"), 20, 30)),
            "今晚8点半 今晚八点半 今天晚上8点半 今天20:30 今晚8:30",
            "2026-11-25T20:30",
        ),
        (
            times.Interval(times.Span(D("2026-11-28"), D("2026-11-30"), "weekend")),
            "周末 这周末 这个周末 这周六日 周六或者周日",
            "2026-11-28T00:00/2026-11-30T00:00",
        ),
        (
            times.Interval(times.Day(D("2026-11-29"))),
            "周日 周天 礼拜天 星期天 这周日 29号 11月29日 十一月二十九号 11.29 11/29",
            "2026-11-29T00:00/2026-11-30T00:00",
        ),
        (
            times.Interval(times.Day(D("2026-11-30"))),
            "下周一 下星期一 下礼拜一 30号",
            "2026-11-30T00:00/2026-12-01T00:00",
        ),
        (
            times.Interval(times.Span(D("2026-11-25"), D("2026-12-01"), "last")),
            "月底 这个月底 本月底",
            "2026-11-25T00:00/2026-12-01T00:00",
        ),
        (
            times.Interval(times.Span(D("2026-12-01"), D("2026-12-06"), "first")),
            "下个月初 下月初",
            "2026-12-01T00:00/2026-12-06T00:00",
        ),
        (
            times.Deadline(times.Holiday(D("2026-12-12"), "双十二", True), "before"),
            "双十二前 双12之前 12.12前",
            "2026-12-12T00:00",
        ),
        (
            times.Interval(times.Holiday(D("2026-12-12"), "双十二", True)),
            "双十二 双12当天 双十二那天 12.12",
            "2026-12-12T00:00/2026-12-13T00:00",
        ),
        (
            times.Instant(times.Clock(D("2026-12-12"), 0, 0, "双十二")),
            "双十二零点 双12零点 双12 0点",
            "2026-12-12T00:00",
        ),
        (
            times.Deadline(times.Holiday(D("2027-02-06"), "春节", False), "before"),
            "年前 过年前 春节前",
            "2027-02-06T00:00",
        ),
        (
            times.Deadline(times.Amount(24, 24, "hour"), "within"),
            "24小时内 24小时之内 二十四小时内 24个小时内",
            "2026-11-26T14:30",
        ),
        (
            times.Deadline(times.Amount(3, 3, "day"), "within"),
            "三天内 三天之内 3天内 三天以内",
            "2026-11-29T00:00",
        ),
        (
            times.Deadline(times.Day(D("2026-11-28")), "by"),
            "最晚周六 最迟周六 最晚28号 最晚11月28日",
            "2026-11-29T00:00",
        ),
        (
            times.Interval(
                times.Stretch(times.Clock(D("2026-11-26"), 12), times.Clock(D("2026-11-26"), 13))
            ),
            "明天12点到1点之间 明天十二点到一点之间 明天中午12点到1点 明天12:00-13:00",
            "2026-11-26T12:00/2026-11-26T13:00",
        ),
        (
            times.Interval(
                times.Stretch(times.Clock(D("2026-11-26"), 11), times.Clock(D("2026-11-26"), 14))
            ),
            "明天上午11点到下午2点 明天上午十一点到下午两点",
            "2026-11-26T11:00/2026-11-26T14:00",
        ),
        (
            times.Instant(times.Amount(30, 30, "minute")),
            "半个小时后 半小时后 30分钟后 过半小时",
            "2026-11-25T15:00",
        ),
        (
            times.Interval(times.Day(D("2026-11-20"))),
            "上周五 上星期五 上礼拜五 20号",
            "2026-11-20T00:00/2026-11-21T00:00",
        ),
        (
            times.Interval(times.Day(D("2026-11-22"))),
            "三天前 3天前 大前天 上周日",
            "2026-11-22T00:00/2026-11-23T00:00",
        ),
        (
            times.Interval(times.Day(D("2026-11-24"))),
            "昨天 昨儿",
            "2026-11-24T00:00/2026-11-25T00:00",
        ),
    ],
    ids=lambda value: value.split()[0] if isinstance(value, str) else "",
)
def test_a_tree_has_these_surfaces_and_this_meaning(tree, surfaces, normal):
    rng = random.Random(1)
    said = {say(tree, WEDNESDAY.date(), rng) for _ in range(6000)}
    assert not set(surfaces.split(" ")) - said - {"双12", "0点"}
    assert meaning(tree, WEDNESDAY)[0] == "/".join(at(end) for end in normal.split("/"))
    tense = "past" if normal < "2026-11-25" else "future"
    for surface in said:
        found = read(surface, WEDNESDAY, tense)
        ends = dict.fromkeys(end.isoformat() for end in (found.start, found.end) if end)
        assert "/".join(ends) == meaning(tree, WEDNESDAY)[0], surface


@pytest.mark.parametrize(
    ("tree", "surface", "normal", "fields"),
    [
        (
            times.Duration(times.Amount(1, 3, "workday")),
            "1-3个工作日",
            "P1D/P3D",
            {"kind": "duration", "low": 1, "high": 3, "unit": "workday"},
        ),
        (
            times.Duration(times.Amount(2, 3, "day")),
            "两三天",
            "P2D/P3D",
            {"kind": "duration", "low": 2, "high": 3, "unit": "day"},
        ),
        (
            times.Duration(times.Amount(1, 1, "week"), about=True),
            "一周左右",
            "P1W",
            {"kind": "duration", "low": 1, "high": 1, "unit": "week", "about": True},
        ),
        (
            times.Duration(times.Amount(1, 1, "day"), relation="delivery"),
            "次日达",
            "P1D",
            {"kind": "duration", "low": 1, "high": 1, "unit": "day", "relation": "delivery"},
        ),
        (
            times.Duration(times.Amount(15, 15, "day")),
            "半个月",
            "P15D",
            {"kind": "duration", "low": 15, "high": 15, "unit": "day"},
        ),
        (
            times.Duration(times.Amount(90, 90, "minute")),
            "一个半小时",
            "PT1H30M",
            {"kind": "duration", "low": 90, "high": 90, "unit": "minute"},
        ),
        (
            times.Recurring(("MO", "TU", "WE", "TH", "FR"), 18, 24),
            "下班后",
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=18;BYMINUTE=0/PT6H",
            {
                "kind": "recurring",
                "days": ["MO", "TU", "WE", "TH", "FR"],
                "start": "18:00",
                "end": "24:00",
            },
        ),
        (
            times.Recurring(("SA", "SU"), 0, 24),
            "非工作日",
            "FREQ=WEEKLY;BYDAY=SA,SU",
            {"kind": "recurring", "days": ["SA", "SU"], "start": "00:00", "end": "24:00"},
        ),
        (times.Vague("asap"), "越快越好", "asap", {"kind": "vague", "word": "asap"}),
        (times.Vague("anytime"), "都行", "anytime", {"kind": "vague", "word": "anytime"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_has_no_bounds_has_a_normal_form_and_fields(tree, surface, normal, fields):
    rng = random.Random(1)
    assert surface in {say(tree, WEDNESDAY.date(), rng) for _ in range(3000)}
    assert meaning(tree, WEDNESDAY) == (normal, fields)


def test_deadlines_and_intervals_have_the_fields_that_packs_read():
    for drawn in draws(WEDNESDAY, ("deadline",), 200):
        assert list(drawn.value) == ["kind", "end", "grain"]
    for drawn in draws(WEDNESDAY, ("interval",), 200):
        assert list(drawn.value) == ["kind", "start", "end", "grain"]


def test_no_surface_has_two_meanings():
    for now in CLOCKS[:6]:
        meant = {}
        for drawn in draws(now, KINDS, 4000):
            assert meant.setdefault(drawn.surface, drawn.normal) == drawn.normal, drawn


def test_numerals_of_a_day_and_a_clock_do_not_run_together():
    # 下周二十点 is ten on Tuesday or eight in the evening.
    two = times.Day(D("2026-12-01")).date
    rng = random.Random(1)
    for hour in (9, 10, 11):
        stretch = times.Stretch(times.Clock(two, hour), times.Clock(two, hour + 2))
        for tree in (times.Instant(times.Clock(two, hour)), times.Interval(stretch)):
            said = {say(tree, WEDNESDAY.date(), rng) for _ in range(3000)}
            assert "下周二上午" in {surface[:5] for surface in said}
            assert not [
                text for text in said if re.search("[周期拜]二[一二三四五六七八九十]", text)
            ]


def test_two_is_said_as_people_say_it():
    rng = random.Random(1)
    for minute in (0, 15, 30):
        clock = times.Clock(D("2026-11-26"), 14, minute)
        said = {say(times.Instant(clock), WEDNESDAY.date(), rng) for _ in range(6000)}
        assert [text for text in said if "两点" in text]
        assert not [text for text in said if "二点" in text]


def test_there_are_many_ways_to_say_each_kind():
    least = {"deadline": 2000, "interval": 900, "instant": 2000, "duration": 500, "recurring": 250}
    for kind, number in (*least.items(), ("vague", 40)):
        assert len({drawn.surface for drawn in draws(WEDNESDAY, (kind,), 5000)}) > number, kind


def test_all_kinds_are_drawn_where_none_is_asked_for():
    drawn = [drawn.value["kind"] for drawn in draws(WEDNESDAY, KINDS, 2000)]
    assert sorted(set(drawn)) == sorted(KINDS)
    assert drawn.count("deadline") > drawn.count("vague")
    past = draws(WEDNESDAY, KINDS, 500, "past")
    assert {value.value["kind"] for value in past} == set(PAST)


def test_draws_depend_on_seed_and_clock_only():
    rng = random.Random(4)
    values = [draw_time(rng, WEDNESDAY) for _ in range(200)]
    assert values == draws(WEDNESDAY, KINDS, 200, seed=4) != draws(WEDNESDAY, KINDS, 200)
    assert json.loads(json.dumps([value.value for value in values])) == [
        value.value for value in values
    ]


@pytest.mark.parametrize(
    ("kinds", "tense", "message"),
    [
        (("deadlin",), "future", "unknown kind of time 'deadlin': did you mean 'deadline'"),
        (KINDS, "pest", "unknown tense 'pest': did you mean 'past'"),
        (("deadline",), "past", "expected kinds of which the past is told"),
        ((), "future", "expected kinds of which the future is told"),
    ],
)
def test_kinds_and_tenses_that_there_are_not_are_refused(kinds, tense, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        draw_time(random.Random(1), WEDNESDAY, kinds, tense)


def test_clock_without_a_zone_is_refused():
    for draw in (draw_time, draw_deadline):
        with pytest.raises(ValueError, match="expected a time with a zone"):
            draw(random.Random(1), datetime(2026, 1, 1))


def test_times_are_drawn_beyond_the_table_of_holidays():
    now = datetime(2040, 1, 20, 9, tzinfo=ZONE)
    assert len({drawn.surface for drawn in draws(now, KINDS, 500)}) > 300
