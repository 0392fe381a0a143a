"""What customers ask of a shop afterwards: the course of an order in, refund and invoice out."""

from __future__ import annotations

from math import trunc
from typing import TYPE_CHECKING, NamedTuple

from dialogue.providers.shop.minutes import DAY, HOUR
from dialogue.providers.weighted import pick, spread

if TYPE_CHECKING:
    from random import Random

    from dialogue.providers.shop.course import Course

# Shares of orders with a refund: cancelled, and signed for within the days that a return may take.
CANCELLED, RETURNED, RETURN_DAYS = 0.8, 0.42, 14
REFUNDS = spread({"asked": 34, "returning": 34, "paid": 32})
CANCELLED_REFUNDS = spread({"asked": 35, "paid": 65})
REFUND_TO = spread({"微信": 45, "支付宝": 45, "银行卡": 10})
INVOICES = spread({"": 54, "asked": 20, "issued": 26})


class Request(NamedTuple):
    """What became of a request: its state, and the minute that goes with it; None without."""

    state: str | None = None
    at: int | None = None


NONE = Request()


def draw_refund(rng: Random, course: Course, now: int) -> Request:
    """Draw what became of a refund; `at` is when it was paid, and None before."""
    since = course.ordered if course.signed is None else course.signed
    passed = now - since
    if course.status == "cancelled":
        if rng.random() >= CANCELLED:
            return NONE
        state, first = pick(rng, CANCELLED_REFUNDS), HOUR
        if passed < 2 * HOUR:
            state = "asked"
    elif course.status == "signed" and passed < RETURN_DAYS * DAY:
        if rng.random() >= RETURNED:
            return NONE
        state, first = pick(rng, REFUNDS), 2 * DAY
        if passed < DAY:
            state = "asked"
        elif passed < 3 * DAY and state == "paid":
            state = "returning"
    else:
        return NONE
    if state != "paid":
        return Request(state)
    upto = min(passed, first + 5 * DAY)
    return Request(state, since + first + trunc(rng.random() * (upto - first)))


def draw_invoice(rng: Random, course: Course, now: int) -> Request:
    """Draw what became of an invoice; `at` is when it was asked for, or issued."""
    if course.status == "cancelled":
        return NONE
    state = pick(rng, INVOICES)
    if not state:
        return NONE
    first, upto = course.ordered + 1, now
    if state == "issued" and now - first > HOUR:
        upto = min(now, first + 10 * DAY)
    else:
        state, first = "asked", max(first, now - 5 * DAY)
    return Request(state, first + trunc(rng.random() * (upto - first)))
