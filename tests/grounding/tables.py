"""The shop of units/retail as its CSV files have it; no SQL of the pack is used, nor its engine."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from replay import ROOT

Row = Mapping[str, str]
PACK = ROOT / "units/retail"


@cache
def table(name: str) -> tuple[Row, ...]:
    with (PACK / f"tables/{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def by(name: str, key: str) -> Mapping[str, Row]:
    return {row[key]: row for row in table(name)}


@cache
def grouped(name: str, key: str) -> Mapping[str, tuple[Row, ...]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in table(name):
        found[row[key]].append(row)
    return {value: tuple(rows) for value, rows in found.items()}


def product(name: str) -> Row:
    return by("product", "name")[name]


def skus(name: str) -> tuple[Row, ...]:
    return grouped("sku", "product_id")[product(name)["product_id"]]


def month_day(day: date | str) -> str:
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{day.month}月{day.day}日"


# What is kept, and what it costs.


def kept(sku: str) -> int:
    return sum(int(row["qty"]) for row in grouped("stock", "sku_id").get(sku, ()))


@cache
def left(name: str) -> int:
    return sum(kept(row["sku_id"]) for row in skus(name))


@cache
def warehouses(name: str) -> frozenset[str]:
    rows = (row for sku in skus(name) for row in grouped("stock", "sku_id").get(sku["sku_id"], ()))
    return frozenset(row["warehouse"] for row in rows if int(row["qty"]) > 0)


def campaign(now: datetime) -> Row | None:
    day = now.date().isoformat()
    running = [row for row in table("campaign") if row["starts"] <= day <= row["ends"]]
    assert len(running) < 2
    return running[0] if running else None


def price(name: str, now: datetime) -> float:
    return float(product(name)["promo" if campaign(now) else "price"])


def offers(names: Iterable[str], now: datetime, most: float | None = None) -> list[Any]:
    """Return products in stock as they are offered: cheapest first, with letters."""
    priced = [(price(name, now), name) for name in names if left(name)]
    found = sorted(one for one in priced if most is None or one[0] <= most)
    signs = [(row["letter"], row["word"]) for row in table("ordinal")]
    signs = [("这款", "这个")] if len(found) == 1 else signs
    return [
        {"letter": letter, "word": word, "name": name, "price": cost,
         "feature": product(name)["feature"]}
        for (cost, name), (letter, word) in zip(found, signs, strict=False)
    ]  # fmt: skip


# What the shop promises.


def days(topic: str) -> int:
    return int(by("policy", "topic")[topic]["days"])


def months_of(name: str) -> int:
    return int(by("accessory", "name")[product(name)["accessory"]]["warranty_months"])


# Tools by name: the clock, the customer and the arguments in, rows out.

Rule = Callable[..., list[Any]]
RULES: dict[str, Rule] = {}


def rule(function: Rule) -> Rule:
    RULES[function.__name__] = function
    return function
