"""The shop of units/retail as data: what is there, and that it makes sense."""

from __future__ import annotations

import csv
import os
import sqlite3
import subprocess
import sys
import unicodedata
from collections import Counter, defaultdict
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TABLES = ROOT / "units" / "retail" / "tables"
REGIONS = ROOT / "dialogue" / "providers" / "china" / "data" / "regions.csv"
FILES = sorted(path.stem for path in TABLES.glob("*.csv"))
SESSION = {"orders", "event", "voucher", "member"}
BUILT = ("compat", "stock", "city", "lane")
PURPOSES = {"送人", "办公", "打游戏", "出差", "上课", "日常"}
NOWHERE = {"三沙", "昌都", "那曲", "阿里", "玉树", "果洛", "和田", "香港", "澳门", "台湾"}

Row = dict[str, str]


@cache
def table(name: str) -> list[Row]:
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def column(name: str, key: str) -> list[str]:
    return [row[key] for row in table(name)]


@cache
def left() -> dict[str, Counter[str]]:
    """Pieces by product and SKU."""
    products = {row["sku_id"]: row["product_id"] for row in table("sku")}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in table("stock"):
        counts[products[row["sku_id"]]][row["sku_id"]] += int(row["qty"])
    return counts


@cache
def options() -> dict[tuple[str, str], list[str]]:
    """Products in stock that fit, by accessory and device, for all pairs that make sense."""
    made = {row["product_id"]: row["accessory"] for row in table("product")}
    fits = {(row["accessory"], row["kind"]) for row in table("fits")}
    found: dict[tuple[str, str], list[str]] = {
        (accessory, device["device_id"]): []
        for accessory in column("accessory", "name")
        for device in table("device")
        if (accessory, device["kind"]) in fits
    }
    for row in table("compat"):
        if left()[row["product_id"]].total():
            found[made[row["product_id"]], row["device_id"]].append(row["product_id"])
    return found


def test_the_tables_satisfy_the_schema() -> None:
    base = sqlite3.connect(":memory:")
    base.executescript((TABLES / "schema.sql").read_text("utf-8"))
    names = {
        name for (name,) in base.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
    }
    assert set(FILES) == names - SESSION
    for name in FILES:
        rows = table(name)
        marks = ", ".join(":" + key for key in rows[0])
        base.executemany(
            f"INSERT INTO {name} ({', '.join(rows[0])}) VALUES ({marks})",
            [{key: cell or None for key, cell in row.items()} for row in rows],
        )
    assert base.execute("PRAGMA foreign_key_check").fetchall() == []
    base.close()


def test_how_much_there_is() -> None:
    counts = {"device": 25, "warehouse": 6, "city": 321, "campaign": 10, "coupon": 12}
    assert {name: len(table(name)) for name in counts} == counts
    assert column("product", "product_id") == [f"p{n:02}" for n in range(1, 44)]
    assert column("sku", "sku_id") == [f"s{n:03}" for n in range(1, 124)]


@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_script_writes_what_is_committed(tmp_path: Path, seed: str) -> None:
    script = ROOT / "scripts" / "retail.py"
    environment = os.environ | {"PYTHONHASHSEED": seed}
    subprocess.run([sys.executable, script, tmp_path], check=True, env=environment)
    assert sorted(path.stem for path in tmp_path.iterdir()) == sorted(BUILT)
    for name in BUILT:
        committed = (TABLES / f"{name}.csv").read_bytes()
        assert (tmp_path / f"{name}.csv").read_bytes() == committed, name


@pytest.mark.parametrize("name", FILES)
def test_texts_are_clean(name: str) -> None:
    data = (TABLES / f"{name}.csv").read_bytes()
    text = data.decode()
    assert b"\r" not in data and text.endswith("\n")
    assert unicodedata.is_normalized("NFC", text)
    for row in table(name):
        for cell in row.values():
            assert cell == " ".join(cell.split()), row
            assert cell[-1:] not in tuple("。，；、！？"), row


def test_every_product_is_kept_somewhere() -> None:
    houses = Counter(column("stock", "sku_id"))
    assert set(houses) == set(column("sku", "sku_id"))
    assert set(houses.values()) == {2, 3, 4, 5}
    assert all(0 <= int(qty) <= 300 for qty in column("stock", "qty"))
    totals = {product: boxes.total() for product, boxes in left().items()}
    assert sum(total == 0 for total in totals.values()) == 7
    assert 3 <= sum(1 <= total <= 4 for total in totals.values()) <= 6
    some = [boxes for product, boxes in left().items() if totals[product] > 4 and len(boxes) > 1]
    assert sum(0 in boxes.values() for boxes in some) >= 8
    assert sum(0 not in boxes.values() for boxes in some) >= 5


def test_colours_of_a_product_are_told_apart() -> None:
    said = Counter((row["product_id"], row["alias"]) for row in table("sku"))
    assert set(said.values()) == {1}
    for row in table("sku"):
        assert not row["colour"] or row["alias"] == f"{row['colour'][-1]}色"


