"""Text that YAML reads otherwise than its author meant: the place, and the line that works."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from dialogue.problem import Position, Problem

if TYPE_CHECKING:
    import yaml

_QUOTED = re.compile(r"""(?<!\w)(?:"(?:\\.|[^"\\])*"|'(?:[^']|'')*')""")
_TEMPLATE = re.compile(r"(?:^|(?<=[\s\[,{:]))\{[{%#]")
_TAG = r"\{[{%#].*?[}%#]\}"
_IN_LIST = re.compile(rf"{_TAG}(?:(?!\{{[{{%#])[^,\[\]{{}}]|{_TAG})*")
_VALUE = re.compile(r"(?P<lead>\s*(?:- +)*(?:[^\s'\"\[\]{}#]+: +)?)(?P<text>.*?)\s*")
_WIDE_COLON = re.compile(r"\s*(?:- +)*[^\s'\"：:]+：")  # typed by who has just typed Chinese
_CLOSED = {"[": "]", "{": "}"}


def quoted(text: str) -> str:
    """Quote a text for YAML, in the way that changes it least."""
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def template(line: str, start: int = 0) -> tuple[int, str] | None:
    """Return the column, from 0, and the text of the first template of a line, if not quoted."""
    bare = _QUOTED.sub(lambda found: " " * len(found[0]), line)
    found = _TEMPLATE.search(bare, start)
    if found is None:
        return None
    at = found.start()
    before = bare[:at]
    if sum(map(before.count, "[{")) > sum(map(before.count, "]}")):
        inner = _IN_LIST.match(line, at)
        return at, (inner[0] if inner else line[at:]).strip()
    return at, line[at:].strip()


def eaten(at: Position, text: str) -> Problem:
    """Return the problem of a template that YAML reads as a mapping."""
    return Problem(at, f"YAML reads '{text[:2]}' as a mapping", f"quote the text: {quoted(text)}")


def syntax_problem(error: yaml.MarkedYAMLError, text: str, shown: str) -> Problem:
    """Word what the parser met, at the place where it went wrong."""
    lines = text.split("\n")
    mark = error.problem_mark or error.context_mark
    opened = error.context_mark or mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    at = Position(shown, line + 1, column + 1)
    here = lines[line] if line < len(lines) else ""
    # The parser may notice on the next line what went wrong on this one.
    for number in (line, line - 1):
        found = template(lines[number]) if 0 <= number < len(lines) else None
        if found and (number == line or lines[number][: found[0]].strip()):
            return eaten(Position(shown, number + 1, found[0] + 1), found[1])
        wide = _WIDE_COLON.match(lines[number]) if 0 <= number < len(lines) else None
        if wide:
            colon = Position(shown, number + 1, wide.end())
            return Problem(colon, "'：' is no colon of YAML", "write ': ' in place of it")
    start = Position(shown, opened.line + 1, opened.column + 1) if opened else at
    reason = error.problem or error.context or ""
    where = error.context or ""
    if "quoted scalar" in where and opened:
        quote = lines[opened.line][opened.column]
        return Problem(
            start, f"a text opens with {quote} and does not end", f"close it with {quote}"
        )
    if "\t" in here[: len(here) - len(here.lstrip())]:
        tab = Position(shown, line + 1, here.index("\t") + 1)
        return Problem(tab, "a tab indents the line", "indent with spaces")
    if "another document" in reason:
        return Problem(at, "a second document begins here", "remove the line ---")
    value = _VALUE.fullmatch(here)
    if value and value["text"][:1] in tuple("@`%*&!") and value["text"]:
        first = Position(shown, line + 1, value.start("text") + 1)
        what = f"YAML gives '{value['text'][0]}' at the start of a text a meaning of its own"
        return Problem(first, what, f"quote the text: {quoted(value['text'])}")
    return _structure(where, reason, at, start, here[column:], here[:column].rstrip(), lines)


def _structure(
    where: str, reason: str, at: Position, start: Position, rest: str, before: str, lines: list[str]
) -> Problem:
    if "flow" in where and start.line > len(lines) - (not lines[-1]):
        return Problem(at, "the file ends within brackets", "close what was opened")
    if "flow" in where:
        bracket = lines[start.line - 1][start.column - 1]
        closing = _CLOSED.get(bracket, bracket)
        if start.line != at.line:
            what = f"'{bracket}' is opened here and does not end"
            return Problem(start, what, f"close it with '{closing}'")
        if rest[:1] in ("]", "}"):
            what = f"'{bracket}' is closed with '{rest[0]}'"
            return Problem(at, what, f"close it with '{closing}'")
        if rest.startswith(": "):
            return Problem(at, "YAML reads ': ' as a key here", "quote the text that holds it")
    if before.endswith(('"', "'", "]", "}")) and rest:
        what = f"text goes on after the closing {before[-1]}"
        return Problem(at, what, "quote the whole text, with ' if it holds \" itself")
    if rest.strip() == ":":
        fix = "align it with the line that it belongs to"
        first = replace(at, column=len(before) - len(before.lstrip()) + 1)
        return Problem(first, "the indentation fits no line above", fix)
    if rest.startswith(": ") or "mapping values" in reason:
        return Problem(at, "YAML reads ': ' as a key here", "quote the text that holds it")
    if "expected" in reason and "block" in where:
        fix = "align it with the line that it belongs to"
        return Problem(at, "the indentation fits no line above", fix)
    return Problem(at, f"is not YAML: {reason}", "check indentation, quotes and brackets here")
