"""The schema of a domain: a service with its slots and intents."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dialogue.formats.format import Outcome
    from dialogue.tasks.ontology import Ontology

MOST = 20
"""Documented values that a categorical slot has at most."""


def service(ontology: Ontology) -> str:
    """Return the service; what stands before its underscore is the domain."""
    return "".join(part.capitalize() for part in ontology.domain.split("_")) + "_1"


def categories(ontology: Ontology, key: str) -> Sequence[str]:
    """Return the values of a categorical slot; nothing for others, and for parts of records."""
    values = tuple(ontology.values(key.partition(":")[0]))
    return values if len(values) <= MOST else ()


def text(value: Any) -> str:
    """Return a value as text: 6.0 is 6, True is True as in SGD, lists and mappings are JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value)


def schema(outcome: Outcome) -> dict[str, Any]:
    """Return the service with all slots that any split names."""
    ontology, keys = outcome.ontology, outcome.options.labels == "key"
    name = ontology.ascii if keys else ontology.key
    slots: dict[str, dict[str, Any]] = {}
    for key in ontology.labels:
        _add(slots, name({"slot": key}), _title(key, ontology), categories(ontology, key))
    intents = {
        one: _intent(one, title, _optional(one, outcome)) for one, title in ontology.intents.items()
    }
    for tool in ontology.tools:
        parameters = tool["parameters"]["properties"]
        for one, about in parameters.items():
            _add(slots, f"{tool['name']}.{one}", about.get("description", one))
        intent = intents.setdefault(
            tool["name"], _intent(tool["name"], tool["description"] or "", {})
        )
        intent["required_slots"] = [f"{tool['name']}.{one}" for one in parameters]
    for kind, *about in outcome.notes:
        _add(slots, about[-1], about[-1])
        if kind == "column" and about[0] in intents:
            intents[about[0]]["result_slots"].append(about[-1])
    return {
        "service_name": service(ontology),
        "description": outcome.name,
        "slots": list(slots.values()),
        "intents": list(intents.values()),
    }


def _add(slots: dict[str, Any], name: str, title: str, values: Sequence[str] = ()) -> None:
    slot = {"name": name, "description": title, "is_categorical": bool(values)}
    slots.setdefault(name, {**slot, "possible_values": list(values)})


def _title(key: str, ontology: Ontology) -> str:
    slot, _, part = key.partition(":")[0].partition(".")
    title = ontology.plain["slots"].get(slot, {}).get("title", slot)
    return " ".join(filter(None, [title, part]))


def _intent(name: str, title: str, optional: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": name,
        "description": title,
        "is_transactional": False,
        "required_slots": [],
        "optional_slots": dict(optional),
        "result_slots": [],
    }


def _optional(intent: str, outcome: Outcome) -> dict[str, str]:
    """Return what may be said with an intent; nothing need be, since the bot asks for it."""
    ontology, keys = outcome.ontology, outcome.options.labels == "key"
    name = ontology.ascii if keys else ontology.key
    units = ontology.plain["intents"][intent]["units"]
    return {
        name({"slot": key}): "dontcare" for unit in units for key in ontology.unit(unit).values()
    }
