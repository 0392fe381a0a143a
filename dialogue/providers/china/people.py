"""People in China: a stream in, a name with its sex and title, an alias or an e-mail out."""

from __future__ import annotations

from math import trunc
from typing import TYPE_CHECKING, NamedTuple

from dialogue.providers.china.names import (
    TITLES,
    Generation,
    Minority,
    Sex,
    names,
    nicknames,
    readings,
    surname_readings,
)
from dialogue.providers.weighted import pick

if TYPE_CHECKING:
    from random import Random


class Person(NamedTuple):
    """Somebody with a name.

    `surname` is empty for peoples without surnames; `given` is then what they are called by, which
    need not be the whole rest of `name` (艾力·肉孜 is 艾力). `title` is the plain form of address.
    """

    name: str
    surname: str
    given: str
    sex: Sex
    title: str
    generation: Generation


# How people are addressed, by sex: (before, which part of the name, after, generations, weight).
ALL = "old mid young new"
ADDRESSES = {
    "male": (
        ("", "surname", "先生", ALL, 40),
        ("", "name", "先生", ALL, 5),
        ("", "surname", "总", "old mid young", 6),
        ("", "surname", "老师", "old mid young", 7),
        ("", "surname", "哥", "mid young", 8),
        ("小", "surname", "", "young new", 14),
        ("老", "surname", "", "old mid", 6),
        ("", "surname", "师傅", "old mid", 7),
        ("", "surname", "经理", "mid young", 4),
        ("", "surname", "叔", "old", 10),
        ("", "surname", "叔叔", "old", 5),
        ("", "surname", "大爷", "old", 5),
        ("", "surname", "同学", "new", 25),
        ("", "surname", "老板", "old mid young", 4),
        ("", "surname", "工", "mid young", 2),
        ("", "surname", "医生", "mid young", 1),
        ("", "surname", "主任", "old mid", 2),
        ("", "last", "哥", "mid young", 3),
        ("阿", "last", "", "mid young", 2),
    ),
    "female": (
        ("", "surname", "女士", ALL, 36),
        ("", "surname", "小姐", "young new", 26),
        ("", "name", "女士", ALL, 5),
        ("", "surname", "姐", "mid young", 12),
        ("", "surname", "老师", "old mid young", 9),
        ("小", "surname", "", "young new", 12),
        ("", "surname", "阿姨", "old", 22),
        ("", "surname", "大姐", "old mid", 3),
        ("", "surname", "总", "mid young", 2),
        ("", "surname", "经理", "mid young", 3),
        ("", "surname", "同学", "new", 25),
        ("", "surname", "老板", "mid young", 2),
        ("", "surname", "医生", "mid young", 1),
        ("", "surname", "主任", "old mid", 2),
        ("", "surname", "太太", "mid", 2),
        ("", "last", "姐", "mid young", 3),
        ("阿", "last", "", "mid young", 2),
    ),
}
# What stands on parcels in place of a name.
ALIASES = {
    "male": (
        ("小", "last", "", ALL, 6),
        ("阿", "last", "", ALL, 8),
        ("大", "last", "", ALL, 4),
        ("", "last", "哥", "mid young", 6),
        ("", "last", "仔", "young new", 4),
        ("大", "last", "仔", "young", 2),
        ("", "last", "子", "old mid", 3),
        ("", "surname", "先生", ALL, 14),
        ("", "surname", "sir", "mid young", 4),
        ("", "surname", "哥", "mid young", 5),
        ("", "surname", "师傅", "old mid", 5),
        ("", "surname", "大爷", "old", 6),
        ("", "surname", "老板", "mid", 4),
        ("", "surname", "某", ALL, 3),
        ("", "surname", "某某", ALL, 3),
        ("", "surname", "xx", ALL, 5),
        ("", "surname", "", ALL, 5),
        ("", "surname", "同学", "new", 8),
        ("", "given", "", ALL, 12),
        ("", "given", "爸爸", "new", 4),
        ("Mr", "surname", "", "young new", 1),
    ),
    "female": (
        ("小", "last", "", ALL, 8),
        ("阿", "last", "", ALL, 7),
        ("", "twice", "", ALL, 16),
        ("", "last", "姐", "mid young", 6),
        ("", "last", "儿", "mid young", 3),
        ("", "last", "宝", "young new", 3),
        ("", "surname", "女士", ALL, 12),
        ("", "surname", "小姐", "young new", 10),
        ("", "surname", "姐", "mid young", 5),
        ("", "surname", "大妈", "old", 5),
        ("", "surname", "阿姨", "old", 6),
        ("", "surname", "奶奶", "old", 3),
        ("", "surname", "婶", "old", 3),
        ("", "surname", "某", ALL, 2),
        ("", "surname", "xx", ALL, 4),
        ("", "surname", "", ALL, 4),
        ("", "surname", "同学", "new", 8),
        ("", "given", "", ALL, 12),
        ("", "given", "妈妈", "new", 6),
        ("", "given", "妈", "new", 3),
    ),
}
NICKNAME_SHARE = 0.3
# 伟哥 is a medicine; the others, too, mean something else.
MISHEARD = frozenset(
    (
        "伟哥",
        "帅哥",
        "小妹",
        "大妹",
        "阿妹",
        "妹妹",
        "大娣",
        "小娣",
        "娣娣",
        "大发",
        "小民",
        "大波",
        "大根",
        "小根",
        "根子",
        "阿飞",
    )
)
Form = tuple[str, str, str]


