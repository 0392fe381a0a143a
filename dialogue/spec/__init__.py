"""What an author writes: YAML text in (`source`), frozen specs out (`models`), or what is wrong.

Specs of `slots`, `phrasings` and `instructions` are modules of their own.
Single values are written as `notation` says; `validation` and `misreading` word the mistakes, an
`override` changes keys for one run.
"""

from __future__ import annotations

from dialogue.spec.models import (
    CallSpec,
    ClockSpec,
    DomainSpec,
    EdgeSpec,
    GraphSpec,
    NeedSpec,
    ToolSpec,
    TurnSpec,
    UnitSpec,
)
from dialogue.spec.phrasings import BehaviourSpec, BotPhrasingSpec, PhrasingSpec, WordingsSpec
from dialogue.spec.slots import SlotSpec

__all__ = [
    "BehaviourSpec",
    "BotPhrasingSpec",
    "CallSpec",
    "ClockSpec",
    "DomainSpec",
    "EdgeSpec",
    "GraphSpec",
    "NeedSpec",
    "PhrasingSpec",
    "SlotSpec",
    "ToolSpec",
    "TurnSpec",
    "UnitSpec",
    "WordingsSpec",
]
