"""`dialogue verify`: a dataset checked from its record alone."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dialogue.cli.options import example
from dialogue.cli.program import Misuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialogue.verify.audit import Audit
    from dialogue.verify.rule import Rule


@click.command(epilog=example("dialogue verify retail", "dialogue verify retail --rule state"))
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--rule",
    "names",
    multiple=True,
    metavar="RULE",
    help="Check this rule alone: schema, spans, results or state. May be repeated.",
)
@click.option(
    "--most",
    type=click.IntRange(1, 10**9),
    default=20,
    show_default=True,
    help="How many findings of each rule are shown; the others are counted.",
)
def verify(directory: Path, names: tuple[str, ...], most: int) -> None:
    """Check a dataset from its record alone.

    DIR is a directory that 'dialogue compose' has written. Files and counts are held against the
    manifest; state and targets are replayed by code that shares nothing with what composed them.
    Ends with 1 if there are findings.
    """
    from dialogue import dataset, report
    from dialogue.problem import UnplacedError
    from dialogue.report import visible
    from dialogue.verify.audit import FILES, Audit

    rules = _chosen(names)
    if (directory / dataset.UNFINISHED).exists():
        what = f"'{directory}' holds an unfinished run"
        raise Misuse(what, "finish it: give its compose or import command again")
    counts: Counter[str] = Counter()
    try:
        audit = Audit(directory, rules)
    except UnplacedError as error:
        raise Misuse(error.what, error.fix) from None
    with report.progress(report.console(sys.stderr), "verify", audit.total) as watch:
        for found in audit.run(watch):
            counts[found.rule] += 1
            if counts[found.rule] <= most:
                click.echo(visible(str(found)))
    for name in dict.fromkeys((FILES, *(rule.name for rule in rules), *counts)):
        click.echo(f"{name:<11} {_told(counts[name], most)}")
    _conclude(audit, counts)


def _chosen(names: Sequence[str]) -> list[Rule]:
    from dialogue.problem import nearest
    from dialogue.verify import RULES

    for name in names:
        if name not in RULES:
            raise Misuse(f"unknown rule '{name}'", nearest(name, RULES))
    return [rule for name, rule in RULES.items() if not names or name in names]


def _told(count: int, most: int) -> str:
    hidden = f", {count - most:,} more than are shown" if count > most else ""
    return f"{_count(count, 'finding')}{hidden}" if count else "no finding"


def _conclude(audit: Audit, counts: Counter[str]) -> None:
    read = f"{_count(audit.sessions, 'session')} in {_count(audit.files, 'file')}"
    click.echo(f"{'read':<11} {read}")
    if counts:
        raise click.exceptions.Exit(1)


def _count(count: int, one: str) -> str:
    return f"{count:,} {one}{'' if count == 1 else 's'}"
