"""What we export comes back: every text is an instance of a phrasing of its twin.

The judge reads exports and packs with code of its own: it lays each row's words and places over the
phrasings of the YAML.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from click.testing import CliRunner

from dialogue.cli import main
from dialogue.formats.rasa.markup import read as marked

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
COUNTS = {"address": 40, "retail": 24}
PRINTED = re.compile(r"\{\{ ('.*?'|\w+)(?: \| normal)? \}\}")
Row = tuple[str, tuple[tuple[int, int, str], ...]]


def run(*arguments: object) -> str:
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    for name, count in COUNTS.items():
        formats = ("--to", "spans,bio,rasa,openai", "--task", "extract", "--scope", "turn")
        graph = ROOT / "graphs" / f"{name}.yaml"
        run("compose", graph, "-n", count, *formats, "-o", folder / name)
    return folder


class Pack:
    """The phrasings of a pack and what their names stand for, read from its YAML."""

    def __init__(self, folder: Path) -> None:
        read = {path.stem: yaml.load(path.read_text("utf-8"), LOADER) for path in folder.iterdir()}
        self.slots = read.pop("domain").get("slots", {})
        self.phrasings: dict[str, list[tuple[list[str], list[str]]]] = {}
        for unit in read.values():
            for text in told(unit):
                pieces = PRINTED.split(re.sub(r"\{\{ '(.*?)' \}\}", r"\1", text))
                literals = [one.replace("\\n", "\n") for one in pieces[::2]]
                self.phrasings.setdefault(literals[0], []).append((literals, pieces[1::2]))

    def is_instance(self, row: Row) -> bool:
        """Tell whether a phrasing says a text, each of its slots where a value is."""
        text, spans = row
        bounds = [0, *(at for start, end, _ in spans for at in (start, end)), len(text)]
        words = [text[a:b] for a, b in zip(bounds[::2], bounds[1::2], strict=True)]
        labels = [label for _, _, label in spans]
        some = self.phrasings.get(words[0], ())
        return any(self.lies(literals, names, words, labels) for literals, names in some)

    def lies(
        self, literals: list[str], names: list[str], words: list[str], labels: list[str]
    ) -> bool:
        if literals[0] != words[0]:
            return False
        if not names:
            return not labels
        parts = {str(one["view"]).partition(".")[2] for one in self.slots.values() if "view" in one}
        name = names[0]
        slot = self.slots[name]
        part = str(slot.get("view", "")).partition(".")[2]
        whole = part == "地址"
        for size in range(1, len(labels) + 1) if whole else (1,):
            if size > len(labels):
                return False
            fits = all(label in parts for label in labels[:size])
            own = re.sub(r"\W", "_", labels[0])
            fits = fits if whole else labels[0] == part or slot.get("like", name) == own
            if fits and self.lies(literals[1:], names[1:], words[size:], labels[size:]):
                return True
        return False


def told(unit: Any) -> Iterator[str]:
    """Yield all phrasings of a unit."""
    lists = [some for need in unit.get("needs", ()) for some in (need["ask"], need["give"])]
    for turn in unit["turns"]:
        some = turn.get("user") or turn.get("bot")
        lists += [one["say"] for one in some if isinstance(one, dict) and "weight" not in one]
        lists.append([one for one in some if not isinstance(one, dict) or "weight" in one])
    for some in lists:
        yield from (one if isinstance(one, str) else one["say"] for one in some)


@cache
def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def spans(folder: Path) -> Iterator[Row]:
    for row in lines(folder / "spans" / "train.jsonl"):
        if row["speaker"] == "user":
            found = tuple((one["start"], one["end"], one["label"]) for one in row["spans"])
            yield row["text"], found


def columns(folder: Path) -> Iterator[Row]:
    """Yield the texts of the columns; spaces are spaces, whatever they were."""
    for text, found in spans(folder):
        yield re.sub(r"\s", " ", text), found


def examples(folder: Path) -> Iterator[Row]:
    for path in (folder / "rasa" / "train" / "nlu").iterdir():
        for intent in yaml.load(path.read_text("utf-8"), LOADER)["nlu"]:
            for example in intent["examples"]:
                read = marked(example["text"])
                assert read is not None
                text, entities = read
                yield text, tuple((one.start, one.end, one.name) for one in entities)


SOURCES = {
    "spans": ("spans/train.jsonl", spans),
    "bio": ("bio/train.txt", columns),
    "jointbert": ("bio/jointbert", columns),
    "rasa": ("rasa", examples),
}


@pytest.mark.parametrize(
    ("name", "kind"),
    [("address", "spans"), ("address", "rasa"), ("retail", "bio"), ("retail", "jointbert")],
)
def test_exports_come_back_as_instances(
    exports: Path, tmp_path: Path, name: str, kind: str
) -> None:
    place, read = SOURCES[kind]
    output = run("twin", exports / name / place, "-o", tmp_path / "units" / "x")
    counts = re.search(r"^proven +([\d,]+) of ([\d,]+) ", output, re.MULTILINE)
    assert counts is not None
    assert counts[1] == counts[2]
    pack = Pack(tmp_path / "units" / "x")
    rows = list(read(exports / name))
    assert len(rows) > COUNTS[name]
    assert [row for row in rows if not pack.is_instance(row)] == []


def test_the_judge_knows_what_is_no_instance(tmp_path: Path) -> None:
    text = "王芳，13900139000，江苏省南京市中山路1号"
    labels = {"姓名": "王芳", "电话": "13900139000", "省": "江苏省", "市": "南京市"}
    row = {"text": text, "target": {**labels, "详细地址": "中山路1号"}}
    (tmp_path / "x.jsonl").write_text(json.dumps(row), "utf-8")
    run("twin", tmp_path / "x.jsonl", "-o", tmp_path / "units" / "x")
    pack = Pack(tmp_path / "units" / "x")
    places = ((text.index(one), label, one) for label, one in row["target"].items())
    found = tuple((at, at + len(one), label) for at, label, one in sorted(places))
    assert pack.is_instance((text, found))
    assert not pack.is_instance((text + "？？", found))
    assert not pack.is_instance((text, found[1:]))
    assert not pack.is_instance((text, ((*found[0][:2], "车牌"), *found[1:])))


def test_rows_that_ask_for_json_come_back_without_the_question(
    exports: Path, tmp_path: Path
) -> None:
    run("twin", exports / "address" / "openai" / "extract", "-o", tmp_path / "units" / "x")
    pack = Pack(tmp_path / "units" / "x")
    texts = {row[0]: row for row in spans(exports / "address")}
    answers = {
        text: row for text, row in texts.items() if len({one[2] for one in row[1]}) == len(row[1])
    }
    found = 0
    for row in lines(exports / "address" / "openai" / "extract" / "train.jsonl"):
        question = row["messages"][0]["content"]
        text = next((one for one in (question.partition("\n")[2], question.rpartition("\n")[0])
                     if one in answers), None)  # fmt: skip
        target = json.loads(row["messages"][1]["content"])
        if text and all(text.count(value) == 1 for value in target.values() if value):
            labels = tuple(one for one in answers[text][1] if target.get(one[2]))
            found += pack.is_instance((text, labels))
    assert found > 20


def test_stories_tell_what_follows_what(exports: Path, tmp_path: Path) -> None:
    run("twin", exports / "retail" / "rasa", "-o", tmp_path / "units" / "x")
    graph = yaml.load((tmp_path / "graphs" / "x.yaml").read_text("utf-8"), LOADER)
    stories = yaml.load((exports / "retail/rasa/train/stories.yml").read_text("utf-8"), LOADER)
    starts: Counter[str] = Counter()
    followed: dict[str, Counter[str]] = {}
    for story in stories["stories"]:
        intents = [step["intent"] for step in story["steps"] if "intent" in step]
        starts[intents[0]] += 1
        for intent, following in pairwise([*intents, "end"]):
            followed.setdefault(intent, Counter())[following] += 1
    assert {name: int(count) for name, count in graph["start"].items()} == starts
    assert max(map(len, followed.values())) > 1
    for intent, ways in followed.items():  # the only way needs no count
        counts = ways if len(ways) > 1 else dict.fromkeys(ways, 1)
        assert graph["edges"][intent] == {name: str(count) for name, count in counts.items()}


def made(folder: Path, *paths: Path) -> dict[str, Any]:
    run("twin", *paths, "-o", folder / "units" / "x")
    some = (folder / "units" / "x").iterdir()
    return {path.stem: yaml.load(path.read_text("utf-8"), LOADER) for path in some}


def test_rasa_is_read_with_values_roles_and_responses(tmp_path: Path) -> None:
    (tmp_path / "nlu.yml").write_text(
        """version: "3.1"
