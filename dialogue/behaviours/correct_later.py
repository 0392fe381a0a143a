"""Correction a turn later: only the answer shows the user what they have said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.behaviours.behaviour import Behaviour, Step, Topic, Voice
from dialogue.move import Close, Move, Redraw, Retell, Tell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def _site(step: Step, move: Close) -> Sequence[Topic] | None:  # noqa: ARG001
    return (step.unit.is_plain and step.answered and step.doubts()) or None


def _moves(step: Step, move: Close, topics: Sequence[Topic], voice: Voice) -> Iterator[Move]:
    topic = step.rng.choice(topics)
    yield Redraw(topic.redraw)
    yield Tell("user", voice.wordings["user"], topic.value)
    yield Retell()
    yield move


BEHAVIOUR = Behaviour(
    name="correct_later",
    doc="The user takes back what they have said after the answer, and the bot answers anew.",
    eligible="after the answer to an exchange that the user begins and the bot ends, where the "
    "user has said something in it that may be a mistake",
    at=(Close,),
    site=_site,
    moves=_moves,
    lists={"user": True},
    usual=0.02,
    rough=0.05,
)
