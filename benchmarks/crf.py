"""A tagger of characters, fixed: whatever it learns, it has learned from the texts alone.

A linear-chain CRF (python-crfsuite) with L1 and L2 penalties over characters, pairs of them, their
classes and lengths of numbers. It knows no words and no places.
"""

from __future__ import annotations

from itertools import groupby, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

ITERATIONS = 60
PENALTIES = {"c1": 0.1, "c2": 0.01}
# The character itself again, in place of the affixes that a word would have: so it weighs more.
EMPHASIS = ("prefix", "suffix")
LONGEST = 12  # digits in a row: longer numbers are alike


class Span(NamedTuple):
    """A labelled stretch of a text, half open, in code points."""

    start: int
    end: int
    label: str


class Line(NamedTuple):
    """A text and what is to be found in it."""

    text: str
    spans: tuple[Span, ...]


def kind(character: str) -> str:
    """Return the class of a character: digit, Latin, Chinese or other."""
    if character.isdigit():
        return "d"
    if "a" <= character.lower() <= "z":
        return "l"
    return "c" if "一" <= character <= "鿿" else "o"


def lengths(kinds: str) -> Iterator[int]:
    """Yield for each character how many digits stand in a row there, 0 if it is none."""
    for one, run in groupby(kinds):
        count = len(list(run))
        yield from [min(count, LONGEST) if one == "d" else 0] * count


def features(text: str) -> list[list[str]]:
    """Return what the tagger sees at each character."""
    kinds = "".join(map(kind, text))
    seen = ["^", "^", *(one.lower() for one in text), "$", "$"]
    pairs = ["".join(pair) for pair in pairwise(seen)]
    around = f"^{kinds}$"
    found = [
        [
            "bias",
            *(f"{at - 2}:{seen[i + at]}" for at in range(5)),
            *(f"{again}:{seen[i + 2]}" for again in EMPHASIS),
            *(f"{at - 2}+:{pairs[i + at]}" for at in range(4)),
            f"kinds:{around[i : i + 3]}",
        ]
        for i in range(len(text))
    ]
    for one, length in zip(found, lengths(kinds), strict=True):
        if length:
            one.append(f"digits:{length}")
    if found:
        found[0].append("first")
        found[-1].append("last")
    return found


def tags(line: Line) -> list[str]:
    """Return the label of each character, as BIO."""
    found = ["O"] * len(line.text)
    for start, end, label in line.spans:
        found[start:end] = [f"B-{label}"] + [f"I-{label}"] * (end - start - 1)
    return found


def spans(found: Iterable[str]) -> tuple[Span, ...]:
    """Return the spans that tags say; a part whose beginning is missing begins where it is."""
    open_at: tuple[int, str] | None = None
    closed = []
    for i, tag in enumerate([*found, "O"]):
        label = tag[2:]
        if open_at is not None and (tag[0] != "I" or label != open_at[1]):
            closed.append(Span(open_at[0], i, open_at[1]))
            open_at = None
        if tag != "O" and open_at is None:
            open_at = (i, label)
    return tuple(closed)


def train(lines: Iterable[Line]) -> Callable[[str], tuple[Span, ...]]:
    """Train a tagger; it takes a text and returns the spans that it finds."""
    import pycrfsuite

    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params(
        {**PENALTIES, "max_iterations": ITERATIONS, "feature.possible_transitions": True}
    )
    for line in lines:
        trainer.append(features(line.text), tags(line))
    tagger = pycrfsuite.Tagger()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model"
        trainer.train(str(path))
        tagger.open(str(path))  # reads all of it

    def found(text: str) -> tuple[Span, ...]:
        return spans(tagger.tag(features(text)))

    return found
