"""Chinese times read back by a second, independent reading of the words."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

NUMERAL = "[零〇一二两三四五六七八九十百]+"
NUMBER = rf"(?:\d+|{NUMERAL})"
# Days of the years in which the tests are, by an almanac.
FEASTS = {
    "除夕": ("2026-02-16", "2027-02-05", "2028-01-25", "2029-02-12"),
    "春节": ("2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13"),
    "元宵": ("2026-03-03", "2027-02-20", "2028-02-09", "2029-02-27"),
    "清明": ("2026-04-05", "2027-04-05", "2028-04-04", "2029-04-04"),
    "母亲": ("2026-05-10", "2027-05-09", "2028-05-14", "2029-05-13"),
    "端午": ("2026-06-19", "2027-06-09", "2028-05-28", "2029-06-16"),
    "父亲": ("2026-06-21", "2027-06-20", "2028-06-18", "2029-06-17"),
    "七夕": ("2026-08-19", "2027-08-08", "2028-08-26", "2029-08-16"),
    "中秋": ("2026-09-25", "2027-09-15", "2028-10-03", "2029-09-22"),
    "重阳": ("2026-10-18", "2027-10-08", "2028-10-26", "2029-10-16"),
    "腊八": ("2026-01-26", "2027-01-15", "2028-01-04", "2029-01-22"),
}
FIXED = {
    "元旦": (1, 1),
    "情人": (2, 14),
    "妇女": (3, 8),
    "劳动": (5, 1),
    "520": (5, 20),
    "儿童": (6, 1),
    "618": (6, 18),
    "教师": (9, 10),
    "国庆": (10, 1),
    "双十一": (11, 11),
    "双十二": (12, 12),
    "平安": (12, 24),
    "圣诞": (12, 25),
}
FEAST_NAMES = (
    ("大?年三十|除夕", "除夕"),
    ("大年初一|春节|过年|年(?=前)", "春节"),
    ("正月十五|元宵节?", "元宵"),
    ("八月十五|中秋节?", "中秋"),
    ("618|六一八", "618"),
    ("三八(?:妇女)?节|妇女节|女神节", "妇女"),
    ("(?:六一)?儿童节|六一", "儿童"),
    ("五一节?|劳动节", "劳动"),
    ("双十一|双11", "双十一"),
    ("双十二|双12", "双十二"),
    ("国庆节?|十一(?![月点号])", "国庆"),
    *((f"{name}节?", name) for name in ("清明", "端午", "七夕", "重阳", "腊八", "元旦", "圣诞")),
    *((f"{name}节", name) for name in ("情人", "教师", "母亲", "父亲")),
    ("平安夜", "平安"),
    ("520", "520"),
)
FEAST = "|".join(f"(?:{pattern})" for pattern, _ in FEAST_NAMES)
DAY = re.compile(
    rf"(?P<near>大后|后|今|明|大前|前|昨)(?:天|儿|日|(?=[早晚]))"
    r"|(?P<which>下下|下|上|这|本)?个?(?:周|星期|礼拜)(?P<week>[一二三四五六日天])"
    rf"|(?P<feast>{FEAST})(?:当天|那天)?"
    rf"|(?P<month>{NUMBER})月(?P<day>{NUMBER})[号日](?:周(?P<also>[一二三四五六日]))?"
    r"|(?P<m>\d+)[./](?P<d>\d+)(?!\d|[号小个天点])(?:当天|那天)?"
    rf"|(?P<that>这个月|本月|下个月|下月)?(?P<only>{NUMBER})号"
)
PARTS = {
    "凌晨": (0, 6),
    "清晨": (6, 9),
    "大早上": (6, 9),
    "一早": (6, 9),
    "早上": (6, 9),
    "早晨": (6, 9),
    "早": (6, 9),
    "上午": (6, 12),
    "中午": (11, 13),
    "下午": (12, 18),
    "午后": (12, 18),
    "傍晚": (17, 19),
    "晚上": (18, 24),
    "晚": (18, 24),
}
PART = "|".join(PARTS)
CLOCK = rf"\d+[:：]\d\d|{NUMBER}点(?:[钟整半]|[一三]刻|(?:\d\d|{NUMERAL})分?)?"
POINT = re.compile(rf" ?(?P<part>{PART})?(?P<clock>{CLOCK})?")
UNIT = "刻钟|个?工作日|分钟|个?小时|h|个?钟头|个?钟|天|周|个?星期|个?礼拜|个?月"
AMOUNT = (
    rf"(?P<a>半|\d+(?:\.5)?|{NUMERAL})(?:[-~到至](?P<b>{NUMBER}))?(?P<half>个半)?(?P<unit>{UNIT})"
)
WEEKEND = "(?P<end>下个?|上个?|这个?|本)?(?:周末|周六日|周六周日|周六或者?周日|礼拜六礼拜天)"
VAGUE = (
    ("刚|不久前", "just_now"),
    ("(?:这|过)[两几]天|近期|最近几天", "soon"),
    ("前[两几]天|前阵子|前段时间|这阵子|最近", "recently"),
    ("晚点|晚些|回头|会儿|改天|有空|稍后", "later"),
    ("都[行可]|随|任何|不急|不限", "anytime"),
    ("快|急|马上|立刻|[尽越]早|早点|第一时间|赶紧", "asap"),
)
WORKDAYS, WEEKENDS = "MO,TU,WE,TH,FR", "SA,SU"


class Read(NamedTuple):
    """What was read: the kind, and its bounds, or its normal form where it has none."""

    kind: str
    start: datetime | None = None
    end: datetime | None = None
    normal: str = ""


def number(text: str) -> int:
    """Read a whole number below 200 in digits or characters."""
    if text.isascii():
        return int(text)
    text = text.replace("两", "二").lstrip("零〇")
    if "百" in text:
        hundreds, text = text.split("百")
        return 100 * number(hundreds) + (number(text) if text else 0)
    if "十" in text:
        tens, ones = text.split("十")
        return 10 * (number(tens) if tens else 1) + (number(ones) if ones else 0)
    return int("".join(str("零一二三四五六七八九".index(digit)) for digit in text or "零"))


class Reader:
    """A reading from one moment, of times ahead or behind."""

    def __init__(self, now: datetime, tense: str = "future") -> None:
        self.now = now.replace(microsecond=0)
        self.today = now.date()
        self.sign = 1 if tense == "future" else -1

    def at(self, day: date, hour: int = 0, minute: int = 0) -> datetime:
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.now.tzinfo)
        return midnight + timedelta(hours=hour, minutes=minute)

    def read(self, text: str) -> Read:
        """Read a time; raises AssertionError for words it does not know."""
        for pattern, word in VAGUE:
            if re.search(pattern, text):
                return Read("vague", normal=word)
        for way in (self.weekly, self.length):
            found = way(text)
            if found:
                return found
        latest = re.fullmatch("最[晚迟](.+)", text)
        if latest:
            return Read("deadline", None, self.bounds(latest[1])[1])
        inside = re.fullmatch("(.+?)[之以]?内", text)
        if inside:
            words = {"月": "这个月", "年": "今年"}.get(inside[1], inside[1])
            return Read("deadline", None, self.bounds(words)[1])
        before = re.fullmatch("(.+?)[之以]?前", text)
        if before:
            words = before[1]
            # 月底前 is before the end of the month, and not of its 25th day.
            which = 1 if re.search("月[底末]|年底", words) else 0
            words = "过年" if words == "年" else words
            return Read("deadline", None, self.bounds(words, noon=True)[which])
        text = text.removesuffix("左右").removesuffix("前后")
        after = re.fullmatch("(.+?)(?<!午)[之以]?后", text)
        if after:
            start, end = self.bounds(after[1])
            assert start == end
            return Read("interval", start, self.at(start.date(), 24))
        start, end = self.bounds(text)
        return Read("instant" if start == end else "interval", start, end)

    def bounds(self, text: str, *, noon: bool = False) -> tuple[datetime, datetime]:
        """Read the first and the last moment of a day, a clock, or something longer.

        Before 中午 is before twelve, where 中午 itself has begun by then.
        """
        found = self.span(text)
        if found:
            return self.at(found[0]), self.at(found[1])
        named = DAY.match(text)
        day = self.day(named) if named else self.today
        rest = text[named.end() :] if named else text
        if rest in ("中午", "下班") and noon:
            return (self.at(day, 12 if rest == "中午" else 18),) * 2
        point = POINT.match(rest)
        assert point and (named or point["clock"]), text
        tail = rest[point.end() :]
        if not point["clock"]:
            assert not tail, text
            first, last = PARTS[point["part"]] if point["part"] else (0, 24)
            return self.at(day, first), self.at(day, last)
        start = self.clock(point["clock"], point["part"])
        if not tail:
            return (self.at(day, *start),) * 2
        until = re.fullmatch(rf"[-~到至](?P<part>{PART})?(?P<clock>{CLOCK})(?:之间)?", tail)
        assert until, text
        end = self.clock(until["clock"], until["part"] or point["part"])
        end = end if end > start else (end[0] + 12, end[1])
        return self.at(day, *start), self.at(day, *end)

    @staticmethod
    def clock(text: str, part: str | None) -> tuple[int, int]:
        hour, _, rest = re.sub("[:：点]", " ", text, count=1).partition(" ")
        minute = {"": 0, "整": 0, "钟": 0, "半": 30, "一刻": 15, "三刻": 45}.get(rest)
        hours = number(hour)
        if part in ("下午", "午后", "傍晚", "晚上", "晚") and hours <= 12:
            hours += 12 if hours < 12 or part.startswith("晚") else 0
        if part == "中午" and hours < 6:
            hours += 12
        return hours, number(rest.removesuffix("分")) if minute is None else minute

    def day(self, named: re.Match[str]) -> date:
        today, sign = self.today, self.sign
        if named["near"]:
            near = {"今": 0, "明": 1, "后": 2, "大后": 3, "昨": -1, "前": -2, "大前": -3}
            return today + timedelta(near[named["near"]])
        if named["week"]:
            weekday = "一二三四五六日".index(named["week"].replace("天", "日"))
            ahead = weekday - today.weekday()
            if named["which"]:
                weeks = {"下下": 2, "下": 1, "上": -1}.get(named["which"], 0)
                return today + timedelta(ahead + 7 * weeks)
            ahead = ahead % 7 or 7
            return today + timedelta(ahead if sign > 0 else ahead - 7 if ahead < 7 else -7)
        if named["feast"]:
            name = next(name for word, name in FEAST_NAMES if re.fullmatch(word, named["feast"]))
            return self.nearest(lambda day: self.is_feast(day, name))
        month, number_of_day = named["month"] or named["m"], named["day"] or named["d"]
        if month:
            want = number(month), number(number_of_day)
            found = self.nearest(lambda day: (day.month, day.day) == want)
            assert named["also"] in (None, "一二三四五六日"[found.weekday()])
            return found
        months = {"这个月": 0, "本月": 0, "下个月": 1, "下月": 1}.get(named["that"] or "")
        only = number(named["only"])
        found = self.nearest(lambda day: day.day == only)
        if months is not None:
            first = self.month(months)
            found = first.replace(day=only)
        return found

    @staticmethod
    def is_feast(day: date, name: str) -> bool:
        if name in FIXED:
            return (day.month, day.day) == FIXED[name]
        return day.isoformat() in FEASTS[name]

    def nearest(self, wanted) -> date:
        """Return the next such day, or the last one, never today."""
        days = (self.today + timedelta(self.sign * ahead) for ahead in range(1, 800))
        return next(day for day in days if wanted(day))

    def month(self, ahead: int) -> date:
        first = self.today.replace(day=1)
        for _ in range(abs(ahead)):
            step = timedelta(32) if ahead > 0 else timedelta(-1)
            first = (first + step).replace(day=1)
        return first

    def span(self, text: str) -> tuple[date, date] | None:
        monday = self.today - timedelta(self.today.weekday())
        found = re.fullmatch(WEEKEND, text)
        if found:
            weeks = {"下": 1, "上": -1}.get((found["end"] or "这")[0], 0)
            saturday = monday + timedelta(5 + 7 * weeks)
            return saturday, saturday + timedelta(2)
        found = re.fullmatch("([上下这本])个?(?:周|星期|礼拜)", text)
        if found:
            first = monday + timedelta({"下": 7, "上": -7}.get(found[1], 0))
            return first, first + timedelta(7)
        found = re.fullmatch("([上下这本])?个?月([初底末])?", text)
        if found:
            ahead = {"下": 1, "上": -1}.get(found[1] or "", 0)
            first, after = self.month(ahead), self.month(ahead + 1)
            if found[2] == "初":
                return first, first.replace(day=6)
            return (first.replace(day=25) if found[2] else first), after
        if re.fullmatch("今年|(?:今年)?年底", text):
            return self.today.replace(month=1, day=1), date(self.today.year + 1, 1, 1)
        return None

    def length(self, text: str) -> Read | None:
        """Read an amount of time, and what is counted by it."""
        arrival = {"当日": 0, "当天": 0, "次日": 1, "隔日": 2}.get(text[:2])
        if arrival is not None and text[2:] in ("达", "到"):
            return Read("duration", normal=f"P{arrival}D")
        found = re.fullmatch(
            rf"(?P<about>大概|过)?{AMOUNT}(?P<then>[之以]?[前后内]|左右)?", text.replace("俩", "两")
        )
        if not found:
            return None
        unit = found["unit"].removeprefix("个")
        letter = {"工作日": "D", "天": "D", "周": "W", "星期": "W", "礼拜": "W", "月": "M"}.get(
            unit
        )
        low, high = self.numbers(found)
        if letter is None:
            minutes = 60 if unit in ("小时", "h", "钟头", "钟") else 1
            ends = [timedelta(minutes=minutes * end) for end in (low, high)]
        elif letter == "M" and low == 0.5:
            letter, low, high = "D", 15, 15
        then = found["then"] or ("后" if found["about"] == "过" else "")
        if then in ("", "左右") or unit == "工作日":
            if letter:
                names = [f"P{end:g}{letter}" for end in (low, high)]
            else:
                # 15 minutes are said of that unit, days of hours as hours.
                names = [self.iso(end) for end in ends]
            return Read("duration", normal="/".join(dict.fromkeys(names)))
        sign = -1 if then[-1] == "前" else 1
        if letter is None:
            utc = self.now.timestamp() + sign * ends[1].total_seconds()
            moment = datetime.fromtimestamp(utc, self.now.tzinfo)
            return (
                Read("deadline", None, moment)
                if then[-1] == "内"
                else Read("instant", moment, moment)
            )
        if letter == "M":
            month = self.month(int(high))
            last = (month + timedelta(32)).replace(day=1) - timedelta(1)
            day = month.replace(day=min(self.today.day, last.day))
        else:
            day = self.today + timedelta(sign * high * (7 if letter == "W" else 1))
        if then[-1] == "内":
            return Read("deadline", None, self.at(day, 24))
        return Read("interval", self.at(day), self.at(day, 24))

    @staticmethod
    def iso(length: timedelta) -> str:
        hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
        return "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")

    @staticmethod
    def numbers(found: re.Match[str]) -> tuple[float, float]:
        text = found["a"]
        if text == "半":
            return 0.5, 0.5
        if found["unit"].endswith("刻钟"):
            return 15, 15
        if re.fullmatch("[一二两三四五六七八][两二三四五六七八九]", text):
            return number(text[0]), number(text[1])
        low = float(text) if "." in text else number(text)
        low += 0.5 if found["half"] else 0
        return low, number(found["b"]) if found["b"] else low

    def weekly(self, text: str) -> Read | None:
        """Read days of each week, and hours on them."""
        for pattern, days, hours in WEEKLY:
            found = re.fullmatch(pattern, text)
            if not found:
                continue
            if days is None:
                names = {"一": "MO", "二": "TU", "三": "WE", "四": "TH", "五": "FR", "六": "SA"}
                said = [letter for letter in text if letter in "一二三四五六日天"]
                days = ",".join(names.get(letter, "SU") for letter in said)
            if hours is None:
                point = POINT.fullmatch(found[1])
                assert point, text
                hours = self.clock(point["clock"], point["part"] or None)[0], 24
            rule = f"FREQ=WEEKLY;BYDAY={days}" if days else "FREQ=DAILY"
            if hours != (0, 24):
                rule += f";BYHOUR={hours[0]};BYMINUTE=0/PT{hours[1] - hours[0]}H"
            return Read("recurring", normal=rule)
        return None


FIVE = "(?:工作日|周一[到至]周五|礼拜一到礼拜五)"
TWO = "(?:非工作日|双休日|休息日|每个周末)"
EACH = "(?:每天|天天)"
WEEKLY = (
    (FIVE, WORKDAYS, (0, 24)),
    (TWO, WEEKENDS, (0, 24)),
    (EACH, "", (0, 24)),
    (f"{FIVE}白天|上班.*|工作时间", WORKDAYS, (9, 18)),
    (f"(?:平时|工作日)?下班[之以]?后|下了班|{FIVE}晚上", WORKDAYS, (18, 24)),
    ("(?:工作日)?午休.*|中午休息时间", WORKDAYS, (12, 14)),
    (f"{TWO}白天", WEEKENDS, (9, 18)),
    (f"{TWO}晚上", WEEKENDS, (18, 24)),
    (f"{EACH}?白天", "", (9, 18)),
    (f"{EACH}上午", "", (6, 12)),
    (f"{EACH}下午", "", (12, 18)),
    (f"{FIVE}(.+?)[之以]?后", WORKDAYS, None),
    (f"(?:{EACH}|每(?=晚))(.+?)[之以]?后", "", None),
    ("每个?(?:周|星期|礼拜).+|周一三五|周二四六", None, (0, 24)),
)


def read(text: str, now: datetime, tense: str = "future") -> Read:
    """Read a time in words as seen from `now`."""
    return Reader(now, tense).read(text)
