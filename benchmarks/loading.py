"""What loading a pack costs: milliseconds in all, microseconds a phrasing."""

from __future__ import annotations

import time
from functools import partial
from statistics import median
from typing import TYPE_CHECKING

import click

from benchmarks.process import HOME
from benchmarks.table import show_table
from dialogue import load_graph
from dialogue.template import compile_template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from dialogue.graph import Graph
    from dialogue.template import Template

GRAPHS = (HOME / "graphs" / "retail.yaml", HOME / "graphs" / "address.yaml")


def timed(work: Callable[[], object]) -> float:
    """Return the CPU seconds of some work."""
    start = time.process_time()
    work()
    return time.process_time() - start


def templates(graph: Graph) -> list[Template]:
    """Return the templates of all phrasings of a pack."""
    units = graph.domain.units.values()
    return [phrasing.template for unit in units for phrasing in unit.phrasings()]


def compile_all(pack: Iterable[Template]) -> None:
    """Compile templates anew."""
    for one in pack:
        compile_template(one.environment, one.source, one.at)


def per_phrasing(times: Sequence[Sequence[float]], counts: Sequence[int]) -> list[str]:
    """Return the microseconds a phrasing of each pack."""
    both = zip(times, counts, strict=True)
    return [f"{median(taken) / count * 1e6:.0f}" for taken, count in both]


@click.command()
@click.option("--rounds", default=7, show_default=True, help="Rounds; the packs take turns.")
def loading(rounds: int) -> None:
    """Time loading the packs, once all is imported that they need."""
    packs = [templates(load_graph(path)) for path in GRAPHS]
    loads: list[list[float]] = [[] for _ in GRAPHS]
    compiled: list[list[float]] = [[] for _ in GRAPHS]
    for _ in range(rounds):
        for path, pack, whole, part in zip(GRAPHS, packs, loads, compiled, strict=True):
            whole.append(timed(partial(load_graph, path)))
            part.append(timed(partial(compile_all, pack)))
    counts = [len(pack) for pack in packs]
    print("CPU time of loading a pack, medians of the rounds:")
    show_table(
        [
            ["", *(path.stem for path in GRAPHS)],
            ["phrasings", *(f"{count:,}" for count in counts)],
            ["load the graph, ms", *(f"{median(taken) * 1e3:.0f}" for taken in loads)],
            ["  µs a phrasing", *per_phrasing(loads, counts)],
            ["  of them its template", *per_phrasing(compiled, counts)],
        ]
    )
