"""Where values come from: a locale and a generator of random numbers in, Faker methods out.

Ours are in `china` and `shop`, each with a `Provider`;
`stock` says which of Faker's own may be used. A `method` is called with what a slot writes, and
declares by a `record` what it draws as one; `wording` says the typed columns of results.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from dialogue.problem import nearest
from dialogue.providers.method import Method, Parameter, ProviderError, method_of
from dialogue.providers.record import Shape, record
from dialogue.providers.stock import refusal

if TYPE_CHECKING:
    import random

    from faker.generator import Generator

__all__ = [
    "PROVIDERS",
    "Method",
    "Parameter",
    "ProviderError",
    "Shape",
    "find_method",
    "open_faker",
    "record",
]

_CHINA = "dialogue.providers.china"
# Our methods and the module whose `Provider` has them.
PROVIDERS = {
    **dict.fromkeys(
        (
            "cn_company",
            "cn_deadline",
            "cn_email",
            "cn_landline",
            "cn_mobile",
            "cn_money",
            "cn_number",
            "cn_order_number",
            "cn_parcel",
            "cn_person",
            "cn_plate",
            "cn_quantity",
            "cn_recipient",
            "cn_region",
            "cn_tax_number",
            "cn_time",
        ),
        _CHINA,
    ),
    "shop_customer": "dialogue.providers.shop.customer",
}


def open_faker(locale: str, rng: random.Random) -> Generator:
    """Return Faker's generator for a locale with our methods added, drawing from `rng` only.

    Reseeding `rng` reseeds every method. Raises ValueError for a locale that Faker does not have.
    """
    from faker import Factory
    from faker.config import AVAILABLE_LOCALES

    if locale not in AVAILABLE_LOCALES:
        raise ValueError(f"unknown locale '{locale}': {nearest(locale, AVAILABLE_LOCALES)}")
    generator = Factory.create(locale)
    generator.random = rng
    for module in dict.fromkeys(PROVIDERS.values()):
        generator.add_provider(importlib.import_module(module).Provider)
    return generator


def find_method(generator: Generator, name: str) -> Method:
    """Return the method that a pack names; raises ProviderError if it is unknown or refused."""
    if name.startswith("_") or not hasattr(generator, name):
        raise ProviderError(f"unknown provider method '{name}'", nearest(name, _known(generator)))
    call = getattr(generator, name)
    if name in PROVIDERS:
        return method_of(name, call, own=True)
    refused = refusal(call, name)
    if refused is not None:
        reason, instead = refused
        raise ProviderError(f"'{name}' {reason}", instead)
    return method_of(name, call, own=False)


def _known(generator: Generator) -> list[str]:
    return [
        name
        for name, call in vars(generator).items()
        if callable(call) and (name in PROVIDERS or refusal(call, name) is None)
    ]