def _expanded(
    table: dict[str, tuple[tuple[str, str, str, str, int], ...]],
) -> dict[tuple[str, str], tuple[Form, ...]]:
    return {
        (sex, generation): tuple(
            (before, part, after)
            for before, part, after, generations, weight in rows
            if generation in generations
            for _ in range(weight)
        )
        for sex, rows in table.items()
        for generation in ALL.split()
    }


ADDRESS_FORMS = _expanded(ADDRESSES)
ALIAS_FORMS = _expanded(ALIASES)
DOMAINS = (
    *("example.com",) * 8,
    *("example.net",) * 3,
    *("example.org",) * 3,
    "mail.example.com",
    "mail.example.net",
    "post.example",
    "mail.test",
)


def draw_person(rng: Random) -> Person:
    """Draw somebody whose name fits their sex and the generation they belong to."""
    table, random = names(), rng.random
    who = table.people[trunc(random() * len(table.people))]
    if isinstance(who, Minority):
        return _minority(rng, who)
    surnames, givens = table.surnames, who.givens
    while True:
        surname = surnames[trunc(random() * len(surnames))]
        given = givens[trunc(random() * len(givens))]
        name = surname + given
        if name not in table.refused and given[0] != surname:
            fields = (name, surname, given, who.sex, surname + who.title, who.generation)
            return tuple.__new__(Person, fields)  # half the cost of calling the class


def title(rng: Random, person: Person) -> str:
    """Draw how a person is addressed: 王女士, 小李, 张师傅, 欧阳老师."""
    if not person.surname:
        return person.title if rng.random() < 0.9 else f"{person.given}老师"
    forms = ADDRESS_FORMS[person.sex, person.generation]
    before, part, after = forms[trunc(rng.random() * len(forms))]
    if before and part == "surname" and len(person.surname) > 1:
        return person.title
    said = before + _part(person, part) + after
    return person.title if said in MISHEARD else said


def alias(rng: Random, person: Person) -> str:
    """Draw what a person has written on their parcels in place of their name: 丹丹, 张*, 柚子."""
    if rng.random() < NICKNAME_SHARE or not person.surname:
        known = nicknames()[person.sex]
        return known[trunc(rng.random() * len(known))]
    forms = ALIAS_FORMS[person.sex, person.generation]
    before, part, after = forms[trunc(rng.random() * len(forms))]
    said = before + _part(person, part) + after
    return person.title if said in MISHEARD else said


def draw_email(rng: Random, person: Person) -> str:
    """Draw an address at a reserved domain (RFC 2606), mostly in pinyin of the person's name."""
    read = readings()
    surname = surname_readings().get(person.surname, "")
    syllables = [read[character] for character in person.given]
    given = "".join(syllables)
    initials = "".join(syllable[0] for syllable in syllables)
    way = trunc(rng.random() * 12)
    if way < 3:
        user = surname + given
    elif way < 5:
        user = surname + initials
    elif way == 5:
        user = given + surname
    elif way == 6:
        user = f"{surname}.{given}" if surname else given
    elif way == 7:
        user = f"{given}_{surname}" if surname else given
    elif way == 8:
        user = surname[:1] + initials
    elif way == 9:
        user = initials + surname
    else:
        user = str(10**7 + trunc(rng.random() * 9 * 10 ** (7 + trunc(rng.random() * 3))))
    # Short names are taken: they come with digits.
    if way < 10 and (len(user) < 5 or rng.random() < 0.5):
        user += _tail(rng)
    return f"{user}@{DOMAINS[trunc(rng.random() * len(DOMAINS))]}"


def _tail(rng: Random) -> str:
    way = trunc(rng.random() * 4)
    if way == 0:
        return str(1965 + trunc(rng.random() * 43))
    if way == 1:
        return f"{trunc(rng.random() * 100):02}"
    if way == 2:
        return f"{1 + trunc(rng.random() * 12):02}{1 + trunc(rng.random() * 28):02}"
    return ("123", "520", "666", "888", "1314", "001", "8", "88", "168", "321")[
        trunc(rng.random() * 10)
    ]


def _minority(rng: Random, minority: Minority) -> Person:
    first = last = pick(rng, minority.owns)
    while last == first:
        last = pick(rng, minority.rests)
    name = first + minority.joint + last
    given = first if minority.joint else name
    return Person(name, "", given, minority.sex, given + TITLES[minority.sex], "mid")


def _part(person: Person, part: str) -> str:
    if part == "last":
        return person.given[-1]
    if part == "twice":
        return person.given[-1] * 2
    return str(getattr(person, part))
