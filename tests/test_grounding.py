"""What the shop says is true: every number, date, name and yes or no of its texts, worked out anew.

`grounding/` has the truth, from CSV files and the customer's facts, and a reader of texts; neither
knows the engine, the SQL or the phrasings of the pack.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from grounding.judge import Case, cases, judge, reading
from grounding.tables import PACK, RULES, by, grouped, table
from grounding.text import every
from grounding.truth import UNITS, Truth
from grounding.words import WORDS
from replay import ROOT, read_yaml

import dialogue
from dialogue.behaviours import BEHAVIOURS

Sessions = Callable[[str, int], list[Any]]
COUNT = 2000
EVERY = [f"behaviours.{behaviour.name}=0.3" for behaviour in BEHAVIOURS]


@cache
def domain() -> Any:
    return read_yaml(PACK / "domain.yaml")


@pytest.fixture(scope="module")
def said(sessions: Sessions) -> list[Case]:
    """Return every turn of the bot in 2,000 sessions."""
    return [case for session in sessions("retail", COUNT) for case in cases(session)]


def test_every_unit_and_tool_has_a_rule_here() -> None:
    units = {path.stem for path in PACK.glob("*.yaml")} - {"domain"}
    missing = sorted(units - set(UNITS))
    assert not missing, f"say in tests/grounding what is true for the bot's turns of {missing}"
    assert set(UNITS) == units
    assert set(RULES) == set(domain()["tools"])
    assert set(WORDS) <= units


def test_results_are_what_the_tables_say(sessions: Sessions) -> None:
    seen = set()
    for session in sessions("retail", COUNT):
        now = datetime.fromisoformat(session["now"])
        facts = session["facts"].get("客户", {})
        for call, result in zip(session["turns"], session["turns"][1:], strict=False):
            if call["kind"] == "call":
                rows = RULES[call["tool"]](now, facts, **call["arguments"])
                assert result["rows"] == rows, (session["id"], call)
                seen.add(call["tool"])
    assert seen == set(RULES)


def test_nothing_that_is_said_is_false(said: list[Case]) -> None:
    wrong = [(case.session, case.unit, case.text, found) for case in said if (found := judge(case))]
    assert not wrong, "\n".join(map(str, wrong[:20]))


def test_nothing_is_false_where_people_do_as_they_do() -> None:
    graph = dialogue.load_graph(ROOT / "graphs/retail.yaml", EVERY)
    found = [case for session in dialogue.compose(graph, 250, seed=7) for case in cases(session)]
    wrong = [(case.session, case.unit, case.text, said) for case in found if (said := judge(case))]
    assert not wrong, "\n".join(map(str, wrong[:20]))
    assert len(found) > 900


def test_enough_is_judged(said: list[Case]) -> None:
    stated: Counter[str] = Counter()
    for case in said:
        claims = reading(case, case.text).claims
        stated.update("name" if claim.kind == "name" else claim.kind for claim in claims)
        stated["answer"] += bool(case.truth.state)
    assert stated["name"] > 3000
    assert stated["money"] > 1000
    assert stated["answer"] > 2500
    assert all(stated[kind] > 20 for kind in (
        "instant", "day", "count", "days", "workdays", "months", "periods", "points", "letter",
        "number",
    ))  # fmt: skip
    answers = {(case.unit, case.truth.state) for case in said if case.truth.state}
    words = {(unit, state) for unit, states in WORDS.items() for state in states}
    assert len(answers & words) > 0.9 * len(words)


def test_what_says_nothing_states_nothing(said: list[Case]) -> None:
    quiet = [case for case in said if case.truth == Truth()]
    assert len(quiet) > 500
    assert any(case.asks for case in quiet)
    for case in quiet:
        claims = [claim for claim in reading(case, case.text).claims if claim.kind != "quote"]
        assert {claim.said for claim in claims} <= {"一个"}, (case.session, case.text)


# The judge is judged: what is made false has to be found.


def digit(case: Case, rng: random.Random) -> str | None:
    """Change a digit of what is said."""
    places = [at for at, char in enumerate(case.text) if char in "0123456789"]
    if not places:
        return None
    at = rng.choice(places)
    other = rng.choice([char for char in "0123456789" if char != case.text[at]])
    return case.text[:at] + other + case.text[at + 1 :]


def name(case: Case, rng: random.Random) -> str | None:
    """Name another thing of the same kind."""
    named = [claim for claim in reading(case, case.text).claims if claim.kind == "name"]
    if not named:
        return None
    claim = rng.choice(named)
    kind = min(kind for kind, _ in claim.meant)
    listed = every(kind)
    others = [other for other in listed if not listed[other] & listed[claim.said]]
    return case.text.replace(claim.said, rng.choice(others), 1)


@pytest.mark.parametrize("change", [digit, name])
def test_a_changed_text_is_found(
    said: list[Case], change: Callable[[Case, random.Random], str | None]
) -> None:
    rng = random.Random(7)
    changed = [(case, text) for case in rng.sample(said, 4000) if (text := change(case, rng))]
    assert len(changed) > 800
    missed = [(case.unit, case.text, text) for case, text in changed if not judge(case, text)]
    assert len(missed) < 0.02 * len(changed), missed[:20]


def test_the_other_answer_is_found(said: list[Case]) -> None:
    # Numbers and names are those of the other case, but so is the answer: the words alone tell.
    rng, known = random.Random(8), defaultdict(lambda: defaultdict(list))
    for case in said:
        if case.truth.state:
            known[case.unit][case.truth.state].append(case)
    swapped = missed = 0
    for states in known.values():
        for state, told in states.items():
            others = [case for other, listed in states.items() if other != state for case in listed]
            for case in told[:20] if others else ():
                wrong = rng.choice(others)
                truth = wrong.truth._replace(state=state, must=(), rows=())
                swapped += 1
                missed += not judge(wrong._replace(truth=truth))
                assert judge(case, wrong.text), (case.truth.state, case.text, wrong.text)
    assert swapped > 1000
    assert missed < 0.05 * swapped


# What is asked is what the user said, and users are understood.

ARGUMENTS = {
    "product": "产品", "device": "设备", "place": "地点", "order": "订单", "colour": "颜色",
    "accessory": "配件", "quantity": "数量", "campaign": "活动", "payment": "支付方式",
    "months": "期数", "carrier": "快递公司", "property": "属性", "purpose": "用途", "most": "预算",
    "reason": "退货原因", "fault": "故障", "by": "时间",
}  # fmt: skip
NUMBERED = {"产品": ("product", "product_id"), "设备": ("device", "device_id"),
            "地点": ("city", "city_code")}  # fmt: skip


def meant(slot: str, value: Any) -> Any:
    if slot in NUMBERED:
        return by(*NUMBERED[slot])[value]["name"]
    return value["end"] if isinstance(value, dict) else value


def test_tools_are_asked_what_the_user_asks(sessions: Sessions) -> None:
    seen = set()
    for session in sessions("retail", COUNT):
        turns = session["turns"]
        for at, call in enumerate(turns):
            if call["kind"] != "call":
                continue
            slots = next(turn["state"]["slots"] for turn in turns[at:] if "state" in turn)
            for argument, given in call["arguments"].items():
                wanted = ARGUMENTS.get(argument, ())
                if argument == "reason":
                    wanted = "退货原因" if call["tool"] == "check_return" else "取消原因"
                for slot in (wanted,) if isinstance(wanted, str) else wanted:
                    if slot in slots:
                        value = meant(slot, slots[slot]["value"])
                        same = float(value) == given if slot == "预算" else str(value) == str(given)
                        assert same, (session["id"], call, slot, value)
                        seen.add(slot)
    assert len(seen) == 18


SAID = (
    ("产品", "product", ("name", "alias"), "product_id"),
    ("设备", "device", ("name", "alias"), "device_id"),
    ("地点", "city", ("name", "full_name"), "city_code"),
    ("颜色", "sku", ("colour", "alias"), "colour"),
    ("活动", "campaign", ("name", "alias"), "name"),
    ("支付方式", "payment", ("name", "alias"), "name"),
    ("快递公司", "carrier", ("name", "alias"), "name"),
    ("属性", "property", ("name", "alias"), "name"),
    ("用法", "guide", ("topic", "alias"), "topic"),
    ("用途", "purpose", ("name", "alias"), "name"),
    ("预算", "budget", ("amount", "alias"), "amount"),
    ("故障", "fault", ("name", "alias"), "name"),
)


@cache
def vocabulary() -> dict[str, set[tuple[str, str]]]:
    """Return what users may call things: label → (words, value)."""
    found: dict[str, set[tuple[str, str]]] = {}
    for label, file, columns, value in SAID:
        found[label] = {(row[said], row[value]) for row in table(file) for said in columns}
    for label in ("产品", "设备"):
        found[label] |= {(said.replace(" ", ""), value) for said, value in found[label]}
    for label, slot in domain()["slots"].items():
        label = slot.get("like", label)
        for value, written in slot.get("choose", {}).items():
            says = written["say"] if isinstance(written, dict) else written
            found.setdefault(label, set()).update((word, value) for word in says)
    return found


def test_words_of_users_mean_their_values(sessions: Sessions) -> None:
    seen = set()
    for session in sessions("retail", COUNT)[:800]:
        offered: set[tuple[str, str]] = set()
        orders = session["facts"].get("客户", {}).get("订单", [])
        numbers = {
            (one[column], one["order_no"]) for one in orders for column in ("order_no", "tail")
        }
        for turn in session["turns"]:
            if turn["kind"] == "result" and turn["as"] == "商品":
                offered = {
                    (row[column], by("product", "name")[row["name"]]["product_id"])
                    for row in turn["rows"] for column in ("letter", "word")
                }  # fmt: skip
            for span in turn.get("spans", ()) if turn["speaker"] == "user" else ():
                said = (span["surface"], span["value"])
                if span["slot"] == "订单" and turn["unit"] == "unknown_order":
                    # A number that belongs to nobody here, written out in full.
                    assert len(span["surface"]) == 12
                    assert span["value"] not in {number for _, number in numbers}
                elif span["slot"] == "订单":
                    assert said in numbers, (session["id"], turn["text"])
                elif span["slot"] in vocabulary():
                    known = vocabulary()[span["slot"]] | (
                        offered if span["slot"] == "产品" else set()
                    )
                    assert said in known, (session["id"], turn["text"])
                    seen.add(span["slot"])
    assert seen == set(vocabulary())


def test_orders_could_have_happened(sessions: Sessions) -> None:
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
            assert bool(one["eta"]) == (one["status"] == "shipped")
            row, day = by("product", "name")[one["product"]], one["ordered_at"][:10]
            lower = any(run["starts"] <= day <= run["ends"] for run in table("campaign"))
            cost = Decimal(row["promo" if lower else "price"])
            assert Decimal(str(one["price"])) == cost
            assert Decimal(str(one["amount"])) == cost * one["quantity"]
            assert one["order_no"].endswith(one["tail"])
            assert one["city"] in grouped("city", "name")
    assert seen > 100
