"""What examples are kept in: files in, conversations out.

A reader takes a path and yields conversations; what it cannot read it tells as problems. It is
chosen by the name of the file, JSON by the keys of each row, or by its name in `READERS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dialogue.problem import ContentError, Position, Problem, gathered
from dialogue.twin.example import Conversation, Reading
from dialogue.twin.readers import columns, rasa, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

Item = Conversation | Problem


class Reader(NamedTuple):
    """A way to read examples; `suffixes` are those of its files."""

    name: str
    purpose: str
    suffixes: tuple[str, ...]
    read: Callable[[list[Path]], Iterator[Item]]


READERS = {
    one.name: one
    for one in (
        Reader(
            "json",
            "rows with text and target or spans, ShareGPT, OpenAI messages, Alpaca",
            (".jsonl", ".json", ".ndjson"),
            rows.read,
        ),
        Reader("rasa", "Rasa's NLU, stories and domain", (".yml", ".yaml"), rasa.read),
        Reader(
            "bio",
            "a character or word and its tag a line; JointBERT's folders",
            (".txt", ".bio", ".conll", ".tsv", ".in"),
            columns.read,
        ),
    )
}


def read(paths: Iterable[Path], named: str = "") -> Reading:
    """Read files and folders, `named` says by which reader; raises ContentError if none fits."""
    found = Reading()
    files: dict[str, list[Path]] = {}
    problems = []
    for path in paths:
        for file in _files(path):
            reader = named or next(
                (one.name for one in READERS.values() if file.suffix.lower() in one.suffixes), ""
            )
            if reader:
                files.setdefault(reader, []).append(file)
            elif not path.is_dir():
                suffixes = ", ".join(suffix for one in READERS.values() for suffix in one.suffixes)
                what = f"its suffix '{file.suffix}' does not say what it holds"
                fix = f"add --from {'|'.join(READERS)}, or rename it: {suffixes}"
                problems.append(Problem(Position(str(file)), what, fix))
    if problems:
        raise ContentError(problems)
    for name, some in files.items():
        with gathered(found.problems):
            for item in READERS[name].read(some):
                if isinstance(item, Problem):
                    found.problems.append(item)
                else:
                    found.conversations.append(item)
    return found


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for file in sorted(path.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
        if file.is_file() and not hidden:
            yield file
