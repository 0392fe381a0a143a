"""What a turn states, read from its text alone: names, numbers with units, instants."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from grounding.tables import grouped

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

DAYS = {"前天": -2, "昨天": -1, "今天": 0, "明天": 1, "后天": 2, "昨晚": -1, "今晚": 0, "明晚": 1}
# The hours that a part of a day has.
PARTS = {
    "凌晨": range(6), "早上": range(5, 9), "上午": range(8, 12), "中午": range(11, 14),
    "下午": range(12, 19), "晚上": range(18, 24),
}  # fmt: skip
INSTANT = re.compile(
    rf"(?:(?P<near>{'|'.join(DAYS)})|(?:(?P<year>\d+)年)?(?P<month>\d+)月(?P<date>\d+)日)"
    rf"(?P<part>{'|'.join(PARTS)})?(?P<hour>\d+)点(?:(?P<half>半)|(?P<minute>\d\d)分)?"
)
NUMERALS = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
COUNTED = r"(?P<n>\d+|[一二两三四五六七八九十百千]+)"
NUMBERS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("day", r"(?:\d+年)?\d+月\d+日"),
        ("money", r"[¥￥]\d+(?:\.\d+)?|\d+(?:\.\d+)?元"),
        ("money", rf"{COUNTED}块"),
        ("periods", r"\d+(?:、\d+)*期"),
        ("periods", rf"{COUNTED}期"),
        ("months", rf"{COUNTED}个月"),
        ("workdays", rf"{COUNTED}个工作日"),
        ("days", rf"{COUNTED}天"),
        ("count", rf"{COUNTED}[个件]"),
        ("points", r"\d+(?=积分|分)|(?<=积分)\d+|(?<=积分还有)\d+"),
        ("letter", r"[A-D](?![0-9E-Za-z])"),
        ("number", r"[A-Za-z]*\d[\dA-Za-z./×*-]*"),
        ("unread", rf"[{''.join(NUMERALS)}十百千万]+(?:小时|分钟|星期|周|年|折|号|元|(?<!一)点)"),
        ("unread", r"[\d０-９％%¥￥]"),
    )
)
STARTS = {*NUMERALS, *"0123456789０１２３４５６７８９%％¥￥十百千万前昨今明后"}
STARTS |= {chr(code + shift) for code in range(26) for shift in (ord("A"), ord("a"))}


class Claim(NamedTuple):
    """One thing that is stated, with the words around it; a name has all that it may mean."""

    kind: str
    value: object
    said: str
    before: str
    after: str
    meant: frozenset[tuple[str, str]] = frozenset()


class Reading(NamedTuple):
    """What a text states, and what is left of it: a dot in the place of each thing."""

    claims: tuple[Claim, ...]
    rest: str


def numeral(said: str) -> int:
    """Return what a numeral up to a thousand means, in figures or in characters."""
    if said.isdigit():
        return int(said)
    if said == "一千":
        return 1000
    hundreds, _, rest = said.rpartition("百")
    if hundreds and rest in NUMERALS:
        return NUMERALS[hundreds] * 100 + NUMERALS[rest] * 10  # 一百五 is 150
    tens, ten, ones = rest.rpartition("十")
    value = NUMERALS.get(hundreds, 0) * 100
    return value + (NUMERALS.get(tens, 1) * 10 if ten else 0) + NUMERALS.get(ones, 0)


def instant(said: re.Match[str], now: datetime) -> datetime | None:
    """Return the instant that somebody understands who hears it now; None if it is nonsense."""
    hour, minute = int(said["hour"]), 30 if said["half"] else int(said["minute"] or 0)
    part = said["part"] or ("晚上" if (said["near"] or "").endswith("晚") else "")
    if part in ("下午", "晚上") and hour < 12:
        hour += 12
    if hour not in PARTS.get(part, ()) or minute > 59:
        return None
    try:
        if said["near"]:
            day = now + timedelta(days=DAYS[said["near"]])
        else:
            year = int(said["year"] or now.year)
            day = now.replace(year=year, month=int(said["month"]), day=int(said["date"]))
    except ValueError:
        return None
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


# What the tables call things: kind, table, the column that is said, the column that is meant.
NAMED = (
    ("product", "product", "name", "name"),
    ("product", "product", "alias", "name"),
    ("feature", "product", "feature", "feature"),
    ("device", "device", "name", "name"),
    ("device", "device", "alias", "name"),
    ("colour", "sku", "colour", "colour"),
    ("colour", "sku", "alias", "colour"),
    ("city", "city", "name", "name"),
    ("city", "city", "full_name", "name"),
    ("warehouse", "warehouse", "name", "name"),
    ("address", "warehouse", "address", "address"),
    ("receiver", "warehouse", "receiver", "receiver"),
    ("phone", "warehouse", "phone", "phone"),
    ("campaign", "campaign", "name", "name"),
    ("campaign", "campaign", "alias", "name"),
    ("terms", "campaign", "rule", "rule"),
    ("gift", "campaign", "gift", "gift"),
    ("carrier", "carrier", "name", "name"),
    ("carrier", "carrier", "alias", "name"),
    ("payment", "payment", "name", "name"),
    ("payment", "payment", "alias", "name"),
    ("coupon", "coupon", "name", "name"),
    ("level", "level", "name", "name"),
    ("perk", "level", "perk", "perk"),
    ("adapter", "compat", "adapter", "adapter"),
    ("steps", "guide", "steps", "steps"),
    ("advice", "fault", "advice", "advice"),
    ("property", "property", "name", "name"),
    ("property", "property", "alias", "name"),
    ("detail", "detail", "text", "text"),
)
WORDS = (
    ("event", ("已揽收", "到达分拨中心", "离开分拨中心", "到达派送网点", "派送中", "已签收")),
    ("signer", ("本人", "驿站", "快递柜", "家人", "门卫")),
    ("wallet", ("微信", "支付宝", "银行卡")),
)
# These are words of everyday talk too: they are read only where such a thing is asked about.
COMMON = {"property", "detail", "event", "signer", "wallet", "payment"}


@cache
def names() -> Mapping[str, tuple[tuple[str, frozenset[tuple[str, str]]], ...]]:
    """Return all names by their first character, the longest first."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for kind, file, said, meant in NAMED:
        for key, rows in grouped(file, said).items():
            written = {key, key.replace(" ", "")} if file in ("product", "device") else {key}
            for one in written - {""}:
                found[one] |= {(kind, row[meant]) for row in rows}
    for kind, words in WORDS:
        for word in words:
            found[word].add((kind, word))
    first: dict[str, list[tuple[str, frozenset[tuple[str, str]]]]] = defaultdict(list)
    for name in sorted(found, key=lambda name: (-len(name), name)):
        first[name[0]].append((name, frozenset(found[name])))
    return {char: tuple(listed) for char, listed in first.items()}


