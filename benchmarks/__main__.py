"""`python -m benchmarks`: one run, its tables."""

from __future__ import annotations

import gc
import os
import time
from collections import Counter
from functools import partial
from itertools import chain
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import click
import orjson

from benchmarks.floor import Floor
from benchmarks.loading import loading
from benchmarks.process import HOME, composed, scripted, started
from benchmarks.providers import providers
from benchmarks.rendering import Renderer
from benchmarks.table import show_table
from benchmarks.teaching import teaching
from benchmarks.trace import trace
from dialogue import compose, load_graph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import BinaryIO

    from benchmarks.floor import Work
    from benchmarks.trace import Trace
    from dialogue.graph import Graph

GRAPHS = (
    HOME / "graphs" / "retail.yaml",
    HOME / "graphs" / "address.yaml",
    HOME / "benchmarks" / "packs" / "lists" / "graphs" / "lists.yaml",
)
WARM = 2000  # sessions of another seed, so that templates are compiled and memos are in use
MANY = 100_000  # sessions whose memory is measured

Times = dict[str, list[float]]


def ours(graph: Graph, start: int, end: int, sink: BinaryIO, seed: int = 0) -> None:
    """Compose sessions and write them, as the command does."""
    sink.writelines(
        orjson.dumps(session, option=orjson.OPT_APPEND_NEWLINE)
        for session in compose(graph, end, seed, start=start)
    )


def each(work: Callable[[Work], object], works: Iterable[Work]) -> None:
    """Do one part of the floor's work for all sessions."""
    for one in works:
        work(one)


def timed(times: Times, name: str, sessions: int, work: Callable[[], object]) -> None:
    """Add the CPU microseconds a session that some work takes."""
    gc.collect()
    start = time.process_time()
    work()
    times.setdefault(name, []).append((time.process_time() - start) / sessions * 1e6)


