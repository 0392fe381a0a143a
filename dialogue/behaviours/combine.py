"""Several intents in one turn: the user asks two things at once, and the bot answers both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.behaviours.behaviour import Behaviour, Step, Voice, drawn, join
from dialogue.move import Ahead, Join, Move, Open, Tell

if TYPE_CHECKING:
    from collections.abc import Iterator


def _site(step: Step, move: Open) -> bool | None:
    if not (move.first and step.unit.is_plain):
        return None
    return any(True for _ in step.followers()) or None


def _moves(step: Step, move: Open, site: bool, voice: Voice) -> Iterator[Move]:  # noqa: ARG001
    edges = [*step.followers()]
    yield move
    yield Join(join(step, voice))
    if step.rng.random() < 0.5:
        yield Tell("user", voice.wordings["user"])
        yield Join("")
    yield Ahead(drawn(step, edges))


BEHAVIOUR = Behaviour(
    name="combine",
    doc="The user asks two things in one turn; the bot answers one after the other.",
    eligible="first words of an exchange that the user begins and the bot ends, where the graph "
    "leads, whatever is answered, to a unit that looks something up and can be asked "
    "now",
    at=(Open,),
    site=_site,
    moves=_moves,
    lists={"user": False},
    usual=0.06,
    rough=0.12,
)
