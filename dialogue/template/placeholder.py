"""Text with placeholders, `%s` and `{}`, filled with values that keep their labels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter
from typing import TYPE_CHECKING, Any

from dialogue.template.display import show, written
from dialogue.template.label import SpanLost, TooLong
from dialogue.template.rope import LabelledFloat, LabelledInt, Rope, concat

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PERCENT = re.compile(
    r"%(?:\((?P<key>[^()]*)\))?(?P<flags>[#0\- +]*)(?P<width>\d*)(?:\.(?P<cut>\d*))?[hlL]?"
    r"(?P<kind>.?)",
    re.DOTALL,
)
SPEC = re.compile(
    r"(?:(?P<fill>.)?(?P<align>[<>=^]))?(?P<sign>[-+ ]?z?#?)(?P<zero>0?)(?P<width>\d*)(?P<rest>.*)",
    re.DOTALL,
)
WIDE = re.compile(r"\d{5}")


def percent(template: Rope, values: Any) -> Rope:
    """Return `template % values`."""
    _typed_by_the_author(template)
    named = values if isinstance(values, Mapping) else None
    given = iter(values if isinstance(values, tuple) else (values,))
    parts: list[str] = []
    at = 0
    text = str.__str__(template)
    for found in PERCENT.finditer(text):
        parts.append(text[at : found.start()])
        at = found.end()
        if found["kind"] == "%":
            parts.append("%")
            continue
        parts.append(_converted(found, _argument(found["key"], named, given)))
    parts.append(text[at:])
    if next(given, given) is not given and not isinstance(values, (Mapping, list)):
        raise TypeError("not all arguments converted during string formatting")
    return concat(parts)


def filled(template: Rope, args: Sequence[object], names: Mapping[str, object]) -> Rope:
    """Return `template.format(*args, **names)`; a field is a name or a number."""
    _typed_by_the_author(template)
    parts: list[str] = []
    automatic = 0
    numbering = ""
    for literal, field, spec, conversion in Formatter().parse(str.__str__(template)):
        parts.append(literal)
        if field is None:
            continue
        if field and not (field.isdecimal() or field.isidentifier()):
            raise ValueError(f"format field '{{{field}}}' looks inside a value")
        if spec and "{" in spec:
            raise ValueError("format has a field inside a field")
        if field == "" or field.isdecimal():
            if numbering not in ("", "manual" if field else "automatic"):
                raise ValueError("format mixes '{}' and '{0}'")
            numbering = "manual" if field else "automatic"
            value = args[int(field or automatic)]
            automatic += 1
        else:
            value = names[field]
        if conversion not in (None, "s", "r"):
            raise ValueError(f"format conversion '!{conversion}' is not supported")
        value = {"s": show, "r": written}[conversion](value) if conversion else value
        parts.append(formatted(value, spec or ""))
    return concat(parts)


def formatted(value: object, spec: str) -> str:
    """Return `format(value, spec)`; padding is outside the label."""
    if not spec:
        return show(value)
    if WIDE.search(spec):
        raise TooLong(f"format width in '{spec}' is too large")
    if isinstance(value, (LabelledInt, LabelledFloat)):
        return _number(value, spec)
    if isinstance(value, Rope):
        return _padded(value, spec)
    if isinstance(value, (str, int, float)):
        return format(value, spec)
    raise TypeError(f"format '{spec}' does not fit a {type(value).__name__}")


def _typed_by_the_author(template: Rope) -> None:
    if template.pieces:
        raise SpanLost("a slot's value is used as a format")


def _argument(key: str | None, named: Mapping[Any, Any] | None, given: Iterator[Any]) -> Any:
    if key is not None:
        if named is None:
            raise TypeError("format requires a mapping")
        return named[key]
    missing = object()
    value = next(given, missing)
    if value is missing:
        raise TypeError("not enough arguments for format string")
    return value


def _converted(found: re.Match[str], value: Any) -> str:
    kind, flags, cut = found["kind"], found["flags"], found["cut"]
    if WIDE.match(found["width"]) or WIDE.match(cut or ""):
        raise TooLong(f"format width in '{found[0]}' is too large")
    if kind in ("s", "r"):
        text = show(value) if kind == "s" else written(value)
        text = text if cut is None else text[: int(cut or 0)]
    elif kind in "diouxXeEfFgGc" and kind:
        precise = "" if cut is None else f".{cut}"
        width = found["width"] if "0" in flags and "-" not in flags else ""
        plain = f"%{flags}{width}{precise}{kind}"
        if kind == "c" and isinstance(value, Rope):
            if len(value) != 1:
                raise TypeError("%c requires one character")
            text = value
        else:
            number, label = _unlabelled(value)
            text = plain % (number,)
            text = Rope.of(text, label) if label else text
    else:
        raise ValueError(f"unsupported format '{found[0]}'")
    room = " " * (int(found["width"] or 0) - len(text))
    return concat((text, room) if "-" in flags else (room, text))


def _unlabelled(value: Any) -> tuple[Any, Any]:
    if isinstance(value, LabelledInt):
        return int(value), value.label
    if isinstance(value, LabelledFloat):
        return float(value), value.label
    return value, None


def _number(value: LabelledInt | LabelledFloat, spec: str) -> Rope:
    number, label = _unlabelled(value)
    text = format(number, spec)
    parsed = SPEC.fullmatch(spec)
    if parsed is None or parsed["zero"] or parsed["align"] == "=" or not parsed["width"]:
        return Rope.of(text, label)
    length = len(format(number, parsed["sign"] + parsed["rest"]))
    room = len(text) - length
    left = {"<": 0, "^": room // 2}.get(parsed["align"] or ">", room)
    return Rope(text, ((left, left + length, label),))


def _padded(value: Rope, spec: str) -> Rope:
    text = format(str.__str__(value), spec)
    parsed = SPEC.fullmatch(spec)
    cut = re.search(r"\.(\d+)", spec)
    kept = value.cut(0, min(len(value), int(cut[1])) if cut else len(value))
    room = len(text) - len(kept)
    align = (parsed["align"] if parsed else None) or "<"
    left = {"<": 0, "^": room // 2}.get(align, room)
    return concat((text[:left], kept, text[left + len(kept) :]))
