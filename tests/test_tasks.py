"""What every task asks can be answered from what it shows, and by its session alone."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from asking import PACKS, PEOPLE, SIZE, asked, follows, plain, questions, said

from dialogue.tasks import TASKS
from dialogue.tasks.ontology import Ontology
from dialogue.tasks.options import FORMS, Options


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("pack", (*PACKS, *PEOPLE))
@pytest.mark.parametrize("task", TASKS)
def test_answers_follow_from_what_is_shown(task: str, pack: str, form: str) -> None:
    answered = 0
    for session, examples in asked(task, pack, target=form):
        for example in examples:
            for shown, label, leaf in questions(example, session):
                answered += 1
                told = f"{example.id}: {label}={leaf!r} is nowhere in\n{shown}"
                assert follows(leaf, label, shown, session, plain(pack)), told
    assert answered > SIZE or pack == "address", task


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("pack", (*PACKS, *PEOPLE))
@pytest.mark.parametrize("task", TASKS)
def test_internal_ids_are_never_answered(task: str, pack: str, form: str) -> None:
    ids = 0
    for session, examples in asked(task, pack, target=form):
        everything = [s for turn in said(session, 0, 999) for s in turn["spans"]]
        words = {one for s in everything for one in (s["surface"], s.get("normal"))}
        known = [s["value"] for s in everything if isinstance(s["value"], str)]
        internal = set(known) - words
        ids += len(internal)
        answers = {
            leaf for e in examples for *_, leaf in questions(e, session) if isinstance(leaf, str)
        }
        assert not internal & answers
    assert ids or pack == "address"


@pytest.mark.parametrize("pack", (*PACKS, *PEOPLE))
@pytest.mark.parametrize("task", TASKS)
def test_examples_depend_on_their_session_alone(task: str, pack: str) -> None:
    for session, examples in reversed(asked(task, pack, 40)):
        stored, kept = json.loads(text := json.dumps(session)), json.loads(text)
        assert list(TASKS[task].examples(stored, Ontology(plain(pack)), Options())) == examples
        assert stored == kept


# --- Forms of answers ---------------------------------------------------------------------------


def asked_of(span: dict[str, Any], ontology: Any, text: str = "") -> list[Any]:
    """Return how a span is asked for in each form, where a text is shown."""
    said_by = {"kind": "utterance", "speaker": "user", "unit": "stock", "acts": []}
    turn = {**said_by, "text": text or span["surface"], "spans": [{"start": 0, "end": 1, **span}]}
    turn["state"] = {"slots": {span["slot"]: span}}
    session = {"id": "x", "now": "2026-01-01T10:00:00+08:00", "walk": ["stock"], "targets": []}
    session["turns"] = [turn]
    make = TASKS["extract"].examples
    return [next(make(session, Ontology(ontology), Options(target=form))) for form in FORMS]


def forms_of(span: dict[str, Any], ontology: Any, text: str = "") -> list[Any]:
    return [json.loads(one.answer)["产品"] for one in asked_of(span, ontology, text)]


def test_number_is_a_value_only_if_its_words_say_it() -> None:
    said_so = {"slot": "产品", "surface": "17", "value": 17}
    assert forms_of(said_so, plain("retail")) == ["17", "17", 17]
    internal = {"slot": "产品", "surface": "内存", "normal": "内存条", "value": 17}
    assert forms_of(internal, plain("retail"), "内存，就是内存条") == ["内存", "内存条", "内存条"]


def test_normal_form_is_answered_only_if_it_can_be_known() -> None:
    ontology = copy.deepcopy(plain("retail"))
    ontology["slots"]["产品"]["values"] = {"甲": ["甲", "一号"], "乙": ["乙", "一号", "二号"]}
    second = {"slot": "产品", "surface": "二号", "normal": "乙", "value": "s2"}
    assert forms_of(second, ontology) == ["二号", "乙", "乙"]
    ambiguous = {"slot": "产品", "surface": "一号", "normal": "乙", "value": "s2"}
    assert forms_of(ambiguous, ontology) == ["一号", "一号", "一号"]
    listed = {"slot": "产品", "surface": "最后那个", "normal": "丙", "value": "s3"}
    assert forms_of(listed, ontology) == ["最后那个"] * 3
    assert forms_of(listed, ontology, "有丙，要最后那个") == ["最后那个", "丙", "丙"]


def test_values_of_slots_that_share_a_label_are_known_under_it() -> None:
    ontology = copy.deepcopy(plain("retail"))
    ontology["slots"]["产品"]["values"] = {"甲": ["甲", "一号"]}
    new = {"label": "产品", "values": {"丁": ["丁", "四号"], "戊": ["戊", "一号"]}}
    ontology["slots"]["新品"] = {"title": "新品", "key": "novelty", **new}
    fourth = {"slot": "产品", "surface": "四号", "normal": "丁", "value": "s4"}
    assert forms_of(fourth, ontology) == ["四号", "丁", "丁"]
    ambiguous = {"slot": "产品", "surface": "一号", "normal": "甲", "value": "s1"}
    assert forms_of(ambiguous, ontology) == ["一号"] * 3
    del ontology["slots"]["产品"]["values"]  # an open slot: what it means is not documented
    assert forms_of(fourth, ontology) == ["四号"] * 3


def test_text_that_looks_like_a_mark_stays_as_it_is() -> None:
    span = {"slot": "产品", "surface": "{{ text }}", "value": "{{ text }}"}
    for prompt in asked_of(span, plain("retail"), "要{{ text }}和{{ now }}"):
        assert "要{{ text }}和{{ now }}" in prompt.text
        answer = json.loads(prompt.answer)
        assert {label: value for label, value in answer.items() if value} == {"产品": "{{ text }}"}
