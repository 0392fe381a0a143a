"""Asking to repeat: the user has not understood, and the bot says it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.behaviours.behaviour import Behaviour, Step, Voice
from dialogue.move import Again, Ask, Close, Join, Move, Tell

if TYPE_CHECKING:
    from collections.abc import Iterator


def _site(step: Step, move: Ask | Close) -> bool | None:
    if isinstance(move, Ask):
        return True
    return (step.unit.is_request and step.answered) or None


def _moves(
    step: Step,  # noqa: ARG001
    move: Ask | Close,
    site: bool,  # noqa: ARG001
    voice: Voice,
) -> Iterator[Move]:
    if isinstance(move, Ask):
        yield move
    yield Tell("user", voice.wordings["user"], act="repeat")
    yield Tell("bot", voice.wordings["bot"])
    yield Join("")
    yield Again()
    if isinstance(move, Close):
        yield move


BEHAVIOUR = Behaviour(
    name="ask_repeat",
    doc="The user asks what was meant, and the bot says it once more.",
    eligible="questions of the bot, and answers that end an exchange in which the user wanted "
    "something",
    at=(Ask, Close),
    site=_site,
    moves=_moves,
    lists={"user": False, "bot": False},
    usual=0.005,
    rough=0.03,
)
