"""What people do in a step: behaviours that rewrite its moves before they are played.

`BEHAVIOURS` has them in the order in which they are asked; each is a module of its own. Their
wordings, by language, are the YAML files in `wordings`; a domain may have its own.
"""

from __future__ import annotations

from dialogue.behaviours import (
    accept_any,
    answer_in_parts,
    ask_repeat,
    change_goal,
    combine,
    confirm,
    correct,
    correct_later,
    deny,
    digress,
    hand_over,
    leave,
    omit,
    over_answer,
    pause,
    urge,
)
from dialogue.behaviours.behaviour import Behaviour, Step, Topic, Voice
from dialogue.behaviours.conduct import Behaviours, Conduct

__all__ = ["BEHAVIOURS", "Behaviour", "Behaviours", "Conduct", "Step", "Topic", "Voice"]

BEHAVIOURS: tuple[Behaviour, ...] = tuple(
    module.BEHAVIOUR
    for module in (
        omit,
        combine,
        correct,
        correct_later,
        change_goal,
        confirm,
        deny,
        answer_in_parts,
        over_answer,
        accept_any,
        digress,
        ask_repeat,
        urge,
        pause,
        hand_over,
        leave,
    )
)
