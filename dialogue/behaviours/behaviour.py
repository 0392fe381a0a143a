"""What a behaviour is: one way in which what people do in a step differs from the book."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from random import Random

    from dialogue.edge import Edge
    from dialogue.move import Move
    from dialogue.phrasing import Wordings
    from dialogue.turn import Need
    from dialogue.unit import Unit


class Topic(NamedTuple):
    """Something that the user has said in this exchange and could say otherwise.

    `names` are the slot, or the parts of a group; `redraw` is what is drawn anew for it: the slot,
    the group of a part, or the slots that a text is made of. Of `value` the first phrasing is the
    plainest way to say it alone. `just` tells whether it was said in the user's last turn.
    """

    need: Need
    names: tuple[str, ...]
    redraw: tuple[str, ...]
    value: Wordings
    just: bool


class Voice(NamedTuple):
    """What is said in a behaviour: its lists of wordings, and texts between two things of a turn.

    `unit` names the one that stands for the wordings where a domain has it; `title` words what
    users want, where that is an intent of its own.
    """

    wordings: Mapping[str, Wordings]
    joins: tuple[str, ...]
    unit: str | None = None
    title: str | None = None


class Step(Protocol):
    """A visit to a unit while it is played, as behaviours see it."""

    @property
    def rng(self) -> Random:
        """The stream of behaviours."""

    @property
    def unit(self) -> Unit:
        """The unit."""

    @property
    def may_end(self) -> bool:
        """Whether the session may end here: it is not in between, and long enough."""

    @property
    def told(self) -> bool:
        """Whether the user was the last to say something, in this exchange."""

    @property
    def answered(self) -> bool:
        """Whether the bot was, and nothing has been looked up since."""

    def topics(self) -> Sequence[Topic]:
        """Return what the user has said in this exchange and could say otherwise."""

    def doubts(self) -> Sequence[Topic]:
        """Return those of the topics that the user may be mistaken about."""

    def missing(self, need: Need) -> tuple[str, ...]:
        """Return what is not known of a need."""

    def answers(self, need: Need, *, partly: bool = False) -> Sequence[Wordings]:
        """Return how the first thing that is missing can be said; `partly` with more to ask."""

    def is_settled(self, need: Need) -> bool:
        """Tell whether nothing must be drawn to know what is missing and can be said."""

    def known(self, turn: Any) -> bool:
        """Tell whether a turn may say something that is needed and known, and may say less."""

    def plain(self, name: str, need: Need) -> Wordings | None:
        """Return the plainest way to say a slot alone, if it can be drawn."""

    def asides(self) -> Iterator[Edge]:
        """Yield the ways to units that could be asked and answered in the middle of this one."""

    def named(self, unit: str) -> Unit:
        """Return the unit of the domain with this name."""

    def indifferent(self, name: str) -> bool:
        """Tell whether the user may not mind which value a slot has."""

    def followers(self) -> Iterator[Edge]:
        """Yield the ways to units that may come next whatever is answered here."""


class Sites(Protocol):
    """Tells what a behaviour would be about at a move that is about to be played, or None.

    It draws nothing and changes nothing.
    """

    def __call__(self, step: Step, move: Any, /) -> Any: ...


class Moves(Protocol):
    """Yields what is played instead of the move; nothing if it cannot be done after all."""

    def __call__(self, step: Step, move: Any, site: Any, voice: Voice, /) -> Iterator[Move]: ...


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One thing that people do.

    It looks at the kinds of moves in `at`. A move is eligible if `site` returns something; `moves`
    says what is played instead. `lists` are the wordings that it needs, by name, with whether they
    print `{{ value }}`; the bot's are called bot. `usual` and `rough` are its rates in these
    presets. With `visits` a domain may name a unit that stands for the wordings. `doc` says what
    people do, `eligible` at which moves. `intent` is what users want by it, where no unit stands
    for it.
    """

    name: str
    doc: str
    eligible: str
    at: tuple[type, ...]
    site: Sites
    moves: Moves
    lists: Mapping[str, bool] = field(default_factory=dict)
    visits: bool = False
    usual: float = 0.0
    rough: float = 0.0
    intent: str | None = None


def join(step: Step, voice: Voice) -> str:
    """Draw a text between two things that are said in one turn."""
    return step.rng.choice(voice.joins)


def unasked(step: Step, need: Need) -> Need | None:
    """Return what the bot would ask for after this need, if the user can say it."""
    needs = step.unit.needs
    later = needs[needs.index(need) + 1 :] if need in needs else ()
    return next((one for one in later if step.is_settled(one) and step.answers(one)), None)


def drawn(step: Step, edges: Iterable[Edge]) -> Unit:
    """Draw one of the units that edges lead to, by their weights."""
    units = [(edge.unit, edge.weight) for edge in edges if edge.unit is not None]
    return step.rng.choices([unit for unit, _ in units], [weight for _, weight in units])[0]
