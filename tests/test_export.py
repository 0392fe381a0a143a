"""Exports by the command line: the bytes, what is refused, interruption and failure."""

from __future__ import annotations

import hashlib
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result
from replay import GRAPHS, ROOT

from dialogue import compose, dataset, load_graph
from dialogue.cli import main
from dialogue.export import Request, export
from dialogue.formats import FORMATS
from dialogue.formats.format import Format, Outcome, Row
from dialogue.tasks import TASKS
from dialogue.tasks.example import Loss
from dialogue.tasks.ontology import Ontology
from dialogue.tasks.options import Options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ADDRESS = GRAPHS["address"]
TO = ("--to", "openai,spans", "--task", "extract")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def done(*arguments: object) -> Result:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result


def ran(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, **options,
    )  # fmt: skip


def contents(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def manifest(directory: Path) -> dict[str, Any]:
    return json.loads((directory / "manifest.json").read_bytes())


def changed(directory: Path, change: Callable[[dict[str, Any]], None]) -> int:
    """Edit a session that begins with spans; return its line."""
    path = directory / "sessions/000000.jsonl"
    sessions = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    line = next(n for n in range(1, 40) if sessions[n]["turns"][0]["spans"])
    change(sessions[line])
    lines = [json.dumps(session, ensure_ascii=False) for session in sessions]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return line + 1


@pytest.fixture(scope="session")
def composed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a dataset that nobody may change."""
    out = tmp_path_factory.mktemp("composed") / "out"
    done("compose", ADDRESS, "-n", 40, "--split", "8:1:1", "-o", out)
    return out


@pytest.fixture
def out(composed: Path, tmp_path: Path) -> Path:
    """Return a dataset of its own for each test."""
    shutil.copytree(composed, tmp_path / "out")
    return tmp_path / "out"


def lossy(name: str, every: int) -> Format:
    """Return a format that cannot express one session in so many."""

    def rows(session: Any, *_: object) -> Iterator[Row | Loss]:
        if session["index"] % every == 0:
            yield Loss("it has a number that I do not like")
        else:
            yield Row(f"{session['split']}.jsonl", {"id": session["id"]})

    return Format(name, "a format for tests", ("tag",), rows, fixed=True)


# The bytes


def test_composing_to_formats_is_composing_and_exporting(composed: Path, tmp_path: Path) -> None:
    to = ("--to", "openai,spans,bio,parquet", "--task", "extract,tag", "--target", "normal")
    at_once, later = tmp_path / "at_once", tmp_path / "later"
    done("compose", ADDRESS, "-n", 40, "--split", "8:1:1", "-o", at_once, *to)
    shutil.copytree(composed, later)
    done("export", later, *to)
    assert contents(at_once) == contents(later)
    assert {name.split("/")[0] for name in contents(later)} == {
        "README.md", "bio", "manifest.json", "openai", "parquet", "sessions", "spans",
    }  # fmt: skip


def test_formats_may_be_exported_one_after_another(
    out: Path, composed: Path, tmp_path: Path
) -> None:
    done("export", out, "--to", "spans")
    done("export", out, "--to", "openai", "--task", "extract")
    shutil.copytree(composed, tmp_path / "both")
    done("export", tmp_path / "both", "--to", "openai", "--to", "spans", "--task", "extract")
    assert contents(out) == contents(tmp_path / "both")


def test_exporting_again_touches_nothing(out: Path) -> None:
    done("export", out, *TO)
    times = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    again = done("export", out, *TO, "--max-loss", "0.5")
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == times
    count = sum(manifest(out)["exports"]["openai"]["rows"].values())
    assert again.stdout.startswith(f"openai      {count:,} rows in 3 files; unchanged\n")


def test_any_number_of_workers_exports_the_same_bytes(tmp_path: Path) -> None:
    for workers in (1, 2):
        place = tmp_path / str(workers)
        done("compose", ADDRESS, "-n", 1001, "-o", place, "--workers", workers, "--to", "spans")
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


def test_manifest_says_what_was_exported(out: Path) -> None:
    done("export", out, *TO, "--target", "normal,姓名=surface", "--scope", "session,turn")
    exports = manifest(out)["exports"]
    assert list(exports) == ["openai", "spans"]
    assert exports["openai"]["tasks"] == ["extract"]
    assert exports["spans"]["tasks"] == []
    options = exports["openai"]["options"]
    assert exports["spans"]["options"] == {"labels": "slot"}
    assert options["target"] == "normal"
    assert options["forms"] == {"姓名": "surface"}
    assert options["scopes"] == ["turn", "session"]
    for name, entry in exports.items():
        listed = {file["path"]: file for file in entry["files"]}
        assert set(listed) == {path for path in contents(out) if path.startswith(f"{name}/")}
        for path, file in listed.items():
            data = (out / path).read_bytes()
            assert file["sha256"] == hashlib.sha256(data).hexdigest()
            assert file["bytes"] == len(data)
            assert entry["rows"][path.removeprefix(f"{name}/")] == data.count(b"\n")
    assert exports["openai"]["task_rows"] == {"extract": sum(exports["openai"]["rows"].values())}
    assert {path.partition("/")[2] for path in exports["openai"]["rows"]} == {
        "train.jsonl", "dev.jsonl", "test.jsonl",
    }  # fmt: skip


def test_memory_does_not_grow_with_the_number_of_sessions(out: Path) -> None:
    path, found = out / "sessions/000000.jsonl", manifest(out)
    some = path.read_bytes()
    peaks = []
    for times in (1, 2, 12):  # once to warm up
        path.write_bytes(some * times)
        found["files"][0]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
        (out / "manifest.json").write_text(json.dumps({**found, "exports": {}}))
        shutil.rmtree(out / "openai", ignore_errors=True)
        tracemalloc.start()
        export(out, Request(("openai",), ("extract",), Options()))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < peaks[1] * 1.2


# What is there already


def test_other_options_are_refused_without_force_and_replace_with_it(
    out: Path, composed: Path, tmp_path: Path
) -> None:
    done("export", out, *TO)
    before = contents(out)
    refused = run("export", out, *TO, "--scope", "turn")
    assert refused.exit_code == 2
    assert refused.stderr == (
        f"'{out}/openai' is there already and differs: "
        "--scope (was turn,exchange,scene,session; now turn)\n  fix: replace it with --force\n"
    )
    assert contents(out) == before
    done("export", out, *TO, "--scope", "turn", "--force")
    shutil.copytree(composed, tmp_path / "fresh")
    done("export", tmp_path / "fresh", *TO, "--scope", "turn")
    assert contents(out) == contents(tmp_path / "fresh")


def test_tasks_that_would_go_are_named_before_and_after(out: Path) -> None:
    to = ("export", out, "--to", "openai", "--task")
    done(*to, "intent,extract,state")
    before = contents(out)
    refused = run(*to, "extract")
    assert refused.stderr == (
        f"'{out}/openai' is there already and differs: "
        "tasks (was intent,extract,state; now extract)\n"
        "  fix: replace it with --force; its tasks intent, state would go: add them to --task to "
        "keep them\n"
    )
    refused = run(*to, "intent,extract,state,reply")
    assert refused.stderr.endswith("\n  fix: replace it with --force\n")
    assert contents(out) == before
    replaced = done(*to, "extract,state", "--force")
    assert replaced.stdout.endswith("; replaced, without its task intent\n")
    assert sorted(path.name for path in (out / "openai").iterdir()) == ["extract", "state"]


def test_every_option_that_differs_is_named_with_its_values(out: Path) -> None:
    done("export", out, *TO, "--target", "normal,姓名=surface")
    found = manifest(out)
    found["exports"]["openai"]["dialogue"] = "0.0.9"
    (out / "manifest.json").write_text(json.dumps(found))
    refused = run("export", out, *TO, "--scope", "turn")
    assert refused.stderr.splitlines()[0].endswith(
        "/openai' is there already and differs: --target (was normal,姓名=surface; now surface); "
        "--scope (was turn,exchange,scene,session; now turn); engine (was 0.0.9; now 0.1.0)"
    )


@pytest.mark.parametrize(("what", "said"), [("edit", "has been edited"), ("lose", "is missing")])
def test_export_that_was_edited_is_refused_without_force(out: Path, what: str, said: str) -> None:
    done("export", out, *TO)
    before = contents(out)
    if what == "edit":
        (out / "spans/train.jsonl").write_text("mine\n")
    else:
        (out / "spans/train.jsonl").unlink()
    refused = run("export", out, *TO)
    assert refused.exit_code == 2
    assert f"differs: 'spans/train.jsonl' {said}\n" in refused.stderr
    done("export", out, *TO, "--force")
    assert contents(out) == before


def test_export_of_sessions_that_changed_since_is_made_anew(out: Path) -> None:
    done("export", out, *TO)

    def rename(session: dict[str, Any]) -> None:
        session["id"] = "another"

    changed(out, rename)
    assert "differs: sessions changed since\n" in run("export", out, *TO).stderr
    done("export", out, *TO, "--force")
    assert any(b'"another/' in path.read_bytes() for path in out.glob("spans/*.jsonl"))


def test_complete_dataset_composed_again_keeps_its_exports(out: Path) -> None:
    done("export", out, *TO)
    before = contents(out)
    done("compose", ADDRESS, "-n", 40, "--split", "8:1:1", "-o", out)
    assert contents(out) == before


def test_composing_again_that_was_ended_keeps_the_exports(out: Path) -> None:
    done("export", out, *TO)
    before = contents(out)
    keys = ("graph", "overrides", "seed", "n", "only", "split", "hold_out", "versions", "plugins")
    run_ = {key: manifest(out)[key] for key in (*keys, "pack")}
    marker = {"schema": "dialogue.unfinished/1", "run": run_, "replaces": []}
    (out / ".dialogue-unfinished").write_text(json.dumps(marker))
    done("compose", ADDRESS, "-n", 40, "--split", "8:1:1", "-o", out)
    assert contents(out) == before


def test_replacing_a_dataset_removes_its_exports(out: Path) -> None:
    done("export", out, *TO)
    (out / ".openai.part").mkdir()
    done("compose", ADDRESS, "-n", 5, "-o", out, "--force")
    assert sorted(path.name for path in out.iterdir()) == [
        "README.md", "manifest.json", "sessions",
    ]  # fmt: skip
    assert "exports" not in manifest(out)


def test_export_that_somebody_deleted_is_forgotten(out: Path) -> None:
    done("export", out, *TO)
    shutil.rmtree(out / "openai")
    done("export", out, "--to", "spans")
    assert list(manifest(out)["exports"]) == ["spans"]
    assert "openai" not in (out / "README.md").read_text("utf-8")


# What is asked for


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--to", "opnai"], "unknown format 'opnai'\n  fix: did you mean 'openai'?"),
        (["--to", ""], "'--to ' lacks a format\n  fix: known: "),
        (["--to", "openai,"], "'--to openai,' lacks a format\n  fix: known: "),
        ([*TO, "--target", "normal,value"],
         "--target names two forms for all labels: normal and value\n  fix: name one; LABEL=FORM"),
        ([*TO, "--target", "姓名=normal", "--target", "姓名=value"],
         "--target names two forms for the label '姓名': normal and value\n  fix: name one"),
        (["--to", "bio", "--task", "extract"],
         "no format that was asked for holds the task 'extract'\n  fix: leave --task out"),
        (["--to", "openai", "--task", "extract,call"],
         "the graph's units call no tool, so the task 'call' has no example\n  fix: leave it out"),
        (["--to", "openai", "--task", "extrct"], "unknown task 'extrct'\n  fix: did you mean"),
        ([*TO, "--scope", "sesion"], "unknown scope 'sesion'\n  fix: did you mean 'session'?"),
        ([*TO, "--target", "norml"], "unknown form 'norml' in --target norml\n  fix: did you mean"),
        ([*TO, "--target", "姓名=x"], "unknown form 'x' in --target 姓名=x\n  fix: known"),
        ([*TO, "--target", "性名=normal"], "--target 性名=normal: no label '性名'\n  fix: did you"),
        (["--to", "openai"], "the format 'openai' needs a task\n  fix: add one with --task: "),
        (["--to", "spans", "--task", "extract"], "no format that was asked for holds the task '"),
        (["--task", "extract"], "--task says what is asked, but no format is named\n  fix: add"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_before_anything_is_written(
    composed: Path, tmp_path: Path, options: list[str], said: str
) -> None:
    for command in (["export", composed], ["compose", ADDRESS, "-o", tmp_path / "out"]):
        refused = run(*command, *options)
        assert refused.exit_code == 2
        assert refused.stderr.startswith(said)
    assert list(tmp_path.iterdir()) == []
    assert "exports" not in manifest(composed)


def test_export_without_a_format_says_where_they_are_listed(composed: Path) -> None:
    refused = run("export", composed)
    assert (refused.exit_code, refused.stderr) == (
        2, "no format is named\n  fix: add --to FORMAT; 'dialogue formats' lists them\n",
    )  # fmt: skip


def test_stream_has_no_place_for_formats(tmp_path: Path) -> None:
    refused = run("compose", ADDRESS, "-n", 1, "-o", "-", *TO)
    assert refused.exit_code == 2
    assert refused.stdout == ""
    assert refused.stderr.startswith("-o - streams sessions alone\n  fix: ")


def test_missing_extra_is_said_before_composing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    to = ("--to", "parquet", "--task", "tag")
    refused = run("compose", ADDRESS, "-n", 3, "-o", tmp_path / "out", *to)
    assert refused.exit_code == 2
    assert "pip install 'dialogue[parquet]'" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_pairs_that_do_not_exist_are_skipped_and_named(out: Path) -> None:
    result = done("export", out, "--to", "openai,bio,native", "--task", "tag,extract")
    assert result.stdout.splitlines()[-3:] == [
        "skipped     openai has no tag",
        "skipped     bio has no extract",
        "skipped     native has no extract, tag",
    ]
    assert sorted(path.name for path in (out / "openai").iterdir()) == ["extract"]
    assert not (out / "native").exists()


def test_format_that_holds_none_of_the_tasks_is_skipped(out: Path) -> None:
    result = done("export", out, "--to", "openai,bio", "--task", "tag")
    assert result.stdout.endswith("skipped     openai has no tag\n")
    assert not (out / "openai").exists()
    assert list(manifest(out)["exports"]) == ["bio"]


def silent(*_: object) -> Iterator[Any]:
    """Stand for a task of which no session has an example."""
    yield from ()


def test_task_that_ends_in_no_file_is_an_error(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TASKS, "state", replace(TASKS["state"], examples=silent))
    before = contents(out)
    failed = run("export", out, "--to", "openai", "--task", "extract,state")
    assert failed.exit_code == 1
    assert failed.stderr == (
        "no session has an example of the task 'state': it ends in no file\n"
        "  fix: compose more sessions, or leave the task out\n"
    )
    assert contents(out) == before
    assert sorted(path.name for path in out.iterdir()) == ["README.md", "manifest.json", "sessions"]


def test_format_without_a_row_is_not_written(out: Path) -> None:
    told = done("export", out, "--to", "openai,sgd", "--task", "call").stdout
    assert told.splitlines()[0] == "openai      nothing: no session has an example of call"
    assert not (out / "openai").exists()
    assert list(manifest(out)["exports"]) == ["sgd"]
    assert not list(out.glob(".*"))
    done("export", out, "--to", "openai", "--task", "extract")
    before = contents(out)
    told = done("export", out, "--to", "openai,sgd", "--task", "call", "--force").stdout
    assert "no session has an example of call; what was there stays\n" in told
    assert contents(out) == before


def test_format_that_loses_all_rows_is_not_written(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FORMATS, "lossy", lossy("lossy", every=1))
    before = contents(out)
    told = done("export", out, "--to", "lossy", "--max-loss", 1).stdout
    assert told == "lossy       nothing: all 40 left out (it has a number that I do not like: 40)\n"
    assert contents(out) == before


def test_export_that_would_be_refused_is_refused_before_the_summary(out: Path) -> None:
    done("export", out, *TO)
    again = ("compose", ADDRESS, "-n", 40, "--split", "8:1:1", "-o", out)
    refused = run(*again, *TO, "--scope", "turn")
    assert refused.exit_code == 2
    assert refused.stdout == ""
    assert "--scope (was turn,exchange,scene,session; now turn)" in refused.stderr
    assert "written to" in done(*again, *TO).stdout


def test_another_run_is_in_the_way(out: Path) -> None:
    with dataset.locked(out):
        refused = run("export", out, *TO)
    assert (refused.exit_code, refused.stderr) == (
        2, f"another run is writing to '{out}'\n  fix: wait for it\n",
    )  # fmt: skip


def test_formats_and_tasks_are_listed() -> None:
    formats, tasks = done("formats").stdout, done("tasks").stdout
    for name, one in FORMATS.items():
        assert any(line.startswith(f"{name} ") for line in formats.splitlines())
        assert one.purpose.split(":")[0].split(",")[0] in " ".join(formats.split())
    for name, task in TASKS.items():
        assert any(line.startswith(f"{name} ") for line in tasks.splitlines())
        assert task.purpose.split(",")[0] in " ".join(tasks.split())


# Losses


def test_above_the_largest_loss_nothing_is_written(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FORMATS, "lossy", lossy("lossy", every=3))
    before = contents(out)
    failed = run("export", out, "--to", "spans,lossy")
    assert failed.exit_code == 1
    assert failed.stderr == (
        "the format 'lossy' would lose 35.0% (it has a number that I do not like: 14)\n"
        "  fix: allow it with --max-loss 0.35, or leave the format out\n"
    )
    assert contents(out) == before
    assert not list(out.glob(".*"))


def test_losses_that_are_allowed_are_counted(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FORMATS, "lossy", lossy("lossy", every=3))
    result = done("export", out, "--to", "lossy", "--max-loss", "0.35")
    assert "lossy       26 rows in 3 files; 14 left out (it has a number that I" in result.stdout
    assert manifest(out)["exports"]["lossy"]["losses"] == {"it has a number that I do not like": 14}
    card = (out / "README.md").read_text("utf-8")
    assert "- `lossy/` leaves out 14: it has a number that I do not like\n" in card


# What is no dataset, or not what it was


@pytest.mark.parametrize("name", ["nothing", "empty", "file"])
def test_folder_that_is_no_dataset_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    refused = run("export", tmp_path / name, *TO)
    assert refused.exit_code == 2
    assert refused.stderr.startswith(f"'{tmp_path / name}' is not a dataset: it has no manifest")


@pytest.mark.parametrize("key", ["files", "ontology", "graph"])
def test_manifest_that_lacks_something_is_named(out: Path, key: str) -> None:
    found = manifest(out)
    del found[key]
    (out / "manifest.json").write_text(json.dumps(found))
    refused = run("export", out, *TO)
    assert refused.exit_code == 2
    assert refused.stderr.startswith(f"'{out}/manifest.json' lacks what an export needs\n  fix: ")


def test_dataset_of_an_older_version_is_told_so(out: Path) -> None:
    found = manifest(out)
    del found["ontology"]["instructions"]["forms"]
    (out / "manifest.json").write_text(json.dumps(found))
    refused = run("export", out, *TO, "--target", "normal")
    assert refused.exit_code == 2
    assert refused.stderr.endswith("\n  fix: compose the dataset again with this version\n")


def test_manifest_cannot_name_files_outside(out: Path) -> None:
    found = manifest(out)
    found["files"][0]["path"] = "../secret.jsonl"
    (out / "manifest.json").write_text(json.dumps(found))
    shutil.copy(out / "sessions/000000.jsonl", out.parent / "secret.jsonl")
    refused = run("export", out, *TO)
    assert refused.exit_code == 2
    assert "lacks what an export needs" in refused.stderr


def test_unfinished_run_is_named(out: Path) -> None:
    (out / ".dialogue-unfinished").write_text("{}")
    refused = run("export", out, *TO)
    assert refused.exit_code == 2
    assert refused.stderr.startswith(f"'{out}' holds an unfinished run\n  fix: finish it")


def test_missing_file_of_sessions_is_named(out: Path) -> None:
    (out / "sessions/000000.jsonl").unlink()
    refused = run("export", out, *TO)
    assert refused.exit_code == 2
    assert refused.stderr.startswith(f"'{out}/sessions/000000.jsonl' is not there\n  fix: ")


def shift(session: dict[str, Any]) -> None:
    turn = next(turn for turn in session["turns"] if turn.get("spans"))
    turn["text"] = "嗯" + turn["text"]


def blank(session: dict[str, Any]) -> None:
    session["turns"][0]["text"] = " "
    session["turns"][0]["spans"] = []
    session["turns"][0]["acts"] = []


def overlap(session: dict[str, Any]) -> None:
    turn = next(turn for turn in session["turns"] if turn.get("spans"))
    turn["spans"].insert(1, dict(turn["spans"][0]))


def dangle(session: dict[str, Any]) -> None:
    session["turns"][0]["acts"].append({"act": "inform", "slot": "收货人", "span": 99})


def stray(session: dict[str, Any]) -> None:
    session["turns"][0]["unit"] = "elsewhere"


def forget(session: dict[str, Any]) -> None:
    del session["walk"]


def divide(session: dict[str, Any]) -> None:
    session["split"] = "../train"


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (shift, "turn 0: span 0 says "),
        (blank, "turn 0: the text is blank or not NFC"),
        (overlap, "turn 0: span 1 overlaps the one before it"),
        (dangle, "turn 0: an act is about span 99, which is not there"),
        (stray, "the dataset has no unit 'elsewhere'"),
        (forget, "walk: Field required"),
        (divide, "split: Input should be 'train', 'dev' or 'test'"),
    ],
)
def test_edited_session_that_no_longer_holds_is_named(
    out: Path, edit: Callable[[dict[str, Any]], None], said: str
) -> None:
    line = changed(out, edit)
    before = contents(out)
    failed = run("export", out, *TO)
    assert failed.exit_code == 1
    assert f"{out}/sessions/000000.jsonl:{line}:1: {said}" in failed.stderr
    assert "\n  fix: undo the edit, or compose the dataset again\n" in failed.stderr
    assert contents(out) == before


def test_line_that_is_no_json_is_named(out: Path) -> None:
    with (out / "sessions/000000.jsonl").open("a") as file:
        file.write("{\n")
    assert "000000.jsonl:41:1: not JSON: " in run("export", out, *TO).stderr


def test_edited_session_that_still_holds_is_exported(out: Path) -> None:
    def say_more(session: dict[str, Any]) -> None:
        session["turns"][0]["text"] += "谢谢啦"

    promise = "The same bytes come from the same pack"
    done("export", out, "--to", "bio")
    assert promise in (out / "README.md").read_text("utf-8")
    changed(out, say_more)
    told = "edited      sessions/000000.jsonl differs from manifest.json: edited by hand"
    for _ in ("made", "kept"):
        assert done("export", out, *TO).stdout.splitlines()[-1] == told
    assert any("谢谢啦" in path.read_text("utf-8") for path in out.glob("spans/*.jsonl"))
    card = (out / "README.md").read_text("utf-8")
    assert promise not in card
    assert "edited by hand before `openai/`, `spans/` was made of them. So this is not" in card


# What is in the way


def test_folder_of_somebody_else_is_in_the_way_even_with_force(out: Path) -> None:
    (out / "openai").mkdir()
    (out / "openai/mine").write_text("mine")
    before = contents(out)
    for force in ([], ["--force"]):
        refused = run("export", out, *TO, *force)
        assert refused.exit_code == 2
        assert refused.stderr.startswith(f"'{out}/openai' is in the way and not ours\n  fix: move")
    assert contents(out) == before


def test_file_of_somebody_else_in_an_export_is_not_deleted(out: Path) -> None:
    done("export", out, *TO)
    (out / "openai/extract/notes.txt").write_text("mine")
    refused = run("export", out, *TO, "--scope", "turn", "--force")
    assert refused.exit_code == 2
    assert refused.stderr.startswith(f"'{out}/openai/extract/notes.txt' is in the way and not ours")
    assert (out / "openai/extract/notes.txt").read_text() == "mine"


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_link_is_in_the_way(out: Path, tmp_path: Path, force: list[str]) -> None:
    done("export", out, *TO)
    (out / "openai").rename(tmp_path / "elsewhere")
    (out / "openai").symlink_to(tmp_path / "elsewhere")
    before = contents(tmp_path / "elsewhere")
    refused = run("export", out, *TO, *force)
    assert refused.exit_code == 2
    assert refused.stderr.startswith(f"'{out}/openai' is in the way and not ours")
    refused = run("compose", ADDRESS, "-n", 5, "-o", out, "--force")
    assert refused.exit_code == 2
    assert refused.stderr.startswith(f"'{out}/openai' is a link to another place")
    assert contents(tmp_path / "elsewhere") == before


# Interruption and failure


def test_killed_export_is_finished_by_the_same_command(tmp_path: Path) -> None:
    out, whole = tmp_path / "out", tmp_path / "whole"
    done("compose", ADDRESS, "-n", 500, "-o", out)
    shutil.copytree(out, whole)
    done("export", whole, *TO)
    command = [sys.executable, "-m", "dialogue", "export", str(out), *TO]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as process:
        while not list(out.glob(".openai.part/extract/*")):
            assert process.poll() is None
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
    assert sorted(path.name for path in out.iterdir() if path.suffix != ".part") == [
        "README.md", "manifest.json", "sessions",
    ]  # fmt: skip
    assert "exports" not in manifest(out)
    done("export", out, *TO)
    assert contents(out) == contents(whole)
    assert not list(out.glob(".*"))


MOMENTS = [
    "dialogue.formats.files.Files.clear",
    "dialogue.export.whole",
    "dialogue.formats.files.Files.publish",
    "dialogue.card.write",
]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_kill_while_an_export_is_replaced(
    out: Path, composed: Path, tmp_path: Path, moment: str, when: str
) -> None:
    done("export", out, "--to", "openai,spans", "--task", "extract,intent")
    code = (
        "import functools, os, sys, pydoc\n"
        "from dialogue.cli import main\n"
        "import dialogue.export\n"
        f"owner, _, name = {moment!r}.rpartition('.')\n"
        "owner = pydoc.locate(owner)\n"
        "whole = getattr(owner, name)\n"
        "def killed(*args):\n"
        f"    {'whole(*args)' if when == 'after' else 'pass'}\n"
        "    os._exit(9)\n"
        "setattr(owner, name, killed)\n"
        "main(sys.argv[1:])\n"
    )
    force = [*TO, "--scope", "turn", "--force"]
    assert ran("-c", code, "export", out, *force).returncode == 9
    done("export", out, *force)
    shutil.copytree(composed, tmp_path / "fresh")
    done("export", tmp_path / "fresh", *force)
    assert contents(out) == contents(tmp_path / "fresh")
    assert not list(out.glob(".*"))


def test_interrupt_leaves_nothing_hidden(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> Any:
        raise KeyboardInterrupt

    before = contents(out)
    monkeypatch.setattr("dialogue.export.configs", interrupt)
    failed = run("export", out, *TO)
    assert (failed.exit_code, failed.stderr) == (
        130, "interrupted\n  fix: run the same command again\n",
    )  # fmt: skip
    assert contents(out) == before
    assert not list(out.glob(".*"))


@pytest.mark.parametrize(("to", "file"), [
    (("--to", "openai", "--task", "extract"), r"openai/extract/\w+\.jsonl"),
    (("--to", "parquet", "--task", "tag"), r"parquet/tag/\w+\.parquet"),
])  # fmt: skip
def test_full_disk_names_the_file_and_leaves_no_half_of_it(
    out: Path, to: tuple[str, ...], file: str
) -> None:
    before = contents(out)
    failed = ran(
        "-m", "dialogue", "export", out, *to,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000)),
    )  # fmt: skip
    assert failed.returncode == 1
    assert re.match(rf"'{out}/{file}': .*file too large\n  fix: make room", failed.stderr)
    assert "Traceback" not in failed.stderr
    assert contents(out) == before
    assert not list(out.glob(".*"))


class Watched:
    """Options that note which of them are looked at."""

    def __init__(self, seen: set[str]) -> None:
        self.seen = seen

    def __getattr__(self, name: str) -> Any:
        self.seen.add(name)
        return getattr(Options(), name)

    def form(self, label: str) -> str:
        self.seen.update(("target", "forms"))
        return Options().form(label)


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "spacy"])
def test_format_looks_at_no_option_that_it_does_not_name(name: str) -> None:
    """What it looks at decides its bytes; with other options a format would be taken for there."""
    graph = load_graph(ROOT / "graphs" / "retail.yaml")
    ontology, seen = Ontology(graph.ontology()), set[str]()
    options: Any = Watched(seen)
    one = FORMATS[name]
    for session in compose(graph, n=30):
        examples: dict[str, list[Any]] = {}
        for task in () if one.fixed else one.tasks:
            looked: set[str] = set()
            watched: Any = Watched(looked)
            made = TASKS[task].examples(session, ontology, watched)
            examples[task] = [example for example in made if not isinstance(example, Loss)]
            assert looked <= set(TASKS[task].reads)
        list(one.rows(session, examples, ontology, options))
    list(one.closing(Outcome("shop", {"call/train.jsonl": 1}, ontology, options, {})))
    assert seen == set(one.reads)
