"""Numbers of people, firms, orders and parcels: a stream in, numbers with valid checks out."""

from __future__ import annotations

from datetime import date, timedelta
from math import trunc
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    from dialogue.providers.china.names import Generation, Sex

# GB 11643: the weights of the seventeen digits and the check character by the sum modulo 11.
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
# GB 11714: organisation codes, digits and letters for 0 to 35.
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# GB 32100: the unified social credit code leaves out I, O, S, V and Z; its weights are powers of 3.
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
# Who registered what: companies, single traders, cooperatives; offices; associations.
REGISTERED = (*("91",) * 16, *("92",) * 6, "93", "12", "51", "52")
# UPU S10: the weights of the eight digits of an item number.
ITEM_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)

# Years of age at a birthday, from and to.
AGES = {"old": (56, 78), "mid": (36, 56), "young": (23, 38), "new": (18, 24)}
DAY = timedelta(days=1)


class Parcel(NamedTuple):
    """A parcel on its way: who carries it and its number."""

    carrier: str
    number: str


# Carriers with the beginning of their numbers and how many digits follow.
CARRIERS = (
    *(("顺丰速运", "SF", 13),) * 22,
    *(("中通快递", "78", 12), ("中通快递", "75", 13)) * 11,
    *(("圆通速递", "YT", 13),) * 17,
    *(("韵达快递", "46", 13), ("韵达快递", "43", 13)) * 7,
    *(("申通快递", "77", 13),) * 11,
    *(("极兔速递", "JT", 13),) * 12,
    *(("京东物流", "JDVA", 11), ("京东物流", "JDVB", 11), ("京东物流", "JD0", 12)) * 4,
    *(("德邦快递", "DPK", 12),) * 4,
    *(("邮政快递包裹", "98", 11),) * 5,
    *(("EMS", "1", 12),) * 3,
    *(("EMS", "", 8),) * 3,
)
# First letters of registered domestic EMS items.
ITEM_SERVICES = ("EA", "EB", "EC", "ED", "EE", "EF", "EH", "EZ")


def draw_birthday(rng: Random, today: date, generation: Generation) -> date:
    """Draw when somebody of a generation was born; on the day given they are of age."""
    youngest, oldest = AGES[generation]
    days = int(youngest * 365.25) + 1 + trunc(rng.random() * (oldest - youngest) * 365)
    return today - days * DAY


def draw_id_number(rng: Random, region_code: str, birthday: date, sex: Sex) -> str:
    """Draw an identity number (GB 11643): region, birthday, serial number by sex, check.

    It may be somebody's: draw it only where it was asked for.
    """
    serial = 2 * trunc(rng.random() * 499) + (1 if sex == "male" else 2)
    body = f"{region_code}{birthday.isoformat().replace('-', '')}{serial:03}"
    return body + ID_CHECKS[_sum(map(int, body), ID_WEIGHTS) % 11]


def draw_tax_number(rng: Random, region_code: str) -> str:
    """Draw a unified social credit code (GB 32100), which is also the tax number of a firm."""
    kind = REGISTERED[trunc(rng.random() * len(REGISTERED))]
    # Since 2015 codes begin with MA; older ones are digits.
    if rng.random() < 0.6:
        code = "MA" + _draw(rng, "0123456789", 1) + _draw(rng, CREDIT_ALPHABET, 5)
    else:
        code = _draw(rng, "1234567", 1) + _draw(rng, "0123456789", 7)
    check = -_sum(map(ALPHABET.index, code), ORGANISATION_WEIGHTS) % 11
    body = f"{kind}{region_code}{code}{'0123456789X'[check]}"
    return body + CREDIT_ALPHABET[-_sum(map(CREDIT_ALPHABET.index, body), CREDIT_WEIGHTS) % 31]


def draw_order_number(rng: Random, day: date | None = None) -> str:
    """Draw an order number of ten to nineteen digits as big shops have them.

    Some shops begin with the date, here the day given; without one, those are left out.
    """
    way = trunc(rng.random() * (10 if day else 7))
    if way < 2:
        return "23456"[trunc(rng.random() * 5)] + _digits(rng, 18)
    if way < 4:
        return "3" + _digits(rng, 11)
    if way < 5:
        return "69" + _digits(rng, 17)
    if way < 6:
        return "12356789"[trunc(rng.random() * 8)] + _digits(rng, 9)
    if way < 7:
        return "1" + _digits(rng, 13)
    if way < 8:
        return f"{day:%Y%m%d}{_digits(rng, 8)}"
    return f"{day:%y%m%d}-{_digits(rng, 13)}" if way < 9 else f"{day:%y%m%d}{_digits(rng, 9)}"


def draw_parcel_number(rng: Random) -> Parcel:
    """Draw a carrier and a parcel number of its form; numbers of EMS have the check of UPU S10."""
    carrier, head, size = CARRIERS[trunc(rng.random() * len(CARRIERS))]
    number = _digits(rng, size)
    if head:
        return Parcel(carrier, head + number)
    check = 11 - _sum(map(int, number), ITEM_WEIGHTS) % 11
    service = ITEM_SERVICES[trunc(rng.random() * len(ITEM_SERVICES))]
    return Parcel(carrier, f"{service}{number}{ {10: 0, 11: 5}.get(check, check) }CN")


def _sum(values: Iterable[int], weights: tuple[int, ...]) -> int:
    return sum(value * weight for value, weight in zip(values, weights, strict=True))


def _digits(rng: Random, size: int) -> str:
    # A float has sixteen digits only.
    return str(rng.getrandbits(72) % 10**size).zfill(size)


def _draw(rng: Random, alphabet: str, size: int) -> str:
    return "".join(alphabet[trunc(rng.random() * len(alphabet))] for _ in range(size))
