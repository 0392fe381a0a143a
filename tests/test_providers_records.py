"""Customers of a shop: a person and orders that belong together."""

import random
import re
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from dialogue.providers import ProviderError, find_method, open_faker

NOW = datetime(2026, 11, 22, 15, 20, 41, tzinfo=ZoneInfo("Asia/Shanghai"))
PRODUCTS = [
    {"name": f"内存条{n}", "price": price} for n, price in enumerate((39.9, 129, 0.1, 1299.0))
]
CITIES = [{"name": name} for name in ("深圳", "杭州", "成都")]


@pytest.fixture
def rng():
    return random.Random(4)


def tables(rng):
    return lambda name: rng.choice({"product": PRODUCTS, "city": CITIES}[name])


def customers(rng, count, now=NOW, **arguments):
    call = find_method(open_faker("zh_CN", rng), "shop_customer").bind(arguments)
    return [call(now=now, row=tables(rng)) for _ in range(count)]


def orders(rng, count, now=NOW):
    return [order for customer in customers(rng, count, now) for order in customer.rows["订单"]]


def test_customers_are_drawn_again_from_the_same_seed():
    def facts(seed):
        return [(str(one), one.rows) for one in customers(random.Random(seed), 20)]

    assert facts(1) == facts(1) != facts(2)


def test_customer_has_one_to_four_orders_in_the_declared_columns(rng):
    columns = find_method(open_faker("zh_CN", rng), "shop_customer").shape.lists["订单"]
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


def test_customer_is_called_by_surname_or_name_and_can_be_phoned(rng):
    for customer in customers(rng, 400):
        parts = {name: value.surface for name, value in customer.parts.items()}
        assert all(
            value.normal == value.value == value.surface for value in customer.parts.values()
        )
        assert re.fullmatch(r"1[3-9]\d{9}", parts["电话"])
        assert re.fullmatch(r"[\u4e00-\u9fff·]{2,}", parts["姓名"])
        called = re.fullmatch(r"(.+?)(?:先生|女士)", parts["称呼"])
        assert called
        assert parts["姓名"].startswith(called[1])
        assert str(customer) == f"{parts['姓名']}，{parts['电话']}"


def test_orders_travel_with_carriers_by_numbers_of_their_form(rng):
    heads = {"顺丰速运": "SF", "圆通速递": "YT", "极兔速递": "JT", "京东物流": "JD"}
    carriers = Counter()
    numbers = []
    for order in orders(rng, 400):
        if order["carrier"]:
            carriers[order["carrier"]] += 1
            numbers.append(order["parcel_no"])
            assert re.fullmatch(r"[A-Z]{0,4}\d{9,15}(?:CN)?", order["parcel_no"])
            assert order["parcel_no"].startswith(heads.get(order["carrier"], ""))
    assert set(heads) < set(carriers)
    assert max(carriers.values()) < carriers.total() / 3
    assert len(set(numbers)) == len(numbers)


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
