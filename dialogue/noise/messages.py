"""One turn sent as several messages: where people press return instead of going on."""

from __future__ import annotations

import re
import unicodedata
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from dialogue.noise.operator import Operator
from dialogue.noise.turn import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from dialogue.noise.turn import Run

_LEAST = 2  # letters or digits that a message has
_TWICE = 0.3  # of turns that can be cut twice, how many are
_MARKED = re.compile(r"[\W_]")  # where there is none, nothing ends: that is seen at once
_OPEN, _CLOSE = "([{（【《「『“", ")]}）】》」』”"
_BRACKETS = frozenset(_OPEN + _CLOSE)


class Cut(NamedTuple):
    """A place `[start, end)` of a run where a message may end; `said` are the letters before it."""

    run: Run
    start: int
    end: int
    said: int


class Cuts(NamedTuple):
    """Where messages end in a language: what `pattern` finds is not sent."""

    pattern: re.Pattern[str]

    def sites(self, runs: Sequence[Run]) -> Iterator[list[Cut]]:
        """Yield all places at once; none is in brackets, or leaves too little to be a message."""
        if not any(_MARKED.search(run.text) for run in runs):
            return
        found: list[Cut] = []
        said = depth = 0
        for run in runs:
            text = run.text
            if run.before and _ends_word(run.before):
                said += _LEAST  # a slot says enough
            for place in self.pattern.finditer(text):
                start, end = place.span()
                if not depth + _depth(text[:start]):
                    found.append(Cut(run, start, end, said + _letters(text[:start])))
            said += _letters(text)
            depth += _depth(text)
        some = [cut for cut in found if _LEAST <= cut.said <= said - _LEAST]
        if some:
            yield some

    def edits(self, _text: str, site: list[Cut], rng: Random) -> Iterator[Edit]:
        """Yield one or two cuts."""
        pairs = [(a, b) for a, b in combinations(site, 2) if b.said - a.said >= _LEAST]
        chosen = rng.choice(pairs) if pairs and rng.random() < _TWICE else (rng.choice(site),)
        for run, start, end, _ in chosen:
            yield Edit(run, start, end, "")

    def operator(self, usual: float, rough: float) -> Operator:
        """Return the operator that cuts there."""
        return Operator(
            "messages",
            "a turn comes as two or three messages: 在吗，问下 → 在吗 / 问下",
            "a comma, a mark or a space between clauses, with something to say on both sides",
            self.sites,
            self.edits,
            usual=usual,
            rough=rough,
            cuts=True,
        )


def _ends_word(one: str) -> bool:
    return one in _CLOSE or unicodedata.category(one)[0] not in "PSZ"


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _depth(text: str) -> int:
    """Return how many more brackets a text opens than it closes."""
    if _BRACKETS.isdisjoint(text):
        return 0
    return sum((one in _OPEN) - (one in _CLOSE) for one in text)
