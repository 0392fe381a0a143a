"""Label Studio and back: tasks that its own SDK accepts, and corrections that reach the record.

What follows from a correction is worked out here a second time, from the spans alone.
"""

from __future__ import annotations

import copy
import json
import random
import shutil
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result
from label_studio_sdk.label_interface import LabelInterface
from replay import GRAPHS, Pack, pack_of, span_key

from dialogue import card, compose, dataset, load_graph, shards, writing
from dialogue.cli import main
from dialogue.formats import labelstudio
from dialogue.formats.format import Outcome
from dialogue.problem import ContentError
from dialogue.review import revision
from dialogue.schema import json_schema
from dialogue.tasks.ontology import Ontology
from dialogue.tasks.options import Options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TIME = {"kind": "deadline", "end": "2026-03-15T00:00:00+08:00", "grain": "day"}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def tree(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def records(directory: Path) -> dict[str, dict[str, Any]]:
    files = [path.read_bytes() for path in sorted(directory.glob("sessions/*"))]
    return {one["id"]: one for one in map(json.loads, b"".join(files).splitlines())}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a dataset with tasks and spans, which nobody may change."""
    directory = tmp_path_factory.mktemp("exported") / "retail"
    done = run("compose", GRAPHS["retail"], "-n", 90, "-o", directory, "--to", "labelstudio,spans")
    assert done.exit_code == 0, done.output
    return directory


@pytest.fixture
def retail(exported: Path, tmp_path: Path) -> Path:
    return shutil.copytree(exported, tmp_path / "retail")


class Project:
    """What Label Studio holds of a dataset: every task annotated as it was predicted."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.file = directory.parent / "reviewed.json"
        self.tasks: dict[str, dict[str, Any]] = {}
        for path in sorted(directory.glob("labelstudio/*.json")):
            for number, task in enumerate(json.loads(path.read_bytes()), start=1):
                result = copy.deepcopy(task["predictions"][0]["result"])
                self.tasks[task["data"]["id"]] = {
                    "id": number,
                    "data": task["data"],
                    "annotations": [annotation(1000 + number, result)],
                    "predictions": [],
                }

    def find(self, slot: str, **wanted: Any) -> tuple[str, Any]:
        """Return the id of the first task whose first label is of a slot, and that label's span."""
        for session in records(self.directory).values():
            for number, turn in users(session):
                for span in turn["spans"][:1]:
                    if span["slot"] == slot and all(span.get(k) == v for k, v in wanted.items()):
                        return f"{session['id']}/{number}", span
        raise AssertionError(f"no {slot} {wanted}")

    def result(self, name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.tasks[name]["annotations"][0]["result"]
        return found

    def label(self, name: str, index: int = 0) -> dict[str, Any]:
        return [one for one in self.result(name) if one["from_name"] == "slots"][index]

    def move(self, name: str, start: int, end: int, index: int = 0, label: str = "") -> None:
        region = self.label(name, index)["value"]
        text = self.tasks[name]["data"]["text"]
        region.update(start=start, end=end, text=text[start:end])
        region["labels"] = [label] if label else region["labels"]

    def mean(self, name: str, told: str, index: int = 0) -> None:
        """Write a value at a label, in the place of the one that was there."""
        region = self.label(name, index)
        result = self.result(name)
        result[:] = [r for r in result if (r["from_name"], r["id"]) != ("value", region["id"])]
        place = {key: region["value"][key] for key in ("start", "end")}
        result.append({**region, "from_name": "value", "type": "textarea",
                       "value": {**place, "text": [told]}})  # fmt: skip

    def add(self, name: str, start: int, end: int, label: str, region: str = "xK3_d-9aQz") -> None:
        text = self.tasks[name]["data"]["text"]
        value = {"start": start, "end": end, "text": text[start:end], "labels": [label]}
        self.result(name).append(
            {
                "id": region,
                "from_name": "slots",
                "to_name": "text",
                "type": "labels",
                "value": value,
            }
        )

    def choose(self, name: str, *intents: str) -> None:
        result = self.result(name)
        result[:] = [one for one in result if one["from_name"] != "intents"]
        if intents:
            value = {"choices": list(intents)}
            result.append({"id": "c", "from_name": "intents", "to_name": "text", "type": "choices",
                           "value": value})  # fmt: skip

    def save(self, tasks: Any = None) -> Path:
        self.file.write_text(json.dumps(list(self.tasks.values()) if tasks is None else tasks))
        return self.file

    def bring(self) -> Result:
        return run("import", "labelstudio", self.save(), self.directory)


def annotation(number: int, result: Any, **more: Any) -> dict[str, Any]:
    return {"id": number, "completed_by": 7, "was_cancelled": False, "result": result,
            "updated_at": "2026-03-15T00:00:00Z", **more}  # fmt: skip


@pytest.fixture
def project(retail: Path) -> Project:
    return Project(retail)


# What Label Studio itself says of the tasks.


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("labels", ["slot", "key"])
def test_label_studio_accepts_the_interface_and_every_prediction(
    name: str, labels: Any, graph: Callable[[str], Any], sessions: Callable[..., list[Any]]
) -> None:
    ontology, options = Ontology(graph(name).ontology()), Options(labels=labels)
    (config,) = labelstudio.closing(Outcome(name, {}, ontology, options))
    assert config.path == "config.xml"
    judge = LabelInterface(config.data)
    judge.validate()
    count = 0
    for session in sessions(name, 60):
        for row in labelstudio.rows(session, {}, ontology, options):
            (prediction,) = row.data["predictions"]
            assert judge.validate_prediction(prediction, return_errors=True) == []
            assert judge.validate_task({"data": row.data["data"]})
            count += bool(prediction["result"])
    assert count > 40


def test_the_judge_refuses_what_the_interface_does_not_know(exported: Path) -> None:
    judge = LabelInterface((exported / "labelstudio/config.xml").read_text("utf-8"))
    prediction = Project(exported).tasks[Project(exported).find("时间")[0]]["annotations"][0]
    plain = {"result": prediction["result"]}
    assert judge.validate_prediction(plain, return_errors=True) == []
    plain["result"][0]["value"]["labels"] = ["nope"]
    assert judge.validate_prediction(plain, return_errors=True) != []


def test_each_utterance_of_a_user_is_a_task(exported: Path) -> None:
    found = Project(exported).tasks
    expected = {
        f"{session['id']}/{number}": (turn, session)
        for session in records(exported).values()
        for number, turn in enumerate(session["turns"])
        if turn.get("speaker") == "user"
    }
    assert found.keys() == expected.keys()
    for name, (turn, session) in expected.items():
        data = found[name]["data"]
        said = [t for t in session["turns"][: int(name.split("/")[1])] if t["kind"] == "utterance"]
        assert data["text"] == turn["text"]
        assert [one["text"] for one in data["context"]] == [
            session["now"],
            *(t["text"] for t in said),
        ]
        regions = [r for r in found[name]["annotations"][0]["result"] if r["from_name"] == "slots"]
        assert len(regions) == len(turn["spans"])
        for number, (region, span) in enumerate(zip(regions, turn["spans"], strict=True)):
            value = region["value"]
            assert region["id"] == f"{name.split('/')[1]}.{number}"
            assert data["text"][value["start"] : value["end"]] == span["surface"] == value["text"]
            assert value["labels"] == [span.get("part", span["slot"])]


def test_two_keys_with_one_label_have_names_of_their_own(graph: Callable[[str], Any]) -> None:
    names = labelstudio.names(Ontology(graph("retail").ontology()))
    assert names["收货人.姓名"] == "姓名"  # which units ask for
    assert names["客户.姓名"] == "客户.姓名"
    assert len(set(names.values())) == len(names)


# Nothing changed.


def test_what_nobody_corrects_stays_as_it_is_byte_for_byte(project: Project) -> None:
    before = tree(project.directory)
    done = project.bring()
    assert done.exit_code == 0, done.output
    assert tree(project.directory) == before
    assert f"{len(project.tasks)} utterances" in done.output
    assert "corrected   nothing" in done.output


def test_ids_that_an_editor_makes_anew_are_no_correction(project: Project) -> None:
    before = tree(project.directory)
    for task in project.tasks.values():
        for number, one in enumerate(task["annotations"][0]["result"]):
            one["id"] = f"q{one['id'].replace('.', '_')}" if number % 2 else f"{one['id']}#17"
        task["annotations"][0]["result"].reverse()
    done = project.bring()
    assert done.exit_code == 0, done.output
    assert tree(project.directory) == before


# What follows from corrections, worked out from the spans alone.


def users(session: Any, first: int = 0, last: int | None = None) -> Iterator[tuple[int, Any]]:
    for number, turn in list(enumerate(session["turns"]))[first:last]:
        if turn.get("speaker") == "user":
            yield number, turn


def check(session: Any, pack: Pack) -> None:
    """Check what a record says of its spans: acts, state, omissions and targets."""
    state: dict[str, Any] = {}
    told: dict[str, int] = {}
    for number, turn in enumerate(session["turns"]):
        if turn["kind"] != "utterance":
            continue
        informed = [act for act in turn["acts"] if act["act"] == "inform"]
        assert [act["span"] for act in informed] == list(range(len(turn["spans"])))
        for act, span in zip(informed, turn["spans"], strict=True):
            about = {"act": "inform", "slot": span["slot"], "span": act["span"]}
            assert act == about | ({"part": span["part"]} if "part" in span else {})
        for one in turn["omitted"]:
            if "result" not in one:
                key = span_key(one)
                assert one["value"] == state[key]["value"]
                assert one["antecedent"] == {"turn": told[key]}
                assert key not in {span_key(span) for span in turn["spans"]}
        if turn["speaker"] == "user":
            last = 0
            for span in turn["spans"]:
                assert turn["text"][span["start"] : span["end"]] == span["surface"]
                assert span["start"] >= last
                assert span.get("normal") != span["surface"]
                last = span["end"]
                state[span_key(span)] = {
                    name: span[name] for name in ("surface", "normal", "value") if name in span
                }
                told[span_key(span)] = number
        assert turn["state"]["slots"] == state
    for target in session["targets"]:
        first, last = target["turns"]
        said = {
            span_key(s): s["surface"] for _, t in users(session, first, last) for s in t["spans"]
        }
        assert target["target"] == expected(target, said, pack), target


def expected(target: Any, said: dict[str, str], pack: Pack) -> dict[str, str]:
    """Return what a target must be: declared labels, or all that users may say there."""
    if target["scope"] == "session":
        return {pack.label(key): surface for key, surface in said.items()}
    group = pack.units if target["scope"] == "exchange" else pack.graph["scenes"]
    labels = pack.labels(group[target["name"]].get("target"))
    if labels is None:  # what its phrasings give, and the answers to what it asks for
        unit = target["name"]
        gives = {g for one, some in pack.given.items() if one.owner == unit for g in some}
        gives |= {name for need in pack.needs(unit) for name in need if not pack.is_result(name)}
        labels = {pack.label(give): give for give in gives}
    return {label: said[pack.key(g)] for label, g in labels.items() if pack.key(g) in said}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return pack_of(GRAPHS["retail"])


def test_the_second_reading_agrees_with_the_engine(exported: Path, pack: Pack) -> None:
    for session in records(exported).values():
        check(session, pack)


def scramble(project: Project, rng: random.Random) -> set[str]:
    """Correct every third task in some way; return the ids of the sessions."""
    changed = set()
    labels = list(labelstudio.names(Ontology(manifest(project)["ontology"])).values())
    for name, task in list(project.tasks.items())[::3]:
        text = task["data"]["text"]
        regions = [one for one in project.result(name) if one["from_name"] == "slots"]
        kind = rng.choice(["move", "label", "remove", "mean", "add", "intent"])
        if kind == "intent" or (not regions and kind != "add"):
            project.choose(
                name, "compare_price" if "price" not in name else "wait", "urge_shipping"
            )
        elif kind == "add":
            free = [i for i in range(len(text)) if all(
                not r["value"]["start"] <= i < r["value"]["end"] for r in regions
            ) and text[i].strip()]  # fmt: skip
            if not free:
                continue
            at = rng.choice(free)
            project.add(name, at, at + 1, rng.choice(labels))
        else:
            index = rng.randrange(len(regions))
            value = regions[index]["value"]
            if kind == "move" and value["end"] - value["start"] > 1:
                project.move(name, value["start"], value["end"] - 1, index)
            elif kind in ("label", "move"):
                other = rng.choice([one for one in labels if one != value["labels"][0]])
                project.move(name, value["start"], value["end"], index, other)
            elif kind == "remove":
                gone = regions[index]["id"]
                project.result(name)[:] = [r for r in project.result(name) if r["id"] != gone]
            elif value["labels"] == ["时间"]:
                project.mean(name, json.dumps(TIME), index)
            else:
                project.mean(name, "另一个", index)
        changed.add(name.split("/")[0])
    return changed


def manifest(project: Project) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project.directory / "manifest.json").read_bytes())
    return found


