"""What is seen of a phrasing at a glance: text, paths, joined columns, picks.

Most phrasings hold nothing else, and Jinja2's parser takes twenty times as long to say the same.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dialogue.template.plain import Part, Plain, edited, joined, listed, picked, reader
from dialogue.template.syntax import SHORT, Literal, Path, Syntax

if TYPE_CHECKING:
    from dialogue.template.sandbox import Environment

_NAME, _TEXT = r"[^\W\d_]\w*", r"'[^'\\]*'"
_PRINTED = re.compile(r"\{\{ *([^{}\r\n]*?) *\}\}")
_EXPRESSION = re.compile(
    rf"(?P<path>{_NAME}(?:\.{_NAME}|\[[0-9]\])*)"
    r"(?: *\| *(?P<edit>trim|normal)"
    rf"| *\| *map\(attribute='(?P<column>{_NAME})'\) *\| *join(?:\((?P<between>{_TEXT})\))?)?"
    rf"|pick\((?P<options>{_TEXT}(?:, *{_TEXT})+)\)"
)
_STEPS, _TEXTS = re.compile(r"\w+"), re.compile(r"'(.*?)'")
_MARKUP = re.compile(r"[{\r]|\n\Z")
# What is no name, or one that Jinja2 binds.
_WORDS = frozenset({"False", "None", "True", "false", "loop", "none", "not", "self", "true"})


def glance(environment: Environment, source: str) -> Syntax | None:
    """Return what `study` finds in a source, or None where there is more to it."""
    pieces = _PRINTED.split(source)
    if len(source) > SHORT or any(map(_MARKUP.search, pieces[::2])):
        return None
    parts: list[Part] = []
    said: list[Literal] = []
    reads: set[Path] = set()
    line, picks = 1, False
    for number, piece in enumerate(pieces):
        if number % 2 == 0:
            if piece:
                parts.append(piece)
                said.append(Literal(piece, line))
                line += piece.count("\n")
            continue
        found = _EXPRESSION.fullmatch(piece)
        if found is None:
            return None
        path, edit, column, between, options = found.groups()
        if options:
            texts = _TEXTS.findall(options)
            parts.append(picked(texts))
            said += (Literal(text, line) for text in texts)
            picks = True
            continue
        name, *steps = _STEPS.findall(path)
        words = [step for step in steps if not step.isdecimal()]
        if name in _WORDS or name in environment.globals:
            return None
        if not all(map(str.isidentifier, (name, *words, column or name))):
            return None
        reads.add((name, *words))
        read = reader(name, tuple(int(step) if step.isdecimal() else step for step in steps))
        if column:
            read = joined(listed(read), column, between[1:-1] if between else "")
            said += (Literal(between[1:-1], line),) if between else ()
        parts.append(edited(read, edit) if edit else read)
    names = frozenset(path[0] for path in reads)
    return Syntax(names, frozenset(reads), tuple(said), (), False, Plain(tuple(parts), picks))
