"""How far an order has come: drawn backwards from the clock, so that nothing lies ahead of it."""

from __future__ import annotations

from math import trunc
from typing import TYPE_CHECKING, NamedTuple

from dialogue.providers.shop.minutes import DAY, HOUR
from dialogue.providers.weighted import pick, spread

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

STATUSES = spread({"paid": 28, "shipped": 28, "signed": 38, "cancelled": 6})
# Where a parcel on its way is; one that is late was to be there by now and has not moved for a day.
STAGES = spread({"picked": 14, "moving": 35, "arrived": 13, "delivering": 20, "late": 18})
STUCK = spread({"moving": 70, "arrived": 30})
# Days since signing, from and below: of the last weeks, or so old that warranties have ended.
SINCE = spread({(0, 7): 42, (7, 23): 24, (31, 113): 16, (113, 230): 18})
# Couriers leave at seven, deliver from eight to eight, and promise nothing after nine.
LEAVING, FIRST, LAST, CLOSING = 7 * HOUR, 8 * HOUR, 20 * HOUR + 30, 21
# Hours from shipping to the last event, from and below; days from today to the promised one.
TRAVELLED = {"moving": (6, 42), "arrived": (18, 60), "delivering": (20, 72), "signed": (20, 96)}
AHEAD = {"picked": (2, 5), "moving": (1, 4), "arrived": (1, 2)}


class Course(NamedTuple):
    """What an order has been through, in minutes; None where it has not come to that.

    `stage` is how far its parcel is: picked, moving, arrived, delivering or signed. `seen` is when
    it was last seen there, on the day of delivery when the courier left with it.
    """

    status: str
    ordered: int
    shipped: int | None = None
    signed: int | None = None
    eta: int | None = None
    stage: str = ""
    seen: int = 0


def draw_course(rng: Random, now: int) -> Course:
    """Draw how far an order has come; those not signed for are at most a month old."""
    status = pick(rng, STATUSES)
    if status == "signed":
        return _signed(rng, now)
    if status == "shipped":
        return _shipped(rng, now)
    back = 5 + _upto(rng, 36 * HOUR) if status == "paid" else HOUR + _upto(rng, 20 * DAY)
    return Course(status, _awake(now - back))


def _signed(rng: Random, now: int) -> Course:
    at = now // DAY * DAY - _between(rng, pick(rng, SINCE)) * DAY
    at += FIRST + _upto(rng, 12 * HOUR + 1)
    at = at if at < now else at - DAY
    left = at // DAY * DAY + LEAVING
    left += _upto(rng, at - left)
    shipped = _at_work(at - _hours(rng, TRAVELLED["signed"]))
    return Course("signed", _ordered(rng, shipped), shipped, at, None, "signed", left)


def _shipped(rng: Random, now: int) -> Course:
    stage, today = pick(rng, STAGES), now // DAY * DAY
    clock = now - today
    if stage == "delivering" and not FIRST <= clock < LAST:
        stage = "arrived"
    if stage == "picked":
        shipped = _at_work(now - 20 - _upto(rng, 10 * HOUR))
        seen = shipped + 5 + _upto(rng, min(3 * HOUR, now - shipped - 5))
    elif stage == "delivering":
        seen = today + LEAVING + _upto(rng, min(clock, 16 * HOUR) - LEAVING)
    elif stage == "late":
        stage = pick(rng, STUCK)
        eta = today + _hours(rng, (9, 21)) // HOUR * HOUR - (1 + _upto(rng, 3)) * DAY
        seen = min(eta, now - DAY) - HOUR - _upto(rng, 2 * DAY)
        shipped = _at_work(seen - _hours(rng, TRAVELLED[stage]))
        return Course("shipped", _ordered(rng, shipped), shipped, None, eta, stage, seen)
    else:
        seen = now - 10 - _upto(rng, 12 * HOUR)
    if stage == "delivering":
        hour = clock // HOUR + 1
        eta = today + (hour + _upto(rng, CLOSING + 1 - hour)) * HOUR
    else:
        eta = today + _between(rng, AHEAD[stage]) * DAY + _between(rng, (9, 21)) * HOUR
    if stage != "picked":
        shipped = _at_work(seen - _hours(rng, TRAVELLED[stage]))
    return Course("shipped", _ordered(rng, shipped), shipped, None, eta, stage, seen)


def _ordered(rng: Random, shipped: int) -> int:
    return _awake(shipped - 5 - _upto(rng, 36 * HOUR))


def _awake(at: int) -> int:
    """Move what would have been ordered before seven to the evening before."""
    return at if at % DAY >= 7 * HOUR else at - 8 * HOUR


def _at_work(at: int) -> int:
    """Move what would have been shipped before nine to the afternoon before."""
    return at if at % DAY >= 9 * HOUR else at - 12 * HOUR


def _upto(rng: Random, size: int) -> int:
    return trunc(rng.random() * size)


def _between(rng: Random, bounds: Sequence[int]) -> int:
    return bounds[0] + trunc(rng.random() * (bounds[1] - bounds[0]))


def _hours(rng: Random, bounds: Sequence[int]) -> int:
    return bounds[0] * HOUR + trunc(rng.random() * (bounds[1] - bounds[0]) * HOUR)
