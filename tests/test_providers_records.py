"""Customers of a shop: a person with orders, parcels, vouchers and a membership."""

import random
import re
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from dialogue import load_graph
from dialogue.play import Play
from dialogue.providers import ProviderError, find_method, open_faker
from dialogue.starter import write
from dialogue.value import Record

NOW = datetime(2026, 11, 22, 15, 20, 41, tzinfo=ZoneInfo("Asia/Shanghai"))
LOCAL = "%Y-%m-%d %H:%M"
PRODUCTS = [
    {"name": f"内存条{n}", "price": price, "promo": promo}
    for n, (price, promo) in enumerate(((39.9, 35), (129, 119.5), (0.1, 0.05), (1299.0, 999.0)))
]
CITIES = [{"name": name} for name in ("深圳", "杭州", "成都")]
# The first lasts a day; orders of the last three weeks fall on all days around both.
CAMPAIGNS = [
    {"starts": "2026-11-20", "ends": "2026-11-20"},
    {"starts": "2026-11-10", "ends": "2026-11-14"},
]
TABLES = {"product": PRODUCTS, "city": CITIES, "campaign": CAMPAIGNS}


@pytest.fixture
def rng():
    return random.Random(4)


def customers(rng, count, now=NOW, **arguments):
    call = find_method(open_faker("zh_CN", rng), "shop_customer").bind(arguments)
    row = {"row": lambda name: rng.choice(TABLES[name]), "rows": TABLES.__getitem__}
    return [call(now=now, **row) for _ in range(count)]


def orders(rng, count, now=NOW, **arguments):
    drawn = customers(rng, count, now, **arguments)
    return [order for customer in drawn for order in customer.rows["订单"]]


def parcels(rng, count, now=NOW, **arguments):
    """Return the orders that were shipped, each with its events as they were drawn."""
    found = []
    for customer in customers(rng, count, now, **arguments):
        events = defaultdict(list)
        for event in customer.rows["物流"]:
            events[event["order_no"]].append(event)
        shipped = [order for order in customer.rows["订单"] if order["shipped_at"]]
        assert {order["order_no"] for order in shipped} == set(events)
        found += [(order, events[order["order_no"]]) for order in shipped]
    return found


def moment(text):
    return datetime.strptime(text, LOCAL)


def since(text, now=NOW):
    """Return how long ago it was."""
    return now.replace(tzinfo=None, second=0) - moment(text)


def test_customers_are_drawn_again_from_the_same_seed():
    def facts(seed):
        return [(str(one), one.rows) for one in customers(random.Random(seed), 20)]

    assert facts(1) == facts(1) != facts(2)


def test_customer_has_one_to_four_orders_in_the_declared_columns(rng):
    lists = find_method(open_faker("zh_CN", rng), "shop_customer").shape.lists
    assert list(lists) == ["订单", "物流", "优惠券", "会员"]
    counts = Counter()
    for customer in customers(rng, 400):
        assert list(customer.parts) == ["姓名", "称呼", "电话", "城市"]
        assert customer.parts["称呼"].surface[0] == customer.parts["姓名"].surface[0]
        assert {"name": customer.parts["城市"].surface} in CITIES
        assert list(customer.rows) == list(lists)
        for name, columns in lists.items():
            assert all(tuple(row) == columns for row in customer.rows[name])
        rows = customer.rows["订单"]
        counts[len(rows)] += 1
        assert len({row["order_no"] for row in rows}) == len(rows)
        assert len({row["tail"] for row in rows}) == len(rows)
    assert sorted(counts) == [1, 2, 3, 4]
    assert {len(customer.rows["订单"]) for customer in customers(rng, 50, orders="1")} == {1}


