"""How people write province, city and county in front of a detail: a region in, its words out."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

from dialogue.providers.china.forms import AUTONOMOUS, COUNTY, forms
from dialogue.providers.china.place_names import other_names, shortened
from dialogue.providers.china.regions import Region, codes, region_of, regions, towns, within, zones
from dialogue.value import Value

if TYPE_CHECKING:
    from collections.abc import Mapping
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


class Home(NamedTuple):
    """A region as addresses name it; `zone` is the name of a zone that stands for the county."""

    region: Region
    zone: str
    kind: str
    parts: Mapping[str, Value]  # province, city and county by their whole names
    postcode: Value
    towns: tuple[str, ...]
    forms: tuple[Form, ...]  # as often as they weigh


@functools.cache
def addressed(place: str) -> tuple[str, ...]:
    """Return the codes of a place's regions; without one of all, as often as they weigh."""
    if place:
        return tuple(region.code for region in within(place))
    return tuple(region.code for region in regions() for _ in range(_weight(region)))


@functools.cache
def zone_codes() -> tuple[str, ...]:
    """Return the codes of the development zones."""
    return tuple(zone.code for zone in zones())


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
    _, province, city, county, postcode, _ = region
    zone = "" if code in codes() else county
    if zone:
        region, county = region._replace(county=""), ""
    names = (("省", province), ("市", city), ("县", county))
    parts = {part: Value(name, name, name) for part, name in names if name}
    post, kind = Value(postcode, postcode, postcode), _kind(region)
    return Home(region, zone, kind, parts, post, towns(region), forms()[kind])


def _kind(region: Region) -> str:
    if region.province == region.city:
        return COUNTY if region.county.endswith("县") else "municipality"
    if not region.city:
        return AUTONOMOUS if region.province.endswith("自治区") else "governed"
    if not region.county:
        return "undivided"
    return "county city" if region.county.endswith("市") else "plain"


def draw_admin(rng: Random, lived: Home) -> tuple[Mapping[str, Value], Surface]:
    """Draw how the address of a region is written: its parts as said, and the pieces."""
    region, _, _, whole, _, _, found = lived
    short, surface, said = found[int(rng.random() * len(found))]
    renamed = rng.random() < OTHER_NAME_SHARE
    if not short and not renamed:
        return whole, surface
    parts = dict(whole)
    if short:
        names = shortened(region)
        if "p" in short and names.province:
            parts["省"] = _as_said(rng, names.province, region.province)
        if "c" in short and names.city:
            parts["市"] = _as_said(rng, names.city, region.city)
        if "d" in short and names.county:
            parts["县"] = _as_said(rng, names.county, region.county)
    if renamed and (others := other_names(region)):
        other = others[int(rng.random() * len(others))]
        part = "市" if other.part == "city" else "县"
        if other.kind != "zone" and part in parts and part in said:
            today = parts[part].normal
            parts[part] = Value(other.name, today, today)
    return parts, surface


def _as_said(rng: Random, names: tuple[str, ...], today: str) -> Value:
    """Draw one of the names, the first twice as often as any other."""
    name = names[0]
    if len(names) > 1 and (at := int(rng.random() * (len(names) + 1))):
        name = names[at - 1]
    return Value(name, today, today)
