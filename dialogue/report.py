"""What people look at: sessions, progress, summaries and problems, in colour or plain."""

from __future__ import annotations

import os
import unicodedata
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

import orjson
from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from rich.progress import Task

    from dialogue.dataset import Dataset
    from dialogue.manifest import Tally
    from dialogue.problem import Problem

# Middle tones of the 256 colours: they read on dark and on light paper.
_COLOURS = (32, 35, 133, 166, 37, 168, 136, 99, 70, 203, 73, 141)
_UNSEEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
_QUIET = "dim"
_LABEL = 8
_ROWS_SHOWN = 3
_CELLS_SHOWN = 100
_RANKED = 5


class _Screen(Console):
    """A console that ends quietly when nobody reads on."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        silence(self.file)
        raise SystemExit(0)


def console(stream: IO[str]) -> Console:
    """Open a console on a stream: colour only on a terminal, and not where NO_COLOR is set."""
    quiet = Theme({"progress.remaining": _QUIET})
    return _Screen(file=stream, highlight=False, markup=False, emoji=False, theme=quiet)


def silence(stream: IO[str]) -> None:
    """Let what is still to be written to a closed stream go nowhere, also when Python ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, stream.fileno())
    finally:
        os.close(nowhere)


def visible(text: str) -> str:
    """Return text whose control and direction characters are spelled out.

    A pack is written by others, and a terminal obeys what it is shown.
    """
    if text.isprintable():
        return text
    return "".join(_spelled(character) for character in text)


def _spelled(character: str) -> str:
    if character == "\u200d" or unicodedata.category(character) not in _UNSEEN:
        return character  # a joiner holds an emoji together
    return character.encode("unicode_escape").decode("ascii")


class Palette:
    """A colour for each label: the same in every session and every run of a graph."""

    def __init__(self, labels: Iterable[str] = ()) -> None:
        self._colours: dict[str, int] = {}
        self._rest: tuple[int, ...] = _COLOURS
        for label in sorted(labels):
            self._colours[label] = _own(label, self._rest)
            self._rest = tuple(c for c in self._rest if c != self._colours[label]) or _COLOURS

    def style(self, label: str) -> str:
        """Return the style that a label's words are printed in."""
        # One that was not announced has a colour that none of those has, while there are any left:
        # the same one whatever was shown before.
        return f"color({self._colours.get(label) or _own(label, self._rest)})"


def _own(label: str, colours: tuple[int, ...]) -> int:
    return colours[zlib.crc32(label.encode()) % len(colours)]


def session(screen: Console, record: Mapping[str, Any], palette: Palette) -> None:
    """Print one session: its walk, what is said and looked up, and what a model must extract."""
    page = _Page(screen)
    moment = str(record["now"]).replace("T", " ")[:16]
    page.head(f"{record['id']}  {moment}  {record['split']}", " → ".join(record["walk"]))
    for turn in record["turns"]:
        if turn["kind"] == "utterance":
            page.line(turn["speaker"], _utterance(turn, palette, coloured=page.coloured))
        else:
            page.aside(turn["kind"], _call(turn) if turn["kind"] == "call" else _result(turn))
    for target in record["targets"]:
        if target["target"]:
            page.line("target", _target(target, palette))
    if page.coloured and (labels := _labels(record)):
        names = [Text(visible(label), palette.style(label)) for label in labels]
        page.line("", Text("  ").join(names))
    page.show()


