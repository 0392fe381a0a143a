"""How people write where they live: a region in, other names of its parts out."""

from __future__ import annotations

import functools
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from dialogue.providers.china import facts
from dialogue.providers.china.regions import cities, provinces

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogue.providers.china.regions import Region

PROVINCES = {
    "内蒙古自治区": ("内蒙古", "内蒙"),
    "广西壮族自治区": ("广西", "广西省"),
    "宁夏回族自治区": ("宁夏",),
    "新疆维吾尔自治区": ("新疆", "新疆省"),
    "西藏自治区": ("西藏",),
    "香港特别行政区": ("香港",),
    "澳门特别行政区": ("澳门",),
}
# Beside the rule: names that the rule cannot find, or that would be another place's.
CITIES = {
    "兴安盟": (),
    "锡林郭勒盟": ("锡盟", "锡林郭勒"),
    "阿拉善盟": ("阿盟", "阿拉善"),
    "西双版纳傣族自治州": ("西双版纳", "版纳", "西双版纳州"),
    "海南藏族自治州": ("海南州",),
    "海北藏族自治州": ("海北州",),
    "博尔塔拉蒙古自治州": ("博州", "博尔塔拉"),
    "巴音郭楞蒙古自治州": ("巴州", "巴音郭楞"),
    "克孜勒苏柯尔克孜自治州": ("克州", "克孜勒苏"),
}
COUNTIES = {
    "浦东新区": ("浦东", "浦东区"),
    "滨海新区": ("滨海",),
    "沈北新区": ("沈北",),
    "神农架林区": ("神农架",),
    "六枝特区": ("六枝",),
    "前郭尔罗斯蒙古族自治县": ("前郭县", "前郭"),
    "杜尔伯特蒙古族自治县": ("杜蒙县", "杜尔伯特"),
    "喀喇沁左翼蒙古族自治县": ("喀左县", "喀左"),
    "阜新蒙古族自治县": ("阜蒙县",),
    "塔什库尔干塔吉克自治县": ("塔县", "塔什库尔干"),
    "察布查尔锡伯自治县": ("察县", "察布查尔"),
    "和布克赛尔蒙古自治县": ("和丰县", "和布克赛尔"),
    "东乡族自治县": ("东乡县",),
    "河南蒙古族自治县": ("河南县",),
    "甘南县": (),
    "土默特左旗": ("土左旗",),
    "土默特右旗": ("土右旗",),
    "达尔罕茂明安联合旗": ("达茂旗",),
    "达拉特旗": ("达旗",),
    "准格尔旗": ("准旗", "准格尔"),
    "伊金霍洛旗": ("伊旗",),
    "鄂托克前旗": ("鄂前旗",),
    "杭锦后旗": ("杭后旗", "杭后"),
    "乌拉特前旗": ("乌前旗",),
    "乌拉特中旗": ("乌中旗",),
    "乌拉特后旗": ("乌后旗",),
    "察哈尔右翼前旗": ("察右前旗",),
    "察哈尔右翼中旗": ("察右中旗",),
    "察哈尔右翼后旗": ("察右后旗",),
    "科尔沁右翼前旗": ("科右前旗",),
    "科尔沁右翼中旗": ("科右中旗",),
    "科尔沁左翼中旗": ("科左中旗",),
    "科尔沁左翼后旗": ("科左后旗",),
    "阿鲁科尔沁旗": ("阿旗",),
    "克什克腾旗": ("克旗",),
    "翁牛特旗": ("翁旗",),
    "喀喇沁旗": ("喀旗",),
    "敖汉旗": ("敖汉",),
    "奈曼旗": ("奈曼",),
    "扎赉特旗": ("扎旗",),
    "新巴尔虎左旗": ("新左旗",),
    "新巴尔虎右旗": ("新右旗",),
    "陈巴尔虎旗": ("陈旗",),
    "莫力达瓦达斡尔族自治旗": ("莫旗",),
    "鄂伦春自治旗": ("鄂伦春旗", "鄂伦春"),
    "鄂温克族自治旗": ("鄂温克旗",),
    "东乌珠穆沁旗": ("东乌旗",),
    "西乌珠穆沁旗": ("西乌旗",),
    "苏尼特左旗": ("苏左旗", "东苏旗"),
    "苏尼特右旗": ("苏右旗", "西苏旗"),
    "阿拉善左旗": ("阿左旗",),
    "阿拉善右旗": ("阿右旗",),
    "额济纳旗": ("额济纳",),
    "清新区": ("清新",),
    "下花园区": ("下花园",),
    "绿园区": ("绿园",),
    "梁园区": ("梁园",),
    "苏州工业园区": ("工业园区", "园区"),
    "经济技术开发区": ("经开区", "开发区"),
    "经济开发区": ("经开区", "开发区"),
    "滨海经济技术开发区": ("滨海经开区",),
    "临港经济技术开发区": ("临港经开区",),
    "汽车经济开发区": ("汽开区",),
    "航空港区": ("航空港",),
}
PEOPLES = (
    "壮族|回族|苗族|彝族|藏族|满族|侗族|瑶族|白族|傣族|黎族|佤族|畲族|水族|羌族|土族|怒族|蒙古族?|锡伯"
    "|朝鲜族|土家族|布依族|哈尼族|哈萨克族?|傈僳族|拉祜族|纳西族|景颇族|柯尔克孜|达斡尔族|塔吉克"
    "|仫佬族|布朗族|撒拉族|毛南族|仡佬族|普米族|裕固族|保安族|东乡族|独龙族|鄂温克族|各族"
)
# What is no name without its last word, or means a place in any city.
NAMELESS = frozenset({"市中", "城中", "城东", "城西", "城北", "港口", "新城"})
NOT_SHORTENED = ("旗", "新区", "高新区", "示范区", "园区", "风景名胜区", "开发区", "食品区")
# 朝阳区 of 北京 and 长春: 朝阳 is a city, too, but everybody says it.
SAID_ANYWAY = ("110105", "220104")
PART_OF_KIND = {"city": "city", "county": "county", "nickname": "city", "zone": "county"}

