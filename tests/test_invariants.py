"""What holds for every session, judged by a second reading of packs and records (replay.py)."""

from __future__ import annotations

import copy
import csv
import json
import unicodedata
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from replay import ROOT, MismatchError, Pack, Replay, span_key

from dialogue.schema import json_schema

if TYPE_CHECKING:
    from pathlib import Path

Sessions = Callable[[str, int], list[Any]]
COUNTS = {"retail": 1200, "address": 1000, "trip": 1000}
REGIONS = ROOT / "dialogue/providers/data/regions.csv"
PLACE = ("省", "市", "县", "邮编")

each_pack = pytest.mark.parametrize("name", COUNTS)


@pytest.fixture(scope="module")
def pack(graph_path: Callable[[str], Path]) -> Callable[[str], Pack]:
    return cache(lambda name: Pack(graph_path(name)))


@pytest.fixture(scope="module")
def replays(sessions: Sessions, pack: Callable[[str], Pack]) -> Callable[[str], list[Replay]]:
    """Play the sessions of a pack again; a difference is raised."""
    return cache(lambda name: [Replay(pack(name), s).run() for s in sessions(name, COUNTS[name])])


def utterances(session: Any) -> Iterator[tuple[int, Any]]:
    for number, turn in enumerate(session["turns"]):
        if turn["kind"] == "utterance":
            yield number, turn


# Spans.


@each_pack
def test_spans_cut_their_surfaces_out_of_the_text(name: str, sessions: Sessions) -> None:
    for session in sessions(name, COUNTS[name]):
        for _, turn in utterances(session):
            text, last = turn["text"], 0
            assert text.strip()
            assert unicodedata.is_normalized("NFC", text)
            assert "{{" not in text
            assert "{%" not in text
            for span in turn["spans"]:
                assert last <= span["start"] < span["end"] <= len(text)
                assert text[span["start"] : span["end"]] == span["surface"]
                assert span["surface"].strip()
                assert span.get("normal") != span["surface"]
                last = span["end"]


@each_pack
def test_session_can_be_played_again_from_its_record(
    name: str, replays: Callable[[str], list[Replay]]
) -> None:
    """Text, walk, guards, questions, calls, omissions and states are what the files demand."""
    assert len(replays(name)) == COUNTS[name]


@each_pack
def test_phrasing_id_stands_for_one_phrasing(
    name: str, replays: Callable[[str], list[Replay]]
) -> None:
    used: dict[str, Any] = {}
    for replay in replays(name):
        for key, fits in replay.used.items():
            used[key] = used.get(key, fits) & fits
    assert {key for key, fits in used.items() if len(fits) != 1} == set()
    assert len({next(iter(fits)) for fits in used.values()}) == len(used)


@each_pack
def test_acts_name_their_spans(name: str, sessions: Sessions) -> None:
    for session in sessions(name, COUNTS[name]):
        for _, turn in utterances(session):
            told = [act for act in turn["acts"] if act["act"] == "inform"]
            assert [act["span"] for act in told] == list(range(len(turn["spans"])))
            for act in told:
                span = turn["spans"][act["span"]]
                assert (act["slot"], act.get("part")) == (span["slot"], span.get("part"))
            for act in turn["acts"]:
                assert act["act"] == "inform" or (act["act"] == "request") == (
                    turn["speaker"] == "bot"
                )


# Targets.


@each_pack
def test_targets_are_what_the_user_said(name: str, replays: Callable[[str], list[Replay]]) -> None:
    for replay in replays(name):
        assert replay.session["targets"] == replay.targets()


@each_pack
def test_exchanges_are_whole(
    name: str, replays: Callable[[str], list[Replay]], pack: Callable[[str], Pack]
) -> None:
    units = pack(name).units
    for replay in replays(name):
        last = 0
        for (unit, start, end), walked in zip(
            replay.exchanges, replay.session["walk"], strict=True
        ):
            assert (unit, start) == (walked, last)
            assert {turn["unit"] for turn in replay.turns[start:end]} <= {unit}
            final = units[unit]["turns"][-1]
            if "bot" in final and "when" not in final:
                assert replay.turns[end - 1]["speaker"] == "bot"
            last = end
        assert last == len(replay.turns)


