"""What a composed set teaches: how well a fixed tagger reads lines that people wrote.

The lines are in `tests/lines/`; nothing that is composed is made of them. A span counts only if its
start, its end and its label are right.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import click
import orjson

from benchmarks.crf import Line, Span, train
from benchmarks.process import HOME
from benchmarks.table import show_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Tagger = Callable[[str], tuple[Span, ...]]

LINES = HOME / "tests" / "lines"
KINDS = ("address", "chat")
LABELS = ("姓名", "电话", "邮编", "省", "市", "县", "详细地址")
PARTS = frozenset(LABELS[3:])
ADDRESS = "地址"  # adjacent parts taken for one
ALL = "all"
MARK = re.compile(rf"\{{({'|'.join(LABELS)}):([^{{}}]+)\}}")
TURNS = 2000
SHOWN = 500  # turns whose diversity is measured, so that sets of other sizes compare
WORST = 20


class Score(NamedTuple):
    """Spans found rightly, spans found, spans that are there."""

    right: int
    found: int
    there: int

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall, 1 where there is nothing to find."""
        both = self.found + self.there
        return 2 * self.right / both if both else 1.0


def unmarked(marked: str) -> Line:
    r"""Return the line that `寄到{市:合肥市}{县:包河区}` stands for; `\n` is a line break."""
    text, spans, at = "", [], 0
    marked = marked.replace(r"\n", "\n")
    for mark in MARK.finditer(marked):
        text += marked[at : mark.start()]
        spans.append(Span(len(text), len(text) + len(mark[2]), mark[1]))
        text += mark[2]
        at = mark.end()
    text += marked[at:]
    if "{" in text or "}" in text:
        raise ValueError(f"expected a known label and a closing brace: {marked}")
    return Line(text, tuple(spans))


def marked(text: str, spans: Iterable[Span]) -> str:
    """Return a text with its spans in braces."""
    out, at = "", 0
    for start, end, label in spans:
        out += f"{text[at:start]}{{{label}:{text[start:end]}}}"
        at = end
    return (out + text[at:]).replace("\n", r"\n")


@cache
def lines(name: str) -> tuple[Line, ...]:
    """Return the lines of a kind, as people have labelled them."""
    written = (LINES / f"{name}.txt").read_text("utf-8").splitlines()
    return tuple(unmarked(one) for one in written if one and not one.startswith("#"))


def composed(graph: Path, turns: int = TURNS, seed: int = 0) -> list[Line]:
    """Return what users say in so many turns, drawn from as many composed sessions."""
    with TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "dialogue", "compose", str(graph), "-n", str(turns),
             "--seed", str(seed), "-o", folder, "--to", "spans", "--force"],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        written = (Path(folder) / "spans" / "train.jsonl").read_bytes().splitlines()
        said = [
            Line(
                row["text"],
                tuple(Span(one["start"], one["end"], one["label"]) for one in row["spans"]),
            )
            for row in map(orjson.loads, written)
            if row["speaker"] == "user"
        ]
    return Random(seed).sample(said, min(turns, len(said)))


def merged(line: Line) -> Line:
    """Return a line whose adjacent parts of an address are one span."""
    joined: list[Span] = []
    for span in line.spans:
        label = ADDRESS if span.label in PARTS else span.label
        last = joined[-1] if joined else None
        if last and label == ADDRESS == last.label and last.end == span.start:
            joined[-1] = Span(last.start, span.end, label)
        else:
            joined.append(Span(span.start, span.end, label))
    return Line(line.text, tuple(joined))


def only(spans: Iterable[Span], labels: Iterable[str]) -> tuple[Span, ...]:
    """Return the spans with one of some labels."""
    return tuple(span for span in spans if span.label in labels)


def score(tested: Sequence[Line], found: Sequence[tuple[Span, ...]]) -> dict[str, Score]:
    """Return the score of each label that the lines have, and of all of these together."""
    right: Counter[str] = Counter()
    guessed: Counter[str] = Counter()
    there: Counter[str] = Counter()
    for line, spans in zip(tested, found, strict=True):
        there.update(span.label for span in line.spans)
        guessed.update(span.label for span in spans)
        right.update(span.label for span in set(spans) & set(line.spans))
    scores = {label: Score(right[label], guessed[label], there[label]) for label in there}
    totals = (sum(column) for column in zip(*scores.values(), strict=True))
    return {ALL: Score(*totals) if scores else Score(0, 0, 0), **scores}


