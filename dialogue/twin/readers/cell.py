"""What JSON tells of a text: values, names and places, or a mistake in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogue.problem import UnplacedError
from dialogue.twin.example import Said, Wanted, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

STRETCHES = ("spans", "entities", "labels")


class Unreadable(UnplacedError):  # noqa: N818 - it says what the row is
    """A row that makes no example."""


def target(written: Any, *, sure: bool = True) -> tuple[Wanted, ...]:
    """Return the values of a target; blank ones and null were not said. Raises Unreadable."""
    if not isinstance(written, dict):
        raise Unreadable("the target is no JSON object", 'write {"姓名": "张三"}')
    return tuple(_wanted("", written, sure))


def _wanted(label: str, value: Any, sure: bool) -> Iterator[Wanted]:
    if isinstance(value, dict):
        for key, inner in value.items():
            name = plain(key).strip() or "value"
            yield from _wanted(f"{label}.{name}" if label else name, inner, sure)
    elif isinstance(value, list):
        for inner in value:
            yield from _wanted(label, inner, sure)
    elif isinstance(value, bool):
        raise Unreadable(
            f"'{label}' is {str(value).lower()}, which no words say", "leave it out of the target"
        )
    elif value is not None and str(value).strip():
        yield Wanted(label, plain(str(value)).strip(), sure)


def texts(written: Any, what: str) -> tuple[str, ...]:
    """Return a text or a list of them, or of objects with a name, as texts."""
    several = written if isinstance(written, list | tuple) else [written]
    found = [one.get("name") if isinstance(one, dict) else one for one in several]
    if not all(isinstance(one, str) for one in found):
        raise Unreadable(f"the {what} is no text", f'write "{what}": "order_status"')
    return tuple(one for one in found if one)


def stretches(row: Mapping[str, Any]) -> Iterator[Said]:
    """Yield the places of values that a row tells."""
    found: list[Any] = next((row[key] for key in STRETCHES if isinstance(row.get(key), list)), [])
    for one in found:
        if isinstance(one, list | tuple) and len(one) == 3:
            one = dict(zip(("start", "end", "label"), one, strict=True))
        if not isinstance(one, dict):
            raise Unreadable("a span is no object", 'write {"start": 0, "end": 2, "label": "姓名"}')
        label = one.get("label", one.get("entity", one.get("slot")))
        start, end = one.get("start"), one.get("end")
        if not isinstance(label, str) or type(start) is not int or type(end) is not int:
            raise Unreadable(
                "a span lacks start, end or label", 'write {"start": 0, "end": 2, "label": "姓名"}'
            )
        surface = one.get("surface", one.get("text"))
        if isinstance(surface, str) and surface != row.get("text", "")[start:end]:
            got = row.get("text", "")[start:end]
            raise Unreadable(
                f"the span of '{label}' says '{surface}' but its place holds '{got}'",
                "count places in code points",
            )
        value = one.get("value")
        normal = value if isinstance(value, str) else ""
        yield Said(start, end, label, str(one.get("role") or ""), normal)
