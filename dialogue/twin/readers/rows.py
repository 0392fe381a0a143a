"""JSON, a row a line or a list of rows; what a row is its keys tell.

| keys | what it is |
|---|---|
| `text` with `target` | a text and the values in it, `{"姓名": "张三"}` |
| `text` with `spans` (or `entities`, `labels`) | a text and the places of its values |
| `messages`, `conversations` | a dialogue, see `chat` |
| `instruction`, `input`, `output` | Alpaca: a text, asked for JSON |

A stretch is `{"start", "end", "label"}` in code points, with `role` and `value` if there are, or
`[start, end, label]`. Rows with ids `SESSION/NUMBER` that follow one another are one dialogue,
as `dialogue export --to spans` writes them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dialogue.problem import Position, Problem
from dialogue.twin.example import Conversation, Misplaced, Utterance, Wanted, normalised
from dialogue.twin.readers import chat, file
from dialogue.twin.readers.cell import STRETCHES, Unreadable, stretches, target, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path


def read(paths: list[Path]) -> Iterator[Conversation | Problem]:
    """Yield the conversations of files, and what is wrong with rows."""
    for path in paths:
        yield from _joined(_items(path))


def _items(path: Path) -> Iterator[tuple[str, Conversation] | Problem]:
    """Yield each row's conversation with the session that it belongs to, '' for none."""
    parsed = list(_parsed(path))
    kept = [row for _, row in parsed if isinstance(row, dict)]
    strip = chat.Instructions.of(kept)
    for at, row in parsed:
        if isinstance(row, Problem):
            yield row
            continue
        try:
            yield _conversation(at, row, strip)
        except Unreadable as error:
            yield Problem(at, error.what, error.fix)
        except Misplaced as error:
            fix = "give places in code points, half open, that do not overlap"
            yield Problem(at, str(error), fix)


def _parsed(path: Path) -> Iterator[tuple[Position, Any]]:
    """Yield the rows of a file, each with its line, or a problem."""
    text = file.text(path)
    if text.lstrip().startswith("["):
        yield from _listed(path, text)
        return
    try:  # one object on several lines
        yield Position(str(path)), json.loads(text)
    except (ValueError, RecursionError):
        for number, line in enumerate(text.split("\n"), start=1):
            if line.strip():
                yield Position(str(path), number), _row(line, Position(str(path), number))


def _row(line: str, at: Position) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        reason = str(error).partition(":")[0].lower()
        return Problem(at, f"is not JSON: {reason}", "write one JSON object a line")


def _listed(path: Path, text: str) -> Iterator[tuple[Position, Any]]:
    """Yield the items of a list with the lines on which they begin."""
    decoder, at = json.JSONDecoder(), text.index("[") + 1
    while True:
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
        place = Position(str(path), text.count("\n", 0, at) + 1)
        if text[at : at + 1] in ("]", ""):
            return
        try:
            row, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            yield place, Problem(place, "is not JSON", "write a list of JSON objects")
            return
        yield place, row


def _conversation(at: Position, row: Any, strip: chat.Instructions) -> tuple[str, Conversation]:
    if not isinstance(row, dict):
        raise Unreadable("a row is no JSON object", 'write {"text": …, "target": {…}}')
    if any(key in row for key in chat.LISTS) or "output" in row or "response" in row:
        return "", chat.conversation(at, row, strip)
    if not isinstance(row.get("text"), str):
        raise Unreadable(
            "a row has no text", "write text with target or spans, messages, or conversations"
        )
    wanted = target(row["target"]) if "target" in row else ()
    name = row.get("id")
    session, slash, _ = name.rpartition("/") if isinstance(name, str) else ("", "", "")
    speaker = row.get("speaker", "user")
    if speaker not in ("user", "bot"):
        raise Unreadable(f"the speaker is '{speaker}'", "write user or bot")
    said = utterance(at, speaker, row["text"], row)
    if not said.text.strip():
        raise Unreadable("the text is blank", "remove the row")
    told = isinstance(row.get("target"), dict) or any(key in row for key in STRETCHES)
    if not told and "intent" not in row and "intents" not in row:
        raise Unreadable("a row tells no values", 'add "target": {…}, or "spans": […]')
    return (session if slash else ""), Conversation(at, (said,), wanted, loose=not slash)


def utterance(at: Position, speaker: str, text: str, row: Mapping[str, Any]) -> Utterance:
    """Return an utterance with the places and intents that a row tells; raises Misplaced."""
    text, said = normalised(text, stretches(row))
    intents = row.get("intents", row.get("intent")) or ()
    return Utterance(at, speaker, text, texts(intents, "intent"), said)


def _joined(
    items: Iterable[tuple[str, Conversation] | Problem],
) -> Iterator[Conversation | Problem]:
    """Join rows of one session that follow one another."""
    name = ""
    open_: list[Conversation] = []
    for item in items:
        if isinstance(item, Problem):
            yield item
            continue
        session, one = item
        if open_ and session != name:
            yield _dialogue(open_)
            open_ = []
        if session:
            name = session
            open_.append(one)
        else:
            yield one
    if open_:
        yield _dialogue(open_)


def _dialogue(some: list[Conversation]) -> Conversation:
    utterances = tuple(said for one in some for said in one.utterances)
    wanted: tuple[Wanted, ...] = tuple(want for one in some for want in one.wanted)
    return Conversation(some[0].at, utterances, wanted)
