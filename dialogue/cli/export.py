"""`dialogue export`, `formats` and `tasks`: datasets into the files of trainers."""

from __future__ import annotations

import sys
import unicodedata
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dialogue.cli.options import example
from dialogue.cli.program import Failure, Misuse
from dialogue.problem import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from dialogue.cli.options import Command
    from dialogue.export import Exported, Request

_OPTIONS = (
    click.option(
        "--to",
        "formats",
        multiple=True,
        metavar="FORMAT,…",
        help="Formats to write, each into a folder of its name; see 'dialogue formats'.",
    ),
    click.option(
        "--task",
        "tasks",
        multiple=True,
        metavar="TASK,…",
        help="What a model is asked; see 'dialogue tasks'.",
    ),
    click.option(
        "--target",
        "targets",
        multiple=True,
        metavar="[LABEL=]FORM",
        help="Ask for the surface, the normal form or the value; for one label, or for all.  "
        "[default: surface]",
    ),
    click.option(
        "--scope",
        "scopes",
        multiple=True,
        metavar="SCOPE,…",
        help="What is extracted from: turn, exchange, scene, session.  [default: all]",
    ),
    click.option(
        "--loss",
        type=click.Choice(["all", "last", "calls"]),
        default="all",
        show_default=True,
        help="Which of the bot's turns of a chat are trained on.",
    ),
    click.option(
        "--arguments",
        type=click.Choice(["string", "object"]),
        default="string",
        show_default=True,
        help="How the openai format writes the arguments of calls.",
    ),
    click.option(
        "--labels",
        type=click.Choice(["slot", "key"]),
        default="slot",
        show_default=True,
        help="Labels of taggers: the pack's own names, or ASCII keys.",
    ),
    click.option(
        "--scheme",
        type=click.Choice(["BIO", "BIOES"]),
        default="BIO",
        show_default=True,
        help="How the bio format marks the ends of labels.",
    ),
    click.option(
        "--max-loss",
        type=click.FloatRange(0, 1),
        default=0.05,
        show_default=True,
        metavar="SHARE",
        help="Stop if a format cannot express more than this share.",
    ),
)


def export_options(command: Command) -> Command:
    """Add the options that say what is exported."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def requested(options: Mapping[str, Any]) -> Request | None:
    """Return what the options ask for, None for nothing; raises Misuse for what cannot be done."""
    from dialogue.export import Request
    from dialogue.formats import FORMATS
    from dialogue.tasks import TASKS
    from dialogue.tasks.options import SCOPES, Options

    formats = _names(options["formats"], "format", FORMATS)
    tasks = _names(options["tasks"], "task", TASKS)
    scopes = _names(options["scopes"], "scope", SCOPES)
    target, forms = _forms(options["targets"])
    if not formats:
        if tasks:
            raise Misuse("--task says what is asked, but no format is named", "add --to FORMAT")
        return None
    chosen = Options(
        target=target,
        forms=forms,
        scopes=tuple(scope for scope in SCOPES if scope in scopes) or SCOPES,
        **{name: options[name] for name in ("loss", "arguments", "labels", "scheme", "max_loss")},
    )
    request = Request(formats, tuple(task for task in TASKS if task in tasks), chosen)
    with _worded():
        request.check()
    return request


def check_ontology(request: Request, ontology: Mapping[str, Any]) -> None:
    """Raise Misuse for labels and tasks that the sessions of a graph never have."""
    from dialogue.tasks.ontology import Ontology

    with _worded():
        request.check_ontology(Ontology(ontology))


@contextmanager
def _worded() -> Iterator[None]:
    from dialogue.problem import UnplacedError

    try:
        yield
    except UnplacedError as error:
        raise Misuse(error.what, error.fix) from None


_OPTION = {"format": "to", "task": "task", "scope": "scope"}


def _names(written: tuple[str, ...], kind: str, known: Collection[str]) -> tuple[str, ...]:
    names = [name.strip() for some in written for name in some.split(",")]
    for name in names:
        if not name:
            told = ",".join(written)
            raise Misuse(f"'--{_OPTION[kind]} {told}' lacks a {kind}", nearest(name, known))
        if name not in known:
            raise Misuse(f"unknown {kind} '{name}'", nearest(name, known))
    return tuple(dict.fromkeys(names))


def _forms(written: tuple[str, ...]) -> tuple[Any, dict[str, Any]]:
    from dialogue.tasks.options import FORMS

    forms: dict[str, str] = {}
    for one in (one.strip() for some in written for one in some.split(",")):
        label, equals, form = one.rpartition("=")
        if form not in FORMS:
            raise Misuse(f"unknown form '{form}' in --target {one}", nearest(form, FORMS))
        label = unicodedata.normalize("NFC", label)
        if (known := forms.setdefault(label, form)) != form:
            whose = f"the label '{label}'" if equals else "all labels"
            what = f"--target names two forms for {whose}: {known} and {form}"
            raise Misuse(what, "name one; LABEL=FORM is for a single label")
    return forms.pop("", "surface"), forms


@click.command(
    epilog=example(
        "dialogue export retail --to llamafactory --task extract,call",
        "dialogue export retail --to bio,spans",
    )
)
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@export_options
@click.option("--force", is_flag=True, help="Replace an export made with other options.")
def export(directory: Path, force: bool, **options: Any) -> None:
    """Write a dataset in the formats of trainers.

    DIR is a directory that 'dialogue compose' has written; each format gets a folder in it.
    """
    request = requested(options)
    if request is None:
        raise Misuse("no format is named", "add --to FORMAT; 'dialogue formats' lists them")
    show(carried_out(directory, request, force=force), request)


def foreseen(directory: Path, request: Request) -> None:
    """Raise Misuse for what is in the way of an export of a dataset that is whole."""
    from dialogue.export import foresee

    with _worded():
        foresee(directory, request)


def carried_out(directory: Path, request: Request, *, force: bool) -> tuple[Exported, ...]:
    """Export and show how far it is; what is in the way is worded."""
    from dialogue import report
    from dialogue.export import ExportError
    from dialogue.export import export as write
    from dialogue.records import Records

    with _worded():
        total = Records.open(directory).count
        with report.progress(report.console(sys.stderr), "export", total) as watch:
            try:
                return write(directory, request, force=force, watch=watch)
            except ExportError as error:
                raise Failure(error.what, error.fix) from None


def show(made: tuple[Exported, ...], request: Request) -> None:
    """Say what each format came to, and which pairs of format and task do not exist."""
    from dialogue import overview, report

    overview.exports(report.console(sys.stdout), made, request.skipped)


@click.command(epilog=example("dialogue formats"))
def formats() -> None:
    """List the formats.

    Each with what reads it and the tasks that it holds; those marked fixed need no --task.
    """
    from dialogue import overview, report
    from dialogue.formats import FORMATS

    overview.formats(report.console(sys.stdout), FORMATS.values())


@click.command(epilog=example("dialogue tasks"))
def tasks() -> None:
    """List the tasks, each with what a model is asked for."""
    from dialogue import overview, report
    from dialogue.tasks import TASKS

    overview.tasks(report.console(sys.stdout), TASKS.values())
