"""SGD's files against the rules of its README and against the record, by code of their own."""

from __future__ import annotations

import copy
import json
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pytest

from dialogue.formats import sgd
from dialogue.formats.files import Files
from dialogue.formats.format import Note, Outcome
from dialogue.tasks.example import Loss
from dialogue.tasks.ontology import Ontology
from dialogue.tasks.options import Options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

NAMES = ("retail", "address", "trip", "retail+people", "trip+people")
SPLITS = ("train", "dev", "test")
SPEAKERS = {"user": "USER", "bot": "SYSTEM"}
ACTS = {"inform_intent": "INFORM_INTENT", "inform": "INFORM", "request": "REQUEST",
        "confirm": "CONFIRM", "offer": "OFFER", "affirm": "AFFIRM", "negate": "NEGATE"}  # fmt: skip
USERS = {"INFORM_INTENT", "AFFIRM", "NEGATE"}
SYSTEMS = {"REQUEST", "CONFIRM", "OFFER"}
SEVERAL = "one of several calls before an answer"


def write(
    directory: Path, sessions: Sequence[Any], ontology: Ontology, options: Options | None = None
) -> Counter[str]:
    """Write what the format makes of sessions; return its losses."""
    options = options or Options()
    files = Files(directory, "sgd", sgd.FORMAT.sinks)
    losses: Counter[str] = Counter()
    notes: dict[tuple[str, ...], Any] = {}
    for session in sessions:
        for item in sgd.FORMAT.rows(session, {}, ontology, options):
            if isinstance(item, Loss):
                losses[item.what] += 1
            elif isinstance(item, Note):
                notes.setdefault(*item)
            else:
                files.add(item)
    outcome = Outcome("test", dict(files.rows), ontology, options, notes)
    for row in sgd.FORMAT.closing(outcome):
        files.whole(row)
    files.close()
    files.publish()
    return losses


def read(folder: Path) -> tuple[dict[str, Any], list[Any]]:
    """Return the only service of a split and its dialogues, as SGD's own readers list them."""
    (service,) = json.loads((folder / "schema.json").read_text("utf-8"))
    paths = sorted(folder.glob("dialogues_*.json"))
    return service, [one for path in paths for one in json.loads(path.read_text("utf-8"))]


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory,
    graph: Callable[[str], Any],
    sessions: Callable[[str, int], list[Any]],
) -> Callable[[str], tuple[Path, list[Any], Counter[str]]]:
    """Return a graph's folder, its 300 sessions in three splits and its losses."""
    known: dict[str, Any] = {}

    def one(name: str) -> Any:
        if name not in known:
            some = copy.deepcopy(sessions(name, 300))
            for number, session in enumerate(some):
                session["split"] = SPLITS[number % 3]
            directory = tmp_path_factory.mktemp(name)
            losses = write(directory, some, Ontology(graph(name).ontology()))
            known[name] = directory / "sgd", some, losses
        return known[name]

    return one


def pairs(folder: Path, sessions: Sequence[Any]) -> Iterator[tuple[Any, Any, Any]]:
    """Yield service, dialogue and session."""
    for split in SPLITS:
        service, dialogues = read(folder / split)
        told = [session for session in sessions if session["split"] == split]
        assert len(dialogues) == len(told) > 0
        for dialogue, session in zip(dialogues, told, strict=True):
            yield service, dialogue, session


# The rules of the README.


def slots_of(service: Any) -> dict[str, Any]:
    slots = {slot["name"]: slot for slot in service["slots"]}
    assert len(slots) == len(service["slots"])
    return slots


def check_schema(service: Any) -> None:
    assert list(service) == ["service_name", "description", "slots", "intents"]
    domain, _, number = service["service_name"].rpartition("_")
    assert domain.isalnum()
    assert number.isdecimal()
    slots = slots_of(service)
    for slot in slots.values():
        assert list(slot) == ["name", "description", "is_categorical", "possible_values"]
        assert slot["description"].strip()
        assert all(isinstance(value, str) for value in slot["possible_values"])
        assert len(set(slot["possible_values"])) == len(slot["possible_values"])
        assert slot["is_categorical"] is bool(slot["possible_values"])
    intents = {intent["name"] for intent in service["intents"]}
    assert len(intents) == len(service["intents"])
    for intent in service["intents"]:
        assert intent["description"].strip()
        assert intent["is_transactional"] is False
        assert isinstance(intent["optional_slots"], dict)
        named = {*intent["required_slots"], *intent["optional_slots"], *intent["result_slots"]}
        assert named <= set(slots)


