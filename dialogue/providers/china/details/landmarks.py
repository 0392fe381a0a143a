"""Well-known spots of a town: a place in, a landmark and where it is seen from out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.providers.china.details import estates, firms, roads
from dialogue.providers.china.details.words import words
from dialogue.providers.weighted import pick

if TYPE_CHECKING:
    from random import Random

    from dialogue.providers.china.details.place import Place


def side(rng: Random) -> str:
    """Draw where something lies from a landmark: 对面, 东门, 往西100米."""
    r = rng.random()
    if r < 0.86:
        return pick(rng, words("site_names", "sides"))
    metres = (1 + int(rng.random() * rng.random() * 20)) * (10 if r < 0.91 else 50)
    return f"{pick(rng, WAYS)}{metres}米"


def site(rng: Random) -> str:
    """Draw a spot that any town has: 汽车站, 镇政府, 人民广场."""
    return pick(rng, words("site_names", "landmarks"))


def landmark(rng: Random, place: Place) -> tuple[str, ...]:
    """Draw an address that is a landmark, or near one, as parts."""
    r = rng.random()
    if r < 0.20:
        return (site(rng), side(rng))
    if r < 0.30:
        return (f"{place.other_root(rng)}{site(rng)}", side(rng))
    if r < 0.36:
        return (f"{place.county_root}{site(rng)}",)
    if r < 0.46:
        return (
            f"{roads.stem(rng)}{pick(rng, words('address_words', 'malls'))}",
            pick(rng, words("address_words", "storeys")),
            firms.shop(rng),
        )
    if r < 0.56:
        return (
            f"{roads.stem(rng)}{pick(rng, words('address_words', 'plazas'))}",
            side(rng) if r < 0.52 else "",
        )
    if r < 0.66:
        return (estates.estate(rng, place), side(rng))
    if r < 0.78:
        return (firms.shop(rng), side(rng) if r < 0.72 else "")
    if r < 0.90:
        return (roads.road(rng, place), site(rng), side(rng) if r < 0.86 else "")
    return (roads.road(rng, place), firms.shop(rng), side(rng))


WAYS = tuple(
    form.format(way)
    for form in ("往{}", "向{}", "{}", "{}行", "往{}走", "{}走")
    for way in ("东", "西", "南", "北", "前", "里")
    if way in "东西南北" or form[0] != "{"
)
