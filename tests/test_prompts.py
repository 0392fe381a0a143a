"""How models are asked for intents, slots and states, judged from the record and the wordings."""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from functools import cache
from itertools import product
from typing import Any

import pytest
from asking import (
    INSTANT,
    PACKS,
    PEOPLE,
    PROMPTS,
    SIZE,
    asked,
    composed,
    denied,
    fill,
    is_time,
    of_stretch,
    place,
    plain,
    prompts,
    readings,
    rule_of,
    said,
    shown_by,
    spans,
    told_rules,
)
from replay import GRAPHS, ROOT, Pack, pack_of, span_key

from dialogue import compose, load_graph
from dialogue.instructions import instructions
from dialogue.spec.instructions import InstructionsSpec
from dialogue.tasks import TASKS
from dialogue.tasks.example import Loss, Prompt
from dialogue.tasks.ontology import Ontology
from dialogue.tasks.options import FORMS, Options


@pytest.mark.parametrize("pack", (*PACKS, *PEOPLE))
@pytest.mark.parametrize("task", PROMPTS)
def test_prompts_are_wordings_of_the_graph_and_each_is_used(task: str, pack: str) -> None:
    words, used, styles, both = plain(pack)["instructions"], set(), set(), set()
    for session, prompt in prompts(task, pack, 500):
        cuts = shown_by(prompt, task, session)
        found = readings(prompt, task, cuts, plain(pack), session)
        assert found, prompt.text
        used |= {(one.kind, one.wording) for one in found}
        styles |= {one.style for one in found if one.style != '""'}
        both |= {(len(cuts), cuts.index(one.turns)) for one in found}
        # A text that stands at the end is handed over apart.
        assert not prompt.input or prompt.text.endswith("\n" + prompt.input)
    own = {
        (name, wording)
        for name, scene in plain(pack)["scenes"].items()
        for wording in scene.get("extract", ())
        if task == "extract"
    }
    wanted = own | {(kind, wording) for kind in words[task] for wording in words[task][kind]}
    assert used <= wanted
    assert used == wanted or pack in PEOPLE
    assert len(own) == (4 if (task, base(pack)) == ("extract", "retail") else 0)
    assert styles == {json.dumps(style) for style in words["transcript"]}
    assert task != "extract" or both == {(1, 0), (2, 0), (2, 1)}


@pytest.mark.parametrize("pack", (*PACKS, *PEOPLE))
@pytest.mark.parametrize("task", PROMPTS)
def test_time_is_told_where_the_answer_needs_it_and_nowhere_else(task: str, pack: str) -> None:
    told = 0
    for form in FORMS:
        for session, prompt in prompts(task, pack, target=form):
            needed = bool(INSTANT.search(prompt.answer))
            assert needed == (session["now"] in prompt.text)
            told += needed
    # Of addresses nobody asks for the times that are said beside them.
    assert bool(told) == (
        (task, base(pack)) in {("extract", "retail"), ("state", "retail"), ("state", "address")}
    )


def base(pack: str) -> str:
    """Return the pack that a graph with behaviours is of."""
    return pack.partition("+")[0]


# --- extract --------------------------------------------------------------------------------------


def of_turn(pack: Pack, turn: Any, units: Any) -> dict[str, str]:
    """Return what a model must extract from one message: what its units ask for, as last said."""
    heard = {span_key(span): span["surface"] for span in turn["spans"]}
    for key in heard.keys() - turn["state"]["slots"].keys():
        assert "." in key and "correct" in turn["behaviours"], (
            "parts of an address that was changed"
        )
        del heard[key]
    slots = [name for name, slot in pack.slots.items() if "view" not in slot]
    gives = [leaf for name in slots for give in pack.gives([name]) for leaf in pack.leaves(give)]
    found: dict[str, str] = {}
    for unit in turn.get("units", [turn["unit"]]):
        labels = pack.labels(pack.units[unit].get("target", pack.graph.get("target")))
        if labels is None:
            able = heard.keys() & units[unit]["gives"]
            labels = {pack.label(give): give for give in gives if pack.key(give) in able}
        found |= {label: heard[pack.key(g)] for label, g in labels.items() if pack.key(g) in heard}
    return found