def test_no_more_fits_than_has_a_letter() -> None:
    counts = Counter(map(len, options().values()))
    assert max(counts) == len(table("ordinal")) == 4
    assert min(counts[n] for n in range(5)) >= 5
    assert sum(counts[n] for n in (2, 3, 4)) > sum(counts[n] for n in (0, 1))
    assert len(options()["内存条", "d25"]) >= 3


def test_a_product_fits_only_what_it_is_for() -> None:
    made = {row["product_id"]: row["accessory"] for row in table("product")}
    for row in table("compat"):
        assert (made[row["product_id"]], row["device_id"]) in options(), row
    assert set(column("compat", "product_id")) == set(made)
    adapters = Counter(column("compat", "adapter"))
    assert 20 <= adapters.total() - adapters[""] <= adapters.total() // 5


def test_memory_goes_where_its_kind_goes() -> None:
    kind = {row["product_id"]: row["name"].split()[-1] for row in table("product")[:7]}
    taken: dict[str, set[str]] = defaultdict(set)
    for row in table("compat"):
        if row["product_id"] in kind:
            taken[row["device_id"]].add(kind[row["product_id"]])
    assert taken["d20"] == {"DDR4"} and taken["d25"] == {"DDR5"}
    assert all(len(kinds) == 1 for kinds in taken.values())


def test_lanes_go_where_the_shop_sends() -> None:
    reached = set(column("lane", "city"))
    assert len(reached) == 311 >= 300
    assert set(column("city", "name")) - reached == NOWHERE
    counts = Counter(column("lane", "city"))
    assert min(counts.values()) >= 3


def test_a_lane_costs_and_lasts_as_the_way_is_long() -> None:
    province = {row["name"]: row["province"] for row in table("city")}
    fees = {0: ("0", ""), 1: ("6", "59"), 2: ("8", "79"), 3: ("10", "99")}
    remote = {"西藏自治区", "青海省", "新疆维吾尔自治区", "内蒙古自治区"}
    for row in table("lane"):
        days, place = int(row["days"]), row["city"]
        own = province[row["warehouse"].removesuffix("仓")] == province[place]
        if province[place] in remote:
            assert 4 <= days <= 6 and 15 <= int(row["fee"]) <= 20 and not row["free_over"], row
        elif province[place] == "海南省":
            assert (row["fee"], row["free_over"]) == ("12", "") and days in (3, 4), row
        else:
            assert (row["fee"], row["free_over"]) == fees[days], row
        assert (days == 0) == (row["warehouse"] == f"{place}仓"), row
        assert days <= 1 or not own, row
        assert 8 <= int(row["hour"]) <= 21, row


@pytest.mark.parametrize(
    ("warehouse", "place", "days"),
    [
        ("北京仓", "北京", 0),
        ("上海仓", "苏州", 1),
        ("广州仓", "深圳", 1),
        ("成都仓", "重庆", 1),
        ("武汉仓", "长沙", 2),
        ("西安仓", "郑州", 2),
        ("北京仓", "哈尔滨", 3),
        ("广州仓", "北京", 3),
        ("北京仓", "呼和浩特", 4),
        ("成都仓", "拉萨", 5),
        ("北京仓", "喀什", 6),
    ],
)
def test_how_long_a_parcel_takes(warehouse: str, place: str, days: int) -> None:
    lanes = {(row["warehouse"], row["city"]): int(row["days"]) for row in table("lane")}
    assert lanes[warehouse, place] == days


def test_cities_are_real() -> None:
    lines = REGIONS.read_text("utf-8").splitlines()[2:]
    names = {code: name for code, name, *_ in csv.reader(lines)}
    for row in table("city"):
        code = row["city_code"]
        assert names[code] == row["full_name"], row
        assert names[f"{code[:2]}0000"] == row["province"], row
        assert row["full_name"].startswith(row["name"]), row
    said = dict(zip(column("city", "full_name"), column("city", "name"), strict=True))
    assert said["恩施土家族苗族自治州"] == "恩施" and said["阿里地区"] == "阿里"
    assert said["西双版纳傣族自治州"] == "西双版纳" and said["香港特别行政区"] == "香港"
    assert set(said) >= {"北京市", "上海市", "天津市", "重庆市", "延边朝鲜族自治州"}


def test_returns_go_to_the_city_of_the_warehouse() -> None:
    provinces = {row["name"]: (row["province"], row["full_name"]) for row in table("city")}
    for row in table("warehouse"):
        province, city = provinces[row["name"].removesuffix("仓")]
        start = city if province == city else province + city
        assert row["address"].startswith(start), row
        assert row["address"][-1] in "库楼栋座" or row["address"].endswith("号"), row
        assert 16 <= int(row["cutoff"]) <= 18, row


def test_prices_are_plausible() -> None:
    for row in table("product"):
        price, promo = float(row["price"]), float(row["promo"])
        assert 0.65 * price <= promo <= price, row
    for row in table("coupon"):
        least, off = float(row["least"]), float(row["off"])
        assert 0.04 * least <= off <= 0.2 * least, row
        prices = [
            float(item["promo"])
            for item in table("product")
            if row["accessory"] in ("", item["accessory"])
        ]
        assert least <= max(prices), row