def check_dialogue(service: Any, dialogue: Any) -> None:
    slots = slots_of(service)
    intents = {intent["name"]: intent for intent in service["intents"]}
    assert dialogue["services"] == [service["service_name"]]
    for number, turn in enumerate(dialogue["turns"]):
        assert set(turn) == {"speaker", "utterance", "frames"}
        assert turn["speaker"] == ("USER", "SYSTEM")[number % 2]
        assert turn["utterance"].strip()
        (frame,) = turn["frames"]
        assert frame["service"] == service["service_name"]
        user = turn["speaker"] == "USER"
        assert ("state" in frame) is user
        assert ("service_call" in frame) is ("service_results" in frame)
        assert not (user and "service_call" in frame)
        spans = []
        for span in frame["slots"]:
            assert not slots[span["slot"]]["is_categorical"]
            assert 0 <= span["start"] < span["exclusive_end"] <= len(turn["utterance"])
            surface = turn["utterance"][span["start"] : span["exclusive_end"]]
            spans.append((span["slot"], surface))
        told = []
        for action in frame["actions"]:
            assert len(action["values"]) == len(action["canonical_values"])
            assert action["act"] in {"INFORM", *(USERS if user else SYSTEMS)}
            if action["act"] in ("AFFIRM", "NEGATE"):
                assert (action["slot"], action["values"]) == ("", [])
            elif action["values"] == ["dontcare"]:
                assert (action["act"], user) == ("INFORM", True)
                assert action["slot"] in slots
            elif action["act"] == "INFORM_INTENT":
                assert action["slot"] == "intent"
                assert action["values"] == action["canonical_values"]
                assert set(action["values"]) <= set(intents)
            elif action["act"] != "REQUEST" and not slots[action["slot"]]["is_categorical"]:
                told += [(action["slot"], value) for value in action["values"]]
            elif action["act"] != "REQUEST":
                possible = slots[action["slot"]]["possible_values"]
                assert set(action["canonical_values"]) <= set(possible)
                assert action["values"][0] in turn["utterance"]
            else:
                assert action["slot"] in slots
                assert action["values"] == []
        assert told == spans
        if user:
            check_state(frame["state"], slots, intents)
        elif "service_call" in frame:
            call = frame["service_call"]
            required = intents[call["method"]]["required_slots"]
            assert set(required) <= set(call["parameters"]) <= set(slots)
            assert all(isinstance(value, str) for value in call["parameters"].values())
            results = set(intents[call["method"]]["result_slots"])
            for row in frame["service_results"]:
                assert set(row) <= results
                assert all(isinstance(value, str) for value in row.values())


def check_state(state: Any, slots: Any, intents: Any) -> None:
    assert set(state) == {"active_intent", "requested_slots", "slot_values"}
    assert state["active_intent"] in {"NONE", *intents}
    assert set(state["requested_slots"]) <= set(slots)
    for name, values in state["slot_values"].items():
        assert values
        assert len(set(values)) == len(values)
        assert all(isinstance(value, str) and value for value in values)
        if slots[name]["is_categorical"] and values != ["dontcare"]:
            assert len(values) == 1
            assert values[0] in slots[name]["possible_values"]


@pytest.mark.parametrize("name", NAMES)
def test_files_follow_the_rules(name: str, made: Callable[[str], Any]) -> None:
    folder, sessions, losses = made(name)
    assert losses == {} or name == "retail+people"
    assert set(losses) <= {SEVERAL}
    for service, dialogue, _ in pairs(folder, sessions):
        check_schema(service)
        check_dialogue(service, dialogue)


