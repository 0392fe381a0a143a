"""Where people live in China: the facts file in, counties with all that belongs to them out."""

from __future__ import annotations

import functools
from collections import Counter
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from dialogue.providers.china import facts

if TYPE_CHECKING:
    from collections.abc import Mapping

MUNICIPALITIES = frozenset({"110000", "120000", "310000", "500000"})
# Real counties nobody sends a parcel to: 三沙's islands and 金门县.
NEVER_DRAWN = ("4603", "350527")


class Region(NamedTuple):
    """A county with the province and the city it belongs to, its postcode and its area code.

    `code` is the county's (GB/T 2260), or the city's where there are no counties (东莞市), whose
    `county` is empty. A municipality is province and city. A county or city that the province
    governs itself (仙桃市, 石河子市) is a county and has no `city`.
    """

    code: str
    province: str
    city: str
    county: str
    postcode: str
    area_code: str


class _Facts(NamedTuple):
    regions: tuple[Region, ...]  # all, also those that are never drawn
    names: Mapping[str, str]
    posts: Mapping[str, tuple[str, str]]  # of cities


def regions() -> tuple[Region, ...]:
    """Return the regions that are drawn, by code."""
    return _drawn()


def codes() -> Mapping[str, str]:
    """Return the names of all provinces, cities and counties by their codes of six digits."""
    return _facts().names


@functools.cache
def provinces() -> Mapping[str, str]:
    """Return the names of the 34 provinces by code, with 香港, 澳门 and 台湾."""
    names = codes()
    return MappingProxyType({code: names[code] for code in names if code.endswith("0000")})


@functools.cache
def cities() -> Mapping[str, str]:
    """Return the names of the 333 prefectures and the 4 municipalities by code."""
    names = codes()
    return MappingProxyType(
        {code: names[code] for code in names if code.endswith("00") and code not in provinces()}
    )


def region_of(code: str) -> Region:
    """Return the region, or the zone, with this code of six digits; KeyError without one."""
    return _by_code()[code]


@functools.cache
def within(place: str) -> tuple[Region, ...]:
    """Return the regions of a province, a city or a county, of which there is at least one.

    `place` is a code of two, four or six digits (44, 4403, 440300), or a name that only one place
    has, if need be with what it lies in (南京市鼓楼区, 江苏省南京市鼓楼区). ValueError says what
    is wrong with it.
    """
    digits = place.isascii() and place.isdigit()
    code = place.ljust(6, "0") if digits else _code(place)
    if code not in codes() or (digits and len(place) % 2):
        raise ValueError(f"no region of China has the code {place!r}")
    found = tuple(region for region in regions() if region.code.startswith(_prefix(code)))
    if not found:
        raise ValueError(f"no addresses are drawn in {codes()[code]}")
    return found


@functools.cache
def zones() -> tuple[Region, ...]:
    """Return the development zones that people write where others write a county.

    A zone has towns of its own. Its code is that of the statistics, not one of GB/T 2260.
    """
    names, posts = codes(), _facts().posts
    found = []
    for line in facts.lines("zones.csv"):
        code, name = line.split(",")
        province, city = code[:2] + "0000", code[:4] + "00"
        found.append(Region(code, names[province], names[city], name, *posts[city]))
    return tuple(found)


def towns(region: Region) -> tuple[str, ...]:
    """Return the streets (街道), towns and townships of a region or zone; a few have none."""
    return _towns(region.code)


def full_name(code: str) -> str:
    """Return a place's name with what it lies in: 江苏省南京市鼓楼区."""
    names = codes()
    found = [names.get(key, "") for key in (code[:2] + "0000", code[:4] + "00", code)]
    return "".join(dict.fromkeys(found))


@functools.cache
def places() -> frozenset[str]:
    """Return the codes and names that `within` takes."""
    drawn = {region.code[:size] for region in regions() for size in (2, 4, 6)}
    counts: Counter[str] = Counter()
    found: set[str] = set()
    for code, last in codes().items():
        whole, province = full_name(code), codes()[code[:2] + "0000"]
        names = {last, whole, whole.removeprefix(province), province + last} - {""}
        counts.update(names)
        if _prefix(code) in drawn:
            found |= {code, _prefix(code), *names}
    shared = {name for name in found if counts[name] > 1}
    # A municipality is a province and, by the same name, a city.
    return frozenset(found - shared | {codes()[code] for code in MUNICIPALITIES})


def _code(name: str) -> str:
    found = []
    for code, last in codes().items():
        if not name.endswith(last):
            continue
        whole = full_name(code)
        province = codes()[code[:2] + "0000"]
        if name in (last, whole, whole.removeprefix(province), province + last):
            found.append(code)
    if not found:
        raise ValueError(f"no region of China is called {name!r}")
    # A municipality is a province and, by the same name, a city.
    if not all(code.startswith(_prefix(found[0])) for code in found):
        options = ", ".join(f"{code} {full_name(code)}" for code in found)
        raise ValueError(f"{len(found)} regions of China are called {name!r}: {options}")
    return found[0]


def _prefix(code: str) -> str:
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


@functools.cache
def _facts() -> _Facts:
    found: list[Region] = []
    names: dict[str, str] = {}
    posts: dict[str, tuple[str, str]] = {}
    province = city = city_code = outside = ""
    for line in facts.lines("regions.csv"):
        code, name, postcode, area_code = line.split(",")
        names[code] = name
        if not code.endswith("00"):
            if city_code != code[:4]:
                city_code, city = code[:4], outside
            elif found[-1].code == f"{city_code}00":
                found.pop()  # the city has counties
            found.append(Region(code, province, city, name, postcode, area_code))
        elif code.endswith("0000"):
            province = name
            # Chongqing's 县 have the code of a city that there is not.
            outside = name if code in MUNICIPALITIES else ""
        else:
            city_code, city = code[:4], name
            posts[code] = (postcode, area_code)
            found.append(Region(code, province, name, "", postcode, area_code))
    return _Facts(tuple(found), MappingProxyType(names), posts)


@functools.cache
def _drawn() -> tuple[Region, ...]:
    return tuple(region for region in _facts().regions if not region.code.startswith(NEVER_DRAWN))


@functools.cache
def _by_code() -> Mapping[str, Region]:
    return {region.code: region for region in (*_facts().regions, *zones())}


@functools.cache
def _town_lines() -> Mapping[str, str]:
    return {line[:6]: line[7:] for line in facts.lines("towns.csv")}


@functools.cache
def _towns(code: str) -> tuple[str, ...]:
    line = _town_lines().get(code, "")
    return tuple(line.split(",")) if line else ()
