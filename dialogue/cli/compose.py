"""`dialogue compose`: sessions into a directory or to standard output."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

import dialogue
from dialogue.cli.options import (
    checked,
    count_option,
    example,
    found,
    graph_argument,
    palette,
    seed_option,
    set_option,
)
from dialogue.cli.program import Interrupted, Misuse

if TYPE_CHECKING:
    from dialogue.shards import Recipe


@click.command(
    epilog=example(
        "dialogue compose graphs/retail.yaml -n 10000 --workers 4",
        "dialogue compose graphs/retail.yaml --set walk.units=2..4 -o short",
        "dialogue compose graphs/retail.yaml -n 5 -o - | head -1",
    )
)
@graph_argument
@count_option(1000)
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    help="Where to write; - streams JSONL to standard output.  [default: named after the graph]",
)
@seed_option
@click.option("--only", type=int, metavar="I", help="Compose session I alone; I counts from 0.")
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="Processes to share the work; the bytes stay the same.",
)
@set_option
@click.option("--force", is_flag=True, help="Replace a dataset that an earlier run has written.")
def compose(
    graph: Path,
    n: int,
    output: str | None,
    seed: int,
    only: int | None,
    workers: int,
    overrides: tuple[str, ...],
    force: bool,
) -> None:
    """Compose sessions into a directory.

    It gets JSONL files of a thousand sessions of GRAPH each, and a manifest.

    A run that was ended continues when the same command is given again, and ends in the same bytes.
    """
    if only is not None and not 0 <= only < n:
        raise Misuse(
            f"--only {only} is not one of the sessions 0 to {n - 1}",
            f"give a number in that range, or -n {only + 1} for more"
            if only >= n
            else "count sessions from 0",
        )
    from dialogue.shards import Recipe

    recipe = Recipe(
        load=dialogue.load_graph,
        compose=dialogue.compose,
        version=dialogue.__version__,
        path=found(graph),
        overrides=checked(overrides),
        n=n,
        seed=seed,
        only=only,
    )
    if output == "-":
        _stream(recipe, workers)
    else:
        _write(recipe, output, workers, force=force)


def _stream(recipe: Recipe, workers: int) -> None:
    from dialogue import shards

    for lines in shards.stream(recipe, recipe.open(), workers):
        rest = memoryview(lines)
        while rest:  # an unbuffered output may take less than it is given
            rest = rest[sys.stdout.buffer.write(rest) :]
    sys.stdout.buffer.flush()


def _write(recipe: Recipe, output: str | None, workers: int, *, force: bool) -> None:
    from dialogue import dataset, report

    graph = recipe.open()
    directory = Path(output if output is not None else graph.name)
    total = sum(shard.stop - shard.start for shard in recipe.shards)
    kept = 0 if force else dataset.kept(recipe, graph, directory)
    if kept:
        what = "complete" if kept == total else "continuing"
        click.echo(f"{what}: {kept:,} of {total:,} sessions are there", err=True)
    try:
        with report.progress(report.console(sys.stderr), graph.name, total) as watch:
            written = dataset.write(
                recipe, graph, directory, workers=workers, force=force, watch=watch
            )
    except dataset.Refused as refusal:
        raise Misuse(refusal.what, refusal.fix) from None
    except KeyboardInterrupt:
        if kept := dataset.kept(recipe, graph, directory):
            what = f"interrupted; {kept:,} of {total:,} sessions are kept in '{directory}'"
            raise Interrupted(what, "run the same command to continue") from None
        raise
    screen = report.console(sys.stdout)
    report.session(screen, written.first(), palette(graph))
    screen.print()
    report.summary(screen, written, graph.counts["phrasings"], graph.shortest)
