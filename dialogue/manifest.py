"""Where a dataset came from, and what is in it: the content of `manifest.json`."""

from __future__ import annotations

import hashlib
import platform
import sqlite3
import unicodedata
from collections import Counter
from dataclasses import asdict, dataclass, field
from importlib import metadata
from typing import TYPE_CHECKING, Any, Protocol

import orjson

from dialogue.split import NAMES
from dialogue.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dialogue.holdout import HeldOut
    from dialogue.split import HoldOut, Splits

SCHEMA = "dialogue.manifest/1"

# What can change a byte of a session, and the version that says so.
_LIBRARIES = ("faker", "jinja2", "networkx", "orjson", "pydantic", "pyyaml", "tzdata")

# Share of state is measured on every sixteenth session: encoding each state a second time would be
# the dearest thing a run does after composing.
_STATE_EVERY = 16


class Graph(Protocol):
    """What a dataset asks of a compiled graph."""

    @property
    def name(self) -> str: ...
    @property
    def files(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def overrides(self) -> tuple[str, ...]: ...
    @property
    def counts(self) -> dict[str, int]: ...
    @property
    def shortest(self) -> int: ...
    @property
    def rates(self) -> dict[str, dict[str, float]]: ...
    @property
    def brought(self) -> dict[str, dict[str, Any]]: ...
    def ontology(self) -> dict[str, Any]: ...


@dataclass(slots=True)
class Tally:
    """What is in the sessions seen so far; it grows with the pack, never with their number."""

    sessions: int = 0
    turns: int = 0
    calls: int = 0
    bytes: int = 0
    splits: Counter[str] = field(default_factory=Counter)
    speakers: Counter[str] = field(default_factory=Counter)
    lengths: Counter[int] = field(default_factory=Counter)  # of walks, in units
    units: Counter[str] = field(default_factory=Counter)
    intents: Counter[str] = field(default_factory=Counter)
    slots: Counter[str] = field(default_factory=Counter)
    targets: Counter[str] = field(default_factory=Counter)
    # Of behaviours and of noise, by name: eligible, asked, realised.
    differences: dict[str, dict[str, list[int]]] = field(
        default_factory=lambda: {"behaviours": {}, "noise": {}}
    )
    edited: int = 0  # sessions that reviewers have corrected
    phrasings: set[str] = field(default_factory=set)
    weighed: int = 0
    state: int = 0
    usage: Usage = field(default_factory=Usage)

    def add(self, session: Mapping[str, Any], size: int, held: HeldOut | None = None) -> None:
        """Count one session that takes `size` bytes, and what it uses of what is `held` out."""
        if held is not None:
            self.usage.add(session, held)
        self.splits[session["split"]] += 1
        self.sessions += 1
        self.bytes += size
        self.edited += "edits" in session
        for kind, known in self.differences.items():
            _add(known, session.get(kind, {}))
        self.turns += len(session["turns"])
        self.lengths[len(session["walk"])] += 1
        self.units.update(session["walk"])
        self.targets.update([target["scope"] for target in session["targets"]])
        for turn in session["turns"]:
            if turn["kind"] == "utterance":
                self._add_utterance(turn)
            elif turn["kind"] == "call":
                self.calls += 1
        if session["index"] % _STATE_EVERY == 0:
            self.weighed += size
            self.state += sum(
                len(orjson.dumps(turn["state"])) for turn in session["turns"] if "state" in turn
            )

    def _add_utterance(self, turn: Mapping[str, Any]) -> None:
        self.speakers[turn["speaker"]] += 1
        self.phrasings.update(turn.get("phrasings") or (turn["phrasing"],))
        self.slots.update([span["slot"] for span in turn["spans"]])
        if "intents" in turn:
            self.intents.update([intent["name"] for intent in turn["intents"]])

    def merge(self, other: Tally) -> None:
        """Count the sessions of another tally as well."""
        for kind, known in self.differences.items():
            _add(known, other.differences[kind])
        self.sessions += other.sessions
        self.turns += other.turns
        self.calls += other.calls
        self.bytes += other.bytes
        self.edited += other.edited
        self.weighed += other.weighed
        self.state += other.state
        self.usage.merge(other.usage)
        self.phrasings |= other.phrasings
        self.lengths.update(other.lengths)
        for mine, theirs in (
            (self.splits, other.splits),
            (self.speakers, other.speakers),
            (self.units, other.units),
            (self.intents, other.intents),
            (self.slots, other.slots),
            (self.targets, other.targets),
        ):
            mine.update(theirs)

    def counts(self) -> dict[str, Any]:
        """Return what the manifest says of the sessions."""
        splits = tuple(name for name in NAMES if self.splits[name])
        held_out = self.usage.counts(splits)
        names = ("eligible", "asked", "realised")
        differences = {
            kind: {name: dict(zip(names, some, strict=True)) for name, some in counts.items()}
            for kind, counts in self.differences.items()
            if counts
        }
        return {
            "sessions": self.sessions,
            "splits": {name: self.splits[name] for name in splits},
            **({"hold_out": held_out} if held_out else {}),
            "turns": self.turns,
            "utterances": dict(sorted(self.speakers.items())),
            "calls": self.calls,
            "phrasings": len(self.phrasings),
            "walks": {str(length): n for length, n in sorted(self.lengths.items())},
            "units": dict(sorted(self.units.items())),
            "intents": dict(sorted(self.intents.items())),
            "slots": dict(sorted(self.slots.items())),
            "targets": dict(sorted(self.targets.items())),
            "bytes": self.bytes,
            **differences,
            **({"edited": self.edited} if self.edited else {}),
        }


@dataclass(frozen=True, slots=True)
class File:
    """One file of a dataset: its place below the directory, with `/`, and what is in it."""

    path: str
    sha256: str
    bytes: int
    sessions: int


def _versions(version: str) -> dict[str, str]:
    """Return what the bytes of a session depend on; `version` is that of the engine."""
    return {
        "dialogue": version,
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "unicode": unicodedata.unidata_version,
        **{name: _version(name) for name in _LIBRARIES},
    }


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def run(
    graph: Graph,
    version: str,
    *,
    n: int,
    seed: int,
    only: int | None,
    split: Splits,
    hold_out: HoldOut,
) -> dict[str, Any]:
    """Return what decides every byte of a dataset."""
    return {
        "graph": graph.name,
        "overrides": list(graph.overrides),
        "seed": seed,
        "n": n,
        "only": only,
        "split": str(split),
        "hold_out": str(hold_out),
        "versions": _versions(version),
        "plugins": graph.brought,
        "pack": dict(graph.files),
    }


def manifest(
    began: Mapping[str, Any],
    ontology: dict[str, Any],
    tally: Tally,
    files: Sequence[File],
    rates: Mapping[str, Mapping[str, float]],
) -> dict[str, Any]:
    """Return the content of `manifest.json`; it names no time and no place on the machine.

    `rates` are those of behaviours and of noise that the graph asks for.
    """
    return {
        "schema": SCHEMA,
        **began,
        "counts": tally.counts(),
        **rates,
        "ontology_sha256": _digest(ontology),
        "ontology": ontology,
        "files": [asdict(file) for file in files],
    }


def encode(document: Mapping[str, Any]) -> bytes:
    """Return JSON for people: two spaces of indent and a line end."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _add(known: dict[str, list[int]], counts: Mapping[str, Sequence[int]]) -> None:
    """Add counts to those known, by name."""
    for name, some in counts.items():
        pairs = zip(known.get(name, (0, 0, 0)), some, strict=True)
        known[name] = [one + more for one, more in pairs]


def _digest(document: Any) -> str:
    """Return the sha256 of a document, whatever the order of its keys."""
    return hashlib.sha256(orjson.dumps(document, option=orjson.OPT_SORT_KEYS)).hexdigest()
