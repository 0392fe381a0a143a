"""In which form labels are answered, told in words where it is not as they were said."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from dialogue.tasks.ontology import LISTED
from dialogue.tasks.wording import filled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dialogue.tasks.ontology import Ontology
    from dialogue.tasks.options import Form
    from dialogue.tasks.wording import Wording


def rules(
    asked: Iterable[tuple[str, Form, Iterable[str]]], wording: Wording, ontology: Ontology
) -> str:
    """Return a line for each rule that some labels have in common, as (label, form, keys).

    It is blank if all are asked for as they were said.
    """
    lines: dict[tuple[str, str], list[str]] = {}
    for label, form, keys in asked:
        if form != "surface":
            lines.setdefault(_rule(form, keys, ontology), []).append(label)
    words = wording.instructions["forms"]
    return "\n".join(
        filled(words[rule], labels=wording.listed(labels), values=values)
        for (rule, values), labels in lines.items()
    )


def _rule(form: Form, keys: Iterable[str], ontology: Ontology) -> tuple[str, str]:
    """Return the name of a label's rule and the values that it lists, as JSON."""
    slots = [key.partition(":")[0] for key in keys]
    types = {ontology.type(slot) for slot in slots}
    if types == {"time"}:
        return ("times" if form == "normal" else "fields"), ""
    if types == {"number"} and form == "value":
        return "numbers", ""
    documented = [ontology.values(slot) for slot in slots]
    values = list(dict.fromkeys(normal for one in documented for normal in one))
    if all(documented) and len(values) <= LISTED:
        return "values", json.dumps(values, ensure_ascii=False)
    return "others", ""