def test_the_schema_is_the_same_for_all_splits(made: Callable[[str], Any]) -> None:
    folder, *_ = made("retail")
    first, *others = (read(folder / split)[0] for split in SPLITS)
    assert others == [first, first]
    assert first["service_name"] == "Retail_1"
    slots = slots_of(first)
    assert slots["退货原因"]["possible_values"] == ["质量问题", "发错货", "不兼容", "不想要了"]
    assert not slots["收货人.市"]["is_categorical"]
    assert not slots["地点"]["is_categorical"], "55 cities are too many to choose from"
    by_name = {intent["name"]: intent for intent in first["intents"]}
    assert by_name["return_request"]["optional_slots"] == {
        "订单": "dontcare",
        "退货原因": "dontcare",
    }
    assert by_name["check_fee"]["required_slots"] == ["check_fee.place"]
    assert set(by_name["check_fee"]["result_slots"]) >= {"运费.fee", "运费.free_over"}


# What the record says.


def key(one: Any) -> str:
    part = f".{one['part']}" if "part" in one else ""
    role = f":{one['role']}" if "role" in one else ""
    return f"{one['slot']}{part}{role}"


def joined(session: Any) -> list[tuple[str, list[Any]]]:
    """Return what is said, with turns of one speaker in a row together."""
    said = [turn for turn in session["turns"] if turn["kind"] == "utterance"]
    return [(SPEAKERS[who], list(some)) for who, some in groupby(said, lambda t: t["speaker"])]


@pytest.mark.parametrize("name", NAMES)
def test_turns_spans_and_acts_are_those_of_the_record(
    name: str, made: Callable[[str], Any]
) -> None:
    folder, sessions, _ = made(name)
    more = 0
    for service, dialogue, session in pairs(folder, sessions):
        slots = slots_of(service)
        assert dialogue["dialogue_id"] == session["id"]
        said = joined(session)
        assert [turn["speaker"] for turn in dialogue["turns"]] == [who for who, _ in said]
        for turn, (_, some) in zip(dialogue["turns"], said, strict=True):
            more += len(some) > 1
            assert turn["utterance"] == "\n".join(one["text"] for one in some)
            spans, acts, start = [], [], 0
            for one in some:
                before = len(acts)
                spans += [
                    (key(span), start + span["start"], start + span["end"])
                    for span in one["spans"]
                    if not slots[key(span)]["is_categorical"]
                ]
                for act in one["acts"]:
                    if act["act"] == "inform_intent":
                        acts.append(("INFORM_INTENT", "intent", [act["intent"]], [act["intent"]]))
                    elif act["act"] == "request":
                        acts.append(("REQUEST", key(act), [], []))
                    elif act["act"] == "dontcare":
                        acts.append(("INFORM", key(act), ["dontcare"], ["dontcare"]))
                    elif act["act"] in ("affirm", "negate"):
                        whole = (ACTS[act["act"]], "", [], [])  # once, whatever it is about
                        acts += [whole] if whole not in acts[before:] else []
                    elif act["act"] != "repeat":
                        span = one["spans"][act["span"]]
                        normal = span.get("normal", span["surface"])
                        kind = ACTS[act["act"]]
                        acts.append((kind, key(span), [span["surface"]], [normal]))
                start += len(one["text"]) + 1
            (frame,) = turn["frames"]
            assert [tuple(span.values()) for span in frame["slots"]] == spans
            assert [tuple(action.values()) for action in frame["actions"]] == acts
    assert more > 100 or name != "trip"


@pytest.mark.parametrize("name", NAMES)
def test_states_are_those_of_the_record(name: str, made: Callable[[str], Any]) -> None:
    folder, sessions, _ = made(name)
    several = 0
    for service, dialogue, session in pairs(folder, sessions):
        slots, heard = slots_of(service), ""
        turns = zip(dialogue["turns"], joined(session), strict=True)
        for turn, (who, some) in turns:
            heard += turn["utterance"] + "\n"
            if who == "SYSTEM":
                continue
            state, known = turn["frames"][0]["state"], some[-1]["state"]
            assert state["active_intent"] == (known["intent"] or "NONE")
            assert state["requested_slots"] == []
            left = [one for one, some in state["slot_values"].items() if some == ["dontcare"]]
            assert [one for one in state["slot_values"] if one not in left] == [
                one for one in known["slots"] if one not in left
            ]
            for one, values in state["slot_values"].items():
                if one in left:
                    continue
                entry = known["slots"][one]
                if slots[one]["is_categorical"]:
                    assert values == [entry.get("normal", entry["surface"])]
                else:
                    assert values[0] == entry["surface"]
                    assert all(value in heard for value in values)
                    several += len(values) > 1
    assert several > 10 or name == "address"


