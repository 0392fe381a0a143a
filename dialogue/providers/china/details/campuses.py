"""Universities and schools: a place in, an address on their grounds out."""

from __future__ import annotations

from math import trunc
from typing import TYPE_CHECKING

from dialogue.providers.china.details import houses, roads
from dialogue.providers.china.details.words import NUMERALS, words
from dialogue.providers.weighted import pick

if TYPE_CHECKING:
    from random import Random

    from dialogue.providers.china.details.place import Place

CAMPUSES = ("校区", "校区", "校区", "校区", "校园", "校区", "分校", "院区")
HALL_ENDS = ("栋", "号楼", "幢", "", "舍")
SIDES = ("南", "北", "东", "西", "新", "老", "本部", "主", "中心")
YEARS = ("高一", "高二", "高三", "初一", "初二", "初三", "七年级", "八年级", "九年级")
PRIMARY_YEARS = ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级")
NURSERY_YEARS = ("大班", "中班", "小班", "大一班", "中二班", "小三班")


def university(rng: Random, place: Place) -> str:
    """Draw a university of the city or of a part of the country."""
    kind, r = pick(rng, words("site_names", "universities")), rng.random()
    if r < 0.5:
        return f"{place.county.city_root}{kind}"
    if r < 0.85:
        return f"{pick(rng, words('site_names', 'roots'))}{kind}"
    return f"{roads.composed(rng)}{kind}"


def school(rng: Random, place: Place) -> str:
    """Draw a school of the city, the county or the town."""
    kind, r = pick(rng, words("site_names", "schools")), rng.random()
    if r < 0.25:
        return f"{place.county.name}{kind}" if kind[0] in "第实职" else f"{place.county.root}{kind}"
    if r < 0.35:
        return f"{place.county.city if kind[0] in '第实职' else place.county.city_root}{kind}"
    if r < 0.60:
        return f"{place.county.other_root(rng)}{kind}"
    if r < 0.90:
        return f"{roads.stem(rng)}{kind if len(kind) != 2 or kind[1] != '中' else '中学'}"
    return f"{roads.composed(rng)}{kind if len(kind) != 2 or kind[1] != '中' else '中学'}"


def campus(rng: Random, place: Place) -> tuple[str, ...]:
    """Draw an address at a school or university, as parts."""
    r = rng.random()
    if r < 0.30:
        return _school(rng, place)
    road = ""
    if r < 0.62:
        road = (
            roads.road(rng, place)
            if r < 0.40
            else f"{roads.road(rng, place)}{roads.number(rng, place)}"
        )
    name = university(rng, place)
    if rng.random() < 0.42:
        side = pick(rng, SIDES) if rng.random() < 0.6 else place.county.other_root(rng)
        name += side if side == "本部" else f"{side}{pick(rng, CAMPUSES)}"
    return (road, name, *_inside(rng))


def _school(rng: Random, place: Place) -> tuple[str, ...]:
    r, name = rng.random(), school(rng, place)
    if r < 0.37:
        if "幼儿" in name:
            return (name, pick(rng, NURSERY_YEARS))
        year = pick(rng, PRIMARY_YEARS if "小学" in name else YEARS)
        form = 1 + trunc(rng.random() * 20)
        if r < 0.25:
            return (name, f"{year}{form}班")
        return (name, f"{year}（{form}）班" if r < 0.33 else f"{year}({form})班")
    if r < 0.55:
        return (name, pick(rng, words("address_words", "school_spots")))
    if r < 0.70:
        return (f"{roads.road(rng, place)}{roads.number(rng, place)}", name)
    if r < 0.85:
        return (name, pick(rng, words("site_names", "sides")))
    if r < 0.92:
        return (name, pick(rng, words("address_words", "kinds")), *houses.house(rng))
    return (name,)


def _inside(rng: Random) -> tuple[str, ...]:
    r, n = rng.random(), pick(rng, houses.NUMBERS)
    if r < 0.12:
        return (pick(rng, words("site_names", "colleges")),)
    if r < 0.30:
        return (pick(rng, words("site_names", "buildings")),)
    if r < 0.50:
        garden = pick(rng, words("site_names", "gardens"))
        return (
            f"{garden}{n % 12 + 1}{pick(rng, words('address_words', 'dorms'))}",
            pick(rng, houses.ROOMS) if r < 0.42 else "",
        )
    if r < 0.70:
        return (f"{n}{pick(rng, words('address_words', 'dorms'))}", houses.room(rng))
    if r < 0.90:
        kind, end = pick(rng, words("address_words", "kinds")), pick(rng, HALL_ENDS)
        return (f"{kind}{n}{end}", houses.room(rng) if r < 0.82 else "")
    if r < 0.95:
        return (
            f"{NUMERALS[1 + n % 19]}{pick(rng, ('舍', '公寓', '号楼', '栋', '宿舍'))}",
            pick(rng, houses.ROOMS),
        )
    return ()