@pytest.mark.parametrize("campaigns", [None, "campaign"])
def test_order_amounts_add_up(rng, campaigns):
    known = {row["name"]: row for row in PRODUCTS}
    lowered = Counter()
    for order in orders(rng, 600, campaigns=campaigns) if campaigns else orders(rng, 300):
        assert re.fullmatch(r"[1-9]\d{11}", order["order_no"])
        assert order["tail"] == order["order_no"][-4:]
        day = order["ordered_at"][:10]
        runs = any(one["starts"] <= day <= one["ends"] for one in CAMPAIGNS)
        column = "promo" if campaigns and runs else "price"
        lowered[day] += column == "promo"
        price = Decimal(str(known[order["product"]][column]))
        assert Decimal(str(order["price"])) == price
        assert Decimal(str(order["amount"])) == price * order["quantity"]
        assert isinstance(order["amount"], float)
        assert isinstance(order["price"], float)
        assert {"name": order["city"]} in CITIES
    days = [day for day in sorted(lowered) if lowered[day]]
    inside = [f"2026-11-{day}" for day in (10, 11, 12, 13, 14, 20)]
    assert days == (inside if campaigns else [])


def test_every_status_is_common_and_its_times_are_in_order(rng):
    now = NOW.strftime(LOCAL)
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
        if order["status"] != "signed":
            assert order["return_by"] is None
            continue
        signed = moment(order["signed_at"])
        day = signed.replace(hour=0, minute=0) + timedelta(days=8)
        assert order["return_by"] == day.strftime("%Y-%m-%d 00:00")
        assert 8 <= signed.hour <= 20
        returnable[order["return_by"] > now] += 1
    total = statuses.total()
    assert min(statuses[name] for name in ("paid", "shipped", "signed")) > total / 5
    assert 0 < statuses["cancelled"] < total / 8
    assert min(returnable.values()) > 50


@pytest.mark.parametrize("hour", [0, 3, 7, 8, 20, 21, 23])
def test_nothing_but_what_is_promised_lies_ahead_of_an_early_or_late_clock(rng, hour):
    now = NOW.replace(hour=hour, minute=1)
    local = now.strftime(LOCAL)
    for customer in customers(rng, 150, now):
        for order in customer.rows["订单"]:
            for name in ("ordered_at", "shipped_at", "signed_at", "refund_at", "invoice_at"):
                assert order[name] is None or order[name] <= local
        assert all(event["at"] <= local for event in customer.rows["物流"])
        assert all(row["joined"] < local[:10] for row in customer.rows["会员"])
    for order, events in parcels(rng, 150, now):
        assert order["ordered_at"] < order["shipped_at"] <= events[0]["at"]
        if order["eta"] and order["eta"] <= local:
            assert since(events[-1]["at"], now) > timedelta(days=1)
        if events[-1]["what"] == "派送中":
            assert order["eta"] > local
            assert order["eta"][:10] == local[:10]


def test_orders_are_of_this_month_but_for_some_signed_ones(rng):
    ages = defaultdict(list)
    recent = Counter()
    for order in orders(rng, 800):
        ages[order["status"]].append(since(order["ordered_at"]))
        if order["status"] == "signed":
            recent[since(order["signed_at"]) < timedelta(days=7)] += 1
    month = timedelta(days=30)
    assert max(max(ages[name]) for name in ("paid", "shipped", "cancelled")) < month
    assert timedelta(days=200) < max(ages["signed"]) < timedelta(days=238)
    old = [age for age in ages["signed"] if age > month]
    assert min(old) > timedelta(days=31)
    assert 0.27 < len(old) / len(ages["signed"]) < 0.41
    assert 0.35 < recent[True] / recent.total() < 0.5


def test_signed_orders_were_taken_by_somebody(rng):
    signers = Counter()
    for order in orders(rng, 800):
        assert (order["signed_by"] is None) == (order["status"] != "signed")
        signers[order["signed_by"]] += 1
    del signers[None]
    assert [name for name, _ in signers.most_common(1)] == ["本人"]
    assert set(signers) == {"本人", "家人", "驿站", "快递柜", "门卫"}
    assert min(signers.values()) > signers.total() / 40


