"""People, recipients and customers: parts that belong together."""

import csv
import random
import re
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import dialogue.providers
from dialogue.providers import ProviderError, find_method, open_faker

DATA = Path(dialogue.providers.__file__).parent / "data"
NOW = datetime(2026, 11, 22, 15, 20, 41, tzinfo=ZoneInfo("Asia/Shanghai"))
PRODUCTS = [
    {"name": f"内存条{n}", "price": price} for n, price in enumerate((39.9, 129, 0.1, 1299.0))
]
CITIES = [{"name": name} for name in ("深圳", "杭州", "成都")]
# The first two digits of the postcodes of a province.
PREFIXES = {
    "北京": "10", "上海": "20", "天津": "30", "重庆": "40", "河北": "05 06 07", "山西": "03 04",
    "内蒙": "01 02", "辽宁": "11 12", "吉林": "13", "黑龙": "15 16",
    "江苏": "21 22", "浙江": "31 32",
    "安徽": "23 24", "福建": "35 36", "江西": "33 34", "山东": "25 26 27", "河南": "45 46 47",
    "湖北": "43 44", "湖南": "41 42", "广东": "51 52", "广西": "53 54", "海南": "57",
    "四川": "61 62 63 64", "贵州": "55 56", "云南": "65 66 67", "陕西": "71 72", "甘肃": "73 74",
    "新疆": "83 84", "宁夏": "75",
}  # fmt: skip


@pytest.fixture
def rng():
    return random.Random(4)


