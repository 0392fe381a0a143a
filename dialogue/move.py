"""The moves of a step before they are played: what behaviours are given, and what they give back.

A step is played as the turns of its unit: `Open`, `Ask` and `Give` for what is missing, `Known`
once nothing is, `Call`, `Bind` and `Answer`, and at last `Close`. The other moves are what
behaviours put between them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from dialogue.phrasing import Wordings
    from dialogue.turn import BotTurn, CallTurn, Need, SetTurn, UserTurn
    from dialogue.unit import Unit


class Open(NamedTuple):
    """The user says one of the gives-sets of a turn.

    `first` are the user's first words of the exchange. With `brief` nothing that is known is said
    again if it can be helped: it is left out, or a pronoun of its slot stands for it.
    """

    turn: UserTurn
    first: bool = False
    brief: bool = False


class Fill(NamedTuple):
    """The bot asks for a need until nothing of it is missing."""

    need: Need


class Ask(NamedTuple):
    """The bot asks for what is missing of a need."""

    need: Need
    missing: tuple[str, ...]


class Give(NamedTuple):
    """The user answers with what is missing of a need; `partly` leaves something missing."""

    need: Need
    partly: bool = False


class Known(NamedTuple):
    """The bot knows what it needs; nothing is said."""


class Call(NamedTuple):
    """The bot looks something up."""

    turn: CallTurn


class Bind(NamedTuple):
    """Names are set."""

    turn: SetTurn


class Answer(NamedTuple):
    """The bot answers: the first outcome that applies."""

    turn: BotTurn


class Close(NamedTuple):
    """The exchange is over; nothing is said."""


class Tell(NamedTuple):
    """Somebody says something in the words of a behaviour, or of a unit.

    `value` are the wordings that the phrasing prints as `{{ value }}`. By a user's `act` what it is
    `about` is affirmed or negated; the bot's says what it does with the value. `intent` stands for
    those of the unit. With `elliptic` the rest of what is needed is understood.
    """

    speaker: str
    wordings: Wordings
    value: Wordings | None = None
    act: str | None = None
    about: tuple[str, ...] = ()
    intent: str | None = None
    elliptic: bool = False


class Join(NamedTuple):
    """What is said next is of the same turn, after this text."""

    text: str


class Again(NamedTuple):
    """The bot says once more what it said last."""


class Redraw(NamedTuple):
    """Slots, or the groups of parts, are drawn anew, and are otherwise then."""

    names: tuple[str, ...]


class Retell(NamedTuple):
    """The bot's own turns are played again, with what is known now."""


class Digress(NamedTuple):
    """Another unit is visited before this step goes on."""

    unit: Unit


class Ahead(NamedTuple):
    """The user's first words of the unit that comes next are said now."""

    unit: Unit


class End(NamedTuple):
    """The session ends here."""


Move: TypeAlias = (
    "Open | Fill | Ask | Give | Known | Call | Bind | Answer | Close"
    " | Tell | Join | Again | Redraw | Retell | Digress | Ahead | End"
)

STEPS: tuple[type, ...] = (Open, Fill, Ask, Give, Known, Call, Bind, Answer, Close)
"""The moves of a step as its unit has them: those that behaviours may rewrite."""

MOVES: tuple[type, ...] = (*STEPS, Tell, Join, Again, Redraw, Retell, Digress, Ahead, End)
"""All moves."""
