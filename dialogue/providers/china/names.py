"""Names that people in China bear: data files in, tables to draw from out."""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from typing import Literal

from dialogue.providers.china.facts import rows

Sex = Literal["male", "female"]
Generation = Literal["old", "mid", "young", "new"]
# The share of each among those who order.
SEXES: dict[Sex, float] = {"male": 0.48, "female": 0.52}
TITLES: dict[Sex, str] = {"male": "先生", "female": "女士"}

# Of 100 grown-up customers; each generation has its share of names of one character, and of names
# so common that they are listed as a whole.
GENERATIONS: dict[Generation, tuple[int, tuple[float, float]]] = {
    "old": (12, (0.08, 0.16)),
    "mid": (33, (0.22, 0.14)),
    "young": (39, (0.18, 0.14)),
    "new": (16, (0.08, 0.16)),
}
MINORITY_SHARE = 0.015
PEOPLES = {"uyghur": 5, "kazakh": 1, "tibetan": 2, "mongolian": 2}


@dataclass(frozen=True, slots=True)
class Cell:
    """The given names of one sex and generation, each as often as it weighs."""

    sex: Sex
    generation: Generation
    title: str
    givens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Minority:
    """The names of one sex of a people: own names, a joint, and what follows it."""

    sex: Sex
    owns: tuple[str, ...]
    joint: str
    rests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """All that a draw of a name needs; every tuple repeats its elements as often as they weigh."""

    people: tuple[Cell | Minority, ...]
    surnames: tuple[str, ...]
    refused: frozenset[str]


@functools.cache
def names() -> Names:
    """Read the names.

    Each file says in its first line where it is from.
    """
    refused_givens, refused = _refused()
    surnames: list[str] = []
    for surname, percent, _ in rows("surnames.csv"):
        surnames.extend([surname] * max(1, round(float(percent) * 100)))
    texts = {(row[0], row[1], row[2]): row[3] for row in rows("given_names.csv")}
    cells: list[Cell | Minority] = []
    for generation, (weight, shares) in GENERATIONS.items():
        for sex, share in SEXES.items():
            pairs = [
                given
                for first in texts[generation, sex, "first"]
                for last in texts[generation, sex, "last"]
                if (given := first + last) not in refused_givens
            ]
            lists = (texts[generation, sex, "single"], texts[generation, sex, "whole"].split())
            weighed = list(pairs)
            for rare, portion in zip(lists, shares, strict=True):
                ratio = portion / (1 - sum(shares))
                weighed.extend([*rare] * max(1, round(len(pairs) * ratio / len(rare))))
            cell = Cell(sex, generation, TITLES[sex], tuple(weighed))
            cells.extend([cell] * round(weight * share * 2))
    minorities = _minorities()
    times = len(minorities) * (1 / MINORITY_SHARE - 1) / len(cells)
    people = (*(cells * round(times)), *minorities)
    return Names(people, tuple(surnames), refused)


@functools.cache
def readings() -> dict[str, str]:
    """Read the pinyin of each character of our names, without tones and with v for ü."""
    return {row[0]: row[1] for row in rows("pinyin.csv")}


@functools.cache
def surname_readings() -> dict[str, str]:
    """Read the pinyin of surnames, which differs from that of the same characters elsewhere."""
    return {surname: reading for surname, _, reading in rows("surnames.csv")}


@functools.cache
def nicknames() -> dict[Sex, tuple[str, ...]]:
    """Read the names that people invent for their parcels, by who may bear them."""
    listed = rows("nicknames.csv")
    return {sex: tuple(name for name, bearer in listed if bearer in ("", sex)) for sex in SEXES}


def _minorities() -> tuple[Minority, ...]:
    texts = {tuple(row[:3]): tuple(row[3].split()) for row in rows("minority_names.csv")}
    made: list[Minority] = []
    for people, weight in PEOPLES.items():
        for sex in SEXES:
            if people == "tibetan":
                firsts, lasts = texts[people, sex, "first"], texts[people, sex, "last"]
                minority = Minority(sex, firsts, "", lasts)
            elif people == "mongolian":
                minority = Minority(sex, texts[people, sex, "whole"], "", ("",))
            else:
                # Daughters, too, bear the name of their father.
                fathers = texts[people, "male", "father"]
                minority = Minority(sex, texts[people, sex, "own"], "·", fathers)
            made.extend([minority] * weight)
    return tuple(made)


def _refused() -> tuple[frozenset[str], frozenset[str]]:
    """Read which given names and which whole names nobody bears.

    The file has them by their sound: any characters of that sound would be laughed at, or taken for
    somebody well known.
    """
    characters: dict[str, list[str]] = {}
    for character, reading in readings().items():
        characters.setdefault(reading, []).append(character)
    families: dict[str, list[str]] = {}
    for surname, reading in surname_readings().items():
        families.setdefault(reading, []).append(surname)
    # Two syllables of one sound stammer; those that are meant are listed as whole names.
    givens = {first + last for alike in characters.values() for first in alike for last in alike}
    whole: set[str] = set()
    for kind, text in rows("refused_names.csv"):
        first, *rest = text.split()
        firsts = characters.get(first, []) if kind == "given" else families.get(first, [])
        sounds = (characters.get(syllable, []) for syllable in rest)
        made = map("".join, itertools.product(firsts, *sounds))
        (givens if kind == "given" else whole).update(made)
    return frozenset(givens), frozenset(whole)
