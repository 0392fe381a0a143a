"""Denial: the bot checks what it has understood, and the user denies it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.behaviours.behaviour import Behaviour, Step, Topic, Voice
from dialogue.move import Fill, Known, Move, Redraw, Tell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def _site(step: Step, move: Known) -> Sequence[Topic] | None:  # noqa: ARG001
    return (step.told and step.doubts()) or None


def _moves(step: Step, move: Known, topics: Sequence[Topic], voice: Voice) -> Iterator[Move]:
    topic = step.rng.choice(topics)
    yield Tell("bot", voice.wordings["bot"], topic.value, act="confirm")
    if step.rng.random() < 0.5:
        yield Redraw(topic.redraw)
        yield Tell("user", voice.wordings["instead"], topic.value, "negate", topic.names)
    else:
        yield Tell("user", voice.wordings["user"], act="negate", about=topic.names)
        yield Redraw(topic.redraw)
    yield Fill(topic.need)
    yield move


BEHAVIOUR = Behaviour(
    name="deny",
    doc="The bot checks what the user has said, and the user denies it, or says another value.",
    eligible="before the bot looks something up or answers, where the user spoke last and has said "
    "something in this exchange that may be a mistake",
    at=(Known,),
    site=_site,
    moves=_moves,
    lists={"bot": True, "user": False, "instead": True},
    usual=0.006,
    rough=0.03,
)
