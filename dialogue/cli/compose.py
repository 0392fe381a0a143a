"""`dialogue compose`: sessions into a directory or to standard output."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import dialogue
from dialogue.cli.export import (
    carried_out,
    check_ontology,
    export_options,
    foreseen,
    requested,
    show,
)
from dialogue.cli.options import (
    checked,
    count_option,
    example,
    found,
    graph_argument,
    palette,
    plugin_option,
    seed_option,
    set_option,
    split_options,
)
from dialogue.cli.program import Interrupted, Misuse

if TYPE_CHECKING:
    from dialogue.manifest import Graph
    from dialogue.shards import Recipe


@click.command(
    epilog=example(
        "dialogue compose graphs/retail.yaml -n 10000 --workers 4",
        "dialogue compose graphs/retail.yaml --set walk.units=2..4 -o short",
        "dialogue compose graphs/retail.yaml --split 8:1:1 --hold-out phrasing,value:地点",
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
@plugin_option
@split_options
@export_options
@click.option("--force", is_flag=True, help="Replace a dataset that an earlier run has written.")
def compose(
    graph: Path,
    n: int,
    output: str | None,
    seed: int,
    only: int | None,
    workers: int,
    overrides: tuple[str, ...],
    plugins: tuple[str, ...],
    split: str | None,
    hold_out: str | None,
    force: bool,
    **options: Any,
) -> None:
    """Compose sessions into a directory.

    It gets JSONL files of a thousand sessions of GRAPH each, a manifest and a card, and with --to a
    folder for each format.

    A run that was ended continues when the same command is given again, and ends in the same bytes.
    """
    if only is not None and not 0 <= only < n:
        raise Misuse(
            f"--only {only} is not one of the sessions 0 to {n - 1}",
            f"give a number in that range, or -n {only + 1} for more"
            if only >= n
            else "count sessions from 0",
        )
    request = requested(options)
    if request is not None and output == "-":
        raise Misuse("-o - streams sessions alone", "name a directory with -o, or leave --to out")
    from dialogue.shards import Recipe

    recipe = Recipe(
        load=dialogue.load_graph,
        compose=dialogue.compose,
        version=dialogue.__version__,
        path=found(graph),
        overrides=checked(overrides),
        plugins=plugins,
        n=n,
        seed=seed,
        only=only,
        split=split,
        hold_out=hold_out,
    )
    opened = recipe.open()
    if output == "-":
        _stream(recipe, opened, workers)
        return
    if request is not None:
        check_ontology(request, opened.ontology())
    directory = Path(output if output is not None else opened.name)
    kept = 0 if force else _kept(recipe, opened, directory)
    if request is not None and kept == _total(recipe):
        foreseen(directory, request)
    _write(recipe, opened, directory, workers, force=force)
    if request is not None:
        show(carried_out(directory, request, force=force), request)


def _stream(recipe: Recipe, graph: Graph, workers: int) -> None:
    from dialogue import shards

    for lines in shards.stream(recipe, graph, workers):
        rest = memoryview(lines)
        while rest:  # an unbuffered output may take less than it is given
            rest = rest[sys.stdout.buffer.write(rest) :]
    sys.stdout.buffer.flush()


def _total(recipe: Recipe) -> int:
    return sum(shard.stop - shard.start for shard in recipe.shards)


def _kept(recipe: Recipe, graph: Graph, directory: Path) -> int:
    """Return how many sessions an earlier run has left, and say so."""
    from dialogue import dataset

    kept, total = dataset.kept(recipe, graph, directory), _total(recipe)
    if kept:
        what = "complete" if kept == total else "continuing"
        click.echo(f"{what}: {kept:,} of {total:,} sessions are there", err=True)
    return kept


def _write(recipe: Recipe, graph: Graph, directory: Path, workers: int, *, force: bool) -> None:
    from dialogue import dataset, report

    total = _total(recipe)
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
