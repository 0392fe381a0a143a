"""The work on shards, shared out to processes: what a job tells of each comes back here."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
import traceback
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, TypeAlias

from dialogue.problem import ContentError, Position, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from pathlib import Path

    from dialogue.manifest import Graph
    from dialogue.shards import Recipe, Shard

    Job: TypeAlias = Callable[[Recipe, Graph, Shard], Iterator[object]]

_PARTS = ("the pack", "a plug-in")  # that a graph is made of
_ALLOCATED = 50_000  # objects between two looks for circles


def told(
    recipe: Recipe, graph: Graph, job: Job, workers: int, *, in_order: bool = False
) -> Iterator[object]:
    """Yield what a job tells of each shard, `in_order` of the shards or as it comes.

    One worker is this process; a worker's error is raised here.
    """
    shards = recipe.shards
    workers = min(workers, len(shards))
    if workers == 1:
        with _unhurried():
            for shard in shards:
                yield from job(recipe, graph, shard)
        return
    with _crew(recipe, (graph.files, graph.brought), job, workers) as pipes:
        yield from _in_turn(pipes, len(shards)) if in_order else _as_they_come(pipes)


@contextmanager
def _unhurried() -> Iterator[None]:
    """Let Python look for circles seldom: a session leaves none, and to look takes its time."""
    before = gc.get_threshold()
    gc.set_threshold(_ALLOCATED, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


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
    job: Job,
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
    job: Job,
    shards: Sequence[Shard],
    pipe: Connection,
) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        graph = recipe.open()
        for one, before, what in zip((graph.files, graph.brought), made, _PARTS, strict=True):
            if one != before:
                raise ContentError([_changed(recipe.path, what)])
        with _unhurried():
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