@pytest.mark.parametrize("seed", range(4))
def test_everything_follows_from_corrections_and_nothing_else_changes(
    project: Project, pack: Pack, seed: int
) -> None:
    from jsonschema import Draft202012Validator

    before = records(project.directory)
    changed = scramble(project, random.Random(seed))
    done = project.bring()
    assert done.exit_code == 0, done.output
    after = records(project.directory)
    assert {name for name in before if after[name] != before[name]} == changed
    assert {name for name, session in after.items() if "edits" in session} == changed
    judge = Draft202012Validator(json_schema("session"))
    for name in changed:
        assert list(judge.iter_errors(after[name])) == []
        check(after[name], pack)
        assert unedited(after[name]) == [turn["spans"] for _, turn in users(before[name])]
    counts = manifest(project)["counts"]
    assert counts["edited"] == len(changed)
    assert counts["bytes"] == sum(map(len, tree(project.directory / "sessions").values()))
    # A second time there is nothing left to do, though labels have other numbers now.
    bytes_ = tree(project.directory)
    again = project.bring()
    assert "corrected   nothing" in again.output, again.output
    assert tree(project.directory) == bytes_


def unedited(session: Any) -> list[Any]:
    """Return the spans of the user as they were, by undoing the edits."""
    found = []
    for number, turn in users(session):
        spans = list(turn["spans"])
        for edit in session["edits"]:
            if edit["turn"] != number or edit["action"] == "intent":
                continue
            if "after" in edit:
                spans.remove(edit["after"])
            if "before" in edit:
                spans.append(edit["before"])
        found.append(sorted(spans, key=lambda span: span["start"]))
    return found


