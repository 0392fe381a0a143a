"""What tasks ask of composed sessions, and two readings of it that share no code with the tasks.

`questions` takes examples apart into what is shown and what must be answered; `readings` finds the
wording, the style and the turns that a prompt was made of.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from loose import composed, load
from replay import span_key

from dialogue.tasks import TASKS
from dialogue.tasks.example import Chat, Prompt, Tagged
from dialogue.tasks.ontology import Ontology
from dialogue.tasks.options import Options

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKS = ("retail", "address", "trip")
PEOPLE = ("retail+people", "trip+people")  # where behaviours are on
PROMPTS = ("intent", "extract", "state")
SIZE = 150
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")


@cache
def plain(pack: str) -> Any:
    """Return the ontology of a pack as a manifest has it."""
    return json.loads(json.dumps(load(pack).ontology()))


@cache
def asked(task: str, pack: str, n: int = SIZE, **options: Any) -> list[tuple[Any, list[Any]]]:
    """Return the first sessions of a pack with the examples of a task."""
    ontology, make = Ontology(plain(pack)), TASKS[task].examples
    return [(one, list(make(one, ontology, Options(**options)))) for one in composed(pack, n)]


def prompts(*args: Any, **options: Any) -> Iterator[tuple[Any, Prompt]]:
    for session, examples in asked(*args, **options):
        for example in examples:
            assert isinstance(example, Prompt)
            yield session, example


def place(prompt: Prompt) -> tuple[str, int, int]:
    """Return scope and turns of a prompt of the task extract, as its id has them."""
    scope, first, last = prompt.id.rpartition("/")[2].split("-")
    return scope, int(first), int(last)


def said(session: Any, first: int, last: int | None) -> list[Any]:
    return [turn for turn in session["turns"][first:last] if turn["kind"] == "utterance"]


def spans(session: Any, first: int = 0, last: int | None = None) -> Iterator[Any]:
    """Yield what users said, and what they affirmed of what the bot last checked or offered."""
    checked: list[Any] = []
    for turn in said(session, first, last):
        if turn["speaker"] == "user":
            about = {span_key(act) for act in turn["acts"] if act["act"] == "affirm"}
            yield from (span for span in checked if span_key(span) in about)
            yield from turn["spans"]
        elif {act["act"] for act in turn["acts"]} & {"confirm", "offer"}:
            checked = turn["spans"]


def denied(session: Any, first: int = 0, last: int | None = None) -> set[str]:
    """Return the keys of what users took back without saying anything else."""
    acts = (act for turn in said(session, first, last) for act in turn["acts"])
    return {span_key(act) for act in acts if act["act"] == "negate"}


def leaves(data: Any, label: str = "") -> Iterator[tuple[str, Any]]:
    """Yield what an answer holds, with the label over it; a typed time is one thing."""
    if isinstance(data, dict) and "kind" not in data:
        for name, value in data.items():
            yield from leaves(value, name)
    elif isinstance(data, list):
        for value in data:
            yield from leaves(value, label)
    else:
        yield label, data


def questions(example: Any, session: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield what is shown, the label and the leaf of everything that a model must answer."""
    if isinstance(example, Prompt):
        shown = f"{example.instruction}\n{example.input}"
        if example.answer.startswith("{"):
            yield from ((shown, *leaf) for leaf in leaves(json.loads(example.answer)))
        else:
            yield from ((shown, "", name) for name in example.answer.split(", "))
    elif isinstance(example, Tagged):
        yield from ((example.text, tag.label, tag.surface) for tag in example.tags)
    elif isinstance(example, Chat):
        shown = f"{example.system}\n{json.dumps(example.tools, ensure_ascii=False)}"
        for message in example.messages:
            if message.trained and message.role == "call":
                assert f'"name": "{message.tool}"' in shown
                yield from ((shown, *leaf) for leaf in leaves(dict(message.arguments)))
            elif message.trained:
                for turn in said(session, 0, len(session["turns"])):
                    if turn["speaker"] == "bot" and turn["text"] == message.text:
                        columns = [s["value"] for s in turn["spans"] if "." in s["slot"]]
                        yield from ((shown, "", value) for value in columns)
                        break
            rows = json.dumps([dict(row) for row in message.rows], ensure_ascii=False)
            shown += (
                f"\n{message.text}\n{json.dumps(message.arguments, ensure_ascii=False)}\n{rows}"
            )


