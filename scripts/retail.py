"""Build what of the tables of units/retail can be computed: facts in, CSV files out.

    python scripts/retail.py [OUT]      # OUT is units/retail/tables unless it is given

Written here, from one seed and the same bytes each time: compat, stock, city and lane. The other
CSV files are written by hand: what is sold (product, sku, device, accessory, fits, kind, brand),
what is said of it (property, asked, detail, suits, guide, fault), money (campaign, coupon, payment,
level), promises (policy), parcels (warehouse, carrier) and ordinal. The shop is invented. Cities
and their codes are those of `dialogue/providers/china/data/`, see NOTICE there.
"""

from __future__ import annotations

import csv
import math
import re
import sys
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ROOT = Path(__file__).parents[1]
TABLES = ROOT / "units" / "retail" / "tables"
REGIONS = ROOT / "dialogue" / "providers" / "china" / "data" / "regions.csv"
SEED = 20261122

Row = dict[str, str]

SOLD_OUT = ("p11", "p17", "p20", "p25", "p33", "p35", "p39")
SCARCE = ("p04", "p07", "p24", "p30")  # one to four pieces in all

# Cases, covers and films are cut for models.
CUT_FOR = """
p12 d01 d02 d03 d04 d05 d07
p13 d01 d02 d03 d06 d10
p14 d02 d03 d05 d10
p15 d01 d03 d06 d07
p16 d02 d05 d10
p17 d08 d09
p18 d11 d12
p19 d12 d14
p20 d12
p21 d01 d02 d03 d04 d06 d07 d08 d09
p22 d01 d02 d03 d04 d05 d09
p23 d03 d05 d06 d10
p24 d02 d05 d07 d10
p25 d11 d12 d14
"""


class Laptop(NamedTuple):
    """What decides whether a product fits a laptop.

    `slot` is how many gigabytes it takes at most; `memory` is empty where it is soldered. No SSD
    with a heat sink goes into a thin one. Power comes in by `c` or a `barrel`.
    """

    memory: str
    slot: int
    ssd: str
    inches: int
    watts: int
    power: str = "c"
    usb: str = "ac"
    bluetooth: bool = True
    thick: bool = False


WATTS = {
    **dict.fromkeys(("d01", "d04", "d07", "d11"), 33),
    **dict.fromkeys(("d02", "d03", "d05", "d10", "d12", "d14"), 65),
    **dict.fromkeys(("d06", "d08", "d09", "d13"), 18),  # with a socket of the old kind
}
LAPTOPS = {
    "d15": Laptop("", 0, "thin", 14, 65, usb="c"),
    "d16": Laptop("DDR5", 32, "full", 16, 100, usb="c"),
    "d17": Laptop("DDR4", 16, "full", 16, 230, "barrel", bluetooth=False, thick=True),
    "d18": Laptop("", 0, "thin", 14, 65, usb="c"),
    "d19": Laptop("DDR5", 32, "full", 16, 100),
    "d20": Laptop("DDR4", 8, "sata", 16, 65, "barrel", bluetooth=False),
    "d21": Laptop("DDR4", 16, "sata", 16, 90, "barrel", bluetooth=False),
    "d22": Laptop("DDR5", 32, "full", 16, 140, bluetooth=False, thick=True),
    "d23": Laptop("", 0, "", 14, 65, usb="c"),
    "d24": Laptop("", 0, "thin", 14, 65, usb="c"),
    # Somebody who says no more than 笔记本: what most of them take.
    "d25": Laptop("DDR5", 32, "full", 0, 65),
}
MODULE = {"p02": 16}  # gigabytes of one module, where the name says those of two
HEAT_SINKS = ("p08", "p09", "p11")
CHARGERS = {"p26": 33, "p27": 67, "p28": 65, "p29": 100, "p30": 140}
FOR_LAPTOPS = ("p28", "p29", "p30")
SLEEVES = {"p41": 14, "p42": 16}
BAG, DONGLE_KEYBOARD, TABLET_KEYBOARD, PLAIN_CABLE = "p43", "p40", "p39", "p31"
TABLETS_WITH_USB = ("d11", "d12", "d14")