def judged(tagger: Tagger, on: Sequence[Line]) -> dict[str, Score]:
    """Return how well a tagger reads lines."""
    return score(on, [tagger(line.text) for line in on])


def asked(on: Iterable[Line], labels: Iterable[str]) -> list[Line]:
    """Return lines of which only some labels are asked for."""
    return [Line(line.text, only(line.spans, labels)) for line in on]


def folded(known: Sequence[Line], folds: int) -> dict[str, Score]:
    """Return how well the set teaches itself: each part is read after the others were learned."""
    on: list[Line] = []
    found: list[tuple[Span, ...]] = []
    for fold in range(folds):
        tagger = train(line for i, line in enumerate(known) if i % folds != fold)
        part = known[fold::folds]
        on += part
        found += [tagger(line.text) for line in part]
    return score(on, found)


def mask(line: Line) -> str:
    """Return what stands around the values of a line, without digits and punctuation."""
    out, at = [], 0
    for start, end, label in line.spans:
        out += [line.text[at:start], f"〔{label}〕"]
        at = end
    out.append(line.text[at:])
    return "".join(one for one in "".join(out) if one.isalpha() or one in "〔〕")


def distinct(known: Iterable[Line]) -> float:
    """Return the share of different ones among all sequences of three characters."""
    threes = [line.text[i : i + 3] for line in known for i in range(len(line.text) - 2)]
    return len(set(threes)) / max(1, len(threes))


def worst(tagger: Tagger, on: Iterable[Line], count: int = WORST) -> Iterator[tuple[str, str]]:
    """Yield the lines with most mistakes, as they should be and as they were read."""
    wrong = [(len(set(line.spans) ^ set(found)), line, found) for line, found in
             ((line, tagger(line.text)) for line in on)]  # fmt: skip
    for mistakes, line, found in sorted(wrong, key=lambda one: -one[0])[:count]:
        if mistakes:
            yield marked(line.text, line.spans), marked(line.text, found)


@click.command()
@click.argument("graph", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--turns", default=TURNS, show_default=True, help="User turns to learn from.")
@click.option("--seed", default=0, show_default=True, help="Seed of the sessions.")
@click.option("--folds", default=5, show_default=True, help="Parts to test on itself; 0: not.")
@click.option("--errors", is_flag=True, help=f"Show the {WORST} worst lines of each kind, too.")
def teaching(graph: Path, turns: int, seed: int, folds: int, errors: bool) -> None:
    """Train a tagger on what users of GRAPH say and test it on lines written by hand."""
    known = composed(graph, turns, seed)
    shown = known[:SHOWN]
    print(
        f"{len(known):,} user turns; of {len(shown)}: {len(set(map(mask, shown)))} masks, "
        f"distinct-3 {distinct(shown):.3f}\n"
    )
    parts, whole = train(known), train(map(merged, known))
    places = [merged(line) for line in lines("chat")]
    columns = {
        "address": judged(parts, lines("address")),
        "chat": judged(parts, lines("chat")),
        "chat, merged": judged(whole, places),
        "of these": judged(whole, asked(places, ("电话", ADDRESS))),
    }
    if folds:
        columns["itself"] = folded(known, folds)
    rows = [["", *columns]]
    for label in (ALL, *LABELS, ADDRESS):
        cells = [column.get(label) for column in columns.values()]
        rows.append([label, *(f"{cell.f1:.3f}" if cell else "" for cell in cells)])
    print(
        "F1 of spans; merged: adjacent parts of an address are one; of these: 电话 and 地址 alone"
    )
    show_table(rows)
    if errors:
        for name, tagger, on in (("address", parts, lines("address")), ("chat", whole, places)):
            print(f"{name}: as it should be, and as it was read")
            for pair in worst(tagger, on):
                print(*pair, sep="\n", end="\n\n")
