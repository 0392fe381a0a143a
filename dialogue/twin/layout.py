"""YAML as a person lays it out: text plain where it may be, short mappings on one line."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

WIDTH = 100
_SAFE = re.compile(r"[^\W_]|[_，。？！、；：“”‘’（）… ./+·-]")
_LIKE_OTHERS = re.compile(
    r"[-+.\d][\d_.,:eExXoO+-]*|y|n|yes|no|on|off|true|false|null|~|\.inf|\.nan", re.IGNORECASE
)
# Controls, separators of lines and what is no character: YAML has no place for them as they are.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_NUMBER = re.compile(r"0|[1-9]\d*(?:\.\d+)?")


def scalar(text: str) -> str:
    """Return a text as a scalar that every YAML reads as this text."""
    plain = (
        text
        and all(map(_SAFE.fullmatch, text))
        and (text[0].isalpha() or text[0].isdigit())
        and text == text.strip()
        and not _LIKE_OTHERS.fullmatch(text)
        and not any(unicodedata.category(one)[0] in "CZ" and one != " " for one in text)
    )
    return text if plain else quoted(text)


def quoted(text: str) -> str:
    """Return a text in quotation marks, on one line."""
    return _UNPRINTABLE.sub(
        lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False)
    )


def comment(text: str, longest: int = WIDTH - 10) -> str:
    """Return a text as it may stand in a comment: on one line, of printable characters."""
    line = "".join(one if one.isprintable() else "?" for one in " ".join(text.split()))
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def number(text: str) -> str:
    """Return a weight or bound, bare where it is one."""
    return text if _NUMBER.fullmatch(text) else scalar(text)


def flow(data: Any, *, bare: bool = False) -> str:
    """Return data on one line; `bare` leaves numbers without quotation marks."""
    if isinstance(data, dict):
        inner = ", ".join(
            f"{scalar(key)}: {flow(value, bare=bare or key in _NUMBERS)}"
            for key, value in data.items()
        )
        return f"{{{inner}}}"
    if isinstance(data, list | tuple):
        return f"[{', '.join(flow(one, bare=bare) for one in data)}]"
    if isinstance(data, int | float):
        return str(data)
    return number(data) if bare else scalar(data)


_NUMBERS = frozenset({"weight", "say", "hours", "from", "to"})


def entry(name: str, data: Any, indent: str = "  ", note: str = "") -> Iterator[str]:
    """Yield the lines of a key, on one line if it fits, else in blocks; a note goes above."""
    line = f"{indent}{scalar(name)}: {flow(data)}"
    comment = f"  # {note}" if note else ""
    if len(line) + len(comment) <= WIDTH:
        yield line + comment
        return
    if note:
        yield f"{indent}# {note}"
    if len(line) <= WIDTH or not isinstance(data, dict | list):
        yield line
    elif isinstance(data, list):
        yield from wrapped(f"{indent}{scalar(name)}: [", map(scalar, data), f"{indent}  ", "]")
    elif name in ("edges", "start") or all(
        not isinstance(one, dict | list) for one in data.values()
    ):
        pairs = (f"{scalar(key)}: {flow(value)}" for key, value in data.items())
        yield from wrapped(f"{indent}{scalar(name)}: {{", pairs, f"{indent}  ", "}")
    else:
        yield f"{indent}{scalar(name)}:"
        for key, value in data.items():
            yield from entry(key, value, f"{indent}  ")


def wrapped(head: str, items: Iterable[str], indent: str, tail: str) -> Iterator[str]:
    """Yield items one after the other on lines that are not too long."""
    line, first = head, True
    for item in items:
        piece = item if first else f", {item}"
        if not first and len(line) + len(piece) >= WIDTH:
            yield f"{line},"
            line, piece = indent, item
        line += piece
        first = False
    yield line + tail


def mapping(data: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    """Yield the lines of several keys."""
    for name, value in data.items():
        yield from entry(name, value, indent)
