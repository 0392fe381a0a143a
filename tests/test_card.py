"""The dataset card and Parquet: what `datasets` and pandas read is what the files say."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from click.testing import CliRunner
from pydantic import TypeAdapter
from replay import GRAPHS, ROOT

from dialogue import load_graph
from dialogue.card import NOTES, card
from dialogue.cli import main
from dialogue.formats import FORMATS, native
from dialogue.formats.columns import Columns, configs, feature
from dialogue.session import Session
from dialogue.tasks import TASKS

if TYPE_CHECKING:
    from pathlib import Path

LEFT_OUT = {"native", "bio", "spacy", "rasa", "parquet"}  # their own readers read them
READ = [name for name in FORMATS if name not in LEFT_OUT]


def run(*arguments: object) -> str:
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a dataset in every format that `datasets` reads."""
    place = tmp_path_factory.mktemp("card") / "retail"
    run(
        "compose", GRAPHS["retail"], "-n", 20, "--split", "8:1:1", "-o", place,
        "--to", ",".join([*READ, "parquet"]), "--task", ",".join(TASKS), "--max-loss", 1,
        "--arguments", "object", "--loss", "last",
    )  # fmt: skip
    return place


@pytest.fixture
def datasets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the library, with a cache of its own and without progress bars."""
    for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE"):
        monkeypatch.setenv(name, "1")
    library = pytest.importorskip("datasets")
    monkeypatch.setattr(library.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    library.disable_progress_bars()
    return library


def front(text: str) -> dict[str, Any]:
    head = re.match(r"---\n(.*?\n)---\n", text, re.DOTALL)
    assert head
    return yaml.safe_load(head[1])


def lines(paths: list[Path]) -> list[Any]:
    """Read JSON lines and JSON arrays as they are."""
    rows: list[Any] = []
    for path in paths:
        text = path.read_text("utf-8")
        rows += json.loads(text) if path.suffix == ".json" else map(json.loads, text.splitlines())
    return rows


def test_datasets_reads_of_every_config_what_the_files_say(out: Path, datasets: Any) -> None:
    names = datasets.get_dataset_config_names(str(out))
    assert names == [
        *(
            config
            for name in READ
            for config in (
                [name] if FORMATS[name].fixed
                else [f"{name}-{task}" for task in sorted(FORMATS[name].tasks)]
            )
        ),
        "native",
    ]  # fmt: skip
    for name in names:
        loaded = datasets.load_dataset(str(out), name)
        if name == "native":
            assert {split: list(rows) for split, rows in loaded.items()} == {
                "sessions": lines(sorted(out.glob("sessions/*.jsonl")))
            }
            continue
        assert list(loaded) == ["train", "dev", "test"]
        format_, _, task = name.partition("-")
        for split, rows in loaded.items():
            folder = out / format_ / task
            paths = sorted([*folder.glob(f"{split}*.json*"), *folder.glob(f"{split}/dialogues_*")])
            assert list(rows) == lines(paths), (name, split)
            assert len(rows)


def test_default_config_is_the_first(out: Path, datasets: Any) -> None:
    assert datasets.get_dataset_default_config_name(str(out)) == "llamafactory-call"


def test_dataset_without_exports_has_its_sessions_in_their_split(
    tmp_path: Path, datasets: Any
) -> None:
    run("compose", GRAPHS["address"], "-n", 5, "-o", tmp_path / "out")
    loaded = datasets.load_dataset(str(tmp_path / "out"))
    assert list(loaded) == ["train"]
    assert list(loaded["train"]) == lines([tmp_path / "out/sessions/000000.jsonl"])


@pytest.mark.parametrize("loss", ["last", "all"])
def test_datasets_and_pandas_read_parquet_as_the_other_formats_say(
    out: Path, datasets: Any, tmp_path: Path, loss: str
) -> None:
    pandas = pytest.importorskip("pandas")
    tasks = TASKS
    if loss == "all":
        shutil.copytree(out, tmp_path / "all")
        out, tasks = tmp_path / "all", ["call", "reply"]
        to = ("--to", "openai,parquet", "--task", ",".join(tasks), "--arguments", "object")
        run("export", out, *to, "--force")
    place = out / "parquet"
    assert datasets.get_dataset_config_names(str(place)) == sorted(tasks)
    for task in tasks:
        for split, rows in datasets.load_dataset(str(place), task).items():
            frame = pandas.read_parquet(place / task / f"{split}.parquet").to_dict("records")
            assert [row["id"] for row in frame] == list(rows["id"])
            if task == "tag":
                said = lines([out / "spans" / f"{split}.jsonl"])
                assert [row["text"] for row in rows] == [one["text"] for one in said]
                assert [spans(row) for row in rows] == [
                    [(s["start"], s["end"], s["label"]) for s in one["spans"]] for one in said
                ]
            elif task == "call" or (task == "reply" and loss == "last"):
                chats = lines([out / "openai" / task / f"{split}.jsonl"])
                for row, plain, chat in zip(rows, frame, chats, strict=True):
                    *shown, last = chat["messages"]
                    for message in (*shown, last):
                        message.pop("weight", None)
                    assert (row["prompt"], row["completion"]) == (shown, [last])
                    assert row["tools"] == chat["tools"]
                    assert [json.loads(one) for one in plain["completion"]] == [last]
                    assert task == "reply" or last["tool_calls"]
            elif task == "reply":
                chats = lines([out / "openai" / task / f"{split}.jsonl"])
                assert [{key: row[key] for key in ("messages", "tools")} for row in rows] == chats
                assert [[json.loads(one) for one in row["messages"]] for row in frame] == [
                    chat["messages"] for chat in chats
                ]
            else:
                chats = lines([out / "openai" / task / f"{split}.jsonl"])
                assert [row["prompt"] + row["completion"] for row in rows] == [
                    chat["messages"] for chat in chats
                ]


def spans(row: dict[str, Any]) -> list[tuple[int, int, str]]:
    """Read spans back from BIO tags."""
    assert list(row["text"]) == row["tokens"]
    found: list[tuple[int, int, str]] = []
    for place, tag in enumerate(row["ner_tags"]):
        if tag[0] == "B":
            found.append((place, place + 1, tag[2:]))
        elif tag[0] == "I":
            found[-1] = (found[-1][0], place + 1, found[-1][2])
    return found


def test_directory_that_looks_like_an_address_gets_its_parquet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.chdir(tmp_path)
    run("compose", GRAPHS["address"], "-n", 5, "-o", "a:b", "--to", "parquet", "--task", "tag")
    with (tmp_path / "a:b/parquet/tag/train.parquet").open("rb") as file:
        assert parquet.read_table(file).num_rows > 5


def test_parquet_is_written_in_groups_of_a_thousand(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    run("compose", GRAPHS["address"], "-n", 600, "-o", tmp_path, "--to", "parquet", "--task", "tag")
    about = parquet.read_metadata(tmp_path / "parquet/tag/train.parquet")
    groups = [about.row_group(number).num_rows for number in range(about.num_row_groups)]
    assert groups[0] == 1000
    assert all(0 < rows <= 1000 for rows in groups)
    assert sum(groups) == json.loads((tmp_path / "manifest.json").read_bytes())["exports"][
        "parquet"]["task_rows"]["tag"] > 1000  # fmt: skip


def test_front_matter_says_what_the_data_is(out: Path) -> None:
    found = front((out / "README.md").read_text("utf-8"))
    document = json.loads((out / "manifest.json").read_bytes())
    licensed = {**document, "ontology": {**document["ontology"], "license": "cc-by-4.0"}}
    assert found["license"] == "apache-2.0"
    assert front(card(licensed))["license"] == "cc-by-4.0"
    assert found["language"] == ["zh"]
    assert found["annotations_creators"] == found["language_creators"] == ["machine-generated"]
    assert found["size_categories"] == ["n<1K"]
    assert {"synthetic", "dialogue"} <= set(found["tags"])
    assert sum(config.get("default", False) for config in found["configs"]) == 1
    names = [config["config_name"] for config in found["configs"]]
    assert names == [info["config_name"] for info in found["dataset_info"]]


def test_licence_of_a_pack_stands_in_the_ontology(out: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "graphs", tmp_path / "graphs")
    shutil.copytree(ROOT / "units/address", tmp_path / "units/address")
    domain = tmp_path / "units/address/domain.yaml"
    written = domain.read_text("utf-8")
    assert load_graph(GRAPHS["address"]).ontology()["license"] == "apache-2.0"
    domain.write_text(written.replace("license: apache-2.0\n", ""), "utf-8")
    bare = load_graph(tmp_path / "graphs/address.yaml").ontology()
    assert "license" not in bare
    document = json.loads((out / "manifest.json").read_bytes())
    assert front(card({**document, "ontology": bare}))["license"] == "unknown"


def test_card_says_how_to_compose_the_same_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, again = tmp_path / "made", tmp_path / "again"
    run(
        "compose", GRAPHS["trip"], "-n", 30, "--seed", 7, "--split", "8:1:1", "-o", made,
        "--set", "walk.units=2..3", "--to", "openai,bio", "--task", "extract,state",
        "--target", "normal", "--scope", "turn,session", "--scheme", "BIOES",
    )  # fmt: skip
    text = (made / "README.md").read_text("utf-8")
    block = re.search(r"\n```sh\n(.*?)\n```\n", text, re.DOTALL)
    assert block
    monkeypatch.chdir(ROOT / "tests/packs/trip")
    for line in block[1].splitlines():
        words = shlex.split(line)
        assert words[0] == "dialogue"
        run(*[again if word == "DIR" else word for word in words[1:]])
    for path in made.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (again / path.relative_to(made)).read_bytes()
    assert str(tmp_path) not in text


def test_card_says_how_its_directory_is_loaded(out: Path, datasets: Any) -> None:
    text = (out / "README.md").read_text("utf-8")
    block = re.search(r"\n```python\n(.*?)\n```\n", text, re.DOTALL)
    assert block
    calls = re.findall(r'^load_dataset\("(.*?)", "(.*?)"\)$', block[1], re.MULTILINE)
    assert len(calls) == len(block[1].splitlines()) - 2
    assert ("DIR", "openai-extract") in calls
    assert [name for place, name in calls if place == "DIR/parquet"] == list(TASKS)
    for place, name in calls:
        if name in ("openai-extract", "tag"):
            assert len(datasets.load_dataset(place.replace("DIR", str(out)), name)["train"])


def test_card_is_tagged_with_calls_only_where_there_are_some(out: Path, tmp_path: Path) -> None:
    run("compose", GRAPHS["address"], "-n", 1, "-o", tmp_path)
    bare = (tmp_path / "README.md").read_text("utf-8")
    assert "tool-calling" in front((out / "README.md").read_text("utf-8"))["tags"]
    assert "tool-calling" not in front(bare)["tags"]
    assert "\n1 synthetic dialogue between" in bare


def test_command_of_a_lossy_export_allows_what_was_lost(out: Path) -> None:
    document = json.loads((out / "manifest.json").read_bytes())
    document["exports"] = {"spans": document["exports"]["spans"]}
    entry = document["exports"]["spans"]
    rows = sum(entry["rows"].values())
    for lost, option in ((rows // 100, ""), (rows, " --max-loss 0.50")):
        entry["losses"] = {"it": lost}
        assert f"\ndialogue export DIR --to spans{option}\n" in card(document)


MINE = f"\r\n## Mine\r\n再见  \n{NOTES}\n\tno end"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_notes_below_the_card_are_kept_byte_for_byte(tmp_path: Path, end: str) -> None:
    path, again = tmp_path / "README.md", ("compose", GRAPHS["address"], "-n", 5, "-o", tmp_path)
    run(*again)
    bare = path.read_bytes()
    assert bare.endswith(f"\n{NOTES}\n".encode())
    path.write_bytes(b"mine\n" + bare.removesuffix(b"\n") + (end + MINE).encode())
    run("export", tmp_path, "--to", "spans")
    text = path.read_bytes()
    assert text.startswith(b"---\npretty_name")
    assert text.endswith(f"pack's authors chose.\n\n{NOTES}\n{MINE}".encode())
    run("export", tmp_path, "--to", "spans")
    assert path.read_bytes() == text
    run("compose", GRAPHS["address"], "-n", 4, "-o", tmp_path, "--force")
    assert path.read_bytes().endswith(f"\n{NOTES}\n{MINE}".encode())
    assert b"`spans/`" in text
    assert b"`spans/`" not in path.read_bytes()
    run(*again, "--force")
    assert path.read_bytes() == bare + MINE.encode()


NASTY = "x\n---\nlicense: mit\n---\n# <script>alert(1)</script> | [a](b) `c` \u202e{{x}}"


def test_what_a_pack_says_does_nothing_in_the_card(out: Path) -> None:
    document = json.loads((out / "manifest.json").read_bytes())
    counts, ontology = document["counts"], document["ontology"]
    document["graph"] = NASTY
    document["overrides"] = [NASTY]
    counts["intents"] = {NASTY: 1}
    counts["slots"] = {NASTY: 1}
    ontology["intents"] = {NASTY: {"title": NASTY}}
    ontology["slots"] = {NASTY: {"parts": [NASTY]}}
    ontology["locale"] = NASTY
    document["exports"]["openai"]["losses"] = {NASTY: 1}
    text = card(document)
    found = front(text)
    assert found["license"] == "apache-2.0"
    assert found["pretty_name"].startswith("x --- license: mit --- #")
    body = re.sub(r"\n```(\w+)\n.*?\n```\n", "", text.split("\n---\n", 1)[1], flags=re.DOTALL)
    assert body.endswith(f"\n\n{NOTES}\n")
    assert not re.search(r"(?<!\\)[<>\[\]{}]", body.removesuffix(f"{NOTES}\n"))
    assert "\u202e" not in text
    assert body.count("\n# ") == 1
    tables = [line for line in body.splitlines() if "alert" in line and line.startswith("| ")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in tables} == {4}


def test_sessions_have_the_columns_that_the_card_declares() -> None:
    schema = TypeAdapter(Session).json_schema()
    counts = {"behaviours": {"leave": {}}, "noise": {"emoji": {}}, "edited": 1}
    assert list(native.columns(counts)) == list(schema["properties"])
    assert list(native.COLUMNS) == schema["required"]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["a", "2026-07-17 or so"], "string"),
        (["a", "2026-07-17T20:08:00+08:00"], "json"),
        (["2026-07-17"], "json"),
        ([1, 2], "int64"),
        ([1, 0.5], "json"),
        ([True], "bool"),
        ([["a"], []], "strings"),
        ([[], ["a"], ["2026-07-17"]], "list"),
        ([[]], "list"),
        ([["a"], [1]], "list"),
        ([[{"a": 1}]], "list"),
        ([{"a": 1}], "json"),
        ([None, "a"], "json"),
        ([[], "a"], "json"),
    ],
)
def test_column_is_declared_so_that_nothing_is_guessed(values: list[Any], kind: str) -> None:
    columns = Columns()
    for value in values:
        columns.add({"it": value})
    assert columns.plain() == {"it": kind}
    found = configs("f", {"task/train.jsonl": columns}, fixed=False)
    assert found == {"f-task": {"splits": {"train": "f/task/train.jsonl"}, "columns": {"it": kind}}}
    dtype = {"strings": {"list": "string"}, "list": {"list": "json"}}.get(kind, {"dtype": kind})
    assert feature("it", kind) == {"name": "it", **dtype}
