"""Sessions into files of a thousand, in one process or several: the bytes are the same."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import threading
import time
import traceback
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, BinaryIO

import orjson

from dialogue.manifest import File, Tally
from dialogue.problem import ContentError, Position, Problem
from dialogue.split import HoldOut, Splits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from pathlib import Path

    from dialogue.holdout import HeldOut
    from dialogue.manifest import Graph
    from dialogue.session import Session

SIZE = 1000
"""Sessions in a shard. Bounds are by index, so neither workers nor n move a session elsewhere."""

_BUFFER = 1 << 20
_PARTS = ("the pack", "a plug-in")  # that a graph is made of
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


@dataclass(frozen=True, slots=True)
class _Failed:
    """An error on its way from a worker, as far as it can be sent."""

    problems: tuple[Problem, ...] = ()
    place: tuple[int, str, str | None] | None = None
    trace: str = ""

    @classmethod
    def of(cls, error: BaseException) -> _Failed:
        if isinstance(error, ContentError):
            return cls(problems=error.problems)
        if isinstance(error, OSError) and error.errno is not None:
            name = None if error.filename is None else str(error.filename)
            return cls(place=(error.errno, error.strerror or "", name))
        return cls(trace="".join(traceback.format_exception(error)))

    def error(self) -> Exception:
        if self.problems:
            return ContentError(self.problems)
        if self.place is not None:
            number, reason, name = self.place
            return OSError(number, reason, name)
        return RuntimeError(f"a worker failed:\n{self.trace}")


@contextmanager
def draft(path: Path) -> Iterator[BinaryIO]:
    """Open a file that appears under its name only when it is whole and on the disk."""
    part = draft_path(path)
    try:
        with part.open("wb", buffering=_BUFFER) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        error.filename = error.filename or str(path)  # a failed write does not know its file
        raise
    finally:
        part.unlink(missing_ok=True)


def draft_path(path: Path) -> Path:
    """Return the name that a file has until it is whole."""
    return path.with_name(f".{path.name}.part")


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # not every system can open a folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write(recipe: Recipe, graph: Graph, directory: Path, workers: int) -> Iterator[int | Written]:
    """Write the shards of a recipe that `directory` lacks; yield sessions done and shards finished.

    A shard that is there is read and counted; `directory/sessions` must exist.
    """
    for message in _played(recipe, graph, _Filing(directory), workers):
        if isinstance(message, int | Written):
            yield message


def stream(recipe: Recipe, graph: Graph, workers: int) -> Iterator[bytes]:
    """Yield the lines of all sessions in order of their index, several to a piece."""
    for message in _played(recipe, graph, _lines, workers, in_order=True):
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
        with draft(path) as file:
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


def _played(
    recipe: Recipe,
    graph: Graph,
    job: Callable[..., Iterator[object]],
    workers: int,
    *,
    in_order: bool = False,
) -> Iterator[object]:
    shards = recipe.shards
    workers = min(workers, len(shards))
    if workers == 1:
        for shard in shards:
            yield from job(recipe, graph, shard)
        return
    with _crew(recipe, (graph.files, graph.brought), job, workers) as pipes:
        yield from _in_turn(pipes, len(shards)) if in_order else _as_they_come(pipes)


class _End:
    """Sent by a worker after each shard."""


def _in_turn(pipes: Sequence[Connection], shards: int) -> Iterator[object]:
    """Read shard after shard; a worker that is ahead waits in its pipe, so memory stays flat."""
    for number in range(shards):
        pipe = pipes[number % len(pipes)]
        while not isinstance(message := _received(pipe), _End):
            yield message


def _as_they_come(pipes: Sequence[Connection]) -> Iterator[object]:
    waiting = list(pipes)
    while waiting:
        for pipe in wait(waiting):
            message = _received(pipe)  # type: ignore[arg-type]
            if message is None:
                waiting.remove(pipe)  # type: ignore[arg-type]
            elif not isinstance(message, _End):
                yield message


def _received(pipe: Connection) -> object:
    try:
        message = pipe.recv()
    except (EOFError, ConnectionError):
        raise ChildProcessError("a worker ended before its work was done") from None
    if isinstance(message, _Failed):
        raise message.error()
    return message


@contextmanager
def _crew(
    recipe: Recipe,
    made: tuple[object, object],
    job: Callable[..., Iterator[object]],
    workers: int,
) -> Iterator[list[Connection]]:
    """Start workers that share out the shards in turn; end them whatever happens."""
    context = multiprocessing.get_context("spawn")
    processes, pipes = [], []
    try:
        with _interrupts_held():
            for number in range(workers):
                ours, theirs = context.Pipe(duplex=False)
                process = context.Process(
                    target=_work,
                    args=(recipe, made, job, recipe.shards[number::workers], theirs),
                    daemon=True,
                )
                process.start()
                theirs.close()
                processes.append(process)
                pipes.append(ours)
        yield pipes
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()
            process.close()
        for pipe in pipes:
            pipe.close()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Start processes that Ctrl-C does not reach: a terminal sends it to all of them at once.

    They inherit the mask; an interrupt that came meanwhile is delivered at the end.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # it would lift the mask when the first worker starts it
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(
    recipe: Recipe,
    made: tuple[object, object],
    job: Callable[..., Iterator[object]],
    shards: Sequence[Shard],
    pipe: Connection,
) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        graph = recipe.open()
        for one, before, what in zip((graph.files, graph.brought), made, _PARTS, strict=True):
            if one != before:
                raise ContentError([_changed(recipe.path, what)])
        for shard in shards:
            for message in job(recipe, graph, shard):
                pipe.send(message)
            pipe.send(_End())
        pipe.send(None)
    except BrokenPipeError:
        return  # nobody listens any more
    except Exception as error:
        pipe.send(_Failed.of(error))


def _end_with_parent() -> None:
    """Leave when the parent is killed: an orphan must not write into a later run's files."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _changed(path: Path, what: str) -> Problem:
    return Problem(
        Position(str(path)),
        f"a file of {what} changed while sessions were composed",
        f"start again with --force, and leave {what} alone until the run is done",
    )
