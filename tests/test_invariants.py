"""What holds for every session, judged by a second reading of packs and records (replay.py)."""

from __future__ import annotations

import copy
import csv
import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema
import networkx as nx
import pytest
from living import LIVELY_SCENES, WORDS, Living
from replay import ROOT, MismatchError, Pack, Replay, read_yaml, span_key

from dialogue.schema import json_schema

if TYPE_CHECKING:
    from pathlib import Path

Sessions = Callable[[str, int], list[Any]]
COUNTS = {"retail": 1200, "address": 1000, "trip": 1000}
LIVELY = {"retail+": 120, "address+": 100, "trip+": 150}  # people do and type all that they do
REGIONS = ROOT / "dialogue/providers/china/data/regions.csv"
MUNICIPALITIES = ("11", "12", "31", "50")
PLACE = ("省", "市", "县", "邮编")

each_pack = pytest.mark.parametrize("name", COUNTS)
each_lively = pytest.mark.parametrize("name", LIVELY)
every_pack = pytest.mark.parametrize(("name", "count"), [*COUNTS.items(), *LIVELY.items()])


@pytest.fixture(scope="module")
def pack(graph_path: Callable[[str], Path]) -> Callable[[str], Pack]:
    def read(name: str) -> Pack:
        found = Pack(graph_path(name))
        scenes = {scene: {"path": path} for scene, path in LIVELY_SCENES.get(name, {}).items()}
        found.graph = {**found.graph, "scenes": found.graph.get("scenes", {}) | scenes}
        return found

    return cache(read)


@pytest.fixture(scope="module")
def replays(sessions: Sessions, pack: Callable[[str], Pack]) -> Callable[[str], list[Replay]]:
    """Play the sessions of a pack again; a difference is raised."""
    return cache(lambda name: [Replay(pack(name), s).run() for s in sessions(name, COUNTS[name])])


def utterances(session: Any) -> Iterator[tuple[int, Any]]:
    for number, turn in enumerate(session["turns"]):
        if turn["kind"] == "utterance":
            yield number, turn


# Spans.


@every_pack
def test_spans_cut_their_surfaces_out_of_the_text(
    name: str, count: int, sessions: Sessions
) -> None:
    for session in sessions(name, count):
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


@each_lively
def test_lively_session_can_be_played_again_from_its_record(
    name: str, sessions: Sessions, pack: Callable[[str], Pack]
) -> None:
    """Whatever people do and however they type it: state and targets are what they mean."""
    for session in sessions(name, LIVELY[name]):
        replay = Living(pack(name), session).run()
        assert replay.targets() == session["targets"], session["id"]


@each_pack
def test_words_come_again_only_when_there_are_no_others(
    name: str, sessions: Sessions, graph: Callable[[str], Any]
) -> None:
    units = graph(name).units
    lists = {
        frozenset(one.id for one in wordings.phrasings if one.weight)
        for unit in units
        for wordings in unit.wordings()
    }
    for session in sessions(name, COUNTS[name]):
        said = Counter(turn["phrasing"] for _, turn in utterances(session))
        for again in [one for one, count in said.items() if count > 1]:
            assert any(again in ids and ids <= said.keys() for ids in lists), again