@pytest.mark.parametrize("name", NAMES)
def test_states_follow_from_the_acts(name: str, made: Callable[[str], Any]) -> None:
    folder, sessions, _ = made(name)
    acts: set[str] = set()
    for service, dialogue, _ in pairs(folder, sessions):
        slots, state, checked = slots_of(service), {}, {}

        def told(action: Any, slots: Any = slots) -> dict[str, str]:
            categorical = slots[action["slot"]]["is_categorical"]
            return {action["slot"]: action["canonical_values" if categorical else "values"][0]}

        for turn in dialogue["turns"]:
            (frame,) = turn["frames"]
            checks = [one for one in frame["actions"] if one["act"] in ("CONFIRM", "OFFER")]
            checked = {
                name: value for one in checks for name, value in told(one).items()
            } or checked
            if turn["speaker"] == "USER":
                for action in frame["actions"]:
                    acts.add(action["act"])
                    if action["act"] == "INFORM":
                        state.update(told(action))
                    elif action["act"] == "AFFIRM":
                        state.update(checked)
                    elif action["act"] == "NEGATE":
                        state = {one: state[one] for one in state if one not in checked}
                shown = frame["state"]["slot_values"]
                # The parts of an address that has changed are known no longer.
                for one in [one for one in state if "." in one and one not in shown]:
                    del state[one]
                assert {one: values[0] for one, values in shown.items()} == state
    assert acts >= {"AFFIRM", "NEGATE"} or "+" not in name


def plain(value: Any) -> str:
    """Return a value of a record as SGD has it."""
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)


@pytest.mark.parametrize("name", ["retail", "trip"])
def test_calls_and_results_are_those_of_the_record(name: str, made: Callable[[str], Any]) -> None:
    folder, sessions, _ = made(name)
    count = 0
    for _, dialogue, session in pairs(folder, sessions):
        wanted = []
        for call, result in zip(session["turns"], session["turns"][1:], strict=False):
            if call["kind"] == "call":
                given = {f"{call['tool']}.{k}": plain(v) for k, v in call["arguments"].items()}
                found = [
                    {f"{result['as']}.{k}": plain(v) for k, v in row.items() if v is not None}
                    for row in result["rows"]
                ]
                wanted.append(({"method": call["tool"], "parameters": given}, found))
        frames = [turn["frames"][0] for turn in dialogue["turns"]]
        called = [frame for frame in frames if "service_call" in frame]
        assert [(one["service_call"], one["service_results"]) for one in called] == wanted
        count += len(wanted)
    assert count > 300


def test_slots_may_be_named_in_ascii(
    graph: Callable[[str], Any], sessions: Callable[[str, int], list[Any]], tmp_path: Path
) -> None:
    some = sessions("retail", 100)
    ontology = Ontology(graph("retail").ontology())
    write(tmp_path, some, ontology, Options(labels="key"))
    service, dialogues = read(tmp_path / "sgd/train")
    check_schema(service)
    used = set()
    for dialogue in dialogues:
        check_dialogue(service, dialogue)
        for turn in dialogue["turns"]:
            used |= set(turn["frames"][0].get("state", {}).get("slot_values", ()))
    assert {"place", "recipient.name"} <= used
    assert all(name.isascii() for name in used)


# What a frame cannot hold.


def look(number: int) -> list[Any]:
    called = {"kind": "call", "speaker": "bot", "unit": "u", "tool": "find_booking"}
    found = {"kind": "result", "speaker": "tool", "unit": "u", "tool": "find_booking"}
    rows = [{"n": number, "none": None, "ok": True, "price": 2.5, "all": [1, "a"]}]
    return [{**called, "arguments": {"number": f"{number}"}}, {**found, "as": "b", "rows": rows}]


def say(speaker: str, text: str, **more: Any) -> Any:
    state = {"intent": None, "slots": {}, "results": {}}
    said = {"kind": "utterance", "speaker": speaker, "unit": "u", "text": text, "state": state}
    return {**said, "acts": [], "spans": [], "intents": [], **more}


