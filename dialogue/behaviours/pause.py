"""Pause: the bot asks for a moment before it looks something up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.behaviours.behaviour import Behaviour, Step, Voice
from dialogue.move import Known, Move, Tell

if TYPE_CHECKING:
    from collections.abc import Iterator


def _site(step: Step, move: Known) -> bool | None:  # noqa: ARG001
    return (step.unit.looks_up and step.told) or None


def _moves(step: Step, move: Known, site: bool, voice: Voice) -> Iterator[Move]:  # noqa: ARG001
    yield Tell("bot", voice.wordings["bot"])
    yield move


BEHAVIOUR = Behaviour(
    name="pause",
    doc="The bot asks for a moment, and then looks up what the user wants.",
    eligible="before the bot looks something up or answers, in a unit that looks something up, "
    "where the user spoke last",
    at=(Known,),
    site=_site,
    moves=_moves,
    lists={"bot": False},
    usual=0.06,
    rough=0.08,
)
