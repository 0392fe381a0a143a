"""What the tools should answer of products, prices and lanes: the rules, written a second time."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from grounding.tables import (
    by,
    campaign,
    days,
    grouped,
    kept,
    left,
    month_day,
    months_of,
    offers,
    price,
    product,
    rule,
    skus,
    table,
    warehouses,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Sequence


@rule
def find_products(now: datetime, facts: Any, device: str, accessory: str) -> list[Any]:
    number = by("device", "name")[device]["device_id"]
    fits = {row["product_id"] for row in grouped("compat", "device_id").get(number, ())}
    made = grouped("product", "accessory")[accessory]
    return offers((row["name"] for row in made if row["product_id"] in fits), now)


@rule
def recommend_products(
    now: datetime, facts: Any, accessory: str, purpose: str, most: float
) -> list[Any]:
    good = {row["product_id"] for row in table("suits") if row["purpose"] == purpose}
    made = grouped("product", "accessory")[accessory]
    return offers((row["name"] for row in made if row["product_id"] in good), now, most)


@rule
def product_details(now: datetime, facts: Any, **given: str) -> list[Any]:
    name = given["product"]
    return [{"name": name, "feature": product(name)["feature"], "price": price(name, now)}]


@rule
def check_prices(now: datetime, facts: Any, products: Sequence[str]) -> list[Any]:
    rows = []
    for name in products:
        usual, today, running = float(product(name)["price"]), price(name, now), campaign(now)
        called = running["name"] if running and today < usual else None
        rows.append({"name": name, "price": today, "list_price": usual, "campaign": called})
    return sorted(rows, key=lambda row: (row["price"], row["name"]))


@rule
def check_delivery(
    now: datetime, facts: Any, products: Sequence[str], place: str, **given: str
) -> list[Any]:
    cutoff = {row["name"]: int(row["cutoff"]) for row in table("warehouse")}
    rows = []
    for name in products:
        arrivals = []
        for lane in grouped("lane", "city").get(place, ()):
            if lane["warehouse"] in warehouses(name):
                late = now.hour >= cutoff[lane["warehouse"]]
                day = (now + timedelta(days=int(lane["days"]) + late)).date()
                at = datetime(day.year, day.month, day.day, int(lane["hour"]), tzinfo=now.tzinfo)
                arrivals.append(at)
        if arrivals:
            ok = min(arrivals) <= datetime.fromisoformat(given["by"])
            rows.append({"name": name, "arrives": min(arrivals).isoformat(), "ok": ok})
    return sorted(rows, key=lambda row: (row["arrives"], row["name"]))


@rule
def check_stock(now: datetime, facts: Any, **given: str) -> list[Any]:
    name = given["product"]
    wait = int(product(name)["restock_days"])
    day = (now + timedelta(days=wait)).replace(hour=10, minute=0)
    return [{"name": name, "left": left(name), "restock": day.isoformat()}]


@rule
def check_quantity(now: datetime, facts: Any, quantity: int, **given: str) -> list[Any]:
    name = given["product"]
    total = float(Decimal(str(price(name, now))) * quantity)
    return [{"name": name, "left": left(name), "ok": left(name) >= quantity, "total": total}]


@rule
def check_fee(now: datetime, facts: Any, place: str) -> list[Any]:
    lanes = grouped("lane", "city").get(place, ())
    if not lanes:
        return []
    best = min(lanes, key=lambda row: (float(row["fee"]), int(row["days"]), row["warehouse"]))
    free = float(best["free_over"]) if best["free_over"] else None
    return [{"warehouse": best["warehouse"], "fee": float(best["fee"]), "free_over": free}]


@rule
def check_area(now: datetime, facts: Any, place: str) -> list[Any]:
    lanes = grouped("lane", "city").get(place, ())
    if not lanes:
        return []
    best = min(lanes, key=lambda row: (int(row["days"]), float(row["fee"]), row["warehouse"]))
    return [{"place": place, "warehouse": best["warehouse"], "days": int(best["days"])}]


@rule
def check_property(now: datetime, facts: Any, **given: str) -> list[Any]:
    name, asked = given["product"], given["property"]
    rows = grouped("detail", "product_id").get(product(name)["product_id"], ())
    known = {row["property"]: row["text"] for row in rows}
    return [{"name": name, "property": asked, "text": known.get(asked)}]


@rule
def check_compatibility(now: datetime, facts: Any, device: str, **given: str) -> list[Any]:
    one, number = product(given["product"]), by("device", "name")[device]["device_id"]
    rows = grouped("compat", "device_id").get(number, ())
    fits = {row["product_id"]: row["adapter"] or None for row in rows}
    ok = one["product_id"] in fits
    instead = [
        (float(row["price"]), row["name"])
        for row in grouped("product", "accessory")[one["accessory"]]
        if fits.get(row["product_id"], "no") is None and left(row["name"])
    ]
    return [{
        "name": one["name"], "device": device, "ok": ok, "adapter": fits.get(one["product_id"]),
        "instead": None if ok or not instead else min(instead)[1],
    }]  # fmt: skip


@rule
def check_colour(now: datetime, facts: Any, colour: str, **given: str) -> list[Any]:
    name = given["product"]
    counts = {row["colour"]: kept(row["sku_id"]) for row in skus(name)}
    others = "、".join(one for one, count in counts.items() if one != colour and count)
    return [{"name": name, "colour": colour, "left": counts[colour], "others": others or None}]


@rule
def check_arrival(now: datetime, facts: Any, place: str, **given: str) -> list[Any]:
    far = (now + timedelta(days=365)).isoformat()
    rows = check_delivery(now, facts, [given["product"]], place, by=far)
    return [{"name": row["name"], "arrives": row["arrives"]} for row in rows]


@rule
def list_colours(now: datetime, facts: Any, **given: str) -> list[Any]:
    name = given["product"]
    there = [row["colour"] for row in skus(name) if row["colour"] and kept(row["sku_id"])]
    return [{"name": name, "left": left(name), "colours": "、".join(there) or None}]


@rule
def list_carriers(now: datetime, facts: Any) -> list[Any]:
    free = sorted((row["name"], row["alias"]) for row in table("carrier") if row["extra"] == "0")
    return [{"carriers": "、".join(alias for _, alias in free[:3])}]


@rule
def next_campaign(now: datetime, facts: Any) -> list[Any]:
    today = now.date().isoformat()
    ahead = sorted((row["ends"], row["name"]) for row in table("campaign") if row["ends"] >= today)
    rows = [by("campaign", "name")[name] for _, name in ahead[:1]]
    return [{
        "name": row["name"], "running": row["starts"] <= today, "rule": row["rule"],
        "starts": month_day(row["starts"]), "ends": month_day(row["ends"]),
    } for row in rows]  # fmt: skip


@rule
def find_coupons(now: datetime, facts: Any, **given: str) -> list[Any]:
    name, today = given["product"], now.date().isoformat()
    rows = [
        {"coupon": row["name"], "least": float(row["least"]), "off": float(row["off"]),
         "until": month_day(row["ends"]), "enough": float(row["least"]) <= price(name, now)}
        for row in table("coupon")
        if row["accessory"] in ("", product(name)["accessory"])
        and row["starts"] <= today <= row["ends"]
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row["off"], row["coupon"]))


@rule
def check_campaign(now: datetime, facts: Any, **given: str) -> list[Any]:
    row, today = by("campaign", "name")[given["campaign"]], now.date().isoformat()
    state = "ahead" if today < row["starts"] else "over" if today > row["ends"] else "running"
    return [{
        "name": row["name"], "state": state, "starts": month_day(row["starts"]),
        "ends": month_day(row["ends"]), "rule": row["rule"], "gift": row["gift"] or None,
    }]  # fmt: skip


@rule
def current_campaign(now: datetime, facts: Any) -> list[Any]:
    row = campaign(now)
    if row is None:
        return []
    return [{"name": row["name"], "ends": month_day(row["ends"]), "gift": row["gift"] or None}]


@rule
def read_policy(now: datetime, facts: Any, topic: str) -> list[Any]:
    return [{"topic": topic, "days": days(topic)}]


@rule
def check_warranty(now: datetime, facts: Any, **given: str) -> list[Any]:
    return [{"name": given["product"], "months": months_of(given["product"])}]


@rule
def read_guide(now: datetime, facts: Any, topic: str, **given: str) -> list[Any]:
    rows = grouped("guide", "accessory")[product(given["product"])["accessory"]]
    steps = [row["steps"] for row in rows if row["topic"] == topic]
    return [{"name": given["product"], "topic": topic, "steps": one} for one in steps]


@rule
def check_carrier(now: datetime, facts: Any, carrier: str) -> list[Any]:
    row = by("carrier", "name")[carrier]
    extra = float(row["extra"]) if row["extra"] else None
    collect = row["collect"] == "1"
    return [{"name": carrier, "ok": extra is not None, "extra": extra, "collect": collect}]


@rule
def check_payment(now: datetime, facts: Any, payment: str) -> list[Any]:
    row = by("payment", "name")[payment]
    return [{
        "name": payment, "ok": row["accepted"] == "1", "instalments": row["instalments"] or None,
        "least": float(row["least"]) if row["least"] else None,
    }]  # fmt: skip


@rule
def check_instalments(now: datetime, facts: Any, payment: str, months: int) -> list[Any]:
    row = check_payment(now, facts, payment)[0]
    return [{**row, "ok": str(months) in row["instalments"].split("、")}]
