"""The floor: the least that the same sessions cost whoever draws, looks up and writes them.

No engine at all: stock Faker, bare SQLite, orjson. What is drawn counts once, said or not. Wherever
there is a choice, the cheaper one is taken: rows and choices are drawn with equal weights among
surfaces that lie ready, rows are looked up by tools only, the clock and the walk cost nothing.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

import orjson
from faker import Factory

from dialogue.kind import FakerKind, TextKind
from dialogue.value import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from functools import partial
    from pathlib import Path
    from typing import BinaryIO

    from benchmarks.trace import Trace
    from dialogue.graph import Graph
    from dialogue.kind import Drawn
    from dialogue.slot import Slot

Step = tuple["Callable[..., object]", tuple[Any, ...], dict[str, Any]]
LOCAL = "%Y-%m-%d %H:%M"
# Faker methods of ours, and what one would call in stock Faker for the same thing.
STOCK = {
    "cn_mobile": ("phone_number",),
    "cn_person": ("name",),
    "cn_company": ("company",),
    "cn_email": ("email",),
    "cn_recipient": (
        "name",
        "phone_number",
        "postcode",
        "province",
        "city_name",
        "district",
        "street_address",
    ),
}
WORDS = ("今晚", "明天", "周五前", "三天内")  # what two choices make a deadline of
TIMES = ("ordered_at", "shipped_at", "signed_at", "eta", "refund_at", "invoice_at")
CHOSEN = ("signed_by", "refund", "refund_to", "invoice")
CARRIERS = ("SF1############", "7##############", "YT#############", "JD#############")


@dataclass(frozen=True, slots=True)
class Work:
    """The steps of one session: draws, rows for its tables, lookups, and the record to write."""

    draws: list[Step]
    fills: list[tuple[str, str, list[dict[str, Any]]]]  # DELETE, INSERT, rows
    lookups: list[tuple[str, dict[str, Any]]]
    record: dict[str, Any]


class Floor:
    """The tables of a pack in a bare database, and a stock generator of its locale."""

    def __init__(self, graph: Graph, folder: Path, traces: Sequence[Trace]) -> None:
        self.graph = graph
        self.fake: Any = Factory.create(graph.domain.locale)  # its methods are added at run time
        self.database = sqlite3.connect(":memory:", isolation_level=None)
        schema = folder / "tables" / "schema.sql"
        if schema.is_file():
            self.database.executescript(schema.read_text("utf-8"))
        for path in sorted((folder / "tables").glob("*.csv")):
            self.load(path)
        self.surfaces = surfaces(drawn for one in traces for drawn in one.draws)

    def load(self, path: Path) -> None:
        """Load a CSV file; an empty cell is NULL."""
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        names, marks = ", ".join(f'"{name}"' for name in header), ", ".join("?" * len(header))
        self.database.executemany(
            f'INSERT INTO "{path.stem}" ({names}) VALUES ({marks})',
            [[cell or None for cell in row] for row in rows],
        )

    # What a session needs, made ready before the clock is started.

    def work(self, trace: Trace) -> Work:
        """Turn what was seen of a session into steps."""
        draws: list[Step] = []
        fills = []
        for slot, drawn in trace.draws:
            draws += self.steps(slot, drawn)
            if isinstance(drawn.value, Record):
                for table, rows in slot.into:
                    fills.append(filling(table, drawn.value.rows[rows]))
        zone = ZoneInfo(trace.record["zone"])
        now = datetime.fromisoformat(trace.record["now"]).strftime(LOCAL)
        lookups = [
            self.lookup(turn, now, zone) for turn in trace.record["turns"] if turn["kind"] == "call"
        ]
        return Work(draws, fills, lookups, trace.record)

    def steps(self, slot: Slot, drawn: Drawn) -> list[Step]:
        """Return the draws of stock Faker that a draw of a slot stands for."""
        fake, kind = self.fake, slot.kind
        if isinstance(kind, TextKind):
            return []  # its slots are drawn themselves
        if not isinstance(kind, FakerKind):
            return [(fake.random_element, (self.surfaces[slot.name],), {})]
        method = cast("partial[object]", kind.method)
        name = getattr(method.func, "__name__", "")
        if name == "_draw_stock":  # a method of Faker's own, and its arguments
            name, bound = method.args
            return [(getattr(fake, name), (), bound.keywords)]
        if name == "cn_deadline":
            return [(fake.random_element, (WORDS,), {})] * 2
        if name == "cn_tax_number":  # zh_CN has none
            return [(fake.numerify, ("%#################",), {})]
        if name == "shop_customer":
            assert isinstance(drawn.value, Record)
            return self.customer(drawn.value)
        return [(getattr(fake, stock), (), {}) for stock in STOCK[name]]

    def customer(self, record: Record) -> list[Step]:
        """Return the draws of a customer: who, where, how many orders, and all that came of them.

        What is there was drawn: a choice, or a time. A place on the way is a choice, too.
        """
        fake = self.fake
        element: Step = (fake.random_element, (WORDS,), {})
        whole: Step = (fake.random_int, (0, 2000), {})
        steps: list[Step] = [(fake.name, (), {}), (fake.phone_number, (), {}), element, whole]
        for order in record.rows["订单"]:
            steps += [(fake.numerify, ("%###########",), {}), element, element, element]
            steps += [whole] * sum(order[column] is not None for column in TIMES)
            steps += [element] * sum(order[column] is not None for column in CHOSEN)
            if order["carrier"] is not None:
                steps += [element, (fake.numerify, (CARRIERS[0],), {})]
            if order["courier"] is not None:
                steps.append((fake.phone_number, (), {}))
        steps += [element, whole] * (len(record.rows["物流"]) + len(record.rows["优惠券"]))
        steps += [whole, whole] * len(record.rows["会员"])
        return steps

    def lookup(
        self, call: Mapping[str, Any], now: str, zone: ZoneInfo
    ) -> tuple[str, dict[str, Any]]:
        """Return the SQL of a call and its arguments as SQLite takes them."""
        spec = self.graph.domain.tools[call["tool"]].spec
        bound: dict[str, Any] = {"now": now}
        for name, value in call["arguments"].items():
            if isinstance(value, list):
                value = json.dumps(value, ensure_ascii=False)
            elif spec.parameters[name].type == "instant":
                value = datetime.fromisoformat(value).astimezone(zone).strftime(LOCAL)
            bound[name] = value
        return spec.sql, bound

    # What is timed.

    def run(self, works: Iterable[Work], sink: BinaryIO) -> None:
        """Draw, look up and write, session by session."""
        for work in works:
            self.draw(work)
            self.look_up(work)
            self.write(work, sink)

    def draw(self, work: Work) -> None:
        """Draw what a session drew."""
        for call, positional, named in work.draws:
            call(*positional, **named)

    def look_up(self, work: Work) -> list[list[Any]]:
        """Fill the tables and run the lookups of a session; return all rows."""
        cursor = self.database.cursor()
        for clearing, adding, rows in work.fills:
            cursor.execute(clearing)
            if rows:
                cursor.executemany(adding, rows)
        return [cursor.execute(sql, bound).fetchall() for sql, bound in work.lookups]

    def write(self, work: Work, sink: BinaryIO) -> None:
        """Write the record of a session."""
        sink.write(orjson.dumps(work.record, option=orjson.OPT_APPEND_NEWLINE))

    def confirm(self, works: Iterable[Work]) -> None:
        """Fail unless the lookups find as many rows as the engine's did."""
        for work in works:
            expected = [len(t["rows"]) for t in work.record["turns"] if t["kind"] == "result"]
            found = [len(rows) for rows in self.look_up(work)]
            assert found == expected, f"{work.record['id']}: {found} rows, not {expected}"


def surfaces(draws: Iterable[tuple[Slot, Drawn]]) -> dict[str, tuple[str, ...]]:
    """Return the surfaces that were seen of each slot."""
    seen: dict[str, dict[str, None]] = {}
    for slot, drawn in draws:
        if not isinstance(drawn.value, Record):
            seen.setdefault(slot.name, {})[drawn.value.surface] = None
    return {name: tuple(found) for name, found in seen.items()}


def filling(table: str, rows: Iterable[Mapping[str, Any]]) -> tuple[str, str, list[dict[str, Any]]]:
    """Return the statements that put rows into a table of the session, and the rows."""
    values = [dict(row) for row in rows]
    if not values:
        return f"DELETE FROM {table}", "", []
    names, marks = ", ".join(values[0]), ", ".join(f":{name}" for name in values[0])
    return f"DELETE FROM {table}", f"INSERT INTO {table} ({names}) VALUES ({marks})", values
