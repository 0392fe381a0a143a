"""Jinja2's filters for chat text: each keeps labels where they belong, or is refused by name."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, pass_environment
from jinja2.filters import FILTERS as STOCK
from jinja2.filters import (
    do_batch,
    do_filesizeformat,
    do_float,
    do_int,
    do_round,
    do_title,
    make_attrgetter,
    sync_do_slice,
)

from dialogue.template.display import as_json, show
from dialogue.template.label import Edit, Label, SpanLost
from dialogue.template.rope import LabelledFloat, LabelledInt, Rope, concat

MARKUP = "chat text is plain text, leave the filter out"
REFUSED = {
    "attr": "write the name after a dot",
    "e": MARKUP,
    "escape": MARKUP,
    "forceescape": MARKUP,
    "pprint": "print the value itself",
    "random": "use pick(…), which draws from the session's own stream",
    "safe": MARKUP,
    "striptags": MARKUP,
    "urlize": MARKUP,
    "xmlattr": MARKUP,
}
WIDEST = 10_000


def rope(value: object) -> Rope:
    """Return the text of a value as a rope."""
    text = show(value)
    return text if isinstance(text, Rope) else Rope(text)


def label_of(value: object) -> Label | None:
    """Return the label that covers all of a value."""
    if isinstance(value, (LabelledInt, LabelledFloat)):
        return value.label
    return value.whole if isinstance(value, Rope) else None


def normal(value: object) -> object:
    """Return the text in which every labelled piece is said by its normal form."""
    if isinstance(value, (list, tuple)):
        return [normal(item) for item in value]
    text = rope(value)
    parts: list[str] = []
    at = 0
    for start, end, label in text.pieces:
        parts += (text.cut(at, start), Rope.of(label.normal, label))
        at = end
    return concat([*parts, text.cut(at, len(text))])


def join(
    environment: Environment,
    value: Iterable[Any],
    d: object = "",
    attribute: str | int | None = None,
) -> str:
    if attribute is not None:
        value = map(make_attrgetter(environment, attribute), value)
    return rope(d).join(map(show, value))


def trim(value: object, chars: str | None = None) -> str:
    return rope(value).strip(chars)


def replace(value: object, old: object, new: object, count: int | None = None) -> str:
    return rope(value).replace(show(old), show(new), -1 if count is None else count)


def indent(s: object, width: int | str = 4, first: bool = False, blank: bool = False) -> str:
    text = rope(s)
    margin = width if isinstance(width, str) else " " * _bounded(width)
    plain = str.__str__(text) + "\n"  # so that an empty last line counts
    edits: list[Edit] = [(0, 0, margin)] if first else []
    at = gap = 0
    kept = plain.splitlines(keepends=True)
    for number, (line, ended) in enumerate(zip(plain.splitlines(), kept, strict=True)):
        if number:
            edits.append((gap, at, "\n" + (margin if line or blank else "")))
        gap = at + len(line)
        at += len(ended)
    return text.edited(edits, "indent")


@pass_environment
def truncate(
    environment: Environment,
    s: object,
    length: int = 255,
    killwords: bool = False,
    end: str = "...",
    leeway: int | None = None,
) -> str:
    text = rope(s)
    leeway = environment.policies["truncate.leeway"] if leeway is None else leeway
    if length < len(end) or leeway < 0:
        raise ValueError(f"truncate to {length} leaves no room for '{end}'")
    if len(text) <= length + leeway:
        return text
    kept = text[: length - len(end)]
    return concat((kept if killwords else kept.rsplit(" ", 1)[0], end))


@pass_environment
def wordwrap(
    environment: Environment,
    s: object,
    width: int = 79,
    break_long_words: bool = True,
    wrapstring: str | None = None,
    break_on_hyphens: bool = True,
) -> str:
    text = rope(s)
    between = environment.newline_sequence if wrapstring is None else wrapstring
    edits: list[Edit] = []
    at = 0
    lines = str.splitlines(text)
    for number, (line, ended) in enumerate(
        zip(lines, str.splitlines(text, keepends=True), strict=True)
    ):
        end = at
        wrapped = textwrap.wrap(
            line,
            width=_bounded(width),
            expand_tabs=False,
            replace_whitespace=False,
            break_long_words=break_long_words,
            break_on_hyphens=break_on_hyphens,
        )
        for count, words in enumerate(wrapped):
            # Only white space is left out, and no words begin with it.
            begin = str.find(text, words, end)
            if count or begin > end:
                edits.append((end, begin, between if count else ""))
            end = begin + len(words)
        edits.append((end, at + len(ended), "" if number == len(lines) - 1 else between))
        at += len(ended)
    return text.edited((edit for edit in edits if edit[0] < edit[1] or edit[2]), "wordwrap")


def urlencode(value: object) -> str:
    if isinstance(value, str) or not isinstance(value, Iterable):
        return rope(value).charwise(lambda one: quote(one, safe="/"))
    pairs = value.items() if isinstance(value, Mapping) else value
    return Rope("&").join(concat((_query(key), "=", _query(item))) for key, item in pairs)


def _query(value: object) -> str:
    return rope(value).charwise(lambda one: "+" if one == " " else quote(one, safe=""))


def tojson(value: object, indent: int | None = None) -> str:
    return as_json(value, None if indent is None else _bounded(indent))


def reverse(value: Any) -> Any:
    return rope(value)[::-1] if isinstance(value, str) else STOCK["reverse"](value)


def title(value: object) -> str:
    return rope(value).mapped(do_title)


def batch(value: Iterable[Any], linecount: int, fill_with: object = None) -> Any:
    return do_batch(value, _bounded(linecount), fill_with)


def slices(value: Any, slices: int, fill_with: object = None) -> Any:
    return sync_do_slice(value, _bounded(slices), fill_with)


def absolute(value: Any) -> Any:
    return _relabelled(abs(value), value)


def as_int(value: Any, default: int = 0, base: int = 10) -> Any:
    return _relabelled(do_int(_unlabelled(value), default, base), value)


def as_float(value: Any, default: float = 0.0) -> Any:
    return _relabelled(do_float(_unlabelled(value), default), value)


def rounded(value: Any, precision: int = 0, method: Any = "common") -> Any:
    if abs(precision) > 30:
        raise ValueError(f"round to {precision} places")
    return _relabelled(do_round(_unlabelled(value), precision, method), value)


def filesizeformat(value: Any, binary: bool = False) -> str:
    label = label_of(value)
    text = do_filesizeformat(_unlabelled(value), binary)
    return Rope.of(text, label) if label else text


def _unlabelled(value: Any) -> Any:
    if isinstance(value, Rope):
        if value.pieces and not value.whole:
            raise SpanLost("a number is read from more than one slot")
        return str.__str__(value)
    return value


def _relabelled(number: Any, value: object) -> Any:
    label = label_of(value)
    if label is None or isinstance(number, bool):
        return number
    return (LabelledInt if isinstance(number, int) else LabelledFloat)(number, label)


def _bounded(size: int) -> int:
    if abs(size) > WIDEST:
        raise ValueError(f"size {size} is too large")
    return size


def _texts(method: Callable[..., Any]) -> Callable[..., Any]:
    return lambda value, *args, **named: method(rope(value), *args, **named)


def _filters() -> dict[str, Callable[..., Any]]:
    own: dict[str, Callable[..., Any]] = {
        "abs": absolute,
        "batch": batch,
        "capitalize": _texts(Rope.capitalize),
        "center": _texts(lambda value, width=80: value.center(width)),
        "filesizeformat": filesizeformat,
        "float": as_float,
        "format": _texts(lambda value, *args, **named: value % (named or args)),
        "indent": indent,
        "int": as_int,
        "join": pass_environment(join),
        "lower": _texts(Rope.lower),
        "normal": normal,
        "replace": replace,
        "reverse": reverse,
        "round": rounded,
        "slice": slices,
        "string": show,
        "title": title,
        "tojson": tojson,
        "trim": trim,
        "truncate": truncate,
        "upper": _texts(Rope.upper),
        "urlencode": urlencode,
        "wordwrap": wordwrap,
    }
    kept = {name: used for name, used in STOCK.items() if name not in REFUSED}
    return {**kept, **own}


FILTERS = _filters()
"""Every filter that a phrasing may use."""
