"""Who rewords: the one shape that models and people have here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from dialogue.paraphrase.assignment import Assignment


@dataclass(frozen=True, slots=True)
class Reply:
    """What came for an assignment.

    `asked` counts requests, `cached` those that the disk answered; `unusable` says of requests why
    nothing could be taken from their answers.
    """

    texts: tuple[str, ...]
    asked: int = 0
    cached: int = 0
    unusable: tuple[str, ...] = ()


class Source(Protocol):
    """One who rewords; `name` is what their phrasings are marked with."""

    @property
    def name(self) -> str:
        """The name of a model, or of the tool that people use."""

    def reply(self, assignment: Assignment) -> Reply:
        """Return rewordings; raises UnplacedError where none can be had."""
