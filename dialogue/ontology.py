"""What a dataset is about: intents, slots and tools, once for all sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogue.kind import DeckKind, FakerKind, QueryKind
from dialogue.tasks.ontology import LISTED
from dialogue.turn import CallTurn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dialogue.domain import Domain
    from dialogue.edge import Scene
    from dialogue.graph import Graph
    from dialogue.slot import Slot
    from dialogue.tool import Tool
    from dialogue.unit import Unit

_JSON = {"integer": "integer", "number": "number", "money": "number", "boolean": "boolean"}


def ontology(graph: Graph) -> dict[str, Any]:
    """Return the ontology of a graph's domain."""
    domain = graph.domain
    intents: dict[str, Any] = {}
    for unit in graph.units:
        for name in unit.intents:
            intent = intents.setdefault(name, {"title": unit.title, "units": []})
            intent["units"].append(unit.name)
            if unit.name == name:  # the unit that an intent is named after says it best
                intent["title"] = unit.title
    if graph.behaviours is not None:
        for name, title in graph.behaviours.intents().items():
            intents.setdefault(name, {"title": title, "units": []})
    return {
        "domain": domain.name,
        "locale": domain.locale,
        **({"license": domain.license} if domain.license else {}),
        "intents": intents,
        "units": {unit.name: _unit(unit, graph) for unit in graph.units},
        "slots": {name: _slot(slot, domain) for name, slot in domain.names.slots.items()},
        "labels": {key: domain.labels[name] for name, key in domain.keys.items()},
        "keys": _keys(domain),
        "views": {name: _view(view.target) for name, view in domain.names.views.items()},
        "tools": _tools(graph),
        "facts": {name: _lists(slot, domain) for name, slot in _fillers(domain)},
        "scenes": {scene.name: _scene(scene, graph) for scene in graph.scenes},
        **({} if graph.target is None else {"target": _declared(graph.target, domain)}),
        "instructions": graph.instructions,
    }


def _unit(unit: Unit, graph: Graph) -> dict[str, Any]:
    domain = graph.domain
    gives = [key for name, key in domain.keys.items() if name in unit.tells]
    return {
        "title": unit.title,
        "intents": list(unit.intents),
        "gives": list(dict.fromkeys(gives)),
        "target": _target(unit.target, unit.tells, graph),
    }


def _scene(scene: Scene, graph: Graph) -> dict[str, Any]:
    tells = (graph.domain.units[name].tells for name in scene.path)
    target = _target(scene.target, frozenset().union(*tells), graph)
    asks = {"extract": list(scene.asks)} if scene.asks else {}
    return {"path": list(scene.path), "target": target, **asks}


def _target(
    declared: Mapping[str, str] | None, given: frozenset[str], graph: Graph
) -> dict[str, str]:
    """Return what can be extracted, label → key.

    That is what is declared, of the graph's target what users may give, or all of that.
    """
    domain = graph.domain
    if declared is None:
        asked = graph.target
        pairs = ((domain.labels[name], name) for name in domain.labels)
        wanted = pairs if asked is None else asked.items()
        declared = {label: name for label, name in wanted if name in given}
    return _declared(declared, domain)


def _declared(labels: Mapping[str, str], domain: Domain) -> dict[str, str]:
    return {label: domain.keys[name] for label, name in labels.items()}


def _keys(domain: Domain) -> dict[str, str]:
    """Return the ASCII name of every key that a span may have.

    That of a typed column is `tool.column`: results of one tool say the same thing.
    """
    columns = {
        f"{result}.{column}": f"{tool.name}.{column}"
        for result, tool in domain.names.results.items()
        for column, returned in tool.spec.returns.items()
        if returned.slot is None
    }
    return {**{key: _ascii(name, domain) for name, key in domain.keys.items()}, **columns}


def _ascii(name: str, domain: Domain) -> str:
    name, _, part = name.partition(".")
    slot = domain.names.slots[name]
    own = slot.tag.role and slot.key.isascii()
    key = slot.key if own else domain.names.slots[slot.tag.slot].key
    if part:
        key = f"{key}.{slot.part_keys.get(part, part)}"
    return f"{key}:{slot.tag.role}" if slot.tag.role and not own else key


