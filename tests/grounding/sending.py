"""What may be stated of ways and of people: when it arrives, what it costs, who gets it."""

from __future__ import annotations

from datetime import datetime

from grounding.customers import bought
from grounding.tables import left, table
from grounding.truth import UNITS, Asked, Truth, at, only, unit


@unit(
    "abuse", "clarify", "confirm", "goodbye", "greeting", "human", "no_reply", "out_of_scope",
    "photo", "resign", "silence", "small_talk", "thanks", "urge_human", "urge_reply", "wait_on",
)  # fmt: skip
def nothing(asked: Asked) -> Truth:
    return Truth()


def delivery(asked: Asked) -> Truth:
    rows, place = asked.rows("check_delivery"), asked.given("check_delivery", "place")
    good = [row for row in rows if row["ok"]]
    known = [row["name"] for row in good or rows] or asked.given("check_delivery", "products")
    offered = asked.rows("offers") if "offers" in asked.calls else []
    letters = {row["name"]: row["letter"] for row in offered}
    gone = not any(map(left, asked.given("check_delivery", "products")))
    return Truth(
        "gone" if gone else "none" if not rows else "yes" if good else "no",
        {"instant": only(*(datetime.fromisoformat(row["arrives"]) for row in good or rows)),
         "letter": only(*(letters.get(row["name"]) for row in good))},
        {"product": known, "city": {place}}, ("instant",) if rows and not good else (),
        rows=tuple({**row, "letter": letters.get(row["name"])} for row in good or rows),
    )  # fmt: skip


UNITS |= dict.fromkeys(
    ("delivery_time", "choice_delivery", "item_delivery", "other_place", "relax_time"), delivery
)


@unit("arrival", "choice_arrival")
def arriving(asked: Asked) -> Truth:
    rows, place = asked.rows("check_arrival"), asked.given("check_arrival", "place")
    names = {"city": {place}, "product": {asked.given("check_arrival", "product")}}
    if not rows:
        gone = not left(asked.given("check_arrival", "product"))
        return Truth("gone" if gone else "none", names=names)
    return Truth("yes", {"instant": at(rows[0]["arrives"])}, names, ("instant",))


@unit("carriers")
def usual_carriers(asked: Asked) -> Truth:
    (row,) = asked.rows("list_carriers")
    known = {one["alias"]: one["name"] for one in table("carrier")}
    names = {"carrier": {known[alias] for alias in row["carriers"].split("、")}}
    return Truth(names=names, must=("carrier",))


@unit("wait")
def waited(asked: Asked) -> Truth:
    return delivery(asked)._replace(state="", must=())


@unit("shipping_fee")
def fee(asked: Asked) -> Truth:
    rows, place = asked.rows("check_fee"), asked.given("check_fee", "place")
    if not rows:
        return Truth("none", names={"city": {place}}, must=("city",))
    row = rows[0]
    names = {"city": {place}, "warehouse": {row["warehouse"]}}
    if not row["fee"]:
        return Truth("free" if row["warehouse"] == f"{place}仓" else "far", names=names)
    money = {"fee": {row["fee"]}, "least": {row["free_over"]} - {None}}
    return Truth("over" if row["free_over"] else "remote", {"money": money}, names, ("money",))


@unit("delivery_area")
def area(asked: Asked) -> Truth:
    rows, place = asked.rows("check_area"), asked.given("check_area", "place")
    if not rows:
        return Truth("none", names={"city": {place}}, must=("city",))
    row = rows[0]
    names = {"city": {place}, "warehouse": {row["warehouse"]}}
    if not row["days"]:
        return Truth("today" if row["warehouse"] == f"{place}仓" else "near", names=names)
    return Truth("yes", {"days": only(row["days"])}, names, ("days",))


@unit("carrier")
def carried(asked: Asked) -> Truth:
    row = asked.row("check_carrier")
    names = {"carrier": {row["name"]}}
    if row["extra"]:
        return Truth("extra", {"money": only(row["extra"])}, names, ("carrier", "money"))
    return Truth("free" if row["ok"] else "none", names=names, must=("carrier",))


@unit("collect")
def collected(asked: Asked) -> Truth:
    row = asked.row("check_carrier")
    state = "yes" if row["collect"] else "no"
    return Truth(state, names={"carrier": {row["name"]}}, must=("carrier",))


# Who gets it: what the user said, said again.

SAID = {
    "give_recipient": ("收货人.姓名", "收货人.电话", "收货人.详细地址"),
    "confirm_recipient": ("收货人.姓名", "收货人.电话", "收货人.详细地址"),
    "leave_contact": ("收货人.姓名", "收货人.电话"),
    "correct_name": ("收货人.姓名",),
    "correct_phone": ("收货人.电话",),
    "correct_address": ("收货人.详细地址",),
    "pickup": ("取件时间",),
    "order_note": ("备注",),
}


for name, slots in SAID.items():
    UNITS[name] = lambda asked, slots=slots: Truth(said=tuple(map(asked.words, slots)))


@unit("change_contact")
def recontacted(asked: Asked) -> Truth:
    state = "paid" if asked.order()["status"] == "paid" else "sent"
    quotes = (asked.words("收货人.姓名"), asked.words("收货人.电话"))
    return Truth(state, {"number": only(*asked.order_words())}, said=quotes)


@unit("new_address")
def readdressed(asked: Asked) -> Truth:
    one = bought(asked.facts, asked.given("check_order", "order"))
    state = "paid" if one["status"] == "paid" else "sent"
    return Truth(state, said=(asked.words("收货人.详细地址"),))