@each_pack
def test_phrasing_id_stands_for_one_phrasing(
    name: str, replays: Callable[[str], list[Replay]]
) -> None:
    used: dict[str, Any] = {}
    for replay in replays(name):
        for key, fits in replay.used.items():
            used[key] = used.get(key, fits) & fits
    # What says a composite reads like what says its parts, too: each id has a phrasing of its own.
    sure: dict[Any, str] = {}
    while found := {key: next(iter(fits)) for key, fits in used.items() if len(fits) == 1}:
        assert len(set(found.values())) == len(found)
        assert not sure.keys() & set(found.values())
        sure.update((wording, key) for key, wording in found.items())
        used = {key: fits - sure.keys() for key, fits in used.items() if key not in found}
    network = nx.Graph([(key, wording) for key, fits in used.items() for wording in fits])
    matched = nx.bipartite.maximum_matching(network, used) if used else {}
    assert used.keys() <= matched.keys()
    unsure = {"address": len(sure) // 20, "retail": len(sure) // 150}
    assert len(used) <= unsure.get(name, 0)


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
        offered = {act["span"] for act in turn["acts"] if act["act"] == "offer"}
        for number, span in enumerate(turn["spans"]):
            if number in offered:
                continue  # nobody has said it yet
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


@every_pack
def test_bot_says_only_what_it_was_told_or_has_looked_up(
    name: str, count: int, sessions: Sessions, pack: Callable[[str], Pack]
) -> None:
    for session in sessions(name, count):
        assert list(unfounded(session, pack(name))) == []


@cache
def regions() -> list[set[tuple[str, str]]]:
    """Read what belongs together: the parts of every county, and of every city as one."""
    with REGIONS.open(encoding="utf-8") as file:
        assert next(file).startswith("# ")
        rows = {row["code"]: row for row in csv.DictReader(file)}
    found = []
    for code, row in rows.items():
        if code.endswith("0000"):
            continue
        province = rows[code[:2] + "0000"]["name"]
        city = rows.get(code[:4] + "00", {}).get("name", "")
        parts = {"省": province, "市": city, "邮编": row["postcode"]}
        parts["市"] = province if code.startswith(MUNICIPALITIES) else city
        parts["县"] = "" if code.endswith("00") else row["name"]
        found.append({(part, name) for part, name in parts.items() if name})
    return found


@cache
def belongs(said: frozenset[tuple[str, str]]) -> bool:
    return any(said <= parts for parts in regions())


@each_pack
def test_parts_of_an_address_belong_together(name: str, sessions: Sessions) -> None:
    seen: Counter[str] = Counter()
    for session in sessions(name, COUNTS[name]):
        for _, turn in utterances(session):
            places: dict[str | None, dict[str, set[str]]] = {}
            for span in turn["spans"]:
                if span.get("part") in PLACE:
                    normal = span.get("normal", span["surface"])
                    normals = places.setdefault(span.get("role"), {})
                    normals.setdefault(span["part"], set()).add(normal)
                    seen["other surface"] += "normal" in span
            for normals in places.values():
                assert all(len(some) == 1 for some in normals.values()), normals
                said = frozenset((part, some.pop()) for part, some in normals.items())
                seen["several"] += len(said) > 1
                assert belongs(said), said
    assert seen["several"] > 20
    assert seen["other surface"] > 20


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


@every_pack
def test_record_validates_against_its_schema(name: str, count: int, sessions: Sessions) -> None:
    schema = json_schema("session")
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for session in sessions(name, count)[:40]:
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
    spans = next(t["spans"] for _, t in utterances(session) if len(t["spans"]) > 1)
    first = spans[0]
    second = next(span for span in spans if span["surface"] != first["surface"])
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


# Damage to composites, and to parts that are not there.


def composed(session: Any, speaker: str = "user") -> Iterator[tuple[int, Any]]:
    """Yield the turns that say several parts of an address by one name."""
    for number, turn in utterances(session):
        parts = {span.get("part") for span in turn["spans"]}
        if turn["speaker"] == speaker and {"市", "县", "详细地址"} <= parts:
            yield number, turn


def drop(turn: Any, part: str) -> None:
    """Take the spans of a part out of a turn, with their acts."""
    turn["spans"] = [span for span in turn["spans"] if span.get("part") != part]
    others = [act for act in turn["acts"] if act["act"] != "inform"]
    informs = [
        {"act": "inform", **{name: span[name] for name in ("slot", "part") if name in span}}
        for span in turn["spans"]
    ]
    turn["acts"] = [*others, *({**act, "span": n} for n, act in enumerate(informs))]


def composite_says_less(session: Any) -> None:
    drop(next(composed(session))[1], "县")


def composite_says_less_everywhere(session: Any) -> None:
    """What the user said last is gone from the states, too; the bot still says it."""
    number, _ = next(one for one in composed(session, "bot"))
    before = [(n, turn) for n, turn in composed(session) if n < number]
    drop(before[-1][1], "县")
    for turn in session["turns"][before[-1][0] :]:
        turn.get("state", {"slots": {}})["slots"].pop("收货人.县", None)


def composite_is_another(session: Any) -> None:
    alone = ("address_alone", "fix_address")  # where nothing else is said of the recipient
    drop(next(turn for _, turn in composed(session, "bot") if turn["unit"] in alone), "市")


def parts_swapped(session: Any) -> None:
    _, turn = next(composed(session))
    names = {"市": "县", "县": "市"}
    for span in turn["spans"]:
        if "part" in span:
            span["part"] = names.get(span["part"], span["part"])


def parts_of_another_place(session: Any) -> None:
    _, turn = next(composed(session, "bot"))
    span = next(span for span in turn["spans"] if span.get("part") == "市")
    span["normal"] = span["value"] = "深圳市" if span["value"] != "深圳市" else "东莞市"


def question_for_less(session: Any) -> None:
    for _, turn in utterances(session):
        asked = [act for act in turn["acts"] if act["act"] == "request"]
        if len({act.get("part") for act in asked} & {"省", "市", "县"}) > 1:
            turn["acts"].remove(asked[0])
            return
    raise StopIteration


def other_part_asked(session: Any) -> None:
    for _, turn in utterances(session):
        for act in turn["acts"]:
            if act["act"] == "request":
                act["part"] = "邮编"
                return
    raise StopIteration


def omission_invented(session: Any) -> None:
    for _, turn in utterances(session):
        for one in turn["omitted"]:
            if one.get("part") in ("省", "市", "县"):
                turn["omitted"].append(dict(one))
                return
    raise StopIteration


def target_of_less(session: Any) -> None:
    next(t for t in session["targets"] if "县" in t["target"])["target"].pop("县")


TAMPERINGS = (
    other_surface, shorter_span, other_label, other_word, stale_state, question_left_out,
    question_repeated, other_argument, exchange_cut, other_walk, outcome_swapped,
    omission_forgotten, antecedent_moved, rows_gone,
)  # fmt: skip
COMPOSED = (
    composite_says_less, composite_says_less_everywhere, composite_is_another, parts_swapped,
    parts_of_another_place, question_for_less, other_part_asked, omission_invented,
    omission_forgotten, target_of_less,
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "tamper"),
    [*(("retail", one) for one in TAMPERINGS), *(("address", one) for one in COMPOSED)],
)
def test_replay_notices_a_record_that_is_wrong(
    name: str,
    tamper: Callable[[Any], None],
    sessions: Sessions,
    pack: Callable[[str], Pack],
) -> None:
    tried = 0
    for session in sessions(name, COUNTS[name]):
        broken = copy.deepcopy(session)
        try:
            tamper(broken)
        except (StopIteration, IndexError):
            continue  # nothing there to break
        tried += 1
        with pytest.raises((MismatchError, AssertionError)):
            assert Replay(pack(name), broken).run().targets() == broken["targets"]
            assert_spans(broken)
            assert list(unfounded(broken, pack(name))) == []
        if tried == 5:
            return
    assert tried


