"""What may be stated after the sale: orders, parcels, repairs, invoices and money back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from grounding.customers import bought
from grounding.tables import days
from grounding.truth import Asked, Truth, at, only, unit

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def parcel(row: Mapping[str, Any]) -> dict[str, Collection[object]]:
    return {"product": {row["product"]}, "carrier": {row["carrier"]} - {None}}


@unit("order_status")
def ordered(asked: Asked) -> Truth:
    row = asked.row("check_order")
    state = "late" if row["late"] else row["status"]
    key = {"paid": "ordered_at", "cancelled": "ordered_at", "signed": "signed_at"}.get(state, "eta")
    numbers = {"instant": at(row[key]), "number": only(row["parcel_no"])}
    return Truth(state, numbers, {**parcel(row), "signer": {row["signed_by"]} - {None}})


@unit("urge_shipping", "urge_again")
def urged(asked: Asked) -> Truth:
    row = asked.row("check_order")
    state = "sent" if row["status"] != "paid" else "waiting" if row["waiting"] else "recent"
    return Truth(state, {"instant": at(row["ordered_at"])}, parcel(row))


@unit("unknown_order")
def unknown(asked: Asked) -> Truth:
    number = asked.given("check_order", "order")
    state = "known" if asked.rows("check_order") else "unknown"
    return Truth(state, {"number": only(number, *asked.order_words())})


@unit("change_address")
def movable(asked: Asked) -> Truth:
    row = asked.row("check_order")
    numbers = {"instant": at(row["ordered_at"]), "number": only(row["parcel_no"])}
    return Truth("yes" if row["status"] == "paid" else "no", numbers, parcel(row))


@unit("signed_not_received", "signed_this")
def signed(asked: Asked) -> Truth:
    row = asked.row("check_order")
    state = "kept" if row["signed_by"] in ("驿站", "快递柜", "门卫") else "person"
    names = {**parcel(row), "signer": {row["signed_by"]}}
    return Truth(state, {"instant": at(row["signed_at"])}, names, ("signer",))


@unit("track_parcel")
def tracked(asked: Asked) -> Truth:
    row = asked.row("track_parcel")
    out = row["what"] == "派送中"
    numbers = {
        "instant": {"at": at(row["at"])[""], "eta": at(row["eta"])[""]},
        "number": only(row["parcel_no"], row["courier"] if out else None),
    }
    names = {**parcel(row), "city": {row["place"]}, "event": {row["what"]}}
    return Truth("late" if row["late"] else "out" if out else "found", numbers, names)


@unit("urge_delivery")
def delivered(asked: Asked) -> Truth:
    truth, row = tracked(asked), asked.row("track_parcel")
    if row["what"] == "派送中":
        return truth._replace(state="courier", must=("number",))
    return truth._replace(state="late" if row["late"] else "on_way")


@unit("cancel_order", "cancel_this")
def cancelled(asked: Asked) -> Truth:
    row = asked.row("cancel_order")
    status = bought(asked.facts, asked.given("cancel_order", "order"))["status"]
    if status == "paid":
        return Truth("yes", {"money": only(row["amount"])}, parcel(row), ("money",))
    return Truth("no" if status == "shipped" else "never", names=parcel(row))


@unit("change_colour")
def recoloured(asked: Asked) -> Truth:
    row = asked.row("check_exchange")
    names = {"product": {row["product"]}, "colour": {row["colour"]}}
    if asked.order()["status"] != "paid":
        return Truth("sent", names=names)
    if not row["left"]:
        return Truth("sold_out", names=names)
    numbers = {"count": only(row["left"]), "number": only(*asked.order_words())}
    return Truth("found", numbers, names)


@unit("exchange")
def exchanged(asked: Asked) -> Truth:
    row = asked.row("check_exchange")
    state = "too_late" if not row["ok"] else "found" if row["left"] else "sold_out"
    names = {"product": {row["product"]}, "colour": {row["colour"]}}
    return Truth(state, {"day": only(row["until"])}, names)


def promised(row: Mapping[str, Any], now: str, later: str, never: str) -> Truth:
    state = now if row["ok"] else later if row["covered"] else never
    numbers = {"months": only(row["months"])}
    if "until" in row:
        numbers["day"] = only(row["until"])
    return Truth(state, numbers, {"product": {row["product"]}})


@unit("damaged")
def damaged(asked: Asked) -> Truth:
    truth = promised(asked.row("check_quality"), "found", "over", "over")
    box = truth.state == "found" and asked.slots["损坏情况"]["value"] == "外包装破损"
    return truth._replace(state="box" if box else truth.state)


@unit("still_broken")
def broken(asked: Asked) -> Truth:
    row = asked.row("troubleshoot")
    # What is cheap is not repaired.
    return promised(row, "replace", "swap" if row["months"] < 12 else "repair", "over")


@unit("wrong_item")
def wrong(asked: Asked) -> Truth:
    truth = promised(asked.row("check_quality"), "found", "too_late", "too_late")
    return truth._replace(numbers={"day": truth.numbers["day"]})


@unit("warranty_order")
def covered(asked: Asked) -> Truth:
    truth = promised({**asked.row("check_quality"), "ok": False}, "", "found", "over")
    return truth._replace(numbers={"months": truth.numbers["months"]})


@unit("warranty")
def warranted(asked: Asked) -> Truth:
    row = asked.row("check_warranty")
    names = {"product": {row["name"]}}
    return Truth(numbers={"months": only(row["months"])}, names=names, must=("months",))


@unit("fault")
def fixed(asked: Asked) -> Truth:
    row = asked.row("troubleshoot")
    names = {"product": {row["product"]}, "advice": {row["advice"]}}
    return Truth(names=names, must=("advice",))


@unit("usage_guide")
def guided(asked: Asked) -> Truth:
    row = asked.row("read_guide")
    return Truth(names={"product": {row["name"]}, "steps": {row["steps"]}}, must=("steps",))


@unit("complaint", "complaint_this")
def answered(asked: Asked) -> Truth:
    return Truth(numbers={"workdays": only(days("投诉回复"))}, must=("workdays",))


@unit("refund_time", "money_back")
def refundable(asked: Asked) -> Truth:
    return Truth(numbers={"workdays": only(days("退款"))}, must=("workdays",))


@unit("missing_item")
def sent_on(asked: Asked) -> Truth:
    numbers = {"days": only(days("补发")), "number": only(*asked.order_words())}
    return Truth(numbers=numbers, must=("days",))


@unit("invoice", "invoice_personal", "invoice_progress")
def invoiced(asked: Asked) -> Truth:
    row = asked.row("check_invoice")
    numbers = {
        "money": only(row["amount"]),
        "instant": at(row["at"]),
        "workdays": only(row["days"] if row["state"] != "issued" else None),
    }
    return Truth(row["state"], numbers, {"product": {row["product"]}})


@unit("refund_progress")
def refunded(asked: Asked) -> Truth:
    row = asked.row("check_refund")
    numbers = {"money": only(row["amount"])}
    names: dict[str, Collection[object]] = {"product": {row["product"]}}
    if row["state"] == "paid":
        numbers["instant"] = at(row["at"])
        names["wallet"] = {row["to"]}
    elif row["state"] == "returning":
        numbers["workdays"] = only(row["days"])
    return Truth(row["state"], numbers, names)


@unit("return_request")
def returned(asked: Asked) -> Truth:
    row = asked.row("check_return")
    state = "too_late" if not row["ok"] else "shop" if row["shop_pays"] else "customer"
    numbers = {
        "instant": only(datetime.fromisoformat(row["return_by"])),
        "money": only(row["amount"] if row["ok"] else None),
        "days": only(None if row["shop_pays"] else days("无理由退货")),
    }
    return Truth(state, numbers, {"product": {row["product"]}})


@unit("return_address")
def sent_back(asked: Asked) -> Truth:
    row = asked.row("return_address")
    names = {"address": {row["address"]}, "receiver": {row["receiver"]}, "phone": {row["phone"]}}
    return Truth(names=names, must=("address", "receiver", "phone"))
