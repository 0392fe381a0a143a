"""A character or word and its tag a line, a blank line between texts; and JointBERT's folders.

Tags are BIO, BIOES or BILOU; the first column is what is said, the last its tag. Where every token
of a file is one character they are joined as they stand, else by spaces. `▁` is white space.
JointBERT's folder is its `seq.in`, with `seq.out` and `label` beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.problem import Position, Problem
from dialogue.twin.example import Conversation, Misplaced, Said, Utterance, normalised
from dialogue.twin.readers import file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SPACE = "▁"
UNKNOWN = ("UNK", "")
Token = tuple[str, str]


def read(paths: list[Path]) -> Iterator[Conversation | Problem]:
    """Yield the texts of files."""
    for path in paths:
        if path.suffix == ".in":
            yield from _jointbert(path)
        elif path.name != "intent_label.txt" and path.name != "slot_label.txt":
            yield from _columns(path)


def _columns(path: Path) -> Iterator[Conversation | Problem]:
    blocks: list[tuple[int, list[Token]]] = []
    block: list[Token] = []
    for number, line in enumerate([*file.text(path).split("\n"), ""], start=1):
        cells = line.split()
        if not cells or line.startswith("-DOCSTART-"):
            if block:
                blocks.append((number - len(block), block))
            block = []
        elif len(cells) == 1:
            at = Position(str(path), number)
            yield Problem(at, "a line has no tag", "write the token, a space and its tag")
            return
        else:
            block.append((cells[0], cells[-1]))
    yield from _texts(path, ((line, block, ()) for line, block in blocks))


def _jointbert(path: Path) -> Iterator[Conversation | Problem]:
    files = [path, path.with_suffix(".out"), path.with_name("label")]
    missing = [one for one in files if not one.is_file()]
    if missing:
        what = f"there is no '{missing[0].name}' beside it"
        yield Problem(Position(str(path)), what, "keep the three files of a split together")
        return
    columns = [file.text(one).split("\n") for one in files]
    found: list[tuple[int, list[Token], tuple[str, ...]]] = []
    for number, (words, tags, intent) in enumerate(zip(*columns, strict=False), start=1):
        tokens = list(zip(words.split(), tags.split(), strict=False))
        intents = tuple(one for one in intent.strip().split("#") if one not in UNKNOWN)
        if tokens:
            found.append((number, tokens, intents))
    yield from _texts(path, found)


def _texts(
    path: Path, blocks: Iterable[tuple[int, list[Token], tuple[str, ...]]]
) -> Iterator[Conversation | Problem]:
    blocks = list(blocks)
    single = all(len(token) == 1 for _, block, _ in blocks for token, _ in block)
    for line, block, intents in blocks:
        at = Position(str(path), line)
        try:
            text, said = normalised(*_read(block, "" if single else " "))
        except Misplaced as error:
            yield Problem(at, str(error), "correct the tags")
            continue
        if text.strip():
            yield Conversation(at, (Utterance(at, "user", text, intents, said),), loose=True)


def _read(block: list[Token], joint: str) -> tuple[str, list[Said]]:
    """Return the text of tokens, and the stretches that their tags name."""
    pieces: list[str] = []
    said: list[Said] = []
    length = 0
    for token, tag in block:
        if pieces and joint:
            pieces.append(joint)
            length += len(joint)
        word = token.replace(SPACE, " ")
        mark, _, label = tag.partition("-")
        start, length = length, length + len(word)
        pieces.append(word)
        inside = mark in ("I", "E", "L", "M") and said and said[-1].label == label
        if inside and said[-1].end == start - (len(joint) if len(pieces) > 1 else 0):
            said[-1] = said[-1]._replace(end=length)
        elif label:
            said.append(Said(start, length, label))
    return "".join(pieces), said
