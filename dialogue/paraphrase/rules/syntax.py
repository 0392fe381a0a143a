"""Rule `syntax`: a phrasing is Jinja2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.paraphrase.rules.rule import Rule

if TYPE_CHECKING:
    from dialogue.paraphrase.context import Context
    from dialogue.paraphrase.wording import Wording


def _check(wording: Wording, context: Context) -> str | None:  # noqa: ARG001
    return f"is no template: {wording.error}" if wording.error else None


RULE = Rule("syntax", "it parses as Jinja2", _check)