def is_time(value: Any) -> bool:
    """Tell whether a canonical value is a time of a kind that prompts tell how to write."""
    return isinstance(value, dict) and value.get("kind") in ("deadline", "interval")


def follows(leaf: Any, label: str, shown: str, session: Any, ontology: Any) -> bool:
    """Tell whether a leaf can be known by who sees nothing but what is shown."""
    if leaf is None or isinstance(leaf, bool):
        return f": {json.dumps(leaf)}" in shown
    if leaf == "":
        return label in shown
    if isinstance(leaf, float) and leaf.is_integer():
        leaf = int(leaf)  # 100 yuan are said so, and not as 100.0
    if not isinstance(leaf, dict) and str(leaf) in shown:
        return True
    if isinstance(leaf, dict) or INSTANT.match(str(leaf)):
        times = [s for s in spans(session) if is_time(s["value"]) and s["surface"] in shown]
        if isinstance(leaf, dict):
            known = leaf in [s["value"] for s in times]
        else:
            known = any(leaf in (s["normal"], *s["value"].values()) for s in times)
        return known and session["now"] in shown
    return any(
        surface.casefold() in shown.casefold()
        for slot in ontology["slots"].values()
        for surface in slot.get("values", {}).get(str(leaf), ())
    )


@cache
def pieces(wording: str) -> list[str]:
    """Return the pieces of a wording; at odd places stand names."""
    return re.split(r"\{\{ (\w+) \}\}", wording)


def fill(wording: str, **texts: str) -> str:
    return "".join(texts[one] if n % 2 else one for n, one in enumerate(pieces(wording)))


class Reading(NamedTuple):
    """How a prompt may have come about; `kind` is a scene where the wording is a scene's own."""

    kind: str
    wording: str
    style: str
    head: str
    turns: list[Any]


def of_stretch(prompt: Prompt, session: Any, plain: Any) -> dict[str, set[str]]:
    """Return the labels that can be said in the stretch of a prompt of extract, with their keys."""
    scope, first, last = place(prompt)
    if scope == "turn":
        keys_of: dict[str, set[str]] = {}
        for unit in session["turns"][first].get("units", [session["turns"][first]["unit"]]):
            for label, key in plain["units"][unit]["target"].items():
                keys_of.setdefault(label, set()).add(key)
        return keys_of
    if scope == "session":
        keys = {key for unit in session["walk"] for key in plain["units"][unit]["gives"]}
        keys |= {span_key(span) for span in spans(session)}
        found: dict[str, set[str]] = {}
        for key in keys:
            found.setdefault(plain["labels"][key], set()).add(key)
        asked = plain.get("target")
        return {label: keys for label, keys in found.items() if asked is None or label in asked}
    target = plain["units" if scope == "exchange" else "scenes"][
        next(
            t["name"]
            for t in session["targets"]
            if [scope, first, last] == [t["scope"], *t["turns"]]
        )
    ]["target"]
    return {label: {key} for label, key in target.items()}


def rule_of(keys: set[str], target: str, plain: Any) -> tuple[str, frozenset[str]]:
    """Return how values of a label are to be written: the rule, and the values that it lists."""
    names = [key.partition(":")[0] for key in keys]
    slots = [plain["slots"].get(name, {}) for name in names]
    types = {slot.get("type") for slot in slots}
    if types == {"time"}:
        return "times" if target == "normal" else "fields", frozenset()
    if types == {"number"} and target == "value":
        return "numbers", frozenset()
    sharing = [slot for name, slot in plain["slots"].items() if slot.get("label", name) in names]
    values = frozenset(value for slot in sharing for value in slot.get("values", {}))
    if all("values" in slot for slot in slots) and len(values) <= 50:
        return "values", values
    return "others", frozenset()


