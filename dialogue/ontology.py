"""What a dataset is about: intents, slots and tools, once for all sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogue.kind import DeckKind

if TYPE_CHECKING:
    from dialogue.graph import Graph
    from dialogue.slot import Slot
    from dialogue.tool import Tool

_JSON = {"integer": "integer", "number": "number", "money": "number", "boolean": "boolean"}


def ontology(graph: Graph) -> dict[str, Any]:
    """Return the ontology of a graph's domain."""
    domain = graph.domain
    intents: dict[str, Any] = {}
    for unit in graph.units:
        for name in unit.intents:
            intents.setdefault(name, {"title": unit.title, "units": []})["units"].append(unit.name)
    return {
        "domain": domain.name,
        "locale": domain.locale,
        "intents": intents,
        "slots": {name: _slot(slot) for name, slot in domain.names.slots.items()},
        "views": {name: _view(view.target) for name, view in domain.names.views.items()},
        "tools": {name: _tool(tool) for name, tool in domain.tools.items()},
        "scenes": {scene.name: list(scene.path) for scene in graph.scenes},
    }


def _slot(slot: Slot) -> dict[str, Any]:
    described: dict[str, Any] = {"title": slot.title, "key": slot.key}
    if slot.tag.slot != slot.name:
        described["label"] = slot.tag.slot
    if slot.tag.role:
        described["role"] = slot.tag.role
    if slot.parts:
        described["parts"] = list(slot.parts)
    if isinstance(slot.kind, DeckKind):
        values: dict[str, list[str]] = {}
        for card in slot.kind.deck.cards:
            said = values.setdefault(card.value.normal, [])  # type: ignore[union-attr]
            if card.text not in said:
                said.append(str(card.value))
        described["values"] = values
    return described


def _view(target: Any) -> Any:
    if isinstance(target, tuple):
        return ".".join(part for part in target if part)
    return {name: _view(inner) for name, inner in target.items()}


def _tool(tool: Tool) -> dict[str, Any]:
    properties = {}
    for name, spec in tool.spec.parameters.items():
        schema: dict[str, Any] = {"type": _JSON.get(spec.type, "string")}
        if spec.type == "array":
            schema = {"type": "array", "items": {"type": _JSON.get(spec.items or "", "string")}}
        if "instant" in (spec.type, spec.items):
            (schema["items"] if spec.type == "array" else schema)["format"] = "date-time"
        if spec.description:
            schema["description"] = spec.description
        properties[name] = schema
    return {
        "description": tool.spec.description,
        "parameters": {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        },
    }
