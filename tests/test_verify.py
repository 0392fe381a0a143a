"""`dialogue verify`: composed and corrected sessions hold, damaged ones are told where and how."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import shutil
import subprocess
import sys
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from click.testing import CliRunner, Result
from replay import GRAPHS, span_key

from dialogue.cli import main
from dialogue.review.consequence import revised
from dialogue.review.correction import Correction, Labels
from dialogue.tasks.ontology import Ontology as Described
from dialogue.verify import RULES
from dialogue.verify.ontology import Ontology

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Sessions = Callable[[str], list[Any]]

FIRST = "sessions/000000.jsonl"
EVERY = (*GRAPHS, *(f"{name}+" for name in GRAPHS))  # with + people do all that they do


@pytest.fixture(scope="module")
def composed(sessions: Callable[[str, int], list[Any]]) -> Sessions:
    """Return 300 sessions of a pack as they are read from files; nobody may change them."""
    return cache(
        lambda name: orjson.loads(orjson.dumps(sessions(name, 150 if name.endswith("+") else 300)))
    )


@pytest.fixture(scope="module")
def ontology(graph: Callable[[str], Any]) -> Callable[[str], Ontology]:
    return cache(lambda name: Ontology(json.loads(json.dumps(graph(name).ontology()))))


def twin(session: Any) -> Any:
    return orjson.loads(orjson.dumps(session))


def findings(session: Any, ontology: Ontology) -> list[tuple[str, int | None, str]]:
    return [
        (rule.name, found.turn, found.what)
        for rule in RULES.values()
        for found in rule.check(session, ontology)
    ]


# What is composed holds.


@pytest.mark.parametrize("name", EVERY)
def test_composed_sessions_have_no_finding(
    name: str, composed: Sessions, ontology: Callable[[str], Ontology]
) -> None:
    for session in composed(name):
        assert findings(session, ontology(name)) == []


def test_a_county_of_the_address_before_does_not_stay(
    composed: Sessions, ontology: Callable[[str], Ontology]
) -> None:
    left = certain = 0
    for session in composed("address"):
        before: dict[str, Any] = {}
        for number, turn in enumerate(session["turns"]):
            if turn["kind"] == "utterance":
                for key in before.keys() - turn["state"]["slots"].keys():
                    stayed = twin(session)
                    stayed["turns"][number]["state"]["slots"][key] = before[key]
                    found = findings(stayed, ontology("address"))
                    told = [what for _, at, what in found if at == number]
                    left += 1
                    certain += any(what.endswith(f"replayed no {key}") for what in told)
                    assert told
                before = turn["state"]["slots"]
    assert certain > 0.9 * left
    assert left > 20


def corrections(session: Any, given: list[str], rng: random.Random) -> Iterator[Correction]:
    """Yield corrections as reviewers make them: labels added, removed, of another kind or value."""
    labels = Labels(Described(session.pop("ontology")))
    turns = [(n, t) for n, t in enumerate(session["turns"])
             if t["kind"] == "utterance" and t["speaker"] == "user"]  # fmt: skip
    for number, turn in sorted(rng.sample(turns, min(2, len(turns))), key=lambda one: one[0]):
        intents = before = [intent["name"] for intent in turn["intents"]]
        spans, edit = list(turn["spans"]), {"turn": number, "source": "labelstudio/1"}
        tag = labels.tags[rng.choice(given)]
        action = rng.choice(["value", "change", "remove"] if spans else ["add", "intent"])
        index = rng.randrange(len(spans)) if spans else 0
        if action == "add":
            said = turn["text"][:1]
            spans = [{**tag, "start": 0, "end": 1, "surface": said, "value": said}]
            edit |= {"after": spans[0]}
        elif action == "intent":
            intents = [rng.choice(sorted(labels.intents))]
            edit |= {"before": before, "after": intents}
        else:
            old = spans.pop(index)
            edit |= {"span": index, "before": old}
            rest = {key: old[key] for key in ("start", "end", "surface")}
            new = {**old, "value": "other", "normal": "other"}
            new = new if action == "value" else {**tag, **rest, "value": old["surface"]}
            if action != "remove":
                spans.insert(index, new)
                edit |= {"after": new}
        yield Correction(number, tuple(spans), tuple(intents), ({**edit, "action": action},))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", EVERY)
def test_corrected_sessions_have_no_finding(
    name: str, graph: Callable[[str], Any], composed: Sessions,
    ontology: Callable[[str], Ontology],
) -> None:  # fmt: skip
    rng, plain = random.Random(4), graph(name).ontology()
    described, given = Described(plain), list(Described(plain).given)
    for session in composed(name):
        made = list(corrections({**session, "ontology": plain}, given, rng))
        corrected = revised(session, made, described)
        assert len(corrected["edits"]) == len(made)
        assert findings(corrected, ontology(name)) == [], session["id"]


def test_correction_may_be_carried_on_over_a_new_address(
    graph: Callable[[str], Any], composed: Sessions, ontology: Callable[[str], Ontology]
) -> None:
    described, done = Described(graph("address").ontology()), 0
    for session in composed("address"):
        slots = [set(state["slots"]) for state in states(session)]
        gone = [key for one, other in pairwise(slots) for key in one - other]
        place = next(((number, index, span) for number, turn in enumerate(session["turns"])
                      if "intents" in turn for index, span in enumerate(turn["spans"])
                      if span_key(span) in gone), None)  # fmt: skip
        if place is None:
            continue
        number, index, span = place
        turn = session["turns"][number]
        other = {**span, "value": "other", "normal": "other"}
        spans = [other if one is span else one for one in turn["spans"]]
        edit: Any = {"turn": number, "span": index, "action": "value", "before": span,
                     "after": other, "source": "labelstudio/1"}  # fmt: skip
        intents = tuple(one["name"] for one in turn["intents"])
        corrected = revised(
            session, [Correction(number, tuple(spans), intents, (edit,))], described
        )
        assert findings(corrected, ontology("address")) == [], session["id"]
        done += 1
    assert done > 20


# What is damaged is found.


def pick(items: list[Any], rng: random.Random) -> Any:
    return rng.choice(items) if items else None


def states(session: Any) -> list[Any]:
    return [t["state"] for t in session["turns"] if t["kind"] == "utterance"]


def flip_value(session: Any, rng: random.Random) -> bool:
    entry = pick([one for state in states(session) for one in state["slots"].values()], rng)
    if entry:
        entry[rng.choice(["surface", "value"])] = "上海滩"
    return bool(entry)


def drop_slot(session: Any, rng: random.Random) -> bool:
    slots = pick([state["slots"] for state in states(session) if state["slots"]], rng)
    if slots:
        del slots[rng.choice(list(slots))]
    return bool(slots)


def move_span(session: Any, rng: random.Random) -> bool:
    span = pick([one for turn in session["turns"] for one in turn.get("spans", ())], rng)
    if span:
        step = rng.choice([-1, 1])
        span["start"] += step
        span["end"] += step
    return bool(span)


def cut_span(session: Any, rng: random.Random) -> bool:
    """Move the end of what a user says, with its surface, where it was not said twice at once."""
    latest = [{span_key(one): (turn["text"], one) for one in turn["spans"]}
              for turn in session["turns"] if "intents" in turn]  # fmt: skip
    said = [pair for turn in latest for pair in turn.values()]
    span = pick([(text, one) for text, one in said if len(one["surface"]) > 1], rng)
    if span:
        text, one = span
        one["end"] -= 1
        one["surface"] = text[one["start"] : one["end"]]
    return bool(span)


def change_target(session: Any, rng: random.Random) -> bool:
    target = pick([one["target"] for one in session["targets"] if one["target"]], rng)
    if target:
        label = rng.choice(list(target))
        other = rng.choice(["改了", None])
        target[label] = other
        if other is None:
            del target[label]
    return bool(target)


def move_target(session: Any, rng: random.Random) -> bool:
    rng.choice(session["targets"])["turns"][rng.randrange(2)] += rng.choice([-1, 1])
    return True


def swap_results(session: Any, rng: random.Random) -> bool:
    results = [state["results"] for state in states(session) if len(state["results"]) > 1]
    found = pick(results, rng)
    if found:
        one, other = rng.sample(sorted(found), 2)
        found[one], found[other] = found[other], found[one]
    return bool(found)


def swap_names(session: Any, rng: random.Random) -> bool:
    """Let two results of one session be bound to each other's names."""
    results = [turn for turn in session["turns"] if turn["kind"] == "result"]
    if len({turn["as"] for turn in results}) < 2:
        return False
    one = rng.choice(results)
    other = rng.choice([turn for turn in results if turn["as"] != one["as"]])
    one["as"], other["as"] = other["as"], one["as"]
    return True


