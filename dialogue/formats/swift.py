"""Chat lines of ms-swift, with tools, calls and results as JSON strings.

`swift/<task>/<split>.jsonl`: `{"messages", "tools"}`, where a call is a message of the role
`tool_call` and a result one of `tool_response`. What one side says in a row is one message, joined
by a line break: ms-swift would join it without one. What the bot says before a call stays a message
of its own, which ms-swift puts before the call.

Where not all of the bot's messages are trained, each has a `loss`, true or false.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogue.formats.format import Format, Row
from dialogue.formats.turns import called, dumped, functions, turns
from dialogue.tasks.example import Tagged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dialogue.session import Session
    from dialogue.tasks.example import Chat, Example, Loss
    from dialogue.tasks.ontology import Ontology
    from dialogue.tasks.options import Options


def rows(
    session: Session,
    examples: Mapping[str, Sequence[Example]],
    ontology: Ontology,  # noqa: ARG001
    options: Options,  # noqa: ARG001
) -> Iterator[Row | Loss]:
    """Yield one line for each example."""
    for task, some in examples.items():
        for example in some:
            if not isinstance(example, Tagged):
                yield Row(f"{task}/{session['split']}.jsonl", line(example.chat()))


def line(chat: Chat) -> dict[str, Any]:
    """Return the line of a chat."""
    messages: list[dict[str, Any]] = []
    if chat.system:
        messages.append({"role": "system", "content": chat.system})
    said = list(turns(chat))
    partly = any(turn.side == "bot" and not turn.trained for turn in said)
    for turn in said:
        if turn.side == "user":
            messages.append({"role": "user", "content": turn.text})
        elif turn.side == "tool":
            messages += [
                {"role": "tool_response", "content": dumped(result.rows)} for result in turn.results
            ]
        else:
            loss = {"loss": turn.trained} if partly else {}
            if turn.text:
                messages.append({"role": "assistant", "content": turn.text, **loss})
            messages += [
                {"role": "tool_call", "content": dumped(called(call)), **loss}
                for call in turn.calls
            ]
    row: dict[str, Any] = {"messages": messages}
    if chat.tools:
        row["tools"] = dumped(functions(chat))
    return row


FORMAT = Format(
    name="swift",
    purpose="chat lines with tools: ms-swift",
    tasks=("intent", "extract", "state", "call", "reply"),
    rows=rows,
)
