"""Omission: what is known is left out, or a pronoun stands for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.behaviours.behaviour import Behaviour, Step, Voice
from dialogue.move import Move, Open

if TYPE_CHECKING:
    from collections.abc import Iterator


def _site(step: Step, move: Open) -> bool | None:
    return (move.first and step.known(move.turn)) or None


def _moves(step: Step, move: Open, site: bool, voice: Voice) -> Iterator[Move]:  # noqa: ARG001
    yield move._replace(brief=True)


BEHAVIOUR = Behaviour(
    name="omit",
    doc="The user leaves out what is known, or says a pronoun for it.",
    eligible="first words of an exchange that could say something that is needed and known, and "
    "could leave it out",
    at=(Open,),
    site=_site,
    moves=_moves,
    usual=0.5,
    rough=0.7,
)
