"""`pick` and `order`: the two ways in which a phrasing leaves something to chance."""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING

from jinja2 import Undefined

from dialogue.template.display import show
from dialogue.template.rope import Rope, concat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MOST = 6
"""Items that `order` permutes: seven have 5040 orders, nobody reads that many."""


def first(_: int) -> int:
    """Choose the first of some options."""
    return 0


def pick(choose: Callable[[int], int], options: Sequence[object]) -> object:
    """Return one of the options; a single one is not drawn for."""
    if not options:
        raise ValueError("pick() needs something to pick from")
    return options[choose(len(options)) if len(options) > 1 else 0]


def order(
    choose: Callable[[int], int],
    items: Sequence[object],
    sep: object = "",
    labels: Mapping[str, object] | None = None,
) -> Rope:
    """Return the items in a drawn order with a drawn separator; what says nothing is left out."""
    if len(items) > MOST:
        raise ValueError(f"order() takes at most {MOST} items")
    said = [named(text, labels) for text in map(_text, items) if text]
    number = choose(factorial(len(said))) if len(said) > 1 else 0
    seps = sep if isinstance(sep, (list, tuple)) else [sep]
    between = pick(choose, seps) if len(said) > 1 else ""
    arranged: list[str] = []
    for left in range(len(said), 0, -1):
        place, number = divmod(number, factorial(left - 1))
        arranged += (show(between), said.pop(place))
    return concat(arranged[1:])


def named(text: str, labels: Mapping[str, object] | None) -> str:
    """Return the text behind the label that is written for its part or its slot."""
    if not labels or not isinstance(text, Rope) or not text.pieces:
        return text
    label = text.pieces[0][2]
    for name in (label.part, label.slot):
        if name is not None and name in labels:
            return concat((show(labels[name]), text))
    return text


def _text(item: object) -> str:
    # A part that a record does not have is left out; a name that nobody bound is a mistake.
    if isinstance(item, Undefined) and isinstance(item._undefined_obj, (Rope, dict)):
        return ""
    return show(item)