def test_campaigns_follow_each_other_and_coupons_overlap() -> None:
    spans = {
        name: [(date.fromisoformat(row["starts"]), date.fromisoformat(row["ends"])) for row in rows]
        for name, rows in (("campaign", table("campaign")), ("coupon", table("coupon")))
    }
    campaigns = spans["campaign"]
    assert all(a[1] < b[0] for a, b in pairwise(campaigns))
    days = [date.fromordinal(date(2026, 1, 1).toordinal() + n) for n in range(365)]
    at_once = [sum(start <= day <= end for start, end in spans["coupon"]) for day in days]
    assert min(at_once) == 0 and max(at_once) >= 3  # on some days there is none


def test_a_campaign_promises_no_more_than_its_price() -> None:
    for row in table("campaign"):
        assert "全店" in row["rule"] or "每一款" in row["rule"], row
        assert not any(mark in row["rule"] for mark in ("满", "折", "减2", "返")), row
        assert row["gift"].startswith("下单送") or not row["gift"], row
    assert 2 <= column("campaign", "gift").count("") <= 5


@pytest.mark.parametrize(
    ("name", "key", "within"),
    [
        ("brand", "name", ""),
        ("device", "name", ""),
        ("product", "name", ""),
        ("property", "name", ""),
        ("campaign", "name", ""),
        ("payment", "name", ""),
        ("carrier", "name", ""),
        ("guide", "topic", "accessory"),
        ("fault", "name", "accessory"),
    ],
)
def test_an_alias_means_one_thing(name: str, key: str, within: str) -> None:
    groups: dict[str, list[str]] = defaultdict(list)
    for row in table(name):
        groups[row.get(within, "")] += [row[key], row["alias"]]
    for said in groups.values():
        assert len(said) == len(set(said)), [word for word, n in Counter(said).items() if n > 1]
    meant: dict[str, set[str]] = defaultdict(set)
    for row in table(name):
        meant[row["alias"]].add(row[key])
        assert row["alias"] not in set(column(name, key)), row
    assert all(len(names) == 1 for names in meant.values())


def test_what_is_named_in_one_table_is_not_in_another() -> None:
    said = [
        word
        for name in ("brand", "device", "product")
        for row in table(name)
        for word in (row["name"], row["alias"])
    ]
    assert len(said) == len(set(said))


def test_what_the_shop_does_not_know() -> None:
    made = {row["product_id"]: row["accessory"] for row in table("product")}
    asked = {(row["accessory"], row["property"]) for row in table("asked")}
    known = {(row["product_id"], row["property"]) for row in table("detail")}
    wanted = {(product, prop) for product in made for kind, prop in asked if kind == made[product]}
    assert known < wanted
    assert 0.12 <= 1 - len(known) / len(wanted) <= 0.2
    assert (
        {prop for _, prop in asked}
        == {prop for _, prop in known}
        == set(column("property", "name"))
    )
    assert set(Counter(kind for kind, _ in asked).values()) <= {3, 4, 5, 6}
    assert all(len(text) <= 20 for text in column("detail", "text"))


def test_every_product_suits_something() -> None:
    purposes = Counter(column("suits", "product_id"))
    assert set(purposes) == set(column("product", "product_id"))
    assert set(purposes.values()) == {2, 3}
    assert set(column("suits", "purpose")) == PURPOSES


def test_every_accessory_is_explained() -> None:
    kinds = set(column("accessory", "name"))
    guides, faults = (Counter(column(name, "accessory")) for name in ("guide", "fault"))
    assert set(guides) == set(faults) == kinds
    assert set(guides.values()) <= {2, 3, 4} and set(faults.values()) <= {3, 4, 5, 6}
    assert all(20 <= len(steps) <= 45 for steps in column("guide", "steps"))
    assert all(15 <= len(advice) <= 35 for advice in column("fault", "advice"))
    assert len(set(column("guide", "steps"))) == len(table("guide"))
    assert len(set(column("fault", "advice"))) == len(table("fault"))


def test_the_rest_of_what_the_shop_promises() -> None:
    days = {row["topic"]: int(row["days"]) for row in table("policy")}
    promised = {"保价": 15, "无理由退货": 7, "质量退换": 15, "退款": 3}
    assert days == promised | {"发票": 2, "补发": 2, "投诉回复": 1}
    assert column("level", "points") == sorted(column("level", "points"), key=int)
    assert column("level", "points")[0] == "0"
    extra = {row["name"]: row["extra"] for row in table("carrier")}
    assert extra["顺丰速运"] == "12" and "0" in extra.values() and "" in extra.values()
    assert all(row["collect"] == "0" for row in table("carrier") if not row["extra"])
    refused = [row for row in table("payment") if row["accepted"] == "0"]
    assert refused and not any(row["instalments"] for row in refused)
