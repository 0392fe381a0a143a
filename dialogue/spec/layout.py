"""YAML text and the route of a list in, how the list is written out: items can be added as text.

Only text is put in, so that comments, quotes and layout around it stay as they are, byte by byte.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from dialogue.spec.misreading import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialogue.spec.source import Route

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DASHES = re.compile(r"[ ]*-[ ]+")
_ENDED = re.compile(r"[ ]*(,?)[ ]*(?:#.*)?")
_LEAD = re.compile(r"[ ]*(?:-[ ]+)*")


class LayoutError(Exception):
    """A list that nothing can be added to as it is written: why."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a list stands in a text.

    `lead` is what a line of a new item begins with, `end` the offset after the last item (in a
    block list after the line on which it ends), `after` the rest of the line behind each item, and
    `flow` tells whether the list is in brackets.
    """

    lead: str
    end: int
    after: tuple[str, ...]
    flow: bool

    def extended(self, text: str, items: Sequence[str], comment: str) -> str:
        """Return the text with items behind the last one, a line each that ends in the comment."""
        ending = "\r\n" if "\r\n" in text else "\n"
        comma = "," if self.flow else ""
        lines = "".join(
            f"{ending}{self.lead}{quoted(item)}{comma if n < len(items) else ''}  # {comment}"
            for n, item in enumerate(items, start=1)
        )
        before, behind = text[: self.end], text[self.end :]
        if not self.flow:
            return before + lines + behind
        rest = self.after[-1]
        if ended := _ENDED.fullmatch(rest):
            return f"{before}{'' if ended[1] else comma}{rest}{lines}{behind[len(rest) :]}"
        # What closes the list on this line must not become part of the comment.
        return f"{before}{comma}{lines}{ending}{self.lead[:-2]}{behind}"


def layout(text: str, route: Route) -> Layout:
    """Return how the list at a route is written; raises LayoutError where none can be extended."""
    node, key = _found(text, route)
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        raise LayoutError("there is no list")
    start = node.start_mark.index
    if text[start : start + 1] == "&" or (key is not None and start < key.start_mark.index):
        raise LayoutError("the list has an anchor: it stands for more than one")
    ends = [_end(item, text) for item in node.value]
    after = tuple(_rest(text, end) for end in ends)
    if node.flow_style:
        lead = _before(text, node.value[-1])
        if lead.strip():  # it shares its line
            opened = _LEAD.match(_before(text, node))
            lead = " " * (len(opened[0] if opened else "") + 2)
        return Layout(lead, ends[-1], after, flow=True)
    for item in reversed(node.value):
        lead = _before(text, item)
        if _DASHES.fullmatch(lead):
            return Layout(lead, ends[-1] + len(after[-1]), after, flow=False)
    raise LayoutError("no item of the list begins on a line of its own")


def _found(text: str, route: Route) -> tuple[Any, Any]:
    """Return the node at a route, and the node of its key."""
    loader = _LOADER(text)
    try:
        node = loader.get_single_node()
    except yaml.YAMLError:
        raise LayoutError("it is not YAML") from None
    finally:
        loader.dispose()
    key = None
    for step in route:
        if isinstance(node, yaml.MappingNode):
            pairs = {name.value: (name, value) for name, value in node.value}
            key, node = pairs.get(step, (None, None))
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step] if step < len(node.value) else None
        else:
            node = None
    return node, key


def _end(node: Any, text: str) -> int:
    """Return the offset after the last character of a node."""
    if isinstance(node, yaml.ScalarNode):
        if node.style in ("|", ">"):  # ends at the next line that is not its own
            return len(text[: node.end_mark.index].rstrip())
        return int(node.end_mark.index)
    if node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last, text)


def _before(text: str, node: Any) -> str:
    """Return what stands before a node on its line."""
    start = node.start_mark.index
    return text[text.rfind("\n", 0, start) + 1 : start]


def _rest(text: str, end: int) -> str:
    line = text.find("\n", end)
    return text[end : len(text) if line < 0 else line].removesuffix("\r")