def read(
    text: str, now: datetime, kinds: Collection[str] = (), quotes: Collection[str] = ()
) -> Reading:
    """Read a text from left to right, the longest thing that starts at a place first.

    `kinds` are the kinds of everyday words that are asked about; `quotes` what the user said, which
    may be said again.
    """
    claims: list[Claim] = []
    rest: list[str] = []
    at, repeated = 0, [quote for quote in quotes if len(quote) > 1]
    while at < len(text):
        found = max(_found(text, at, now, kinds, repeated), key=lambda one: one[0], default=None)
        if found is None:
            rest.append(text[at])
            at += 1
            continue
        end = at + found[0]
        around = ("".join(rest), text[end : end + 8])
        if isinstance(found[2], frozenset):
            claims.append(Claim(found[1], None, text[at:end], *around, found[2]))
        else:
            claims.append(Claim(found[1], found[2], text[at:end], *around))
        rest.append("·")
        at = end
    return Reading(tuple(claims), "".join(rest))


def _found(
    text: str, at: int, now: datetime, kinds: Collection[str], quotes: list[str]
) -> Iterator[tuple[int, str, object]]:
    for quote in quotes:
        if text.startswith(quote, at):
            yield len(quote), "quote", quote
    for name, meant in names().get(text[at], ()):
        if text.startswith(name, at):
            asked = frozenset(one for one in meant if one[0] not in COMMON or one[0] in kinds)
            if asked:
                yield len(name), "name", asked
                break
    if text[at] not in STARTS:
        return
    if found := INSTANT.match(text, at):
        yield found.end() - at, "instant", instant(found, now)
    for kind, pattern in NUMBERS:
        if match := pattern.match(text, at):
            yield match.end() - at, kind, _number(kind, match)


def _number(kind: str, found: re.Match[str]) -> object:
    counted, said = found.groupdict().get("n"), found[0]
    if kind == "money":
        return float(numeral(counted) if counted else re.sub(r"[^\d.]", "", said))
    if kind == "periods":
        if counted:
            return (numeral(counted),)
        return tuple(int(one) for one in said[:-1].split("、"))
    if counted:
        return numeral(counted)
    return int(said) if kind == "points" else said


@cache
def every(kind: str) -> Mapping[str, frozenset[str]]:
    """Return all names that may stand for a thing of a kind, with what they stand for."""
    found = {}
    for listed in names().values():
        for name, meant in listed:
            values = frozenset(value for known, value in meant if known == kind)
            if values:
                found[name] = values
    return found
