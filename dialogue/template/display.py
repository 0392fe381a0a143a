"""How a value looks when a template prints it, labels kept: as text, as Python and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jinja2 import Undefined

from dialogue.template.rope import LabelledFloat, LabelledInt, Rope, concat

if TYPE_CHECKING:
    from collections.abc import Iterable

PLAIN = (bool, int, float, type(None), range)
UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "'": "\\u0027"}


def show(value: object) -> str:
    """Return the text that printing a value gives, labelled."""
    kind = type(value)
    if kind is Rope or kind is str:
        return value  # type: ignore[return-value]
    if isinstance(value, (Rope, str)):
        return value
    if isinstance(value, (LabelledInt, LabelledFloat)):
        return value.rope
    if kind in PLAIN or isinstance(value, Undefined):
        return str(value)
    return written(value)


def written(value: object) -> str:
    """Return a value as Python writes it inside a list."""
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, LabelledInt):
        return Rope.of(int.__repr__(value), value.label)
    if isinstance(value, LabelledFloat):
        return Rope.of(float.__repr__(value), value.label)
    if isinstance(value, Mapping):
        items = (concat((written(key), ": ", written(item))) for key, item in value.items())
        return _listed("{", items, "}")
    if isinstance(value, tuple):
        return _listed("(", map(written, value), ",)" if len(value) == 1 else ")")
    if isinstance(value, list):
        return _listed("[", map(written, value), "]")
    if type(value) in PLAIN:
        return repr(value)
    if isinstance(value, Undefined):
        return str(value)
    raise TypeError(f"{_named(value)} cannot be printed")


def as_json(value: object, indent: int | None = None, depth: int = 0) -> str:
    """Return a value as Jinja2's `tojson` writes it."""
    if isinstance(value, str):
        return concat(('"', Rope(value, getattr(value, "pieces", ())).charwise(_escaped), '"'))
    if isinstance(value, LabelledInt):
        return Rope.of(json.dumps(int(value)), value.label)
    if isinstance(value, LabelledFloat):
        return Rope.of(json.dumps(float(value)), value.label)
    if isinstance(value, Undefined):
        return str(value)
    inner = "" if indent is None else "\n" + " " * (indent * (depth + 1))
    outer = "" if indent is None else "\n" + " " * (indent * depth)
    comma = ", " if indent is None else "," + inner
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("tojson needs text as keys")
        pairs = (
            (as_json(key), ": ", as_json(value[key], indent, depth + 1)) for key in sorted(value)
        )
        return _listed("{" + inner, map(concat, pairs), outer + "}", comma) if value else "{}"
    if isinstance(value, (list, tuple)):
        items = (as_json(item, indent, depth + 1) for item in value)
        return _listed("[" + inner, items, outer + "]", comma) if value else "[]"
    if value is None or type(value) in (bool, int, float):
        return json.dumps(value)
    raise TypeError(f"{_named(value)} has no JSON form")


def _quoted(text: str) -> str:
    plain = repr(str.__str__(text))
    if not isinstance(text, Rope) or not text.pieces:
        return plain
    quote = plain[0]

    def escaped(one: str) -> str:
        return "\\" + one if one == quote else repr(one)[1:-1]

    return concat((quote, text.charwise(escaped), quote))


def _escaped(one: str) -> str:
    return UNSAFE.get(one) or json.dumps(one)[1:-1]


def _listed(opening: str, items: Iterable[str], closing: str, comma: str = ", ") -> Rope:
    parts: list[str] = [opening]
    for item in items:
        parts += (item, comma)
    if len(parts) > 1:
        parts.pop()
    return concat([*parts, closing])


def _named(value: Any) -> str:
    return f"a {type(value).__name__.strip('_').lower()}"
