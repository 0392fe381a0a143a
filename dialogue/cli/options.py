"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dialogue.cli.program import Misuse
from dialogue.problem import nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from dialogue.manifest import Graph
    from dialogue.report import Palette

_LARGEST_SEED = 2**63 - 1

Command = TypeVar("Command", bound="Callable[..., Any]")


def example(*commands: str) -> str:
    """Return commands as the last lines of a help text."""
    return "\n".join(["\b", "Example:", *(f"  {command}" for command in commands)])


graph_argument = click.argument("graph", type=click.Path(path_type=Path))
seed_option = click.option(
    "--seed",
    type=click.IntRange(0, _LARGEST_SEED),
    default=0,
    show_default=True,
    help="Another seed gives other sessions; the same seed the same ones.",
)


def count_option(default: int) -> Callable[[Command], Command]:
    """Return the option `-n`."""
    return click.option(
        "-n",
        "n",
        type=click.IntRange(1, 10**9),
        default=default,
        show_default=True,
        help="How many sessions.",
    )


set_option = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    help="Override a key of the graph, as in walk.units=2..4. May be repeated.",
)

plugin_option = click.option(
    "--plugin",
    "plugins",
    multiple=True,
    metavar="PACKAGE",
    help="Import behaviours and noise that this installed package brings. May be repeated.",
)


def split_options(command: Command) -> Command:
    """Add the options that say which sessions may share what."""
    split = click.option(
        "--split",
        metavar="W:W:W",
        help="Weights of train, dev and test, as in 8:1:1; decided for each session beforehand.",
    )
    hold_out = click.option(
        "--hold-out",
        metavar="AXES",
        help="What dev and test share nothing of with train: phrasing, value:SLOT,SLOT, path; "
        "joined by commas.",
    )
    return split(hold_out(command))


def palette(graph: Graph) -> Palette:
    """Return the colours of a graph's labels."""
    from dialogue.report import Palette

    slots = graph.ontology()["slots"]
    labels = {slot.get("label", name) for name, slot in slots.items()}
    return Palette(labels.union(*(slot.get("parts", ()) for slot in slots.values())))


def found(graph: Path) -> Path:
    """Return the path of a graph, or say which file may have been meant."""
    if graph.is_dir():
        raise Misuse(f"'{graph}' is a directory", f"name a graph: {nearest('', _graphs(graph))}")
    if not graph.exists():
        known = _graphs(graph)
        named = [path for path in known if Path(path).stem == graph.stem]
        fix = f"did you mean '{named[0]}'?" if named else nearest(str(graph), known)
        raise Misuse(f"'{graph}' does not exist", fix)
    return graph


def _graphs(near: Path) -> list[str]:
    folders = {near if near.is_dir() else near.parent, near / "graphs", Path("graphs")}
    return sorted({str(path) for folder in folders for path in folder.glob("*.yaml")})


def exists(path: Path) -> None:
    """Demand a path that is there, or say which one may have been meant."""
    if not path.exists():
        known = [
            *path.parent.glob("*.yaml"),
            *(p.parent for p in path.parent.glob("*/domain.yaml")),
        ]
        raise Misuse(f"'{path}' does not exist", nearest(str(path), map(str, known)))


def checked(overrides: tuple[str, ...]) -> tuple[str, ...]:
    """Return the overrides; each must be KEY=VALUE."""
    for override in overrides:
        if "=" not in override or override.startswith("="):
            raise Misuse(
                f"--set '{override}' is not KEY=VALUE", "write it as in --set walk.units=2..4"
            )
    return overrides
