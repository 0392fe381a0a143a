"""The command line as people use it: exit codes, messages, and what goes where."""

from __future__ import annotations

import errno
import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import dialogue
from dialogue.cli import main
from dialogue.problem import ContentError, Position, Problem

ROOT = Path(__file__).parents[1]
COMMANDS = [
    "check", "compose", "export", "formats", "graph", "import", "init", "paraphrase", "schema",
    "show", "tasks", "twin", "verify",
]  # fmt: skip
HEAVY = ["faker", "jinja2", "networkx", "openai", "pydantic", "yaml", "orjson", "rich"]


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("starter") / "shop"
    assert CliRunner().invoke(main, ["init", str(folder)]).exit_code == 0
    return folder


@pytest.fixture
def graph(shop: Path) -> str:
    return str(shop / "graphs/shop.yaml")


@pytest.fixture(scope="session")
def whole(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an uninterrupted run of 3000 sessions, long enough to be caught in the middle."""
    out = tmp_path_factory.mktemp("whole") / "out"
    assert run("compose", shop / "graphs/shop.yaml", "-n", 3000, "-o", out).exit_code == 0
    return out


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "dialogue", *(str(argument) for argument in arguments)]


def environment(**more: str) -> dict[str, str]:
    plain = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    return {**plain, "PYTHONPATH": str(ROOT), **more}


def ran(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        capture_output="stdout" not in options,
        text=True,
        env=environment(),
        timeout=120,
        check=False,
        **options,
    )


def contents(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def lines(directory: Path) -> list[bytes]:
    files = sorted((directory / "sessions").iterdir())
    return [line for path in files for line in path.read_bytes().splitlines(keepends=True)]


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["compose", "--help"]])
def test_help_and_version_import_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys; from dialogue.cli import main\n"
        f"try: main({arguments})\n"
        f"finally: print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert done.returncode == 0
    assert done.stderr.strip() == "[]"


def test_every_command_has_an_example_in_its_help() -> None:
    assert sorted(main.commands) == COMMANDS
    for name in COMMANDS:
        shown = run(name, "--help").output
        assert re.search(rf"\n  Example:\n    dialogue {name}\b", shown)


def test_version_is_that_of_the_package() -> None:
    assert dialogue.__version__ in run("--version").output


def test_compose_writes_to_a_directory_named_after_the_graph(
    graph: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("compose", graph, "-n", 3)
    assert done.exit_code == 0, done.output
    assert len(lines(tmp_path / "shop")) == 3
    assert json.loads((tmp_path / "shop/manifest.json").read_bytes())["n"] == 3


def test_compose_ends_with_a_sample_and_a_summary_on_standard_output(
    graph: str, tmp_path: Path
) -> None:
    done = ran("compose", graph, "-n", 20, "-o", tmp_path / "out")
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.startswith("shop-0-000000  2026-")
    labels = [line.split()[0] for line in done.stdout.splitlines()[-9:]]
    said = "sessions turns walks utterances intents slots phrasings bytes written"
    assert labels == said.split()


def test_stream_is_the_lines_of_the_files_and_nothing_else(graph: str, tmp_path: Path) -> None:
    run("compose", graph, "-n", 30, "-o", tmp_path / "out")
    done = ran("compose", graph, "-n", 30, "-o", "-")
    assert done.stdout.encode() == b"".join(lines(tmp_path / "out"))
    assert done.stderr == ""


def test_stream_ends_quietly_when_nobody_reads_on(graph: str) -> None:
    with subprocess.Popen(
        command("compose", graph, "-n", 1000, "-o", "-"),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b'{"schema"')
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.parametrize("arguments", [["compose", "-o", "-", "-n", "20"], ["show"]])
def test_full_device_is_one_message(graph: str, arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = ran(arguments[0], graph, *arguments[1:], stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 1
    assert done.stderr == (
        "standard output: no space left on device\n  fix: make room, or write to another place\n"
    )


def test_full_disk_is_one_message_and_leaves_no_half_file(graph: str, tmp_path: Path) -> None:
    done = ran(
        "compose", graph, "-n", 200, "-o", tmp_path / "out",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)),
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith(f"'{tmp_path}/out/sessions/000000.jsonl': file too large\n  fix:")
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def ended(arguments: list[str], folder: Path, number: signal.Signals) -> tuple[int, str]:
    """Start a run and send it a signal when its first shard is there."""
    with subprocess.Popen(
        arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment()
    ) as process:
        while not list(folder.glob("out/sessions/0*.jsonl")):
            assert process.poll() is None
            time.sleep(0.005)
        process.send_signal(number)
        _, said = process.communicate()
    return process.returncode, said


def test_interrupted_run_says_how_to_continue_and_continues(
    graph: str, whole: Path, tmp_path: Path
) -> None:
    arguments = command("compose", graph, "-n", 3000, "-o", tmp_path / "out")
    code, said = ended(arguments, tmp_path, signal.SIGINT)
    assert code == 130
    assert re.match(r"interrupted; [12],000 of 3,000 sessions are kept in '.*'\n  fix: run", said)
    again = ran(*arguments[3:])
    assert again.returncode == 0
    assert re.fullmatch(r"continuing: [12],000 of 3,000 sessions are there\n", again.stderr)
    assert contents(tmp_path / "out") == contents(whole)


@pytest.mark.parametrize("name", ["compose", "show"])
def test_interrupt_before_anything_is_finished_leaves_nothing(
    graph: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def interrupt(*_: object, **__: object) -> Any:
        raise KeyboardInterrupt
        yield

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(dialogue, "compose", interrupt)
    done = run(name, graph)
    assert done.exit_code == 130
    assert done.stderr == "interrupted\n  fix: run the same command again\n"
    assert contents(tmp_path) == {}


def test_killed_run_continues_to_the_bytes_of_an_uninterrupted_one(
    graph: str, whole: Path, tmp_path: Path
) -> None:
    arguments = command("compose", graph, "-n", 3000, "--workers", 2, "-o", tmp_path / "out")
    ended(arguments, tmp_path, signal.SIGKILL)
    assert not (tmp_path / "out/manifest.json").exists()
    assert ran(*arguments[3:]).returncode == 0
    assert contents(tmp_path / "out") == contents(whole)


def test_only_one_session_is_its_line_in_the_full_run(graph: str, tmp_path: Path) -> None:
    run("compose", graph, "-n", 30, "-o", tmp_path / "all")
    run("compose", graph, "-n", 30, "-o", tmp_path / "one", "--only", 17)
    assert lines(tmp_path / "one") == [lines(tmp_path / "all")[17]]


def test_first_sessions_of_a_longer_run_are_a_shorter_run(graph: str, tmp_path: Path) -> None:
    run("compose", graph, "-n", 500, "-o", tmp_path / "long")
    run("compose", graph, "-n", 300, "-o", tmp_path / "short")
    assert lines(tmp_path / "long")[:300] == lines(tmp_path / "short")


def test_set_changes_the_sessions_and_is_in_the_manifest(graph: str, tmp_path: Path) -> None:
    done = run("compose", graph, "-n", 30, "-o", tmp_path / "out", "--set", "walk.units=2..2")
    assert done.exit_code == 0, done.output
    assert {len(json.loads(line)["walk"]) for line in lines(tmp_path / "out")} == {2}
    manifest = json.loads((tmp_path / "out/manifest.json").read_bytes())
    assert manifest["overrides"] == ["walk.units=2..2"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--only", "5", "-n", "5"], "--only 5 is not one of the sessions 0 to 4\n  fix: give"),
        (["--only", "-1"], "--only -1 is not one of the sessions 0 to 999\n  fix: count"),
        (["-n", "0"], "Invalid value for '-n'"),
        (["--workers", "0"], "Invalid value for '--workers'"),
        (["--seed", "-1"], "Invalid value for '--seed'"),
        (["--set", "walk.units"], "--set 'walk.units' is not KEY=VALUE\n  fix: write it as in"),
        (["-o", "/dev/null"], "'/dev/null': file exists\n  fix: choose"),
        (["-o", "/dev/null/below"], "'/dev/null/below': not a directory\n  fix: choose"),
    ],
)
def test_wrong_option_is_said_with_exit_code_two(
    graph: str, arguments: list[str], message: str
) -> None:
    done = run("compose", graph, *arguments)
    assert done.exit_code == 2
    assert message in done.stderr


@pytest.mark.parametrize("name", ["compose", "show", "check"])
def test_missing_graph_names_the_nearest_file(shop: Path, name: str) -> None:
    done = run(name, shop / "graphs/shoop.yaml")
    assert done.exit_code == 2
    assert f"'{shop}/graphs/shoop.yaml' does not exist" in done.stderr
    assert f"fix: did you mean '{shop}/graphs/shop.yaml'?" in done.stderr


def test_graph_named_by_its_stem_is_found_in_the_graphs_folder(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop)
    done = run("show", "shop")
    assert done.exit_code == 2
    assert "did you mean 'graphs/shop.yaml'?" in done.stderr


def test_directory_in_place_of_a_graph_names_the_graphs_in_it(shop: Path) -> None:
    done = run("show", shop)
    assert done.exit_code == 2
    assert f"known: {shop}/graphs/shop.yaml" in done.stderr


def test_dataset_is_not_replaced_without_force(graph: str, tmp_path: Path) -> None:
    arguments = ["compose", graph, "-n", 5, "-o", tmp_path / "out"]
    assert run(*arguments).exit_code == 0
    before = contents(tmp_path / "out")
    done = run(*arguments, "--seed", 1)
    assert done.exit_code == 2
    assert "holds a dataset already\n  fix: replace it with --force" in done.stderr
    assert contents(tmp_path / "out") == before
    assert run(*arguments, "--seed", 1, "--force").exit_code == 0
    assert contents(tmp_path / "out") != before


def test_directory_of_somebody_else_is_not_written_to_even_with_force(
    graph: str, tmp_path: Path
) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    done = run("compose", graph, "-n", 5, "-o", tmp_path, "--force")
    assert done.exit_code == 2
    assert "not empty, and what is in it is not ours\n  fix: choose another" in done.stderr
    assert contents(tmp_path) == {"thesis.txt": b"mine"}


def test_problem_while_composing_is_exit_code_one_and_leaves_nothing(
    graph: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> Any:
        raise ContentError([Problem(Position("units/a.yaml", 3), "no row", "add one")])
        yield

    monkeypatch.setattr(dialogue, "compose", fail)
    done = run("compose", graph, "-o", tmp_path / "out")
    assert done.exit_code == 1
    assert done.stderr == "units/a.yaml:3:1: no row\n  fix: add one\n1 problem in 1 file\n"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_disk_that_is_full_names_the_place_and_the_remedy(
    graph: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def full(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)
    done = run("compose", graph, "-n", 5, "-o", tmp_path / "out")
    assert done.exit_code == 1
    assert re.match(r"'.*out/.*': .+\n  fix: make room and run the same command", done.stderr)
    assert not (tmp_path / "out").exists()


def test_show_prints_sessions_for_people(graph: str) -> None:
    done = run("show", graph, "-n", 2)
    assert done.exit_code == 0, done.output
    assert re.findall(r"^shop-0-\d+", done.stdout, re.MULTILINE) == [
        "shop-0-000000",
        "shop-0-000001",
    ]
    assert re.search(r"^user    .*\[.+\|.+\]", run("show", graph, "-n", 20).stdout, re.MULTILINE)


def test_show_writes_no_escape_codes_into_a_pipe(graph: str) -> None:
    assert "\x1b" not in ran("show", graph, "-n", 5).stdout


def test_check_says_what_was_checked(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop)
    done = run("check")
    assert done.exit_code == 0, done.output
    assert re.fullmatch(
        r"checked 1 graph, 1 domain, 4 units, \d+ phrasings.*: no problem\n", done.stdout
    )


def test_check_prints_every_problem_at_once(tmp_path: Path) -> None:
    run("init", tmp_path / "shop")
    for name, old in (("greeting", "title:"), ("goodbye", "turns:")):
        path = tmp_path / f"shop/units/shop/{name}.yaml"
        path.write_text(path.read_text().replace(old, f"{old[:-1]}x:"))
    done = run("check", tmp_path / "shop/graphs/shop.yaml")
    assert done.exit_code == 1
    assert "greeting.yaml:" in done.stderr
    assert "goodbye.yaml:" in done.stderr
    assert "problems in 2 files" in done.stderr


def test_check_without_packs_says_where_it_looked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("check")
    assert done.exit_code == 2
    assert "no graph in 'graphs' and no domain in 'units'\n  fix: go to" in done.stderr


@pytest.mark.parametrize("kind", ["session", "unit", "graph", "domain"])
def test_schema_is_printed_as_json(kind: str) -> None:
    assert json.loads(run("schema", kind).stdout)["type"] == "object"


def test_starter_composes_at_once(shop: Path, tmp_path: Path) -> None:
    done = run("compose", shop / "graphs/shop.yaml", "-n", 200, "-o", tmp_path / "out")
    assert done.exit_code == 0, done.output
    counts = json.loads((tmp_path / "out/manifest.json").read_bytes())["counts"]
    assert set(counts["units"]) == {"greeting", "tea_stock", "delivery", "goodbye"}
    assert set(counts["slots"]) >= {"茶", "城市", "时间", "用途"}
    assert set(counts["targets"]) == {"exchange", "scene", "session"}


def test_starter_names_schemas_that_it_brings(shop: Path) -> None:
    files = [*shop.glob("graphs/*.yaml"), *shop.glob("units/*/*.yaml")]
    assert len(files) == 6
    for path in files:
        first = path.read_text(encoding="utf-8").splitlines()[0]
        schema = path.parent / first.removeprefix("# yaml-language-server: $schema=")
        assert json.loads(schema.read_bytes())["type"] == "object"


def test_init_does_not_write_over_anything(tmp_path: Path) -> None:
    (tmp_path / "units/shop").mkdir(parents=True)
    (tmp_path / "units/shop/greeting.yaml").write_text("mine")
    done = run("init", tmp_path)
    assert done.exit_code == 2
    assert "units/shop/greeting.yaml' exists already\n  fix: choose" in done.stderr
    assert contents(tmp_path) == {"units/shop/greeting.yaml": b"mine"}
