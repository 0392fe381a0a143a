"""Over-answering: the user answers what was asked, and what would have been asked next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.behaviours.behaviour import Behaviour, Step, Voice, join, unasked
from dialogue.move import Give, Join, Move

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogue.turn import Need


def _site(step: Step, move: Give) -> Need | None:
    return unasked(step, move.need)


def _moves(step: Step, move: Give, need: Need, voice: Voice) -> Iterator[Move]:
    yield move
    yield Join(join(step, voice))
    yield Give(need)


BEHAVIOUR = Behaviour(
    name="over_answer",
    doc="The user answers what was asked, and adds what would have been asked next.",
    eligible="answers after which something else would be asked for",
    at=(Give,),
    site=_site,
    moves=_moves,
    usual=0.15,
    rough=0.25,
)
