"""What is to be reworded at once: phrasings of one list that give the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dialogue.template.pieces import Pieces


@dataclass(frozen=True, slots=True)
class Model:
    """A phrasing that people wrote, without comments, to be reworded; and its pieces."""

    source: str
    pieces: Pieces

    @property
    def signature(self) -> tuple[str, ...]:
        """What it prints, in no order: each expression as often as it is there."""
        return tuple(sorted(one.key for one in self.pieces.prints))


@dataclass(frozen=True, slots=True)
class Assignment:
    """Phrasings of one list of a unit that give the same: of users by slots, of the bot all.

    `id` names it in files that go to people; it stays the same when phrasings are added.
    """

    id: str
    unit: str
    locale: str
    title: str
    speaker: str
    gives: tuple[str, ...]
    models: tuple[Model, ...]

    @property
    def signatures(self) -> frozenset[tuple[str, ...]]:
        """What a rewording may print: exactly what one of the models does."""
        return frozenset(model.signature for model in self.models)

    @property
    def prints(self) -> dict[str, str]:
        """The expressions of all models as written, by their keys, in order of appearance."""
        found: dict[str, str] = {}
        for model in self.models:
            for one in model.pieces.prints:
                found.setdefault(one.key, one.text)
        return found
