"""A session as played: what is said and looked up, in order, with no text yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from dialogue.phrasing import Wordings
    from dialogue.unit import Unit


class Say(NamedTuple):
    """A turn of speech: the wordings to choose from and the texts that they print.

    `opens` is true for the user's first words of an exchange; `asked` is what a question asks for,
    `omitted` what is understood though it is not said. `value` are the wordings of what a generic
    phrasing says as `{{ value }}`. `act` is what is done with what the bot says, or by the user
    with the names that it is `about`. `intent` stands for those of the unit. `by` is the behaviour
    that it is due to. What is said in the same turn is in `also`, each after its `join`.
    """

    speaker: str
    unit: Unit
    visit: int
    wordings: Wordings
    texts: Mapping[str, Any]
    opens: bool = False
    asked: tuple[str, ...] = ()
    omitted: tuple[str, ...] = ()
    outcome: str | None = None
    value: Wordings | None = None
    act: str | None = None
    about: tuple[str, ...] = ()
    intent: str | None = None
    by: str | None = None
    join: str = ""
    also: tuple[Say, ...] = ()


class Look(NamedTuple):
    """A call of a tool and its result."""

    unit: Unit
    visit: int
    tool: str
    arguments: Mapping[str, Any]
    result: str
    rows: Sequence[Mapping[str, Any]]


Played: TypeAlias = "Say | Look"


class Visit(NamedTuple):
    """A visit to a unit; one in the middle of another exchange has the number of that as parent."""

    unit: Unit
    parent: int | None = None


class Outline(NamedTuple):
    """A session as played."""

    now: datetime
    visits: tuple[Visit, ...]
    moves: tuple[Played, ...]
    facts: Mapping[str, Any]

    @property
    def walk(self) -> tuple[Unit, ...]:
        """The units that were walked over; what was put in between is none of them."""
        return tuple([visit.unit for visit in self.visits if visit.parent is None])
