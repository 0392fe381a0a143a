"""Each behaviour happens, and the record says that people did what they are said to do."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from behaving import JUDGES, PATHS, Talk, begun, judge_calls, judge_end, judge_omissions, normal
from replay import span_key

import dialogue
from dialogue.behaviours import BEHAVIOURS
from dialogue.behaviours.conduct import Behaviours

NAMES = [one.name for one in BEHAVIOURS]
COUNT = {"retail": 50, "address": 160, "trip": 50, "ferry": 80}
# What a pack says nothing of: nobody is indifferent, no unit is asked beside another or looks up.
NEVER = {
    ("address", "accept_any"),
    ("address", "combine"),
    ("address", "digress"),
    ("address", "pause"),
}
# What ends a session, or is eligible at most of its moves, is done now and then.
RATES = {"leave": 0.3, "hand_over": 0.3, "ask_repeat": 0.3}


@cache
def graph(name: str) -> Any:
    """Return a graph with every behaviour on."""
    return dialogue.load_graph(PATHS[name], [f"behaviours.{one}=1" for one in NAMES])


def at_rates(name: str, **rates: float) -> Any:
    """Return a graph with these behaviours on, and no others."""
    every = graph(name).behaviours.rates
    wanted = [(one, rates[one.name], voice) for one, _, voice in every if one.name in rates]
    return replace(graph(name), behaviours=Behaviours(wanted))


@cache
def alone(name: str, behaviour: str) -> list[Talk]:
    """Return sessions in which people do one thing only."""
    there = at_rates(name, **{behaviour: RATES.get(behaviour, 0.8)})
    return [Talk(name, one) for one in dialogue.compose(there, COUNT[name])]


@pytest.mark.parametrize("behaviour", NAMES)
@pytest.mark.parametrize("name", PATHS)
def test_each_alone_does_what_it_is_said_to_do(name: str, behaviour: str) -> None:
    found = 0
    for talk in alone(name, behaviour):
        assert talk.session["behaviours"].keys() == {behaviour}
        places = begun(talk, behaviour)
        eligible, asked, realised = talk.session["behaviours"][behaviour]
        assert eligible >= asked == realised == len(places)
        for at in places:
            JUDGES[behaviour](talk, at)
        judge_calls(talk)
        judge_omissions(talk)
        judge_end(talk)
        by = {one for turn in talk.turns for one in turn.get("behaviours", ())}
        assert by <= {behaviour}
        found += len(places)
    assert (found == 0) == ((name, behaviour) in NEVER)


def test_a_pronoun_stands_for_what_is_known_and_is_no_span() -> None:
    seen = 0
    for talk in alone("ferry", "omit"):
        for at in talk.marked("omit", "user"):
            turn = talk.turns[at]
            said = "thereabouts" in turn["text"] or "that harbour" in turn["text"]
            if said:
                assert turn["unit"] in ("fare", "sailing")
                assert "harbour" in map(span_key, turn["omitted"])
                assert "harbour" not in map(span_key, turn["spans"])
            seen += said
    assert seen >= 5


def test_nobody_is_mistaken_about_what_is_certain() -> None:
    """They may want another day, but neither take one back nor are they asked whether it is so."""
    for behaviour in ("correct", "correct_later"):
        for talk in alone("ferry", behaviour):
            for at in talk.marked(behaviour, "user"):
                assert talk.turns[at]["spans"][-1]["slot"] != "day"
    for behaviour in ("confirm", "deny"):
        for talk in alone("ferry", behaviour):
            acts = [act for turn in talk.turns for act in turn.get("acts", ())]
            checked = [act["slot"] for act in acts if act["act"] in ("confirm", "affirm", "negate")]
            assert "day" not in checked
    wanted = [(talk, at) for talk in alone("ferry", "change_goal")
              for at in talk.marked("change_goal", "user")]  # fmt: skip
    assert "day" in {span["slot"] for talk, at in wanted for span in talk.turns[at]["spans"]}


def test_a_rare_value_is_what_is_said_otherwise() -> None:
    talks = alone("ferry", "correct")
    places = [(talk, at) for talk in talks for at in talk.marked("correct", "user")]
    said = [[normal(span) for span in talk.turns[at]["spans"] if span["slot"] == "fare_class"][-1:]
            for talk, at in places]  # fmt: skip
    assert ["first"] in said


def test_a_text_is_otherwise_in_what_it_is_made_of() -> None:
    seen = 0
    for talk in alone("ferry", "correct_later"):
        for at in talk.marked("correct_later", "user"):
            if talk.turns[at]["unit"] == "cabin":
                (span,) = talk.turns[at]["spans"]
                before = talk.before(at)["cabin"]["surface"]
                assert span["surface"].split(" ", 1)[1] != before.split(" ", 1)[1]
                seen += 1
    assert seen >= 5


def test_things_are_taken_back_in_the_turn_that_says_them_or_in_the_next() -> None:
    same = other = 0
    for talk in alone("ferry", "correct"):
        for at in talk.marked("correct", "user"):
            keys = [span_key(span) for span in talk.turns[at]["spans"]]
            joined = len(keys) > len(set(keys))
            assert joined or talk.turns[at]["phrasings"][0].startswith("correct/")
            same, other = same + joined, other + (not joined)
    assert same > 5
    assert other > 5


def test_denial_says_the_other_value_at_once_or_is_asked_for_it() -> None:
    talks = alone("ferry", "deny")
    places = [(talk, at) for talk in talks for at in begun(talk, "deny")]
    said = [bool(talk.turns[at + 1]["spans"]) for talk, at in places]
    assert 5 < sum(said) < len(said) - 5


def test_a_domain_words_a_behaviour_itself() -> None:
    words = {talk.turns[at]["text"] for talk in alone("ferry", "urge")
             for at in talk.marked("urge", "user")}  # fmt: skip
    assert words == {"tick tock", "come on now"}


def test_what_a_unit_does_without_does_not_happen_there() -> None:
    retail = graph("retail").domain.units
    without = {name: unit.without for name, unit in retail.items() if unit.without}
    assert without["order_note"] == {"correct_later", "change_goal"}
    for behaviour in ("correct_later", "change_goal"):
        units = [talk.turns[at]["unit"] for talk in alone("retail", behaviour)
                 for at in begun(talk, behaviour)]  # fmt: skip
        assert units
        assert not [unit for unit in units if behaviour in without.get(unit, ())]


@pytest.mark.parametrize("rate", [1.0, 0.5])
@pytest.mark.parametrize("name", PATHS)
def test_with_all_of_them_on_sessions_are_whole(name: str, rate: float) -> None:
    n, seen = 0, 0
    for session in dialogue.compose(at_rates(name, **dict.fromkeys(NAMES, rate)), 60, seed=1):
        talk = Talk(name, session)
        seen += judge_calls(talk) + judge_omissions(talk)
        judge_end(talk)
        for turn in talk.turns:
            assert turn.get("text", "-").strip()
            for span in turn.get("spans", ()):
                assert turn["text"][span["start"] : span["end"]] == span["surface"]
        for eligible, asked, realised in session["behaviours"].values():
            assert eligible >= asked == realised
        n += sum(counts[2] for counts in session["behaviours"].values())
    assert n > 5
    assert seen > 10 or name == "address"


def test_only_what_is_on_is_counted_and_off_is_as_if_it_were_not_there() -> None:
    alone_on = dialogue.load_graph(PATHS["ferry"], ["preset=usual", "behaviours.leave=0"])
    assert [one.name for one, _, _ in alone_on.behaviours.rates] == [
        name for name in NAMES if name != "leave"
    ]
    (rate,) = dialogue.load_graph(PATHS["ferry"], ["behaviours.digress=0.25"]).behaviours.rates
    assert (rate[0].name, rate[1]) == ("digress", 0.25)
