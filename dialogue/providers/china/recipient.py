"""Who a parcel goes to: a stream in, a person with a phone and a coherent address out."""

from __future__ import annotations

from math import trunc
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from dialogue.providers.china.admin import NOWHERE, addressed, draw_admin, home
from dialogue.providers.china.details import draw_detail
from dialogue.providers.china.layouts import EXTRA_PIECES
from dialogue.providers.china.people import alias, draw_person, title
from dialogue.providers.china.phones import draw_hotline, draw_landline, draw_mobile, say_phone
from dialogue.value import Record, Value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from dialogue.value import Surface

ALIAS_SHARE, TITLE_SHARE = 0.06, 0.07
LANDLINE_SHARE, HOTLINE_SHARE = 0.15, 0.02
NO_ROWS: Mapping[str, Any] = MappingProxyType({})
NAME = (("", "姓名"),)
# What stands behind a name and is no part of it; of a full name, the title of its bearer, too.
SIGNED: tuple[Surface, ...] = (
    *(NAME,) * 66,
    *((*NAME, ("收", None)),) * 14,
    *((*NAME, (" 收", None)),) * 4,
    *((*NAME, ("（收）", None)),) * 4,
    *((*NAME, ("(收)", None)),) * 4,
)
TITLED: Mapping[str, tuple[Surface, ...]] = {
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
    codes = addressed(place)
    lived = home(codes[trunc(random() * len(codes))])
    person = draw_person(rng)
    share = random()
    if share < ALIAS_SHARE + TITLE_SHARE:
        called = alias if share < ALIAS_SHARE else title
        name, signed = called(rng, person), SIGNED
    else:
        name, signed = person.name, TITLED[person.sex] if person.surname else SIGNED
    share = random()
    if share < LANDLINE_SHARE:
        number = draw_landline(rng, lived.region.area_code)
    elif share < LANDLINE_SHARE + HOTLINE_SHARE and not safe:
        number = draw_hotline(rng)
    else:
        number = draw_mobile(rng, safe)
    (province, city, county), address = draw_admin(rng, lived)
    detail = lived.zone + draw_detail(rng, lived.county, grammar)
    parts = {
        "姓名": made(Value, (name, name, name)),
        "电话": made(Value, (say_phone(rng, number), number, number)),
        "邮编": lived.postcode,
        "省": province,
        "市": city,
        "县": county,
        "详细地址": made(Value, (detail, detail, detail)),
    }
    if city is NOWHERE:
        del parts["市"]
    if county is NOWHERE:
        del parts["县"]
    composites = {"地址": address, "署名": signed[trunc(random() * len(signed))]}
    surface = lived.messages[trunc(random() * len(lived.messages))]
    surface += EXTRA_PIECES[trunc(random() * len(EXTRA_PIECES))]
    return made(Record, (parts, surface, NO_ROWS, composites))
