"""What rows of the OpenAI format teach, read from the rows alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from turns import Turn, call

if TYPE_CHECKING:
    from turns import Row


def answers(row: Row) -> list[Turn]:
    """Return all turns of the assistant."""
    return [_turn(message) for message in row["messages"] if message["role"] == "assistant"]


def weighed(row: Row) -> list[Turn]:
    """Return the turns of the assistant but those of weight 0."""
    return answers({"messages": [m for m in row["messages"] if m.get("weight") != 0]})


def said(row: Row) -> list[str]:
    """Return every text of a conversation in order: a template must keep them all."""
    return [m["content"] for m in row["messages"] if m.get("content")]


def _turn(message: Row) -> Turn:
    text = (message.get("content") or "").strip()
    return Turn(text, tuple(map(_call, message.get("tool_calls") or ())))


def _call(made: dict[str, Any]) -> str:
    function = made["function"]
    arguments = function["arguments"]
    if isinstance(arguments, str):
        arguments = json.loads(arguments)
    return call(function["name"], arguments)
