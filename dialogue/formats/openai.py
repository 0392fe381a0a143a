"""OpenAI's chat lines, which TRL, Axolotl and most fine-tuning services read as well.

`openai/<task>/<split>.jsonl`: `{"messages", "tools"}`. Arguments of calls are a JSON string, as
OpenAI, Axolotl, Together, Bailian and Qianfan want them. With `arguments="object"` they are an
object and results say their tool's `name`, as TRL and the chat templates of Hugging Face want it.

What one side says in a row is one message, joined by a line break, and what the bot says before a
call has the call in the same message: OpenAI would allow more, but chat templates and Qianfan want
roles to take turns. A call has always a `content`, blank if nothing is said. Ids of calls have nine
letters and digits, as Mistral's templates demand.

Where not all of the bot's messages are trained, each has a `weight` of 0 or 1. OpenAI, Qianfan and
Axolotl (`message_field_training: weight`) read it; TRL and Bailian do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogue.formats.format import Format, Row
from dialogue.formats.turns import called, dumped, functions, turns
from dialogue.tasks.example import Tagged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dialogue.formats.turns import Turn
    from dialogue.session import Session
    from dialogue.tasks.example import Chat, Example, Loss
    from dialogue.tasks.ontology import Ontology
    from dialogue.tasks.options import Options


def rows(
    session: Session,
    examples: Mapping[str, Sequence[Example]],
    ontology: Ontology,  # noqa: ARG001
    options: Options,
) -> Iterator[Row | Loss]:
    """Yield one line for each example."""
    for task, some in examples.items():
        for example in some:
            if not isinstance(example, Tagged):
                yield Row(
                    f"{task}/{session['split']}.jsonl", line(example.chat(), options.arguments)
                )


def line(chat: Chat, arguments: str) -> dict[str, Any]:
    """Return the line of a chat; `arguments` of calls are a JSON `string` or an `object`."""
    messages: list[dict[str, Any]] = []
    if chat.system:
        messages.append({"role": "system", "content": chat.system})
    said = list(turns(chat))
    partly = any(turn.side == "bot" and not turn.trained for turn in said)
    calls = 0
    for turn in said:
        if turn.side == "user":
            messages.append({"role": "user", "content": turn.text})
        elif turn.side == "bot":
            messages.append(answer(turn, calls, arguments))
            if partly:
                messages[-1]["weight"] = int(turn.trained)
            calls += len(turn.calls)
        else:
            for number, result in enumerate(turn.results, calls - len(turn.results)):
                message = {"role": "tool", "tool_call_id": id_of(number)}
                if arguments == "object":
                    message["name"] = result.tool
                messages.append({**message, "content": dumped(result.rows)})
    row: dict[str, Any] = {"messages": messages}
    if chat.tools:
        row["tools"] = functions(chat)
    return row


def answer(turn: Turn, calls: int, arguments: str) -> dict[str, Any]:
    """Return what the bot says and calls, after so many calls before it."""
    message: dict[str, Any] = {"role": "assistant", "content": turn.text}
    if turn.calls:
        message["tool_calls"] = []
    for number, call in enumerate(turn.calls, calls):
        function = called(call)
        if arguments == "string":
            function["arguments"] = dumped(function["arguments"])
        message["tool_calls"].append(
            {"id": id_of(number), "type": "function", "function": function}
        )
    return message


def id_of(number: int) -> str:
    """Return the id of a chat's call, counted from 0."""
    return f"call{number + 1:05d}"


FORMAT = Format(
    name="openai",
    purpose="chat lines with tools: OpenAI, TRL, Axolotl, Bailian, Qianfan",
    tasks=("intent", "extract", "state", "call", "reply"),
    rows=rows,
    reads=("arguments",),
)
