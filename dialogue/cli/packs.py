"""`dialogue show`, `check`, `schema` and `init`: what authors of packs look at."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

import dialogue
from dialogue.cli.options import (
    checked,
    count_option,
    example,
    exists,
    found,
    graph_argument,
    palette,
    plugin_option,
    seed_option,
    set_option,
    split_options,
)
from dialogue.cli.program import Misuse


@click.command(epilog=example("dialogue show graphs/retail.yaml -n 1 --seed 7"))
@graph_argument
@count_option(3)
@seed_option
@set_option
@plugin_option
@split_options
def show(
    graph: Path,
    n: int,
    seed: int,
    overrides: tuple[str, ...],
    plugins: tuple[str, ...],
    split: str | None,
    hold_out: str | None,
) -> None:
    """Show sessions for people to read.

    Slots are coloured. Without colour a slot is written in brackets, as in [今晚|时间].
    """
    from dialogue import report

    loaded = dialogue.load_graph(found(graph), checked(overrides), plugins)
    screen, colours = report.console(sys.stdout), palette(loaded)
    sessions = dialogue.compose(loaded, n=n, seed=seed, split=split, hold_out=hold_out)
    for index, session in enumerate(sessions):
        if index:
            screen.print()
        report.session(screen, session, colours)


@click.command(epilog=example("dialogue check", "dialogue check graphs/retail.yaml units/retail"))
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@plugin_option
def check(paths: tuple[Path, ...], plugins: tuple[str, ...]) -> None:
    """Check graphs and domains.

    Prints every problem at once, or what was checked. Without PATH: every graph in ./graphs and
    every domain in ./units.
    """
    from dialogue.check import check as check_packs

    for path in paths:
        exists(path)
    packs = [pack for path in paths or (Path(),) for pack in _packs(path)]
    words = [
        f"{count:,} {name.removesuffix('s') if count == 1 else name}"
        for name, count in check_packs(packs, plugins).items()
    ]
    click.echo(f"checked {', '.join(words)}: no problem")


def _packs(path: Path) -> list[Path]:
    """Return the graphs and domains that a path stands for: itself, or those in its folders."""
    if path.is_file() or (path / "domain.yaml").is_file():
        return [path]
    packs = [*sorted(path.glob("graphs/*.yaml")), *sorted(path.glob("units/*/domain.yaml"))]
    if path.name == "graphs":
        packs = sorted(path.glob("*.yaml"))
    if not packs:
        raise Misuse(
            f"there is no graph in '{path / 'graphs'}' and no domain in '{path / 'units'}'",
            "go to the folder that holds them, name a path, or begin with 'dialogue init DIR'",
        )
    return [path.parent if path.name == "domain.yaml" else path for path in packs]


@click.command(epilog=example("dialogue schema session > session.json"))
@click.argument("kind", type=click.Choice(["session", "unit", "graph", "domain"]))
def schema(kind: str) -> None:
    """Print a JSON Schema.

    That of the session record, or of a file that authors write.
    """
    import json

    from dialogue.schema import json_schema

    click.echo(json.dumps(json_schema(kind), ensure_ascii=False, indent=2))


@click.command(
    epilog=example("dialogue init shop", "dialogue compose shop/graphs/shop.yaml -n 100")
)
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
def init(directory: Path) -> None:
    """Write a small pack to begin with.

    DIR gets units, tables and a graph that compose at once, commented as a tutorial.
    """
    from dialogue import starter

    try:
        count = starter.write(directory)
    except FileExistsError as error:
        raise Misuse(str(error), "choose a directory without it") from None
    graph = directory / starter.GRAPH
    named, data = shlex.quote(str(graph)), shlex.quote(f"{directory}-data")
    click.echo(f"wrote {count} files to '{directory}'; now try")
    click.echo(f"  dialogue show {named}\n  dialogue compose {named} -n 100 -o {data}")
