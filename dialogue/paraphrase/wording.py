"""An answer taken apart, whoever gave it: its pieces, and its words alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialogue.likeness import bare, bigrams
from dialogue.template.pieces import Pieces, pieces

if TYPE_CHECKING:
    from dialogue.template import Environment

_NOTHING = Pieces((), ())


@dataclass(frozen=True, slots=True)
class Wording:
    """A phrasing as rules look at it; `error` says why it is no template, where it is none."""

    text: str
    pieces: Pieces
    error: str
    bare: str
    bigrams: frozenset[str]

    @classmethod
    def of(cls, text: str, environment: Environment) -> Wording:
        """Take a text apart."""
        words = bare(text)
        try:
            found, error = pieces(environment, text), ""
        except ValueError as problem:
            found, error = _NOTHING, str(problem)
        return cls(text, found, error, words, bigrams(words))

    @property
    def signature(self) -> tuple[str, ...]:
        """What it prints, in no order."""
        return tuple(sorted(one.key for one in self.pieces.prints))
