"""Broken packs: every mistake has its place, a clear sentence and a remedy; see bad/README.md."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from dialogue.check import check
from dialogue.cli import main
from dialogue.compiler.graphs import load_graph
from dialogue.composer import compose
from dialogue.problem import ContentError
from dialogue.turn import UserTurn

if TYPE_CHECKING:
    from collections.abc import Mapping

BAD = Path(__file__).parent / "bad"
BASE = BAD / "base"
GRAPH = Path("graphs/shop.yaml")
DOMAIN = "units/shop/domain.yaml"
CASES = sorted(BAD.glob("*.yaml"))
MUTATIONS = 300


@dataclass(frozen=True)
class Case:
    """A broken pack: the files that make it so, and the message that is expected."""

    expected: str
    files: tuple[tuple[str, str], ...]
    gone: tuple[str, ...]
    settings: tuple[str, ...]
    splits: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, path: Path) -> Case:
        expected, gone, settings, splits = [], [], [], {}
        files: dict[str, list[str]] = {}
        file: list[str] | None = None
        for line in path.read_text("utf-8").splitlines():
            key, _, value = line.removeprefix("# ").partition(": ")
            if line.startswith("# file: "):
                file = files[value] = []
            elif file is not None:
                file.append(line)
            elif line.startswith("# expect: "):
                expected.append(value)
            elif line.startswith("#   fix: "):
                expected.append(line.removeprefix("# "))
            elif key in ("split", "hold_out"):
                splits[key] = value
            else:
                {"gone": gone, "set": settings}[key].append(value)
        made = tuple((name, "".join(f"{one}\n" for one in lines)) for name, lines in files.items())
        return cls("\n".join(expected), made, tuple(gone), tuple(settings), tuple(splits.items()))

    def lay(self, folder: Path) -> None:
        """Lay the good pack into a folder and break it."""
        shutil.copytree(BASE, folder, dirs_exist_ok=True)
        if DOMAIN in dict(self.files):
            for path in (folder / DOMAIN).parent.glob("*.yaml"):
                if path.stem not in ("domain", "hello"):
                    path.unlink()
        for name in self.gone:
            path = folder / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for name, text in self.files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")

    def told(self, folder: Path) -> str:
        """Return the message for the pack in a folder."""
        with chdir(folder):
            return told(GRAPH, self.settings, dict(self.splits))


def told(
    path: Path, settings: tuple[str, ...] = (), splits: Mapping[str, str] | None = None
) -> str:
    """Return what is wrong with a pack or with what is asked of it, or nothing."""
    try:
        if splits:
            list(compose(load_graph(path, settings), 0, **splits))
        elif settings:
            load_graph(path, settings)
        else:
            check([path])
    except ContentError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_mistake_is_told_with_place_and_remedy(path: Path, tmp_path: Path) -> None:
    case = Case.read(path)
    case.lay(tmp_path)
    found = case.told(tmp_path)
    assert found == case.expected
    assert found
    _check_style(found)


def _check_style(found: str) -> None:
    places, fixes = found.split("\n")[::2], found.split("\n")[1::2]
    assert len(places) == len(fixes)
    for place, fix in zip(places, fixes, strict=True):
        where, what = place.split(": ", 1)
        assert re.fullmatch(r".+:[1-9]\d*:[1-9]\d*|--(set|split|hold-out) .+", where), where
        assert len(what) < 100, what
        assert not what.endswith("."), what
        assert what[0] == what[0].lower() or what.startswith("YAML "), what
        assert re.fullmatch(r"  fix: [^A-Z ].+", fix), fix
        assert not re.search(r"object at 0x|Rope|Undefined|Error|Exception|pydantic|Jinja", what)


def test_every_file_of_a_case_is_laid_over_the_good_pack(tmp_path: Path) -> None:
    case = Case("", (("units/shop/new.yaml", "a\n"),), ("units/shop/order.yaml",), ())
    case.lay(tmp_path)
    units = sorted(path.name for path in (tmp_path / "units/shop").glob("*.yaml"))
    assert units == ["domain.yaml", "hello.yaml", "new.yaml", "price.yaml"]


def test_good_pack_is_clean(tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    with chdir(tmp_path):
        assert told(GRAPH) == ""
        assert told(Path("units/shop")) == ""


@pytest.mark.parametrize(
    "name", ["yaml_bracket", "several_units", "include_leaves", "graph_circle", "sql_writes"]
)
def test_command_prints_the_problems_and_ends_with_one(name: str, tmp_path: Path) -> None:
    case = Case.read(BAD / f"{name}.yaml")
    case.lay(tmp_path)
    with chdir(tmp_path):
        ran = CliRunner().invoke(main, ["check", str(GRAPH)])
    assert ran.exit_code == 1
    assert ran.stdout == ""
    *lines, last = ran.stderr.rstrip("\n").split("\n")
    assert "\n".join(lines) == case.expected
    assert re.fullmatch(r"\d+ problems? in \d+ files?", last)


def test_command_says_which_setting_is_wrong(tmp_path: Path) -> None:
    case = Case.read(BAD / "set_upside_down.yaml")
    case.lay(tmp_path)
    ran = _command(tmp_path, "show", str(GRAPH), "--set", *case.settings)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith(case.expected + "\n1 problem in ")


def _command(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    source = str(Path(__file__).parent.parent)
    ran = subprocess.run(
        [sys.executable, "-m", "dialogue", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": source, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert "Traceback" not in ran.stderr
    return ran


# --- What a text file cannot hold ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"turns:\n- user: [\xc4\xe3]\n", "2:1: is not UTF-8 text\n  fix: save the file as UTF-8"),
        ("turns: [你好]".encode("utf-16"), "1:1: is not UTF-8 text\n  fix: save the file as UTF-8"),
        (
            b"turns:\n- user: [a\x00b]\n",
            "2:11: a character that YAML does not allow\n  fix: remove the character U+0000",
        ),
        (
            b"turns: [" * 5000,
            "1:241: lists and mappings nest too deeply\n  fix: take some lists and mappings apart",
        ),
        (
            b"a: " + b"[" * 100 + b"]" * 100,
            "1:63: lists and mappings nest too deeply\n  fix: take some lists and mappings apart",
        ),
        (
            b"#" * (4 * 1024 * 1024 + 1),
            "1:1: is larger than 4 MB\n  fix: split it into smaller units",
        ),
    ],
    ids=["gbk", "utf-16", "nul", "open brackets", "brackets", "large"],
)
def test_file_that_is_no_text_is_told(content: bytes, expected: str, tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "units/shop/hello.yaml").write_bytes(content)
    with chdir(tmp_path):
        assert told(GRAPH) == f"units/shop/hello.yaml:{expected}"


def test_files_of_other_editors_are_read(tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    for path in tmp_path.rglob("*.yaml"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    unit = tmp_path / "units/shop/hello.yaml"
    unit.write_bytes("turns:\r\n- user: {file: hello.txt}\r\n- bot: [您好]\r\n".encode())
    unit.with_name("hello.txt").write_bytes("\ufeff你好\r\n\r\n在吗\r\n".encode())
    with chdir(tmp_path):
        user = load_graph(GRAPH).domain.units["hello"].turns[0]
    assert isinstance(user, UserTurn)
    phrasings = [one.template.source for wordings in user.sets for one in wordings.phrasings]
    assert phrasings == ["你好", "在吗"]


@pytest.mark.parametrize("kind", ["user: {file: link.txt}", "user: [\"{% include 'link.txt' %}\"]"])
def test_links_do_not_lead_out_of_the_pack(kind: str, tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "secret.txt").write_text("秘密\n", "utf-8")
    (tmp_path / "units/shop/link.txt").symlink_to(tmp_path / "secret.txt")
    unit = f"turns:\n- {kind}\n- bot: [您好]\n"
    (tmp_path / "units/shop/hello.yaml").write_text(unit, "utf-8")
    with chdir(tmp_path):
        found = told(GRAPH)
    assert "link.txt' " in found
    assert "秘密" not in found
    _check_style(found)


# --- Anything at all ----------------------------------------------------------------------------

VALUES = ("[]", "{}", "", "~", "3", "-1", "[[a]]", "{a: {b: c}}", "'", '"', "{{ 茶 }}", "|", "x: y")
WORDS = re.compile(r"[^\W\d]\w*|\d+|[^\w\s]")


def mutated(text: str, rng: random.Random) -> str:
    """Return a text with one small mistake."""
    lines = text.split("\n")
    number = rng.randrange(len(lines))
    line = lines[number]
    way = rng.randrange(7)
    if way == 0:
        del lines[number]
    elif way == 1:
        lines.insert(rng.randrange(len(lines)), line)
    elif way == 2:
        lines[number] = " " * rng.randrange(7) + line.lstrip()
    elif way == 3 and ": " in line:
        lines[number] = line[: line.index(": ") + 2] + rng.choice(VALUES)
    elif way == 4:
        lines[number] = line[: rng.randrange(len(line) + 1)]
    elif words := list(WORDS.finditer(line)):
        word = rng.choice(words)
        others = WORDS.findall(text) if way == 5 else VALUES
        lines[number] = line[: word.start()] + rng.choice(others) + line[word.end() :]
    return "\n".join(lines)


def test_mistakes_made_at_random_are_told_and_nothing_else_is_raised(tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    paths = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    rng = random.Random(0)
    refused = 0
    with chdir(tmp_path):
        for _ in range(MUTATIONS):
            path = rng.choice(paths)
            text = path.read_text("utf-8")
            path.write_text(mutated(text, rng), "utf-8")
            try:
                load_graph(GRAPH)
            except ContentError as error:
                refused += 1
                assert error.problems
            path.write_text(text, "utf-8")
    assert refused > MUTATIONS // 3


def accept(path: Path) -> None:
    """Write into a case what its message is now."""
    case = Case.read(path)
    with tempfile.TemporaryDirectory() as folder:
        case.lay(Path(folder))
        found = case.told(Path(folder))
    kept = [line for line in path.read_text("utf-8").splitlines() if not _is_expectation(line)]
    heads = [
        f"# {line}" if line.startswith("  fix: ") else f"# expect: {line}"
        for line in found.split("\n")
    ]
    path.write_text("\n".join([*heads, *kept]) + "\n", "utf-8")
    print(f"{path.stem}\n{found}\n")  # noqa: T201


def _is_expectation(line: str) -> bool:
    return line.startswith(("# expect: ", "#   fix: "))


if __name__ == "__main__":
    for name in sys.argv[1:]:
        accept(Path(name))