def regions():
    with (DATA / "regions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tables(rng):
    return lambda name: rng.choice({"product": PRODUCTS, "city": CITIES}[name])


def customers(rng, count, now=NOW, **arguments):
    call = find_method(open_faker("zh_CN", rng), "shop_customer").bind(arguments)
    return [call(now=now, row=tables(rng)) for _ in range(count)]


def orders(rng, count, now=NOW):
    return [order for customer in customers(rng, count, now) for order in customer.rows["订单"]]


def test_regions_are_well_formed():
    rows = regions()
    assert len(rows) >= 120
    assert len({(row["省"], row["市"]) for row in rows}) >= 45
    assert len({row["省"] for row in rows}) >= 22
    assert len({(row["省"], row["市"], row["县"]) for row in rows}) == len(rows)
    province_of = {row["市"]: row["省"] for row in rows}
    for row in rows:
        assert row["邮编"][:2] in PREFIXES[row["省"][:2]].split(), row
        assert re.fullmatch(r"\d{6}", row["邮编"])
        assert re.fullmatch(r"0\d{2,3}", row["区号"])
        assert province_of[row["市"]] == row["省"]
        assert re.fullmatch(r".+(?:省|市|自治区)", row["省"])
        assert re.fullmatch(r".+(?:市|自治州)", row["市"])
        assert re.fullmatch(r".+[区县市]", row["县"])
    counties = {(row["市"], row["县"]) for row in rows}
    assert not {("杭州市", "下城区"), ("杭州市", "江干区")} & counties
    assert {row["区号"] for row in rows if row["市"] == "杭州市"} == {"0571"}
    assert {row["省"] for row in rows if row["省"] == row["市"]} == {
        "北京市",
        "上海市",
        "天津市",
        "重庆市",
    }


def test_recipients_belong_together(rng):
    rows = {(row["省"], row["市"], row["县"], row["邮编"]) for row in regions()}
    call = find_method(open_faker("zh_CN", rng), "cn_recipient").bind({})
    seen = set()
    for _ in range(2000):
        drawn = call()
        parts = {name: value.surface for name, value in drawn.parts.items()}
        assert list(parts) == ["姓名", "电话", "邮编", "省", "市", "县", "详细地址"]
        place = (parts["省"], parts["市"], parts["县"], parts["邮编"])
        assert place in rows
        seen.add(place)
        assert re.fullmatch(r"1[3-9]\d{9}", parts["电话"])
        assert re.fullmatch(r"[\u4e00-\u9fff]{2,4}", parts["姓名"])
        assert not ("家村" in parts["详细地址"] and parts["县"].endswith("区"))
        assert all(value.normal == value.value == value.surface for value in drawn.parts.values())
        province = "" if parts["省"] == parts["市"] else parts["省"]
        address = f"{province}{parts['市']}{parts['县']}{parts['详细地址']}"
        assert str(drawn) == f"{parts['姓名']}，{parts['电话']}，{address}"
    assert len(seen) == len(rows)


def test_names_and_addresses_are_many(rng):
    call = find_method(open_faker("zh_CN", rng), "cn_recipient").bind({})
    drawn = [call() for _ in range(2000)]
    assert len({record.parts["姓名"].surface for record in drawn}) > 1700
    assert len({record.parts["详细地址"].surface for record in drawn}) > 1990
    lengths = Counter(len(record.parts["姓名"].surface) for record in drawn)
    assert lengths[3] > lengths[2] > 150
    kinds = ["家村", "公寓", "大厦", "小区"]
    for kind in kinds:
        assert sum(kind in record.parts["详细地址"].surface for record in drawn) > 20, kind


def test_title_has_the_surname_and_fits_the_name(rng):
    from dialogue.providers.cn_person import FEMALE, MALE

    call = find_method(open_faker("zh_CN", rng), "cn_person").bind({})
    for _ in range(500):
        drawn = call()
        name, title = drawn.parts["姓名"].surface, drawn.parts["称呼"].surface
        assert str(drawn) == name
        surname = title[:-2]
        assert name.startswith(surname)
        assert set(name[len(surname) :]) <= set("".join(MALE if title[-2:] == "先生" else FEMALE))


def test_mobile_numbers_have_a_prefix_in_use(rng):
    call = find_method(open_faker("zh_CN", rng), "cn_mobile").bind({})
    prefixes = Counter(call().surface[:3] for _ in range(3000))
    # Not given to any carrier, but for 134 and 174, which satellite phones use.
    unused = (134, 140, 141, 142, 143, 144, 146, 148, 149, 154, 160, 161, 164, 174, 179, 194)
    assert not set(prefixes) & set(map(str, unused))
    assert len(prefixes) > 35


def test_customers_are_drawn_again_from_the_same_seed():
    def facts(seed):
        return [(str(one), one.rows) for one in customers(random.Random(seed), 20)]

    assert facts(1) == facts(1) != facts(2)


def test_customer_has_one_to_four_orders_in_the_declared_columns(rng):
    columns = find_method(open_faker("zh_CN", rng), "shop_customer").lists["订单"]
    counts = Counter()
    for customer in customers(rng, 400):
        assert list(customer.parts) == ["姓名", "称呼", "电话", "城市"]
        assert customer.parts["称呼"].surface[0] == customer.parts["姓名"].surface[0]
        assert {"name": customer.parts["城市"].surface} in CITIES
        rows = customer.rows["订单"]
        counts[len(rows)] += 1
        assert all(tuple(row) == columns for row in rows)
        assert len({row["order_no"] for row in rows}) == len(rows)
        assert len({row["tail"] for row in rows}) == len(rows)
    assert sorted(counts) == [1, 2, 3, 4]
    assert {len(customer.rows["订单"]) for customer in customers(rng, 50, orders="1")} == {1}


def test_order_amounts_add_up(rng):
    prices = {row["name"]: Decimal(str(row["price"])) for row in PRODUCTS}
    for order in orders(rng, 300):
        assert re.fullmatch(r"[1-9]\d{11}", order["order_no"])
        assert order["tail"] == order["order_no"][-4:]
        assert Decimal(str(order["amount"])) == prices[order["product"]] * order["quantity"]
        assert isinstance(order["amount"], float)
        assert {"name": order["city"]} in CITIES


def test_every_status_is_common_and_its_times_are_in_order(rng):
    now = NOW.strftime("%Y-%m-%d %H:%M")
    statuses = Counter()
    returnable = Counter()
    for order in orders(rng, 500):
        statuses[order["status"]] += 1
        reached = [order[name] for name in ("ordered_at", "shipped_at", "signed_at")]
        stages = {"paid": 1, "cancelled": 1, "shipped": 2, "signed": 3}[order["status"]]
        times = reached[:stages]
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", at) for at in times)
        assert times == sorted(times)
        assert times[-1] <= now
        assert reached[stages:] == [None] * (3 - stages)
        assert (order["carrier"] is None) == (order["parcel_no"] is None) == (stages == 1)
        assert (order["eta"] is not None) == (order["status"] == "shipped")
        assert order["eta"] is None or order["eta"] > now
        if order["status"] != "signed":
            assert order["return_by"] is None
            continue
        signed = datetime.strptime(order["signed_at"], "%Y-%m-%d %H:%M")
        day = signed.replace(hour=0, minute=0) + timedelta(days=8)
        assert order["return_by"] == day.strftime("%Y-%m-%d 00:00")
        assert 8 <= signed.hour <= 20
        returnable[order["return_by"] > now] += 1
    total = statuses.total()
    assert min(statuses[name] for name in ("paid", "shipped", "signed")) > total / 5
    assert 0 < statuses["cancelled"] < total / 8
    assert min(returnable.values()) > 50


@pytest.mark.parametrize("hour", [0, 3, 7, 8, 23])
def test_times_are_never_ahead_of_an_early_or_late_clock(rng, hour):
    now = NOW.replace(hour=hour, minute=1)
    local = now.strftime("%Y-%m-%d %H:%M")
    for order in orders(rng, 100, now):
        for name in ("ordered_at", "shipped_at", "signed_at"):
            assert order[name] is None or order[name] <= local
        assert order["eta"] is None or order["eta"] > local


def test_parcel_numbers_look_like_their_carriers(rng):
    patterns = {
        "顺丰速运": r"SF1\d{12}",
        "中通快递": r"7\d{14}",
        "圆通速递": r"YT\d{13}",
        "京东物流": r"JD\d{13}",
        "韵达快递": r"4\d{14}",
    }
    seen = set()
    for order in orders(rng, 300):
        if order["carrier"]:
            assert re.fullmatch(patterns[order["carrier"]], order["parcel_no"])
            seen.add(order["carrier"])
    assert seen == set(patterns)


def test_table_without_a_column_is_named(rng):
    call = find_method(open_faker("zh_CN", rng), "shop_customer").bind({"products": "sku"})
    rows = {"sku": {"name": "内存条", "prices": 3}, "city": CITIES[0]}
    with pytest.raises(ProviderError) as caught:
        call(now=NOW, row=rows.__getitem__)
    assert str(caught.value) == (
        "table 'sku' has no 'price'\n  fix: did you mean 'prices'? known: name, prices"
    )
    rows["sku"] = {"name": "内存条", "price": "三元"}
    with pytest.raises(ProviderError) as caught:
        call(now=NOW, row=rows.__getitem__)
    assert str(caught.value) == (
        "a price in table 'sku' is '三元'\n  fix: give every product a number"
    )
