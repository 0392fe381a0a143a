"""Firms of China: a stream and a city in, an invented firm with its full and its short name out."""

from __future__ import annotations

import functools
from math import trunc
from typing import TYPE_CHECKING, NamedTuple

from dialogue.providers.china import facts
from dialogue.providers.weighted import pick

if TYPE_CHECKING:
    from random import Random

# Of a hundred firms that order; traders and shops are no 公司.
KINDS = ("firm",) * 56 + ("trade",) * 24 + ("food",) * 9 + ("shop",) * 11
FORMS = ("有限公司",) * 34 + ("有限责任公司",) * 3 + ("股份有限公司", "集团有限公司")
TRADE_FORMS = (*("经营部",) * 5, *("商行",) * 5, "批发部", "店", "贸易商行", "销售中心", "门市部")


class Company(NamedTuple):
    """A firm as it is registered, and as it is called on parcels."""

    name: str
    short: str


class Words(NamedTuple):
    """The words that names of firms are made of; a sort of firm has a short form, too."""

    brands: tuple[str, ...]
    sorts: tuple[tuple[str, str], ...]
    trades: tuple[str, ...]
    food: tuple[tuple[str, ...], tuple[str, ...]]
    shop: tuple[tuple[str, ...], tuple[str, ...]]


@functools.cache
def words() -> Words:
    """Read the words; a brand that is a well-known firm's is left out."""
    rows = {kind: tuple(row.split()) for kind, row in facts.rows("company_words.csv")}
    known = frozenset(rows["known"])
    pairs = [
        first + last
        for first in rows["first"]
        for last in rows["last"]
        if first != last and first + last not in known
    ]
    triples = [
        first + middle + last
        for first in rows["first"][:24]
        for middle in rows["middle"]
        for last in rows["last"][:12]
        if len({first, middle, last}) == 3
        and not known & {first + middle, middle + last, first + middle + last}
    ]
    # About one brand in five has three characters.
    repeat = max(1, round(len(triples) * 4 / len(pairs)))
    sorts = ((sort, short) for sort, _, short in (word.partition("/") for word in rows["tech"]))
    return Words(
        brands=(*pairs * repeat, *triples),
        sorts=tuple(sorts),
        trades=rows["trade"],
        food=(rows["food_brand"], rows["food_shop"]),
        shop=(rows["shop_brand"], rows["shop"]),
    )


def draw_company(rng: Random, city_root: str, city: str = "") -> Company:
    """Draw a firm of a city, given without 市 (深圳); with `city` some names begin with 深圳市."""
    table = words()
    kind = KINDS[trunc(rng.random() * len(KINDS))]
    chance = rng.random()
    place = city if city and chance < 0.3 else city_root if chance < 0.85 else ""
    if kind in ("food", "shop"):
        brands, shops = table.food if kind == "food" else table.shop
        short = pick(rng, brands) + pick(rng, shops)
        return Company(place + short, short)
    brand = pick(rng, table.brands)
    if kind == "trade":
        short = brand + pick(rng, table.trades)
        return Company(place + short + pick(rng, TRADE_FORMS), short)
    sort, short = table.sorts[trunc(rng.random() * len(table.sorts))]
    form = pick(rng, FORMS)
    if 0.3 <= chance < 0.36:
        return Company(f"{brand}（{city_root}）{sort}{form}", brand + short)
    return Company(f"{place}{brand}{sort}{form}", brand + short)
