"""Several intents in one turn: the user asks two things at once, and the bot answers both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.behaviours.behaviour import Behaviour, Step, Voice, drawn, join
from dialogue.move import Ahead, Join, Move, Open, Tell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dialogue.unit import Unit


def _site(step: Step, move: Open) -> Sequence[tuple[Unit, float]] | None:
    return (move.first and step.is_plain and step.followers()) or None


def _moves(
    step: Step, move: Open, units: Sequence[tuple[Unit, float]], voice: Voice
) -> Iterator[Move]:
    yield move
    yield Join(join(step, voice))
    if step.rng.random() < 0.5:
        yield Tell("user", voice.wordings["user"])
        yield Join("")
    yield Ahead(drawn(step, units))


BEHAVIOUR = Behaviour(
    name="combine",
    doc="The user asks two things in one turn; the bot answers one after the other.",
    eligible="first words of an exchange, where the graph has a way on that does not depend on the "
    "answer, to a unit that can be asked now",
    at=(Open,),
    site=_site,
    moves=_moves,
    lists={"user": False},
    usual=0.06,
    rough=0.12,
)
