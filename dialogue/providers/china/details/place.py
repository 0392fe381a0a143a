"""Where an address lies: a county and its towns in, a town and the roots of names out."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple, Protocol

from dialogue.providers.china.details.words import words
from dialogue.providers.weighted import pick

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

# Provinces by the first two digits of their codes (GB/T 2260), by how their villages are called.
BELTS = {
    "north": ("11", "12", "13", "14", "37", "41"),
    "northeast": ("21", "22", "23", "15"),
    "northwest": ("61", "62", "63", "64", "65"),
    "east": ("31", "32", "34"),
    "southeast": ("33", "35"),
    "middle": ("36", "42", "43"),
    "south": ("44", "45", "46"),
    "southwest": ("50", "51", "52", "53", "54"),
}
BELT = {code: belt for belt, codes in BELTS.items() for code in codes}

TAILS = ("自治州", "自治县", "自治旗", "民族乡", "街道办事处", "街道", "地区", "新区", "苏木")
# Names that say nothing without their last character.
WHOLE = ("开发区", "园区", "管理区", "示范区", "风景区", "度假区", "工业区", "新城区", "保税区")
ENDS = "省市区县镇乡旗盟"


class County(Protocol):
    """What the grammar reads of a region; a county or city that is not there is empty."""

    @property
    def code(self) -> str: ...
    @property
    def city(self) -> str: ...
    @property
    def county(self) -> str: ...


class Place(NamedTuple):
    """A town with what it lies in: the full names, of which those that are not there are empty.

    The roots are the names without 市, 县, 街道 …, as other names are made of them.
    """

    code: str
    city: str
    county: str
    towns: Sequence[str]
    town: str

    @property
    def province(self) -> str:
        """The first two digits of the code."""
        return self.code[:2]

    @property
    def belt(self) -> str:
        """The part of the country, a key of `BELTS`."""
        return BELT.get(self.code[:2], "middle")

    @property
    def city_root(self) -> str:
        """The city's root, or the county's where there is no city."""
        return root(self.city or self.county)

    @property
    def county_root(self) -> str:
        """The county's root, or the city's where there is no county."""
        return root(self.county or self.city)

    @property
    def town_root(self) -> str:
        """The town's root, or the county's where there is no town."""
        return root(self.town or self.county or self.city)

    def other_root(self, rng: Random) -> str:
        """Draw the root of any town of the county, or of the county where there is none."""
        return root(pick(rng, self.towns)) if self.towns else self.county_root


@functools.cache
def root(name: str) -> str:
    """Cut a name to what people call the place: 双江拉祜族佤族布朗族傣族自治县 is 双江."""
    cut = name
    if name.endswith(TAILS):
        tail = next(tail for tail in TAILS if name.endswith(tail))
        if len(name) - len(tail) >= 2:
            cut = name[: -len(tail)]
    elif len(name) > 2 and name[-1] in ENDS and not name.endswith(WHOLE):
        cut = name[:-1]
    while cut.endswith("族"):
        people = max(
            (p for p in words("village_names", "peoples") if cut.endswith(f"{p}族")),
            key=len,
            default="",
        )
        if not people or len(cut) - len(people) < 3:
            break
        cut = cut[: -len(people) - 1]
    return cut


def place(rng: Random, region: County, towns: Sequence[str]) -> Place:
    """Draw a town of the county; a county without towns has none."""
    town = towns[int(rng.random() * len(towns))] if towns else ""
    # Half the time of calling the class.
    return tuple.__new__(Place, (region.code, region.city, region.county, towns, town))
