"""How values look in Chinese, and how much of them a slot is to draw."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from dialogue.providers.china import facts, numbers
from dialogue.providers.china.place_names import other_names, shortened
from dialogue.providers.china.regions import cities, codes, provinces, regions
from dialogue.twin.languages import dates
from dialogue.twin.languages.language import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

HAN = "\u3400-\u9fff"
_DIGITS = {**{one: n for n, one in enumerate("零一二三四五六七八九")}, "〇": 0, "两": 2, "幺": 1}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_CHARACTERS = "零〇一二两三四五六七八九十百千万亿幺"
_NUMERAL = re.compile(f"[{_CHARACTERS}]+")
_READ = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_AREA = r"0?10|0?2\d|0[3-9]\d{2}|[3-9]\d{2}"
_PHONE = re.compile(
    rf"(?:[+]?86)?(?:1[3-9]\d{{9}}|400\d{{7}}|(?:{_AREA})\d{{7,8}})(?:转?(?:分机)?\d{{2,4}})?"
)
_TITLE = (
    "先生|女士|小姐|老师|师傅|经理|阿姨|叔叔|大爷|大姐|同学|老板|医生|主任|太太"
    "|总|哥|姐|叔|工|仔|爸|妈"
)
_STREET = re.compile(r"[路街道巷弄镇乡村号栋幢座楼室厦园苑城店场里组院校厂站桥柜]|\d[#-]\d")
_MEASURE = "件个盒箱瓶台部双套条张本支包袋罐桶份只把块片对斤克吨米打"
_TIME = re.compile(
    r"[今明后昨前][天日]|[今明昨]晚|[今明]早|周[一二三四五六日天末]|星期|礼拜|月[底初]|年底"
    r"|[上下]周|[上下]个月|工作日|凌晨|早上|上午|中午|下午|傍晚|晚上"
    r"|[\d一二三四五六七八九十两]点|\d[:：]\d\d|小时|分钟|[之以][前内]|天内|尽快|号前|\d[日号]"
    r"|国庆|春节|元旦|中秋|端午|双十|六一八|618"
)
_END = re.compile("[^大]前$|内$|最晚|最迟|截止")
_PAST = re.compile("^(?:昨|前天|上周|上个?月|刚才|大前天|去年)")
_MONEY = re.compile(rf"[¥￥]\s?[\d,.]+|(?:[\d,.]+|[{_CHARACTERS}]+)(?:元|块钱?|圆)")
_QUANTITY = re.compile(rf"(?:\d+|[{_CHARACTERS}半]+)(?:公斤|[{_MEASURE}])")
_TAX_NUMBER = re.compile(f"[{numbers.CREDIT_ALPHABET}]{{18}}")
LONGEST_TIME = 20


def number(text: str) -> int | None:
    """Return the whole number that characters say, None where they say none: 两百零五, 十二."""
    if not text or _NUMERAL.fullmatch(text) is None:
        return None
    if all(one in _DIGITS for one in text):
        return int(text.translate(_READ).replace("两", "2")) if len(text) < 13 else None
    total = group = digit = 0
    for one in text:
        if one in _DIGITS:
            digit = _DIGITS[one]
        elif one in _UNITS:
            group += (digit or 1) * _UNITS[one]
            digit = 0
        else:
            group += digit
            total = total + group * 10**4 if one == "万" else (total + group) * 10**8
            group = digit = 0
    return total + group + digit


def readings(text: str) -> Iterator[Reading]:
    """Yield the numbers and days that a text says."""
    for found in _NUMERAL.finditer(text):
        value = number(found[0])
        if value is not None:
            yield Reading(found.start(), found.end(), str(value))
    for day in dates.days(text):
        yield Reading(*day)


def _folded(text: str) -> str:
    """Return a text with plain digits and no blanks or marks between them."""
    plain = unicodedata.normalize("NFKC", text).translate(_READ)
    return re.sub(r"[\s\-–—－.·]", "", plain)


def is_phone(text: str) -> bool:
    """Tell whether a text is a phone number, in digits or characters."""
    return _PHONE.fullmatch(re.sub("[()（）]", "", _folded(text))) is not None


def is_mobile(text: str) -> bool:
    """Tell whether a phone number is a mobile's."""
    return re.search(r"1[3-9]\d{9}$", _folded(text)) is not None


def draw_phones(values: Sequence[str]) -> Mapping[str, Any]:
    """Mobiles, unless most are landlines."""
    some = sum(map(is_mobile, values))
    return {"faker": "cn_mobile" if some * 2 >= len(values) else "cn_landline"}


@functools.cache
def _surnames() -> frozenset[str]:
    return frozenset(row[0] for row in facts.rows("surnames.csv"))


def is_name(text: str) -> bool:
    """Tell whether a text may be what somebody is called."""
    if re.fullmatch(rf"[{HAN}]{{1,6}}·[{HAN}·]{{1,10}}", text):
        return True
    if re.fullmatch(rf"[小老阿大][{HAN}]{{1,2}}|[{HAN}]{{1,4}}(?:{_TITLE})", text):
        return True
    known = text[:1] in _surnames() or text[:2] in _surnames()
    return known and re.fullmatch(rf"[{HAN}]{{2,4}}", text) is not None


