"""Who a parcel goes to: a stream in, a person with a phone and a coherent address out."""

from __future__ import annotations

import functools
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from dialogue.providers.china.admin import addressed, draw_admin, home, zone_codes
from dialogue.providers.china.details import draw_detail
from dialogue.providers.china.forms import AUTONOMOUS, FORMS
from dialogue.providers.china.layouts import EXTRA_PIECES, MESSAGES, repeated
from dialogue.providers.china.people import alias, draw_person, title
from dialogue.providers.china.phones import draw_landline, draw_mobile, say_phone
from dialogue.value import Record, Value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from dialogue.value import Surface

ALIAS_SHARE, TITLE_SHARE = 0.06, 0.07
LANDLINE_SHARE = 0.15
ZONE_SHARE = 0.04
EXTRA_SHARE = 0.2
NO_ROWS: Mapping[str, Any] = MappingProxyType({})
NAME = (("", "姓名"),)
# What stands behind a name and is no part of it; of a full name, the title of its bearer, too.
SIGNED = (
    *(NAME,) * 66,
    *((*NAME, ("收", None)),) * 14,
    *((*NAME, (" 收", None)),) * 4,
    *((*NAME, ("（收）", None)),) * 4,
    *((*NAME, ("(收)", None)),) * 4,
)
TITLED = {
    sex: (
        *(SIGNED * 9),
        *((*NAME, (word, None)),) * 60,
        *((*NAME, (f" {word}", None)),) * 6,
        *((*NAME, (f"({word})", None)),) * 6,
        *((*NAME, (f"{word}收", None)),) * 10,
        *((*NAME, ("老师", None)),) * 8,
        *((*NAME, ("同学", None)),) * 8,
        *((*NAME, ("老师收", None)),) * 3,
        *((*NAME, ("经理", None)),) * 3,
    )
    for sex, word in (("male", "先生"), ("female", "女士"))
}


def draw_recipient(rng: Random, place: str = "", safe: bool = False, grammar: str = "") -> Record:
    """Draw somebody who gets a parcel, in a place or anywhere; see `ChinaProvider.cn_recipient`."""
    random, made = rng.random, tuple.__new__  # which takes half the time of calling the class
    found = zone_codes() if not place and random() < ZONE_SHARE else addressed(place)
    lived = home(found[int(random() * len(found))])
    region, zone, kind, _, postcode, towns, _ = lived
    person = draw_person(rng)
    name = person.name
    share = random()
    signed = TITLED[person.sex] if person.surname else SIGNED
    if share < ALIAS_SHARE:
        name, signed = alias(rng, person), SIGNED
    elif share < ALIAS_SHARE + TITLE_SHARE:
        name, signed = title(rng, person), SIGNED
    if random() < LANDLINE_SHARE:
        number = draw_landline(rng, region.area_code)
    else:
        number = draw_mobile(rng, safe)
    admin, address = draw_admin(rng, lived)
    detail = zone + draw_detail(rng, region, towns, grammar)
    parts = {
        "姓名": made(Value, (name, name, name)),
        "电话": made(Value, (say_phone(rng, number), number, number)),
        "邮编": postcode,
        **admin,
        "详细地址": made(Value, (detail, detail, detail)),
    }
    layouts = _layouts()[kind]
    surface: Surface = layouts[int(random() * len(layouts))]
    if random() < EXTRA_SHARE:
        surface += EXTRA_PIECES[int(random() * len(EXTRA_PIECES))]
    composites = {"地址": address, "署名": signed[int(random() * len(signed))]}
    return made(Record, (parts, surface, NO_ROWS, composites))


@functools.cache
def _layouts() -> Mapping[str, tuple[Surface, ...]]:
    missing = {"governed": ("市",), AUTONOMOUS: ("市",), "undivided": ("县",)}
    return {kind: repeated(MESSAGES, missing.get(kind, ())) for kind in FORMS}
