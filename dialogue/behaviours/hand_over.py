"""Hand-over: the user wants a person instead, and the session ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.behaviours.behaviour import Behaviour, Step, Voice
from dialogue.move import Ask, Close, Digress, End, Move, Tell

if TYPE_CHECKING:
    from collections.abc import Iterator

INTENT = "hand_over"


def _site(step: Step, move: Ask | Close) -> bool | None:  # noqa: ARG001
    return (step.unit.is_request and step.may_end) or None


def _moves(
    step: Step,
    move: Ask | Close,
    site: bool,  # noqa: ARG001
    voice: Voice,
) -> Iterator[Move]:
    yield move
    if voice.unit is not None:
        yield Digress(step.named(voice.unit))
    else:
        yield Tell("user", voice.wordings["user"], intent=INTENT)
        yield Tell("bot", voice.wordings["bot"])
    yield End()


BEHAVIOUR = Behaviour(
    name="hand_over",
    doc="The user asks for a person, and the session ends with that.",
    eligible="questions of the bot, and ends of exchanges in which the user wanted something, "
    "where the walk is long enough",
    at=(Ask, Close),
    site=_site,
    moves=_moves,
    lists={"user": False, "bot": False},
    intent=INTENT,
    visits=True,
    usual=0.004,
    rough=0.015,
)
