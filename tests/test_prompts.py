"""How models are asked for intents, slots and states, judged from the record and the wordings."""

from __future__ import annotations

import copy
import json
from itertools import product
from typing import Any

import pytest
from asking import (
    INSTANT,
    PACKS,
    PROMPTS,
    SIZE,
    asked,
    composed,
    place,
    plain,
    prompts,
    readings,
    said,
    shown_by,
    spans,
)
from replay import GRAPHS, ROOT, Pack, span_key

from dialogue import compose, load_graph
from dialogue.instructions import instructions
from dialogue.spec.instructions import InstructionsSpec
from dialogue.tasks import TASKS
from dialogue.tasks.example import Loss
from dialogue.tasks.ontology import Ontology
from dialogue.tasks.options import FORMS, Options


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("task", PROMPTS)
def test_prompts_are_wordings_of_the_graph_and_each_is_used(task: str, pack: str) -> None:
    words, used, styles, both = plain(pack)["instructions"], set(), set(), set()
    for session, prompt in prompts(task, pack, 500):
        cuts = shown_by(prompt, task, session)
        found = readings(prompt, task, cuts, plain(pack), session["now"])
        assert found, prompt.text
        used |= {(one.kind, one.wording) for one in found}
        styles |= {one.style for one in found if one.kind == "dialogue"}
        both |= {(len(cuts), cuts.index(one.turns)) for one in found}
        # A text that stands at the end is handed over apart.
        assert not prompt.input or prompt.text.endswith("\n" + prompt.input)
    kinds = (
        ["text"] if (task, pack) in {("intent", "address"), ("state", "address")} else words[task]
    )
    assert used == {(kind, wording) for kind in kinds for wording in words[task][kind]}
    if kinds != ["text"]:
        assert styles == {json.dumps(style) for style in words["transcript"]}
    assert task != "extract" or pack == "address" or both == {(1, 0), (2, 0), (2, 1)}


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("task", PROMPTS)
def test_time_is_told_where_the_answer_needs_it_and_nowhere_else(task: str, pack: str) -> None:
    told = 0
    for form in FORMS:
        for session, prompt in prompts(task, pack, target=form):
            needed = bool(INSTANT.search(prompt.answer))
            assert needed == (session["now"] in prompt.text)
            told += needed
    assert bool(told) == (pack == "retail" and task != "intent")


# --- extract --------------------------------------------------------------------------------------


def of_turn(pack: Pack, turn: Any) -> dict[str, str]:
    """Return what a model must extract from one message: what its unit asks for, as last said."""
    heard = {span_key(span): span["surface"] for span in turn["spans"]}
    gives = [g for name in pack.slots if "view" not in pack.slots[name] for g in pack.gives([name])]
    labels = pack.labels(pack.units[turn["unit"]].get("target"))
    if labels is None:
        labels = {pack.label(give): give for give in gives if pack.key(give) in heard}
    return {label: heard[pack.key(g)] for label, g in labels.items() if pack.key(g) in heard}


@pytest.mark.parametrize("pack", PACKS)
def test_surfaces_extracted_are_the_targets_of_the_record(pack: str) -> None:
    files, scopes = Pack(GRAPHS[pack]), set()
    for session, examples in asked("extract", pack, 500):
        targets = {(t["scope"], *t["turns"]): t["target"] for t in session["targets"]}
        answers = []
        for prompt in examples:
            scope, first, last = place(prompt)
            turns, answer = said(session, first, last), json.loads(prompt.answer)
            known = {label: value for label, value in answer.items() if value != ""}
            if scope == "turn":
                assert known == of_turn(files, turns[0])
            else:
                assert known == targets[scope, first, last], prompt
            answers.append(([id(turn) for turn in turns], known))
            scopes.add(scope)
        for (_, first, last), target in targets.items():
            stretch = [id(turn) for turn in said(session, first, last)]
            alone = [one for one in answers if one == (stretch, target)]
            assert alone or not target, "a target of the record is asked for nowhere"
    assert scopes >= {"turn", "exchange"}
    assert pack == "address" or scopes == {"turn", "exchange", "scene", "session"}


def test_slots_with_one_label_are_told_apart_by_the_target_of_the_record() -> None:
    ontology = copy.deepcopy(plain("trip"))
    ontology["scenes"]["a stop on the way"]["target"] = {"to": "city", "via": "city"}
    found = 0
    for session in copy.deepcopy(composed("trip")):
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
                assert json.loads(prompt.answer) == target
                found += target["via"] != target["to"]
    assert found > 5


