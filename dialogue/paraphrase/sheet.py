"""What people see of rewordings: those that were rejected and why, a diff, and what it came to."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from dialogue.report import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from dialogue.paraphrase.round import Round

_QUIET = "dim"
_LABEL = 12  # as in the summary of a dataset
_STYLES = {"+": "color(35)", "-": "color(166)", "@": _QUIET}


def rejections(screen: Console, one: Round) -> None:
    """List what was rejected of a unit: the rule, the wording and the reason."""
    rows = [
        (rejection.rule, rejection.text, rejection.reason)
        for result in one.results
        for rejection in result.judgement.rejected
    ]
    if not rows:
        return
    screen.print(Text(visible(one.shown), "bold"), soft_wrap=True)
    if not screen.is_terminal:
        for rule, text, reason in rows:
            screen.print(Text(visible(f"  {rule:<10}{text}: {reason}")), soft_wrap=True)
        return
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style=_QUIET, no_wrap=True)
    grid.add_column(overflow="fold", ratio=2)
    grid.add_column(overflow="fold", ratio=1, style=_QUIET)
    for rule, text, reason in rows:
        grid.add_row(f"  {rule}", Text(visible(text)), Text(visible(reason)))
    screen.print(grid)


def diff(screen: Console, one: Round) -> None:
    """Print how the files of a unit would change."""
    for change in one.changes:
        for line in change.diff().split("\n"):
            screen.print(Text(visible(line), _STYLES.get(line[:1], "")), soft_wrap=True)


def summary(screen: Console, rounds: Sequence[Round], waiting: int | None, *, dry: bool) -> None:
    """Print what it came to; `waiting` counts tasks that nobody has annotated, None for a model."""
    for label, text in _lines(rounds, waiting, dry=dry):
        line = Text.assemble((label.ljust(_LABEL), _QUIET), visible(text))
        screen.print(line, soft_wrap=True)


def _lines(rounds: Sequence[Round], waiting: int | None, *, dry: bool) -> Iterator[tuple[str, str]]:
    results = [result for one in rounds for result in one.results]
    asked = sum(result.reply.asked for result in results)
    cached = sum(result.reply.cached for result in results)
    if waiting is None:
        yield "asked", f"{_count(asked, 'request')}, {cached:,} from the cache"
    elif waiting:
        yield "waiting", f"{_count(waiting, 'task')} not annotated"
    unusable = Counter(why for result in results for why in result.reply.unusable)
    if unusable:
        yield "unusable", f"{_count(unusable.total(), 'answer')}: {_ranked(unusable)}"
    judgements = [result.judgement for result in results]
    accepted = sum(len(one.accepted) for one in judgements)
    rejected = Counter(why.rule for one in judgements for why in one.rejected)
    known = sum(one.known for one in judgements)
    told = f"; {known:,} stood there already" if known else ""
    yield "accepted", f"{accepted:,} of {_count(accepted + rejected.total(), 'rewording')}{told}"
    if rejected:
        yield "rejected", f"{rejected.total():,}: {_ranked(rejected)}"
    if left := sum(one.left for one in rounds):
        yield "left out", f"{_count(left, 'phrasing')} with statements: people reword these"
    files = [change.shown for one in rounds for change in one.changes]
    label = "would write" if dry else "written to"
    if files:
        yield label, ", ".join(dict.fromkeys(files))


def _ranked(counter: Counter[str]) -> str:
    return ", ".join(
        f"{what} {n:,}" for what, n in sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))
    )


def _count(count: int, one: str) -> str:
    return f"{count:,} {one}{'' if count == 1 else 's'}"
