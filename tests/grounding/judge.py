"""Whether a turn of the shop is true: what it states against what was worked out."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from replay import ROOT, read_yaml

from grounding import aftersale, catalogue, selling, sending
from grounding.lists import in_order
from grounding.roles import role
from grounding.tables import RULES
from grounding.text import Claim, Reading, read
from grounding.truth import UNITS, Asked, Truth
from grounding.words import DONE, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LOADED = (aftersale, catalogue, selling, sending)  # they register units and tools
OFFERS = {"find_products", "recommend_products"}
# Slots that stand for rows or numbers: what is said of them is checked as such.
CHECKED = {
    "产品", "设备", "地点", "颜色", "活动", "支付方式", "快递公司", "属性", "订单", "数量", "期数",
}  # fmt: skip
# Said of no number: give me one, make up for it with one.
IDIOMS = {"一个", "一件"}


class Case(NamedTuple):
    """A turn to be judged; `asks` is true of one that asks for what is missing."""

    session: str
    unit: str
    text: str
    now: datetime
    truth: Truth
    quotes: tuple[str, ...]
    asks: bool


def cases(session: Mapping[str, Any]) -> Iterator[Case]:
    """Yield the bot's turns of a session with what is true for each."""
    now = datetime.fromisoformat(session["now"])
    facts = session["facts"].get("客户", {})
    calls: dict[str, tuple[Mapping[str, Any], list[Any]]] = {}
    for turn in session["turns"]:
        if turn["kind"] == "call":
            rows = RULES[turn["tool"]](now, facts, **turn["arguments"])
            calls[turn["tool"]] = (turn["arguments"], rows)
            if turn["tool"] in OFFERS:
                calls["offers"] = calls[turn["tool"]]
        elif turn["kind"] == "utterance" and turn["speaker"] == "bot":
            unit, slots = turn["unit"], turn["state"]["slots"]
            assert unit in UNITS, f"say in tests/grounding what is true for unit '{unit}'"
            acts = {act["act"] for act in turn["acts"]}
            if acts & {"confirm", "offer"}:
                continue  # it repeats the user, or says what could be taken
            # Words that the unit does not have put off, and state nothing.
            owners = [one.partition("/")[0] for one in turn.get("phrasings", [turn["phrasing"]])]
            asks = unit not in owners or "request" in acts
            truth = Truth() if asks else UNITS[unit](Asked(now, facts, slots, calls, unit))
            text = turn["text"] if owners[0] == unit else less(turn["text"])
            yield Case(session["id"], unit, text, now, truth, tuple(quoted(slots)), asks)


def less(text: str) -> str:
    """Return a text without the words by which what was said before is said again."""
    return text.removeprefix(next((one for one in again() if text.startswith(one)), ""))


@cache
def again() -> list[str]:
    words = read_yaml(ROOT / "dialogue/behaviours/wordings/zh.yaml")["behaviours"]
    return [one for name in ("ask_repeat", "digress") for one in words[name]["say"]["bot"]]


def quoted(slots: Mapping[str, Any]) -> Iterator[str]:
    for name, slot in slots.items():
        if name not in CHECKED:
            for form in ("surface", "normal", "value"):
                if isinstance(slot.get(form), str):
                    yield slot[form]


def reading(case: Case, text: str) -> Reading:
    return read(text, case.now, case.truth.names, case.quotes)


def judge(case: Case, text: str | None = None) -> list[str]:
    """Return what is not true in a turn, or in another text in its place."""
    text = case.text if text is None else text
    heard, truth = reading(case, text), case.truth
    wrong = [problem for claim in heard.claims if (problem := doubt(claim, truth))]
    said = {claim.kind for claim in heard.claims}
    said |= {kind for claim in heard.claims for kind, _ in claim.meant}
    wrong += [f"no {kind} is said" for kind in truth.must if kind not in said]
    for quotes in truth.said:
        if not any(quote in text for quote in quotes) and not re.search(DONE, heard.rest):
            wrong.append(f"nothing of {quotes} is said")
    wrong += in_order(heard.claims, truth)
    if truth.state:
        wrong += answered(case.unit, truth.state, heard.rest)
    return wrong


def answered(unit: str, state: str, rest: str) -> Iterator[str]:
    """Yield what is wrong with a yes or no."""
    words = WORDS[unit].get(state)
    if words is None:
        yield f"the answer is '{state}', which no bot says"
        return
    for pattern in (words.said, words.also):
        if not re.search(pattern, rest):
            yield f"the answer is '{state}', but nothing of '{pattern}' is said"
    if words.unsaid and (found := re.search(words.unsaid, rest)):
        yield f"the answer is '{state}', but '{found[0]}' is said"


def doubt(claim: Claim, truth: Truth) -> str | None:
    """Return why a claim is not true, if so."""
    if claim.kind == "quote":
        return None
    if claim.kind == "name":
        if any(value in truth.names.get(kind, ()) for kind, value in claim.meant):
            return None
        return f"'{claim.said}' is not among {dict(truth.names)}"
    roles = truth.numbers.get(claim.kind)
    if roles is None:
        return None if claim.said in IDIOMS else f"'{claim.said}': no {claim.kind} is known here"
    name = role(claim, roles)
    if claim.value in roles[name]:
        return None
    return f"'{claim.said}' should be {claim.kind} {name} {list(roles[name])}"
