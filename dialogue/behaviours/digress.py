"""Digression: instead of an answer the user asks something else, and comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.behaviours.behaviour import Behaviour, Step, Voice, drawn
from dialogue.move import Ask, Digress, Join, Move, Tell

if TYPE_CHECKING:
    from collections.abc import Iterator


def _site(step: Step, move: Ask) -> bool | None:  # noqa: ARG001
    return any(True for _ in step.asides()) or None


def _moves(step: Step, move: Ask, site: bool, voice: Voice) -> Iterator[Move]:  # noqa: ARG001
    yield move
    yield Digress(drawn(step, step.asides()))
    yield Tell("bot", voice.wordings["bot"])
    yield Join("")
    yield move


BEHAVIOUR = Behaviour(
    name="digress",
    doc="Instead of an answer the user asks something else; the bot answers, and asks again.",
    eligible="questions of the bot, where the graph leads to another unit that looks something "
    "up, can be asked and answered at once and says nothing about what is needed here",
    at=(Ask,),
    site=_site,
    moves=_moves,
    lists={"bot": False},
    usual=0.03,
    rough=0.08,
)
