"""`dialogue graph`: a graph as a picture, or as a file of other tools."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

import dialogue
from dialogue.cli.options import checked, example, found, graph_argument, plugin_option, set_option
from dialogue.cli.program import Misuse
from dialogue.problem import nearest

if TYPE_CHECKING:
    from dialogue.drawing.format import Format


@click.command(
    epilog=example(
        "dialogue graph graphs/retail.yaml -o retail.svg",
        "dialogue graph graphs/retail.yaml -o - --to mermaid",
    )
)
@graph_argument
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Where to write: .svg, .mmd (Mermaid) or .graphml; - is standard output.  "
    "[default: named after the graph]",
)
@click.option(
    "--to",
    "kind",
    metavar="FORMAT",
    help="svg, mermaid or graphml, where the name of FILE does not say it.  [default: svg]",
)
@set_option
@plugin_option
def graph(
    graph: Path,
    output: str | None,
    kind: str | None,
    overrides: tuple[str, ...],
    plugins: tuple[str, ...],
) -> None:
    """Draw a graph.

    Units as nodes, its phases as groups, and the ways between them with how likely they are. A FILE
    that is there is replaced.
    """
    chosen = _format(output, kind)
    loaded = dialogue.load_graph(found(graph), checked(overrides), plugins)
    from dialogue.drawing.chart import Chart

    chart = Chart.of(loaded)
    text = chosen.text(chart).encode()
    if output == "-":
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()
        return
    path = Path(output if output is not None else loaded.name + chosen.suffix)
    if path.is_dir():
        inside = path / f"{loaded.name}{chosen.suffix}"
        raise Misuse(f"'{path}' is a directory", f"name a file in it: {inside}")
    from dialogue.writing import whole

    try:
        with whole(path) as file:
            file.write(text)
    except OSError as error:
        error.filename = str(path)  # not the name that it has until it is whole
        raise
    units = len(chart.nodes) - 2
    click.echo(
        f"wrote '{path}': {units:,} unit{'s' if units != 1 else ''}, {len(chart.ways):,} ways"
    )


def _format(output: str | None, kind: str | None) -> Format:
    """Return the format that is asked for, by its name or by the name of the file."""
    from dialogue.drawing import FORMATS, SUFFIXES

    if kind is not None and kind not in FORMATS:
        raise Misuse(f"unknown format '{kind}'", nearest(kind, FORMATS))
    if output is None or output == "-":
        return FORMATS[kind or "svg"]
    suffix = Path(output).suffix
    if suffix.lower() not in SUFFIXES:
        what = f"'{output}' has the suffix '{suffix}'" if suffix else f"'{output}' has no suffix"
        raise Misuse(f"{what}, which no format has" if suffix else what, nearest(suffix, SUFFIXES))
    found = SUFFIXES[suffix.lower()]
    if kind not in (None, found.name):
        what = f"--to {kind} and the name '{output}' are of two formats"
        raise Misuse(what, f"name a file with the suffix {FORMATS[kind].suffix}, or leave --to out")
    return found
