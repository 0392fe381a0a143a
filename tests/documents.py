"""Runs the examples of a Markdown document: files written, commands run, outputs compared.

Run as a program it writes the outputs that there are now into the documents: read the diff.
"""

from __future__ import annotations

import doctest
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import chdir, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner

from dialogue.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"# file: (\S+)\n")
_WRITTEN = re.compile(r"(# written: (\S+)\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """A file to write, or a command with its output; `start` and `end` bound the output's text."""

    kind: str
    what: str
    text: str
    start: int
    end: int


def examples(document: str) -> Iterator[Example]:
    for block in _BLOCK.finditer(document):
        kind, body, start = block[1], block[2], block.start(2)
        if kind == "yaml" and (named := _FILE.match(body)):
            yield Example("file", named[1], body[named.end() :], start, block.end(2))
        elif kind == "console":
            for one in _COMMAND.finditer(body):
                yield Example("run", one[1], one[2], start + one.start(2), start + one.end(2))
        elif kind == "python":
            yield Example("python", "python", body, start, block.end(2))


def workplace(folder: Path) -> Path:
    for name in ("graphs", "units", "schemas"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def perform(example: Example, folder: Path) -> str:
    """Do what an example says; return the output of a command."""
    if example.kind == "file":
        (folder / example.what).write_text(example.text, encoding="utf-8")
        return ""
    shown = {"COLUMNS": "100", "NO_COLOR": "1"}
    if example.kind == "python":
        done = subprocess.run(  # with nothing imported before
            [sys.executable, "-c", example.text],
            cwd=folder,
            env={**os.environ, **shown, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        output = done.stdout.decode("utf-8")
        assert done.returncode == 0, output
    else:
        name, *words = shlex.split(example.what)
        assert name == "dialogue", f"only dialogue is run: {example.what}"
        with chdir(folder):  # some commands of the documents fail on purpose
            output = CliRunner(env=shown).invoke(main, words, prog_name=name).output
    return re.sub(r"[ \t]+$", "", output, flags=re.MULTILINE)


def refreshed(document: str, folder: Path) -> str:
    """Return the document with the outputs that its commands have now."""
    parts, at = [], 0
    for example in examples(document):
        output = perform(example, folder)
        if example.kind == "run":
            parts += [document[at : example.start], output]
            at = example.end
    return "".join([*parts, document[at:]])


def rewritten(document: str, folder: Path) -> str:
    """Return the document with the files as commands have written them below a folder."""

    def block(found: re.Match[str]) -> str:
        return f"{found[1]}{(folder / found[2]).read_text(encoding='utf-8')}"

    return _WRITTEN.sub(block, document)


def retold(document: str) -> str:
    """Return the document with what its doctests print now."""
    found: list[str] = []
    names: dict[str, object] = {}
    for piece in doctest.DocTestParser().parse(document):
        if isinstance(piece, str):
            found.append(piece)
            continue
        with redirect_stdout(StringIO()) as printed:
            exec(compile(piece.source, "<document>", "single"), names)
        prompts = (
            f"{'...' if n else '>>>'} {line}"
            for n, line in enumerate(piece.source.split("\n")[:-1])
        )
        found += ["\n".join(prompts), "\n", printed.getvalue()]
    return "".join(found)


def record() -> str:
    """Return the session that the first example of the README shows, as it is stored."""
    from dialogue import compose, load_graph

    (session,) = compose(load_graph(ROOT / "graphs" / "retail.yaml"), n=1, seed=9627)
    return json.dumps(session, ensure_ascii=False, indent=1) + "\n"


def picture() -> str:
    """Return the drawing of the retail graph that the README shows."""
    from dialogue import load_graph
    from dialogue.drawing import FORMATS
    from dialogue.drawing.chart import Chart

    return FORMATS["svg"].text(Chart.of(load_graph(ROOT / "graphs" / "retail.yaml")))


def schema(kind: str) -> str:
    """Return a published JSON Schema as its file should be."""
    from dialogue.schema import json_schema

    return json.dumps(json_schema(kind), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    import tempfile

    (ROOT / "docs" / "session.json").write_text(record(), encoding="utf-8")
    (ROOT / "docs" / "retail.svg").write_text(picture(), encoding="utf-8")
    for kind in ("session", "unit", "graph", "domain"):
        (ROOT / "schemas" / f"{kind}.json").write_text(schema(kind), encoding="utf-8")
    for name in ("README.md", "README.zh-CN.md"):
        with tempfile.TemporaryDirectory() as scratch:
            path = ROOT / name
            text = refreshed(path.read_text(encoding="utf-8"), workplace(Path(scratch)))
            path.write_text(text, encoding="utf-8")
    with tempfile.TemporaryDirectory() as scratch:
        path = ROOT / "docs" / "twin.md"
        text = refreshed(path.read_text(encoding="utf-8"), Path(scratch))
        path.write_text(rewritten(text, Path(scratch)), encoding="utf-8")
    providers = ROOT / "docs" / "providers.md"
    providers.write_text(retold(providers.read_text("utf-8")), encoding="utf-8")