@pytest.mark.parametrize("pack", (*PACKS, *PEOPLE))
def test_surfaces_extracted_are_the_targets_of_the_record(pack: str) -> None:
    files, scopes, units = pack_of(GRAPHS[base(pack)]), set(), plain(pack)["units"]
    for session, examples in asked("extract", pack, 500):
        # Of two exchanges that one turn opens, and of one within another, each asks for its own.
        targets = {
            (t["scope"], *t["turns"]): {
                label: value
                for label, value in t["target"].items()
                if t["scope"] != "exchange" or label in units[t["name"]]["target"]
            }
            for t in session["targets"]
        }
        answers = []
        for prompt in examples:
            scope, first, last = place(prompt)
            turns, answer = said(session, first, last), json.loads(prompt.answer)
            known = {label: value for label, value in answer.items() if value != ""}
            if scope == "turn":
                assert known == of_turn(files, turns[0], units)
            else:
                assert known == targets[scope, first, last], prompt
            answers.append(([id(turn) for turn in turns], known))
            scopes.add(scope)
        for (_, first, last), target in targets.items():
            stretch = [id(turn) for turn in said(session, first, last)]
            # What is said in one turn of two units may be asked about that turn alone.
            alone = [
                one
                for one in answers
                if one[1] == target and (one[0] == stretch or one[0] == stretch[:1])
            ]
            assert alone or not target, "a target of the record is asked for nowhere"
    scenes = {"scene"} if plain(pack)["scenes"] else set()
    assert scopes == {"turn", "exchange", "session"} | scenes
    assert bool(scenes) == (base(pack) != "address")


def test_slots_with_one_label_are_told_apart_by_the_target_of_the_record() -> None:
    ontology = copy.deepcopy(plain("trip"))
    ontology["scenes"]["a stop on the way"]["target"] = {"to": "city", "via": "city"}
    found = 0
    for session in copy.deepcopy(composed("trip", 500)):
        for target in session["targets"]:
            if target["name"] == "a stop on the way":
                cities = [s for s in spans(session, *target["turns"]) if span_key(s) == "city"]
                target["target"] = {"via": cities[0]["surface"], "to": cities[-1]["surface"]}
        wanted = {
            tuple(t["turns"]): t["target"] for t in session["targets"] if t["scope"] == "scene"
        }
        options = Options(scopes=("scene",))
        for prompt in TASKS["extract"].examples(session, Ontology(ontology), options):
            target = wanted[place(prompt)[1:]]
            if "via" in target:
                answer = json.loads(prompt.answer)
                assert {one: answer[one] for one in answer if answer[one]} == target
                found += target["via"] != target["to"]
    assert found > 5


@pytest.mark.parametrize("pack", (*PACKS, *PEOPLE))
def test_named_properties_are_all_answered_and_others_only_where_said(pack: str) -> None:
    ontology, named, partly, moved, more = plain(pack), 0, 0, 0, Counter[int]()
    labels, places = ontology["labels"], {label: n for n, label in enumerate(named_first(pack))}
    for session, prompt in prompts("extract", pack, 500):
        _, first, last = place(prompt)
        answer, wanted = json.loads(prompt.answer), of_stretch(prompt, session, ontology)
        cuts = shown_by(prompt, "extract", session)
        found = readings(prompt, "extract", cuts, ontology, session)
        names = {"{{ properties }}" in one.wording for one in found}
        assert len(names) == 1
        heard = {span_key(span) for span in spans(session, first, last)}
        said_labels = {labels[key] for key in heard}
        if names == {True}:
            named += 1
            added = [label for label in answer if label not in wanted]
            assert set(answer) == {*wanted, *added}
            assert len(added) <= 4
            parts = any("." in key for key in heard.union(*wanted.values()))
            if wanted:
                more[bool(added)] += not parts
                assert not (parts and added), "an address has a city already"
            else:
                assert added, "something is named, even if nothing can be said"
            if added:
                order = [places[label] for label in answer if label in places]
                assert order == sorted(order) or set(wanted) - places.keys()
            for label in added:
                assert answer[label] == ""
                keys = {key for key, one in labels.items() if one == label}
                assert keys & givable(pack), "users of the graph may say it"
                assert not wanted or not any("." in key for key in keys)
                assert not keys & heard, "nobody has said it"
                assert not any(keys & asked_for for asked_for in wanted.values())
        else:
            assert "" not in answer.values()
            left = said_labels - set(answer)
            assert set(answer) <= said_labels
            parts = {labels[key] for key in heard if "." in key}
            parts |= {labels[key] for key in denied(session, first, last)}
            assert left <= parts, "it belongs to an address that has changed, or was denied"
            moved += bool(left)
        partly += not said_labels <= set(wanted)
    assert named > 200
    assert partly
    assert moved or pack != "address"
    # In the address pack all that can be asked for has parts: nothing is added to it.
    assert more.total() == 0 if pack == "address" else 0.4 < more[True] / more.total() < 0.6