@functools.cache
def _places() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return how provinces, cities and counties are written."""
    found: tuple[set[str], set[str], set[str]] = (
        set(provinces().values()),
        set(cities().values()),
        {name for code, name in codes().items() if not code.endswith("00")},
    )
    for region in regions():
        short = shortened(region)
        for names_, some in zip(found, (short.province, short.city, short.county), strict=True):
            names_.update(some)
        found[1 if region.city else 2].add(region.city or region.county)
        for other in other_names(region):
            found[1 if other.part == "city" else 2].add(other.name)
    municipal = {"北京", "上海", "天津", "重庆"}
    found[1].update(municipal)
    return frozenset(found[0]), frozenset(found[1]), frozenset(found[2])


def is_province(text: str) -> bool:
    """Tell whether a text is a province."""
    return text in _places()[0]


def is_city(text: str) -> bool:
    """Tell whether a text is a city."""
    return text in _places()[1]


def is_county(text: str) -> bool:
    """Tell whether a text is a county."""
    return text in _places()[2]


@functools.cache
def _posts() -> frozenset[str]:
    return frozenset(region.postcode[:2] for region in regions())


def is_postcode(text: str) -> bool:
    """Tell whether a text may be a postcode."""
    return re.fullmatch(r"\d{6}", text) is not None and text[:2] in _posts()


def is_tax_number(text: str) -> bool:
    """Tell whether a text may be a firm's unified social credit code."""
    return _TAX_NUMBER.fullmatch(text) is not None


def is_money(text: str) -> bool:
    """Tell whether a text is an amount of yuan that says so."""
    return _MONEY.fullmatch(text) is not None


def is_quantity(text: str) -> bool:
    """Tell whether a text is a number with a measure word."""
    return _QUANTITY.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """Tell whether a text is a whole number, in digits or characters."""
    return _amount(text) is not None


def is_time(text: str) -> bool:
    """Tell whether a text has a word for a time and is not too long for one."""
    return _TIME.search(text) is not None and len(text) < LONGEST_TIME


def is_street(text: str) -> bool:
    """Tell whether a text has a word of addresses."""
    return len(text) > 1 and _STREET.search(text) is not None


def is_address(text: str) -> bool:
    """Tell whether a text is an address that begins with a province or a city."""
    known = _places()[0] | _places()[1]
    sizes = range(2, min(len(text) - 3, 12))
    return any(text[:size] in known for size in sizes) and _STREET.search(text) is not None


def draw_times(values: Sequence[str]) -> Mapping[str, Any]:
    """Deadlines where some are, else times to come or past."""
    if sum(_END.search(one) is not None for one in values) * 5 >= len(values):
        return {"faker": "cn_deadline"}
    past = sum(_PAST.search(one) is not None for one in values) * 2 >= len(values)
    arguments: dict[str, Any] = {"kinds": ["instant", "interval"]}
    return {"faker": "cn_time", "with": {**arguments, **({"tense": "past"} if past else {})}}


def _amount(text: str) -> int | None:
    plain = re.sub("[¥￥元块钱,，人民币圆整]", "", unicodedata.normalize("NFKC", text))
    try:
        return int(float(plain))
    except ValueError:
        return number(plain)


def draw_money(values: Sequence[str]) -> Mapping[str, Any]:
    """Return amounts about as large as some."""
    return _between("cn_money", [_amount(one) for one in values], 10)


def draw_quantity(values: Sequence[str]) -> Mapping[str, Any]:
    """Return quantities about as large as some."""
    found = [re.sub(rf"[{_MEASURE}]+$", "", one) for one in values]
    return _between("cn_quantity", [_amount(one) for one in found], 2)


def draw_numbers(values: Sequence[str]) -> Mapping[str, Any]:
    """Return numbers up to those that were seen, or ten."""
    known = [one for one in map(_amount, values) if one is not None]
    return {"faker": "cn_number", "with": {"low": 1, "high": max(10, *known)}}


def _between(method: str, amounts: Sequence[int | None], spread: int) -> Mapping[str, Any]:
    """Return a method with bounds about the amounts that were seen."""
    known = [one for one in amounts if one is not None]
    if len(known) < 2:
        return {"faker": method}
    low, high = max(1, min(known)), max(known)
    return {"faker": method, "with": {"low": low, "high": max(high, low + spread)}}


def share_of_han(text: str) -> float:
    """Return the share of Chinese characters in a text."""
    return sum("\u3400" <= one <= "\u9fff" for one in text) / (len(text) or 1)


@functools.cache
def _pinyin() -> Mapping[str, str]:
    return {row[0]: row[1] for row in facts.rows("pinyin.csv")}


def in_letters(text: str) -> str:
    """Return a text in pinyin, as far as its characters are known."""
    known = _pinyin()
    return "".join(f"_{known[one]}_" if one in known else one for one in text)