def one(project: Project, name: str) -> tuple[Any, Any]:
    """Return the utterance of a task after an import, and its session."""
    done = project.bring()
    assert done.exit_code == 0, done.output
    session, _, number = name.partition("/")
    found = records(project.directory)[session]
    return found["turns"][int(number)], found


def take(project: Project, directory: Path) -> Project:
    """Export the tasks again and return them as annotated."""
    assert run("export", directory, "--to", "labelstudio").exit_code == 0
    return Project(directory)


def drop(project: Project, name: str, asked: str = "") -> None:
    """Take away the first label of a task with its value, or only one of the two."""
    region = project.label(name)["id"]
    result = project.result(name)
    result[:] = [r for r in result if r["id"] != region or (asked and r["from_name"] != asked)]


def test_a_new_label_means_what_is_documented_for_its_text(project: Project) -> None:
    name, span = project.find("配件", surface="内存")
    drop(project, name)
    turn, session = one(project, name)
    assert "配件" not in turn["state"]["slots"]
    (edit,) = session["edits"]
    assert edit.pop("source").startswith("labelstudio/1")
    number = int(name.split("/")[1])
    assert edit == {"turn": number, "span": 0, "action": "remove", "before": span}
    again = take(project, project.directory)
    again.add(name, span["start"], span["end"], "配件")
    turn, session = one(again, name)
    assert turn["spans"][0] == span
    assert span["normal"] == span["value"] == "内存条"
    assert [edit["action"] for edit in session["edits"]] == ["remove", "add"]


