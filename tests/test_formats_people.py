"""What users leave to the bot, take back and want besides, as tasks and formats tell it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from dialogue import compose, load_graph
from dialogue.formats import labelstudio, rasa, sgd
from dialogue.formats.format import Note, Outcome, Row
from dialogue.tasks import TASKS
from dialogue.tasks.ontology import Ontology
from dialogue.tasks.options import Options

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILES = {
    "graphs/g.yaml": "domain: d\nstart: {u: 1}\nedges: {u: {end: 1}}\nwalk: {units: 1..1}\n",
    "units/d/domain.yaml": (
        "locale: zh_CN\nslots:\n  颜色:\n    choose: [红色, 蓝色, 黑色, 白色]\n    key: colour\n"
        "    indifferent: true\n    ask: [要什么颜色？]\n    give: ['{{ 颜色 }}']\n"
        "tools:\n  look:\n    description: 查\n    parameters: {colour: {type: string}}\n"
        "    returns: {n: {type: integer}}\n    sql: select 1 as n where :colour <> ''\n"
    ),
    "units/d/tables/schema.sql": "",
    "units/d/u.yaml": (
        "title: 买手机壳\nneeds: [颜色]\nturns:\n- user: [买个手机壳]\n"
        "- call: {tool: look, with: {colour: 颜色}, as: 库存}\n- bot: [好的]\n"
    ),
}


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., tuple[Any, Ontology]]:
    """Return sessions in which people do something at the only question, and the ontology."""

    def one(*names: str) -> tuple[Any, Ontology]:
        for name, text in FILES.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, "utf-8")
        rates = [f"behaviours.{name}=1" for name in names]
        graph = load_graph(tmp_path / "graphs/g.yaml", rates)
        return list(compose(graph, 12, 0)), Ontology(json.loads(json.dumps(graph.ontology())))

    return one


def rows(module: Any, session: Any, ontology: Ontology) -> list[Any]:
    return list(module.FORMAT.rows(session, {}, ontology, Options()))


def test_what_the_user_leaves_to_the_bot(made: Callable[..., Any]) -> None:
    sessions, ontology = made("accept_any")
    for session in sessions:
        said = [turn for turn in session["turns"] if turn["kind"] == "utterance"]
        assert [turn["speaker"] for turn in said] == ["user", "bot"] * 3
        [offered] = said[3]["spans"]
        colour = offered["surface"]
        # SGD: no preference is a value of its own until the offer is taken.
        [dialogue] = [one.data for one in rows(sgd, session, ontology) if isinstance(one, Row)]
        frames = [turn["frames"][0] for turn in dialogue["turns"]]
        acts = [[(one["act"], one["slot"], one["values"]) for one in f["actions"]] for f in frames]
        assert acts[2] == [("INFORM", "颜色", ["dontcare"])]
        assert acts[3] == [("OFFER", "颜色", [colour])]
        assert acts[4] == [("AFFIRM", "", [])]
        states = [frame["state"]["slot_values"] for frame in frames[::2]]
        assert states == [{}, {"颜色": ["dontcare"]}, {"颜色": [colour]}]
        # What the bot has said is asked for where the user takes it, and not before.
        asks = {one.id: one for one in TASKS["state"].examples(session, ontology, Options())}
        taken = session["turns"].index(said[4])
        assert json.loads(asks[f"{session['id']}/state/{taken}"].answer) == {"颜色": colour}
        for one in TASKS["extract"].examples(session, ontology, Options()):
            scope = one.id.rpartition("/")[2].partition("-")[0]
            known = {key: value for key, value in json.loads(one.answer).items() if value}
            assert known == ({} if scope == "turn" else {"颜色": colour})
            assert scope == "turn" or colour in one.text
        [call] = TASKS["call"].examples(session, ontology, Options())
        assert call.messages[-1].arguments == {"colour": colour}
        actions = {one.key[1] for one in rows(rasa, session, ontology)
                   if isinstance(one, Note) and one.key[0] == "response"}  # fmt: skip
        assert actions == {"utter_ask_slot_颜色", "utter_offer_slot_颜色", "utter_u"}


def test_what_no_unit_is_about_is_an_intent_of_the_ontology(made: Callable[..., Any]) -> None:
    sessions, ontology = made("hand_over")
    assert ontology.plain["intents"]["hand_over"] == {"title": "转人工", "units": []}
    for session in sessions:
        last = session["turns"][-2]
        assert [intent["name"] for intent in last["intents"]] == ["hand_over"]
        asked = list(TASKS["intent"].examples(session, ontology, Options()))
        assert asked[-1].answer == "hand_over"
        assert "hand_over" in asked[-1].instruction
        assert "转人工" in asked[-1].instruction
        [dialogue] = [one.data for one in rows(sgd, session, ontology) if isinstance(one, Row)]
        state = dialogue["turns"][-2]["frames"][0]["state"]
        assert state["active_intent"] == "hand_over"
        said = [one.key[1] for one in rows(rasa, session, ontology)
                if isinstance(one, Note) and one.key[0] == "response"]  # fmt: skip
        assert said[-1] == "utter_hand_over"
    outcome = Outcome("test", {"train/dialogues_{number}.json": 1}, ontology, Options())
    [schema] = [json.loads(json.dumps(row.data)) for row in sgd.closing(outcome)]
    assert "hand_over" in {intent["name"] for intent in schema[0]["intents"]}
    assert 'value="hand_over" hint="转人工"' in next(labelstudio.closing(outcome)).data


def test_nobody_wants_what_is_not_on(made: Callable[..., Any]) -> None:
    _, ontology = made("leave")
    assert set(ontology.intents) == {"u"}


def test_a_bot_that_says_it_again_does_not_only_say_that_it_will(made: Callable[..., Any]) -> None:
    sessions, ontology = made("ask_repeat")
    for session in sessions:
        first, again = [
            turn["text"]
            for turn in session["turns"]
            if any(act["act"] == "request" for act in turn.get("acts", ()))
        ]
        assert again.endswith(first)
        assert again != first
        told = [one.key[1] for one in rows(rasa, session, ontology)
                if isinstance(one, Note) and one.key[0] == "response"]  # fmt: skip
        assert told[:2] == ["utter_ask_slot_颜色", "utter_ask_repeat_ask_slot_颜色"]
