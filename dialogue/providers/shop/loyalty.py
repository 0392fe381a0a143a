"""What a shop grants a customer: vouchers and a membership."""

from __future__ import annotations

from math import trunc
from typing import TYPE_CHECKING, Any

from dialogue.providers.shop.minutes import DAY, day
from dialogue.providers.weighted import pick, spread

if TYPE_CHECKING:
    from random import Random

COUNTS = spread({0: 30, 1: 35, 2: 25, 3: 10})
# From how many yuan on how many are taken off.
PAIRS = spread(
    {
        (39.0, 5.0): 8,
        (59.0, 8.0): 8,
        (99.0, 10.0): 14,
        (99.0, 15.0): 8,
        (149.0, 20.0): 10,
        (199.0, 20.0): 10,
        (199.0, 30.0): 10,
        (299.0, 40.0): 9,
        (299.0, 50.0): 7,
        (499.0, 60.0): 6,
        (599.0, 100.0): 6,
        (999.0, 150.0): 4,
    }
)
# Without 0, O, 1 and I, which people mistake for each other.
LETTERS, DIGITS = "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"
TWOS = tuple(one + other for one in LETTERS + DIGITS for other in LETTERS + DIGITS)
PAST = 0.2
POINTS = 20_000
LONGEST = 1800  # days of a membership before the first order


def draw_vouchers(rng: Random, now: int) -> tuple[dict[str, Any], ...]:
    """Draw up to three vouchers, no two for the same; one in five has expired."""
    count = pick(rng, COUNTS)
    drawn: dict[tuple[float, float], dict[str, Any]] = {}
    while len(drawn) < count:
        least, off = pick(rng, PAIRS)
        chance = rng.random()
        days = -1 - trunc(chance * 150) if chance < PAST else trunc((chance - PAST) * 56)
        voucher = {
            "code": _code(rng),
            "least": least,
            "off": off,
            "expires": day(now // DAY + days),
        }
        drawn.setdefault((least, off), voucher)
    return tuple(drawn.values())


def draw_member(rng: Random, first: int) -> dict[str, Any]:
    """Draw a membership from before the minute of the first order, its points mostly few."""
    points = trunc(rng.random() ** 3 * (POINTS + 1))
    return {"points": points, "joined": day(first // DAY - 1 - trunc(rng.random() * LONGEST))}


def _code(rng: Random) -> str:
    """Draw eight letters and digits, a letter first and a digit last."""
    inner = pick(rng, TWOS) + pick(rng, TWOS) + pick(rng, TWOS)
    return pick(rng, LETTERS) + inner + pick(rng, DIGITS)