@cache
def givable(pack: str) -> frozenset[str]:
    return frozenset(key for unit in plain(pack)["units"].values() for key in unit["gives"])


@cache
def ruled(keys: frozenset[str], target: str, pack: str) -> tuple[str, frozenset[str]]:
    return rule_of(set(keys), target, plain(pack))


def named_first(pack: str) -> list[str]:
    """Return the labels in the order of the ontology."""
    return list(dict.fromkeys(plain(pack)["labels"].values()))


@pytest.mark.parametrize("pack", (*PACKS, *PEOPLE))
def test_one_in_four_of_what_can_say_nothing_is_asked_about(pack: str) -> None:
    possible, asks, empty = 0, Counter[str](), 0
    for session, examples in asked("extract", pack, 500):
        users = [t for t in session["turns"] if t["kind"] == "utterance" and t["speaker"] == "user"]
        visits = [t["name"] for t in session["targets"] if t["scope"] == "exchange"]
        for unit in [*(turn["unit"] for turn in users), *visits]:
            possible += not plain(pack)["units"][unit]["target"]
        for prompt in examples:
            if not of_stretch(prompt, session, plain(pack)):
                answer = json.loads(prompt.answer)
                assert set(answer.values()) <= {""}
                asks[place(prompt)[0]] += 1
                empty += not answer
    assert set(asks) == {"turn", "exchange"} or pack == "trip"
    assert 0.15 < asks.total() / possible < 0.35
    assert 0 < empty < asks.total()


@pytest.mark.parametrize("pack", (*PACKS, *PEOPLE))
def test_the_same_is_not_asked_twice(pack: str) -> None:
    for session, examples in asked("extract", pack, 500):
        seen = set()
        for prompt in examples:
            _, first, last = place(prompt)
            turns = said(session, first, last)
            texts = [turn["text"] for turn in turns]
            one = (id(turns[0]), id(turns[-1]), frozenset(json.loads(prompt.answer).items()))
            assert one not in seen, prompt.id
            seen.add(one)
            assert any(text in prompt.text for text in texts)


def test_scopes_can_be_chosen() -> None:
    for scope in ("turn", "exchange", "scene", "session"):
        found = {place(p)[0] for _, p in prompts("extract", "retail", scopes=(scope,))}
        assert found == {scope}


def test_form_of_one_label_leaves_the_others_as_they_are() -> None:
    ontology, changed = Ontology(plain("retail")), 0
    forms = plain("retail")["instructions"]["forms"]
    for session in composed("retail", SIZE):
        for task in ("extract", "state"):
            make = TASKS[task].examples
            before = list(make(session, ontology, Options()))
            after = list(make(session, ontology, Options(forms={"时间": "normal"})))
            for one, other in zip(before, after, strict=True):
                old, new = json.loads(one.answer), json.loads(other.answer)
                different = {label for label in old if old[label] != new[label]}
                assert different <= {"时间"}
                rule = "\n" + fill(forms["times"], labels="时间") + "\n\n"
                assert (one.text == other.text) == (rule not in other.text)
                assert rule in other.text or "时间" not in old
                assert other.text.endswith(one.text)
                changed += bool(different)
    assert changed > 20


def test_the_example_is_asked_as_it_was_written() -> None:
    graph = load_graph(ROOT / "tests/packs/original/graphs/original.yaml")
    ontology = Ontology(graph.ontology())
    scenes = set()
    for session in compose(graph, 50, 0):
        for prompt in TASKS["extract"].examples(session, ontology, Options()):
            if place(prompt)[0] == "scene":
                scenes.add((prompt.text, prompt.answer))
    asks = "从以下对话中提取客户需求信息和时间地点信息：\n"
    turns = (
        "问：“请问有没有兼容我笔记本型号的内存条？”\n答：“有ABCD几种不同容量和品牌的内存条可供选择。”\n"
        "问：“今天晚上能送到XX市吗？”"
    )
    answer = '{"设备": "笔记本", "配件": "内存条", "时间": "今天晚上", "地点": "XX市"}'
    assert (asks + turns, answer) in scenes
    assert (f"{asks}{turns}\n答：“A型号的内存条可以今晚送到。”", answer) in scenes