def told_rules(prompt: Prompt, plain: Any) -> dict[str, tuple[str, frozenset[str]]]:
    """Return label → rule as a prompt tells them; none where it tells none."""
    words = plain["instructions"]["forms"]
    saying = [one for say in words["say"] if (one := pieces(say)[0]) in prompt.text]
    found: dict[str, tuple[str, frozenset[str]]] = {}
    if not saying:
        return found
    for line in prompt.text.partition(saying[0])[2].split("\n"):
        for rule in ("values", "times", "fields", "numbers", "others"):
            expression = "".join(
                f"(?P<{one}>.*?)" if n % 2 else re.escape(one)
                for n, one in enumerate(pieces(words[rule]))
            )
            match = re.fullmatch(expression, line)
            if match:
                values = json.loads(match["values"]) if rule == "values" else []
                for label in match["labels"].split(plain["instructions"]["separator"]):
                    assert label not in found
                    found[label] = rule, frozenset(values)
                break
        else:
            return found
    return found


def _wordings(prompt: Prompt, task: str, kind: str, plain: Any, session: Any) -> Any:
    """Return the wordings that a prompt may have, by whose they are."""
    if task == "extract" and place(prompt)[0] == "scene":
        names = [t["name"] for t in session["targets"] if tuple(t["turns"]) == place(prompt)[1:]]
        own = {name: plain["scenes"].get(name, {}).get("extract", []) for name in names}
        if any(own.values()):
            return [(name, wording) for name, some in own.items() for wording in some]
    return [(kind, wording) for wording in plain["instructions"][task][kind]]


@cache
def _options(wording: str, titles: tuple[tuple[str, str], ...]) -> str:
    return "\n".join(fill(wording, name=name, title=title) for name, title in titles)


@cache
def _line(style: str, text: str) -> str:
    return fill(style, text=text)


def readings(prompt: Prompt, task: str, cuts: list[list[Any]], plain: Any, session: Any) -> Any:
    """Return the ways to word a prompt about one of several lists of turns."""
    words, found, now = plain["instructions"], [], session["now"]
    day = words["weekdays"][datetime.fromisoformat(now).weekday()]
    now = fill(words["moment"], time=now, weekday=day)
    heads = ["", *(fill(one, now=now) + "\n" for one in words["now"])]
    heads = [head for head in heads if prompt.text.startswith(head)]
    titles = ((name, one["title"]) for name, one in plain["intents"].items() if task == "intent")
    intents = _options(words["option"], tuple(titles))
    given = [] if task == "intent" else list(json.loads(prompt.answer))
    texts = {"properties": words["separator"].join(given), "intents": intents, "now": now}
    for cut in cuts:
        kind = "dialogue" if len(cut) > 1 else "text"
        wordings = [
            (whose, wording)
            for whose, wording in _wordings(prompt, task, kind, plain, session)
            if all(piece in prompt.text for piece in pieces(wording)[::2])
        ]
        for style in words["transcript"] if len(cut) > 1 else [""]:
            lines = [_line(style[t["speaker"]], t["text"]) if style else t["text"] for t in cut]
            texts["text"] = "\n".join(lines)
            for whose, wording in wordings:
                asking = fill(wording, **texts)
                found += (
                    Reading(whose, wording, json.dumps(style), head, cut)
                    for head in heads
                    if head + asking == prompt.text
                )
    return found


def shown_by(prompt: Prompt, task: str, session: Any) -> list[list[Any]]:
    """Return the lists of turns that a prompt may show, by its id."""
    if task == "extract":
        _, first, last = place(prompt)
        turns = said(session, first, last)
        users = [n for n, turn in enumerate(turns) if turn["speaker"] == "user"]
        return [turns, turns[: users[-1] + 1]] if users[-1] + 1 < len(turns) else [turns]
    turns = said(session, 0, int(prompt.id.rpartition("/")[2]) + 1)
    return [turns[-8:] if task == "intent" else turns]
