"""Where people live in towns: a place in, an estate or a work unit's compound out."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from math import trunc
from typing import TYPE_CHECKING

from dialogue.providers.china.details import houses, roads
from dialogue.providers.china.details.words import NUMERALS, words
from dialogue.providers.weighted import pick

if TYPE_CHECKING:
    from random import Random

    from dialogue.providers.china.details.place import Place

PLAIN = ("小区", "小区", "新村", "社区", "生活区", "住宅区", "家园", "里", "苑")


@dataclass(frozen=True, slots=True)
class Stock:
    """The words that names of estates are made of."""

    stems: tuple[str, ...]
    whole: tuple[str, ...]
    ends: tuple[str, ...]
    units: tuple[str, ...]
    compounds: tuple[str, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]


@functools.cache
def stock() -> Stock:
    """Read the words."""
    sections = ("stems", "whole", "ends", "units", "compounds", "first", "second")
    return Stock(*(words("estate_names", name) for name in sections))


def estate(rng: Random, place: Place) -> str:
    """Draw the name of an estate."""
    r, names = rng.random(), stock()
    if r < 0.34:
        stems, ends = names.stems, names.ends
        return f"{stems[trunc(rng.random() * len(stems))]}{ends[trunc(rng.random() * len(ends))]}"
    if r < 0.62:
        firsts, seconds, ends = names.first, names.second, names.ends
        head = firsts[trunc(rng.random() * len(firsts))]
        tail = seconds[trunc(rng.random() * len(seconds))]
        end = ends[trunc(rng.random() * len(ends))]
        return f"{head}{tail if tail != head else '苑'}{end}"
    if r < 0.69:
        return pick(rng, names.whole)
    if r < 0.78:
        return compound(rng, place)
    if r < 0.86:
        base = place.town_root if r < 0.82 else place.county.other_root(rng)
        return f"{base}{pick(rng, words('address_words', 'village_ends'))}"
    if r < 0.90:
        return f"{roads.stem(rng)}{pick(rng, PLAIN)}"
    if r < 0.93:
        base = pick(rng, words("village_names", "families"))
        return f"{base}家{pick(rng, roads.stock().second)}{pick(rng, PLAIN)}"
    if r < 0.96:
        return f"{roads.stem(rng)}{'路' if r < 0.95 else '街'}{1 + trunc(rng.random() * 300)}号小区"
    if r < 0.98:
        return f"{pick(rng, names.stems)}{pick(rng, names.stems)}"
    end = pick(rng, words("address_words", "invented_ends"))
    return f"{pick(rng, names.first)}{pick(rng, names.second)}{end}"


def compound(rng: Random, place: Place) -> str:
    """Draw the flats of a work unit: 二轻局家属院, 南山棉纺厂宿舍."""
    r, names = rng.random(), stock()
    name = f"{pick(rng, names.units)}{pick(rng, names.compounds)}"
    if r < 0.25:
        return f"{'老' if r < 0.08 else '原' if r < 0.1 else '市' if r < 0.16 else '县'}{name}"
    if r < 0.40:
        return f"{place.county.root}{name}"
    return name


def settlement(rng: Random, place: Place) -> tuple[str, ...]:
    """Draw an estate with its phase, if it has one, as parts."""
    r, name = rng.random(), estate(rng, place)
    if r < 0.14:
        return (name, houses.phase(rng))
    if r < 0.17:
        return (
            (f"{name}{NUMERALS[1 + trunc(rng.random() * 9)]}村",) if name[-1] == "新" else (name,)
        )
    return (name,)
