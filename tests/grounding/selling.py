"""What may be stated before the sale: offers, prices, stock, coupons and ways to pay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grounding.tables import campaign, days, left
from grounding.truth import Asked, Truth, at, only, unit

if TYPE_CHECKING:
    from collections.abc import Collection


def listing(asked: Asked, tool: str) -> Truth:
    rows = asked.rows(tool)
    state = "several" if len(rows) > 1 else "one" if rows else "none"
    return Truth(
        state,
        {"money": {"price": [row["price"] for row in rows]},
         "letter": only(*(row["letter"] for row in rows))},
        {"product": [row["name"] for row in rows], "feature": [row["feature"] for row in rows]},
        {"several": ("product", "letter"), "one": ("product",), "none": ()}[state],
        rows=tuple(rows),
    )  # fmt: skip


@unit("product_lookup", "other_device", "lookup_more")
def fitting(asked: Asked) -> Truth:
    truth = listing(asked, "find_products")
    device = asked.given("find_products", "device")
    return truth._replace(names={**truth.names, "device": {device}})


@unit("recommend")
def recommended(asked: Asked) -> Truth:
    truth = listing(asked, "recommend_products")
    if truth.state != "none":
        return truth
    most = asked.given("recommend_products", "most")
    return truth._replace(numbers={"money": only(most), "number": only(f"{most:.0f}")})


@unit("product_choice", "product_card")
def described(asked: Asked) -> Truth:
    row = asked.row("product_details")
    names = {"product": {row["name"]}, "feature": {row["feature"]}}
    return Truth(numbers={"money": only(row["price"])}, names=names)


@unit("price", "choice_price")
def priced(asked: Asked) -> Truth:
    row = asked.row("check_prices")
    names = {"product": {row["name"]}, "campaign": {row["campaign"]} - {None}}
    if not row["campaign"]:
        state = "dear" if campaign(asked.now) else "found"
        return Truth(state, {"money": only(row["price"])}, names, ("money",))
    money = {"price": {row["price"]}, "list": {row["list_price"]}}
    return Truth("promo", {"money": money}, names, ("money", "campaign"))


@unit("compare_price")
def compared(asked: Asked) -> Truth:
    rows = asked.rows("check_prices")
    letters = {row["name"]: row["letter"] for row in asked.rows("offers")}
    called = {row["campaign"] for row in rows}
    promo = None not in called
    money = {"price": [row["price"] for row in rows]}
    if promo:
        money["list"] = [row["list_price"] for row in rows]
    return Truth(
        "promo" if promo else "found" if not campaign(asked.now) else "mixed",
        {"money": money, "letter": only(*letters.values())},
        {"product": [row["name"] for row in rows], "campaign": called - {None}},
        ("money", "campaign") if promo else ("money",),
        rows=tuple({**row, "letter": letters[row["name"]]} for row in rows),
    )


@unit("product_spec", "choice_spec")
def specified(asked: Asked) -> Truth:
    row = asked.row("check_property")
    names = {
        "product": {row["name"]},
        "property": {row["property"]},
        "detail": {row["text"]} - {None},
    }
    if row["text"]:
        return Truth("known", names=names, must=("detail",))
    return Truth("unknown", names=names)


@unit("compatibility")
def compatible(asked: Asked) -> Truth:
    row = asked.row("check_compatibility")
    names = {
        "product": {row["name"], row["instead"]} - {None},
        "device": {row["device"]},
        "adapter": {row["adapter"]} - {None},
    }
    if row["ok"]:
        if row["adapter"]:
            return Truth("adapter", names=names, must=("adapter",))
        return Truth("yes", names=names)
    return Truth("instead" if row["instead"] else "no", names=names)


@unit("stock")
def stocked(asked: Asked) -> Truth:
    row = asked.row("check_stock")
    state = "none" if not row["left"] else "low" if row["left"] < 5 else "found"
    numbers = {"count": only(row["left"]), "number": only(str(row["left"]))}
    if state != "found":
        numbers["instant"] = at(row["restock"])
    return Truth(state, numbers, {"product": {row["name"]}})


@unit("restock_notice")
def noticed(asked: Asked) -> Truth:
    name = asked.product()
    state = "here" if left(name) else "gone"
    return Truth(state, names={"product": {name}}, said=(asked.words("收货人.电话"),))


@unit("colour")
def coloured(asked: Asked) -> Truth:
    row = asked.row("check_colour")
    names = {"product": {row["name"]}, "colour": {row["colour"]}}
    if row["left"]:
        numbers = {"count": only(row["left"]), "number": only(str(row["left"]))}
        return Truth("found", numbers, names)
    if not row["others"]:
        return Truth("none", names=names)
    others = row["others"].split("、")
    names["colour"] |= set(others)
    listed = tuple({"colour": colour} for colour in (row["colour"], *others))
    return Truth("others", names=names, must=("colour",), rows=listed)


@unit("colours")
def painted(asked: Asked) -> Truth:
    row = asked.row("list_colours")
    names = {"product": {row["name"]}}
    if not row["left"]:
        return Truth("none", names=names)
    if not row["colours"]:
        return Truth("single", names=names)
    colours = row["colours"].split("、")
    listed = tuple({"colour": colour} for colour in colours)
    return Truth("found", names={**names, "colour": set(colours)}, must=("colour",), rows=listed)


@unit("campaign_now")
def upcoming(asked: Asked) -> Truth:
    rows = asked.rows("next_campaign")
    if not rows:
        return Truth("none")
    row = rows[0]
    names = {"campaign": {row["name"]}, "terms": {row["rule"]}}
    if row["running"]:
        return Truth("running", {"day": only(row["ends"])}, names, ("campaign",))
    return Truth("ahead", {"day": only(row["starts"])}, names, ("campaign", "day"))


@unit("item_order", "order_product")
def ordering(asked: Asked) -> Truth:
    row, wanted = asked.row("check_quantity"), asked.given("check_quantity", "quantity")
    state = "found" if row["ok"] else "short" if row["left"] else "none"
    # A coupon that was told of is not in the total: that is said.
    coupons = asked.rows("find_coupons") if "find_coupons" in asked.calls else []
    if row["ok"] and asked.unit == "item_order" and any(one["enough"] for one in coupons):
        state = "voucher"
    numbers: dict[str, Any] = {
        "count": {"wanted": {wanted}, "left": {row["left"]}},
        "number": only(str(wanted)),
    }
    if row["ok"]:
        numbers["money"] = only(row["total"])
    return Truth(state, numbers, {"product": {row["name"]}}, ("money",) if row["ok"] else ())


@unit("coupon")
def couponed(asked: Asked) -> Truth:
    rows = asked.rows("find_coupons")
    good = [row for row in rows if row["enough"]]
    names: dict[str, Collection[object]] = {"product": {asked.given("find_coupons", "product")}}
    if not rows:
        return Truth("none", names=names)
    best = (good or rows)[0]
    money = {"off": {best["off"]}, "least": {best["least"]}}
    return Truth(
        "found" if good else "short",
        {"money": money, "day": only(best["until"])},
        {**names, "coupon": {best["coupon"]}},
        ("money", "coupon"),
    )


@unit("my_coupons")
def owned(asked: Asked) -> Truth:
    rows = asked.rows("my_coupons")
    return Truth(
        "several" if len(rows) > 1 else "one" if rows else "none",
        {"money": {"off": [row["off"] for row in rows], "least": [row["least"] for row in rows]},
         "day": only(*(row["until"] for row in rows)),
         "number": only(*(row["code"] for row in rows))},
        must=("money",) if rows else (), rows=tuple(rows),
    )  # fmt: skip


@unit("campaign_rules")
def campaigned(asked: Asked) -> Truth:
    row = asked.row("check_campaign")
    span = {"ends": {row["ends"]}, "starts": {row["starts"]}}
    return Truth(row["state"], {"day": span}, {"campaign": {row["name"]}, "terms": {row["rule"]}})


@unit("gift")
def gifted(asked: Asked) -> Truth:
    rows = asked.rows("current_campaign")
    if not rows:
        return Truth("none")
    names = {"campaign": {rows[0]["name"]}, "gift": {rows[0]["gift"]} - {None}}
    numbers = {"day": only(rows[0]["ends"])}
    if rows[0]["gift"]:
        return Truth("found", numbers, names, ("gift",))
    return Truth("no_gift", numbers, names, ("campaign",))


def periods(row: dict[str, Any]) -> tuple[int, ...]:
    return tuple(int(one) for one in row["instalments"].split("、"))


@unit("payment")
def paying(asked: Asked) -> Truth:
    row = asked.row("check_payment")
    names = {"payment": {row["name"]}}
    if not row["ok"] or not row["instalments"]:
        return Truth("found" if row["ok"] else "none", names=names, must=("payment",))
    numbers = {"money": only(row["least"]), "periods": only(periods(row))}
    return Truth("instalments", numbers, names, ("payment", "money", "periods"))


@unit("instalment")
def instalments(asked: Asked) -> Truth:
    row = asked.row("check_instalments")
    wanted = (asked.given("check_instalments", "months"),)
    names = {"payment": {row["name"]}}
    if row["ok"]:
        numbers = {"money": only(row["least"]), "periods": only(wanted)}
        return Truth("yes", numbers, names, ("periods", "money"))
    return Truth("no", {"periods": only(wanted, periods(row))}, names, ("periods",))


@unit("membership")
def member(asked: Asked) -> Truth:
    row = asked.row("member_info")
    points = {"points": {row["points"]}, "missing": {row["missing"]} - {None}}
    names = {"level": {row["level"], row["next"]} - {None}, "perk": {row["perk"]}}
    state = "found" if row["next"] else "top"
    return Truth(state, {"points": points}, names, ("points", "level"), rows=(row,))


@unit("price_guard")
def guarded(asked: Asked) -> Truth:
    return Truth(numbers={"days": only(days("保价"))}, must=("days",))


@unit("price_claim")
def claimed(asked: Asked) -> Truth:
    row = asked.row("check_price_guard")
    state = "too_late" if not row["ok"] else "found" if row["back"] else "same"
    names = {"product": {row["product"]}}
    if state == "too_late":
        return Truth(state, {"days": only(row["days"])}, names)
    money = {"price": {row["price"]}, "paid": {row["paid"]}}
    if state == "found":
        money["back"] = {row["back"]}
    numbers = {"money": money, "count": only(row["quantity"])}
    return Truth(state, numbers, names, ("money",))
