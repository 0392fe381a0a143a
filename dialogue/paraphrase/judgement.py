"""Answers in, verdicts out: which may be added, and what speaks against the others."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dialogue.paraphrase.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dialogue.paraphrase.context import Context


@dataclass(frozen=True, slots=True)
class Rejection:
    """An answer that may not be added: the rule that it breaks, and how."""

    text: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of answers: `known` counts those that stand in the unit already."""

    accepted: tuple[str, ...]
    rejected: tuple[Rejection, ...]
    known: int


def judged(answers: Iterable[str], context: Context) -> Judgement:
    """Hold answers against the rules, in their order; each accepted one is known to the next."""
    accepted: list[str] = []
    rejected: list[Rejection] = []
    known = 0
    present = {one.text.strip() for one in context.own}
    marked = {text.partition("{#")[0].strip() for text in present}
    for answer in answers:
        text = unicodedata.normalize("NFC", answer).strip()
        if text in present or text in marked:
            known += 1
            continue
        wording = context.pack.wording(text)
        for rule in RULES.values():
            if reason := rule.check(wording, context):
                rejected.append(Rejection(text, rule.name, reason))
                break
        else:
            accepted.append(text)
            present.add(text)
            context = replace(context, own=(*context.own, wording))
    return Judgement(tuple(accepted), tuple(rejected), known)
