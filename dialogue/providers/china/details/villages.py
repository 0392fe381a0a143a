"""The country: a place in, villages and hamlets by the part of the country out."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from math import trunc
from typing import TYPE_CHECKING

from dialogue.providers.china.details import firms, houses, landmarks, roads
from dialogue.providers.china.details.words import NUMERALS, words
from dialogue.providers.weighted import pick, spread

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from dialogue.providers.china.details.place import Place

SUFFIXES = spread(
    {
        "村": 62,
        "": 10,
        "村委会": 8,
        "社区": 4,
        "大队": 3,
        "行政村": 2,
        "居委会": 1,
        "新村": 3,
        "村民委员会": 1,
    }
)
HAMLET_ENDS = spread(
    {
        "": 30,
        "自然村": 6,
        "屯": 5,
        "组": 16,
        "小组": 4,
        "队": 4,
        "村": 12,
        "村民小组": 3,
        "自然屯": 1,
        "湾": 2,
        "小队": 2,
    }
)
GROUP_ENDS = spread(
    {
        "组": 50,
        "队": 14,
        "社": 9,
        "村民小组": 4,
        "小组": 5,
        "生产队": 1,
        "小队": 2,
        "区": 2,
        "屯": 1,
        "巷": 2,
    }
)
MONGOL_ENDS = ("嘎查", "嘎查", "嘎查", "村", "艾里", "嘎查委员会", "牧业点", "营子村", "独贵龙")
DIVISIONS = ("连", "连", "队", "分场", "作业站", "生产队", "居民组")
ISLANDS = ("岛", "岛", "屿", "礁", "沙岛", "山岛")
COAST = ("21", "33", "35", "37", "44", "46")


@dataclass(frozen=True, slots=True)
class Stock:
    """The words that names of villages are made of."""

    families: tuple[str, ...]
    things: tuple[str, ...]
    doubles: tuple[str, ...]
    heads: tuple[str, ...]


@functools.cache
def stock() -> Stock:
    """Read the words."""
    return Stock(*(words("village_names", name) for name in Stock.__slots__))


def name(rng: Random, place: Place) -> str:
    """Draw the name of a village without 村: 李家庄, 上石坪, 向阳, 巴彦塔拉."""
    if place.county.tongues:
        r = rng.random()
        for tongue, share in place.county.tongues:
            if r < share:
                return _foreign(rng, tongue)
            r -= share
    r, names = rng.random(), stock()
    if r < 0.40:
        families = names.families
        base = f"{families[trunc(rng.random() * len(families))]}{_end(rng, place)}"
        return f"{pick(rng, names.heads)}{base}" if r < 0.09 else base
    if r < 0.70:
        base = pick(rng, names.doubles)
        if r < 0.60:
            return base
        return f"{base}{_last(rng, place)}" if r < 0.64 else f"{base[0]}{_last(rng, place)}"
    if r < 0.84:
        head, thing, end = pick(rng, names.heads), pick(rng, names.things), _last(rng, place)
        if thing == end:
            return f"{head}{thing}"
        return f"{head}{thing}{end}" if r < 0.77 else f"{head}{end}"
    if r < 0.91:
        thing, end = pick(rng, names.things), _last(rng, place)
        return f"{thing}{end}" if thing != end else f"{pick(rng, names.heads)}{end}"
    if r < 0.92:
        return f"{pick(rng, names.families)}{pick(rng, names.families)}{_last(rng, place)}"
    if r < 0.97:
        return roads.composed(rng)
    if r < 0.98 and place.county.province in COAST:
        return f"{pick(rng, names.heads)}{pick(rng, names.things)}{pick(rng, ISLANDS)}"
    return place.county.other_root(rng)


def _end(rng: Random, place: Place) -> str:
    end = pick(rng, words("village_names", place.county.belt))
    return "家" if end == "村" else end


def _last(rng: Random, place: Place) -> str:
    end = pick(rng, words("village_names", place.county.belt))
    return end if len(end) == 1 and end not in "村务" else end[-1].replace("村", "塘")


def _foreign(rng: Random, tongue: str) -> str:
    table = words("village_names", tongue)
    first, second = pick(rng, table), pick(rng, table)
    if first == second:
        return f"{first}{pick(rng, table)}"
    if len(first) + len(second) < 4 and rng.random() < FOREIGN_THIRDS[tongue]:
        return f"{first}{second}{pick(rng, table)}"
    return f"{first}{second}"


FOREIGN_THIRDS = {
    "mongol": 0.4,
    "zhuang": 0.1,
    "yi": 0.3,
    "dai": 0.1,
    "tibet": 0.25,
    "miao": 0.1,
    "uyghur": 0.85,
}


def village(rng: Random, place: Place) -> str:
    """Draw a village with the word that follows its name: 李家庄村, 向阳村委会, 巴彦嘎查."""
    base = name(rng, place)
    if place.county.province == "15" and rng.random() < 0.4:
        return f"{base}{pick(rng, MONGOL_ENDS)}"
    end = pick(rng, SUFFIXES)
    if base[-1] == end[:1] or (not end and len(base) < 3):
        return f"{base}村" if base[-1] != "村" else base
    return f"{base}{end}"


def hamlet(rng: Random, place: Place) -> str:
    """Draw a hamlet of a village: 上坝组, 新屋自然村, 那六屯."""
    base, end = name(rng, place), pick(rng, HAMLET_ENDS)
    return f"{base}{end}" if base[-1] != end[:1] else base


def group(rng: Random) -> str:
    """Draw the group of a village: 三组, 12队, 第五村民小组."""
    r, n = rng.random(), 1 + trunc(rng.random() * rng.random() * 26)
    if r < 0.55:
        return f"{n}{pick(rng, GROUP_ENDS)}"
    if r < 0.94:
        return f"{NUMERALS[n]}{pick(rng, GROUP_ENDS)}"
    return f"第{NUMERALS[n]}村民小组"


def door(rng: Random) -> str:
    """Draw the number of a farmhouse."""
    r, n = rng.random(), 1 + trunc(rng.random() * rng.random() * 260)
    if r < 0.88:
        return f"{n}号"
    if r < 0.92:
        return f"{n}号附{1 + trunc(rng.random() * 6)}"
    if r < 0.96:
        return f"{n}-{1 + trunc(rng.random() * 12)}号"
    return f"{n}户" if r < 0.97 else f"付{n}号"


def rural(rng: Random, place: Place) -> tuple[str, ...]:
    """Draw an address in a village, without the town, as parts."""
    r = rng.random()
    if r < 0.05:
        return _farm(rng, place)
    where = village(rng, place)
    if where[-1] == "会" and 0.40 <= r < 0.53:
        return (where, hamlet(rng, place), door(rng))
    if r < 0.23:
        return (where, group(rng))
    if r < 0.40:
        return (where, group(rng), door(rng))
    if r < 0.53:
        return (where, door(rng))
    if r < 0.62:
        return (where,)
    if r < 0.70:
        return (where, hamlet(rng, place))
    if r < 0.76:
        return (where, hamlet(rng, place), door(rng))
    return (where, *_streets(rng, place, r))


def _streets(rng: Random, place: Place, r: float) -> tuple[str, ...]:
    """Draw what follows a village that has lanes, shops and well-known spots; `r` in 0.76..1."""
    if r < 0.84:
        return (pick(rng, words("address_words", "spots")),)
    if r < 0.87:
        return (group(rng), pick(rng, words("address_words", "spots")))
    if r < 0.90:
        return (firms.shop(rng),)
    if r < 0.92:
        return (pick(rng, words("address_words", "lanes")), door(rng))
    if r < 0.94:
        return (roads.alley(rng, place), door(rng))
    if r < 0.98:
        n, row = 1 + trunc(rng.random() * 12), 1 + trunc(rng.random() * 20)
        if r < 0.95:
            return (f"{n}区{row}排{1 + trunc(rng.random() * 12)}号",)
        return (f"{row}排{n}号" if r < 0.96 else f"{NUMERALS[n]}巷{row}号",)
    return (landmarks.site(rng), *houses.house(rng))


def _farm(rng: Random, place: Place) -> tuple[str, ...]:
    n, r = 1 + trunc(rng.random() * 180), rng.random()
    if place.county.province == "65" and r < 0.6:
        return (f"{n}团", f"{1 + trunc(rng.random() * 24)}连", *(pick(rng, FARM_TAILS)))
    base = name(rng, place) if r < 0.6 else pick(rng, stock().doubles)
    where: Sequence[str] = (f"{base}{pick(rng, words('address_words', 'farms'))}",)
    if r < 0.3:
        return (*where, f"{NUMERALS[1 + n % 20]}{pick(rng, DIVISIONS)}")
    if r < 0.7:
        return (*where, f"{1 + n % 30}{pick(rng, DIVISIONS)}", *(pick(rng, FARM_TAILS)))
    return (*where, pick(rng, words("address_words", "spots")))


FARM_TAILS = (
    (),
    (),
    ("5号",),
    ("12栋",),
    ("小区",),
    ("职工宿舍",),
    ("连部",),
    ("3排6号",),
    ("老队部",),
)


def near(rng: Random, place: Place) -> str:
    """Draw a village named after its neighbour, as urban villages are: 上沙村, 西丽新村."""
    if rng.random() < 0.5:
        return f"{place.county.other_root(rng)}{'新村' if rng.random() < 0.3 else '村'}"
    return f"{pick(rng, words('address_words', 'neighbours'))}{pick(rng, stock().things)}村"