def test_parcels_are_told_of_on_their_way_to_the_city(rng):
    now = NOW.strftime(LOCAL)
    hubs = {"广州", "武汉", "郑州", "杭州", "上海", "北京", "沈阳", "成都", "西安"}
    hop = " 到达分拨中心 离开分拨中心"
    whole = rf"已揽收({hop}){{1,3}} 到达派送网点 派送中 已签收"
    begun = (
        rf"已揽收(({hop}){{0,2}} 到达分拨中心|({hop}){{0,3}}|({hop}){{1,3}} 到达派送网点( 派送中)?)"
    )
    ends, hops = Counter(), Counter()
    for order, events in parcels(rng, 500):
        times = [event["at"] for event in events]
        assert times == sorted(set(times))
        assert order["shipped_at"] <= times[0]
        assert times[-1] <= now
        whats = [event["what"] for event in events]
        if order["status"] == "signed":
            assert re.fullmatch(whole, " ".join(whats))
            assert times[-1] == order["signed_at"]
            assert times[-2][:10] == times[-1][:10]
            hops[whats.count("到达分拨中心")] += 1
        else:
            assert re.fullmatch(begun, " ".join(whats))
        ends[whats[-1]] += 1
        for event in events:
            final = event["what"] in ("到达派送网点", "派送中", "已签收")
            assert event["place"] == order["city"] if final else event["place"] in hubs
        # What enters a hub leaves it, and comes by none twice.
        entered = [event["place"] for event in events if event["what"] == "到达分拨中心"]
        left = [event["place"] for event in events if event["what"] == "离开分拨中心"]
        assert entered[: len(left)] == left
        assert len(set(entered)) == len(entered)
    assert set(hops) == {1, 2, 3}
    assert set(ends) == {
        "已揽收",
        "到达分拨中心",
        "离开分拨中心",
        "到达派送网点",
        "派送中",
        "已签收",
    }
    assert min(ends.values()) > 20


def test_courier_is_known_once_the_parcel_is_out_for_delivery(rng):
    known = Counter()
    for order, events in parcels(rng, 400):
        out = events[-1]["what"] in ("派送中", "已签收")
        known[order["status"], out] += 1
        assert (order["courier"] is not None) == out
        assert order["courier"] is None or re.fullmatch(r"1[3-9]\d{9}", order["courier"])
    assert sorted(known) == [("shipped", False), ("shipped", True), ("signed", True)]
    assert all(order["courier"] is None for order in orders(rng, 200) if not order["shipped_at"])


def test_parcels_arrive_as_promised_or_are_late_and_stuck(rng):
    now = NOW.strftime(LOCAL)
    late = Counter()
    days = defaultdict(set)
    for order, events in parcels(rng, 700):
        if order["status"] != "shipped":
            continue
        last = events[-1]
        late[order["eta"] <= now] += 1
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:00", order["eta"])
        if order["eta"] <= now:
            assert since(last["at"]) > timedelta(days=1)
            assert last["what"] != "派送中"
            continue
        ahead = (moment(order["eta"]).date() - NOW.date()).days
        days[last["what"]].add(ahead)
        assert since(last["at"]) <= timedelta(days=1)
    assert 0.15 < late[True] / late.total() < 0.22
    assert days.pop("派送中") == {0}
    assert days.pop("到达派送网点") == {1}
    assert set().union(*days.values()) == {1, 2, 3, 4}


def test_parcels_come_by_the_hubs_that_the_author_names(rng):
    for hubs in (["广州"], ["深圳", "无名"], ["洛阳", "绵阳", "苏州"]):
        found = parcels(rng, 100, hubs=hubs)
        passed = {
            event["place"]
            for order, events in found
            for event in events
            if event["what"] in ("已揽收", "到达分拨中心", "离开分拨中心")
        }
        assert passed == set(hubs)
    # The last of several hubs is in the city's part of the country.
    last = Counter()
    for order, events in found:
        left = [event["place"] for event in events if event["what"] == "离开分拨中心"]
        if order["status"] == "signed" and len(left) > 1:
            last[order["city"], left[-1]] += 1
    assert set(last) == {("深圳", "洛阳"), ("杭州", "苏州"), ("成都", "绵阳")}


