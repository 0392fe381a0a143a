"""How typed columns are said in a locale: a value and the session's clock in, words out."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation

TYPES = ("string", "integer", "number", "boolean", "instant", "money")


def word(locale: str, type: str, value: object, now: datetime) -> str:  # noqa: A002
    """Say a typed value; an instant is local `YYYY-MM-DD HH:MM`, a boolean also 0 or 1.

    Raises ValueError for a value that is not of the type, and for null.

    >>> word("zh_CN", "instant", "2026-11-22 20:00", datetime(2026, 11, 22, 15, 20))
    '今晚8点'
    """
    if type not in TYPES:
        raise ValueError(f"expected a type of {', '.join(TYPES)} but got type={type!r}")
    chinese = locale == "zh_CN"
    if type == "instant":
        at = _instant(value)
        return _chinese_instant(at, now) if chinese else at.isoformat(" ", "minutes")
    if type == "boolean":
        if not isinstance(value, int) or value not in (0, 1):
            raise ValueError(f"expected a boolean but got {value!r}")
        return ("否", "是")[value] if chinese else ("no", "yes")[value]
    if type == "string":
        if not isinstance(value, str):
            raise ValueError(f"expected a text but got {value!r}")
        return value
    number = _number(value)
    if type == "integer" and number != number.to_integral_value():
        raise ValueError(f"expected a whole number but got {value!r}")
    plain = format(number.normalize() + 0, "f")
    return f"{plain}元" if type == "money" and chinese else plain


def literal_facts(locale: str) -> re.Pattern[str]:
    """Return the pattern of facts in words, for texts that must not state any of their own."""
    return _CHINESE_FACTS if locale == "zh_CN" else _DIGITS


def _instant(value: object) -> datetime:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", value):
        raise ValueError(f"expected an instant YYYY-MM-DD HH:MM but got {value!r}")
    return datetime.fromisoformat(value)


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValueError(f"expected a number but got {value!r}")
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"expected a number but got {value!r}") from None
    if not number.is_finite():
        raise ValueError(f"expected a number but got {value!r}")
    return number


def _chinese_instant(at: datetime, now: datetime) -> str:
    from dialogue.providers.china.times.names import plain_clock, plain_day, plain_part

    part = plain_part(at.hour)
    year = "" if at.year == now.year else f"{at.year}年"
    day = plain_day((at.date() - now.date()).days, part) or f"{year}{at.month}月{at.day}日{part}"
    return day + plain_clock(at.hour, at.minute)


_DIGITS = re.compile(r"\d+(?:[.,:/~-]\d+)*")

_NUMERAL = "零〇一二两三四五六七八九十百千万亿"
# A number other than a lone 一. None begins with 零, 百, 千, 万: 零件, 百货 and 千万 are words.
_MANY = f"(?:[二两三四五六七八九十][{_NUMERAL}]*|一[{_NUMERAL}]+)"
# 一 belongs to a word here (统一, 万一天冷) or counts nothing (每一天, 美好的一天).
_ONE = "(?<![统唯专万逐每有同这那某的])一"
_ANY = f"(?:\\d+|{_MANY}|{_ONE})"
_TIME = (
    "(?:个?工作日|个半?(?:小时|钟头|星期|礼拜|月)|小时|钟头|星期|礼拜|个?季度"
    "|分钟|秒|刻钟|周年|年|天|周|日|号|晚)"
)
_MEASURE = "(?:公斤|千克|毫升|厘米|公里|[件台盒箱瓶斤克吨米楼岁期倍])"
# A lone 一 is rarely a fact before these (一个建议, 一张照片), nor is an ordinal (第二种).
_COUNT = "[个位次种款项份家名样级步层批回遍趟条张把套包双单颗支袋罐桶本页只]"
_PART = "(?:凌晨|早上|上午|中午|下午|傍晚|晚上|[今明昨]晚|[今明]早)"
_MINUTE = f"(?:半|整|[一三]刻|(?:\\d+|零?[{_NUMERAL}]+)分?)"
_WEEK = "(?:周|星期|礼拜)"
_CHINESE_FACTS = re.compile(
    "|".join(
        (
            f"{_PART}(?:\\d+|{_MANY}|[零一])点{_MINUTE}?",
            f"(?:\\d+|{_MANY}|零)点(?!\\d|[一二三四五六七八九]?折){_MINUTE}?",
            f"{_ONE}点(?:钟|半|整|(?=[之以]?前|左右))",
            f"(?:[上下这本]个?)?{_WEEK}[一二三四五六日天末]",
            "[上下这本](?:个?(?:星期|礼拜)|个月|周)",
            "双十[一二]|大?[前后]天|[明昨]天|[今明昨]晚|[今明]早|[月年][底初]",
            "今天(?:之?内|[上下]午|中午|晚上)",
            f"百分之(?!百)[{_NUMERAL}点]+|{_ANY}分之{_ANY}",
            f"{_ANY}(?:点[一二三四五六七八九])?折(?!叠)",
            f"(?:{_ANY}|[零百千万])(?:元|块钱|毛钱|分钱)|(?:\\d+|{_MANY})块",
            f"{_ANY}月(?:{_ANY}[日号])?",
            "半(?:个?(?:小时|钟头|月|星期)|天|年|价|折)",
            f"{_ANY}(?:{_TIME}|{_MEASURE})|{_MANY}成(?![为功员交长就])",
            f"(?<![第{_NUMERAL}]){_MANY}{_COUNT}",
            f"\\d+(?:[.:：/~～-]\\d+)*(?:{_TIME}|{_MEASURE}|{_COUNT}|[%％折元块])?",
            f"(?<![第{_NUMERAL}])[一二两三四五六七八九][十百千万][{_NUMERAL}]*",
            "[①-⑳Ⅰ-Ⅻ]",
        )
    )
)
