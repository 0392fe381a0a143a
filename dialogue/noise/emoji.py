"""Emoji and emoticons at the end of a message, by its mood."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dialogue.noise.operator import Operator
from dialogue.noise.turn import Edit

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence
    from random import Random

    from dialogue.noise.turn import Run

_AGAIN = 0.2  # how often one emoji comes twice or three times


class Moods(NamedTuple):
    """Which emoji go with which words; the first pattern that is found counts."""

    moods: Sequence[tuple[re.Pattern[str], Sequence[str]]]

    def sites(self, runs: Sequence[Run]) -> Iterator[Run]:
        """Yield the end of the turn."""
        for run in runs:
            if run.last and run.piece is None:
                yield run

    def edits(self, text: str, run: Run, rng: Random) -> tuple[Edit]:
        """Return an emoji, sometimes several of it."""
        some = next(some for pattern, some in self.moods if pattern.search(text))
        one = rng.choice(some)
        if len(one) == 1 and rng.random() < _AGAIN:
            one *= rng.choice((2, 3))
        return (Edit(run, len(run.text), len(run.text), one),)

    def operator(self, usual: float, rough: float) -> Operator:
        """Return the operator that puts them."""
        return Operator(
            "emoji",
            "an emoji or emoticon that fits the mood comes last: 谢谢 → 谢谢🙏",
            "any turn",
            self.sites,
            self.edits,
            usual=usual,
            rough=rough,
        )
