"""Where an address lies: a county and its towns in, a town and the roots of names out."""

from __future__ import annotations

import functools
from dataclasses import dataclass
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

# How often a village of these provinces and cities has a name from the tongue spoken there.
TONGUES: dict[str, tuple[tuple[str, float], ...]] = {
    "15": (("mongol", 0.55),),
    "45": (("zhuang", 0.4),),
    "52": (("miao", 0.12),),
    "53": (("yi", 0.08),),
    "54": (("tibet", 0.95),),
    "65": (("uyghur", 0.7), ("mongol", 0.05)),
    "2107": (("mongol", 0.15),),
    "2113": (("mongol", 0.25),),
    "2207": (("mongol", 0.2),),
    "2306": (("mongol", 0.1),),
    "4503": (("zhuang", 0.12),),
    "5132": (("tibet", 0.75),),
    "5133": (("tibet", 0.85),),
    "5134": (("yi", 0.65),),
    "5222": (("miao", 0.2),),
    "5223": (("miao", 0.4),),
    "5226": (("miao", 0.5),),
    "5227": (("miao", 0.45),),
    "5323": (("yi", 0.4),),
    "5325": (("yi", 0.35), ("dai", 0.1)),
    "5328": (("dai", 0.75),),
    "5329": (("yi", 0.2),),
    "5331": (("dai", 0.6),),
    "5334": (("tibet", 0.7),),
    "6230": (("tibet", 0.65),),
    "6302": (("tibet", 0.2),),
    **dict.fromkeys(("6322", "6323", "6325", "6326", "6327"), (("tibet", 0.85),)),
    "6328": (("mongol", 0.6), ("tibet", 0.2)),
}
TAILS = ("自治州", "自治县", "自治旗", "民族乡", "街道办事处", "街道", "地区", "新区", "苏木")
# Names that say nothing without their last character.
WHOLE = ("开发区", "园区", "管理区", "示范区", "风景区", "度假区", "工业区", "新城区", "保税区")
ENDS = "省市区县镇乡旗盟"


class Region(Protocol):
    """What is read of a region; a county or city that is not there is empty."""

    @property
    def code(self) -> str: ...
    @property
    def city(self) -> str: ...
    @property
    def county(self) -> str: ...


@dataclass(frozen=True, slots=True)
class County:
    """A county, or a city without counties, with what it lies in.

    The roots are the names without 市, 县, 街道 …, as other names are made of them.
    """

    name: str
    city: str  # the county itself where a province governs it
    divided: bool  # whether it is a county, not the whole of a city
    province: str  # the first two digits of the code
    belt: str  # a key of `BELTS`
    tongues: tuple[tuple[str, float], ...]
    towns: Sequence[str]

    @classmethod
    def of(cls, region: Region, towns: Sequence[str]) -> County:
        """Return the county of a region that has these towns."""
        code, name = region.code, region.county or region.city
        province = code[:2]
        tongues = TONGUES.get(code[:4]) or TONGUES.get(province, ())
        belt = BELT.get(province, "middle")
        return cls(name, region.city or name, bool(region.county), province, belt, tongues, towns)

    @property
    def root(self) -> str:
        """The root of the county."""
        return root(self.name)

    @property
    def city_root(self) -> str:
        """The root of the city."""
        return root(self.city)

    def other_root(self, rng: Random) -> str:
        """Draw the root of any town, or of the county where there is none."""
        return root(pick(rng, self.towns)) if self.towns else self.root


class Place(NamedTuple):
    """A town, empty where there is none, with the county that it lies in."""

    county: County
    town: str

    @property
    def town_root(self) -> str:
        """The town's root, or the county's where there is no town."""
        return root(self.town or self.county.name)


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