# Truth.


def unfounded(session: Any, pack: Pack) -> Iterator[Any]:
    """Yield what the bot says that is neither in the state nor in a result."""
    looked_up: dict[str, Any] = {}
    found: dict[str, set[Any]] = {}  # label → normal forms in results
    for turn in session["turns"]:
        if turn["kind"] == "result":
            looked_up[turn["as"]] = turn["rows"]
            for column, spec in pack.tools[turn["tool"]].get("returns", {}).items():
                slot = spec if isinstance(spec, str) else spec.get("slot")
                if slot:
                    key = pack.key(slot)
                    found.setdefault(key, set()).update(row[column] for row in turn["rows"])
        if turn.get("speaker") != "bot" or turn["kind"] != "utterance":
            continue
        for span in turn["spans"]:
            key = span_key(span)
            normal = span.get("normal", span["surface"])
            holder, _, column = key.partition(".")
            if holder in looked_up and "part" not in span:
                if span["value"] not in [row[column] for row in looked_up[holder]]:
                    yield session["id"], turn["text"], key
            else:
                state = turn["state"]["slots"].get(key, {})
                told = normal == state.get("normal", state.get("surface"))
                if not told and normal not in found.get(key, ()):
                    yield session["id"], turn["text"], key


@each_pack
def test_bot_says_only_what_it_was_told_or_has_looked_up(
    name: str, sessions: Sessions, pack: Callable[[str], Pack]
) -> None:
    for session in sessions(name, COUNTS[name]):
        assert list(unfounded(session, pack(name))) == []


@cache
def regions() -> set[tuple[str, ...]]:
    with REGIONS.open(encoding="utf-8") as file:
        return {tuple(row[part] for part in PLACE) for row in csv.DictReader(file)}


@each_pack
def test_parts_of_an_address_belong_together(name: str, sessions: Sessions) -> None:
    seen = 0
    for session in sessions(name, COUNTS[name]):
        for _, turn in utterances(session):
            parts = {s["part"]: s["surface"] for s in turn["spans"] if "part" in s}
            said = {part: parts[part] for part in PLACE if part in parts}
            if len(said) > 1:
                seen += 1
                rows = (dict(zip(PLACE, row, strict=True)) for row in regions())
                assert any(said.items() <= row.items() for row in rows), said
    assert seen > 20


@pytest.mark.parametrize("name", ["retail", "address"])
def test_times_end_after_now(name: str, sessions: Sessions) -> None:
    for session in sessions(name, COUNTS[name]):
        now = datetime.fromisoformat(session["now"])
        for _, turn in utterances(session):
            for span in turn["spans"]:
                if span["slot"] == "时间" and turn["speaker"] == "user":
                    assert datetime.fromisoformat(span["value"]["end"]) > now
                    assert (
                        now.utcoffset() == datetime.fromisoformat(span["value"]["end"]).utcoffset()
                    )


# Form.


@each_pack
def test_record_validates_against_its_schema(name: str, sessions: Sessions) -> None:
    schema = json_schema("session")
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for session in sessions(name, COUNTS[name])[:40]:
        validator.validate(json.loads(json.dumps(session)))
    broken = json.loads(json.dumps(sessions(name, 1)[0]))
    broken["turns"][0]["spans"].append({"slot": "x", "start": 0, "end": 1})
    assert not validator.is_valid(broken)


@each_pack
def test_record_says_where_it_comes_from(name: str, sessions: Sessions) -> None:
    groups: dict[str, tuple[str, ...]] = {}
    for index, session in enumerate(sessions(name, COUNTS[name])):
        assert (session["index"], session["seed"], session["graph"]) == (index, 0, name)
        assert session["id"] == f"{name}-0-{index:06d}"
        walk = tuple(session["walk"])
        assert groups.setdefault(session["group"], walk) == walk
    assert len(groups) == len(set(groups.values()))