# Prefectures whose seat is said instead of them, and names that mean something else first.
LEFT_OUT = """
兴安盟 锡林郭勒盟 阿拉善盟 大兴安岭地区 黔西南布依族苗族自治州 黔东南苗族侗族自治州
黔南布依族苗族自治州 怒江傈僳族自治州 迪庆藏族自治州 甘南藏族自治州 海北藏族自治州
黄南藏族自治州 海南藏族自治州 海西蒙古族藏族自治州 博尔塔拉蒙古自治州 巴音郭楞蒙古自治州
克孜勒苏柯尔克孜自治州 吉林市 朝阳市
"""
# Where no lane goes; some are asked for by the name of the whole region.
NOWHERE = "三沙 昌都 那曲 阿里 玉树 果洛 和田 香港 澳门 台湾"
REGION_NAMES = {"台湾省": "台湾", "香港特别行政区": "香港", "澳门特别行政区": "澳门"}

# Latitude and longitude of the capitals, to a tenth of a degree: they stand for their provinces.
CAPITALS = """
北京市 39.9 116.4 天津市 39.1 117.2 河北省 38.0 114.5 山西省 37.9 112.6 内蒙古自治区 40.8 111.7
辽宁省 41.8 123.4 吉林省 43.9 125.3 黑龙江省 45.8 126.6 上海市 31.2 121.5 江苏省 32.1 118.8
浙江省 30.3 120.2 安徽省 31.8 117.3 福建省 26.1 119.3 江西省 28.7 115.9 山东省 36.7 117.0
河南省 34.8 113.7 湖北省 30.6 114.3 湖南省 28.2 113.0 广东省 23.1 113.3
广西壮族自治区 22.8 108.3 海南省 20.0 110.3 重庆市 29.6 106.5 四川省 30.7 104.1
贵州省 26.6 106.7 云南省 25.0 102.7 西藏自治区 29.7 91.1 陕西省 34.3 108.9 甘肃省 36.1 103.8
青海省 36.6 101.8 宁夏回族自治区 38.5 106.3 新疆维吾尔自治区 43.8 87.6
"""
# The provinces that a warehouse serves as its own; the first is where it stands.
HOME = {
    "北京仓": ("北京市", "天津市", "河北省"),
    "上海仓": ("上海市", "江苏省", "浙江省"),
    "广州仓": ("广东省",),
    "成都仓": ("四川省", "重庆市"),
    "武汉仓": ("湖北省",),
    "西安仓": ("陕西省",),
}
REMOTE = ("内蒙古自治区", "西藏自治区", "青海省", "新疆维吾尔自治区")
ISLAND = "海南省"
HOURS = range(10, 20)
NEXT_DOOR = 700  # km


def main(out: str = str(TABLES)) -> None:
    """Write the four tables."""
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    houses = [row["name"] for row in _read("warehouse")]
    cities = list(city_rows())
    _write(folder / "compat.csv", "product_id device_id adapter", compat_rows())
    _write(folder / "stock.csv", "sku_id warehouse qty", stock_rows(houses))
    _write(folder / "city.csv", "city_code name full_name province", cities)
    _write(folder / "lane.csv", "warehouse city days hour fee free_over", lane_rows(cities, houses))


def compat_rows() -> Iterator[tuple[str, ...]]:
    """Give what fits: nothing in the last column where it does as it is, or what it needs."""
    kinds = {(row["accessory"], row["kind"]) for row in _read("fits")}
    for product in _read("product"):
        for device in _read("device"):
            if (product["accessory"], device["kind"]) not in kinds:
                continue
            key = device["device_id"]
            laptop = LAPTOPS.get(key)
            needs = on_laptop(product, laptop) if laptop else in_hand(product, key)
            if needs is not None:
                yield product["product_id"], key, needs


def in_hand(product: Row, device: str) -> str | None:
    """Return the like of `on_laptop` for a phone or tablet."""
    key = product["product_id"]
    plug = "Micro转接头" if WATTS[device] == 18 else ""
    match product["accessory"]:
        case "充电器":
            return plug if CHARGERS[key] >= WATTS[device] and key != "p30" else None
        case "数据线":
            return plug if not plug or key == PLAIN_CABLE else None
        case "键盘" if key == DONGLE_KEYBOARD:
            return "Type-C转接头" if device in TABLETS_WITH_USB else None
        case "耳机" | "键盘":
            return ""
        case _:
            return "" if device in _lists(CUT_FOR)[key] else None