@pytest.mark.parametrize("pack", PACKS)
def test_named_properties_are_all_answered_and_others_only_where_said(pack: str) -> None:
    ontology, named, partly = plain(pack), 0, 0
    for session, prompt in prompts("extract", pack):
        scope, first, last = place(prompt)
        answer, (walk, labels) = json.loads(prompt.answer), (session["walk"], ontology["labels"])
        if scope == "turn":
            wanted = ontology["units"][session["turns"][first]["unit"]]["target"]
        elif scope == "session":
            units = [ontology["units"][unit]["gives"] for unit in walk]
            wanted = {labels[key] for keys in units for key in keys}
            wanted |= {labels[span_key(span)] for span in spans(session)}
        else:
            names = [
                t["name"]
                for t in session["targets"]
                if [scope, first, last] == [t["scope"], *t["turns"]]
            ]
            wanted = ontology["units" if scope == "exchange" else "scenes"][names[0]]["target"]
        cuts = shown_by(prompt, "extract", session)
        found = readings(prompt, "extract", cuts, ontology, session["now"])
        names = {"{{ properties }}" in one.wording for one in found}
        assert len(names) == 1
        said_labels = {labels[span_key(span)] for span in spans(session, first, last)}
        if names == {True}:
            named += 1
            assert set(answer) == set(wanted)
        else:
            assert "" not in answer.values()
            assert said_labels == set(answer), "a question that names nothing leaves nothing out"
        partly += not said_labels <= set(wanted)
    assert named > 50
    assert bool(partly) == (pack != "address")


@pytest.mark.parametrize("pack", PACKS)
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
    for session in composed("retail", SIZE):
        for task in ("extract", "state"):
            make = TASKS[task].examples
            before = list(make(session, ontology, Options()))
            after = list(make(session, ontology, Options(forms={"时间": "normal"})))
            for one, other in zip(before, after, strict=True):
                old, new = json.loads(one.answer), json.loads(other.answer)
                different = {label for label in old if old[label] != new[label]}
                assert different <= {"时间"}
                assert (one.text == other.text) == (not different)
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


# --- state and intent -----------------------------------------------------------------------------


@pytest.mark.parametrize("pack", PACKS)
def test_state_is_all_that_was_said_so_far(pack: str) -> None:
    labels, quiet, rows = plain(pack)["labels"], 0, 0
    givable = {k for unit in plain(pack)["units"].values() for k in unit["gives"]}
    for session, examples in asked("state", pack, 500):
        asks = {}
        for prompt in examples:
            number = int(prompt.id.rpartition("/")[2])
            asks[number] = answer = json.loads(prompt.answer)
            latest = {labels[span_key(s)]: s["surface"] for s in spans(session, 0, number + 1)}
            assert {label: value for label, value in answer.items() if value != ""} == latest
            assert "" not in answer.values() or set(answer) == {labels[key] for key in givable}
        users = [n for n, t in enumerate(session["turns"]) if t.get("intents") is not None]
        assert {n for n in users if session["turns"][n]["spans"]} <= asks.keys() <= set(users)
        quiet += sum(not session["turns"][n]["spans"] for n in asks)
        rows += len(asks)
    assert 0 < quiet < rows / 4


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


@pytest.mark.parametrize("pack", PACKS)
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
    assert bool(several) == (pack == "trip")


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
    assert len(words["transcript"]) >= 5
    assert len(words["system"]) >= 5


def test_wordings_of_the_first_example_are_among_those_of_the_graphs() -> None:
    words = plain("retail")["instructions"]["extract"]
    assert "{{ text }}\n请将以上信息解析为json对象，属性为：{{ properties }}" in words["text"]
    assert "{{ text }}\n请将以上信息解析为json对象，属性为：{{ properties }}" in words["dialogue"]
    assert "从以下对话中提取客户需求信息和时间地点信息：\n{{ text }}" in words["dialogue"]
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
            "separator": "; ",
        }
    )
    words = instructions("en_US", own)
    assert words["extract"] == {"text": known["extract"]["text"], "dialogue": ["JSON! {{ text }}"]}
    assert words["state"] == {"text": ["State? {{ text }}"], "dialogue": ["State? {{ text }}"]}
    assert words["separator"] == "; "
    assert {key for key in words if words[key] != known[key]} == {"extract", "state", "separator"}