def misplace_antecedent(session: Any, rng: random.Random) -> bool:
    omitted = pick([one for turn in session["turns"] for one in turn.get("omitted", ())], rng)
    if omitted:
        omitted["antecedent"]["turn"] += 1
    return bool(omitted)


def lose_turn(session: Any, rng: random.Random) -> bool:
    del session["turns"][rng.randrange(len(session["turns"]))]
    return True


DAMAGES = (flip_value, drop_slot, move_span, cut_span, change_target, move_target, swap_results,
           swap_names, misplace_antecedent, lose_turn)  # fmt: skip


@pytest.mark.parametrize("name", [*GRAPHS, "trip+"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found(
    name: str, damage: Callable[[Any, random.Random], bool], composed: Sessions,
    ontology: Callable[[str], Ontology],
) -> None:  # fmt: skip
    rng, done, found = random.Random(9), 0, 0
    for session in composed(name):
        damaged = twin(session)
        if damage(damaged, rng):
            done += 1
            found += bool(findings(damaged, ontology(name)))
    assert done > 50 or not name.startswith("retail")
    assert found >= 0.99 * done, f"{found} of {done}"


# What people do otherwise than the book says: each damage breaks one thing that it demands.


def exchanges(session: Any) -> list[Any]:
    return [target for target in session["targets"] if target["scope"] == "exchange"]


def nested(session: Any) -> Iterator[Any]:
    """Yield the exchanges that lie within another, of a turn at least."""
    for one in exchanges(session):
        if any(other["turns"][0] < one["turns"][0] < one["turns"][1] <= other["turns"][1]
               for other in exchanges(session)):  # fmt: skip
            yield one


def joint(session: Any) -> Iterator[tuple[Any, Any, Any]]:
    """Yield the turns that open two exchanges, with these."""
    for one, other in pairwise(exchanges(session)):
        if one["turns"][0] == other["turns"][0] < one["turns"][1]:
            yield session["turns"][one["turns"][0]], one, other


def acting(session: Any, *acts: str) -> Iterator[tuple[int, Any, Any]]:
    """Yield what is done so: the number of the turn, the turn and the act."""
    for number, turn in enumerate(session["turns"]):
        for act in turn.get("acts", ()):
            if act["act"] in acts:
                yield number, turn, act


def before(session: Any, number: int) -> Any:
    """Return the slots of the state before an utterance."""
    return next(turn["state"]["slots"] for turn in reversed(session["turns"][:number])
                if turn["kind"] == "utterance")  # fmt: skip


def lose_affirmation(session: Any) -> Iterator[None]:
    """What the user has not said comes into the state, but nothing is affirmed."""
    for number, turn, act in acting(session, "affirm"):
        if span_key(act) not in before(session, number):
            turn["acts"].remove(act)
            yield


def affirm_another(session: Any) -> Iterator[None]:
    for number, _, act in acting(session, "affirm", "negate"):
        for key in before(session, number):
            if "." not in key and ":" not in key and key != act["slot"]:
                act["slot"] = key
                yield


def affirm_as_the_user_said_it(session: Any) -> Iterator[None]:
    for number, turn, act in acting(session, "affirm"):
        key = span_key(act)
        if (
            before(session, number).get(key, turn["state"]["slots"][key])
            != turn["state"]["slots"][key]
        ):
            turn["state"]["slots"][key] = before(session, number)[key]
            yield


def check_nothing(session: Any) -> Iterator[None]:
    """The bot only says what the user then affirms or negates."""
    for number, turn, act in acting(session, "confirm", "offer"):
        if any(then == number + 1 for then, _, _ in acting(session, "affirm", "negate")):
            for one in turn["acts"]:
                one["act"] = "inform" if one["act"] == act["act"] else one["act"]
            yield
            return


def user_checks(session: Any) -> Iterator[None]:
    for _, turn, act in acting(session, "inform"):
        if turn["speaker"] == "user":
            act["act"] = "confirm"
            yield


def bot_affirms(session: Any) -> Iterator[None]:
    for _, turn, _ in acting(session, "confirm", "offer"):
        turn["acts"].append({"act": "affirm", "slot": turn["spans"][0]["slot"]})
        yield


def keep_what_is_denied(session: Any) -> Iterator[None]:
    for number, turn, act in acting(session, "negate"):
        key = span_key(act)
        if key in before(session, number) and key not in turn["state"]["slots"]:
            turn["state"]["slots"][key] = before(session, number)[key]
            yield


def affirm_for_deny(session: Any) -> Iterator[None]:
    for _, turn, act in acting(session, "negate"):
        if span_key(act) not in turn["state"]["slots"]:
            act["act"] = "affirm"
            yield


def keep_what_is_corrected(session: Any) -> Iterator[None]:
    """Of what is said twice in one turn the first stays."""
    for turn in session["turns"]:
        said: dict[str, Any] = {}
        for span in turn["spans"] if "intents" in turn else ():
            first = said.setdefault(span_key(span), span)
            if first["value"] != span["value"]:
                turn["state"]["slots"][span_key(span)] = {
                    name: first[name] for name in ("surface", "normal", "value") if name in first
                }
                yield


def understand_what_is_said(session: Any) -> Iterator[None]:
    for number, turn in enumerate(session["turns"]):
        for span in turn["spans"] if number and "intents" in turn else ():
            told = [n for n, one in enumerate(session["turns"][:number]) if "intents" in one
                    and span_key(span) in map(span_key, one["spans"])]  # fmt: skip
            known = before(session, number).get(span_key(span), {})
            if told and known.get("value") == span["value"]:
                about = {name: span[name] for name in ("slot", "part", "role", "value")
                         if name in span}  # fmt: skip
                turn["omitted"].append({**about, "antecedent": {"turn": told[-1]}})
                yield


def understand_from_before_it_was_affirmed(session: Any) -> Iterator[None]:
    affirmed = {number: span_key(act) for number, _, act in acting(session, "affirm")}
    for turn in session["turns"]:
        for one in turn.get("omitted", ()):
            told = one["antecedent"]["turn"]
            if "slot" in one and affirmed.get(told) == span_key(one):
                one["antecedent"]["turn"] = told - 1
                yield


def lose_nested(session: Any) -> Iterator[None]:
    for one in nested(session):
        session["targets"].remove(one)
        yield


def walk_over_nested(session: Any) -> Iterator[None]:
    for one in nested(session):
        session["walk"].insert(1, one["name"])
        yield


def shift_nested(session: Any) -> Iterator[None]:
    for one in nested(session):
        one["turns"][one["turns"][0] % 2] += 1 if one["turns"][1] % 2 else -1
        yield


def rename_nested(session: Any) -> Iterator[None]:
    for one in nested(session):
        one["name"] = next(name for name in session["walk"] if name != one["name"])
        yield


def intend_as_around(session: Any) -> Iterator[None]:
    """The bot answers what is asked in between, but the state keeps the intent from around it."""
    for one in nested(session):
        first, last = one["turns"]
        around = next(turn["state"]["intent"] for turn in reversed(session["turns"][:first])
                      if "state" in turn)  # fmt: skip
        for turn in session["turns"][first:last]:
            if turn.get("state", {}).get("intent", around) != around:
                turn["state"]["intent"] = around
                yield


def intend_as_in_between(session: Any) -> Iterator[None]:
    for one in nested(session):
        last = one["turns"][1]
        within = session["turns"][last - 1]
        for turn in session["turns"][last : last + 1]:
            if turn.get("state", {}).get("intent") != within.get("state", turn["state"])["intent"]:
                turn["state"]["intent"] = within["state"]["intent"]
                yield


def intend_as_the_first(session: Any) -> Iterator[None]:
    """The bot comes to the second of two units, but the state keeps the intent of the first."""
    for turn, one, other in joint(session):
        for then in session["turns"][one["turns"][1] : other["turns"][1]]:
            if then.get("state", turn["state"])["intent"] != turn["state"]["intent"]:
                then["state"]["intent"] = turn["state"]["intent"]
                yield


def intend_nobody(session: Any) -> Iterator[None]:
    """The user wants a person, and the bot believes that it is still about the unit."""
    for number, turn, act in acting(session, "inform_intent"):
        if act["intent"] == "hand_over" and turn["unit"] != "hand_over":
            session["turns"][number + 1]["state"]["intent"] = turn["unit"]
            yield


def open_one(session: Any) -> Iterator[None]:
    for turn, _, _ in joint(session):
        del turn["units"]
        yield


def open_the_other_first(session: Any) -> Iterator[None]:
    for turn, _, _ in joint(session):
        turn["units"].reverse()
        yield


def open_two(session: Any) -> Iterator[None]:
    for one, other in pairwise(exchanges(session)):
        first = session["turns"][one["turns"][0] : one["turns"][1]][:1]
        if first and "units" not in first[0]:
            first[0]["units"] = [one["name"], other["name"]]
            yield


def begin_later(session: Any) -> Iterator[None]:
    """The second of two that one turn opens begins where the first ends."""
    for _, one, other in joint(session):
        other["turns"][0] = one["turns"][1]
        yield


def end_earlier(session: Any) -> Iterator[None]:
    for _, one, _ in joint(session):
        one["turns"][1] -= 1
        yield


def move_scene(session: Any) -> Iterator[None]:
    """A scene with a turn that opens two of its exchanges, or with one in between, ends earlier."""
    inner = [one["turns"][0] for one in nested(session)]
    inner += [one["turns"][0] for _, one, _ in joint(session)]
    for scene in session["targets"]:
        if scene["scope"] == "scene" and any(number in range(*scene["turns"]) for number in inner):
            scene["turns"][1] -= 1
            yield


def word_otherwise(session: Any) -> Iterator[None]:
    for turn in session["turns"]:
        if turn.get("phrasings", ())[:1] != turn.get("phrasings", ())[1:2]:
            turn["phrasing"] = turn["phrasings"][1]
            yield


LIVELY: tuple[Callable[[Any], Iterator[None]], ...] = (
    lose_affirmation, affirm_another, affirm_as_the_user_said_it, check_nothing, user_checks,
    bot_affirms, keep_what_is_denied, affirm_for_deny,
    keep_what_is_corrected, understand_what_is_said, understand_from_before_it_was_affirmed,
    lose_nested, walk_over_nested, shift_nested, rename_nested, intend_as_around,
    intend_as_in_between, intend_as_the_first, intend_nobody, open_one, open_the_other_first,
    open_two, begin_later, end_earlier, move_scene, word_otherwise,
)  # fmt: skip


@pytest.mark.parametrize("damage", LIVELY)
def test_damage_to_what_people_do_is_found(
    damage: Callable[[Any], Iterator[None]], composed: Sessions,
    ontology: Callable[[str], Ontology],
) -> None:  # fmt: skip
    """Each is done once to a session that allows it, and is never missed."""
    done = 0
    for name in ("trip+", "retail+", "address+people"):  # in the last no unit is about people
        for session in composed(name):
            if done == 40:
                return
            damaged = twin(session)
            if next(damage(damaged), damaged) is None:
                done += 1
                assert findings(damaged, ontology(name)), (session["id"], damage.__name__)
    assert done > 2, done


# Addresses that are drawn anew within a turn, or denied, written by hand.


def spoken(speaker: str, said: str, held: str, **more: Any) -> Any:
    """Return an utterance that says parts of an address, each a letter, after which some are held.

    A letter in capitals is the province (P), the city (C) or the county (D) of one place, a small
    one that of another.
    """
    parts = {"p": "省", "c": "市", "d": "县"}
    spans = [{"slot": "收货人", "part": parts[one.lower()], "surface": one, "value": one,
              "start": at, "end": at + 1} for at, one in enumerate(said)]  # fmt: skip
    slots = {f"收货人.{parts[one.lower()]}": {"surface": one, "value": one} for one in held}
    return {"kind": "utterance", "speaker": speaker, "unit": "u", "spans": spans, "omitted": [],
            "acts": [], "intents": [], "state": {"intent": None, "slots": slots, "results": {}},
            **more}  # fmt: skip


def heard(ontology: Ontology, *turns: Any, edits: list[Any] | None = None) -> list[str]:
    """Return what the rule of states finds in utterances."""
    last = turns[-1]["state"]["slots"]
    target = {key.partition(".")[2]: entry["surface"] for key, entry in last.items()}
    targets = [{"scope": scope, "name": "u", "turns": [0, len(turns)],
                "target": target if scope == "session" else {}}
               for scope in ("exchange", "session")]  # fmt: skip
    session: Any = {"graph": "u", "walk": ["u"], "turns": turns, "targets": targets,
                    "edits": edits or []}  # fmt: skip
    return [found.what for found in RULES["state"].check(session, ontology)]


TWO = {"phrasings": ["a", "b"]}


@pytest.mark.parametrize(
    ("said", "more", "right", "wrong"),
    [
        ("DCc", TWO, "c", "cD"),  # the county that is not said again has gone with its city
        ("PDCc", TWO, "c", "cP"),
        ("DCcp", TWO, "cp", "cpD"),
        ("CDc", TWO, "c", "D"),  # here it may be of either, which is read off what is held
        ("CDc", TWO, "cD", "CD"),
        ("CPdc", TWO, "dc", "cP"),  # but the second place goes on to the end
        ("DCc", {}, "cD", "c"),  # one wording says no two places
    ],
)
def test_place_that_is_drawn_anew_within_a_turn(
    said: str, more: Any, right: str, wrong: str, ontology: Callable[[str], Ontology]
) -> None:
    known = ontology("retail")
    assert heard(known, spoken("user", said, right, **more)) == []
    assert heard(known, spoken("user", said, wrong, **more))
    assert heard(known, spoken("user", "P", "P"), spoken("user", said, right, **more)) == []
    if more and "p" not in said.lower():  # what was said before the turn has gone, too
        held = spoken("user", said, f"{right}P", **more)
        assert heard(known, spoken("user", "P", "P"), held)


def test_denied_place_is_drawn_anew(ontology: Callable[[str], Ontology]) -> None:
    act = {"slot": "收货人", "part": "市"}
    told = spoken("user", "CD", "CD")
    asked = spoken("bot", "C", "CD", acts=[{"act": "confirm", "span": 0, **act}])
    denied = spoken("user", "", "D", acts=[{"act": "negate", **act}])
    known = ontology("retail")
    assert heard(known, told, asked, denied) == []
    assert heard(known, told, asked, denied, spoken("user", "c", "c")) == []
    assert heard(known, told, asked, denied, spoken("user", "c", "cD"))  # another city's county
    assert heard(known, told, asked, denied, spoken("user", "C", "CD")) == []  # after all
    assert heard(known, told, spoken("bot", "", "CD"), denied)  # nothing was asked about
    assert heard(known, told, asked, spoken("user", "", "CD"))  # nobody says whether it is so
    late = [asked, spoken("bot", "", "CD"), denied]
    assert heard(known, told, *late)  # something else was said since


def test_what_a_turn_takes_away_is_not_understood(ontology: Callable[[str], Ontology]) -> None:
    county = {"slot": "收货人", "part": "县", "value": "D", "antecedent": {"turn": 0}}
    told, known = spoken("user", "CD", "CD"), ontology("retail")
    assert heard(known, told, spoken("user", "c", "c")) == []
    assert heard(known, told, spoken("user", "C", "CD", omitted=[county])) == []
    assert heard(known, told, spoken("user", "c", "c", omitted=[county]))
    assert heard(known, told, spoken("user", "D", "CD", omitted=[county]))  # it is said


def test_corrected_place_may_be_drawn_anew_within_its_turn(
    ontology: Callable[[str], Ontology],
) -> None:
    """A reviewer may make the mentions equal that showed it; what was said last stays."""
    about = {"slot": "收货人", "part": "市"}
    edits = [{"turn": 0, "action": "value", "before": about, "after": about}]
    known = ontology("retail")
    assert heard(known, spoken("user", "CDC", "C", **TWO), edits=edits) == []
    assert heard(known, spoken("user", "CDC", "CD", **TWO), edits=edits) == []
    assert heard(known, spoken("user", "CDC", "D", **TWO), edits=edits)
    assert heard(known, spoken("user", "CDC", "C", **TWO))


def test_difference_is_told_where_it_begins(
    composed: Sessions, ontology: Callable[[str], Ontology]
) -> None:
    session = twin(max(composed("retail"), key=lambda one: len(states(one)[-1]["slots"])))
    key = next(iter(states(session)[-1]["slots"]))
    wrong = [state["slots"] for state in states(session) if key in state["slots"]]
    for slots in wrong:
        slots[key] = {"surface": "火星", "value": "火星"}
    told = [what for _, _, what in findings(session, ontology("retail")) if f" {key}=火星" in what]
    assert len(wrong) > 2
    assert 1 <= len(told) < len(wrong)


def shopping(sessions: list[Any]) -> tuple[Any, int, Any]:
    """Return a session, the number of a result, and a turn that says two columns of it in a row."""
    for session in sessions:
        for number, turn in enumerate(session["turns"]):
            if turn["kind"] == "result" and number + 1 < len(session["turns"]):
                said = session["turns"][number + 1]
                typed = [one for one in said.get("spans", ())
                         if one["slot"].startswith(turn["as"] + ".")]  # fmt: skip
                if len(typed) > 1 and typed[0] is said["spans"][0]:
                    return session, number, said
    raise AssertionError("nobody says two columns")


SLIPS: dict[str, Callable[[Any, int, Any], object]] = {
    "begins at": lambda _session, _number, said: said["spans"].reverse(),
    "the text is not NFC": lambda _session, _number, said: said.update(
        text=said["text"] + "e\u0301"
    ),
    "the text is blank": lambda _session, _number, said: said.update(text=" "),
    "has its surface as normal form": lambda _session, _number, said: said["spans"][0].update(
        normal=said["spans"][0]["surface"]
    ),
    "which the dataset does not know": lambda _session, _number, said: said["spans"][0].update(
        slot="nothing"
    ),
    "spans have acts about": lambda _session, _number, said: said["acts"].pop(),
    "which is not there": lambda _session, _number, said: said["acts"][-1].update(span=99),
    "is of nothing, the span of": lambda _session, _number, said: said["acts"][-1].update(
        slot="nothing"
    ),
    ", which no row of": lambda _session, _number, said: said["spans"][0].update(value="火星"),
    "before any result": lambda session, number, _said: session["turns"][number].update(
        {"as": "X"}
    ),
    "follows no call of it": lambda session, number, _said: session["turns"][number - 1].update(
        tool="nothing"
    ),
    "has no result": lambda session, number, _said: session["turns"].pop(number),
}


@pytest.mark.parametrize("what", SLIPS)
def test_slip_is_named(
    what: str, composed: Sessions, ontology: Callable[[str], Ontology]
) -> None:  # fmt: skip
    session, number, said = shopping(composed("retail"))
    place = session["turns"].index(said)
    damaged = twin(session)
    SLIPS[what](damaged, number, damaged["turns"][place])
    assert any(what in told for _, _, told in findings(damaged, ontology("retail")))


def test_rows_of_an_earlier_result_may_be_said(
    composed: Sessions, ontology: Callable[[str], Ontology]
) -> None:
    """A name that is set to rows keeps them when the result is bound again."""
    session, number, said = shopping(composed("retail"))
    damaged = twin(session)
    call, result = twin(session["turns"][number - 1 : number + 1])
    damaged["turns"][number + 1 : number + 1] = [call, {**result, "rows": []}]
    assert said["spans"]
    assert "results" not in {rule for rule, _, _ in findings(damaged, ontology("retail"))}


# What people are told.


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a dataset with splits and hold-outs, which nobody may change."""
    directory = tmp_path_factory.mktemp("whole") / "address"
    done = run("compose", GRAPHS["address"], "-n", 40, "-o", directory, "--split", "8:1:1",
               "--hold-out", "phrasing")  # fmt: skip
    assert done.exit_code == 0, done.output
    return directory


@pytest.fixture
def address(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "address")


def damage(directory: Path, index: int, change: Callable[[Any], object]) -> None:
    """Change a session of the first file, and let the manifest have its hash."""
    path = directory / FIRST
    sessions = [json.loads(line) for line in path.read_bytes().splitlines()]
    change(sessions[index])
    data = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in sessions).encode()
    seal(directory, path, data)


def seal(directory: Path, path: Path, data: bytes) -> None:
    path.write_bytes(data)
    manifest = json.loads((directory / "manifest.json").read_bytes())
    manifest["files"][0]["path"] = path.relative_to(directory).as_posix()
    manifest["files"][0]["sha256"] = hashlib.sha256(data).hexdigest()
    (directory / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_dataset_with_splits_holds(address: Path) -> None:
    done = run("verify", address)
    assert done.exit_code == 0, done.output
    told = [line.split(maxsplit=1) for line in done.output.splitlines()]
    assert told == [*([name, "no finding"] for name in ("files", *RULES)),
                    ["read", "40 sessions in 1 file"]]  # fmt: skip


def test_dataset_of_one_session_holds(tmp_path: Path) -> None:
    directory = tmp_path / "one"
    run("compose", GRAPHS["trip"], "-n", 9, "--only", 7, "-o", directory)
    done = run("verify", directory)
    assert (done.exit_code, done.output.splitlines()[-1].split()[1]) == (0, "1"), done.output


def test_finding_names_file_line_session_and_turn(address: Path) -> None:
    def change(session: Any) -> None:
        number, turn = next((n, t) for n, t in enumerate(session["turns"]) if t["state"]["slots"])
        key = next(iter(turn["state"]["slots"]))
        wanted.append((number, key, turn["state"]["slots"][key]["surface"]))
        turn["state"]["slots"][key] = {"surface": "火星", "value": "火星"}

    wanted: list[tuple[int, str, str]] = []
    damage(address, 16, change)
    done = run("verify", address, "--rule", "state", "--rule", "spans")
    number, key, surface = wanted[0]
    line = done.output.splitlines()[0]
    assert done.exit_code == 1
    start = f"{FIRST}:17: session 16, turn {number}: state has {key}=火星, replayed {key}={surface}"
    assert line.startswith(start)
    assert [line.split()[0] for line in done.output.splitlines()[1:]] == [
        "files", "spans", "state", "read"
    ]  # fmt: skip
    assert "1 finding\n" in done.output


def test_many_findings_are_counted(address: Path) -> None:
    def change(session: Any) -> None:
        for target in session["targets"]:
            target["target"] = {"火星": "月球"}

    damage(address, 3, change)
    done = run("verify", address, "--rule", "state", "--most", 1)
    shown = [line for line in done.output.splitlines() if line.startswith(FIRST)]
    assert len(shown) == 1
    told = next(line for line in done.output.splitlines() if line.startswith("state"))
    count = int(told.split()[1])
    assert count > 1
    assert told.endswith(f"{count} findings, {count - 1} more than are shown")


def test_edited_file_missing_file_and_foreign_file_are_told(address: Path) -> None:
    (address / FIRST).write_bytes((address / FIRST).read_bytes() + b"\n{\n[]\n")
    (address / "sessions" / "notes.txt").write_text("x")
    done = run("verify", address)
    assert done.exit_code == 1
    lines = done.output.splitlines()
    assert f"{FIRST}: it is not as it was written: manifest.json has another hash" in lines
    assert f"{FIRST}:41: a blank line" in lines
    assert any(line.startswith(f"{FIRST}:42: not JSON: ") for line in lines)
    assert f"{FIRST}:43: not a session: it has no index" in lines
    assert "sessions/notes.txt: it is not in manifest.json" in lines
    (address / FIRST).unlink()
    done = run("verify", address)
    assert (done.exit_code, done.output.splitlines()[0]) == (1, f"{FIRST}: the file is not there")


def test_lost_session_is_told(address: Path) -> None:
    lines = (address / FIRST).read_bytes().splitlines(keepends=True)
    seal(address, address / FIRST, b"".join([*lines[:5], lines[5], lines[5], *lines[8:]]))
    done = run("verify", address)
    assert f"{FIRST}:7: session 5 comes after session 5" in done.output
    assert f"{FIRST}: it has 39 sessions, not 40" in done.output
    assert "manifest.json: it counts sessions as 40, there are 39" in done.output


def test_record_of_another_form_is_told_without_a_traceback(address: Path) -> None:
    damage(address, 2, lambda session: session["turns"][0].pop("spans"))
    for chosen in ((), ("--rule", "state")):
        done = run("verify", address, *chosen)
        assert done.exit_code == 1, done.exception
        assert done.output.startswith(f"{FIRST}:3: session 2, turn 0: spans: field required\n")
        assert "schema      1 finding\n" in done.output


def test_number_as_text_is_of_another_form(address: Path) -> None:
    damage(address, 2, lambda session: session.update(seed="0"))
    assert "session 2: seed: input should be a valid integer" in run("verify", address).output


def test_compressed_files_are_read(address: Path) -> None:
    data = gzip.compress((address / FIRST).read_bytes())
    (address / FIRST).unlink()
    seal(address, address / f"{FIRST}.gz", data)
    done = run("verify", address)
    assert (done.exit_code, "40 sessions" in done.output) == (0, True), done.output
    seal(address, address / f"{FIRST}.gz", data[: len(data) // 2])
    done = run("verify", address)
    assert (done.exit_code, "it cannot be unpacked" in done.output) == (1, True), done.output


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda path: (path / "manifest.json").unlink(), "is not a dataset"),
        (lambda path: (path / "manifest.json").write_text("["), "is not a dataset"),
        (lambda path: (path / ".dialogue-unfinished").write_text("{}"), "holds an unfinished run"),
        (shutil.rmtree, "is not a dataset"),
        (
            lambda path: (path / "manifest.json").write_text(
                '{"schema": "dialogue.manifest/1", "files": [], "ontology": {}}'
            ),
            "lacks what the rules ask for",
        ),
    ],
)
def test_what_is_no_dataset_is_refused(
    change: Callable[[Path], object], what: str, address: Path
) -> None:
    change(address)
    done = run("verify", address)
    assert done.exit_code == 2
    assert what in done.output
    assert "fix: " in done.output


def test_unknown_rule_is_refused(address: Path) -> None:
    done = run("verify", address, "--rule", "stat")
    assert done.exit_code == 2
    assert "did you mean 'state'?" in done.output


def test_memory_does_not_grow_with_sessions(address: Path) -> None:
    """Measured in a process of its own: a hundred times the sessions, the same memory."""
    code = (
        "import sys, tracemalloc; from pathlib import Path\n"
        "from dialogue.verify import RULES; from dialogue.verify.audit import Audit\n"
        "audit = Audit(Path(sys.argv[1]), [RULES['state'], RULES['spans']])\n"
        "run = audit.run(); tracemalloc.start()\n"
        "print(sum(1 for _ in run), audit.sessions, tracemalloc.get_traced_memory()[1])"
    )
    data = (address / FIRST).read_bytes()
    peaks = {}
    for times in (1, 20):
        (address / FIRST).write_bytes(data * times)
        done = subprocess.run([sys.executable, "-c", code, str(address)], capture_output=True,
                              text=True, check=True)  # fmt: skip
        found, sessions, peak = map(int, done.stdout.split())
        assert sessions == 40 * times
        assert found >= times - 1  # the index begins again
        peaks[times] = peak
    assert peaks[20] < 1.5 * peaks[1]


def test_every_rule_is_told_by_the_command() -> None:
    assert all(name in run("verify", "--help").output for name in RULES)
    assert all(rule.purpose and rule.name == name for name, rule in RULES.items())
