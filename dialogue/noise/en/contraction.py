"""Contractions and short forms: dont, pls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.noise.operator import Operator
from dialogue.noise.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from dialogue.noise.turn import Edit, Run
    from dialogue.noise.words import Site


def _is_word(run: Run, start: int, end: int) -> bool:
    beside = (run.text[start - 1] if start else run.before, run.text[end : end + 1] or run.after)
    return not any(one and (one.isalnum() or one in "'’-_@") for one in beside)


_WORDS = Words.read("en_contractions.csv", _is_word)


def _sites(runs: Sequence[Run]) -> Iterator[Site]:
    lowered = [run._replace(text=run.text.lower()) for run in runs if run.text.isascii()]
    known = {run.number: run for run in runs}
    for site in _WORDS.sites(lowered):
        yield site._replace(run=known[site.run.number])


def _edits(text: str, site: Site, rng: Random) -> tuple[Edit]:
    (edit,) = _WORDS.edits(text, site, rng)
    # The first letter is still that of the word unless nothing of it is left.
    if edit.start == site.start and edit.text and site.run.text[site.start].isupper():
        return (edit._replace(text=edit.text[0].upper() + edit.text[1:]),)
    return (edit,)


OPERATORS = (
    Operator(
        "contraction",
        "words are contracted or shortened: do not → dont, please → pls",
        "words that have a short form",
        _sites,
        _edits,
        usual=0.06,
        rough=0.15,
    ),
)
