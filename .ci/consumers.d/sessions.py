"""What the bot says and calls in the sessions of a dataset, all that an export can teach."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from turns import Turn, call

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from turns import Row

ALL, LAST, CALLS = "all", "last", "calls"


def lines(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def sessions(directory: Path, split: str) -> Iterator[Row]:
    """Yield the sessions of a split in their order."""
    for path in sorted((directory / "sessions").glob("*.jsonl")):
        yield from (session for session in lines(path) if session["split"] == split)


def taught(session: Row, task: str, loss: str) -> list[str]:
    """Return what a session teaches, item by item: a line of text, or a call as JSON.

    Lines, since formats join what is said in a row by a line break.
    """
    bot = [turn for turn in session["turns"] if turn["speaker"] == "bot"]
    made = [turn for turn in bot if turn["kind"] == "call"]
    if task == "call" or loss == CALLS:
        return [call(turn["tool"], turn["arguments"]) for turn in made]
    every = [
        item
        for turn in bot
        for item in (
            [call(turn["tool"], turn["arguments"])]
            if turn["kind"] == "call"
            else _lines(turn["text"])
        )
    ]
    return every if loss == ALL else every[-1:]


def items(rows: Iterable[list[Turn]], task: str, loss: str) -> list[str]:
    """Return the items of the turns that rows were seen to teach, as `taught` has them.

    Where calls are taught, what is said in the same turn may be taught with them.
    """
    found = []
    for turns in rows:
        every = [item for turn in turns for item in [*_lines(turn.text), *turn.calls]]
        if task == "call" or loss == LAST:
            found += every[-1:]
        elif loss == CALLS:
            found += [one for turn in turns for one in turn.calls]
        else:
            found += every
    return found


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def lost(found: list[str], wanted: Iterable[list[str]]) -> tuple[int, list[str]]:
    """Return how many sessions are left out of what was found, and what no session teaches."""
    at = missing = 0
    for session in wanted:
        if found[at : at + len(session)] == session:
            at += len(session)
        else:
            missing += 1
    return missing, found[at:]
