"""What is known of values, by language; a locale has that of its language, or of English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.twin.languages.en import ENGLISH
from dialogue.twin.languages.zh import CHINESE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dialogue.twin.languages.language import Language

LANGUAGES = {one.name: one for one in (CHINESE, ENGLISH)}
ENOUGH = 0.2  # share of characters


def language_of(locale: str) -> Language:
    """Return what is known of a locale's values: its language's, or what Faker has anywhere."""
    return next((one for one in LANGUAGES.values() if one.locale == locale), ENGLISH)


def locale_of(texts: Iterable[str]) -> str:
    """Guess the locale of texts by their characters."""
    joined = "".join(texts)
    found = (one.locale for one in LANGUAGES.values() if one.speaks(joined) >= ENOUGH)
    return next(found, ENGLISH.locale)
