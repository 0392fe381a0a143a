"""Licence plates of China: a stream and a province in, a plate and how it is written out."""

from __future__ import annotations

import functools
from math import trunc
from typing import TYPE_CHECKING

from dialogue.providers.china.facts import rows

if TYPE_CHECKING:
    from random import Random

# GA 36: letters without I and O, which look like digits.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
# Where the five places of an ordinary plate have letters; mostly one or none.
SHAPES = (
    *("99999", "A9999", "9A999", "99A99", "999A9", "9999A") * 2,
    *("AA999", "A9A99", "A99A9", "A999A", "9A9A9", "99AA9", "999AA", "99A9A", "9AA99"),
)
# A plate of a new-energy car begins with the kind of its drive: D to C electric, F to H not only;
# D and F came first and are by far the commonest. Lorries have the letter last.
DRIVES = "DDDDDDDDDDDDAAABBCFFFFGH"
SMALL_SHAPES = ("99999", "99999", "A9999")
CAPITAL_SHARE = 0.45
ELECTRIC_SHARE = 0.3
LARGE_SHARE = 0.04


@functools.cache
def provinces() -> dict[str, tuple[str, str]]:
    """Read the character of each province by its full name, and the letters its cities have."""
    return {province: (short, letters) for province, short, letters in rows("plates.csv")}


def draw_plate(rng: Random, province: str, electric: bool | None = None) -> str:
    """Draw a plate of seven characters, or of eight if the car is electric: 粤B12345, 沪AD12345.

    Without `electric`, three in ten are. An unknown province raises KeyError.
    """
    short, letters = provinces()[province]
    capital = rng.random() < CAPITAL_SHARE
    city = letters[0] if capital else letters[trunc(rng.random() * len(letters))]
    if electric is None:
        electric = rng.random() < ELECTRIC_SHARE
    if not electric:
        return short + city + _fill(rng, SHAPES[trunc(rng.random() * len(SHAPES))])
    if rng.random() < LARGE_SHARE:
        return short + city + _fill(rng, "99999") + "DF"[trunc(rng.random() * 2)]
    drive = DRIVES[trunc(rng.random() * len(DRIVES))]
    return short + city + drive + _fill(rng, SMALL_SHAPES[trunc(rng.random() * 3)])


def say_plate(rng: Random, plate: str) -> str:
    """Draw how a plate is written: 粤B12345, 粤B·12345, 粤b12345, 粤B 12345."""
    way = trunc(rng.random() * 20)
    if way < 11:
        return plate
    if way < 16:
        return f"{plate[:2]}·{plate[2:]}"
    if way < 18:
        return plate.lower()
    return f"{plate[:2]} {plate[2:]}" if way < 19 else f"{plate[:2]}-{plate[2:]}"


def _fill(rng: Random, shape: str) -> str:
    return "".join(
        "0123456789"[trunc(rng.random() * 10)]
        if place == "9"
        else LETTERS[trunc(rng.random() * len(LETTERS))]
        for place in shape
    )
