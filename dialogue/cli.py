"""The command line: options in, the public API called, words and exit codes out."""

from __future__ import annotations

import errno
import shlex
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

import dialogue
from dialogue.problem import ContentError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from dialogue.manifest import Graph
    from dialogue.report import Palette
    from dialogue.shards import Recipe

_FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
_LARGEST_SEED = 2**63 - 1

Command = TypeVar("Command", bound="Callable[..., Any]")


class Failure(click.ClickException):
    """What went wrong and what to do about it: the content or the machine, exit code 1."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(f"{what}\n  fix: {fix}")

    def show(self, file: IO[Any] | None = None) -> None:
        """Print it; names of files come from outside, so what they hide is spelled out."""
        from dialogue.report import visible

        for line in self.message.split("\n"):
            click.echo(visible(line), file=file, err=True)


class Misuse(Failure):
    """A command that cannot be carried out as it was given."""

    exit_code = 2


class Interrupted(Failure):
    """A run that somebody ended."""

    exit_code = 130


class Program(click.Group):
    """The commands; errors that a person can mend end here, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command, and word what it raises."""
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):  # a terminal that lacks a character gets its code
                stream.reconfigure(errors="backslashreplace")
        try:
            return super().invoke(ctx)
        except ContentError as error:
            _show_problems(error)
            raise click.exceptions.Exit(1) from None
        except BrokenPipeError:
            _give_up_output()
            raise click.exceptions.Exit(0) from None  # nobody reads on: that is no error
        except OSError as error:
            if error.filename is None:
                _give_up_output()
            raise _worded(error) from None
        except KeyboardInterrupt:
            raise Interrupted("interrupted", "run the same command again") from None


def _show_problems(error: ContentError) -> None:
    from dialogue import report

    report.problems(report.console(sys.stderr), error.problems)


def _give_up_output() -> None:
    """Let go of what is still to be written, or Python fails on it again when it ends."""
    from dialogue import report

    with suppress(OSError):  # no file is behind it
        report.silence(sys.stdout)


def _worded(error: OSError) -> Failure:
    if isinstance(error, ChildProcessError):
        return Failure(str(error), "run the same command to continue, with fewer --workers")
    place = f"'{error.filename}'" if error.filename else "standard output"
    what = f"{place}: {(error.strerror or str(error)).lower()}"
    if error.errno not in _FULL:
        return Misuse(what, "choose a place that can be read and written")
    if error.filename is None:
        return Failure(what, "make room, or write to another place")
    return Failure(what, "make room and run the same command to continue, or choose another -o")


_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def _example(*commands: str) -> str:
    return "\n".join(["\b", "Example:", *(f"  {command}" for command in commands)])


_graph = click.argument("graph", type=click.Path(path_type=Path))
_seed = click.option(
    "--seed",
    type=click.IntRange(0, _LARGEST_SEED),
    default=0,
    show_default=True,
    help="Another seed gives other sessions; the same seed the same ones.",
)


def _count(default: int) -> Callable[[Command], Command]:
    return click.option(
        "-n",
        "n",
        type=click.IntRange(1, 10**9),
        default=default,
        show_default=True,
        help="How many sessions.",
    )


_set = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    help="Override a key of the graph, as in walk.units=2..4. May be repeated.",
)


@click.group(
    cls=Program,
    context_settings=_CONTEXT,
    epilog=_example(
        "dialogue init shop",
        "dialogue show shop/graphs/shop.yaml",
        "dialogue compose shop/graphs/shop.yaml -n 10000",
    ),
)
@click.version_option(dialogue.__version__, prog_name="dialogue")
def main() -> None:
    """Compose labelled dialogues from small units: exact spans, state, tool calls and targets."""


@main.command(
    epilog=_example(
        "dialogue compose graphs/retail.yaml -n 10000 --workers 4",
        "dialogue compose graphs/retail.yaml --set walk.units=2..4 -o short",
        "dialogue compose graphs/retail.yaml -n 5 -o - | head -1",
    )
)
@_graph
@_count(1000)
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    help="Where to write; - streams JSONL to standard output.  [default: named after the graph]",
)
@_seed
@click.option("--only", type=int, metavar="I", help="Compose session I alone; I counts from 0.")
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="Processes to share the work; the bytes stay the same.",
)
@_set
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
        path=_found(graph),
        overrides=_checked(overrides),
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
    report.session(screen, written.first(), _palette(graph))
    screen.print()
    report.summary(screen, written, graph.counts["phrasings"], graph.shortest)


def _palette(graph: Graph) -> Palette:
    from dialogue.report import Palette

    slots = graph.ontology()["slots"]
    labels = {slot.get("label", name) for name, slot in slots.items()}
    return Palette(labels.union(*(slot.get("parts", ()) for slot in slots.values())))


@main.command(epilog=_example("dialogue show graphs/retail.yaml -n 1 --seed 7"))
@_graph
@_count(3)
@_seed
@_set
def show(graph: Path, n: int, seed: int, overrides: tuple[str, ...]) -> None:
    """Show sessions for people to read.

    Slots are coloured. Without colour a slot is written in brackets, as in [今晚|时间].
    """
    from dialogue import report

    loaded = dialogue.load_graph(_found(graph), _checked(overrides))
    screen, palette = report.console(sys.stdout), _palette(loaded)
    for index, session in enumerate(dialogue.compose(loaded, n=n, seed=seed)):
        if index:
            screen.print()
        report.session(screen, session, palette)


@main.command(epilog=_example("dialogue check", "dialogue check graphs/retail.yaml units/retail"))
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
def check(paths: tuple[Path, ...]) -> None:
    """Check graphs and domains.

    Prints every problem at once, or what was checked. Without PATH: every graph in ./graphs and
    every domain in ./units.
    """
    from dialogue.check import check as check_packs

    for path in paths:
        _exists(path)
    found = [pack for path in paths or (Path(),) for pack in _packs(path)]
    words = [
        f"{count:,} {name.removesuffix('s') if count == 1 else name}"
        for name, count in check_packs(found).items()
    ]
    click.echo(f"checked {', '.join(words)}: no problem")


def _packs(path: Path) -> list[Path]:
    """Return the graphs and domains that a path stands for: itself, or those in its folders."""
    if path.is_file() or (path / "domain.yaml").is_file():
        return [path]
    found = [*sorted(path.glob("graphs/*.yaml")), *sorted(path.glob("units/*/domain.yaml"))]
    if path.name == "graphs":
        found = sorted(path.glob("*.yaml"))
    if not found:
        raise Misuse(
            f"there is no graph in '{path / 'graphs'}' and no domain in '{path / 'units'}'",
            "go to the folder that holds them, name a path, or begin with 'dialogue init DIR'",
        )
    return [path.parent if path.name == "domain.yaml" else path for path in found]


@main.command(epilog=_example("dialogue schema session > session.json"))
@click.argument("kind", type=click.Choice(["session", "unit", "graph", "domain"]))
def schema(kind: str) -> None:
    """Print a JSON Schema.

    That of the session record, or of a file that authors write.
    """
    import json

    from dialogue.schema import json_schema

    click.echo(json.dumps(json_schema(kind), ensure_ascii=False, indent=2))


@main.command(
    epilog=_example("dialogue init shop", "dialogue compose shop/graphs/shop.yaml -n 100")
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


def _found(graph: Path) -> Path:
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


def _exists(path: Path) -> None:
    if not path.exists():
        known = [
            *path.parent.glob("*.yaml"),
            *(p.parent for p in path.parent.glob("*/domain.yaml")),
        ]
        raise Misuse(f"'{path}' does not exist", nearest(str(path), map(str, known)))


def _checked(overrides: tuple[str, ...]) -> tuple[str, ...]:
    for override in overrides:
        if "=" not in override or override.startswith("="):
            raise Misuse(
                f"--set '{override}' is not KEY=VALUE", "write it as in --set walk.units=2..4"
            )
    return overrides