def test_a_documented_row_gets_the_value_that_the_dataset_uses(project: Project) -> None:
    said = [(f"{s['id']}/{n}", x) for s in records(project.directory).values()
            for n, t in users(s) for x in t["spans"] if x["slot"] == "设备"]  # fmt: skip
    values = [span["value"] for _, span in said]
    alone = Counter(f"{s['id']}/{n}" for s in records(project.directory).values()
                    for n, t in users(s) for _ in t["spans"])  # fmt: skip
    name, span = next(
        pair for pair in said if values.count(pair[1]["value"]) > 1 and alone[pair[0]] == 1
    )
    assert span["value"] != span.get("normal", span["surface"])
    project.move(name, span["start"], span["end"], label="配件")
    if span.get("normal"):
        project.mean(name, span["normal"])  # it is about the label that it had
    turn, _ = one(project, name)
    assert turn["spans"][0]["value"] == span["surface"]
    again = take(project, project.directory)
    again.move(name, span["start"], span["end"], label="设备")
    turn, _ = one(again, name)
    assert turn["spans"][0] == span


def test_a_moved_label_keeps_the_value_that_its_reviewer_left(project: Project) -> None:
    name, span = project.find("配件", surface="内存")
    project.move(name, span["start"], span["end"] - 1)
    turn, _ = one(project, name)
    assert turn["spans"][0] == {**span, "end": span["end"] - 1, "surface": "内"}


def test_what_nobody_documents_stands_for_itself(project: Project) -> None:
    name, span = project.find("配件", surface="内存")
    project.move(name, span["start"], span["end"] - 1)
    drop(project, name, "value")
    turn, _ = one(project, name)
    found = {key: value for key, value in span.items() if key != "normal"}
    assert turn["spans"][0] == {**found, "end": span["end"] - 1, "surface": "内", "value": "内"}


def test_a_value_may_be_any_documented_wording_of_it(project: Project) -> None:
    name, span = project.find("配件", surface="内存")
    project.mean(name, " 充电头 ")
    turn, session = one(project, name)
    assert turn["spans"][0] == {**span, "value": "充电器", "normal": "充电器"}
    assert turn["state"]["slots"]["配件"]["value"] == "充电器"
    assert [edit["action"] for edit in session["edits"]] == ["value"]


def test_a_time_is_corrected_as_a_time(project: Project) -> None:
    name, span = project.find("时间")
    project.mean(name, json.dumps(TIME, indent=1))
    turn, _ = one(project, name)
    assert turn["spans"][0] == {**span, "value": TIME, "normal": TIME["end"]}
    again = take(project, project.directory)
    interval = {**TIME, "kind": "interval", "start": "2026-03-14T00:00:00+08:00"}
    again.mean(name, json.dumps(interval))
    turn, _ = one(again, name)
    assert turn["spans"][0]["normal"] == f"{interval['start']}/{interval['end']}"


def test_a_time_that_moves_stays_the_time_that_its_reviewer_left(project: Project) -> None:
    name, span = project.find("时间")
    project.move(name, span["start"], span["end"] - 1)
    turn, _ = one(project, name)
    surface = span["surface"][:-1]
    assert turn["spans"][0] == {**span, "end": span["end"] - 1, "surface": surface}


def test_a_correction_is_carried_on_but_not_over_a_later_mention(project: Project) -> None:
    def mentions(session: Any) -> list[tuple[int, Any]]:
        return [(n, x) for n, t in users(session) for x in t["spans"] if x["slot"] == "地点"]

    session = next(s for s in records(project.directory).values() if len(mentions(s)) > 1)
    (first, span), (second, later) = mentions(session)[:2]
    name = f"{session['id']}/{first}"
    index = session["turns"][first]["spans"].index(span)
    project.mean(name, "火星", index)
    _, found = one(project, name)
    for number, turn in enumerate(found["turns"]):
        if turn["kind"] == "utterance" and number >= first:
            value = turn["state"]["slots"]["地点"]["value"]
            assert value == ("火星" if number < second else turn_value(session, number))
    assert second > first
    assert later["value"] != "火星"


def turn_value(session: Any, number: int) -> Any:
    return session["turns"][number]["state"]["slots"]["地点"]["value"]