@pytest.mark.parametrize("target", FORMS)
@pytest.mark.parametrize("pack", (*PACKS, *PEOPLE))
@pytest.mark.parametrize("task", ["extract", "state"])
def test_form_of_the_answer_is_told(task: str, pack: str, target: str) -> None:
    ontology, labels_of, kinds = plain(pack), plain(pack)["labels"], set()
    for session, prompt in prompts(task, pack, target=target):
        answer = json.loads(prompt.answer)
        if task == "state":
            wanted = {labels_of[key]: {key} for key in givable(pack)}
        else:
            wanted = of_stretch(prompt, session, ontology)
            added = set(answer) - set(wanted)
            wanted |= {one: {key for key in labels_of if labels_of[key] == one} for one in added}
        expected = {label: ruled(frozenset(keys), target, pack) for label, keys in wanted.items()}
        told = told_rules(prompt, ontology)
        assert told == ({} if target == "surface" else expected), prompt.text
        for label, value in answer.items():
            rule, values = told.get(label, ("", frozenset()))
            kinds.add(rule)
            if value and rule == "values" and value not in values:
                assert any(value == s["surface"] for s in spans(session)), "as it was said"
            # Times of other kinds stay as they were said: no rule tells how to write them.
            unexplained = value and not any(
                is_time(s["value"])
                for s in spans(session)
                if value in (s["surface"], s.get("normal"), s["value"])
            )
            if value and rule == "times":
                assert bool(INSTANT.match(value)) != bool(unexplained)
            assert isinstance(value, dict) == bool(value and rule == "fields" and not unexplained)
            assert not unexplained or rule not in ("times", "fields") or value in prompt.text
            if isinstance(value, dict):
                keys = re.findall(r'"(\w+)"', ontology["instructions"]["forms"]["fields"])
                assert set(value) <= set(keys)
                assert value["kind"] in keys
                assert value["grain"] in ontology["instructions"]["forms"]["fields"]
    times = {"normal": {"times"}, "value": {"fields"}}[target] if target != "surface" else set()
    every = {"trip": {"values"}, "retail": {"values"} | times}
    if task == "state":
        every["address"] = times
    assert kinds == ({""} if target == "surface" else {"others"} | every.get(base(pack), set()))


# --- state and intent -----------------------------------------------------------------------------


@pytest.mark.parametrize("pack", (*PACKS, *PEOPLE))
def test_state_is_all_that_was_said_so_far(pack: str) -> None:
    labels, quiet, rows = plain(pack)["labels"], 0, 0
    givable = {k for unit in plain(pack)["units"].values() for k in unit["gives"]}
    for session, examples in asked("state", pack, 500):
        asks = {}
        for prompt in examples:
            number = int(prompt.id.rpartition("/")[2])
            asks[number] = answer = json.loads(prompt.answer)
            latest = {labels[span_key(s)]: s["surface"] for s in spans(session, 0, number + 1)}
            known = {label: value for label, value in answer.items() if value != ""}
            held = session["turns"][number]["state"]["slots"]
            assert known == {label: latest[label] for label in map(labels.get, held)}
            # What the state does not hold was denied, or belongs to an address that has changed.
            parts = {labels[key] for key in {*givable, *held} if "." in key}
            parts |= {labels[key] for key in denied(session, 0, number + 1)}
            assert latest.keys() - known.keys() <= parts
            assert "" not in answer.values() or set(answer) == {labels[key] for key in givable}
        users = [n for n, t in enumerate(session["turns"]) if t.get("intents") is not None]
        assert {n for n in users if session["turns"][n]["spans"]} <= asks.keys() <= set(users)
        quiet += sum(not session["turns"][n]["spans"] for n in asks)
        rows += len(asks)
    assert 0 < quiet < rows / 3