class _Page:
    """Labelled lines: wrapped beside their label on a terminal, one a line in a pipe."""

    def __init__(self, screen: Console) -> None:
        self._screen = screen
        self._grid = Table.grid(padding=(0, 2))
        self._grid.add_column(width=_LABEL - 2, no_wrap=True)
        self._grid.add_column(overflow="fold")

    @property
    def coloured(self) -> bool:
        return self._screen.color_system is not None and not self._screen.no_color

    def head(self, title: str, walk: str) -> None:
        self._screen.print(Text(visible(title), "bold"), soft_wrap=True)
        self._screen.print(Text(visible(walk), _QUIET), soft_wrap=True)

    def line(self, label: str, text: Text) -> None:
        if self._screen.is_terminal:
            style = "bold" if label == "user" else "" if label == "bot" else _QUIET
            self._grid.add_row(Text(label, style), text)
        else:
            plain = Text(label.ljust(_LABEL)).append_text(text)
            self._screen.print(plain, soft_wrap=True)

    def aside(self, label: str, text: str) -> None:
        shown = Text(text, _QUIET)
        width = self._screen.width - _LABEL if self._screen.is_terminal else _CELLS_SHOWN
        shown.truncate(min(width, _CELLS_SHOWN), overflow="ellipsis")
        self.line(label, shown)

    def show(self) -> None:
        if self._grid.row_count:
            self._screen.print(self._grid)


def _utterance(turn: Mapping[str, Any], palette: Palette, *, coloured: bool) -> Text:
    said, at = Text(), 0
    text = turn["text"]
    for span in turn["spans"]:
        said.append(visible(text[at : span["start"]]))
        words = visible(text[span["start"] : span["end"]])
        if coloured:
            said.append(words, palette.style(_label(span)))
        else:
            said.append(f"[{words}|{visible(_name(span))}]")
        at = span["end"]
    said.append(visible(text[at:]))
    understood = [
        visible(omitted["result"] if "result" in omitted else _name(omitted))
        for omitted in turn.get("omitted", ())
    ]
    if understood:
        said.append(f"  ({', '.join(understood)} understood)", _QUIET)
    return said


def _label(span: Mapping[str, Any]) -> str:
    """Name a span as targets do: the part of a record alone."""
    return str(span.get("part") or span["slot"])


def _name(span: Mapping[str, Any]) -> str:
    return f"{_label(span)}/{span['role']}" if span.get("role") else _label(span)


def _call(turn: Mapping[str, Any]) -> str:
    arguments = ", ".join(f"{key}={_short(value)}" for key, value in turn["arguments"].items())
    return visible(f"{turn['tool']}({arguments})")


def _result(turn: Mapping[str, Any]) -> str:
    rows = turn["rows"]
    count = f"{len(rows)} row{'' if len(rows) == 1 else 's'}"
    shown = ["  ".join(_short(value) for value in row.values()) for row in rows[:_ROWS_SHOWN]]
    more = ["…"] if len(rows) > _ROWS_SHOWN else []
    name = f"{turn['as']}: " if turn.get("as") else ""
    return visible(name + count + "".join(f"; {row}" for row in [*shown, *more]))