def test_the_intent_of_an_exchange_follows_what_opens_it(project: Project) -> None:
    session = next(s for s in records(project.directory).values() if "product_lookup" in s["walk"])
    exchange = next(t for t in session["targets"] if t["name"] == "product_lookup")
    first, last = exchange["turns"]
    number = next(n for n, _ in users(session, first, last))
    name = f"{session['id']}/{number}"
    project.choose(name, "price", "stock")
    turn, found = one(project, name)
    assert turn["intents"] == [{"name": "price"}, {"name": "stock"}]
    told = [act["intent"] for act in turn["acts"] if act["act"] == "inform_intent"]
    assert told == ["price", "stock"]
    assert turn["acts"][:2] == [{"act": "inform_intent", "intent": one} for one in told]
    assert turn["state"]["intent"] == "price"
    others = [n for n, t in users(found, first, last) if n > number]
    for other in range(number, min([*others, last])):
        state = found["turns"][other].get("state")
        assert state is None or state["intent"] == "price"
    for other in others:
        assert found["turns"][other]["state"]["intent"] == "product_lookup"
    assert found["edits"][0]["before"] == ["product_lookup"]
    assert found["edits"][0]["after"] == ["price", "stock"]


def test_what_was_left_unsaid_follows_its_antecedent(project: Project) -> None:
    name, session, number, omission = next(
        (f"{s['id']}/{one['antecedent']['turn']}", s, n, one)
        for s in records(project.directory).values() for n, t in users(s) for one in t["omitted"]
        if one.get("slot") in ("产品", "地点", "设备")
    )  # fmt: skip
    told = session["turns"][omission["antecedent"]["turn"]]
    index = next(i for i, x in enumerate(told["spans"]) if x["slot"] == omission["slot"])
    project.mean(name, "另一个", index)
    _, found = one(project, name)
    key = omission["slot"]
    (omitted,) = [o for o in found["turns"][number]["omitted"] if o.get("slot") == key]
    assert omitted == {**omission, "value": "另一个"}
    again = take(project, project.directory)
    region = again.label(name, index)["id"]
    again.result(name)[:] = [r for r in again.result(name) if r["id"] != region]
    _, found = one(again, name)
    check(found, pack_of(GRAPHS["retail"]))


def free(turn: Any) -> int:
    """Return the first place of an utterance that no label takes, -1 if there is none."""
    taken = {at for span in turn["spans"] for at in range(span["start"], span["end"])}
    return next((at for at, sign in enumerate(turn["text"]) if at not in taken and sign != " "), -1)


def test_the_turn_that_told_what_is_left_unsaid_is_the_latest(project: Project) -> None:
    labels = labelstudio.names(Ontology(manifest(project)["ontology"]))
    session, number, omission, earlier = next(
        (s, n, o, m) for s in records(project.directory).values() for n, t in users(s)
        for o in t["omitted"] if "slot" in o and free(t) >= 0
        for m, u in users(s) if m < o["antecedent"]["turn"] and free(u) >= 0
    )  # fmt: skip
    turns, told, key = session["turns"], omission["antecedent"]["turn"], span_key(omission)
    index = next(i for i, span in enumerate(turns[told]["spans"]) if span_key(span) == key)
    name = f"{session['id']}/{told}"
    region = project.label(name, index)["id"]
    project.result(name)[:] = [one for one in project.result(name) if one["id"] != region]
    at = free(turns[earlier])
    project.add(f"{session['id']}/{earlier}", at, at + 1, labels[key])
    _, found = one(project, name)
    (omitted,) = [
        o for o in found["turns"][number]["omitted"] if o.get("slot") and span_key(o) == key
    ]
    text = turns[earlier]["text"][at]
    assert omitted == {**omission, "value": text, "antecedent": {"turn": earlier}}
    again = take(project, project.directory)
    at = free(turns[number])
    again.add(f"{session['id']}/{number}", at, at + 1, labels[key])
    turn, _ = one(again, f"{session['id']}/{number}")
    assert [o for o in turn["omitted"] if o.get("slot") == omission["slot"]] == []  # it is said


def test_ids_count_only_where_places_do_not_tell(project: Project) -> None:
    name = next(n for n in project.tasks if len([
        r for r in project.result(n) if r["from_name"] == "slots"]) > 1)  # fmt: skip
    first, second = project.label(name, 0), project.label(name, 1)
    first["id"], second["id"] = second["id"], first["id"]
    result = project.result(name)
    result[:] = [r for r in result if r["from_name"] != "value"]
    assert "corrected   nothing" in project.bring().output


def test_a_label_that_went_elsewhere_is_the_one_with_its_id(project: Project) -> None:
    name, span = next(
        (f"{s['id']}/{n}", t["spans"][0]) for s in records(project.directory).values()
        for n, t in users(s) if len(t["spans"]) == 1 and t["spans"][0]["start"] > 1
    )  # fmt: skip
    project.label(name)["id"] += "#17"
    project.move(name, 0, 1)
    _, found = one(project, name)
    assert [(e["action"], e["span"], e["before"]) for e in found["edits"]] == [("change", 0, span)]


def test_a_value_goes_with_the_label_that_it_was_about(project: Project) -> None:
    name, span = project.find("配件", surface="内存")
    project.move(name, span["start"], span["end"], label="数量")
    turn, _ = one(project, name)
    assert turn["spans"][0]["value"] == "内存"
    assert "normal" not in turn["spans"][0]