def test_refunds_follow_what_was_cancelled_or_sent_back(rng):
    now = NOW.strftime(LOCAL)
    states = defaultdict(Counter)
    ways = Counter()
    for order in orders(rng, 1500):
        state, status = order["refund"], order["status"]
        assert (order["refund_at"] is None) == (state != "paid")
        assert (order["refund_to"] is None) == (state is None)
        ways[order["refund_to"]] += 1
        if state == "paid":
            assert (order["signed_at"] or order["ordered_at"]) < order["refund_at"] < now
        if status == "signed":
            status = "recent" if since(order["signed_at"]) < timedelta(days=14) else "old"
        states[status][state] += 1
    assert set(states["paid"]) == set(states["shipped"]) == set(states["old"]) == {None}
    assert set(states["cancelled"]) == {None, "asked", "paid"}
    assert 0.7 < 1 - states["cancelled"][None] / states["cancelled"].total() < 0.9
    assert set(states["recent"]) == {None, "asked", "returning", "paid"}
    assert 0.37 < 1 - states["recent"][None] / states["recent"].total() < 0.47
    assert min(*states["recent"].values(), *states["cancelled"].values()) > 20
    assert set(ways) == {None, "微信", "支付宝", "银行卡"}


def test_invoices_are_asked_for_or_issued_after_the_order(rng):
    now = NOW.strftime(LOCAL)
    states = Counter()
    for order in orders(rng, 800):
        state, at = order["invoice"], order["invoice_at"]
        states[state] += 1
        assert (at is None) == (state is None)
        assert at is None or order["ordered_at"] < at < now
        assert state is None or order["status"] != "cancelled"
    assert set(states) == {None, "asked", "issued"}
    assert min(states["asked"], states["issued"]) > states.total() / 10
    assert states[None] > states.total() / 2


def test_vouchers_are_of_use_and_mostly_still_valid(rng):
    counts, past, codes = Counter(), Counter(), []
    for customer in customers(rng, 600):
        vouchers = customer.rows["优惠券"]
        counts[len(vouchers)] += 1
        assert len({(one["least"], one["off"]) for one in vouchers}) == len(vouchers)
        for one in vouchers:
            codes.append(one["code"])
            assert re.fullmatch(r"(?=.*[A-Z])(?=.*\d)[A-HJ-NP-Z2-9]{8}", one["code"])
            assert 5 <= one["off"] <= one["least"] / 5
            assert isinstance(one["least"], float)
            assert isinstance(one["off"], float)
            ahead = (date.fromisoformat(one["expires"]) - NOW.date()).days
            assert -31 <= ahead <= 45
            past[ahead < 0] += 1
    assert sorted(counts) == [0, 1, 2, 3]
    assert min(counts.values()) > 30
    assert 0.15 < past[True] / past.total() < 0.25
    assert len(set(codes)) == len(codes)


def test_members_have_joined_before_their_first_order(rng):
    points = []
    for customer in customers(rng, 600):
        (member,) = customer.rows["会员"]
        points.append(member["points"])
        first = min(order["ordered_at"] for order in customer.rows["订单"])
        assert member["joined"] == str(date.fromisoformat(member["joined"])) < first[:10]
    assert min(points) >= 0
    assert 15_000 < max(points) <= 20_000
    assert all(isinstance(one, int) for one in points)
    assert sum(one < 5000 for one in points) > len(points) / 2


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


def failure(arguments, tables):
    call = find_method(open_faker("zh_CN", random.Random(4)), "shop_customer").bind(arguments)
    with pytest.raises(ProviderError) as caught:
        call(now=NOW, row=lambda name: tables[name][0], rows=tables.__getitem__)
    return str(caught.value)


