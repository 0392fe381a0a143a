"""Leaving: the user says nothing any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.behaviours.behaviour import Behaviour, Step, Voice
from dialogue.move import Ask, Close, End, Move

if TYPE_CHECKING:
    from collections.abc import Iterator


def _site(step: Step, move: Ask | Close) -> bool | None:  # noqa: ARG001
    return (step.unit.is_request and step.may_end) or None


def _moves(
    step: Step,  # noqa: ARG001
    move: Ask | Close,
    site: bool,  # noqa: ARG001
    voice: Voice,  # noqa: ARG001
) -> Iterator[Move]:
    yield move
    yield End()


BEHAVIOUR = Behaviour(
    name="leave",
    doc="The user leaves without goodbye, now and then in the middle of an exchange.",
    eligible="questions of the bot, and ends of exchanges in which the user wanted something, "
    "where the walk is long enough",
    at=(Ask, Close),
    site=_site,
    moves=_moves,
    usual=0.03,
    rough=0.06,
)
