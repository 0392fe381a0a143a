"""How people write province, city and county in front of a detail: a region in, its words out."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from math import trunc
from typing import TYPE_CHECKING

from dialogue.providers.china.details import County
from dialogue.providers.china.forms import AUTONOMOUS, COUNTY, forms
from dialogue.providers.china.layouts import messages
from dialogue.providers.china.place_names import other_names, shortened
from dialogue.providers.china.regions import Region, codes, region_of, regions, towns, within, zones
from dialogue.providers.weighted import pick, spread
from dialogue.value import Value

if TYPE_CHECKING:
    from random import Random

    from dialogue.providers.china.forms import Form
    from dialogue.value import Surface

OTHER_NAME_SHARE = 0.04
# Where many people live and shop; their counties come as often as in real orders, more or less.
_LARGE = (
    "广州市 深圳市 成都市 杭州市 武汉市 南京市 苏州市 西安市 长沙市 郑州市 青岛市 东莞市 宁波市 "
    "佛山市 合肥市 沈阳市 大连市 济南市 无锡市 昆明市 福州市 厦门市 哈尔滨市 长春市 石家庄市 "
    "南昌市 贵阳市 南宁市 泉州市 温州市 金华市 常州市 南通市 徐州市 嘉兴市 绍兴市 台州市 珠海市 "
    "中山市 惠州市 太原市 烟台市 潍坊市 临沂市 海口市 兰州市 乌鲁木齐市 呼和浩特市 银川市 西宁市 "
    "洛阳市"
)
LARGE = frozenset(_LARGE.split())
LARGE_WEIGHT, MUNICIPALITY_WEIGHT = 4, 7
# 东莞市 and 中山市 are large, but one region each; what a province governs itself is written oddly.
UNDIVIDED_WEIGHT, GOVERNED_WEIGHT = 25, 3
ZONE_WEIGHT = 2
# What layouts of messages cannot say.
MISSING = {"governed": ("市",), AUTONOMOUS: ("市",), "undivided": ("县",)}
# Names of an address go from the province down to the county.
PLACES = {"city": 1, "county": 2}
NOWHERE = Value("", "", "")


@dataclass(frozen=True, slots=True)
class Home:
    """A region as addresses name it, with all that is drawn from once somebody lives there.

    `zone` is the name of a zone that stands for the county. `names` are those of province, city and
    county, `NOWHERE` for what is not there; `short` are shorter ones of each. They, the `forms` of
    addresses and the `messages` are there as often as they weigh.
    """

    region: Region
    county: County
    zone: str
    postcode: Value
    names: tuple[Value, ...]
    short: tuple[tuple[Value, ...], ...]
    forms: tuple[Form, ...]
    messages: tuple[Surface, ...]


@functools.cache
def addressed(place: str) -> tuple[str, ...]:
    """Return the codes of a place's regions; without one of all, as often as they weigh."""
    if place:
        return tuple(region.code for region in within(place))
    weighed = {region.code: _weight(region) for region in regions()}
    return spread(weighed | {zone.code: ZONE_WEIGHT for zone in zones()})


def _weight(region: Region) -> int:
    if region.city == region.province:
        return MUNICIPALITY_WEIGHT
    if not region.county:
        return UNDIVIDED_WEIGHT
    if not region.city:
        return GOVERNED_WEIGHT
    return LARGE_WEIGHT if region.city in LARGE else 1


@functools.cache
def home(code: str) -> Home:
    """Return a region as addresses name it; a zone is part of a city without counties."""
    region = region_of(code)
    lived, zone = (region, "") if code in codes() else (region._replace(county=""), region.county)
    names = (lived.province, lived.city, lived.county)
    short = tuple(map(_short, shortened(lived), names))
    kind = _kind(lived)
    return Home(
        lived,
        County.of(lived, towns(region)),
        zone,
        Value(region.postcode, region.postcode, region.postcode),
        tuple(_value(name, name) if name else NOWHERE for name in names),
        short,
        forms(kind),
        messages(MISSING.get(kind, ())),
    )


@functools.cache
def _value(said: str, today: str) -> Value:
    """Return a name of today as it is said; all places below it share it."""
    return Value(said, today, today)


@functools.cache
def _short(names: tuple[str, ...], today: str) -> tuple[Value, ...]:
    """Return shorter names, the first twice as often as any other."""
    return tuple(_value(name, today) for name in (*names[:1], *names))


@functools.cache
def _others(region: Region) -> tuple[tuple[int, Value], ...]:
    """Return old names and nicknames with the place of what they name."""
    names = (region.province, region.city, region.county)
    return tuple(
        (at, _value(other.name, names[at]))
        for other in other_names(region)
        if other.kind != "zone" and names[at := PLACES[other.part]]
    )


def _kind(region: Region) -> str:
    if region.province == region.city:
        return COUNTY if region.county.endswith("县") else "municipality"
    if not region.city:
        return AUTONOMOUS if region.province.endswith("自治区") else "governed"
    if not region.county:
        return "undivided"
    return "county city" if region.county.endswith("市") else "plain"


def draw_admin(rng: Random, lived: Home) -> tuple[list[Value], Surface]:
    """Draw how the address of a region is written: province, city, county as said; the pieces."""
    random, found = rng.random, lived.forms
    form = found[trunc(random() * len(found))]
    names = [*lived.names]
    for at in form.short:
        if short := lived.short[at]:
            names[at] = short[trunc(random() * len(short))]
    if random() < OTHER_NAME_SHARE and (others := _others(lived.region)):
        at, other = pick(rng, others)
        if at in form.said:
            names[at] = other
    return names, form.surface
