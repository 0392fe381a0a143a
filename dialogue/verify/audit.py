"""A dataset held against rules: files as the manifest lists them, sessions line by line.

Memory does not grow with the number of sessions. Files may be compressed with gzip.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

import orjson

from dialogue.problem import UnplacedError
from dialogue.verify import schema
from dialogue.verify.ontology import Ontology

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from dialogue.verify.rule import Finding, Rule

FILES = "files"
"""What reading itself finds goes by this name: files, lines and counts that do not hold."""

_MANIFEST, _SCHEMA = "manifest.json", "dialogue.manifest/1"
_PATH = re.compile(r"sessions/[0-9]{6}\.jsonl(\.gz)?")
_MALFORMED = (AttributeError, IndexError, KeyError, TypeError, ValueError)
_AGAIN = "compose the dataset again with this version"
_GZIP = b"\x1f\x8b"
_EVERY = 100  # sessions between two signs of life


@dataclass(frozen=True, slots=True)
class Found:
    """A finding, the rule that it breaks, and its place: file, and line from 1 where it has one."""

    rule: str
    path: str
    line: int
    what: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.what}"


class Audit:
    """One reading of a dataset against rules; raises UnplacedError for what is no dataset.

    `sessions` and `files` count what has been read.
    """

    def __init__(self, directory: Path, rules: Sequence[Rule]) -> None:
        self.directory = directory
        self.rules = rules
        self.manifest = _manifest(directory)
        self.sessions = 0
        self.files = 0
        self.splits: Counter[str] = Counter()
        self.last = -1  # the index before
        self.whole = True  # nothing is missing that would be counted
        try:
            self.ontology = Ontology(self.manifest["ontology"])
        except _MALFORMED:
            what = f"'{directory / _MANIFEST}' lacks what the rules ask for"
            raise UnplacedError(what, _AGAIN) from None

    @property
    def total(self) -> int:
        """How many sessions there are, by the manifest."""
        listed = self.manifest["files"]
        return sum(int(file["sessions"]) for file in listed if _is_count(file.get("sessions")))

    def run(self, watch: Callable[[int], None] = lambda _: None) -> Iterator[Found]:
        """Yield what is found, file by file; `watch` is told how many sessions have come."""
        listed = self.manifest["files"]
        for file in listed:
            yield from self.read(file, watch)
        known = {str(file["path"]) for file in listed}
        for path in sorted(self.directory.glob("sessions/*")):
            name = path.relative_to(self.directory).as_posix()
            if name not in known:
                yield Found(FILES, name, 0, f"it is not in {_MANIFEST}")
        if self.whole:  # else it is known already that something is missing
            yield from self.counted()

    def counted(self) -> Iterator[Found]:
        """Yield the counts of the manifest that are not those of the sessions."""
        counts = self.manifest.get("counts")
        counts = counts if isinstance(counts, dict) else {}
        made = {"sessions": self.sessions, "splits": dict(self.splits)}
        for name, count in made.items():
            if counts.get(name) != count:
                what = f"it counts {name} as {counts.get(name)}, there are {count}"
                yield Found(FILES, _MANIFEST, 0, what)

    # Files.

    def read(self, file: dict[str, Any], watch: Callable[[int], None]) -> Iterator[Found]:
        name, before = str(file["path"]), self.sessions
        path = self.directory / name
        if not _PATH.fullmatch(name):
            self.whole = False
            yield Found(FILES, _MANIFEST, 0, f"'{name}' is no name of a file of sessions")
            return
        if not path.is_file():
            self.whole = False
            yield Found(FILES, name, 0, "the file is not there")
            return
        self.files += 1
        with path.open("rb") as raw:
            if hashlib.file_digest(raw, "sha256").hexdigest() != file.get("sha256"):
                yield Found(
                    FILES, name, 0, f"it is not as it was written: {_MANIFEST} has another hash"
                )
            raw.seek(0)
            yield from self.lines(name, raw, watch)
        if self.whole and self.sessions - before != file.get("sessions"):
            what = f"it has {self.sessions - before} sessions, not {file.get('sessions')}"
            yield Found(FILES, name, 0, what)

    def lines(self, name: str, raw: BinaryIO, watch: Callable[[int], None]) -> Iterator[Found]:
        compressed = raw.read(2) == _GZIP
        raw.seek(0)
        number = 0
        try:
            with gzip.open(raw) if compressed else nullcontext(raw) as stream:
                for number, line in enumerate(stream, start=1):
                    for rule, what in self.line(line):
                        yield Found(rule, name, number, what)
                    if self.sessions % _EVERY == 0:
                        watch(_EVERY)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            self.whole = False
            yield Found(FILES, name, number + 1, f"it cannot be unpacked: {error}".lower())

    # Sessions.

    def line(self, line: bytes) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with a line, each with the rule that it breaks."""
        try:
            session: Any = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            self.whole = False
            yield FILES, f"not JSON: {error}" if line.strip() else "a blank line"
            return
        if not isinstance(session, dict) or not _is_count(session.get("index")):
            self.whole = False
            yield FILES, "not a session: it has no index"
            return
        index = session["index"]
        self.sessions += 1
        self.splits[str(session.get("split"))] += 1
        if index <= self.last:
            yield FILES, f"session {index} comes after session {self.last}"
        self.last = index
        for rule, finding in self.findings(session):
            turn = "" if finding.turn is None else f", turn {finding.turn}"
            yield rule, f"session {index}{turn}: {finding.what}"

    def findings(self, session: Any) -> Iterator[tuple[str, Finding]]:
        """Yield what breaks the rules; of a session without the record's form, what it lacks."""
        formed = True
        for rule in self.rules:
            try:
                for finding in rule.check(session, self.ontology):
                    formed = formed and rule.name != schema.RULE.name
                    yield rule.name, finding
            except _MALFORMED:
                wrong = list(schema.check(session, self.ontology))
                if not wrong:
                    raise
                if formed:
                    yield from ((schema.RULE.name, finding) for finding in wrong)
                return


def _manifest(directory: Path) -> dict[str, Any]:
    try:
        found = orjson.loads((directory / _MANIFEST).read_bytes())
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError, orjson.JSONDecodeError):
        found = None
    if not isinstance(found, dict) or found.get("schema") != _SCHEMA:
        what = f"'{directory}' is not a dataset: it has no {_MANIFEST} of ours"
        raise UnplacedError(what, "name a directory that 'dialogue compose' has written")
    files = found.get("files")
    if not isinstance(files, list) or not all(isinstance(f, dict) and "path" in f for f in files):
        raise UnplacedError(f"'{directory / _MANIFEST}' does not list its files", _AGAIN)
    return found


def _is_count(number: object) -> bool:
    return type(number) is int and number >= 0
