"""A source in, a spec out; pydantic's errors become problems with a place and a remedy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from dialogue.problem import ContentError, Problem, nearest
from dialogue.spec.misreading import quoted
from dialogue.spec.models import OutcomeSpec
from dialogue.spec.notation import shape
from dialogue.spec.spec import Shorthand, Spec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydantic_core import ErrorDetails

    from dialogue.spec.source import Route, Source

S = TypeVar("S", bound=Spec)


def validate(source: Source, model: type[S]) -> S:
    """Turn a source into a spec; raise ContentError with every problem at its place."""
    try:
        return model.model_validate(source.data)
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise ContentError(_problem(one, source, model) for one in _roots(found)) from None


def _roots(found: list[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Drop what only repeats at a parent the mistake of a child."""
    routes = [one["loc"] for one in found]
    for one in found:
        inner = any(r != one["loc"] and r[: len(one["loc"])] == one["loc"] for r in routes)
        if not inner or one["type"] == "content":
            yield one


def _problem(found: ErrorDetails, source: Source, model: type[Spec]) -> Problem:
    route = _route(found["loc"], source)
    kind, context = found["type"], found.get("ctx", {})
    at = source.at(route)
    if kind == "content":
        if context["key"] is not None:
            at = source.key((*route, context["key"]))
        return Problem(at, context["what"], context["fix"])
    if kind == "extra_forbidden":
        known = _fields(model, found["loc"][:-1])
        return Problem(
            source.key(route), f"unknown key '{route[-1]}'", nearest(str(route[-1]), known)
        )
    if kind == "missing":
        name = str(found["loc"][-1])
        help_text = _lowered(_fields(model, found["loc"][:-1]).get(name, ""))
        fix = f"add '{name}'" + (f" ({help_text})" if help_text else "")
        return Problem(source.key(route), f"'{name}' is missing", fix)
    if kind == "string_type" and (cut := source.place(route).cut):
        return Problem(at, "YAML reads '#' as a comment", f"quote the text: {quoted(cut)}")
    if kind == "literal_error":
        words = re.findall(r"'(\w+)'", context["expected"])
        kind = "preset" if route == ("preset",) else "type"
        return Problem(
            at, f"unknown {kind} {shape(found['input'])}", nearest(found["input"], words)
        )
    if kind == "too_short":
        return Problem(at, "the list is empty", "write at least one item")
    wanted, fix = _WANTED.get(kind, (found["msg"].lower(), "correct the value"))
    if kind in _SHAPES:
        fix = _SHAPES[kind](found, model)
    wanted, fix = wanted.format(**context), fix.format(**context) if context else fix
    return Problem(at, f"expected {wanted} but got {shape(found['input'])}", fix)


def _listed(found: ErrorDetails, model: type[Spec]) -> str:
    """Say how a list is written here."""
    spec, _ = _field(model, found["loc"])
    of_text = spec is None or issubclass(spec, (Shorthand, OutcomeSpec))
    if of_text and isinstance(found["input"], str):
        return f"write it as a list: [{quoted(found['input'])}]"
    keys = f", with the keys {', '.join(_keys(spec))}" if spec else ""
    return f"write items as lines that start with '- '{keys}"


def _mapped(found: ErrorDetails, model: type[Spec]) -> str:
    """Say which keys are written here."""
    spec, description = _field(model, found["loc"])
    if found["type"] == "dict_type" or spec is None:
        return f"write lines of the form key: value ({_lowered(description)})"
    return f"write lines of the form key: value, with the keys {', '.join(_keys(spec))}"


def _texted(found: ErrorDetails, _: type[Spec]) -> str:
    if isinstance(found["input"], (list, tuple)):
        return "write one text, without brackets or '- '"
    if found["input"] is None:
        return "write a text"
    return "write one line of text; quote it if it holds ': ' or starts with '{{'"


_SHAPES: dict[str, Callable[[ErrorDetails, type[Spec]], str]] = {
    "string_type": _texted,
    "list_type": _listed,
    "dict_type": _mapped,
    "model_type": _mapped,
    "model_attributes_type": _mapped,
}


def _route(steps: Route, source: Source) -> Route:
    """Return where a value is written: shorthands have steps in the spec that no file has."""
    route: Route = ()
    written: Any = source.data
    for number, step in enumerate(steps):
        if steps[number - 1 : number + 2] == ("bot", 0, "say") and steps[number + 2 :]:
            first = written[0] if isinstance(written, list) else None
            if not (isinstance(first, dict) and "say" in first):
                continue  # phrasings that stand for one outcome
        if isinstance(written, dict) and isinstance(step, int) and step < len(written):
            step = list(written)[step]  # a mapping that stands for a list
        if (*route, step) in source.places:
            route = (*route, step)
            written = _within(written, step)
    return route


def _within(written: Any, step: Any) -> Any:
    return written[step] if isinstance(written, (dict, list)) else None


def _lowered(sentence: str) -> str:
    """Turn a key's description into the end of a sentence."""
    sentence = sentence.rstrip(".")
    return sentence if sentence[1:2].isupper() else sentence[:1].lower() + sentence[1:]


_WANTED = {
    "string_type": ("text", ""),
    "list_type": ("a list", ""),
    "dict_type": ("keys with values", ""),
    "model_type": ("keys with values", ""),
    "model_attributes_type": ("keys with values", ""),
    "float_parsing": ("a number", "write digits"),
    "float_type": ("a number", "write digits"),
    "int_parsing": ("a whole number", "write digits"),
    "int_type": ("a whole number", "write digits"),
    "greater_than_equal": ("a number of at least {ge:g}", "write a number of at least {ge:g}"),
    "less_than_equal": ("a smaller number", "write a number of at most {le:,.0f}"),
    "finite_number": ("a finite number", "write digits"),
    "date_from_datetime_parsing": ("a day", "write it as 2026-01-31"),
    "date_parsing": ("a day", "write it as 2026-01-31"),
    "date_type": ("a day", "write it as 2026-01-31"),
}


def _keys(spec: type[Spec]) -> dict[str, str]:
    """Return name → description of the keys of a spec."""
    return {
        field.alias or name: field.description or "" for name, field in spec.model_fields.items()
    }


def _fields(model: type[Spec], route: Route) -> dict[str, str]:
    """Return name → description of the keys that may stand at `route` below `model`."""
    spec, _ = _field(model, route)
    return _keys(spec) if spec else {}


def _field(model: type[Spec], route: Route) -> tuple[type[Spec] | None, str]:
    """Return the spec that is written at `route`, if it is one, and what is said of the key."""
    current: type[Spec] | None = model
    description = ""
    for part in route:
        fields = current.model_fields if current else {}
        names = {field.alias or name: field for name, field in fields.items()}
        if part in names:
            current = _spec_in(names[str(part)].annotation)
            description = names[str(part)].description or ""
    return current, description


def _spec_in(annotation: Any) -> type[Spec] | None:
    if isinstance(annotation, type) and issubclass(annotation, Spec):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        if found := _spec_in(inner):
            return found
    return None