def on_laptop(product: Row, laptop: Laptop) -> str | None:
    """Return what a product needs for a laptop: empty for nothing, None if it is no use."""
    key = product["product_id"]
    match product["accessory"]:
        case "内存条":
            size = MODULE.get(key) or int(re.findall(r"(\d+)G", product["name"])[0])
            return "" if laptop.memory in product["name"].split() and size <= laptop.slot else None
        case "固态硬盘" if not laptop.ssd or (laptop.ssd == "thin" and key in HEAT_SINKS):
            return None
        case "固态硬盘" if laptop.ssd == "sata":
            return None if key == "p11" else "硬盘盒"
        case "充电器" if key not in FOR_LAPTOPS or CHARGERS[key] < laptop.watts:
            return None
        case "充电器":
            return "圆口转接头" if laptop.power == "barrel" else ""
        case "键盘" if key == TABLET_KEYBOARD:
            return None
        case "键盘" if key == DONGLE_KEYBOARD:
            return "" if "a" in laptop.usb else "Type-C转接头"
        case "键盘" | "耳机":
            return "" if laptop.bluetooth else "蓝牙适配器"
        case "内胆包" if key == BAG:
            return None if laptop.thick else ""
        case "内胆包":
            return "" if SLEEVES[key] == laptop.inches else None
    return ""


def stock_rows(houses: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    """Spread each SKU over two to five warehouses; some colours are gone while others are there."""
    rng = Random(f"{SEED} stock")
    colours: dict[str, list[str]] = {}
    for row in _read("sku"):
        colours.setdefault(row["product_id"], []).append(row["sku_id"])
    for product, boxes in colours.items():
        gone = set(rng.sample(boxes, (len(boxes) > 2) * rng.choice((0, 1, 1)) + len(boxes) // 5))
        first = next(sku for sku in boxes if sku not in gone)
        for sku in boxes:
            count = rng.choice((2, 3, 3, 4, 5))
            places = sorted(rng.sample(range(len(houses)), count))
            amounts = [rng.choice((rng.randint(0, 9), *_spread(rng))) for _ in places]
            if sku in gone or product in SOLD_OUT or product in SCARCE:
                amounts = [0] * count
            elif not any(amounts):
                amounts[0] = rng.randint(10, 99)
            if product in SCARCE and sku == first:
                amounts[rng.randrange(count)] = rng.randint(1, 4)
            for place, amount in zip(places, amounts, strict=True):
                yield sku, houses[place], amount


def city_rows() -> Iterator[tuple[str, str, str, str]]:
    """Give the cities as people name them."""
    province, left_out = "", LEFT_OUT.split()
    lines = REGIONS.read_text("utf-8").splitlines()[2:]
    for code, full_name, *_ in csv.reader(lines):
        if code.endswith("0000"):
            province = full_name
            if province in REGION_NAMES:
                yield code, REGION_NAMES[province], province, province
        elif code.endswith("00") and full_name not in left_out:
            name = re.sub("(?:市|地区|盟)$", "", full_name)
            if name.endswith("自治州"):
                name = re.findall("西双版纳|..", name)[0]
            yield code, name, full_name, province


def lane_rows(
    cities: Iterable[tuple[str, ...]], houses: Sequence[str]
) -> Iterator[tuple[str, str, int, int, int, int | str]]:
    """Give the ways of a parcel: from every warehouse."""
    rng = Random(f"{SEED} lane")
    words = iter(CAPITALS.split())
    spots = {
        name: (float(north), float(east))
        for name, north, east in zip(words, words, words, strict=True)
    }
    for _, city, _, province in cities:
        if city in NOWHERE.split():
            continue
        away = {name: _km(spots[HOME[name][0]], spots[province]) for name in HOME}
        for name in houses:
            hour = rng.choice(HOURS)
            if name == f"{city}仓":
                yield name, city, 0, 20, 0, ""
            elif province in REMOTE:
                days = 4 if away[name] < 1000 else 5 if away[name] < 2200 else 6
                yield name, city, days, hour, {4: 15, 5: 18, 6: 20}[days], ""
            elif province == ISLAND:
                yield name, city, 3 if away[name] < NEXT_DOOR else 4, hour, 12, ""
            else:
                home = province in HOME[name]
                days = 1 if home else 2 if away[name] < NEXT_DOOR else 3
                fee, free_over = {1: (6, 59), 2: (8, 79), 3: (10, 99)}[days]
                yield name, city, days, hour, fee, free_over


def _spread(rng: Random) -> tuple[int, int, int]:
    return rng.randint(10, 60), rng.randint(40, 150), rng.randint(100, 300)


def _km(here: tuple[float, float], there: tuple[float, float]) -> float:
    north = math.radians((here[0] + there[0]) / 2)
    return 111.2 * math.hypot(here[0] - there[0], (here[1] - there[1]) * math.cos(north))


def _lists(text: str) -> dict[str, tuple[str, ...]]:
    lines = (line.split() for line in text.split("\n") if line)
    return {key: tuple(words) for key, *words in lines}


def _read(name: str) -> list[Row]:
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, header: str, rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split())
        writer.writerows(rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