def test_slots_with_one_label_keep_their_keys_in_a_state() -> None:
    session = copy.deepcopy(
        next(s for s in composed("retail", 500) if "leave_contact" in s["walk"])
    )
    said_in = [n for n, t in enumerate(session["turns"]) if t["unit"] == "leave_contact"]
    number = [
        n for n in said_in if session["turns"][n].get("spans") and "intents" in session["turns"][n]
    ][-1]
    turn = session["turns"][number]
    turn["state"]["slots"]["客户.姓名"] = {"surface": "王五", "value": "王五"}
    said_now = {key: one["surface"] for key, one in turn["state"]["slots"].items()}
    examples = list(TASKS["state"].examples(session, Ontology(plain("retail")), Options()))
    answer = next(json.loads(e.answer) for e in examples if e.id.endswith(f"/{number}"))
    assert answer["客户.姓名"] == "王五"
    assert answer["收货人.姓名"] == said_now["收货人.姓名"]
    assert "姓名" not in answer
    assert answer["电话"] == said_now["收货人.电话"]


@pytest.mark.parametrize("pack", (*PACKS, *PEOPLE))
def test_every_user_turn_with_an_intent_is_asked_about(pack: str) -> None:
    several = 0
    for session, examples in asked("intent", pack):
        wanted = {
            f"{session['id']}/intent/{number}": [intent["name"] for intent in turn["intents"]]
            for number, turn in enumerate(session["turns"])
            if turn.get("intents")
        }
        assert {one.id: one.answer.split(", ") for one in examples} == wanted
        several += sum(len(names) > 1 for names in wanted.values())
    assert bool(several) == (pack != "retail" and pack != "address")


def test_intent_that_the_ontology_does_not_have_is_lost() -> None:
    session = copy.deepcopy(composed("retail", 1)[0])
    first = next(turn for turn in session["turns"] if turn.get("intents"))
    asks = sum(bool(turn.get("intents")) for turn in session["turns"])
    first["intents"] = [{"name": "dance"}]
    found = list(TASKS["intent"].examples(session, Ontology(plain("retail")), Options()))
    assert [one for one in found if isinstance(one, Loss)] == [
        Loss("an intent that the ontology does not have")
    ]
    assert len(found) == asks


# --- Wordings of locales and graphs ---------------------------------------------------------------


@pytest.mark.parametrize("locale", ["zh_CN", "en_US"])
def test_locale_has_wordings_for_everything(locale: str) -> None:
    words = instructions(locale, InstructionsSpec())
    assert words.keys() == InstructionsSpec.model_fields.keys()
    for task, kind in product(PROMPTS, ("text", "dialogue")):
        wordings = words[task][kind]
        assert 5 <= len(set(wordings)) == len(wordings) <= 10
        # Some put the text first, some last; of those for JSON some name the properties.
        assert any(one.index("{{ text }}") <= 1 for one in wordings)
        assert any(one.endswith("\n{{ text }}") for one in wordings)
        naming = {"{{ properties }}" in one for one in wordings}
        assert naming == ({False} if task == "intent" else {True, False})
    assert len(words["forms"]["say"]) >= 3
    assert len(words["transcript"]) >= 5
    assert len(words["system"]) >= 5


def test_wordings_of_the_first_example_are_among_those_of_the_graphs() -> None:
    words = plain("retail")["instructions"]["extract"]
    assert "{{ text }}\n请将以上信息解析为json对象，属性为：{{ properties }}" in words["text"]
    assert "{{ text }}\n请将以上信息解析为json对象，属性为：{{ properties }}" in words["dialogue"]
    scene = plain("retail")["scenes"]["根据特定送达时间获取产品需求"]
    assert "从以下对话中提取客户需求信息和时间地点信息：\n{{ text }}" in scene["extract"]
    styles = [(one["user"], one["bot"]) for one in plain("retail")["instructions"]["transcript"]]
    assert ("问：“{{ text }}”", "答：“{{ text }}”") in styles
    assert ("用户：{{ text }}", "客服：{{ text }}") in styles


def test_locale_without_wordings_is_asked_in_english() -> None:
    english = instructions("en_US", InstructionsSpec())
    assert instructions("fr_FR", InstructionsSpec()) == english
    assert instructions("zh_TW", InstructionsSpec()) == instructions("zh_CN", InstructionsSpec())
    assert instructions("zh_CN", InstructionsSpec()) != english