def test_table_without_a_column_is_named():
    tables = {**TABLES, "sku": [{"name": "内存条", "prices": 3}]}
    assert failure({"products": "sku"}, tables) == (
        "table 'sku' has no 'price'\n  fix: did you mean 'prices'? known: name, prices"
    )
    tables["sku"] = [{"name": "内存条", "price": "三元"}]
    assert failure({"products": "sku"}, tables) == (
        "a price in table 'sku' is '三元'\n  fix: give every product a number"
    )
    tables["sku"] = [{"name": "内存条", "price": 3}]
    tables["sale"] = [{"starts": "2026-01-01", "ends": "2026-12-31"}]
    assert failure({"products": "sku", "campaigns": "sale"}, tables) == (
        "table 'sku' has no 'promo'\n  fix: known: name, price"
    )
    tables["sale"] = [{"starts": "2026-01-01", "ended": "2026-12-31"}]
    assert failure({"products": "sku", "campaigns": "sale"}, tables) == (
        "table 'sale' has no 'ends'\n  fix: did you mean 'ended'? known: ended, starts"
    )


@pytest.mark.parametrize("hubs", [[], "广州"])
def test_hubs_are_a_list_with_something_in_it(rng, hubs):
    with pytest.raises(ProviderError, match="argument 'hubs' of 'shop_customer' cannot be"):
        customers(rng, 1, hubs=hubs)


DOMAIN = """
  客户:
    faker: shop_customer
    with: {products: tea, cities: city, campaigns: sale, hubs: [广州, 武汉]}
    into: {bought: 订单, trail: 物流, voucher: 优惠券, member: 会员}
"""
SCHEMA = """
CREATE TABLE sale (starts TEXT NOT NULL, ends TEXT NOT NULL) STRICT;
CREATE TABLE bought (order_no TEXT PRIMARY KEY, price REAL NOT NULL, refund TEXT) STRICT;
CREATE TABLE trail (
  order_no TEXT NOT NULL REFERENCES bought (order_no), at TEXT NOT NULL, what TEXT NOT NULL
) STRICT;
CREATE TABLE voucher (
  code TEXT PRIMARY KEY, least REAL NOT NULL, off REAL NOT NULL, expires TEXT NOT NULL
) STRICT;
CREATE TABLE member (points INTEGER NOT NULL, joined TEXT NOT NULL) STRICT;
"""


def test_pack_takes_the_lists_it_wants_and_some_of_their_columns(tmp_path):
    write(tmp_path)
    shop = tmp_path / "units" / "shop"
    tables = shop / "tables"
    domain = (shop / "domain.yaml").read_text("utf-8")
    domain = domain.replace("\nslots:\n", f"\nslots:{DOMAIN}", 1)
    (shop / "domain.yaml").write_text(domain, "utf-8")
    schema = (tables / "schema.sql").read_text("utf-8")
    schema = schema.replace("  price", "  promo REAL NOT NULL,\n  price", 1)
    (tables / "schema.sql").write_text(schema + SCHEMA, "utf-8")
    (tables / "sale.csv").write_text("starts,ends\n2026-01-01,2026-12-31\n", "utf-8")
    head, *teas = (tables / "tea.csv").read_text("utf-8").splitlines()
    teas = [f"{tea},{number}.5" for number, tea in enumerate(teas, 1)]
    (tables / "tea.csv").write_text("\n".join([f"{head},promo", *teas, ""]), "utf-8")

    graph = load_graph(tmp_path / "graphs" / "shop.yaml")
    play = Play(graph.domain, NOW, graph.domain.rng)
    customer = play.drawn("客户").value
    assert isinstance(customer, Record)
    prices = {order["price"] for order in customer.rows["订单"]}
    assert prices
    assert prices <= {number + 0.5 for number in range(1, len(teas) + 1)}
    lists = {"bought": "订单", "trail": "物流", "voucher": "优惠券", "member": "会员"}
    for table, name in lists.items():
        assert graph.domain.tables.size(table) == len(customer.rows[name])
        assert play.facts["客户"][name] == list(customer.rows[name])