def noise_undone(session: Any) -> None:
    next(t for _, t in utterances(session) if t.get("noise"))["noise"].pop()


def noise_elsewhere(session: Any) -> None:
    next(t for _, t in utterances(session) if t.get("noise"))["noise"][0]["before"] += "x"


def nobody_did_it(session: Any) -> None:
    del next(t for _, t in utterances(session) if t.get("behaviours"))["behaviours"]


def counted_twice(session: Any) -> None:
    counts = next(one for one in session["behaviours"].values() if one[2])
    counts[:] = [counts[0] + 1, counts[1] + 1, counts[2] + 1]


def other_act(session: Any) -> None:
    acts = [
        a for _, t in utterances(session) for a in t["acts"] if a["act"] in ("affirm", "repeat")
    ]
    acts[0]["act"] = "negate"


def question_not_repeated(session: Any) -> None:
    turns = [t for _, t in utterances(session) if "ask_repeat" in t.get("behaviours", ())]
    asked = next(t for t in turns if t["speaker"] == "bot" and not t["spans"])
    words = read_yaml(WORDS / f"{session['locale'][:2]}.yaml")["behaviours"]["ask_repeat"]["say"]
    asked["text"] = next(one for one in words["bot"] if asked["text"].startswith(one))


LIVELY_TAMPERINGS = (
    noise_undone, noise_elsewhere, nobody_did_it, counted_twice, other_act, question_not_repeated,
    other_word, stale_state, question_left_out, omission_forgotten, antecedent_moved,
)  # fmt: skip


@pytest.mark.parametrize("tamper", LIVELY_TAMPERINGS)
def test_replay_notices_a_lively_record_that_is_wrong(
    tamper: Callable[[Any], None], sessions: Sessions, pack: Callable[[str], Pack]
) -> None:
    tried = 0
    for session in sessions("trip+", LIVELY["trip+"]):
        broken = copy.deepcopy(session)
        try:
            tamper(broken)
        except (StopIteration, IndexError):
            continue  # nothing there to break
        tried += 1
        with pytest.raises((MismatchError, AssertionError)):
            assert Living(pack("trip+"), broken).run().targets() == broken["targets"]
        if tried == 5:
            return
    assert tried


def assert_spans(session: Any) -> None:
    for _, turn in utterances(session):
        for span in turn["spans"]:
            assert turn["text"][span["start"] : span["end"]] == span["surface"]
