"""Where a parcel came by: hubs, a city and a course in, what its carrier tells of it out."""

from __future__ import annotations

import functools
from math import trunc
from typing import TYPE_CHECKING, Any

from dialogue.providers.china.regions import cities
from dialogue.providers.shop.minutes import HOUR, local
from dialogue.providers.weighted import pick

if TYPE_CHECKING:
    from random import Random

    from dialogue.providers.shop.course import Course

# Cities where carriers sort what they carry, at least one in each part of the country.
HUBS = ("广州", "武汉", "郑州", "杭州", "上海", "北京", "沈阳", "成都", "西安")
PICKED, ENTERED, LEFT, ARRIVED = "已揽收", "到达分拨中心", "离开分拨中心", "到达派送网点"
DELIVERING, SIGNED = "派送中", "已签收"
# Shares of parcels that go straight from the first hub to their city, or by a third one.
STRAIGHT, DETOUR = 0.15, 0.15


def draw_events(
    rng: Random, order_no: str, course: Course, hubs: tuple[str, ...], city: str
) -> list[dict[str, Any]]:
    """Draw what was told of a parcel, no two things in one minute; the last is as its stage is."""
    assert course.shipped is not None
    passed = _route(rng, hubs, city)
    stage, end = course.stage, course.seen
    if stage == "picked":
        del passed[1:]
    elif stage == "moving":
        del passed[2 + trunc(rng.random() * (len(passed) - 2)) :]
    else:
        passed.append((city, ARRIVED))
        if stage != "arrived":
            passed.append((city, DELIVERING))
    # All but the last stand in as many stretches of the way, not at the very end of one.
    begin, last = course.shipped, len(passed) - 1
    step, random = (end - begin) / (last or 1), rng.random
    times = [begin + trunc(min(step, 4 * HOUR) * 0.8 * random())] if last else []
    times += [begin + trunc(step * (number + 0.8 * random())) for number in range(1, last)]
    times.append(end)
    if course.signed is not None:
        passed.append((city, SIGNED))
        times.append(course.signed)
    return [
        {"order_no": order_no, "at": local(at), "place": place, "what": what}
        for at, (place, what) in zip(times, passed, strict=True)
    ]


def _route(rng: Random, hubs: tuple[str, ...], city: str) -> list[tuple[str, str]]:
    """Draw the way from a hub to the last one before the city."""
    first = pick(rng, hubs)
    chance = rng.random()
    passed = [(first, PICKED), (first, ENTERED), (first, LEFT)]
    last = pick(rng, near(hubs, city))
    if chance < STRAIGHT or last == first:
        return passed
    if chance > 1 - DETOUR:
        between = pick(rng, hubs)
        if between not in (first, last, city):
            passed += ((between, ENTERED), (between, LEFT))
    passed += ((last, ENTERED), (last, LEFT))
    return passed


@functools.lru_cache(maxsize=4096)
def near(hubs: tuple[str, ...], city: str) -> tuple[str, ...]:
    """Return the hubs of a city's province, or of its part of the country, or else all.

    Codes of places (GB/T 2260) begin with the part of the country; the second digit says which of
    its provinces.
    """
    code = _code(city)
    for size in (2, 1):
        found = tuple(hub for hub in hubs if code and _code(hub)[:size] == code[:size])
        if found:
            return found
    return hubs


def _code(city: str) -> str:
    return _codes().get(city.removesuffix("市"), "")


@functools.cache
def _codes() -> dict[str, str]:
    return {name.removesuffix("市"): code for code, name in cities().items()}
