"""Who a parcel goes to in China: nothing in, a person with a phone and a coherent address out."""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from importlib.resources import files

from dialogue.providers import cn_person
from dialogue.providers.provider import SessionProvider
from dialogue.providers.record import record
from dialogue.providers.weighted import Weighted
from dialogue.value import Record, Value

KINDS = Weighted({"estate": 60, "office": 18, "campus": 8, "village": 14})
FAMILIES = tuple("王李张刘陈杨赵黄周吴徐孙马朱胡林郭何高罗")


@dataclass(frozen=True, slots=True)
class Region:
    """A county with the province and the city it belongs to, its postcode and its area code."""

    province: str
    city: str
    county: str
    postcode: str
    area_code: str


@functools.cache
def regions() -> tuple[Region, ...]:
    """Read the counties that recipients live in."""
    return tuple(Region(*row) for row in _rows("regions.csv"))


@functools.cache
def places(kind: str) -> tuple[str, ...]:
    """Read the names of roads, estates, offices or campuses, such as any city has."""
    return tuple(name for place, name in _rows("places.csv") if place == kind)


class Provider(SessionProvider):
    """Faker methods for people who are sent something in China."""

    @record(
        parts=("姓名", "电话", "邮编", "省", "市", "县", "详细地址"),
        groups=(("姓名",), ("电话",), ("省", "市", "县", "详细地址", "邮编")),
        optional=("邮编",),
        keys={
            "姓名": "name",
            "电话": "phone",
            "邮编": "postcode",
            "省": "province",
            "市": "city",
            "县": "county",
            "详细地址": "street",
        },
    )
    def cn_recipient(self) -> Record:
        """Draw a person, a mobile number and an address whose parts belong together.

        The whole record is said without the postcode, and of a municipality, whose 省 and 市 are
        equal, only 市 is said.
        """
        person = cn_person.Provider(self.generator)
        region = self.rng.choice(regions())
        parts = {
            "姓名": person.cn_person().parts["姓名"],
            "电话": person.cn_mobile(),
            "邮编": Value.plain(region.postcode),
            "省": Value.plain(region.province),
            "市": Value.plain(region.city),
            "县": Value.plain(region.county),
            "详细地址": Value.plain(self._detail(region)),
        }
        province = () if region.province == region.city else (("", "省"),)
        surface = (("", "姓名"), ("，", None), ("", "电话"), ("，", None), *province)
        return Record(parts, (*surface, ("", "市"), ("", "县"), ("", "详细地址")))

    def _detail(self, region: Region) -> str:
        rng = self.rng
        kind = KINDS.draw(rng)
        if kind == "village" and not region.county.endswith("区"):
            family = rng.choice(FAMILIES)
            return f"{family}家村{rng.randint(1, 9)}组{rng.randint(1, 99)}号"
        street = f"{rng.choice(places('road'))}{rng.randint(1, 399)}号"
        # A city has no villages: what would have been one is an estate.
        name = rng.choice(places("estate" if kind == "village" else kind))
        if kind == "office":
            floor = rng.randint(2, 28)
            room = rng.choice((f"{floor}楼", f"{floor}{rng.randint(1, 20):02}室"))
            return f"{street}{name}{rng.choice(('', 'A座', 'B座'))}{room}"
        room = f"{rng.randint(1, 18)}0{rng.randint(1, 4)}室"
        if kind == "campus":
            house = rng.choice(("教师公寓", "学生公寓"))
            return f"{street}{name}{house}{rng.randint(1, 12)}号楼{room}"
        house = f"{rng.randint(1, 28)}{rng.choice(('栋', '幢', '号楼'))}"
        unit = f"{rng.randint(1, 4)}单元" if rng.randint(0, 9) < 7 else ""
        return f"{street}{name}{house}{unit}{room}"


def _rows(name: str) -> list[list[str]]:
    text = files("dialogue.providers").joinpath("data", name).read_text("utf-8")
    return list(csv.reader(text.splitlines()))[1:]