def test_calls_stay_as_they_were_made_and_are_counted(project: Project) -> None:
    name, span = project.find("时间")
    session, _, number = name.partition("/")
    before = records(project.directory)[session]["turns"]
    calls = [t for t in before[int(number) :] if t["kind"] == "call"
             and span["value"]["end"] in json.dumps(t["arguments"])]  # fmt: skip
    project.mean(name, json.dumps(TIME))
    done = project.bring()
    assert "corrected   1 value corrected; sessions changed: 1\n" in done.output
    assert calls
    many = "1 call that was" if len(calls) == 1 else f"{len(calls)} calls that were"
    assert f"kept        {many} made with what is corrected now\n" in done.output
    after = records(project.directory)[session]["turns"]
    assert [t for t in after if t["kind"] != "utterance"] == [
        t for t in before if t["kind"] != "utterance"
    ]


# Offsets.


@pytest.fixture
def smile(project: Project) -> tuple[Project, str, int]:
    """Return a dataset with a character beyond 16 bits before a label, its task and place."""
    name, span = project.find("时间")
    session, _, number = name.partition("/")
    (path,) = project.directory.glob("sessions/*")
    lines = list(records(project.directory).values())
    turn = next(one for one in lines if one["id"] == session)["turns"][int(number)]
    turn["text"] = f"😀{turn['text']}"
    for one_ in turn["spans"]:
        one_["start"] += 1
        one_["end"] += 1
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines), "utf-8")
    shutil.rmtree(project.directory / "labelstudio")
    return take(project, project.directory), name, span["start"] + 1


def test_offsets_are_code_points(smile: tuple[Project, str, int]) -> None:
    project, name, start = smile
    assert project.label(name)["value"]["start"] == start
    before = tree(project.directory / "sessions")
    assert "corrected   nothing" in project.bring().output
    assert tree(project.directory / "sessions") == before


def test_offsets_of_older_editors_are_understood(smile: tuple[Project, str, int]) -> None:
    project, name, _ = smile
    for region in project.result(name):
        if region["from_name"] == "slots":
            region["value"]["start"] += 1
            region["value"]["end"] += 1
    assert "corrected   nothing" in project.bring().output


def test_offsets_that_fit_no_unit_are_told(smile: tuple[Project, str, int]) -> None:
    project, name, _ = smile
    project.label(name)["value"]["start"] += 7
    done = project.bring()
    assert done.exit_code == 1
    assert "stands" in done.output
    del project.label(name)["value"]["text"]  # the unit cannot be told from the place alone
    assert project.bring().exit_code == 1


# Several reviewers.


def test_what_was_cancelled_or_not_annotated_is_left_alone(project: Project) -> None:
    name, _ = project.find("时间")
    before = tree(project.directory)
    drop(project, name)
    project.tasks[name]["annotations"][0]["was_cancelled"] = True
    other = next(one for one in project.tasks if one != name)
    project.tasks[other]["annotations"] = []
    done = project.bring()
    assert done.exit_code == 0, done.output
    assert "2 tasks are not annotated" in done.output
    assert tree(project.directory) == before


def test_reviewers_who_differ_are_told_apart_only_by_ground_truth(project: Project) -> None:
    name, _ = project.find("时间")
    before = tree(project.directory)
    same = copy.deepcopy(project.result(name))
    drop(project, name)
    project.tasks[name]["annotations"].append(annotation(2, same))
    done = project.bring()
    assert done.exit_code == 1
    assert f"({name}): 2 annotations of it differ" in " ".join(done.output.split())
    assert tree(project.directory) == before
    project.tasks[name]["annotations"][1]["ground_truth"] = True
    assert "corrected   nothing" in project.bring().output
    project.tasks[name]["annotations"][1] = annotation(2, copy.deepcopy(project.result(name)))
    assert "1 removed" in project.bring().output


# The dataset around it.


def test_exports_made_before_are_removed_and_those_made_after_show_it(project: Project) -> None:
    name, span = project.find("时间")
    project.move(name, span["start"], span["end"] - 1)
    done = project.bring()
    assert done.output.endswith(
        "removed     spans, labelstudio: made before; make them again with\n"
        f"  dialogue export {project.directory} --to spans\n"
        f"  dialogue export {project.directory} --to labelstudio\n"
    )
    card = (project.directory / "README.md").read_text("utf-8")
    assert "1 session was corrected by reviewers; each lists its `edits`. So this is not" in card
    assert "The same bytes" not in card
    assert not (project.directory / "spans").exists()
    assert not (project.directory / "labelstudio").exists()
    assert "exports" not in manifest(project)
    assert run("export", project.directory, "--to", "spans").exit_code == 0
    lines = (project.directory / "spans/train.jsonl").read_text("utf-8").splitlines()
    line = next(one for one in map(json.loads, lines) if one["id"] == name)
    assert [s["surface"] for s in line["spans"] if s["label"] == "时间"] == [span["surface"][:-1]]


@pytest.mark.parametrize("kind", ["foreign", "edited"])
def test_nothing_that_people_made_is_removed_with_an_export(project: Project, kind: str) -> None:
    name, _ = project.find("时间")
    drop(project, name)
    path = project.directory / "labelstudio" / ("mine.json" if kind == "foreign" else "config.xml")
    path.write_text("mine")
    before = tree(project.directory)
    done = project.bring()
    assert done.exit_code == 2
    assert path.name in done.output
    assert tree(project.directory) == before


