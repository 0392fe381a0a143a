"""Correction: before the bot has answered the user takes back what they have said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.behaviours.behaviour import Behaviour, Step, Topic, Voice, join
from dialogue.move import Fill, Join, Known, Move, Redraw, Tell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def _site(step: Step, move: Known) -> Sequence[Topic] | None:  # noqa: ARG001
    return (step.told and step.doubts()) or None


def _moves(step: Step, move: Known, topics: Sequence[Topic], voice: Voice) -> Iterator[Move]:
    topic = step.rng.choice(topics)
    if topic.just and step.rng.random() < 0.5:
        yield Join(join(step, voice))
    yield Redraw(topic.redraw)
    yield Tell("user", voice.wordings["user"], topic.value)
    yield Fill(topic.need)
    yield move


BEHAVIOUR = Behaviour(
    name="correct",
    doc="The user takes back what they have said, in the turn that says it or in one of its own.",
    eligible="before the bot looks something up or answers, where the user spoke last and has said "
    "something in this exchange that may be a mistake",
    at=(Known,),
    site=_site,
    moves=_moves,
    lists={"user": True},
    usual=0.03,
    rough=0.08,
)
