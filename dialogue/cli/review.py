"""`dialogue import`: what people corrected, back into a dataset."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dialogue.cli.options import example
from dialogue.cli.program import Misuse

if TYPE_CHECKING:
    from dialogue.review.revision import Revision

_EXAMPLE = example("dialogue import labelstudio reviewed.json retail")
_ACTIONS = {
    "add": ("label added", "labels added"),
    "remove": ("removed", "removed"),
    "change": ("changed", "changed"),
    "value": ("value corrected", "values corrected"),
    "intent": ("intent corrected", "intents corrected"),
}


@click.group("import", epilog=_EXAMPLE)
def import_() -> None:
    """Take reviewed corrections into a dataset.

    Each tool that people review with has a command of its own.
    """


@import_.command(epilog=_EXAMPLE)
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
def labelstudio(file: Path, directory: Path) -> None:
    """Correct a dataset as reviewed in Label Studio.

    FILE is what Label Studio exports as JSON of tasks that 'dialogue export --to labelstudio' has
    written from DIR. State and targets follow the corrections; exports made before are removed. An
    import that was ended is finished by the same command.
    """
    from dialogue import dataset, report
    from dialogue.records import Records
    from dialogue.review.revision import revise

    try:
        total = sum(Records.open(directory, begun=True).sizes.values())
        with report.progress(report.console(sys.stderr), "import", total) as watch:
            made = revise(file, directory, watch=watch)
    except dataset.Refused as refusal:
        raise Misuse(refusal.what, refusal.fix) from None
    _print(made)


def _print(made: Revision) -> None:
    from dialogue.report import visible

    waiting = _count(made.waiting, "task is not annotated", "tasks are not annotated")
    told = f"; {waiting}" if made.waiting else ""
    click.echo(f"reviewed    {_count(made.answers, 'utterance', 'utterances')}{told}")
    counts = [(made.edits.get(action, 0), words) for action, words in _ACTIONS.items()]
    kinds = ", ".join(_count(count, *words) for count, words in counts if count)
    told = f"{kinds}; sessions changed: {made.sessions:,}" if kinds else "nothing"
    click.echo(f"corrected   {told}")
    if made.calls:
        calls = _count(made.calls, "call that was", "calls that were")
        click.echo(f"kept        {calls} made with what is corrected now")
    if made.removed:
        names = ", ".join(made.removed)
        click.echo(visible(f"removed     {names}: made before; make them again with"))
        for command in made.again:
            click.echo(visible(f"  {command}"))


def _count(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"
