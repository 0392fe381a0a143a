"""What every rewording must keep: one module a rule, each with a `RULE`.

A rule is a pure function: a wording and its context in, a reason against it or None out. They are
asked in this order and the first reason counts, so that a rule may rely on those before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.paraphrase.rules import (
    code,
    compiling,
    fact,
    intent,
    length,
    likeness,
    line,
    script,
    slots,
    syntax,
    value,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogue.paraphrase.rules.rule import Rule

_MODULES = (line, syntax, code, slots, fact, value, script, length, likeness, intent, compiling)
RULES: Mapping[str, Rule] = {module.RULE.name: module.RULE for module in _MODULES}
