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
    "add": "labels added",
    "remove": "removed",
    "change": "changed",
    "value": "values corrected",
    "intent": "intents corrected",
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

    waiting = f"; {made.waiting:,} tasks are not annotated" if made.waiting else ""
    click.echo(f"reviewed    {made.answers:,} utterances{waiting}")
    counts = [(made.edits.get(action, 0), word) for action, word in _ACTIONS.items()]
    kinds = ", ".join(f"{count:,} {word}" for count, word in counts if count)
    told = f"{kinds}; sessions changed: {made.sessions:,}" if kinds else "nothing"
    click.echo(f"corrected   {told}")
    if made.calls:
        click.echo(f"kept        {made.calls:,} calls that were made with what is corrected now")
    if made.removed:
        names = ", ".join(made.removed)
        click.echo(visible(f"removed     {names}: made before; export them again"))
