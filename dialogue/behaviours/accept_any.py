"""No preference: the user leaves the choice to the bot, and takes what it offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.behaviours.behaviour import Behaviour, Step, Voice
from dialogue.move import Give, Move, Tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogue.phrasing import Wordings


def _site(step: Step, move: Give) -> tuple[str, Wordings] | None:
    missing = step.missing(move.need)
    if len(missing) != 1 or not step.indifferent(missing[0]):
        return None
    value = step.plain(missing[0], move.need)
    return None if value is None else (missing[0], value)


def _moves(
    step: Step,  # noqa: ARG001
    move: Give,  # noqa: ARG001
    site: tuple[str, Wordings],
    voice: Voice,
) -> Iterator[Move]:
    name, value = site
    yield Tell("user", voice.wordings["user"], act="dontcare", about=(name,))
    yield Tell("bot", voice.wordings["bot"], value, act="offer")
    yield Tell("user", voice.wordings["yes"], act="affirm", about=(name,))


BEHAVIOUR = Behaviour(
    name="accept_any",
    doc="The user does not mind; the bot offers something, and the user takes it.",
    eligible="answers to a question for one slot that a pack declares with indifferent: true, "
    "where something can be offered",
    at=(Give,),
    site=_site,
    moves=_moves,
    lists={"user": False, "bot": True, "yes": False},
    usual=0.1,
    rough=0.2,
)
