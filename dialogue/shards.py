"""Sessions into files of a thousand, in one process or several: the bytes are the same."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from dialogue.crew import told
from dialogue.manifest import File, Tally
from dialogue.split import HoldOut, Splits
from dialogue.writing import whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from dialogue.holdout import HeldOut
    from dialogue.manifest import Graph
    from dialogue.session import Session

SIZE = 1000
"""Sessions in a shard. Bounds are by index, so neither workers nor n move a session elsewhere."""

_REPORT_SECONDS = 0.1


@dataclass(frozen=True, slots=True, order=True)
class Shard:
    """The sessions with an index in `[start, stop)`, in a file of their own."""

    start: int
    stop: int

    @property
    def path(self) -> str:
        """The place of the file below the dataset's directory; by name is by index."""
        return f"sessions/{self.start // SIZE:06d}.jsonl"


@dataclass(frozen=True)
class Recipe:
    """What is to be composed, in words that can be sent to another process.

    `load` and `compose` are functions of a module, so that a worker finds them again by name;
    `version` is that of the package that they come from.
    """

    load: Callable[[Path, Sequence[str], Sequence[str]], Graph]
    compose: Callable[..., Iterator[Session]]
    version: str
    path: Path
    overrides: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    n: int = 1000
    seed: int = 0
    only: int | None = None
    split: str | None = None
    hold_out: str | None = None

    @property
    def shards(self) -> tuple[Shard, ...]:
        """The shards of the run in order of their index."""
        if self.only is not None:
            return (Shard(self.only, self.only + 1),)
        return tuple(Shard(start, min(start + SIZE, self.n)) for start in range(0, self.n, SIZE))

    @property
    def options(self) -> dict[str, str]:
        """The options that say which sessions may share what, where they are given."""
        options = {"split": self.split, "hold_out": self.hold_out}
        return {name: option for name, option in options.items() if option is not None}

    def open(self) -> Graph:
        """Load the graph; raises ContentError also for options that it cannot meet."""
        graph = self.load(self.path, self.overrides, self.plugins)
        if self.options:
            for _ in self.compose(graph, n=0, **self.options):
                pass
        return graph

    def held(self, graph: Graph) -> HeldOut | None:
        """Return what each split has for itself, if anything is held out."""
        if self.hold_out is None:
            return None
        from dialogue.holdout import held_out

        splits, option = Splits.parse(self.split), HoldOut.parse(self.hold_out)
        return held_out(graph, splits, option)  # type: ignore[arg-type]

    def sessions(self, graph: Graph, shard: Shard) -> Iterator[Session]:
        """Compose the sessions of one shard."""
        return self.compose(graph, n=shard.stop, seed=self.seed, start=shard.start, **self.options)


@dataclass(frozen=True, slots=True)
class Written:
    """A shard that is whole under its final name."""

    shard: Shard
    file: File
    tally: Tally


def write(recipe: Recipe, graph: Graph, directory: Path, workers: int) -> Iterator[int | Written]:
    """Write the shards of a recipe that `directory` lacks; yield sessions done and shards finished.

    A shard that is there is read and counted; `directory/sessions` must exist.
    """
    for message in told(recipe, graph, _Filing(directory), workers):
        if isinstance(message, int | Written):
            yield message


def stream(recipe: Recipe, graph: Graph, workers: int) -> Iterator[bytes]:
    """Yield the lines of all sessions in order of their index, several to a piece."""
    for message in told(recipe, graph, _lines, workers, in_order=True):
        if isinstance(message, bytes):
            yield message


@dataclass(frozen=True, slots=True)
class _Filing:
    """The job of bringing one shard into a directory."""

    directory: Path

    def __call__(self, recipe: Recipe, graph: Graph, shard: Shard) -> Iterator[object]:
        path = self.directory / shard.path
        held = recipe.held(graph)
        written = _recount(path, shard, held)
        if written is not None:
            yield shard.stop - shard.start
            yield written
            return
        tally, hashed = Tally(), hashlib.sha256()
        reported, at = 0, time.monotonic()
        with whole(path) as file:
            for session in recipe.sessions(graph, shard):
                line = orjson.dumps(session, option=orjson.OPT_APPEND_NEWLINE)
                file.write(line)
                hashed.update(line)
                tally.add(session, len(line), held)
                if time.monotonic() - at > _REPORT_SECONDS:
                    yield tally.sessions - reported
                    reported, at = tally.sessions, time.monotonic()
        yield tally.sessions - reported
        yield Written(shard, _described(shard, hashed.hexdigest(), tally), tally)


def _recount(path: Path, shard: Shard, held: HeldOut | None) -> Written | None:
    """Count a finished shard again, or return None if it is not there or not what it should be."""
    tally, hashed, expected = Tally(), hashlib.sha256(), shard.start
    try:
        with path.open("rb") as file:
            for line in file:
                session = orjson.loads(line)
                if session["index"] != expected:
                    return None
                expected += 1
                hashed.update(line)
                tally.add(session, len(line), held)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    if expected != shard.stop:
        return None
    return Written(shard, _described(shard, hashed.hexdigest(), tally), tally)


def _described(shard: Shard, sha256: str, tally: Tally) -> File:
    return File(shard.path, sha256, tally.bytes, tally.sessions)


def _lines(recipe: Recipe, graph: Graph, shard: Shard) -> Iterator[object]:
    for session in recipe.sessions(graph, shard):
        yield orjson.dumps(session, option=orjson.OPT_APPEND_NEWLINE)