def _fillers(domain: Domain) -> Iterator[tuple[str, Slot]]:
    return ((name, slot) for name, slot in domain.names.slots.items() if slot.into)


def _lists(filler: Slot, domain: Domain) -> dict[str, list[str]]:
    """Return by which columns users name the rows that a record brings: list → columns."""
    lists: dict[str, dict[str, None]] = {}
    for table, name in filler.into:
        for slot in domain.names.slots.values():
            if isinstance(slot.kind, QueryKind) and slot.kind.table == table:
                lists.setdefault(name, {}).update(dict.fromkeys(slot.kind.sayer.say))
    return {name: list(columns) for name, columns in lists.items()}


def _slot(slot: Slot, domain: Domain) -> dict[str, Any]:
    described: dict[str, Any] = {"title": slot.title, "key": slot.key}
    if slot.tag.slot != slot.name:
        described["label"] = slot.tag.slot
    if slot.tag.role:
        described["role"] = slot.tag.role
    if slot.parts:
        described["parts"] = list(slot.parts)
        described["groups"] = [list(group) for group in slot.groups]  # redrawn together
    if isinstance(slot.kind, FakerKind) and slot.kind.type:
        described["type"] = slot.kind.type
    values = _values(slot, domain)
    if values is not None:
        described["values"] = values
    return described


def _values(slot: Slot, domain: Domain) -> dict[str, list[str]] | None:
    """Return the documented values of a slot, normal form → its surfaces; None if it is open."""
    if isinstance(slot.kind, DeckKind):
        values: dict[str, list[str]] = {}
        for card in slot.kind.deck.cards:
            said = values.setdefault(card.value.normal, [])  # type: ignore[union-attr]
            if card.text not in said:
                said.append(str(card.value))
        return values
    if isinstance(slot.kind, QueryKind) and slot.kind.sayer.table:
        say = slot.kind.sayer.say
        first = next(iter(say))
        found: dict[str, dict[str, None]] = {}  # rows may share a name, and be said otherwise
        for row in domain.rows_of(slot.kind.sayer.table):
            if row[first] not in (None, ""):
                surfaces = [str(row[column]) for column in say if row[column]]
                found.setdefault(str(row[first]), {}).update(dict.fromkeys(surfaces))
        return {name: [*surfaces] for name, surfaces in found.items()}
    return None


def _view(target: Any) -> Any:
    if isinstance(target, tuple):
        return ".".join(part for part in target if part)
    return {name: _view(inner) for name, inner in target.items()}


def _tools(graph: Graph) -> dict[str, Any]:
    """Describe the tools that the graph's units call."""
    calls: dict[str, list[CallTurn]] = {}
    for unit in graph.units:
        for turn in unit.turns:
            if isinstance(turn, CallTurn):
                calls.setdefault(turn.tool.name, []).append(turn)
    tools = graph.domain.tools.items()
    return {name: _tool(tool, calls[name], graph.domain) for name, tool in tools if name in calls}


def _choices(name: str, calls: Iterable[CallTurn], domain: Domain) -> list[str]:
    """Return all values of a parameter that always is a slot with documented values or a constant.

    Those are choices and rows of the pack's own tables, in their normal forms. None are returned
    for others, nor where there are more than `LISTED`.
    """
    values: dict[str, None] = {}
    for call in calls:
        argument = call.arguments[name]
        slot = domain.names.slots.get(argument.source)
        documented: Iterable[Any] | None = _values(slot, domain) if slot is not None else None
        if not argument.names:
            documented = [argument({})]
        if documented is None:
            return []
        values.update(dict.fromkeys(documented))
    return list(values) if len(values) <= LISTED else []


def _tool(tool: Tool, calls: Iterable[CallTurn], domain: Domain) -> dict[str, Any]:
    properties = {}
    for name, spec in tool.spec.parameters.items():
        schema: dict[str, Any] = {"type": _JSON.get(spec.type, "string")}
        if spec.type == "array":
            schema = {"type": "array", "items": {"type": _JSON.get(spec.items or "", "string")}}
        if "instant" in (spec.type, spec.items):
            (schema["items"] if spec.type == "array" else schema)["format"] = "date-time"
        choices = _choices(name, calls, domain)
        if choices and spec.type == "string":
            schema["enum"] = choices
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
