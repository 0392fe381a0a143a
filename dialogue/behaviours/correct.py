"""Correction: the user takes back what they have said, in the same turn or later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.behaviours.behaviour import Behaviour, Step, Topic, Voice, join
from dialogue.move import Close, Fill, Join, Known, Move, Redraw, Retell, Tell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def _site(step: Step, move: Known | Close) -> Sequence[Topic] | None:
    if not step.is_plain or (isinstance(move, Known) and not step.told):
        return None
    return step.topics() or None


def _moves(
    step: Step, move: Known | Close, topics: Sequence[Topic], voice: Voice
) -> Iterator[Move]:
    topic = step.rng.choice(topics)
    later = isinstance(move, Close)
    if not later and step.rng.random() < 0.5:
        yield Join(join(step, voice))
    yield Redraw((topic.redraw,))
    yield Tell("user", voice.wordings["later" if later else "user"], topic.value)
    yield Retell() if later else Fill(topic.need)
    yield move


BEHAVIOUR = Behaviour(
    name="correct",
    doc="The user takes back what they have said and says what they meant.",
    eligible="before the bot looks something up, and after its answer, where the user has said "
    "something in this exchange that could be otherwise",
    at=(Known, Close),
    site=_site,
    moves=_moves,
    lists={"user": True, "later": True},
    usual=0.02,
    rough=0.06,
)
