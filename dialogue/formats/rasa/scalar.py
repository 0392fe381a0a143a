"""Texts as YAML that Rasa reads back as they are."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from dialogue.formats.files import Text

if TYPE_CHECKING:
    from pathlib import Path

# Rasa unescapes a file of ASCII alone a second time; the arrow keeps it from doing so.
HEAD = '# dialogue → Rasa\nversion: "3.1"\n'

_PLAIN = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


class Piece(NamedTuple):
    """A piece of a file, and what the file begins with."""

    head: str
    text: str


class Yaml(Text):
    """YAML: the head of the first piece, and then all of them."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.empty = True

    def add(self, data: Piece) -> None:  # type: ignore[override]
        """Write a piece."""
        super().add(data.head + data.text if self.empty else data.text)
        self.empty = False


def scalar(text: str) -> str:
    """Return a text as a scalar that no version of YAML reads as anything else."""
    plain = text.isidentifier() and text.lower() not in _PLAIN
    return text if plain else quoted(text)


def quoted(text: str) -> str:
    """Return a text in quotation marks, on one line."""
    if not CONTROL.search(text):
        return "'" + text.replace("'", "''") + "'"
    dumped = json.dumps(text, ensure_ascii=False)
    return CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", dumped)
