"""Inside an estate or a building: nothing in, building, unit, floor and room as people type."""

from __future__ import annotations

from math import trunc
from typing import TYPE_CHECKING

from dialogue.providers.china.details.words import NUMERALS, words
from dialogue.providers.weighted import pick, shared, spread

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

# Low numbers are commoner than high ones. What is drawn most is rendered beforehand.
NUMBERS = spread({n: 1 + 24 // n for n in range(1, 61)} | dict.fromkeys(range(61, 129, 7), 1))
LETTERS = tuple("AAAABBBBCCCDDEFGHS")
BLOCK_WORDS = spread({"栋": 7, "号楼": 7, "幢": 5, "号": 2, "座": 1, "楼": 1, "#": 1})
RARE_BLOCKS = (
    *(
        f"{letter}{word}"
        for letter in LETTERS
        for word in ("座", "座", "座", "栋", "栋", "幢", "楼", "区", "单元", "")
    ),
    *(
        f"{n}{word}"
        for n in NUMERALS[1:21]
        for word in ("栋", "号楼", "号楼", "幢", "号", "楼", "座")
    ),
    *(
        f"{letter}{n}{word}"
        for letter in "ABCD"
        for n in range(1, 13)
        for word in ("栋", "幢", "", "号楼")
    ),
    *(f"{n}{word}" for n in range(1, 25) for word in ("#楼", "号院", "排", "栋", "座", "斋", "舍")),
    *(
        "东楼",
        "西楼",
        "南楼",
        "北楼",
        "主楼",
        "副楼",
        "裙楼",
        "甲座",
        "乙座",
        "新楼",
        "老楼",
        "前楼",
        "后楼",
        "综合楼",
        "办公楼",
    ),
    *(
        "宿舍楼",
        "商住楼",
        "住宅楼",
        "公寓楼",
        "高层",
        "小高层",
        "洋房",
        "别墅",
        "门市",
        "门面",
        "东单元",
        "塔楼",
        "独栋",
    ),
)
BLOCKS = shared((*(f"{n}{word}" for word in BLOCK_WORDS for n in NUMBERS), *RARE_BLOCKS))
UNITS = spread({1: 10, 2: 9, 3: 6, 4: 3, 5: 2, 6: 1, 7: 1})
UNIT_WORDS = (*("单元",) * 12, "门", "门", "梯")
ALL_UNITS = shared(
    (
        *(f"{n}{word}" for n in UNITS for word in UNIT_WORDS),
        *(f"{NUMERALS[n]}单元" for n in UNITS for _ in range(2)),
        *(f"{end}单元" for end in ("东", "西", "中", "A", "B", "南", "北")),
    )
)
ROOM_WORDS = ("室", "室", "", "", "", "号", "房")
# Floor and door in one number; houses without a lift, of at most seven floors, are commoner.
ROOMS = shared(
    f"{floor}{door:02}"
    for top, doors, times in ((7, 4, 4), (18, 5, 1), (33, 6, 1))
    for floor in range(1, top + 1)
    for door in range(1, doors + 1)
    for _ in range(times)
)
ROOM_ENDS = ("A", "B", "-1", "-2", "东", "西", "左", "右", "东户", "西户", "中户", "号房", "室内")
FLOOR_WORDS = spread({"楼": 20, "层": 12, "F": 8})


def block(rng: Random) -> str:
    """Draw a building of an estate: 12栋, 七号楼, A座, 3#."""
    return BLOCKS[trunc(rng.random() * len(BLOCKS))]


def unit(rng: Random) -> str:
    """Draw the part of a building behind one door: 2单元, 二单元, 3门."""
    return ALL_UNITS[trunc(rng.random() * len(ALL_UNITS))]


def room(rng: Random) -> str:
    """Draw a room with its word, which is often left out: 302室, 1704, 12B."""
    r, number = rng.random(), ROOMS[trunc(rng.random() * len(ROOMS))]
    if r < 0.36:
        return f"{number}室"
    if r < 0.76:
        return number
    if r < 0.93:
        return f"{number}{'号' if r < 0.86 else '房' if r < 0.92 else '户'}"
    if r < 0.97:
        letter = LETTERS[trunc(rng.random() * len(LETTERS))]
        return f"{number[:-2]}{letter}{'室' if r < 0.94 else ''}"
    return f"{number}{pick(rng, ROOM_ENDS)}"


def floor(rng: Random) -> str:
    """Draw a floor: 3楼, 八楼, 12F, 负一楼."""
    r = rng.random()
    if r < 0.66:
        return f"{1 + trunc(rng.random() * rng.random() * 33)}{pick(rng, FLOOR_WORDS)}"
    if r < 0.94:
        return (
            f"{NUMERALS[1 + trunc(rng.random() * rng.random() * 26)]}{'楼' if r < 0.87 else '层'}"
        )
    return pick(rng, words("address_words", "odd_floors"))


def phase(rng: Random) -> str:
    """Draw a part of an estate that was built as one: 二期, A区, 北苑."""
    return pick(rng, words("address_words", "phases"))


def house(rng: Random) -> tuple[str, ...]:
    """Draw the way from an estate's gate to a door, as parts; never empty."""
    return HOUSES[trunc(rng.random() * len(HOUSES))](rng)


def _full(rng: Random) -> tuple[str, ...]:
    return (block(rng), unit(rng), room(rng))


def _block_room(rng: Random) -> tuple[str, ...]:
    return (block(rng), room(rng))


def _unit_room(rng: Random) -> tuple[str, ...]:
    return (unit(rng), room(rng))


def _block(rng: Random) -> tuple[str, ...]:
    return (block(rng),)


def _room(rng: Random) -> tuple[str, ...]:
    return (room(rng),)


def _block_unit(rng: Random) -> tuple[str, ...]:
    return (block(rng), unit(rng))


def _block_floor(rng: Random) -> tuple[str, ...]:
    if rng.random() < 0.5:
        return (block(rng), floor(rng))
    return (block(rng), unit(rng), floor(rng))


def _floor_room(rng: Random) -> tuple[str, ...]:
    n = 1 + trunc(rng.random() * rng.random() * 30)
    word = f"{n}{pick(rng, FLOOR_WORDS)}" if rng.random() < 0.7 or n > 20 else f"{NUMERALS[n]}楼"
    number = f"{n}{1 + trunc(rng.random() * 8):02}{pick(rng, ROOM_WORDS)}"
    return (block(rng), word, number) if rng.random() < 0.6 else (word, number)


def _compact(rng: Random) -> tuple[str, ...]:
    n, number, r = pick(rng, NUMBERS), pick(rng, ROOMS), rng.random()
    if r < 0.34:
        return (f"{n}-{pick(rng, UNITS)}-{number}{'室' if r < 0.05 else ''}",)
    if r < 0.60:
        return (f"{n}-{number}{'室' if r < 0.38 else ''}",)
    if r < 0.68:
        return (f"{n}#{pick(rng, UNITS)}单元{number}",)
    if r < 0.76:
        return (f"{n}#{number}",)
    if r < 0.84:
        return (f"{pick(rng, LETTERS)}{'-' if r < 0.80 else ''}{number}",)
    if r < 0.88:
        return (f"{n}#-{pick(rng, UNITS)}-{number}",)
    if r < 0.93:
        return (f"{n}栋{pick(rng, UNITS)}-{number}",)
    if r < 0.97:
        # The south-west writes floor and door apart.
        return (
            f"{n}幢{pick(rng, UNITS)}-{1 + trunc(rng.random() * 32)}-{1 + trunc(rng.random() * 8)}",
        )
    return (f"{n}/{pick(rng, UNITS)}/{number}",)


def _bare(rng: Random) -> tuple[str, ...]:
    n, r = pick(rng, NUMBERS), rng.random()
    if r < 0.35:
        return (f"{n}号", room(rng))
    if r < 0.60:
        return (f"{n}号",)
    if r < 0.75:
        return (f"{n}栋", f"{pick(rng, UNITS)}", f"{pick(rng, ROOMS)}")
    if r < 0.85:
        return (f"{n}",)
    return (f"{n}号", floor(rng))


def _gate(rng: Random) -> tuple[str, ...]:
    return (pick(rng, words("address_words", "gates")),)


HOUSES: tuple[Callable[[Random], tuple[str, ...]], ...] = spread(
    {
        _full: 34,
        _block_room: 18,
        _unit_room: 5,
        _block: 8,
        _room: 4,
        _block_unit: 3,
        _block_floor: 4,
        _floor_room: 4,
        _compact: 15,
        _bare: 6,
        _gate: 2,
    }
)
