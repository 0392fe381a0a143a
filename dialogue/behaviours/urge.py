"""Impatience: the user does not wait for the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.behaviours.behaviour import Behaviour, Step, Voice
from dialogue.move import Known, Move, Tell

if TYPE_CHECKING:
    from collections.abc import Iterator


def _site(step: Step, move: Known) -> bool | None:  # noqa: ARG001
    return (step.unit.is_request and step.told) or None


def _moves(step: Step, move: Known, site: bool, voice: Voice) -> Iterator[Move]:  # noqa: ARG001
    yield Tell("user", voice.wordings["user"])
    if step.rng.random() < 0.5:
        yield Tell("bot", voice.wordings["bot"])
    yield move


BEHAVIOUR = Behaviour(
    name="urge",
    doc="The user urges the bot before it has answered; now and then it says that it is there.",
    eligible="before the bot looks something up or answers, where the user wants something and "
    "spoke last",
    at=(Known,),
    site=_site,
    moves=_moves,
    lists={"user": False, "bot": False},
    usual=0.01,
    rough=0.04,
)