nlu:
- intent: book
  examples: |
    - [A1]{"entity": "port", "role": "from"} to [NYC]{"entity": "port", "role": "to", "value": "B2"}
    - book a [return]{"entity": "kind"} flight
- intent: faq/ask_bags
  examples:
  - text: how many bags
- synonym: New York
  examples: |
    - NYC
""",
        "utf-8",
    )
    (tmp_path / "stories.yml").write_text(
        """stories:
- story: one
  steps:
  - intent: book
  - action: action_search
  - action: utter_done
  - or:
    - intent: faq/ask_bags
    - intent: book
- story: two
  steps:
  - user: "a [one way](kind) trip"
    intent: book
  - action: utter_kind
""",
        "utf-8",
    )
    (tmp_path / "domain.yml").write_text(
        """slots:
  trip: {type: text, mappings: [{type: from_entity, entity: kind}]}
responses:
  utter_done: [{text: All booked.}, {text: It is done.}]
  utter_kind: [{text: "A {trip} ticket, fine."}]
""",
        "utf-8",
    )
    found = made(tmp_path, *(tmp_path / f"{one}.yml" for one in ("nlu", "stories", "domain")))
    slots = found["domain"]["slots"]
    assert slots["port"] == {"choose": {"A1": "A1", "B2": "NYC"}}
    assert slots["port_from"] == {"like": "port", "role": "from"}
    assert slots["port_to"] == {"like": "port", "role": "to"}
    assert found["book"]["turns"] == [
        {
            "user": [
                "{{ port_from }} to {{ port_to }}",
                "book a {{ kind }} flight",
                "a {{ kind }} trip",
            ],
            "weights": [
                {"gives": ["port_from", "port_to"], "weight": "1"},
                {"gives": ["kind"], "weight": "2"},
            ],
        },
        {
            "bot": [
                {"when": "kind", "say": ["A {{ kind }} ticket, fine."]},
                {"say": ["All booked.", "It is done."]},
            ]
        },
    ]
    assert found["faq_ask_bags"]["intent"] == ["faq/ask_bags"]
    graph = yaml.load((tmp_path / "graphs" / "x.yaml").read_text("utf-8"), LOADER)
    assert graph["edges"]["book"] == {"faq_ask_bags": "1", "end": "1"}


def test_words_and_their_tags_are_read(tmp_path: Path) -> None:
    lines = ["-DOCSTART- O", "", "fly O", "to O", "New B-city", "York I-city", "", "in O"]
    lines += ["Oslo S-city", "", "to O", "San B-city", "Jose E-city", "Rio B-city", ""]
    (tmp_path / "x.conll").write_text("\n".join(lines), "utf-8")
    found = made(tmp_path, tmp_path / "x.conll")
    assert found["message"]["turns"][0]["user"] == [
        "fly to {{ city }}",
        "in {{ city }}",
        "to {{ city }} {{ city2 }}",
    ]
    assert found["domain"]["slots"]["city"] == {"faker": "city"}