def _short(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return f"[{', '.join(_short(one) for one in value)}]"
    return orjson.dumps(value).decode()


def _target(target: Mapping[str, Any], palette: Palette) -> Text:
    shown = Text()
    shown.append(visible(f"{target['scope']} {target['name']}"), _QUIET)
    for name, value in target["target"].items():
        shown.append("  ")
        shown.append(f"{visible(name)}=", _QUIET)
        shown.append(visible(_short(value)), palette.style(name))
    return shown


def _labels(record: Mapping[str, Any]) -> list[str]:
    spans = [span for turn in record["turns"] for span in turn.get("spans", ())]
    return list(dict.fromkeys(_label(span) for span in spans))


def summary(screen: Console, dataset: Dataset, phrasings: int | None, shortest: int = 0) -> None:
    """Print what a finished dataset holds.

    `phrasings` is how many the pack has to use, `shortest` how many units a walk should visit.
    """
    tally = dataset.tally
    spoken = tally.speakers
    used = f"{len(tally.phrasings):,}" + (f" of {phrasings:,}" if phrasings else "")
    share = f", {tally.state / tally.weighed:.0%} of them state" if tally.weighed else ""
    each = tally.bytes // tally.sessions if tally.sessions else 0
    rows = (
        ("sessions", f"{tally.sessions:,} in {_files(len(dataset.files))}"),
        *_splits(tally),
        ("turns", f"{tally.turns:,}, {_a_session(tally.turns, tally.sessions)}"),
        ("walks", _walks(tally.lengths, shortest)),
        ("utterances", f"{spoken['user']:,} user, {spoken['bot']:,} bot, {_calls(tally.calls)}"),
        ("intents", _most(tally.intents)),
        ("slots", _most(tally.slots)),
        ("phrasings", f"{used} used"),
        *_differences(tally),
        ("bytes", f"{each:,} a session{share}"),
        ("written to", str(dataset.directory)),
    )
    for label, text in rows:
        line = Text.assemble((label.ljust(12), _QUIET), visible(text))
        screen.print(line, soft_wrap=not screen.is_terminal, overflow="ellipsis", no_wrap=True)


def _splits(tally: Tally) -> Iterator[tuple[str, str]]:
    """Word how many sessions each split has, and that what is held out is not shared."""
    counts = tally.counts()
    if len(counts["splits"]) > 1:
        yield "splits", ", ".join(f"{name} {n:,}" for name, n in counts["splits"].items())
    if held_out := counts.get("hold_out"):
        shared = sum(axis["shared"] for axis in held_out.values())
        yield "held out", f"{', '.join(held_out)}: {shared or 'none'} shared"


def _differences(tally: Tally) -> Iterator[tuple[str, str]]:
    """Word how often what could differ from the book did, of behaviours and of noise."""
    for kind, counts in tally.differences.items():
        if counts:
            shares = {
                name: (realised / eligible if eligible else 0.0, eligible)
                for name, (eligible, _, realised) in counts.items()
            }
            shown = (f"{name} {share:.1%} of {many:,}" for name, (share, many) in shares.items())
            yield kind, ", ".join(shown)


def _calls(count: int) -> str:
    return f"{count:,} call{'' if count == 1 else 's'}"


def _files(count: int) -> str:
    return f"{count:,} file{'' if count == 1 else 's'}"


def _walks(lengths: Counter[int], shortest: int) -> str:
    """Word the lengths of walks, and how many ended early because nothing else was open."""
    if not lengths:
        return "none"
    mean = sum(length * count for length, count in lengths.items()) / lengths.total()
    early = sum(count for length, count in lengths.items() if length < shortest)
    ended = f"; {early:,} ended early, nothing else being open" if early else ""
    return f"{min(lengths)} to {max(lengths)} units, {mean:.1f} on average{ended}"


def _a_session(count: int, sessions: int) -> str:
    return f"{count / sessions:.1f} a session" if sessions else "none"


def _most(counter: Counter[str]) -> str:
    """Word a counter: how many kinds, and the most frequent of them."""
    if not counter:
        return "none"
    total = counter.total()
    ranked = sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))[:_RANKED]
    shown = ", ".join(f"{name} {count / total:.0%}" for name, count in ranked)
    return f"{len(counter)}: {shown}" + (" …" if len(counter) > _RANKED else "")


def problems(screen: Console, found: Sequence[Problem]) -> None:
    """Print problems by place, each with its remedy, and how many there are."""
    for problem in found:
        line = Text(f"{visible(str(problem.at))}: ", "bold").append(
            visible(problem.what), "default"
        )
        screen.print(line, soft_wrap=True)
        screen.print(Text(f"  fix: {visible(problem.fix)}", _QUIET), soft_wrap=True)
    files = len({problem.at.path for problem in found})
    many = "" if len(found) == 1 else "s"
    screen.print(f"{len(found)} problem{many} in {_files(files)}", style="bold", soft_wrap=True)


class _Rate(ProgressColumn):
    """Sessions a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed or 0:>7,.0f}/s", _QUIET)


@contextmanager
def progress(screen: Console, name: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar while sessions come, where somebody looks: yield what is told of each advance."""
    if not screen.is_terminal:
        yield lambda _: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=32, complete_style="color(32)", finished_style="color(35)"),
        TextColumn("{task.completed:,} of {task.total:,}"),
        _Rate(),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task(visible(name), total=total)
        yield lambda sessions: bar.advance(task, sessions)
