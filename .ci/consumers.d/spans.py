"""Our own export of spans, against which what a tagger's reader found is compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from exported import exports, fail
from sessions import lines

if TYPE_CHECKING:
    from pathlib import Path


class Said(NamedTuple):
    """An utterance with its intents and its spans `(start, end, label)` in code points."""

    text: str
    intents: tuple[str, ...]
    spans: tuple[tuple[int, int, str], ...]


def utterances(directory: Path, split: str) -> dict[str, Said]:
    """Return what users say in a split, by id."""
    path = directory / "spans" / f"{split}.jsonl"
    made = exports(directory, "spans")
    rows = list(lines(path))
    if made["losses"] or len(rows) != made["rows"][path.name]:
        fail(
            f"{path}: {len(rows)} rows, the manifest tells {made['rows'][path.name]}, "
            f"losses {made['losses']}"
        )
    return {
        row["id"]: Said(
            row["text"],
            tuple(sorted(row["intents"])),
            tuple((span["start"], span["end"], span["label"]) for span in row["spans"]),
        )
        for row in rows
        if row["speaker"] == "user"
    }
