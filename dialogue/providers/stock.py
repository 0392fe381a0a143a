"""Which of Faker's own methods a pack may use: a method in, the reason for refusing it out."""

from __future__ import annotations

import inspect
import random
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

CLOCK = "depends on the machine's clock"
HASH = "depends on the hash seed of the process"
FOREIGN = "draws from a source that is not seeded for the session"

# Kinds of which every method may be used, but for those named: a kind not named here is refused.
KINDS: dict[str, frozenset[str]] = {
    "address": frozenset(),
    "automotive": frozenset(),
    "bank": frozenset(),
    "barcode": frozenset(),
    "color": frozenset(),
    "company": frozenset(),
    "credit_card": frozenset({"credit_card_expire", "credit_card_full"}),
    "currency": frozenset(),
    "doi": frozenset(),
    "emoji": frozenset(),
    "file": frozenset(),
    "geo": frozenset(),
    "internet": frozenset({"image_url"}),
    "isbn": frozenset(),
    "job": frozenset(),
    "lorem": frozenset({"get_words_list"}),
    "person": frozenset({"pesel"}),
    "phone_number": frozenset(),
    "sbn": frozenset(),
}

# Kinds of which only the named methods may be used: the others write files, return containers or
# bytes, may say nothing, or parse a format that could reach any other method.
NAMED: dict[str, frozenset[str]] = {
    "base": frozenset(
        {
            "bothify",
            "hexify",
            "language_code",
            "lexify",
            "locale",
            "numerify",
            "random_digit",
            "random_digit_above_two",
            "random_digit_not_null",
            "random_element",
            "random_int",
            "random_letter",
            "random_lowercase_letter",
            "random_number",
            "random_uppercase_letter",
        }
    ),
    "misc": frozenset({"md5", "password", "sha1", "sha256", "uuid4"}),
    "python": frozenset({"pydecimal", "pyfloat", "pyint", "pystr"}),
}

_DATES = "use 'cn_deadline', which counts from the session's own clock"
_CODES = "draw the digits with 'numerify' and a fixed 'text'"
_CARDS = "use 'credit_card_number'"
_PYTHON = "use 'pyint', 'pydecimal', 'pystr' or 'random_element'"

# What a refused kind or method depends on, and what to write instead.
REASONS: dict[str, tuple[str, str]] = {
    "date_time": (CLOCK, _DATES),
    "ssn": (CLOCK, _CODES),
    "profile": (CLOCK, "draw each part with a method of its own, or use 'cn_recipient'"),
    "passport": (CLOCK, _CODES),
    "passport_gender": (HASH, "list the words with 'choose'"),
    "user_agent": (CLOCK, "list the names with 'choose'"),
    "credit_card_expire": (CLOCK, _CARDS),
    "credit_card_full": (CLOCK, _CARDS),
    "uuid1": (CLOCK, "use 'uuid4'"),
    "uuid7": (CLOCK, "use 'uuid4'"),
    "pesel": (CLOCK, _CODES),
    "time_series": (HASH, _DATES),
    "pyset": (HASH, _PYTHON),
    **dict.fromkeys(
        ("pydict", "pyiterable", "pylist", "pyobject", "pystruct", "pytuple"), (CLOCK, _PYTHON)
    ),
}

_USER_NAMES = frozenset(
    {
        "ascii_company_email",
        "ascii_email",
        "ascii_free_email",
        "ascii_safe_email",
        "company_email",
        "email",
        "free_email",
        "safe_email",
        "user_name",
    }
)
_WORDS = "list the words with 'choose'"
# Methods of single locales, found by drawing from every locale under two clocks and hash seeds.
LOCALES: dict[str, tuple[frozenset[str], str, str]] = {
    "address.hu_HU": (frozenset({"city_part"}), "may say nothing", _WORDS),
    "address.it_IT": (frozenset({"city"}), HASH, "use 'postcode_city_province'"),
    "company.ru_RU": (frozenset({"businesses_ogrn", "individuals_ogrn"}), CLOCK, _CODES),
    "company.zh_TW": (frozenset({"company_suffix"}), "may say nothing", _WORDS),
    **dict.fromkeys(
        ("internet.az_AZ", "internet.bg_BG", "internet.mk_MK", "internet.ru_RU"),
        (_USER_NAMES, CLOCK, "use 'numerify' or 'domain_name'"),
    ),
}

NOT_ALLOWED = ("is not among the kinds that a pack may draw", "use another method or 'choose'")


def kind_of(call: Callable[..., Any], name: str) -> str:
    """Return the kind of one of Faker's methods ('address', 'base', …), '' for another's."""
    from faker.providers import BaseProvider

    if name in vars(BaseProvider):
        return "base"
    module = type(getattr(call, "__self__", None)).__module__.split(".")
    return module[2] if module[:2] == ["faker", "providers"] and len(module) > 2 else ""


def refusal(call: Callable[..., Any], name: str) -> tuple[str, str] | None:
    """Return why a stock method is refused and what to use instead, None if it may be used."""
    kind = kind_of(call, name)
    if kind not in KINDS and name not in NAMED.get(kind, ()):
        return REASONS.get(name) or REASONS.get(kind) or NOT_ALLOWED
    if name in KINDS.get(kind, ()) or not inspect.ismethod(call):
        return REASONS.get(name, NOT_ALLOWED)
    if kind == "base":
        return None
    module = type(call.__self__).__module__
    if getattr(sys.modules[module], "random", None) is random:
        return FOREIGN, "use another method or 'choose'"
    names, reason, instead = LOCALES.get(module.partition(".providers.")[2], (frozenset(), "", ""))
    return (reason, instead) if name in names else None
