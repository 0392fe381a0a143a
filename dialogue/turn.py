"""The turns of a unit, compiled: everything that they name is resolved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogue.expression import Expression
    from dialogue.phrasing import Wordings
    from dialogue.problem import Position
    from dialogue.tool import Tool, Words


@dataclass(frozen=True, slots=True)
class UserTurn:
    """What the user may say, by what it gives; `bounds` are cumulative `weights` of the sets."""

    sets: tuple[Wordings, ...]
    weights: tuple[float, ...]
    bounds: tuple[float, ...]
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class CallTurn:
    """A lookup and the name of its result."""

    tool: Tool
    arguments: Mapping[str, Expression]
    result: str
    words: Words
    at: Position
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class SetTurn:
    """Names for expressions: as plain values for guards, and as labelled text for phrasings."""

    faces: Mapping[str, Expression]
    texts: Mapping[str, Expression]
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One of the answers of a unit."""

    name: str
    when: Expression | None
    wordings: Wordings


@dataclass(frozen=True, slots=True)
class BotTurn:
    """What the bot answers: the first outcome that applies."""

    outcomes: tuple[Outcome, ...]
    named: bool  # written as outcomes, so that the name says something
    when: Expression | None = None


Turn: TypeAlias = "UserTurn | CallTurn | SetTurn | BotTurn"


@dataclass(frozen=True, slots=True)
class Need:
    """Slots that are asked for together: their names, the question and the answers to it."""

    names: tuple[str, ...]
    ask: Wordings
    give: tuple[Wordings, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A name that must be bound when a turn is played, and where it is read."""

    name: str
    at: Position
    turn: int
    implied: frozenset[str]  # bound wherever the guard of this place is true
