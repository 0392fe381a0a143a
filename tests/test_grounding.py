"""What the shop says is true: the answers of its tools are worked out again from the tables.

The rules are written here a second time, in Python over the CSV files; no SQL of the pack is used.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from replay import ROOT, read_yaml

Sessions = Callable[[str, int], list[Any]]
Row = Mapping[str, str]
PACK = ROOT / "units/retail"
COUNT = 1200


@cache
def domain() -> Any:
    return read_yaml(PACK / "domain.yaml")


@cache
def table(name: str) -> tuple[Row, ...]:
    with (PACK / f"tables/{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def product(name: str) -> Row:
    return next(row for row in table("product") if row["name"] == name)


def stocked(sku: str) -> dict[str, int]:
    """Return the warehouses that have a product, with how many."""
    rows = (row for row in table("stock") if row["sku_id"] == sku and int(row["qty"]) > 0)
    return {row["warehouse"]: int(row["qty"]) for row in rows}


# The rules, each for its tool: arguments, the clock and the customer's orders in, rows out.


def campaign(now: datetime) -> str | None:
    day = now.date().isoformat()
    running = [row["name"] for row in table("campaign") if row["starts"] <= day <= row["ends"]]
    assert len(running) < 2
    return running[0] if running else None


def price(item: Row, now: datetime) -> float:
    return float(item["promo"] if campaign(now) else item["price"])


def find_products(now: datetime, orders: Any, device: str, accessory: str) -> list[Any]:
    number = next(row["device_id"] for row in table("device") if row["name"] == device)
    fits = {row["sku_id"] for row in table("compat") if row["device_id"] == number}
    found = [
        {"name": item["name"], "price": price(item, now), "feature": item["feature"]}
        for item in table("product")
        if item["accessory"] == accessory and item["sku_id"] in fits and stocked(item["sku_id"])
    ]
    found.sort(key=lambda row: (row["price"], row["name"]))
    if len(found) == 1:
        return [{"letter": "这款", "word": "这个", **found[0]}]
    names = {int(row["n"]): row for row in table("ordinal")}
    return [
        {"letter": names[n]["letter"], "word": names[n]["word"], **row}
        for n, row in enumerate(found, 1)
    ]


def product_details(now: datetime, orders: Any, product: str) -> list[Any]:
    return [
        {"name": item["name"], "feature": item["feature"], "price": price(item, now)}
        for item in table("product")
        if item["name"] == product
    ]


def check_prices(now: datetime, orders: Any, products: Sequence[str]) -> list[Any]:
    rows = []
    for item in map(product, products):
        usual, today = float(item["price"]), price(item, now)
        running = campaign(now) if float(item["promo"]) < usual else None
        rows.append(
            {"name": item["name"], "price": today, "list_price": usual, "campaign": running}
        )
    return sorted(rows, key=lambda row: (row["price"], row["name"]))


def check_delivery(
    now: datetime, orders: Any, products: Sequence[str], place: str, by: str
) -> list[Any]:
    cutoff = {row["name"]: int(row["cutoff"]) for row in table("warehouse")}
    rows = []
    for item in map(product, products):
        arrivals = []
        for lane in table("lane"):
            if lane["city"] != place or lane["warehouse"] not in stocked(item["sku_id"]):
                continue
            late = now.hour >= cutoff[lane["warehouse"]]
            day = (now + timedelta(days=int(lane["days"]) + late)).date()
            arrivals.append(
                datetime(day.year, day.month, day.day, int(lane["hour"]), tzinfo=now.tzinfo)
            )
        if arrivals:
            first = min(arrivals)
            ok = first <= datetime.fromisoformat(by)
            rows.append({"name": item["name"], "arrives": first.isoformat(), "ok": ok})
    return sorted(rows, key=lambda row: (row["arrives"], row["name"]))


def check_stock(now: datetime, orders: Any, product: str) -> list[Any]:
    rows = []
    for item in table("product"):
        if item["name"] == product:
            day = (now + timedelta(days=int(item["restock_days"]))).replace(hour=10, minute=0)
            left = sum(stocked(item["sku_id"]).values())
            rows.append({"name": product, "left": left, "restock": day.isoformat()})
    return rows


def check_quantity(now: datetime, orders: Any, product: str, quantity: int) -> list[Any]:
    item = next(row for row in table("product") if row["name"] == product)
    left = sum(stocked(item["sku_id"]).values())
    total = float(Decimal(str(price(item, now))) * quantity)
    return [{"name": product, "left": left, "ok": left >= quantity, "total": total}]


def check_fee(now: datetime, orders: Any, place: str) -> list[Any]:
    lanes = [row for row in table("lane") if row["city"] == place]
    if not lanes:
        return []
    best = min(lanes, key=lambda row: (float(row["fee"]), int(row["days"]), row["warehouse"]))
    free = float(best["free_over"]) if best["free_over"] else None
    return [{"warehouse": best["warehouse"], "fee": float(best["fee"]), "free_over": free}]


def local(at: str | None, now: datetime) -> str | None:
    """Return a local time of the facts as the record writes instants."""
    return at and datetime.fromisoformat(at).replace(tzinfo=now.tzinfo).isoformat()


def check_order(now: datetime, orders: Any, order: str) -> list[Any]:
    rows = []
    for one in orders:
        if one["order_no"] == order:
            ordered = datetime.fromisoformat(one["ordered_at"]).replace(tzinfo=now.tzinfo)
            waiting = one["status"] == "paid" and ordered < now - timedelta(days=1)
            row = {name: one[name] for name in ("product", "status", "carrier", "parcel_no")}
            for name in ("ordered_at", "signed_at", "eta"):
                row[name] = local(one[name], now)
            rows.append({**row, "waiting": waiting})
    return rows


def check_return(now: datetime, orders: Any, order: str, reason: str) -> list[Any]:
    rows = []
    for one in orders:
        if one["order_no"] == order:
            signed = datetime.fromisoformat(one["signed_at"]).date()
            # Seven days without giving reasons: the day of signing is not counted.
            end = datetime(signed.year, signed.month, signed.day, tzinfo=now.tzinfo)
            end += timedelta(days=8)
            rows.append(
                {
                    "product": one["product"], "amount": one["amount"], "ok": now < end,
                    "return_by": (end - timedelta(minutes=1)).isoformat(),
                    "shop_pays": reason in ("质量问题", "发错货"),
                }
            )  # fmt: skip
    return rows


RULES: dict[str, Callable[..., list[Any]]] = {
    rule.__name__: rule
    for rule in (
        find_products, product_details, check_prices, check_delivery, check_stock, check_quantity,
        check_fee, check_order, check_return,
    )
}  # fmt: skip


# Outcomes, by the unit: what was looked up in it, worked out again.


def delivery(rows: list[Any]) -> str:
    return "none" if not rows else "found" if any(row["ok"] for row in rows) else "too_late"


def offers(rows: list[Any]) -> str:
    return "several" if len(rows) > 1 else "one" if rows else "none"


def ordered(rows: list[Any]) -> str:
    return str(rows[0]["status"])


OUTCOMES: dict[str, Callable[[list[Any]], str]] = {
    "product_lookup": offers,
    "other_device": offers,
    "lookup_more": offers,
    "delivery_time": delivery,
    "choice_delivery": delivery,
    "relax_time": delivery,
    "other_place": delivery,
    "price": lambda rows: "promo" if rows[0]["campaign"] else "found",
    "compare_price": lambda rows: "promo" if rows[0]["campaign"] else "found",
    "stock": lambda rows: ("none", "low", "found")[(rows[0]["left"] > 0) + (rows[0]["left"] > 4)],
    "order_product": lambda rows: "found" if rows[0]["ok"] else "short",
    "shipping_fee": lambda rows: (
        "none" if not rows else "free" if not rows[0]["fee"]
        else "found" if rows[0]["free_over"] else "remote"
    ),
    "order_status": ordered,
    "change_address": lambda rows: "allowed" if ordered(rows) == "paid" else "shipped",
    "urge_shipping": lambda rows: "waiting" if rows[0]["waiting"] else "recent",
    "return_request": lambda rows: (
        "too_late" if not rows[0]["ok"]
        else "shop_pays" if rows[0]["shop_pays"] else "customer_pays"
    ),
}  # fmt: skip


def looked_up(session: Any) -> Iterator[tuple[Any, Any, list[Any]]]:
    """Yield each call with its result and the rows that it should have."""
    now = datetime.fromisoformat(session["now"])
    orders = session["facts"].get("客户", {}).get("订单", [])
    for call, result in zip(session["turns"], session["turns"][1:], strict=False):
        if call["kind"] == "call":
            yield call, result, RULES[call["tool"]](now, orders, **call["arguments"])


def test_every_tool_has_a_rule_here() -> None:
    assert set(RULES) == set(domain()["tools"])


def test_results_are_what_the_tables_say(sessions: Sessions) -> None:
    seen: dict[str, int] = {}
    for session in sessions("retail", COUNT):
        for call, result, rows in looked_up(session):
            assert result["rows"] == rows, (session["id"], call)
            seen[call["tool"]] = seen.get(call["tool"], 0) + 1
    assert set(seen) == set(RULES)


def test_outcomes_are_what_the_tables_say(sessions: Sessions) -> None:
    seen = set()
    for session in sessions("retail", COUNT):
        latest: dict[str, list[Any]] = {call["unit"]: rows for call, _, rows in looked_up(session)}
        for unit, rows in latest.items():
            said = [t for t in session["turns"] if t["unit"] == unit and "outcome" in t]
            if said and unit in OUTCOMES:
                outcome = said[-1]["outcome"].removesuffix("_memory")
                assert outcome == OUTCOMES[unit](rows), (session["id"], unit)
                seen.add((unit, outcome))
    assert len(seen) > 30
    named = {turn["unit"] for s in sessions("retail", COUNT) for turn in s["turns"]
             if turn["kind"] == "call" and turn["unit"] not in OUTCOMES}  # fmt: skip
    assert named <= {"product_choice", "unknown_order"}  # they have one answer


def test_orders_could_have_happened(sessions: Sessions) -> None:
    cities = {row["name"] for row in table("city")}
    seen = 0
    for session in sessions("retail", COUNT):
        now = datetime.fromisoformat(session["now"]).replace(tzinfo=None)
        for one in session["facts"].get("客户", {}).get("订单", []):
            seen += 1
            past = [one[name] for name in ("ordered_at", "shipped_at", "signed_at") if one[name]]
            times = [datetime.fromisoformat(at) for at in past]
            assert times == sorted(times)
            assert times[-1] < now
            assert len(times) == {"shipped": 2, "signed": 3}.get(one["status"], 1)
            assert one["eta"] is None or datetime.fromisoformat(one["eta"]) > now
            assert bool(one["eta"]) == (one["status"] == "shipped")
            usual = Decimal(product(one["product"])["price"]) * one["quantity"]
            assert Decimal(str(one["amount"])) == usual
            assert one["order_no"].endswith(one["tail"])
            assert one["city"] in cities
    assert seen > 100


# Words: what is said of a value is that value.

DAYS = {"前天": -2, "昨天": -1, "今天": 0, "明天": 1, "后天": 2, "昨晚": -1, "今晚": 0, "明晚": 1}
INSTANT = re.compile(
    r"(?:(?P<day>前天|昨天|今天|明天|后天|昨晚|今晚|明晚)|(?:(?P<year>\d+)年)?(?P<month>\d+)月(?P<date>\d+)日)"
    r"(?P<part>凌晨|早上|上午|中午|下午|晚上)?(?P<hour>\d+)点(?P<minute>半|\d\d分)?"
)


def heard(words: str, now: datetime) -> datetime:
    """Return the instant that somebody understands."""
    said = INSTANT.fullmatch(words)
    assert said is not None, words
    if said["day"]:
        day = now + timedelta(days=DAYS[said["day"]])
    else:
        year = int(said["year"] or now.year)
        day = now.replace(year=year, month=int(said["month"]), day=int(said["date"]))
    hour = int(said["hour"])
    evening = said["part"] in ("下午", "晚上") or (said["day"] or "").endswith("晚")
    hour += 12 if evening and hour < 12 else 0
    minute = said["minute"] or "0"
    minutes = 30 if minute == "半" else int(minute.removesuffix("分"))
    return day.replace(hour=hour, minute=minutes, second=0, microsecond=0)


def test_words_of_the_bot_mean_their_values(sessions: Sessions) -> None:
    types = {
        (tool, column): spec["type"]
        for tool, one in domain()["tools"].items()
        for column, spec in one["returns"].items()
        if isinstance(spec, dict)
    }
    seen = set()
    for session in sessions("retail", COUNT):
        now = datetime.fromisoformat(session["now"])
        tools = {t["as"]: t["tool"] for t in session["turns"] if t["kind"] == "result"}
        for turn in session["turns"]:
            for span in turn.get("spans", ()) if turn["speaker"] == "bot" else ():
                result, _, column = span["slot"].partition(".")
                kind = types.get((tools.get(result, ""), column))
                seen.add(kind)
                if kind == "instant":
                    assert heard(span["surface"], now).isoformat() == span["value"], session["id"]
                elif kind == "money":
                    assert re.fullmatch(r"\d+(\.\d\d?)?元", span["surface"]), span["surface"]
                    assert float(span["surface"][:-1]) == span["value"]
                elif kind:
                    assert span["surface"] == str(span["value"])
    assert seen >= {"instant", "money", "integer", "string"}


def meanings(session: Any, offered: list[Any]) -> dict[str, set[tuple[str, str]]]:
    """Return what users may call things now: label → (words, normal form)."""
    found = {
        label: {(row[column], row["name"]) for row in table(name) for column in ("name", other)}
        for label, name, other in (
            ("设备", "device", "alias"),
            ("产品", "product", "alias"),
            ("地点", "city", "full_name"),
        )
    }
    for row in offered:
        found["产品"] |= {(row[column], row["name"]) for column in ("name", "letter", "word")}
    for label in ("配件", "数量", "退货原因"):
        found[label] = set()
        for normal, written in domain()["slots"][label]["choose"].items():
            says = written["say"] if isinstance(written, dict) else written
            found[label] |= {(word, normal) for word in says}
    orders = session["facts"].get("客户", {}).get("订单", [])
    found["订单"] = {(one[c], one["order_no"]) for one in orders for c in ("order_no", "tail")}
    return found


def test_words_of_users_mean_their_values(sessions: Sessions) -> None:
    seen = set()
    for session in sessions("retail", COUNT)[:400]:
        offered: list[Any] = []
        known = meanings(session, offered)
        for turn in session["turns"]:
            if turn["kind"] == "result" and turn["as"] == "商品":
                known = meanings(session, turn["rows"])
            for span in turn.get("spans", ()) if turn["speaker"] == "user" else ():
                if span["slot"] == "订单" and turn["unit"] == "unknown_order":
                    # A number that belongs to nobody here, written out in full.
                    orders = {order for _, order in known["订单"]}
                    assert len(span["surface"]) == 12
                    assert span["value"] not in orders
                elif span["slot"] in known:
                    said = (span["surface"], span.get("normal", span["surface"]))
                    assert said in known[span["slot"]], (session["id"], turn["text"])
                    seen.add(span["slot"])
    assert len(seen) == 7


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("device", ("name", "alias")),
        ("product", ("name", "alias")),
        ("city", ("name", "full_name")),
    ],
)
def test_words_stand_for_one_thing(name: str, columns: tuple[str, ...]) -> None:
    meant: dict[str, str] = {}
    for row in table(name):
        for column in columns:
            assert meant.setdefault(row[column], row["name"]) == row["name"], row[column]


# Nothing is stated in passing.

NUMERAL = "一二两三四五六七八九十百千万"
STATED = re.compile(
    r"[\d０-９％%¥￥]"
    rf"|(?<!万)[{NUMERAL[:-3]}][{NUMERAL[1:]}]+(?!分[^钟之])"
    r"|(?:[二两三四五六七八九十]|(?<=[\s，。：])一)(?:个?(?:小时|月|星期|工作日)|天|周|分钟|元|块|折|件|号|点(?!击))"
)


def test_bot_states_no_number_and_no_product_outside_of_spans(sessions: Sessions) -> None:
    names = {row[column] for row in table("product") for column in ("name", "alias")}
    names |= {row[column] for row in table("device") for column in ("name", "alias")}
    names |= {row["name"] for row in (*table("warehouse"), *table("campaign"))}
    facts = {p.stem: read_yaml(p).get("facts", {}) for p in sorted(PACK.glob("*.yaml"))}
    checked: dict[str, str] = {}
    for session in sessions("retail", COUNT):
        for turn in session["turns"]:
            if turn["kind"] != "utterance" or turn["speaker"] != "bot":
                continue
            rest, last = [], 0
            for span in turn["spans"]:
                rest.append(turn["text"][last : span["start"]])
                last = span["end"]
            words = "⟦⟧".join((*rest, turn["text"][last:]))
            for fact in facts[turn["unit"]]:
                words = words.replace(fact, "")
            checked[words] = session["id"]
    assert len(checked) > 300
    for words, where in checked.items():
        assert not STATED.search(words), (where, words)
        assert not [name for name in names if name in words], (where, words)
