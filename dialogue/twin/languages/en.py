"""English, and whatever Faker draws in any locale."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dialogue.twin.languages import anywhere, dates
from dialogue.twin.languages.anywhere import faker, looks, names
from dialogue.twin.languages.language import Kind, Language, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = looks(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,4}")
_APART = "Faker draws each of these by itself: they need not fit together"
_PHONE = re.compile(r"(?=(?:\D*\d){7,15}\D*$)[+(]?[\d(][\d ().x-]+\d")
_NUMBERS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_NUMBER = re.compile(
    rf"(?<![\w.])(?:\d{{1,3}}(?:,\d{{3}})+|{'|'.join(_NUMBERS)})(?!\w)", re.IGNORECASE
)


def _name(text: str) -> bool:
    return _WORDS(text) and len(text) < 40


def readings(text: str) -> Iterator[Reading]:
    """Yield the numbers and days that a text says."""
    for found in _NUMBER.finditer(text):
        word = found[0].lower()
        value = str(_NUMBERS.index(word)) if word in _NUMBERS else word.replace(",", "")
        yield Reading(found.start(), found.end(), value)
    for day in dates.days(text):
        yield Reading(*day)


KINDS = (
    Kind("email", anywhere.EMAIL, names("email e-mail mail"), faker("safe_email"), sure=True),
    anywhere.DAY,
    anywhere.URL,
    anywhere.ADDRESS,
    Kind(
        "price",
        looks(r"\$\d{1,3}(?:,?\d{3})*\.\d\d"),
        names("price amount total cost"),
        faker("pricetag"),
        sure=True,
    ),
    Kind(
        "phone",
        lambda text: _PHONE.fullmatch(text) is not None and not text.isdigit(),
        names("phone tel telephone mobile cell phone_number contact"),
        faker("phone_number"),
        sure=True,
    ),
    Kind(
        "digits",
        looks(r"\+?\d{7,15}"),
        names("phone tel telephone mobile cell phone_number contact"),
        faker("phone_number"),
    ),
    Kind("zip", looks(r"[\w -]{3,10}"), names("zip zipcode zip_code postcode postal_code"),
         faker("postcode"), note=_APART),
    Kind("first name", _name, names("first_name firstname given_name"), faker("first_name")),
    Kind("last name", _name, names("last_name lastname surname family_name"), faker("last_name")),
    Kind("name", _name, names("name person customer full_name recipient contact_name"),
         faker("name")),
    Kind("street", looks(r".{4,60}"), names("street address street_address address_line"),
         faker("street_address"), note=_APART),
    Kind("city", _name, names("city town"), faker("city"), note=_APART),
    Kind("state", _name, names("state province region"), faker("state"), note=_APART),
    Kind("country", _name, names("country"), faker("country"), note=_APART),
    Kind("company", looks(r".{2,60}"), names("company organization organisation employer org"),
         faker("company")),
    Kind("job", looks(r".{3,60}"), names("job job_title occupation profession"), faker("job")),
)  # fmt: skip

ENGLISH = Language(
    "en",
    "en_US",
    lambda text: sum(one.isascii() and one.isalpha() for one in text) / (len(text) or 1),
    KINDS,
    readings=readings,
)
