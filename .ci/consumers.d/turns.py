"""Turns of a chat: what a mask leaves of them, and what a prompt shows."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

Row = dict[str, Any]

_CALL = "<tool_call>", "</tool_call>"
_END = "<|im_end|>"
_TOOLS = re.compile("<tools>\n(.*?)\n</tools>", re.DOTALL)


class Wrong(ValueError):  # noqa: N818
    """A row that says what none may say."""


class Turn(NamedTuple):
    """What an assistant says and calls in one go.

    A call is JSON with sorted keys: two are equal only if name, arguments and all types are.
    """

    text: str
    calls: tuple[str, ...] = ()


def call(name: str, arguments: object) -> str:
    if not isinstance(arguments, dict):
        raise Wrong(f"the arguments of {name} are no object: {arguments!r}")
    return json.dumps({"name": name, "arguments": arguments}, ensure_ascii=False, sort_keys=True)


def learned(read: Row, tokens: Any) -> list[Turn]:
    """Return the turns that a mask keeps: the labels of each stretch, decoded.

    Raises `Wrong` where a model is not taught to end its turn.
    """
    turns = []
    stretch: list[int] = []
    for token, label in zip([*read["input_ids"], -1], [*read["labels"], -100], strict=True):
        if label != -100:
            stretch.append(token)
        elif stretch:
            *said, rest = tokens.decode(stretch).split(_END)
            if rest.strip():
                raise Wrong(f"taught without its end: {rest!r}")
            turns += [_turn(text) for text in said if text.strip()]
            stretch = []
    return turns


def _turn(text: str) -> Turn:
    said, bodies = parted(text)
    calls = []
    for body in bodies:
        try:
            made = json.loads(body)
            calls.append(call(made.pop("name"), made.pop("arguments")))
        except (json.JSONDecodeError, AttributeError, KeyError):
            raise Wrong(f"this call is no JSON of a name and arguments: {body!r}") from None
        if made:
            raise Wrong(f"this call has more than a name and arguments: {body!r}")
    return Turn(said, tuple(calls))


def parted(text: str) -> tuple[str, list[str]]:
    """Return what a turn of ChatML says, and the calls between marks as they are written."""
    said, *rest = text.split(_CALL[0])
    bodies = []
    for piece in rest:
        body, mark, after = piece.partition(_CALL[1])
        if not mark:
            raise Wrong(f"a call without its end: {text!r}")
        bodies.append(body)
        said += after
    return said.strip(), bodies


def offered(row: Row) -> list[str]:
    """Return the tools of a row, wrapped as OpenAI's are, each as JSON with sorted keys."""
    tools = row.get("tools") or []
    if isinstance(tools, str):
        tools = json.loads(tools)
    return [_tool(tool if "function" in tool else {"function": tool}) for tool in tools]


def shown(text: str) -> list[str]:
    """Return the tools that a model is shown in a prompt of ChatML, one a line."""
    found = _TOOLS.search(text)
    return [_tool(json.loads(line)) for line in found[1].splitlines()] if found else []


def _tool(tool: Row) -> str:
    return json.dumps({"type": "function"} | tool, ensure_ascii=False, sort_keys=True)


def missing(text: str, parts: Iterable[str]) -> str | None:
    """Return the first of the parts that does not follow the ones before it in a text."""
    at = 0
    for part in parts:
        found = text.find(part.strip(), at)
        if found < 0:
            return part
        at = found + len(part.strip())
    return None
