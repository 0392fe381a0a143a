"""Where people work in towns: a place in, towers, parks, markets and factories out."""

from __future__ import annotations

from math import trunc
from typing import TYPE_CHECKING

from dialogue.providers.china.details import firms, houses, landmarks, roads, villages
from dialogue.providers.china.details.words import NUMERALS, words
from dialogue.providers.weighted import pick

if TYPE_CHECKING:
    from random import Random

    from dialogue.providers.china.details.place import Place

ORDINALS = ("第一", "第二", "第三", "第四", "第五", "第六", "第七", "一", "二")
STALLS = (
    "号",
    "号",
    "号档",
    "号铺",
    "号商铺",
    "档",
    "号档口",
    "号摊位",
    "号门面",
    "",
    "铺",
    "号店",
    "号柜台",
)


def tower(rng: Random, place: Place) -> str:
    """Draw an office building."""
    kind, r = pick(rng, words("site_names", "towers")), rng.random()
    if r < 0.35:
        return f"{roads.stem(rng)}{kind}"
    if r < 0.65:
        return f"{firms.brand(rng)}{kind}"
    if r < 0.85:
        return f"{roads.composed(rng)}{kind}"
    return f"{place.county.root if r < 0.93 else place.county.other_root(rng)}{kind}"


def park(rng: Random, place: Place) -> str:
    """Draw an industrial park or a works quarter."""
    kind, r = pick(rng, words("site_names", "parks")), rng.random()
    if r < 0.30:
        return f"{place.county.other_root(rng)}{kind}"
    if r < 0.45:
        return f"{place.county.root}{kind}"
    if r < 0.60:
        return f"{villages.name(rng, place)}{pick(rng, ORDINALS) if r < 0.54 else ''}工业区"
    if r < 0.80:
        return f"{roads.stem(rng)}{kind}"
    if r < 0.92:
        return f"{firms.brand(rng)}{kind}"
    return f"{pick(rng, ORDINALS)}工业区" if r < 0.96 else kind


def office(rng: Random, place: Place) -> tuple[str, ...]:
    """Draw an address in an office building, as parts."""
    r = rng.random()
    road = "" if r < 0.35 else roads.road(rng, place)
    if r > 0.55:
        road = f"{road}{roads.number(rng, place)}"
    name = tower(rng, place)
    wing = (
        f"{pick(rng, houses.LETTERS)}{pick(rng, ('座', '座', '栋', '区', '幢', '塔'))}"
        if rng.random() < 0.35
        else ""
    )
    s = rng.random()
    if s < 0.30:
        return (road, name, wing, houses.floor(rng))
    if s < 0.58:
        return (road, name, wing, houses.room(rng))
    if s < 0.72:
        return (road, name, wing, houses.floor(rng), firms.company(rng, place.county.city_root))
    if s < 0.80:
        return (road, name, wing, houses.room(rng), firms.company(rng, place.county.city))
    if s < 0.88:
        return (road, name, wing, pick(rng, words("address_words", "receivers")))
    if s < 0.94:
        department = pick(rng, words("site_names", "departments"))
        to = f"转{department}" if s < 0.90 else department
        return (road, name, houses.floor(rng), to)
    return (
        road,
        firms.company(rng, place.county.city),
        pick(rng, words("address_words", "receivers")) if s < 0.97 else "",
    )


def factory(rng: Random, place: Place) -> tuple[str, ...]:
    """Draw an address of a factory or in an industrial park, as parts."""
    r = rng.random()
    if r < 0.22:
        return (park(rng, place), houses.block(rng), houses.floor(rng) if r < 0.15 else "")
    if r < 0.40:
        return (park(rng, place), firms.company(rng, place.county.city_root if r < 0.3 else ""))
    if r < 0.48:
        return (park(rng, place), f"{roads.road(rng, place)}{roads.number(rng, place)}")
    if r < 0.56:
        return (park(rng, place), houses.block(rng), firms.factory(rng))
    if r < 0.66:
        return (f"{roads.road(rng, place)}{roads.number(rng, place)}", firms.factory(rng))
    if r < 0.74:
        return (
            f"{roads.road(rng, place)}{roads.number(rng, place)}",
            firms.company(rng, place.county.city),
        )
    if r < 0.82:
        return (
            f"{villages.name(rng, place)}村",
            firms.factory(rng),
            pick(rng, words("address_words", "yards")),
        )
    if r < 0.88:
        shop = (
            f"{pick(rng, houses.NUMBERS) % 20 + 1}{pick(rng, words('address_words', 'workshops'))}"
        )
        return (park(rng, place), firms.factory(rng), shop)
    if r < 0.94:
        return (firms.factory(rng), pick(rng, words("address_words", "yards")))
    return (roads.road(rng, place), firms.factory(rng), pick(rng, words("site_names", "sides")))


def hall(rng: Random, place: Place) -> str:
    """Draw a market: 河源轻纺城, 东门菜市场."""
    kind, r = pick(rng, words("site_names", "markets")), rng.random()
    if r < 0.35:
        return f"{place.county.other_root(rng)}{kind}"
    if r < 0.55:
        return f"{place.county.root}{kind}"
    return f"{roads.stem(rng) if r < 0.85 else firms.brand(rng)}{kind}"


def market(rng: Random, place: Place) -> tuple[str, ...]:
    """Draw an address in a market or of a shop, as parts."""
    r = rng.random()
    if r < 0.30:
        road = roads.road(rng, place) if r < 0.12 else ""
        return (road, hall(rng, place), _stall(rng))
    if r < 0.36:
        return (hall(rng, place), _stall(rng), firms.shop(rng))
    if r < 0.42:
        return (hall(rng, place), firms.shop(rng))
    if r < 0.62:
        return (f"{roads.road(rng, place)}{roads.number(rng, place)}", firms.shop(rng))
    if r < 0.78:
        return (roads.road(rng, place), firms.shop(rng))
    if r < 0.86:
        return (roads.road(rng, place), landmarks.site(rng), landmarks.side(rng), firms.shop(rng))
    if r < 0.90:
        return (firms.shop(rng), landmarks.side(rng))
    return (
        f"{roads.road(rng, place)}{roads.number(rng, place)}",
        _inn(rng, place),
        houses.room(rng),
    )


def _inn(rng: Random, place: Place) -> str:
    base = roads.stem(rng) if rng.random() < 0.7 else place.county.root
    return f"{base}{pick(rng, words('address_words', 'inns'))}"


def _stall(rng: Random) -> str:
    r, n, m = rng.random(), pick(rng, houses.NUMBERS), 1 + trunc(rng.random() * 40)
    letter = pick(rng, houses.LETTERS)
    if r < 0.25:
        return f"{letter}区{n}排{m}号"
    if r < 0.45:
        return f"{letter}区{n}{pick(rng, STALLS)}"
    if r < 0.60:
        return f"{NUMERALS[m % 5 + 1]}楼{letter}{n}{pick(rng, STALLS)}"
    if r < 0.72:
        return f"{letter}{m}-{n}{pick(rng, STALLS)}"
    if r < 0.86:
        return f"{n}栋{m}{pick(rng, STALLS)}"
    return f"{NUMERALS[m % 12 + 1]}街{n}{pick(rng, STALLS)}"