_KIND = re.compile("(?:自治[州县旗]|地区|管理区|行委|[市盟区县旗])$")
_PEOPLES_KIND = re.compile("自治.$|族区$")
_PEOPLES = re.compile(f"(?<=..)(?:{PEOPLES})+$")


class Names(NamedTuple):
    """Shortened names of a region's parts, the commonest first; empty where nobody shortens.

    None can be read as another part of the same address.
    """

    province: tuple[str, ...]
    city: tuple[str, ...]
    county: tuple[str, ...]


class OtherName(NamedTuple):
    """A name that is no form of today's, and the part (city, county) that it stands for.

    `kind` is city or county (the name before a place was renamed or merged), nickname, or zone (a
    development zone whose ground is the county's).
    """

    name: str
    kind: str
    part: str


@functools.cache
def shortened(region: Region) -> Names:
    """Return how people shorten the parts of a region."""
    province = _province(region.province)
    if region.city == region.province:
        city = province
    else:
        city = _city(region.city, province) if region.city else ()
    return Names(province, city, _county(region) if region.county else ())


@functools.cache
def other_names(region: Region) -> tuple[OtherName, ...]:
    """Return the old names, nicknames and zones of a region; of most there are none."""
    code = region.code
    listed = _other_names()
    keys = (code[:2] + "0000", code[:4] + "00", code)
    return tuple(name for key in dict.fromkeys(keys) for name in listed.get(key, ()))


def _province(name: str) -> tuple[str, ...]:
    return PROVINCES[name] if name in PROVINCES else (name[:-1],)


@functools.cache
def _city(name: str, province: tuple[str, ...]) -> tuple[str, ...]:
    if name in CITIES:
        return CITIES[name]
    root = _root(name)
    if root in province:
        return ()
    return (root, f"{root}州") if name.endswith("自治州") else (root,)


def _county(region: Region) -> tuple[str, ...]:
    name = region.county
    if name in COUNTIES:
        return COUNTIES[name]
    root = _root(name)
    short = []
    if _PEOPLES_KIND.search(name) and len(root) > 1:
        short.append(root + name[-1])
    if _stands_alone(root, region):
        short.append(root)
    return tuple(short)


def _stands_alone(root: str, region: Region) -> bool:
    """Tell whether a county's root alone is still its name, and no other place's."""
    if len(root) < 2 or root in NAMELESS or region.county.endswith(NOT_SHORTENED):
        return False
    if root == region.county:
        return False
    return root not in _roots() or region.code in SAID_ANYWAY


@functools.cache
def _roots() -> Mapping[str, str]:
    """Return the names of all cities and provinces by what they are called in short."""
    roots = {_root(name): name for name in cities().values()}
    for name in provinces().values():
        roots |= dict.fromkeys(_province(name), name)
    return MappingProxyType(roots)


@functools.cache
def _root(name: str) -> str:
    """Return a name without the word for its kind, and without its peoples."""
    plain = _KIND.sub("", name)
    return _PEOPLES.sub("", plain) if _PEOPLES_KIND.search(name) else plain


@functools.cache
def _other_names() -> Mapping[str, tuple[OtherName, ...]]:
    found: dict[str, tuple[OtherName, ...]] = {}
    for line in facts.lines("old_names.csv"):
        kind, name, code = line.split(",")
        found[code] = (*found.get(code, ()), OtherName(name, kind, PART_OF_KIND[kind]))
    return MappingProxyType(found)
