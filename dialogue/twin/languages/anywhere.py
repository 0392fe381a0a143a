"""Kinds of values that look alike in every language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dialogue.twin.languages import dates
from dialogue.twin.languages.language import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def looks(pattern: str) -> Callable[[str], bool]:
    """Return what tells whether a whole text is as a pattern says."""
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


def faker(method: str, **arguments: Any) -> Callable[[Sequence[str]], Mapping[str, Any]]:
    """Return what draws a slot from a method."""
    slot = {"faker": method, **({"with": arguments} if arguments else {})}
    return lambda values: slot  # noqa: ARG005


def names(text: str) -> frozenset[str]:
    """Return labels, given by blanks between them."""
    return frozenset(text.split())


EMAIL = looks(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
DAY = Kind(
    "day",
    dates.is_day,
    names("date day birthday 日期 生日 出生日期"),
    dates.draw,
    sure=True,
    note="days that every month has, in the form that the examples have most",
)
URL = Kind("url", looks(r"https?://\S+"), names("url link 网址 链接"), faker("url"), sure=True)
ADDRESS = Kind(
    "ip", looks(r"(?:\d{1,3}\.){3}\d{1,3}"), names("ip"), faker("ipv4_public"), sure=True
)


def shape(value: str) -> str:
    """Return a code with `#` for digits and `?` for capitals that stand beside digits."""
    return re.sub(r"[0-9]", "#", value)


def code(values: Sequence[str]) -> Mapping[str, Any] | None:
    """Return the slot for codes of one form, with at least three digits; None for others."""
    shapes: dict[str, int] = {}
    for value in values:
        shapes[shape(value)] = shapes.get(shape(value), 0) + 1
    best = max(shapes, key=lambda one: shapes[one])
    if len(shapes) > 3 or best.count("#") < 3 or not re.fullmatch(r"[#A-Za-z.:/_-]+", best):
        return None
    text = best
    if all(value[:1] != "0" for value in values):
        text = re.sub(r"^#", "%", text)
    return {"faker": "numerify", "with": {"text": text}}


def number(values: Sequence[str]) -> Mapping[str, Any] | None:
    """Return the slot for whole numbers, about as large as those of the examples."""
    if len(set(values)) < 2 or not all(re.fullmatch(r"0|[1-9][0-9]{0,5}", one) for one in values):
        return None
    found = [int(one) for one in values]
    return {"faker": "pyint", "with": {"min_value": min(found), "max_value": max(found)}}
