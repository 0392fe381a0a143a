"""The 详细地址 of an address: a county and its towns in, all that follows the county out."""

from __future__ import annotations

from collections.abc import Callable
from math import trunc
from random import Random
from types import MappingProxyType
from typing import TYPE_CHECKING

from dialogue.providers.china.details import (
    campuses,
    estates,
    houses,
    institutions,
    landmarks,
    mess,
    offices,
    pickups,
    roads,
    villages,
)
from dialogue.providers.china.details.place import County, Place, root
from dialogue.providers.china.details.words import NUMERALS, words
from dialogue.providers.weighted import pick, spread

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 45

Grammar = Callable[[Random, Place], tuple[str, ...]]


def urban(rng: Random, where: Place) -> tuple[str, ...]:
    """Draw a home in a town: road, number, estate and house, each of which may be missing."""
    r = rng.random()
    if r < 0.26:
        return (*estates.settlement(rng, where), *houses.house(rng))
    road = roads.road(rng, where)
    if r < 0.33:
        return (road, *estates.settlement(rng, where), *houses.house(rng))
    if r < 0.38:
        return (road, *estates.settlement(rng, where))
    address = f"{road}{roads.number(rng, where)}"
    if r < 0.73:
        return (address, *estates.settlement(rng, where), *houses.house(rng))
    if r < 0.80:
        return (address, *estates.settlement(rng, where))
    if r < 0.87:
        return (address, *houses.house(rng))
    if r < 0.90:
        return (address,)
    if r < 0.94:
        return (address, landmarks.side(rng), *estates.settlement(rng, where))
    if r < 0.97:
        lane = villages.near(rng, where)
        row = f"{NUMERALS[1 + trunc(rng.random() * 12)]}巷"
        return (lane, row, villages.door(rng), houses.room(rng) if r < 0.96 else "")
    return (road, landmarks.site(rng), landmarks.side(rng), *estates.settlement(rng, where))


def bare(rng: Random, where: Place) -> tuple[str, ...]:
    """Draw an address that says too little: only a road, an estate, a village, a square."""
    r = rng.random()
    if r < 0.24:
        return (roads.road(rng, where), roads.number(rng, where))
    if r < 0.40:
        return (roads.road(rng, where),)
    if r < 0.54:
        return estates.settlement(rng, where)
    if r < 0.64:
        return (estates.estate(rng, where), houses.room(rng))
    if r < 0.73:
        return (villages.village(rng, where),)
    if r < 0.82:
        return (where.town or where.town_root,)
    if r < 0.92:
        name = words("address_words", "plazas" if r < 0.88 else "malls")
        return (f"{roads.stem(rng)}{pick(rng, name)}",)
    return (f"{where.town_root}{landmarks.site(rng)}",)


def door(rng: Random, where: Place) -> tuple[str, ...]:  # noqa: ARG001
    """Draw a door alone, as neighbours and colleagues say it: 12栋302, 3号楼2单元."""
    parts = houses.house(rng)
    return parts if rng.random() < 0.6 else (houses.block(rng), houses.room(rng))


def zone(rng: Random, where: Place) -> tuple[str, ...]:
    """Draw an address in a development zone or a new area."""
    name, r = pick(rng, words("site_names", "zones")), rng.random()
    if r < 0.35:
        name = f"{where.county.city_root if r < 0.2 else where.county.root}{name}"
    s = rng.random()
    if s < 0.5:
        return (name, *urban(rng, where))
    return (name, *(offices.office if s < 0.75 else offices.factory)(rng, where))


GRAMMARS: Mapping[str, Grammar] = MappingProxyType(
    {
        "urban": urban,
        "rural": villages.rural,
        "campus": campuses.campus,
        "office": offices.office,
        "factory": offices.factory,
        "market": offices.market,
        "hospital": institutions.hospital,
        "government": institutions.government,
        "pickup": pickups.pickup,
        "landmark": landmarks.landmark,
        "spot": landmarks.spot,
        "house": door,
        "crossing": roads.crossing,
        "zone": zone,
        "bare": bare,
    }
)
# How often each grammar is drawn in a 街道, a 镇 and a 乡.
SHARES: Mapping[str, tuple[int, int, int]] = MappingProxyType(
    {
        "urban": (58, 40, 14),
        "rural": (3, 27, 60),
        "campus": (6, 3, 2),
        "office": (9, 2, 0),
        "factory": (3, 5, 4),
        "market": (5, 6, 5),
        "hospital": (2, 2, 2),
        "government": (2, 3, 3),
        "pickup": (3, 2, 1),
        "landmark": (3, 4, 3),
        "spot": (2, 2, 1),
        "house": (1, 1, 0),
        "crossing": (3, 3, 2),
        "zone": (3, 2, 0),
        "bare": (3, 3, 4),
    }
)
DRAWN = tuple(
    spread({GRAMMARS[name]: shares[level] for name, shares in SHARES.items()}) for level in range(3)
)
# By the last character of the town's name: 0 is a 街道 of a city, 2 the country.
LEVELS = {"道": 0, "镇": 1, "区": 1, "处": 1, "": 1}
# How often the town is said; in villages, and in cities without counties.
SAID, SAID_OUTSIDE = (0.30, 0.72, 0.88), 0.85
# What neighbours tell each other has no town, if it is asked for by its name.
TOWNLESS = frozenset(("house", "spot"))


def draw_detail(rng: Random, county: County, kind: str = "") -> str:
    """Draw a 详细地址 of the county, of any kind or of one of `GRAMMARS`; ValueError on others.

    A town is drawn among the county's own whether or not it is said. The text is 2 to 45 characters
    long and neither begins nor ends with a separator.
    """
    random, towns = rng.random, county.towns
    town = towns[trunc(random() * len(towns))] if towns else ""
    where = tuple.__new__(Place, (county, town))  # half the time of calling the class
    level = LEVELS.get(town[-1:], 2)
    drawn = DRAWN[level]
    grammar = _named(kind) if kind else drawn[trunc(random() * len(drawn))]
    parts = grammar(rng, where)
    said = SAID[level] if county.divided and grammar is not villages.rural else SAID_OUTSIDE
    chance = random()
    if chance < said and town and parts[0] is not town and kind not in TOWNLESS:
        parts = (*_town(rng, where, chance / said), *parts)
    text = mess.messy(rng, parts) if random() < mess.RATE else "".join(parts)
    if 1 < len(text) <= LONGEST:
        return text
    while len(text) > LONGEST:
        parts = parts[1:]
        text = "".join(parts)
    return text if len(text) > 1 else f"{text}{town or county.name}"


def _named(kind: str) -> Grammar:
    if kind in GRAMMARS:
        return GRAMMARS[kind]
    from difflib import get_close_matches

    near = get_close_matches(kind, GRAMMARS, 1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise ValueError(f"expected one of {', '.join(GRAMMARS)} but got {kind!r}{hint}")


def _town(rng: Random, where: Place, r: float) -> tuple[str, ...]:
    """Draw how the town is said, with a neighbourhood at times; `r` in 0..1."""
    name = town = where.town
    if r < 0.70:
        pass
    elif town.endswith("街道"):
        name = root(town) if r < 0.86 else f"{town}办事处" if r < 0.95 else f"{town}办"
    elif r < 0.76:
        name = root(town)
    if rng.random() < 0.09:
        near = where.county.other_root(rng) if r < 0.5 else roads.stem(rng)
        return (name, f"{near}社区")
    return (name,)
