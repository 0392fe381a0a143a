"""Hospitals, authorities and banks: a place in, an address in one of them out."""

from __future__ import annotations

from math import trunc
from typing import TYPE_CHECKING

from dialogue.providers.china.details import houses, landmarks, roads
from dialogue.providers.china.details.words import NUMERALS, words
from dialogue.providers.weighted import pick

if TYPE_CHECKING:
    from random import Random

    from dialogue.providers.china.details.place import Place


def _home(rng: Random, place: Place) -> str:
    r = rng.random()
    if r < 0.35:
        return place.county.name
    if r < 0.55:
        return place.county.city
    if r < 0.75:
        return place.county.root
    return place.county.root if r < 0.9 else place.county.city_root


def hospital(rng: Random, place: Place) -> tuple[str, ...]:
    """Draw an address in a hospital, as parts."""
    r = rng.random()
    if rng.random() < 0.2:
        kinds = ("卫生院", "中心卫生院", "社区卫生服务中心", "人民医院")
        name = f"{place.town_root}{pick(rng, kinds)}"
    else:
        name = f"{_home(rng, place)}{pick(rng, words('site_names', 'hospitals'))}"
    if r < 0.12:
        name = f"{roads.stem(rng)}{pick(rng, words('address_words', 'clinics'))}"
    road = f"{roads.road(rng, place)}{roads.number(rng, place)}" if rng.random() < 0.35 else ""
    if r < 0.55:
        ward = pick(rng, words("site_names", "wards"))
        part = houses.floor(rng) if rng.random() < 0.3 else ""
        return (road, name, part, ward)
    if r < 0.68:
        building = pick(rng, words("address_words", "wings"))
        return (road, name, building, houses.floor(rng))
    if r < 0.76:
        bed = f"{1 + trunc(rng.random() * 60)}床"
        return (name, f"{NUMERALS[1 + trunc(rng.random() * 20)]}病区", bed if r < 0.73 else "")
    if r < 0.90:
        return (road, name, landmarks.side(rng))
    return (road, name)


def government(rng: Random, place: Place) -> tuple[str, ...]:
    """Draw an address at an authority or a bank, as parts."""
    r = rng.random()
    road = ""
    if r > 0.35:
        road = (
            roads.road(rng, place)
            if r < 0.5
            else f"{roads.road(rng, place)}{roads.number(rng, place)}"
        )
    s = rng.random()
    if s < 0.22:
        base = place.county.root if s < 0.1 else roads.stem(rng)
        bank = pick(rng, words("site_names", "banks"))
        return (road, f"{bank}{base}{pick(rng, words('site_names', 'branches'))}", _where(rng))
    if rng.random() < 0.4:
        home = place.town if s < 0.5 else place.town_root
        name = f"{home}{pick(rng, words('site_names', 'town_offices'))}"
    else:
        name = f"{_home(rng, place)}{pick(rng, words('site_names', 'governments'))}"
    return (road, name, _where(rng))


def _where(rng: Random) -> str:
    r = rng.random()
    if r < 0.35:
        return ""
    if r < 0.50:
        return houses.floor(rng)
    if r < 0.65:
        return houses.room(rng)
    if r < 0.80:
        return pick(rng, words("site_names", "bureau_rooms"))
    return landmarks.side(rng)
