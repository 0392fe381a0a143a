"""The text of a file of examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.problem import ContentError, Position, Problem

if TYPE_CHECKING:
    from pathlib import Path


def text(path: Path) -> str:
    """Return what a file says, with plain line breaks; raises ContentError if it is not UTF-8."""
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        at = Position(str(path), content.count(b"\n", 0, error.start) + 1)
        problem = Problem(at, "is not UTF-8 text", "save the file as UTF-8")
        raise ContentError([problem]) from None
