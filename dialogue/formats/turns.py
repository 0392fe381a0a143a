"""The turns of a chat, for formats in which no two messages of one side may follow each other.

What a user says in a row is one turn, its texts joined by a line break; so is what the bot says and
then calls, and what comes back. A turn of the bot is trained if anything in it is.
"""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dialogue.tasks.example import Chat, Message

_SIDES: Mapping[str, Literal["user", "bot", "tool"]] = {
    "user": "user",
    "assistant": "bot",
    "call": "bot",
    "result": "tool",
}


class Turn(NamedTuple):
    """What one side says in a row: the bot a `text`, `calls` or both, a tool `results`."""

    side: Literal["user", "bot", "tool"]
    text: str
    calls: tuple[Message, ...]
    results: tuple[Message, ...]
    trained: bool


def turns(chat: Chat) -> Iterator[Turn]:
    """Yield the turns of a chat, without its system message."""
    for side, some in groupby(chat.messages, lambda message: _SIDES[message.role]):
        messages = tuple(some)
        yield Turn(
            side,
            "\n".join(m.text for m in messages if m.role in ("user", "assistant")),
            tuple(m for m in messages if m.role == "call"),
            tuple(m for m in messages if m.role == "result"),
            any(m.trained for m in messages),
        )


def called(call: Message) -> dict[str, Any]:
    """Return a call as a name and arguments."""
    return {"name": call.tool, "arguments": dict(call.arguments)}


def functions(chat: Chat) -> list[dict[str, Any]]:
    """Return the tools as OpenAI wraps them."""
    return [{"type": "function", "function": tool} for tool in chat.tools]


def dumped(data: Any) -> str:
    """Return JSON as people and models write it."""
    return json.dumps(data, ensure_ascii=False)
