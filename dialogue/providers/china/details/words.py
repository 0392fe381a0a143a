"""Lists of words to compose names from: a data file's name in, tuples to draw from out."""

from __future__ import annotations

import functools

from dialogue.providers.china import facts

DIGITS = tuple("零一二三四五六七八九")
NUMERALS = (
    *DIGITS,
    *("十", *(f"十{digit}" for digit in DIGITS[1:])),
    *("二十", *(f"二十{digit}" for digit in DIGITS[1:])),
)


@functools.cache
def words(file: str, section: str) -> tuple[str, ...]:
    """Read the words of a section of a data file; KeyError if there is none of that name."""
    return _sections(file)[section]


@functools.cache
def _sections(file: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for line in facts.text(f"{file}.txt").splitlines():
        if line.startswith("["):
            row = found.setdefault(line.strip("[]"), [])
        elif not line.startswith("#"):
            row += line.split()
    return {section: tuple(row) for section, row in found.items()}
