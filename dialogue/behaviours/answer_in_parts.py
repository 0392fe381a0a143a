"""Partial answers: what was asked for comes in several messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.behaviours.behaviour import Behaviour, Step, Voice
from dialogue.move import Give, Move

if TYPE_CHECKING:
    from collections.abc import Iterator


def _site(step: Step, move: Give) -> bool | None:
    return bool(step.answers(move.need, partly=True)) or None


def _moves(step: Step, move: Give, site: bool, voice: Voice) -> Iterator[Move]:  # noqa: ARG001
    yield move._replace(partly=True)
    for _ in step.missing(move.need)[1:]:
        yield move


BEHAVIOUR = Behaviour(
    name="answer_in_parts",
    doc="The user answers one thing at a time, in messages of their own.",
    eligible="answers of which a part can be given alone",
    at=(Give,),
    site=_site,
    moves=_moves,
    usual=0.1,
    rough=0.3,
)
