"""Where parcels wait: a place in, a pick-up point out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.providers.china.details import estates, firms, houses, landmarks, roads
from dialogue.providers.china.details.words import words
from dialogue.providers.weighted import pick

if TYPE_CHECKING:
    from random import Random

    from dialogue.providers.china.details.place import Place


def point(rng: Random) -> str:
    """Draw a pick-up point: 菜鸟驿站, 丰巢柜, 门卫室, 鑫源超市代收."""
    r = rng.random()
    if r < 0.85:
        return pick(rng, words("site_names", "pickups"))
    name = f"{pick(rng, firms.stock().given)}{pick(rng, words('address_words', 'keepers'))}"
    return f"{name}代收" if r < 0.95 else f"{name}（代收点）"


def pickup(rng: Random, place: Place) -> tuple[str, ...]:
    """Draw an address that ends at a pick-up point, as parts."""
    r = rng.random()
    if r < 0.35:
        return (
            *estates.settlement(rng, place),
            pick(rng, words("address_words", "gates")) if r < 0.12 else "",
            point(rng),
        )
    if r < 0.55:
        where = f"{roads.road(rng, place)}{roads.number(rng, place)}"
        return (where, *estates.settlement(rng, place), point(rng))
    if r < 0.68:
        return (*estates.settlement(rng, place), houses.block(rng), point(rng))
    if r < 0.80:
        return (roads.road(rng, place), landmarks.site(rng), point(rng))
    if r < 0.90:
        return (f"{roads.road(rng, place)}{roads.number(rng, place)}", point(rng))
    return (landmarks.site(rng), landmarks.side(rng), point(rng))
