"""The sessions of a dataset, read back and proven to be what they were."""

from __future__ import annotations

import hashlib
import itertools
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import orjson

from dialogue import dataset, manifest
from dialogue.problem import ContentError, Position, Problem
from dialogue.spec.instructions import InstructionsSpec
from dialogue.tasks.ontology import Ontology

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pydantic import TypeAdapter

    from dialogue.session import Session

_MANY = 50  # problems, of which more would not help
_FIX = "undo the edit, or compose the dataset again"
_FILE = re.compile(r"sessions/[0-9]{6}\.jsonl")
_ONTOLOGY = {
    *("domain", "locale", "intents", "units", "slots", "labels", "keys", "tools", "facts", "scenes")
}
_ENTRY = {"options", "rows", "task_rows", "losses", "configs"}


@dataclass(frozen=True)
class Records:
    """The sessions of a directory that `dialogue compose` has written."""

    directory: Path
    manifest: Mapping[str, Any]

    @classmethod
    def open(cls, directory: Path, *, begun: bool = False) -> Records:
        """Open a dataset; raises `Refused` if it is none, or one that is not whole.

        One that is not whole is open to the command that has `begun` to change it.
        """
        found = dataset.read(directory / dataset.MANIFEST, manifest.SCHEMA)
        if (directory / dataset.UNFINISHED).exists() and not (begun and found):
            what = f"'{directory}' holds an unfinished run"
            raise dataset.Refused(what, "finish it: give its compose or import command again")
        if found is None:
            what = f"'{directory}' is not a dataset: it has no {dataset.MANIFEST} of ours"
            raise dataset.Refused(what, "name a directory that 'dialogue compose' has written")
        files, ontology = found.get("files"), found.get("ontology")
        if not (
            isinstance(found.get("graph"), str)
            and isinstance(files, list)
            and all(isinstance(f, dict) and _FILE.fullmatch(str(f.get("path"))) for f in files)
            and isinstance(ontology, dict)
            and {*_ONTOLOGY, "instructions"} <= ontology.keys()
            and InstructionsSpec.model_fields.keys() <= ontology["instructions"].keys()
        ):
            what = f"'{directory / dataset.MANIFEST}' lacks what an export needs"
            raise dataset.Refused(what, "compose the dataset again with this version")
        return cls(directory, found)

    @cached_property
    def ontology(self) -> Ontology:
        """What the dataset is about."""
        return Ontology(self.manifest["ontology"])

    @cached_property
    def exports(self) -> dict[str, dict[str, Any]]:
        """The exports that are beside the sessions, by format, as the manifest describes them."""
        found = self.manifest.get("exports")
        entries = found.items() if isinstance(found, dict) else ()
        return {
            name: entry
            for name, entry in entries
            if isinstance(entry, dict)
            and all(isinstance(entry.get(key), dict) for key in _ENTRY)
            and isinstance(entry.get("tasks"), list)
            and isinstance(entry.get("files"), list)
            and all(isinstance(file, dict) and "path" in file for file in entry["files"])
        }

    @property
    def sizes(self) -> dict[str, int]:
        """How many sessions each file has, by the manifest."""
        return {file["path"]: int(file.get("sessions", 0)) for file in self.manifest["files"]}

    @property
    def count(self) -> int:
        """How many sessions there are, by the manifest."""
        return sum(self.sizes.values())

    @cached_property
    def paths(self) -> tuple[Path, ...]:
        """The files of sessions in order of their index; raises `Refused` if one has gone."""
        paths = tuple(self.directory / file["path"] for file in self.manifest["files"])
        for path in paths:
            if not path.is_file():
                raise dataset.Refused(f"'{path}' is not there", "compose the dataset again")
        return paths

    @cached_property
    def hashes(self) -> tuple[str, ...]:
        """The sha256 of each file of sessions as it is now."""
        return tuple(map(_sha256, self.paths))

    @property
    def edited(self) -> tuple[str, ...]:
        """The files of sessions that are not as the manifest has them."""
        files = zip(self.hashes, self.manifest["files"], strict=True)
        return tuple(file["path"] for sha256, file in files if sha256 != file.get("sha256"))

    @property
    def digest(self) -> str:
        """One hash for all sessions as they are now."""
        return hashlib.sha256("".join(self.hashes).encode()).hexdigest()

    def __iter__(self) -> Iterator[Session]:
        for path in self.paths:
            with path.open("rb") as file:
                for line in file:
                    yield orjson.loads(line)

    def verify(self) -> None:
        """Raise ContentError for sessions that do not hold; a file with its old hash does."""
        files = zip(self.paths, self.hashes, self.manifest["files"], strict=True)
        edited = (path for path, sha256, file in files if sha256 != file.get("sha256"))
        problems = (problem for path in edited for problem in _problems(path, self.ontology))
        if found := list(itertools.islice(problems, _MANY)):
            raise ContentError(found)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _problems(path: Path, ontology: Ontology) -> Iterator[Problem]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            at = Position(str(path), number)
            yield from (Problem(at, what, _FIX) for what in mistakes(line, ontology))


def mistakes(line: bytes, ontology: Ontology) -> Iterator[str]:
    """Yield what is wrong with a session: its form, names, or spans that are not where they say."""
    from pydantic import ValidationError

    try:
        session: Any = orjson.loads(line)
        _form().validate_python(session)
    except orjson.JSONDecodeError as error:
        yield f"not JSON: {error}"
        return
    except ValidationError as error:
        for one in error.errors(include_url=False, include_context=False):
            yield f"{'.'.join(map(str, one['loc']))}: {one['msg']}"
        return
    yield from _strangers(session, ontology)
    for number, turn in enumerate(session["turns"]):
        if turn["kind"] == "utterance":
            yield from (f"turn {number}: {what}" for what in _slips(turn))


@cache
def _form() -> TypeAdapter[Session]:
    from pydantic import TypeAdapter

    from dialogue.session import Session

    return TypeAdapter(Session)


def _strangers(session: Session, ontology: Ontology) -> Iterator[str]:
    """Yield the names that the manifest does not know."""
    plain = ontology.plain
    scopes = {"exchange": "units", "scene": "scenes"}
    found = [("units", name) for name in session["walk"]]
    found += [("units", turn["unit"]) for turn in session["turns"]]
    found += [("tools", turn["tool"]) for turn in session["turns"] if turn["kind"] != "utterance"]
    found += [
        (scopes[target["scope"]], target["name"])
        for target in session["targets"]
        if target["scope"] in scopes
    ]
    for kind, name in dict.fromkeys(found):
        if name not in plain[kind]:
            yield f"the dataset has no {kind.removesuffix('s')} '{name}'"


def _slips(turn: Mapping[str, Any]) -> Iterator[str]:
    text, end = turn["text"], 0
    if not unicodedata.is_normalized("NFC", text) or not text.strip():
        yield "the text is blank or not NFC"
    for number, span in enumerate(turn["spans"]):
        found = text[span["start"] : span["end"]]
        if found != span["surface"]:
            place = f"{span['start']} to {span['end']}"
            yield f"span {number} says '{span['surface']}', but from {place} stands '{found}'"
        if span["start"] < end:
            yield f"span {number} overlaps the one before it"
        end = span["end"]
    for act in turn["acts"]:
        if act.get("span", 0) >= max(len(turn["spans"]), 1):
            yield f"an act is about span {act['span']}, which is not there"
