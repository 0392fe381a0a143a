"""Tables of what is typed for what is meant: files of lines `meant,typed,typed…`."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from dialogue.noise.turn import Edit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from random import Random

    from dialogue.noise.turn import Run


class Site(NamedTuple):
    """A word that stands at `[start, end)` of a run, and what may be typed for it."""

    run: Run
    start: int
    end: int
    typed: tuple[str, ...]


class Words:
    """A table of words with what may be typed for each; the longest word that stands there counts.

    A word of which nothing else is typed only keeps others from being found in it. The name of a
    picture, [图片], is not typed at all. `fits` is asked with the run, the start and the end if a
    word can be one there.
    """

    def __init__(
        self,
        table: dict[str, tuple[str, ...]],
        fits: Callable[[Run, int, int], bool] | None = None,
    ) -> None:
        self._fits = fits
        self._by_first: dict[str, tuple[tuple[str, int, tuple[str, ...]], ...]] = {}
        for word in sorted(table, key=lambda word: (-len(word), word)):
            some = self._by_first.get(word[0], ())
            self._by_first[word[0]] = (*some, (word, len(word), table[word]))

    @classmethod
    def read(cls, name: str, fits: Callable[[Run, int, int], bool] | None = None) -> Words:
        """Read a table of `dialogue/noise/data`; lines with # are comments."""
        return cls({word: tuple(typed) for word, *typed in rows(name)}, fits)

    def sites(self, runs: Sequence[Run]) -> Iterator[Site]:
        """Yield where words of the table stand; none overlaps another."""
        known, fits = self._by_first, self._fits
        for run in runs:
            text, end = run.text, 0
            if known.keys().isdisjoint(text):
                continue
            for at, first in enumerate(text):
                if at < end or first not in known:
                    continue
                for word, length, typed in known[first]:
                    if not text.startswith(word, at):
                        continue
                    end = at + length
                    named = text.startswith("]", end)
                    if typed and not named and (fits is None or fits(run, at, end)):
                        yield Site(run, at, end, typed)
                    break

    def edits(self, _: str, site: Site, rng: Random) -> tuple[Edit]:
        """Return what is typed at a site, as far as it differs."""
        text, start, end = rng.choice(site.typed), site.start, site.end
        meant = site.run.text[start:end]
        same = _shared(meant, text)
        meant, text, start = meant[same:], text[same:], start + same
        same = _shared(meant[::-1], text[::-1])
        return (Edit(site.run, start, end - same, text[: len(text) - same]),)


def _shared(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def rows(name: str) -> Iterator[list[str]]:
    """Yield the rows of a table of `dialogue/noise/data`."""
    text = resources.files("dialogue.noise").joinpath("data", name).read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split(",")
