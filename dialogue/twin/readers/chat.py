"""Dialogues of ShareGPT and OpenAI, and rows that ask for JSON and have it answered.

`messages` with `role` and `content`, or `conversations` with `from` and `value`. Values come from
- `spans`, `intent` of a message, as in rows with a text,
- `target` of the row: found in what users say,
- the last answer, if it is a JSON object: the values of the text that it was asked of; the words
  of the question that stand around many texts are taken away,
- arguments of calls, where users have said them.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dialogue.twin.example import Conversation, Utterance, Wanted, normalised
from dialogue.twin.readers.cell import Unreadable, stretches, target, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dialogue.problem import Position

LISTS = ("messages", "conversations", "conversation")
SPEAKERS = {
    **dict.fromkeys(("user", "human"), "user"),
    **dict.fromkeys(("assistant", "gpt", "bot", "chatgpt", "model"), "bot"),
    **dict.fromkeys(("tool_call", "function_call"), "call"),
    **dict.fromkeys(("system", "tool", "tool_response", "observation", "function"), ""),
}
OFTEN = 3  # times that a line must begin or end a question to be taken for the asking


@dataclass(frozen=True, slots=True)
class Instructions:
    """The first and last lines of questions that are asked of many texts."""

    before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]]) -> Instructions:
        """Find them among the questions of rows that are answered by JSON."""
        before: Counter[str] = Counter()
        after: Counter[str] = Counter()
        for row in rows:
            question = _question(row)
            if question is not None and "\n" in question:
                before[question.partition("\n")[0]] += 1
                after[question.rpartition("\n")[2]] += 1
        return cls(
            frozenset(line for line, count in before.items() if count >= OFTEN),
            frozenset(line for line, count in after.items() if count >= OFTEN),
        )

    def text(self, question: str) -> str:
        """Return what a question is about."""
        first, _, rest = question.partition("\n")
        if rest and first in self.before:
            question = rest
        rest, _, last = question.rpartition("\n")
        return rest if rest and last in self.after else question


def _question(row: Mapping[str, Any]) -> str | None:
    """Return the only question of a row that is answered by a JSON object."""
    said = next((row[key] for key in LISTS if isinstance(row.get(key), list)), None)
    if said is None:
        return None
    turns = [(_speaker(one), _content(one)) for one in said if isinstance(one, dict)]
    spoken = [turn for turn in turns if turn[0] in ("user", "bot")]
    if [speaker for speaker, _ in spoken] != ["user", "bot"]:
        return None
    return spoken[0][1] if _object(spoken[1][1]) is not None else None


def conversation(at: Position, row: Mapping[str, Any], strip: Instructions) -> Conversation:
    """Return the dialogue of a row; raises Unreadable and Misplaced."""
    key = next((key for key in LISTS if key in row), None)
    if key is None:
        return _alpaca(at, row)
    if not isinstance(row[key], list) or not row[key]:
        raise Unreadable(f"'{key}' is no list of messages", 'write [{"role": …, "content": …}]')
    utterances: list[Utterance] = []
    wanted: list[Wanted] = []
    for message in row[key]:
        if not isinstance(message, dict):
            raise Unreadable("a message is no object", 'write {"role": …, "content": …}')
        speaker, content = _speaker(message), _content(message)
        if speaker is None:
            role = message.get("role", message.get("from"))
            known = ", ".join(SPEAKERS)
            raise Unreadable(f"nobody knows the role '{role}'", f"use one of {known}")
        wanted += _arguments(message, speaker, content)
        if speaker in ("user", "bot") and content.strip():
            utterances.append(_utterance(at, speaker, content, message))
    if isinstance(row.get("target"), dict):
        wanted = [*target(row["target"]), *wanted]
    answer = _object(utterances[-1].text) if len(utterances) > 1 else None
    if answer is not None and utterances[-1].speaker == "bot":
        wanted = [*target(answer), *wanted]
        utterances.pop()
        if len(utterances) == 1 and not utterances[0].said:
            about = strip.text(utterances[0].text)
            utterances = [Utterance(at, "user", about, utterances[0].intents)]
    if not any(one.speaker == "user" for one in utterances):
        raise Unreadable("no user says anything", "leave the row out")
    loose = len(utterances) == 1 and answer is not None
    return Conversation(at, tuple(utterances), tuple(wanted), loose=loose)


def _alpaca(at: Position, row: Mapping[str, Any]) -> Conversation:
    text = row.get("input") or row.get("query") or row.get("instruction") or row.get("prompt")
    answer = row.get("output", row.get("response"))
    if not isinstance(text, str) or not isinstance(answer, str) or not text.strip():
        raise Unreadable("a row has no text and answer", "write instruction, input and output")
    values = _object(answer)
    if values is None:
        raise Unreadable("the answer is no JSON object", "keep rows whose answer is the values")
    words, _ = normalised(text, ())
    said = Utterance(at, "user", words, texts(row.get("intent") or (), "intent"))
    return Conversation(at, (said,), target(values), loose=True)


def _utterance(at: Position, speaker: str, content: str, message: Mapping[str, Any]) -> Utterance:
    text, said = normalised(content, stretches({**message, "text": content}))
    intents = message.get("intents", message.get("intent")) or ()
    return Utterance(at, speaker, text, texts(intents, "intent"), said)


def _speaker(message: Mapping[str, Any]) -> str | None:
    return SPEAKERS.get(str(message.get("role", message.get("from", ""))).lower())


def _content(message: Mapping[str, Any]) -> str:
    content = message.get("content", message.get("value"))
    if isinstance(content, list):
        content = "".join(str(one.get("text", "")) for one in content if isinstance(one, dict))
    return content if isinstance(content, str) else ""


def _object(text: str) -> dict[str, Any] | None:
    stripped = text.strip().removeprefix("```json").removeprefix("```").removesuffix("```")
    try:
        found = json.loads(stripped)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _arguments(message: Mapping[str, Any], speaker: str, content: str) -> list[Wanted]:
    """Return the arguments of a message's calls, which users may have said in other words."""
    calls: list[Any] = [one.get("function") for one in message.get("tool_calls") or () if one]
    if speaker == "call":
        calls.append(_object(content))
    found: list[Wanted] = []
    for call in calls:
        arguments = call.get("arguments") if isinstance(call, dict) else None
        if isinstance(arguments, str):
            arguments = _object(arguments)
        if isinstance(arguments, dict):
            values = {k: v for k, v in arguments.items() if isinstance(v, str | int | float)}
            values = {k: v for k, v in values.items() if not isinstance(v, bool)}
            found += target(values, sure=False)
    return found