def test_the_same_compose_command_leaves_reviewed_work_alone(project: Project) -> None:
    name, _ = project.find("时间")
    drop(project, name)
    assert project.bring().exit_code == 0
    before = tree(project.directory)
    done = run("compose", GRAPHS["retail"], "-n", 90, "-o", project.directory)
    assert done.exit_code == 0, done.output
    assert tree(project.directory) == before
    other = run("compose", GRAPHS["retail"], "-n", 91, "-o", project.directory)
    assert other.exit_code == 2
    assert "1 session corrected by people" in other.output
    assert tree(project.directory) == before


# Whole, or said not to be.


class Killed(BaseException):
    pass


@pytest.fixture(scope="module")
def write(graph: Callable[[str], Any]) -> Iterator[Callable[[Path], object]]:
    """Return what composes thirty sessions into three files."""
    recipe = shards.Recipe(load_graph, compose, "0", GRAPHS["retail"], n=30)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "SIZE", 10)
        yield lambda directory: dataset.write(recipe, graph("retail"), directory)


@pytest.fixture
def several(write: Callable[[Path], object], tmp_path: Path) -> Path:
    write(tmp_path / "several")
    assert run("export", tmp_path / "several", "--to", "labelstudio").exit_code == 0
    return tmp_path / "several"


@pytest.mark.parametrize("place", range(7))
def test_an_import_that_is_ended_is_finished_by_the_same_command(
    several: Path,
    write: Callable[[Path], object],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: int,
) -> None:
    directory = shutil.copytree(several, tmp_path / "retail")
    project = Project(directory)
    scramble(project, random.Random(1))
    file = project.save()
    whole = shutil.copytree(directory, tmp_path / "whole")
    revision.revise(file, whole)
    known = records(directory)
    made: list[Path] = []

    def ending(path: Path) -> Any:
        made.append(path)
        if len(made) == place + 1:
            raise Killed
        return writing.whole(path)

    for writer in (revision, card):
        monkeypatch.setattr(writer, "whole", ending)
    done = None
    try:
        revision.revise(file, directory)
    except Killed:
        done = place
    for writer in (revision, card):
        monkeypatch.setattr(writer, "whole", writing.whole)
    if done is None:  # the marker, three files, the manifest and the card
        assert place == 6
        assert tree(directory) == tree(whole)
        return
    if place == 0:
        assert records(directory) == known
        assert not (directory / dataset.UNFINISHED).exists()
    else:
        assert (directory / dataset.UNFINISHED).exists()
        assert run("export", directory, "--to", "spans").exit_code == 2
        with pytest.raises(dataset.Refused, match="unfinished import"):
            write(directory)
        other = tmp_path / "other.json"
        other.write_text("[]")
        refused = run("import", "labelstudio", other, directory)
        assert refused.exit_code == 2
        assert "reviewed.json" in refused.output
    finished = run("import", "labelstudio", file, directory)
    assert finished.exit_code == 0, finished.output
    assert tree(directory) == tree(whole)


# What is wrong.


def _task(change: Callable[[Project, str], object]) -> Callable[[Project, str], None]:
    def act(project: Project, name: str) -> None:
        change(project, name)
        project.save()

    return act


def _data(**data: Any) -> Callable[[Project, str], None]:
    return _task(lambda project, name: project.tasks[name]["data"].update(data))


def _region(**value: Any) -> Callable[[Project, str], None]:
    return _task(lambda project, name: project.label(name)["value"].update(value))


def _file(text: str) -> Callable[[Project, str], None]:
    return lambda project, name: project.file.write_text(text) and None


def _elsewhere(project: Project, name: str) -> None:
    session = name.partition("/")[0]
    bots = next(n for n, t in enumerate(records(project.directory)[session]["turns"])
                if t["speaker"] == "bot")  # fmt: skip
    project.tasks[name]["data"]["id"] = f"{session}/{bots}"


