"""A dataset checked from its record alone, by code that shares nothing with what composes it.

One module a rule, each with a `RULE`: a pure function, a session and the ontology in, findings out.
`audit` reads a dataset line by line and holds every session against the rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.verify import results, schema, spans, state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogue.verify.rule import Rule

RULES: Mapping[str, Rule] = {
    module.RULE.name: module.RULE for module in (schema, spans, results, state)
}
