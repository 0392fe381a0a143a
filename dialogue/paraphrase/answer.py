"""What a model wrote in, the rewordings that it lists out."""

from __future__ import annotations

import re
from typing import Any

import orjson

LARGEST = 200_000
"""Characters of an answer; one that is longer is not read."""

_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_FENCE = re.compile(r"```[a-zA-Z]*\s*\n(.*?)\n?```", re.DOTALL)


class UnusableError(Exception):
    """An answer that lists nothing: why."""


def rewordings(content: str) -> tuple[str, ...]:
    """Read a JSON array of texts, or an object that holds one; raises UnusableError.

    A model may think aloud before it, and put it in a fence. An item that is no text is told as the
    JSON that it is, which no rule lets pass.
    """
    if len(content) > LARGEST:
        raise UnusableError(f"it has more than {LARGEST:,} characters")
    text = _THOUGHT.sub("", content).strip()
    if fenced := _FENCE.search(text):
        text = fenced[1].strip()
    if not text:
        raise UnusableError("it is empty")
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise UnusableError("it is not JSON") from None
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list)]
        found = lists[0] if len(lists) == 1 else None
    if not isinstance(found, list):
        raise UnusableError("it is no list of texts")
    if not found:
        raise UnusableError("its list is empty")
    return tuple(_text(one) for one in found)


def _text(item: Any) -> str:
    return item if isinstance(item, str) else f"{{{orjson.dumps(item).decode()}}}"