WRONG: dict[str, tuple[Callable[[Project, str], None], str]] = {
    "no JSON": (_file("nope"), "it is not JSON"),
    "no list": (_file("{}"), "not a list of tasks"),
    "no task": (_file("[3]"), "task 1: this is no task"),
    "JSON-MIN": (_file('[{"id": 1, "annotator": 1, "text": "x"}]'), "JSON-MIN"),
    "no id": (_data(id=None), "has no id of an utterance"),
    "another id": (_data(id="17"), "has no id of an utterance"),
    "no text": (_data(text=None), "has no text"),
    "no session": (_data(id="retail-9-000000/0"), "there is no session 'retail-9-000000'"),
    "no turn": (_data(id="retail-0-000000/99"), "has no turn 99"),
    "the bot's": (_task(_elsewhere), "is not said by the user"),
    "other text": (_data(text="别的话"), "its text is '别的话'"),
    "no span": (_task(lambda p, n: (p.move(n, 0, 1), p.label(n).update(id="3.77"))),
                "there is no label '3.77'"),
    "unknown label": (_region(labels=["时候"]), "unknown label '时候'"),
    "two labels": (_region(labels=["时间", "地点"]), "has not one label"),
    "unknown intent": (_task(lambda p, n: p.choose(n, "buy")), "unknown intent 'buy'"),
    "other words": (_region(text="昨天"), "not '昨天'"),
    "beyond the end": (_region(start=900, end=902), "from 900 to 902"),
    "no number": (_region(start="1"), "start and end are no numbers"),
    "nothing": (_region(start=1, end=1, text=""), "is nothing"),
    "overlap": (_task(lambda p, n: p.add(n, p.label(n)["value"]["start"],
                                         p.label(n)["value"]["end"], "地点")), "overlaps"),
    "no time": (_task(lambda p, n: p.mean(n, "今晚")), "'今晚' is no time"),
    "upside down": (_task(lambda p, n: p.mean(n, json.dumps(
        {**TIME, "start": "2026-03-16T00:00:00+08:00"}))), "is no time with an offset"),
    "no offset": (_task(lambda p, n: p.mean(n, json.dumps({**TIME, "end": "2026-03-15"}))),
                  "is no time with an offset"),
    "two values": (_task(lambda p, n: next(r for r in p.result(n) if r["from_name"] == "value")
                         ["value"].update(text=["a", "b"])), "more than one value"),
    "another kind": (_task(lambda p, n: p.label(n).update(type="brushlabels")),
                     "is of the kind 'brushlabels'"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_is_told_and_nothing_is_written(project: Project, kind: str) -> None:
    make, told = WRONG[kind]
    name, _ = project.find("时间")
    before = tree(project.directory)
    make(project, name)
    if not project.file.exists():
        project.save()
    done = run("import", "labelstudio", project.file, project.directory)
    assert done.exit_code == 1, done.output
    shown = done.output.replace("\n", "")
    assert told in shown
    assert "fix:" in shown
    assert str(project.file) in shown
    assert tree(project.directory) == before


def test_all_that_is_wrong_is_told_at_once(project: Project) -> None:
    names = [project.find("时间")[0], project.find("配件")[0], project.find("设备")[0]]
    project.label(names[0])["value"]["labels"] = ["时候"]
    project.choose(names[1], "buy")
    project.tasks[names[2]]["data"]["text"] = "x"
    with pytest.raises(ContentError) as error:
        revision.revise(project.save(), project.directory)
    assert len(set(names)) == 3
    assert len(error.value.problems) == 3
    for name, problem in zip(sorted(names), sorted(error.value.problems, key=place), strict=True):
        assert name in problem.what
        assert problem.at.path == str(project.file)


def place(problem: Any) -> str:
    return str(problem.what).partition("(")[2]


def test_what_is_wrong_is_told_in_the_order_of_the_file(project: Project) -> None:
    names = list(project.tasks)[::9]
    for number, name in enumerate(names):
        if number % 3 == 0:
            project.tasks[name]["data"]["text"] = "x"
        elif number % 3 == 1:
            project.tasks[name]["data"]["id"] = f"other-{number}/0"
        else:
            project.tasks[name]["annotations"][0]["result"] = None
    with pytest.raises(ContentError) as error:
        revision.revise(project.save(list(project.tasks.values())[::-1]), project.directory)
    told = [int(problem.what.split()[1]) for problem in error.value.problems]
    assert told == [project.tasks[name]["id"] for name in reversed(names)]


def test_tasks_that_nobody_has_annotated_are_one_problem(project: Project) -> None:
    (file,) = project.directory.glob("labelstudio/*.json")
    done = run("import", "labelstudio", file, project.directory)
    assert done.exit_code == 1
    assert done.output == (
        f"{file}: these are the tasks that were exported, nobody has annotated them\n"
        "  fix: export the project from Label Studio as JSON\n1 problem in 1 file\n"
    )


def test_very_many_mistakes_are_counted_rather_than_listed(project: Project) -> None:
    for task in project.tasks.values():
        task["data"]["id"] = f"other-{task['data']['id']}"
    with pytest.raises(ContentError) as error:
        revision.revise(project.save(), project.directory)
    assert len(error.value.problems) == 51
    assert any(f"{len(project.tasks) - 50:,} more" in one.what for one in error.value.problems)


def test_a_project_that_does_not_ask_for_labels_takes_none_away(project: Project) -> None:
    before = tree(project.directory)
    for name in project.tasks:
        project.result(name)[:] = [r for r in project.result(name) if r["from_name"] == "intents"]
    done = project.bring()
    assert done.exit_code == 1
    assert "no annotation answers 'slots'" in done.output
    assert tree(project.directory) == before


def test_only_a_dataset_is_corrected(project: Project, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert run("import", "labelstudio", project.save(), empty).exit_code == 2
    assert list(empty.iterdir()) == []
    missing = run("import", "labelstudio", tmp_path / "none.json", project.directory)
    assert missing.exit_code == 2
    assert "none.json" in missing.output
    assert run("import", "labelstudio", project.file, tmp_path / "nowhere").exit_code == 2


def test_a_session_that_was_edited_by_hand_must_hold(project: Project) -> None:
    (path,) = project.directory.glob("sessions/*")
    path.write_bytes(path.read_bytes().replace(b'"surface"', b'"surfaces"', 1))
    done = project.bring()
    assert done.exit_code == 1
    assert "000000.jsonl:" in done.output


def test_each_way_to_import_has_an_example_in_its_help() -> None:
    for name in main.commands["import"].commands:  # type: ignore[attr-defined]
        assert f"dialogue import {name} " in run("import", name, "--help").output
