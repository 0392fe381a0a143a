"""Directories of sessions: the bytes, the claims on a directory, interruption and failure.

Most tests compose with the small engine below; that it can be slow, or fail at an index, is what
they need. It depends on (path, overrides, seed, index) only, as the real one does.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest

from dialogue import dataset, shards, writing
from dialogue.dataset import UNFINISHED, Refused
from dialogue.problem import ContentError, Position, Problem
from dialogue.shards import Recipe


@dataclass(frozen=True)
class Graph:
    path: Path
    overrides: tuple[str, ...] = ()
    name: str = "stub"
    files: tuple[tuple[str, str], ...] = (("graphs/stub.yaml", "0" * 64),)

    @property
    def rates(self) -> dict[str, dict[str, float]]:
        return {}

    @property
    def brought(self) -> dict[str, dict[str, Any]]:
        return {}

    @property
    def counts(self) -> dict[str, int]:
        return {"phrasings": 2}

    def ontology(self) -> dict[str, Any]:
        return {"slots": {"时间": {}, "地点": {}}, "intents": ["ask"]}


def load(path: Path, overrides: tuple[str, ...] = (), plugins: tuple[str, ...] = ()) -> Graph:
    if path.name == "changing" and os.getpid() != PARENT:
        return Graph(path, overrides, files=(("graphs/stub.yaml", "1" * 64),))
    return Graph(path, overrides)


PARENT = int(os.environ.setdefault("STUB_PARENT", str(os.getpid())))


def compose(graph: Graph, *, n: int, seed: int, start: int = 0) -> Any:
    for index in range(start, n):
        if graph.path.name == "slow":
            time.sleep(0.0005)
        if graph.path.name == "bad" and index == 1500:
            raise ContentError([Problem(Position("units/a.yaml", 3), "no row", "add one")])
        if graph.path.name == "stuck" and index == 1500:
            Path(graph.overrides[0]).write_text(str(os.getpid()))
            time.sleep(20)
        if graph.path.name == "deadly" and index == 1500:
            os.kill(os.getpid(), signal.SIGKILL)
        yield record(graph, seed, index)


def record(graph: Graph, seed: int, index: int) -> dict[str, Any]:
    rng = random.Random(f"{seed}/{index}/{graph.overrides}")
    city = rng.choice(["深圳", "北京市", "乌鲁木齐"])
    text = f"今晚能到{city}吗" + "？" * rng.randrange(3)
    spans = [
        {"slot": "时间", "start": 0, "end": 2, "surface": "今晚", "value": "今晚"},
        {"slot": "地点", "start": 4, "end": 4 + len(city), "surface": city, "value": city},
    ]
    return {
        "schema": "dialogue.session/1", "id": f"stub-{seed}-{index:06d}", "seed": seed,
        "index": index, "split": "train", "now": "2026-03-14T15:20:00+08:00", "walk": ["ask"],
        "turns": [
            {"kind": "utterance", "speaker": "user", "unit": "ask", "phrasing": "ask/1",
             "text": text, "intents": [{"name": "ask"}], "spans": spans,
             "state": {"intent": "ask", "slots": {"地点": {"surface": city}}}},
            {"kind": "call", "speaker": "bot", "unit": "ask", "tool": "t", "arguments": {}},
            {"kind": "result", "speaker": "tool", "unit": "ask", "tool": "t", "rows": []},
            {"kind": "utterance", "speaker": "bot", "unit": "ask", "phrasing": "ask/2",
             "text": "能", "spans": [], "state": {"intent": "ask", "slots": {}}},
        ],
        "targets": [{"scope": "exchange", "name": "ask", "turns": [0, 4],
                     "target": {"地点": city}}],
    }  # fmt: skip


def recipe(path: str = "quick", n: int = 2500, **options: Any) -> Recipe:
    return Recipe(load, compose, "0", Path(path), n=n, **options)


def write(directory: Path, path: str = "quick", n: int = 2500, **options: Any) -> dataset.Dataset:
    ways = {key: options.pop(key) for key in ("workers", "force", "watch") if key in options}
    order = recipe(path, n, **options)
    return dataset.write(order, order.open(), directory, **ways)


def contents(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def sessions(directory: Path) -> list[bytes]:
    files = sorted((directory / "sessions").iterdir())
    return [line for path in files for line in path.read_bytes().splitlines()]


def started(directory: Path, *options: str, path: str = "slow", n: int = 2500) -> Any:
    """Start a run in another process that a test may kill."""
    code = (
        "import sys; sys.path[:0] = [sys.argv[1]]; import test_dataset as t;"
        "t.write(t.Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), workers=int(sys.argv[5]),"
        "overrides=tuple(sys.argv[6:]))"
    )
    arguments = [str(Path(__file__).parent), str(directory), path, str(n), *(options or ("1",))]
    environment = {key: value for key, value in os.environ.items() if key != "STUB_PARENT"}
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stderr=subprocess.PIPE,
        text=True,
        env={**environment, "PYTHONPATH": str(Path(__file__).parents[1])},
    )


def killed_after_a_shard(directory: Path, workers: int = 1) -> None:
    run = started(directory, str(workers))
    deadline = time.monotonic() + 30
    while not list(directory.glob("sessions/0*.jsonl")):
        assert run.poll() is None, run.stderr.read()
        assert time.monotonic() < deadline
        time.sleep(0.005)
    run.kill()
    run.communicate()


def test_sessions_lie_a_thousand_to_a_file_in_the_order_of_their_index(tmp_path: Path) -> None:
    write(tmp_path / "out")
    names = sorted(path.name for path in (tmp_path / "out/sessions").iterdir())
    assert names == ["000000.jsonl", "000001.jsonl", "000002.jsonl"]
    indexes = [orjson.loads(line)["index"] for line in sessions(tmp_path / "out")]
    assert indexes == list(range(2500))


def test_manifest_names_every_file_with_its_bytes_and_hash(tmp_path: Path) -> None:
    write(tmp_path / "out")
    manifest = json.loads((tmp_path / "out/manifest.json").read_bytes())
    found = contents(tmp_path / "out")
    assert [file["path"] for file in manifest["files"]] == sorted(
        set(found) - {"manifest.json", "README.md"}
    )
    for file in manifest["files"]:
        content = found[file["path"]]
        assert file["bytes"] == len(content)
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        assert file["sessions"] == content.count(b"\n")


def test_manifest_says_what_the_sessions_came_from(tmp_path: Path) -> None:
    write(tmp_path / "out", n=10, seed=3, overrides=("walk.units=2..4",))
    manifest = json.loads((tmp_path / "out/manifest.json").read_bytes())
    assert (manifest["graph"], manifest["seed"], manifest["n"]) == ("stub", 3, 10)
    assert manifest["overrides"] == ["walk.units=2..4"]
    assert manifest["pack"] == {"graphs/stub.yaml": "0" * 64}
    assert manifest["ontology"]["intents"] == ["ask"]
    assert {"dialogue", "python", "faker", "jinja2", "sqlite"} <= set(manifest["versions"])
    assert str(tmp_path) not in json.dumps(manifest)


def test_counts_are_those_of_the_sessions(tmp_path: Path) -> None:
    counts = write(tmp_path / "out").tally.counts()
    assert counts["sessions"] == 2500
    assert counts["turns"] == 10000
    assert counts["utterances"] == {"bot": 2500, "user": 2500}
    assert counts["calls"] == 2500
    assert counts["slots"] == {"地点": 2500, "时间": 2500}
    assert counts["intents"] == {"ask": 2500}
    assert counts["phrasings"] == 2
    assert counts["bytes"] == sum(len(line) + 1 for line in sessions(tmp_path / "out"))


def test_any_number_of_workers_writes_the_same_bytes(tmp_path: Path) -> None:
    for workers in (1, 2, 3):
        write(tmp_path / str(workers), workers=workers)
    assert contents(tmp_path / "1") == contents(tmp_path / "2") == contents(tmp_path / "3")


def test_any_number_of_workers_streams_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path / "out")
    written = b"".join(line + b"\n" for line in sessions(tmp_path / "out"))
    for workers in (1, 2):
        assert b"".join(shards.stream(recipe(), load(Path("quick")), workers)) == written


def test_first_sessions_of_a_longer_run_are_a_shorter_run(tmp_path: Path) -> None:
    write(tmp_path / "long", n=500)
    write(tmp_path / "short", n=300)
    assert sessions(tmp_path / "long")[:300] == sessions(tmp_path / "short")


def test_only_one_session_is_its_line_in_the_full_run(tmp_path: Path) -> None:
    write(tmp_path / "all")
    write(tmp_path / "one", only=1234)
    assert sessions(tmp_path / "one") == [sessions(tmp_path / "all")[1234]]
    assert [path.name for path in (tmp_path / "one/sessions").iterdir()] == ["000001.jsonl"]


def test_progress_adds_up_to_the_number_of_sessions(tmp_path: Path) -> None:
    for workers in (1, 2):
        told: list[int] = []
        write(tmp_path / str(workers), "slow", 1100, workers=workers, watch=told.append)
        assert sum(told) == 1100
        assert len(told) > 4


@pytest.mark.parametrize("workers", [1, 2])
def test_killed_run_leaves_no_half_file_under_a_final_name(tmp_path: Path, workers: int) -> None:
    killed_after_a_shard(tmp_path / "out", workers)
    found = contents(tmp_path / "out")
    assert UNFINISHED in found
    assert "manifest.json" not in found
    for name, content in found.items():
        if name.endswith(".jsonl"):
            assert content.count(b"\n") == (500 if name.endswith("2.jsonl") else 1000)


@pytest.mark.parametrize("workers", [1, 2])
def test_killed_run_continues_to_the_bytes_of_an_uninterrupted_one(
    tmp_path: Path, workers: int
) -> None:
    write(tmp_path / "whole", "slow")
    killed_after_a_shard(tmp_path / "out", workers)
    shard = next((tmp_path / "out/sessions").glob("0*.jsonl"))
    written = shard.stat().st_mtime_ns
    write(tmp_path / "out", "slow", workers=workers)
    assert shard.stat().st_mtime_ns == written, "a finished shard is kept"
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_killed_run_takes_its_workers_along(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    run = started(tmp_path / "out", "2", str(pid), path="stuck")
    while not pid.exists() or not pid.read_text():
        assert run.poll() is None, run.stderr.read()
        time.sleep(0.01)
    run.kill()
    run.wait()
    run.stderr.close()
    deadline = time.monotonic() + 10
    while is_running(int(pid.read_text())):
        assert time.monotonic() < deadline, "the worker lives on"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("keep", [-100, -2000, 0])
def test_shard_that_somebody_shortened_is_composed_again(tmp_path: Path, keep: int) -> None:
    whole, out = tmp_path / "whole", tmp_path / "out"
    write(whole)
    write(out)
    order = recipe()
    dataset._mark(out, dataset._run(order, order.open()), [])
    shard = out / "sessions/000000.jsonl"
    content = shard.read_bytes()[:keep]
    shard.write_bytes(content[: content.rfind(b"\n") + 1] if keep == -2000 else content)
    write(out)
    assert contents(out) == contents(whole)


def test_unfinished_run_with_other_options_is_refused_without_force(tmp_path: Path) -> None:
    killed_after_a_shard(tmp_path / "out")
    before = contents(tmp_path / "out")
    with pytest.raises(Refused, match="unfinished run with other --seed, -n"):
        write(tmp_path / "out", "slow", n=20, seed=1)
    assert contents(tmp_path / "out") == before


def test_unfinished_run_with_other_options_is_replaced_by_force(tmp_path: Path) -> None:
    killed_after_a_shard(tmp_path / "out")
    write(tmp_path / "out", n=20, seed=1, force=True)
    write(tmp_path / "fresh", n=20, seed=1)
    assert contents(tmp_path / "out") == contents(tmp_path / "fresh")


def test_pack_that_changed_does_not_continue_an_unfinished_run(tmp_path: Path) -> None:
    killed_after_a_shard(tmp_path / "out")
    changed = Graph(Path("slow"), files=(("graphs/stub.yaml", "2" * 64),))
    with pytest.raises(Refused, match="other pack files"):
        dataset.write(recipe("slow"), changed, tmp_path / "out")


def test_finished_dataset_of_another_run_is_refused_without_force(tmp_path: Path) -> None:
    write(tmp_path / "out", n=20)
    before = contents(tmp_path / "out")
    with pytest.raises(Refused, match="holds a dataset already") as refusal:
        write(tmp_path / "out", n=21)
    assert "--force" in refusal.value.fix
    assert contents(tmp_path / "out") == before


def test_finished_run_can_be_asked_for_again(tmp_path: Path) -> None:
    first = write(tmp_path / "out", n=20)
    before = contents(tmp_path / "out")
    assert write(tmp_path / "out", n=20) == first
    assert contents(tmp_path / "out") == before


def test_finished_run_whose_file_was_changed_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "out", n=20)
    with (tmp_path / "out/sessions/000000.jsonl").open("ab") as file:
        file.write(b"{}\n")
    before = contents(tmp_path / "out")
    with pytest.raises(Refused, match="holds a dataset already"):
        write(tmp_path / "out", n=20)
    assert contents(tmp_path / "out") == before


def test_force_replaces_what_the_manifest_lists_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, n=2500)
    (out / "notes.txt").write_text("mine")
    (out / "sessions/000009.jsonl").write_text("mine too")
    write(out, n=20, force=True)
    write(tmp_path / "fresh", n=20)
    mine = {"notes.txt": b"mine", "sessions/000009.jsonl": b"mine too"}
    assert contents(out) == contents(tmp_path / "fresh") | mine


def test_force_does_not_write_over_a_file_that_no_manifest_lists(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, n=20)
    (out / "sessions/000002.jsonl").write_text("mine")
    before = contents(out)
    with pytest.raises(Refused, match=r"000002\.jsonl' is in the way"):
        write(out, n=2500, force=True)
    assert contents(out) == before


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("name", ["notes.txt", "manifest.json", UNFINISHED, "sessions/a.jsonl"])
def test_directory_of_somebody_else_is_refused_whatever_is_in_it(
    tmp_path: Path, name: str, force: bool
) -> None:
    path = tmp_path / "out" / name
    path.parent.mkdir(parents=True)
    path.write_text('{"schema": "something else", "files": []}')
    with pytest.raises(Refused, match="not empty, and what is in it is not ours"):
        write(tmp_path / "out", n=20, force=force)
    assert contents(tmp_path / "out") == {name: path.read_bytes()}


def test_empty_directory_is_written_to(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write(tmp_path / "out", n=20)
    assert len(sessions(tmp_path / "out")) == 20


def test_edited_manifest_cannot_name_files_outside(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, n=20)
    (tmp_path / "precious.jsonl").write_text("mine")
    manifest = json.loads((out / "manifest.json").read_bytes())
    manifest["files"] += [{"path": "../precious.jsonl"}, {"path": str(tmp_path / "precious.jsonl")}]
    (out / "manifest.json").write_text(json.dumps(manifest))
    write(out, n=20, force=True)
    assert (tmp_path / "precious.jsonl").read_text() == "mine"


def test_linked_sessions_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out/sessions").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refused, match="link to another place"):
        write(tmp_path / "out", n=20)


def test_force_that_was_killed_while_it_cleared_goes_on_clearing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, n=2500)
    order = recipe(n=1500, seed=1)
    dataset._mark(
        out, dataset._run(order, order.open()), ["manifest.json", "sessions/000000.jsonl",
        "sessions/000001.jsonl", "sessions/000002.jsonl"],
    )  # fmt: skip
    (out / "sessions/000001.jsonl").unlink()
    write(out, n=1500, seed=1)
    write(tmp_path / "fresh", n=1500, seed=1)
    assert contents(out) == contents(tmp_path / "fresh")


def test_run_killed_before_its_marker_is_begun_again(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "sessions").mkdir(parents=True)
    writing.part_of(out / UNFINISHED).write_text("{")
    write(out, n=20)
    write(tmp_path / "fresh", n=20)
    assert contents(out) == contents(tmp_path / "fresh")


def test_second_run_waits_for_the_first(tmp_path: Path) -> None:
    out = tmp_path / "out"
    refusals: list[str] = []

    def again(_: int) -> None:
        with pytest.raises(Refused) as refusal:
            write(out, n=20, force=True)
        refusals.append(refusal.value.what)

    write(out, n=20, watch=again)
    assert "another run is writing" in refusals[0]


@pytest.mark.parametrize("workers", [1, 2])
def test_problem_while_composing_keeps_what_is_finished(tmp_path: Path, workers: int) -> None:
    out = tmp_path / "out"
    with pytest.raises(ContentError) as error:
        write(out, "bad", workers=workers)
    assert str(error.value) == "units/a.yaml:3:1: no row\n  fix: add one"
    assert set(contents(out)) <= {
        UNFINISHED, "sessions/000000.jsonl", "sessions/000002.jsonl",
    }  # fmt: skip


def test_problem_in_the_first_shard_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ContentError):
        write(tmp_path / "out", "bad", only=1500)
    assert not (tmp_path / "out").exists()


def test_failed_run_leaves_a_directory_that_was_there(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(ContentError):
        write(tmp_path / "out", "bad", only=1500)
    assert list((tmp_path / "out").iterdir()) == []


def test_worker_that_is_killed_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ChildProcessError, match="a worker ended before its work was done"):
        write(tmp_path / "out", "deadly", workers=2)


def test_pack_that_changes_between_parent_and_worker_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="changed while sessions were composed"):
        write(tmp_path / "out", "changing", workers=2)


@pytest.mark.parametrize("workers", [1, 2])
def test_full_disk_names_the_file_and_leaves_no_half_of_it(tmp_path: Path, workers: int) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(OSError, match="sessions/00000") as error:
            write(tmp_path / "out", workers=workers)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert error.value.errno == errno.EFBIG
    assert not (tmp_path / "out").exists()


def test_memory_does_not_grow_with_the_number_of_sessions(tmp_path: Path) -> None:
    import tracemalloc

    def peak(n: int) -> int:
        tracemalloc.start()
        write(tmp_path / str(n), n=n)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(100)
    assert peak(6000) < peak(1000) + 200_000
