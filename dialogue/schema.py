"""JSON Schemas of what authors write and of the record, for editors and readers."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from dialogue.problem import nearest
from dialogue.session import Session
from dialogue.spec import DomainSpec, GraphSpec, UnitSpec

KINDS: dict[str, Any] = {
    "session": Session,
    "unit": UnitSpec,
    "graph": GraphSpec,
    "domain": DomainSpec,
}


def json_schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of a kind; raises ValueError for an unknown one."""
    if kind not in KINDS:
        raise ValueError(f"unknown kind '{kind}': {nearest(kind, KINDS)}")
    schema = TypeAdapter(KINDS[kind]).json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