# The second reading itself: a record that is wrong anywhere does not pass.


def other_surface(session: Any) -> None:
    turn = next(t for _, t in utterances(session) if len(t["spans"]) > 1)
    first, second = turn["spans"][:2]
    first["surface"], second["surface"] = second["surface"], first["surface"]


def shorter_span(session: Any) -> None:
    span = next(s for _, t in utterances(session) for s in t["spans"] if len(s["surface"]) > 1)
    span["end"] -= 1


def other_label(session: Any) -> None:
    turn = next(t for _, t in utterances(session) if t["spans"])
    turn["spans"][0]["slot"] = "产品" if turn["spans"][0]["slot"] != "产品" else "设备"


def other_word(session: Any) -> None:
    turn = next(t for _, t in utterances(session) if t["speaker"] == "bot")
    turn["text"] += "。"


def stale_state(session: Any) -> None:
    states = [t["state"] for _, t in utterances(session) if t["state"]["slots"]]
    states[-1]["slots"] = dict(list(states[-1]["slots"].items())[1:])


def question_left_out(session: Any) -> None:
    asks = [n for n, t in utterances(session) if any(a["act"] == "request" for a in t["acts"])]
    del session["turns"][asks[0]]


def question_repeated(session: Any) -> None:
    asks = [n for n, t in utterances(session) if any(a["act"] == "request" for a in t["acts"])]
    session["turns"][asks[0] : asks[0]] = copy.deepcopy(session["turns"][asks[0] : asks[0] + 2])


def other_argument(session: Any) -> None:
    call = next(t for t in session["turns"] if t["kind"] == "call")
    name = next(iter(call["arguments"]))
    call["arguments"][name] = "别的"


def exchange_cut(session: Any) -> None:
    session["turns"].pop()


def other_walk(session: Any) -> None:
    session["walk"][-1] = "change_address" if session["walk"][-1] != "change_address" else "stock"


def outcome_swapped(session: Any) -> None:
    turn = next(t for _, t in utterances(session) if "outcome" in t)
    turn["outcome"] = "none" if turn["outcome"] != "none" else "found"


def omission_forgotten(session: Any) -> None:
    next(t for _, t in utterances(session) if t["omitted"])["omitted"].pop()


def antecedent_moved(session: Any) -> None:
    turn = next(t for _, t in utterances(session) if t["omitted"])
    turn["omitted"][0]["antecedent"]["turn"] -= 1


def rows_gone(session: Any) -> None:
    offers = [t for t in session["turns"] if t.get("as") == "商品" and t["rows"]]
    offers[0]["rows"] = []


TAMPERINGS = (
    other_surface, shorter_span, other_label, other_word, stale_state, question_left_out,
    question_repeated, other_argument, exchange_cut, other_walk, outcome_swapped,
    omission_forgotten, antecedent_moved, rows_gone,
)  # fmt: skip


@pytest.mark.parametrize("tamper", TAMPERINGS)
def test_replay_notices_a_record_that_is_wrong(
    tamper: Callable[[Any], None], sessions: Sessions, pack: Callable[[str], Pack]
) -> None:
    tried = 0
    for session in sessions("retail", 200):
        broken = copy.deepcopy(session)
        try:
            tamper(broken)
        except (StopIteration, IndexError):
            continue  # nothing there to break
        tried += 1
        with pytest.raises((MismatchError, AssertionError)):
            Replay(pack("retail"), broken).run()
            assert_spans(broken)
            assert list(unfounded(broken, pack("retail"))) == []
        if tried == 5:
            return
    assert tried


def assert_spans(session: Any) -> None:
    for _, turn in utterances(session):
        for span in turn["spans"]:
            assert turn["text"][span["start"] : span["end"]] == span["surface"]
