"""Marks at the end and in the middle of a message: dropped, doubled, replaced by a space."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from dialogue.noise.operator import Operator
from dialogue.noise.slips import drop
from dialogue.noise.turn import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from random import Random

    from dialogue.noise.slips import Place
    from dialogue.noise.turn import Run

_FINAL = re.compile(r"[。.！!？?~～…]+\s*\Z")
_COMMA = re.compile(r"[，,、；;]\s*")
_NOTHING = 0.3  # of those without the only comma, how many type no space either


def _final(runs: Sequence[Run]) -> Iterator[Place]:
    for run in runs:
        found = _FINAL.search(run.text) if run.last else None
        if found and (run.before or run.text[: found.start()].strip()):
            yield run, found.start(), len(run.text)


def _commas(runs: Sequence[Run]) -> Iterator[list[Place]]:
    """Yield all commas at once: who types none, types none."""
    found = [
        (run, comma.start(), comma.end())
        for run in runs
        for comma in _COMMA.finditer(run.text)
        if (run.before or comma.start()) and (run.after or comma.end() < len(run.text))
    ]
    if found:
        yield found


def _uncommaed(_: str, site: list[Place], rng: Random) -> Iterator[Edit]:
    nothing = len(site) == 1 and rng.random() < _NOTHING
    for run, start, end in site:
        before = run.text[start - 1] if start else run.before
        after = run.text[end : end + 1] or run.after
        glued = before == " " or not (nothing and _wide(before) and _wide(after))
        yield Edit(run, start, end, " " if glued and before != " " else "")


def _wide(one: str) -> bool:
    """Tell whether a character needs no space beside it."""
    return not one.isascii()


UNMARKED = Operator(
    "unmarked",
    "the mark at the end is left out: 能到吗？ → 能到吗",
    "a mark at the end",
    _final,
    drop,
    usual=0.4,
    rough=0.6,
)
COMMA = Operator(
    "comma",
    "commas are left out or become spaces: 在吗，问下 → 在吗 问下",
    "a comma inside",
    _commas,
    _uncommaed,
    usual=0.2,
    rough=0.4,
)


class Endings(NamedTuple):
    """How messages end in a language where more is typed than is needed.

    `question` finds questions; `doubled` says what becomes of a mark that is there, `asked` and
    `said` what is put where there is none.
    """

    question: re.Pattern[str]
    doubled: Mapping[str, Sequence[str]]
    asked: Sequence[str]
    said: Sequence[str]

    def sites(self, runs: Sequence[Run]) -> Iterator[tuple[Run, str]]:
        """Yield the end of a turn, and the mark that is there."""
        for run in runs:
            if run.last and run.piece is None and (last := run.text[-1:] or run.before):
                if run.text and last in self.doubled:
                    yield run, last
                elif last.isalnum():
                    yield run, ""

    def edits(self, text: str, site: tuple[Run, str], rng: Random) -> tuple[Edit]:
        """Return the mark doubled, or a new one."""
        run, mark = site
        end = len(run.text)
        if mark:
            return (Edit(run, end - 1, end, rng.choice(self.doubled[mark])),)
        marks = self.asked if self.question.search(text) else self.said
        return (Edit(run, end, end, rng.choice(marks)),)

    def operator(self, usual: float, rough: float) -> Operator:
        """Return the operator that puts these marks."""
        return Operator(
            "marks",
            "a mark at the end is doubled, or one is put there: 在吗 → 在吗??",
            "an end in a letter, a digit or a mark",
            self.sites,
            self.edits,
            usual=usual,
            rough=rough,
        )
