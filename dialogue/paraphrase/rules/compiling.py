"""Rule `compiling`: the pack's own compiler takes it, and finds that it gives the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.paraphrase.rules.rule import Rule

if TYPE_CHECKING:
    from dialogue.paraphrase.context import Context
    from dialogue.paraphrase.wording import Wording


def _check(wording: Wording, context: Context) -> str | None:
    assignment = context.assignment
    found, problems = context.pack.compiled(wording.text, assignment.speaker, context.facts)
    if problems:
        return problems[0].what
    if assignment.speaker == "user" and found[0].gives != assignment.gives:
        return f"gives {'、'.join(found[0].gives) or 'nothing'}"
    return None


RULE = Rule("compiling", "what 'dialogue check' demands of a phrasing", _check)
