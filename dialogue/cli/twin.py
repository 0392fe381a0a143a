"""`dialogue twin`: from examples to a pack."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dialogue.cli.options import example, exists
from dialogue.cli.program import Misuse
from dialogue.problem import nearest

if TYPE_CHECKING:
    from dialogue.twin import Made


@click.command(
    epilog=example(
        "dialogue twin example.jsonl -o units/parcels",
        "dialogue twin nlu.yml stories.yml domain.yml -o units/desk --max-loss 0.05",
    )
)
@click.argument(
    "examples", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="EXAMPLE..."
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="units/NAME",
    help="Where the domain and its units go; the graph goes to graphs/NAME.yaml beside units/.",
)
@click.option("--locale", metavar="LOCALE", help="A Faker locale.  [default: by the characters]")
@click.option(
    "--from",
    "reader",
    metavar="FORMAT",
    help="json, rasa or bio, where the names of files do not say it.",
)
@click.option(
    "--max-loss",
    type=click.FloatRange(0, 1),
    default=0,
    show_default=True,
    metavar="SHARE",
    help="Leave out examples whose values have no place, up to this share.",
)
@click.option("--force", is_flag=True, help="Replace an earlier draft.")
def twin(
    examples: tuple[Path, ...],
    output: Path,
    locale: str | None,
    reader: str | None,
    max_loss: float,
    force: bool,
) -> None:
    """Draft a pack from examples.

    EXAMPLE is JSONL with text and target, text and spans, or messages; Rasa's YAML; BIO columns; or
    a folder of them. What the values are is guessed, and every example is proven to be an instance
    of what was written.
    """
    from dialogue.twin import Options
    from dialogue.twin import twin as draft
    from dialogue.twin.readers import READERS
    from dialogue.twin.twin import Refused

    for path in examples:
        exists(path)
    if reader is not None and reader not in READERS:
        raise Misuse(f"unknown format '{reader}'", nearest(reader, READERS))
    options = Options(locale or "", reader or "", max_loss, force)
    try:
        made = draft(examples, output, options)
    except Refused as refusal:
        raise Misuse(refusal.what, refusal.fix) from None
    _show(made)


def _show(made: Made) -> None:
    from dialogue import report
    from dialogue.twin.report import lines

    if made.lost:
        report.problems(report.console(sys.stderr), made.lost)
    for label, text in lines(made):
        click.echo(report.visible(f"{label:<12}{text}"))
    graph = shlex.quote(str(made.graph))
    click.echo(f"now try\n  dialogue show {graph}\n  dialogue compose {graph} -n 10000")