def measured(path: Path, sessions: int, rounds: int) -> tuple[Times, list[Trace]]:
    """Time all variants in turn on the sessions of each round; no session comes twice."""
    # They are seen through a graph of its own: the memos of the timed one must not know them.
    graph, watched = load_graph(path), load_graph(path)
    folder = path.parent.parent / "units" / graph.domain.name
    batch = max(1, sessions // rounds)
    seen = trace(watched, 0, batch * rounds, 0)
    floor, renderer = Floor(graph, folder, seen), Renderer(folder)
    works, texts = [floor.work(one) for one in seen], [renderer.texts(one) for one in seen]
    floor.confirm(works)
    renderer.render(chain.from_iterable(texts))
    times: Times = {}
    with Path(os.devnull).open("wb") as sink:
        ours(graph, 0, WARM, sink, seed=1)
        gc.freeze()  # what is kept for the floor must not slow down anybody's garbage collector
        for start in range(0, batch * rounds, batch):
            end = start + batch
            part, said = works[start:end], list(chain.from_iterable(texts[start:end]))
            for name, run in (
                ("ours", partial(ours, graph, start, end, sink)),
                ("floor", partial(floor.run, part, sink)),
                ("jinja2", partial(renderer.render, said)),
                ("draws", partial(each, floor.draw, part)),
                ("sql", partial(each, floor.look_up, part)),
                ("write", partial(each, partial(floor.write, sink=sink), part)),
            ):
                timed(times, name, batch, run)
        gc.unfreeze()
    return times, seen


def ratio(times: Times, over: str, under: str) -> float:
    """Return the median over the rounds of one variant's time over another's."""
    return median(a / b for a, b in zip(times[over], times[under], strict=True))


def utterances(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what is said in a session."""
    return [turn for turn in record["turns"] if turn["kind"] == "utterance"]


def show_graphs(paths: Sequence[Path], sessions: int, rounds: int) -> None:
    """Print microseconds a session, ratios, and what the sessions are like."""
    head = ["", *(path.stem for path in paths)]
    found = [measured(path, sessions, rounds) for path in paths]
    table = [head]
    for label, name in (
        ("ours: compose, dumps, write", "ours"),
        ("floor", "floor"),
        ("  its stock Faker draws alone", "draws"),
        ("  its bare SQLite alone", "sql"),
        ("  its dumps and write alone", "write"),
        ("plain Jinja2, texts only", "jinja2"),
    ):
        table.append([label, *(f"{median(times[name]):.0f}" for times, _ in found)])
    table.append(["ours / floor", *(f"{ratio(times, 'ours', 'floor'):.2f}" for times, _ in found)])
    floored: list[str] = []
    for times, _ in found:
        times["floor and texts"] = [
            a + b for a, b in zip(times["floor"], times["jinja2"], strict=True)
        ]
        floored.append(f"{ratio(times, 'ours', 'floor and texts'):.2f}")
    table.append(["ours / (floor + plain Jinja2)", *floored])
    print("CPU microseconds a session, medians of the rounds:")
    show_table(table)

    table = [head]
    counts = []
    for _, seen in found:
        records = [one.record for one in seen]
        states = sum(
            len(orjson.dumps(turn["state"])) for record in records for turn in utterances(record)
        )
        size = sum(len(orjson.dumps(record)) + 1 for record in records)
        count = Counter(turn["kind"] for record in records for turn in record["turns"])
        counts.append(
            (
                f"{count['utterance'] / len(seen):.1f}",
                f"{count['call'] / len(seen):.1f}",
                f"{sum(len(one.draws) for one in seen) / len(seen):.1f}",
                f"{size / len(seen):,.0f}",
                f"{states / size:.0%}",
            )
        )
    labels = ("utterances", "calls", "slots drawn", "bytes", "  of them state")
    table += [
        [label, *cells] for label, cells in zip(labels, zip(*counts, strict=True), strict=True)
    ]
    print("A session has:")
    show_table(table)


def show_starts(paths: Sequence[Path], rounds: int) -> None:
    """Print how long a fresh process takes to its first session."""
    table = [["", *(path.stem for path in paths)]]
    columns = []
    for path in paths:
        runs = [started(path) for _ in range(rounds)]
        imported, loaded, first = (min(run[stage] for run in runs) for stage in range(3))
        columns.append([imported, loaded - imported, first - loaded])
    for label, cells in zip(
        ("import", "load the graph", "first session"), zip(*columns, strict=True), strict=True
    ):
        table.append([label, *(f"{cell * 1000:.0f}" for cell in cells)])
    print("CPU milliseconds of a fresh process, the quickest run:")
    show_table(table)


def show_script(path: Path, sessions: int, rounds: int) -> None:
    """Print the throughput of the command and of a plain script, start-up taken off both."""
    few = sessions // 10
    seen = trace(load_graph(path), few, sessions, 0)
    said = sum(len(utterances(one.record)) for one in seen)
    scripts, commands = [], []
    for _ in range(rounds):
        scripts.append(scripted(sessions).seconds - scripted(few).seconds)
        commands.append(composed(path, sessions).seconds - composed(path, few).seconds)
    plain = (sessions - few) / median(scripts)
    labelled = said / median(commands)
    print(f"A CPU second, start-up taken off ({path.stem}):")
    show_table(
        [
            ["plain script: records", f"{plain:,.0f}"],
            ["dialogue compose: labelled utterances", f"{labelled:,.0f}"],
            ["  ratio", f"{labelled / plain:.2f}"],
        ]
    )


def show_memory(path: Path) -> None:
    """Print the most memory that the command holds for few and for many sessions."""
    print(f"Most memory held, MB ({path.stem}):")
    show_table(
        [
            [f"{count:,} sessions", f"{composed(path, count).megabytes:.0f}"]
            for count in (1000, MANY)
        ]
    )


@click.group(invoke_without_command=True)
@click.option("--sessions", default=1000, show_default=True, help="Sessions of each graph.")
@click.option("--rounds", default=20, show_default=True, help="Batches that they are timed in.")
@click.option(
    "--graph",
    "graphs",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="A graph to time instead of the three.",
)
@click.option("--memory", is_flag=True, help=f"Measure memory up to {MANY:,} sessions: minutes.")
@click.option("--processes/--no-processes", default=True, help="Whether to time whole processes.")
@click.pass_context
def main(
    context: click.Context,
    sessions: int,
    rounds: int,
    graphs: tuple[Path, ...],
    memory: bool,
    processes: bool,
) -> None:
    """Time composing beside the floor of the same sessions, plain Jinja2 and a plain script."""
    if context.invoked_subcommand:
        return
    paths = graphs or GRAPHS
    show_graphs(paths, sessions, rounds)
    if processes:
        show_starts(paths, 3)
        for path in paths[:2]:
            show_script(path, sessions, 3)
    if memory:
        show_memory(paths[0])


main.add_command(loading)
main.add_command(providers)
main.add_command(teaching)

if __name__ == "__main__":
    main()
