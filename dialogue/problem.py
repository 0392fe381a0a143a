"""What is wrong with a pack, where, and what to do about it."""

from __future__ import annotations

import difflib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MANY = 100  # names of which a few tell nobody what the others are


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file as a person would type it; line and column count from 1.

    Line 0 is a place that has no lines: an option of the command line.
    """

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake: `what` is wrong at a place and `fix`, the remedy in the imperative."""

    at: Position
    what: str
    fix: str

    def __str__(self) -> str:
        return f"{self.at}: {self.what}\n  fix: {self.fix}"


class ContentError(Exception):
    """Problems of a pack, all that could be found at once, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UnplacedError(Exception):
    """What is wrong and `fix`, the remedy, told by code that does not know the place."""

    def __init__(self, what: str, fix: str) -> None:
        self.what = what
        self.fix = fix
        super().__init__(f"{what}\n  fix: {fix}")


def nearest(name: str, known: Iterable[str]) -> str:
    """Word the remedy for an unknown name: the closest known one, then what there is."""
    names = sorted(set(known))
    if not names:
        return "there is none to choose from"
    many = len(names) > MANY
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.7 if many else 0.5)
    if close and many:
        return f"did you mean '{close[0]}'?"
    shown = ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
    return (f"did you mean '{close[0]}'? " if close else "") + f"known: {shown}"


@contextmanager
def gathered(problems: list[Problem]) -> Iterator[None]:
    """Keep the problems of a step and go on, so that all are found at once."""
    try:
        yield
    except ContentError as error:
        problems.extend(error.problems)
