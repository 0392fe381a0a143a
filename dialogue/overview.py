"""What people see of exports: the formats and tasks that there are, and what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from dialogue.report import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rich.console import Console

    from dialogue.export import Exported
    from dialogue.formats.format import Format
    from dialogue.tasks.task import Task

_QUIET = "dim"
_LABEL = 12  # as in the summary of a dataset


def formats(screen: Console, known: Iterable[Format]) -> None:
    """List formats: what each is, and the tasks that it holds."""
    _lines(screen, (line for one in known for line in _format(one)), style="bold")


def _format(one: Format) -> Iterator[tuple[str, Text]]:
    yield one.name, Text(one.purpose)
    tasks = ", ".join(one.tasks)
    if not one.fixed:
        how = f"--task {','.join(one.tasks)}"
    else:
        how = f"for {tasks}; needs no --task" if tasks else "always written"
    extra = f"; pip install 'dialogue[{one.extra}]'" if one.extra else ""
    yield "", Text(how + extra, _QUIET)


def tasks(screen: Console, known: Iterable[Task]) -> None:
    """List tasks: what a model is asked for."""
    _lines(screen, ((one.name, Text(one.purpose)) for one in known), style="bold")


def exports(
    screen: Console, made: Sequence[Exported], skipped: Mapping[str, Sequence[str]]
) -> None:
    """Print what each format came to, what it could not express, and pairs that do not exist."""
    lines = [(one.format, Text(visible(_words(one)))) for one in made]
    for name, tasks in skipped.items():
        lines.append(("skipped", Text(f"{name} has no {', '.join(tasks)}", _QUIET)))
    if edited := next((one.edited for one in made if one.edited), ()):
        more = f" and {len(edited) - 1:,} more" if len(edited) > 1 else ""
        differ = "differ" if len(edited) > 1 else "differs"
        what = f"{edited[0]}{more} {differ} from manifest.json: edited by hand"
        lines.append(("edited", Text(visible(what))))
    _lines(screen, lines, style=_QUIET)


def _words(one: Exported) -> str:
    if not any(one.rows.values()):
        return f"nothing: {_nothing(one)}" + ("; what was there stays" if one.kept else "")
    count, files = sum(one.rows.values()), len(one.rows)
    words = [f"{count:,} row{_s(count)} in {files:,} file{_s(files)}"]
    if one.kept:
        words.append("unchanged")
    if lost := sum(one.losses.values()):
        kinds = ", ".join(f"{what}: {number:,}" for what, number in one.losses.items())
        words.append(f"{lost:,} left out ({kinds})")
    if one.dropped:
        words.append(f"replaced, without its task{_s(len(one.dropped))} {', '.join(one.dropped)}")
    return "; ".join(words)


def _nothing(one: Exported) -> str:
    """Word why a format has no row."""
    if lost := sum(one.losses.values()):
        kinds = ", ".join(f"{what}: {number:,}" for what, number in one.losses.items())
        return f"all {lost:,} left out ({kinds})"
    return f"no session has an example of {', '.join(one.task_rows) or 'what it holds'}"


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def _lines(screen: Console, lines: Iterable[tuple[str, Text]], *, style: str) -> None:
    """Print labelled texts: wrapped beside their label on a terminal, one a line in a pipe."""
    rows = list(lines)
    width = max([_LABEL, *(len(label) + 2 for label, _ in rows)])
    grid = Table.grid()
    grid.add_column(width=width, no_wrap=True)
    grid.add_column(overflow="fold")
    for label, text in rows:
        if screen.is_terminal:
            grid.add_row(Text(label, style), text)
        else:
            screen.print(Text(label.ljust(width)).append_text(text), soft_wrap=True)
    if screen.is_terminal:
        screen.print(grid)
