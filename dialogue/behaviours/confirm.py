"""Confirmation: the bot checks what it has understood, and the user affirms it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.behaviours.behaviour import Behaviour, Step, Topic, Voice
from dialogue.move import Known, Move, Tell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def _site(step: Step, move: Known) -> Sequence[Topic] | None:  # noqa: ARG001
    return (step.told and step.doubts()) or None


def _moves(step: Step, move: Known, topics: Sequence[Topic], voice: Voice) -> Iterator[Move]:
    topic = step.rng.choice(topics)
    yield Tell("bot", voice.wordings["bot"], topic.value, act="confirm")
    yield Tell("user", voice.wordings["user"], act="affirm", about=topic.names)
    yield move


BEHAVIOUR = Behaviour(
    name="confirm",
    doc="The bot checks what the user has said, and the user affirms it.",
    eligible="before the bot looks something up or answers, where the user spoke last and has said "
    "something in this exchange that may be a mistake",
    at=(Known,),
    site=_site,
    moves=_moves,
    lists={"bot": True, "user": False},
    usual=0.015,
    rough=0.05,
)
