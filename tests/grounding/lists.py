"""What is said of each thing of several is its own: prices, letters, features, arrivals."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from grounding.roles import role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grounding.text import Claim
    from grounding.truth import Truth

    Row = Mapping[str, Any]

LETTERED = ("·款", "·. ", "·：", "·是", "\n·：")
BEST = re.compile(r"(?:最[低便划][^，]{0,5}|想省点就选)$")


def in_order(claims: tuple[Claim, ...], truth: Truth) -> Iterator[str]:
    """Yield what is said of one row and is true of another only."""
    if not truth.rows:
        return
    first = truth.rows[0]
    if "name" in first:
        yield from _products(claims, truth)
    elif "off" in first:
        yield from _vouchers(claims, truth)
    elif "next" in first:
        yield from _levels(claims, first)
    elif "colour" in first:
        said = [value for claim in claims for kind, value in claim.meant if kind == "colour"]
        if sorted(said) != sorted(row["colour"] for row in truth.rows):
            yield f"the colours are {truth.rows}"


def _products(claims: tuple[Claim, ...], truth: Truth) -> Iterator[str]:
    rows = truth.rows
    by_name = {row["name"]: row for row in rows}
    by_letter = {row["letter"]: row for row in rows if row.get("letter")}
    current: Row | None = None
    listed: list[str] = []
    letters: list[object] = []
    for claim in claims:
        named = [by_name[value] for kind, value in claim.meant
                 if kind == "product" and value in by_name]  # fmt: skip
        if named:
            if claim.before.endswith(LETTERED) and letters and named[0]["letter"] != letters[-1]:
                yield f"'{claim.said}' is not {letters[-1]}"
            if BEST.search(claim.before):
                if named[0] is not rows[0]:
                    yield f"'{claim.said}' is not the cheapest"
            else:
                listed.append(named[0]["name"])
            current = named[0]
        elif claim.kind == "letter":
            letters.append(claim.value)
            current = by_letter.get(str(claim.value), current) if "price" in rows[0] else None
        else:
            yield from _own(claim, current, truth)
    names = [row["name"] for row in rows]
    if len(listed) > 1 and sorted(listed) != sorted(names):
        yield f"{listed} are listed, not {names}"
    signs = [row["letter"] for row in rows if row.get("letter")]
    if letters and sorted(set(letters)) != sorted(signs):
        yield f"{letters} are listed, not {signs}"
    if any("分别" in claim.before for claim in claims):
        prices = [claim.value for claim in claims if claim.kind == "money"]
        if (listed, prices) != (names, [row["price"] for row in rows]):
            yield f"{prices} are not the prices of {listed} in turn"


def _own(claim: Claim, current: Row | None, truth: Truth) -> Iterator[str]:
    """Yield what is said of a row and is another's."""
    first = truth.rows[0]
    for kind, value in claim.meant:
        if kind == "feature" and current and current["feature"] != value:
            yield f"'{claim.said}' is not said of {current['name']}"
    if claim.kind == "money" and "price" in first and "分别" not in claim.before:
        usual = role(claim, truth.numbers["money"]) == "list"
        row = first if claim.after.startswith("起") else current
        if row and claim.value != row["list_price" if usual else "price"]:
            yield f"'{claim.said}' is not the price of {row['name']}"
    if claim.kind == "instant" and "arrives" in first:
        row = current or first
        if claim.value != datetime.fromisoformat(row["arrives"]):
            yield f"'{claim.said}' is not when {row['name']} arrives"


def _vouchers(claims: tuple[Claim, ...], truth: Truth) -> Iterator[str]:
    for kind, name, column in (
        ("money", "off", "off"), ("money", "least", "least"), ("day", "", "until"),
        ("number", "", "code"),
    ):  # fmt: skip
        roles = truth.numbers[kind]
        own = (claim for claim in claims if claim.kind == kind)
        said = [claim.value for claim in own if role(claim, roles) == name]
        if said and said != [row[column] for row in truth.rows]:
            yield f"{said} are not {column} of each"


def _levels(claims: tuple[Claim, ...], row: Row) -> Iterator[str]:
    for claim in claims:
        for kind, value in claim.meant:
            name = role(claim, {"level": 0, "next": 0} if row["next"] else {"level": 0}, "level")
            if kind == "level" and value != row[name]:
                yield f"'{claim.said}' is not the {name}"
