"""A unit compiled: what users say, what is looked up and what the bot answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialogue.turn import BotTurn, CallTurn, Need, Read, SetTurn, Turn, UserTurn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dialogue.phrasing import Phrasing, Wordings
    from dialogue.problem import Position


@dataclass(frozen=True, slots=True)
class Unit:
    """An atomic piece of conversation.

    `needed` are the names that `needs` ask for, `slots` what they are or are parts of, sorted.
    `results` are needs that other units bind: while one is unbound or empty the unit is closed.
    `target` maps labels to slots or parts, or is None for all that the user gave. `tells` are the
    slots and parts that a user may say here. `varies` says that the unit may be closed for want of
    a value. `without` are behaviours that make no sense here; `is_plain` says that the user always
    speaks first and, after the bot's own turns, no more; `looks_up` that a tool is called,
    `is_request` that or that something is needed; `touches` are the labels, with roles, that may be
    said, needed or drawn anew.
    """

    name: str
    title: str
    intents: tuple[str, ...]
    at: Position
    needs: tuple[Need, ...]
    results: tuple[str, ...]
    redraw: tuple[str, ...]
    turns: tuple[Turn, ...]
    target: Mapping[str, str] | None
    reads: tuple[Read, ...] = ()
    needed: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    binds: tuple[frozenset[str], ...] = ()  # names bound before each turn, and after the last
    tells: frozenset[str] = frozenset()
    varies: bool = False
    without: frozenset[str] = frozenset()
    is_plain: bool = False
    looks_up: bool = False
    is_request: bool = False
    touches: frozenset[tuple[str, str | None]] = frozenset()

    def wordings(self) -> Iterator[Wordings]:
        """Yield what is said in it, that of its questions included."""
        for need in self.needs:
            yield need.ask
            yield from need.give
        for turn in self.turns:
            if isinstance(turn, UserTurn):
                yield from turn.sets
            elif isinstance(turn, BotTurn):
                yield from (outcome.wordings for outcome in turn.outcomes)

    def phrasings(self) -> Iterator[Phrasing]:
        """Yield every phrasing."""
        for one in self.wordings():
            yield from one.phrasings

    @property
    def bound(self) -> frozenset[str]:
        """The results and other names that its turns bind, whether they are left out or not."""
        calls = {turn.result for turn in self.turns if isinstance(turn, CallTurn)}
        sets = {name for turn in self.turns if isinstance(turn, SetTurn) for name in turn.faces}
        return frozenset(calls | sets)

    @property
    def always_open(self) -> bool:
        """Tell whether it never closes."""
        return not self.results and not self.varies
