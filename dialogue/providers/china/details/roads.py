"""Roads: a place in, the name of a road, a number on it, a crossing out."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from math import trunc
from typing import TYPE_CHECKING

from dialogue.providers.china.details.words import DIGITS, NUMERALS, words
from dialogue.providers.weighted import pick, spread

if TYPE_CHECKING:
    from random import Random

    from dialogue.providers.china.details.place import Place

ENDS = spread(
    {
        "路": 60,
        "街": 14,
        "大道": 14,
        "大街": 5,
        "东路": 6,
        "西路": 6,
        "南路": 6,
        "北路": 6,
        "中路": 6,
    }
    | dict.fromkeys(
        (
            "一路",
            "二路",
            "三路",
            "路东段",
            "路西段",
            "路中段",
            "路南段",
            "路北段",
            "大道中",
            "大道东",
        ),
        1,
    )
    | dict.fromkeys(
        (
            "大道西",
            "大道北",
            "大道南",
            "东街",
            "西街",
            "南街",
            "北街",
            "中街",
            "新街",
            "老街",
            "正街",
        ),
        1,
    )
    | dict.fromkeys(
        ("横街", "后街", "前街", "东大街", "西大街", "南大街", "北大街", "一街", "二街", "三街"), 1
    )
    | dict.fromkeys(
        (
            "四路",
            "五路",
            "支路",
            "横路",
            "新路",
            "小路",
            "小街",
            "环路",
            "南一路",
            "北二路",
            "东三路",
        ),
        1,
    )
    | dict.fromkeys(
        (
            "路一段",
            "路二段",
            "路三段",
            "南路二段",
            "北路一段",
            "东路延伸段",
            "路延长线",
            "大道中段",
        ),
        1,
    )
    | {"巷": 3, "东巷": 1, "一巷": 1, "二巷": 1, "里": 1, "南里": 1, "坊": 1, "坡": 1, "步行街": 1}
)
ALLEYS = {
    "11": (
        "胡同",
        "胡同",
        "胡同",
        "东里",
        "西里",
        "南里",
        "北里",
        "里",
        "巷",
        "东巷",
        "条",
        "前街",
        "后街",
    ),
    "12": ("道", "道", "道", "里", "里", "路", "大街", "胡同", "南道", "北道"),
    "31": ("弄", "路", "路", "街", "支路", "东弄"),
    "44": (
        "巷",
        "巷",
        "坊",
        "一巷",
        "二巷",
        "三巷",
        "大街",
        "直街",
        "横街",
        "里",
        "新村",
        "五巷",
        "横巷",
        "涌边",
        "围",
    ),
    "33": ("弄", "巷", "巷", "里", "街", "横街", "直街", "河沿", "河头", "路"),
    "32": ("弄", "巷", "巷", "里", "街", "浜", "桥", "东街", "巷"),
    "51": ("巷", "街", "横街", "正街", "上街", "下街", "后街", "顺街", "巷子"),
    "50": ("巷", "正街", "村", "新村", "坡", "湾", "支路", "街", "沟"),
}
OTHER_ALLEYS = (
    "巷",
    "巷",
    "胡同",
    "街",
    "里",
    "弄",
    "坊",
    "东巷",
    "西巷",
    "南巷",
    "北巷",
    "一巷",
    "三巷",
    "老街",
    "后街",
    "巷子",
    "道",
)
HIGHWAYS = spread({("国道", "G"): 3, ("省道", "S"): 2, ("县道", "X"): 1, ("高速", "G"): 1})
NUMBER_ENDS = (
    "",
    "",
    "",
    "号院",
    "号院",
    "-1号",
    "-2号",
    "之1号",
    "之二",
    "号楼",
    "号门面",
    "号商铺",
    "号附近",
    "号大院",
    "号内",
)
SOUTHWEST = ("50", "51", "52")


@dataclass(frozen=True, slots=True)
class Stock:
    """The words that names of roads are made of."""

    common: tuple[str, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]
    minor: tuple[str, ...]
    ring: tuple[str, ...]
    shanghai: tuple[str, ...]


@functools.cache
def stock() -> Stock:
    """Read the words."""
    sections = ("common", "first", "second", "minor", "ring", "lands")
    return Stock(*(words("road_names", name) for name in sections))


@functools.cache
def numbered() -> tuple[str, ...]:
    """Make the names of roads that are counted: 经三路, 第五大街, 高新二路."""
    return (
        *(
            f"{kind}{n}{end}"
            for kind in ("经", "纬")
            for n in NUMERALS[1:13]
            for end in ("路", "街")
        ),
        *(f"第{n}大街" for n in NUMERALS[1:23]),
        *(
            f"{n}{end}"
            for n in NUMERALS[1:11]
            for end in ("马路", "道街", "经路", "纬路", "号路", "横路", "条")
        ),
        *(
            f"{n}环{end}"
            for n in DIGITS[1:6]
            for end in ("路", "东路", "西路", "南路", "北路", "东路南段", "北路西段")
        ),
        *(
            f"{stem}{n}{end}"
            for stem in words("road_names", "numbered")
            for n in NUMERALS[1:11]
            for end in ("路", "路", "街")
        ),
    )


def stem(rng: Random) -> str:
    """Draw what stands before 路 in the name of a road, one that anybody could have thought of."""
    names = stock()
    if rng.random() < 0.6:
        return pick(rng, names.common)
    return composed(rng)


def composed(rng: Random) -> str:
    """Draw a stem of two characters that is in no list."""
    names = stock()
    first, second = names.first, names.second
    head, tail = first[trunc(rng.random() * len(first))], second[trunc(rng.random() * len(second))]
    return f"{head}{tail}" if head != tail else f"{head}新"


def road(rng: Random, place: Place) -> str:
    """Draw a road that could be at the place."""
    r, names = rng.random(), stock()
    if r < 0.45:
        common = names.common
        end = ENDS[trunc(rng.random() * len(ENDS))]
        return f"{common[trunc(rng.random() * len(common))]}{end}"
    if r < 0.66:
        return f"{composed(rng)}{ENDS[trunc(rng.random() * len(ENDS))]}"
    if r < 0.75:
        return alley(rng, place)
    if r < 0.83:
        base = place.town_root if r < 0.80 else place.county.root
        # 西宁路街道 lies on 西宁路.
        return base if base[-1] in "路街" else f"{base}{pick(rng, ENDS)}"
    if r < 0.88:
        return pick(rng, numbered())
    if r < 0.91:
        return f"{pick(rng, names.ring)}{pick(rng, words('address_words', 'ring_ends'))}"
    if r < 0.96:
        if place.county.province == "31":
            return f"{pick(rng, names.shanghai)}路"
        base = place.county.other_root(rng)
        return base if base[-1] in "路街" else f"{base}{pick(rng, ENDS)}"
    return highway(rng)


def alley(rng: Random, place: Place) -> str:
    """Draw a lane, by the part of the country: 胡同, 弄, 巷, 里."""
    names, r = stock(), rng.random()
    if r < 0.5:
        base = pick(rng, names.minor)
    elif r < 0.62:
        base = f"{pick(rng, words('village_names', 'families'))}家"
    else:
        base = stem(rng)
    if base[-1] in "街巷":
        return base
    return f"{base}{pick(rng, ALLEYS.get(place.county.province, OTHER_ALLEYS))}"


def highway(rng: Random) -> str:
    """Draw a numbered highway: G107国道, 203省道, G15高速."""
    word, letter = pick(rng, HIGHWAYS)
    number = 100 + trunc(rng.random() * 256)
    r = rng.random()
    if word == "高速":
        return f"{letter}{number % 99 + 1}{word}"
    return f"{number}{word}" if r < 0.6 else f"{letter}{number}{word}"


def number(rng: Random, place: Place) -> str:
    """Draw a number on a road, in the manner of the part of the country."""
    r = rng.random()
    n = 1 + int(r * rng.random() * 320)
    s = rng.random()
    if s < 0.66:
        return f"{n}号"
    if s < 0.70:
        return f"{n * 10 + int(s * 1000) % 10}号"
    if s < 0.76:
        return f"{n}{pick(rng, NUMBER_ENDS)}"
    return _local(rng, place, n)


def _local(rng: Random, place: Place, n: int) -> str:
    r, m = rng.random(), 1 + trunc(rng.random() * rng.random() * 60)
    if place.county.province == "31" and r < 0.8:
        return f"{n}弄{m}号" if r < 0.6 else f"{n}弄"
    if place.county.province in SOUTHWEST and r < 0.6:
        return f"{n}号附{m}号" if r < 0.5 else f"附{m}号"
    if place.county.province in ("11", "12", "13", "14") and r < 0.6:
        if r < 0.45:
            return f"{n}号院"
        return f"甲{n}号" if r < 0.55 else f"{n}号院{m}号"
    if r < 0.3:
        return f"{n}-{m}号"
    if r < 0.5:
        return f"{n}-{m}"
    if r < 0.55:
        return f"{n}号-{m}"
    if r < 0.6:
        return f"{NUMERALS[m % 29 + 1]}号"
    if r < 0.66 and place.county.belt in ("south", "southeast"):
        return f"{n}号之{DIGITS[m % 5 + 1]}"
    if r < 0.72 and place.county.belt in ("south", "southeast", "east"):
        return f"{m % 12 + 1}巷{n}号"
    return f"{n}号"


def crossing(rng: Random, place: Place) -> tuple[str, ...]:
    """Draw a crossing of two roads, or a spot on a highway, as parts."""
    r = rng.random()
    if r < 0.12:
        spot = (
            f"{300 + trunc(rng.random() * 2000)}公里处"
            if r < 0.04
            else pick(rng, words("address_words", "highway_spots"))
        )
        return (highway(rng), spot)
    first, other = road(rng, place), road(rng, place)
    corner = pick(rng, words("site_names", "crossings"))
    if rng.random() < 0.55:
        corner += pick(rng, words("site_names", "corners"))
    if r < 0.55:
        return (f"{first}与{other}{corner}",)
    if r < 0.65:
        return (f"{first}和{other}{corner}",)
    if r < 0.75:
        return (f"{first}{other}{corner}",)
    return (first, pick(rng, words("site_names", "segments")))
