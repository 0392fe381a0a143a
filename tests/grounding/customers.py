"""What the tools should answer of a customer's orders: the rules, written a second time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from grounding.tables import (
    by,
    days,
    grouped,
    kept,
    month_day,
    months_of,
    price,
    product,
    rule,
    skus,
    table,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Mapping

ORDER = (
    "order_no", "product", "status", "carrier", "parcel_no", "signed_by", "courier", "amount",
)  # fmt: skip


def local(at: str | None, now: datetime) -> str | None:
    """Return a local time of the facts as records write instants."""
    return at and datetime.fromisoformat(at).replace(tzinfo=now.tzinfo).isoformat()


def bought(facts: Mapping[str, Any], number: str) -> Any:
    found = [one for one in facts.get("订单", ()) if one["order_no"] == number]
    return found[0] if found else None


def months_later(day: date, months: int) -> date:
    """Return the day; one that a month does not have is counted on into the next."""
    year, month = divmod(day.month - 1 + months, 12)
    return date(day.year + year, month + 1, 1) + timedelta(days=day.day - 1)


@rule
def check_order(now: datetime, facts: Any, order: str) -> list[Any]:
    one = bought(facts, order)
    if one is None:
        return []
    row = {name: one[name] for name in ORDER}
    row |= {name: local(one[name], now) for name in ("ordered_at", "signed_at", "eta")}
    old = datetime.fromisoformat(row["ordered_at"]) < now - timedelta(days=1)
    over = bool(row["eta"]) and datetime.fromisoformat(row["eta"]) < now
    row["waiting"] = one["status"] == "paid" and old
    row["late"] = one["status"] == "shipped" and over
    return [row]


@rule
def check_return(now: datetime, facts: Any, order: str, reason: str) -> list[Any]:
    one = bought(facts, order)
    # Seven days without giving reasons, longer for what is the shop's fault: the day of signing is
    # not counted.
    signed = datetime.fromisoformat(one["signed_at"]).replace(tzinfo=now.tzinfo)
    term = "质量退换" if reason in ("质量问题", "发错货") else "无理由退货"
    end = signed.replace(hour=0, minute=0) + timedelta(days=days(term) + 1)
    return [{
        "product": one["product"], "amount": one["amount"], "ok": now < end,
        "return_by": (end - timedelta(minutes=1)).isoformat(),
        "shop_pays": reason in ("质量问题", "发错货"),
    }]  # fmt: skip


@rule
def member_info(now: datetime, facts: Any) -> list[Any]:
    steps = sorted(table("level"), key=lambda row: int(row["points"]))
    rows = []
    for member in facts["会员"]:
        reached = [row for row in steps if int(row["points"]) <= member["points"]][-1]
        ahead = [row for row in steps if int(row["points"]) > member["points"]]
        rows.append({
            "points": member["points"], "level": reached["name"], "perk": reached["perk"],
            "next": ahead[0]["name"] if ahead else None,
            "missing": int(ahead[0]["points"]) - member["points"] if ahead else None,
        })  # fmt: skip
    return rows


@rule
def my_coupons(now: datetime, facts: Any) -> list[Any]:
    rows = [
        {**{name: one[name] for name in ("code", "least", "off")},
         "until": month_day(one["expires"])}
        for one in facts["优惠券"]
        if one["expires"] >= now.date().isoformat()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row["off"], row["code"]))


@rule
def track_parcel(now: datetime, facts: Any, order: str) -> list[Any]:
    one = bought(facts, order)
    events = [event for event in facts["物流"] if event["order_no"] == order]
    last = max(events, key=lambda event: event["at"])
    eta = local(one["eta"], now)
    return [{
        "product": one["product"], "carrier": one["carrier"], "parcel_no": one["parcel_no"],
        "at": local(last["at"], now), "place": last["place"], "what": last["what"],
        "courier": one["courier"], "eta": eta,
        "late": eta is not None and datetime.fromisoformat(eta) < now,
    }]  # fmt: skip


@rule
def cancel_order(now: datetime, facts: Any, order: str, reason: str) -> list[Any]:
    one = bought(facts, order)
    row = {name: one[name] for name in ("product", "amount", "carrier")}
    return [{**row, "ok": one["status"] == "paid"}]


@rule
def check_price_guard(now: datetime, facts: Any, order: str) -> list[Any]:
    one = bought(facts, order)
    today = price(one["product"], now)
    ordered = datetime.fromisoformat(one["ordered_at"]).replace(tzinfo=now.tzinfo)
    fell = max(Decimal(str(one["price"])) - Decimal(str(today)), Decimal(0))
    return [{
        "product": one["product"], "paid": one["price"], "quantity": one["quantity"],
        "price": today, "back": float(fell * one["quantity"]), "days": days("保价"),
        "ok": ordered + timedelta(days=days("保价")) >= now,
    }]  # fmt: skip


@rule
def check_invoice(now: datetime, facts: Any, order: str) -> list[Any]:
    one = bought(facts, order)
    return [{
        "product": one["product"], "amount": one["amount"], "state": one["invoice"] or "none",
        "at": local(one["invoice_at"], now), "days": days("发票"),
    }]  # fmt: skip


@rule
def check_refund(now: datetime, facts: Any, order: str) -> list[Any]:
    one = bought(facts, order)
    return [{
        "product": one["product"], "amount": one["amount"], "state": one["refund"] or "none",
        "at": local(one["refund_at"], now), "to": one["refund_to"], "days": days("退款"),
    }]  # fmt: skip


def promises(one: Any, now: datetime) -> dict[str, Any]:
    """Return until when an order is changed or repaired for free."""
    signed = datetime.fromisoformat(one["signed_at"]).date()
    until, months = signed + timedelta(days=days("质量退换")), months_of(one["product"])
    return {
        "until": month_day(until), "ok": until >= now.date(), "months": months,
        "covered": months_later(signed, months) >= now.date(),
    }  # fmt: skip


@rule
def check_quality(now: datetime, facts: Any, order: str) -> list[Any]:
    one = bought(facts, order)
    return [{"product": one["product"], "amount": one["amount"], **promises(one, now)}]


@rule
def check_exchange(now: datetime, facts: Any, order: str, colour: str) -> list[Any]:
    one = bought(facts, order)
    (sku,) = (row["sku_id"] for row in skus(one["product"]) if row["colour"] == colour)
    row = {"product": one["product"], "colour": colour, "left": kept(sku)}
    if not one["signed_at"]:
        return [{**row, "until": None, "ok": one["status"] == "paid"}]
    end = datetime.fromisoformat(one["signed_at"]).date() + timedelta(days=days("无理由退货"))
    return [{**row, "until": month_day(end), "ok": now.date() <= end}]


@rule
def troubleshoot(now: datetime, facts: Any, order: str, fault: str) -> list[Any]:
    one = bought(facts, order)
    rows = grouped("fault", "accessory")[product(one["product"])["accessory"]]
    given = {key: value for key, value in promises(one, now).items() if key != "until"}
    advice = [row["advice"] for row in rows if row["name"] == fault]
    return [{"product": one["product"], "advice": said, **given} for said in advice]


@rule
def return_address(now: datetime, facts: Any) -> list[Any]:
    # To the warehouse that is nearest to what was signed for last.
    past = sorted(facts.get("订单", ()), key=lambda one: one["order_no"])
    past.sort(key=lambda one: one["signed_at"] or "", reverse=True)
    for one in past:
        lanes = grouped("lane", "city").get(one["city"], ())
        if lanes:
            near = min((int(row["days"]), float(row["fee"]), row["warehouse"]) for row in lanes)
            name = near[-1]
            house = by("warehouse", "name")[name]
            return [{column: house[column] for column in ("address", "receiver", "phone")}]
    return []