def dialogue_of(
    turns: Sequence[Any], graph: Callable[[str], Any], directory: Path
) -> tuple[Any, Counter[str]]:
    session = {"id": "odd-0-000000", "split": "train", "turns": list(turns)}
    losses = write(directory, [session], Ontology(graph("trip").ontology()))
    service, (dialogue,) = read(directory / "sgd/train")
    check_schema(service)
    if dialogue["turns"][0]["speaker"] == "USER":
        check_dialogue(service, dialogue)
    return dialogue, losses


def called(dialogue: Any) -> list[str]:
    return [
        turn["frames"][0].get("service_call", {}).get("parameters", {}).get("find_booking.number")
        for turn in dialogue["turns"]
    ]


def test_of_several_calls_the_last_stands(graph: Callable[[str], Any], tmp_path: Path) -> None:
    turns = [say("user", "a"), *look(1), *look(2), say("bot", "b"), *look(3), say("bot", "c")]
    dialogue, losses = dialogue_of(turns, graph, tmp_path)
    assert [turn["utterance"] for turn in dialogue["turns"]] == ["a", "b\nc"]
    assert called(dialogue) == [None, "3"]
    assert losses == {"one of several calls before an answer": 2}
    assert dialogue["turns"][1]["frames"][0]["service_results"] == [
        {"b.n": "3", "b.ok": "True", "b.price": "2.5", "b.all": '[1, "a"]'}
    ]


def test_a_call_without_an_answer_is_a_loss(graph: Callable[[str], Any], tmp_path: Path) -> None:
    turns = [say("user", "a"), *look(1), say("user", "b"), say("bot", "c"), *look(2)]
    dialogue, losses = dialogue_of(turns, graph, tmp_path)
    assert [turn["utterance"] for turn in dialogue["turns"]] == ["a\nb", "c"]
    assert called(dialogue) == [None, None]
    assert losses == {"a call without an answer": 2}


def test_a_bot_may_begin(graph: Callable[[str], Any], tmp_path: Path) -> None:
    turns = [say("bot", "a"), say("bot", "b"), say("user", "c")]
    dialogue, losses = dialogue_of(turns, graph, tmp_path)
    assert [turn["speaker"] for turn in dialogue["turns"]] == ["SYSTEM", "USER"]
    assert losses == {}


def test_a_value_that_a_category_lacks_is_a_loss(
    graph: Callable[[str], Any], tmp_path: Path
) -> None:
    span = {"slot": "city", "start": 0, "end": 4, "surface": "Rome", "value": "ROM"}
    state = {"slots": {"city": {"surface": "Rome", "value": "ROM"}}, "intent": None}
    act = {"act": "inform", "slot": "city", "span": 0}
    turn = say("user", "Rome", spans=[span], acts=[act], state=state)
    dialogue, losses = dialogue_of([turn, say("bot", "b")], graph, tmp_path)
    frame = dialogue["turns"][0]["frames"][0]
    assert frame["actions"] == frame["slots"] == []
    assert frame["state"]["slot_values"] == {}
    assert losses == {"a categorical slot with a value that is not documented": 1}


def test_a_tool_may_have_the_name_of_an_intent(graph: Callable[[str], Any], tmp_path: Path) -> None:
    ontology = copy.deepcopy(graph("trip").ontology())
    ontology["intents"]["find_booking"] = {"title": "Find it", "units": []}
    turns = [say("user", "a"), *look(1), say("bot", "b")]
    session = {"id": "odd-0-000000", "split": "train", "turns": turns}
    write(tmp_path, [session], Ontology(ontology))
    service, (dialogue,) = read(tmp_path / "sgd/train")
    check_schema(service)
    check_dialogue(service, dialogue)


def test_spans_of_joined_turns_move(graph: Callable[[str], Any], tmp_path: Path) -> None:
    span = {"slot": "seat", "start": 1, "end": 3, "surface": "A1", "value": "A1"}
    act = {"act": "inform", "slot": "seat", "span": 0}
    one = say("user", "🙂A1", spans=[span], acts=[act])
    dialogue, _ = dialogue_of([one, one, say("bot", "b")], graph, tmp_path)
    assert [one["start"] for one in dialogue["turns"][0]["frames"][0]["slots"]] == [1, 5]