def test_graph_overrides_key_by_key() -> None:
    known = instructions("en_US", InstructionsSpec())
    own = InstructionsSpec.model_validate(
        {
            "extract": {"dialogue": ["JSON! {{ text }}"]},
            "state": ["State? {{ text }}"],
            "forms": {"times": "{{ labels }} as ISO 8601"},
            "separator": "; ",
        }
    )
    words = instructions("en_US", own)
    assert words["extract"] == {"text": known["extract"]["text"], "dialogue": ["JSON! {{ text }}"]}
    assert words["state"] == {"text": ["State? {{ text }}"], "dialogue": ["State? {{ text }}"]}
    assert words["separator"] == "; "
    assert words["forms"] == {**known["forms"], "times": "{{ labels }} as ISO 8601"}
    changed = {key for key in words if words[key] != known[key]}
    assert changed == {"extract", "state", "forms", "separator"}


def test_scene_that_names_nothing_is_asked_as_the_graph_asks_where_not_all_is_wanted() -> None:
    ontology, name = copy.deepcopy(plain("retail")), "根据特定送达时间获取产品需求"
    scene = ontology["scenes"][name]
    scene |= {"extract": ["时间？{{ text }}"], "target": {"时间": "时间"}}
    own = general = 0
    for session in composed("retail", 500):
        for prompt in TASKS["extract"].examples(
            session, Ontology(ontology), Options(scopes=("scene",))
        ):
            _, first, last = place(prompt)
            if [first, last] in [t["turns"] for t in session["targets"] if t["name"] == name]:
                more = {span_key(s) for s in spans(session, first, last)} != {"时间"}
                assert prompt.text.startswith("时间？") == (not more)
                own, general = own + (not more), general + more
    assert general


NUMBERED = {"slot": "数量", "surface": "17", "value": 17}


def test_number_is_told_to_be_one_only_where_it_is_answered_as_one() -> None:
    ontology = copy.deepcopy(plain("retail"))
    ontology["slots"]["数量"] = {"title": "数量", "key": "quantity", "type": "number"}
    turn = {"kind": "utterance", "speaker": "user", "unit": "order_product", "text": "17个"}
    session = {"id": "x", "now": "2026-01-01T10:00:00+08:00", "walk": [], "targets": []}
    turn |= {"acts": [], "state": {"slots": {"数量": NUMBERED}}}
    session["turns"] = [{**turn, "spans": [{"start": 0, "end": 2, **NUMBERED}]}]
    for form, rule, value in (("normal", "others", "17"), ("value", "numbers", 17)):
        options = Options(forms={"数量": form})
        prompt = next(TASKS["extract"].examples(session, Ontology(ontology), options))
        assert isinstance(prompt, Prompt)
        assert json.loads(prompt.answer)["数量"] == value
        assert told_rules(prompt, ontology) == {"数量": (rule, frozenset())}


EVERY_DAY = {"kind": "recurring", "days": ["MO", "TU"], "start": "17:00", "end": "24:00"}
TONIGHT = {"kind": "deadline", "end": "2026-01-02T00:00:00+08:00", "grain": "day"}


def test_time_of_a_kind_that_no_rule_explains_stays_as_it_was_said() -> None:
    ontology = Ontology(plain("retail"))
    turn = {"kind": "utterance", "speaker": "user", "unit": "delivery_time", "text": "晚上送"}
    session = {"id": "x", "now": "2026-01-01T10:00:00+08:00", "walk": [], "targets": []}
    for form in ("normal", "value"):
        for value, normal in ((EVERY_DAY, "FREQ=WEEKLY"), (TONIGHT, TONIGHT["end"])):
            span = {"slot": "时间", "start": 0, "end": 2, "surface": "晚上", "value": value}
            turn |= {"acts": [], "state": {"slots": {"时间": span}}}
            session["turns"] = [{**turn, "spans": [{**span, "normal": normal}]}]
            prompt = next(TASKS["extract"].examples(session, ontology, Options(target=form)))
            assert isinstance(prompt, Prompt)
            explained = value is TONIGHT
            written = value if form == "value" else normal
            assert json.loads(prompt.answer)["时间"] == (written if explained else "晚上")
            assert (session["now"] in prompt.text) == explained
