"""Partial answers: what the bot asks for comes in several messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.behaviours.behaviour import Behaviour, Step, Voice, unasked
from dialogue.move import Give, Move

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogue.turn import Need


def _site(step: Step, move: Give) -> Need | None:
    """Return the need that is answered next without being asked for: the same, or a later one."""
    if step.answers(move.need, partly=True):
        return move.need
    return unasked(step, move.need)


def _moves(step: Step, move: Give, need: Need, voice: Voice) -> Iterator[Move]:  # noqa: ARG001
    if need is not move.need:
        yield move
        yield Give(need)
        return
    yield move._replace(partly=True)
    for _ in step.missing(need)[1:]:
        yield move


BEHAVIOUR = Behaviour(
    name="answer_in_parts",
    doc="The user answers one thing at a time, in messages of their own, before the bot asks on.",
    eligible="answers of which a part can be given alone, or after which something else would be "
    "asked for",
    at=(Give,),
    site=_site,
    moves=_moves,
    usual=0.12,
    rough=0.3,
)
