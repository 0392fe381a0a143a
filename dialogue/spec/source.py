"""YAML text in, plain data out that knows its line and column; every scalar stays text."""

from __future__ import annotations

import re
import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml

from dialogue.problem import ContentError, Position, Problem
from dialogue.spec.misreading import eaten, quoted, syntax_problem, template

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

Route: TypeAlias = tuple[str | int, ...]

MAX_BYTES = 4 * 1024 * 1024
MAX_NODES = 200_000
MAX_AGAIN = 10_000  # aliases are followed, so a small file may stand for a large one
MAX_DEPTH = 60
_BRACKETS = re.compile(r"[\[\]{}]|(?:[-?] ){9}")
# Only nodes are asked for: what a plain scalar might be but text is never resolved.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_TAGS = ("str", "int", "float", "bool", "null", "timestamp", "seq", "map", "merge", "value")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KNOWN_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in _TAGS)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands: its key (for a mapping's value) and the node itself."""

    key: Position
    node: Position
    block: bool = False  # written as a `|` block, whose lines are lines of the file
    last: int = 0  # the line on which it ends
    cut: str = ""  # the whole line of a plain scalar that YAML ended at ` #`


@dataclass(frozen=True, slots=True)
class Source:
    """One file as plain data (dicts, lists, text, None for nothing) and the place of every node."""

    path: str
    data: Any
    places: Mapping[Route, Place]
    lines: tuple[str, ...] = ()

    def place(self, route: Route) -> Place:
        """Return the place of the node at `route`, or of its nearest ancestor."""
        while route and route not in self.places:
            route = route[:-1]
        return self.places.get(route) or Place(Position(self.path), Position(self.path))

    def at(self, route: Route, line: int = 1) -> Position:
        """Return the position of a node, or of a line (from 1) within its text."""
        place = self.place(route)
        if not place.block:
            return place.node
        return Position(self.path, place.node.line + line, 1 if line > 1 else place.node.column)

    def sharpened(self, problem: Problem, route: Route) -> Problem:
        """Move a problem of the text at `route` to the first word there that it quotes."""
        place = self.place(route)
        first = problem.at.line if place.block else place.node.line
        last = problem.at.line if first > place.node.line else place.last
        for word in quoted_words(problem.what):
            for number in range(first, min(last, len(self.lines)) + 1):
                start = place.node.column - 1 if number == place.node.line else 0
                if found := found_word(word, self.lines[number - 1], start):
                    return replace(problem, at=Position(self.path, number, found))
        return problem

    @contextmanager
    def sharpening(self, route: Route) -> Iterator[None]:
        """Move the problems that are raised of the text at `route` to the words that they quote."""
        try:
            yield
        except ContentError as error:
            raise ContentError(self.sharpened(one, route) for one in error.problems) from None

    def key(self, route: Route) -> Position:
        """Return the position of the key at `route`."""
        return self.place(route).key


def quoted_words(what: str) -> list[str]:
    """Return the words that a message quotes from a file, the last first."""
    if what.startswith("expected token"):
        return []
    return re.findall(r"'([^']*\w[^']*)'", what)[::-1]


def found_word(word: str, line: str, start: int = 0) -> int:
    """Return the column, from 1, of a word on a line, or 0 where it is not."""
    found = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)").search(line, start)
    return found.start() + 1 if found else line.find(word, start) + 1


def read_text(path: Path, shown: str) -> str:
    """Read a file of a pack as NFC text; raise ContentError when it is no UTF-8 text."""
    at = Position(shown)
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "error").lower()
        raise ContentError(
            [Problem(at, f"cannot be read: {reason}", "check the path and its permissions")]
        ) from None
    if len(content) > MAX_BYTES:
        raise ContentError([Problem(at, "is larger than 4 MB", "split it into smaller units")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ContentError(
            [Problem(Position(shown, line), "is not UTF-8 text", "save the file as UTF-8")]
        ) from None
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


def read(path: Path, shown: str | None = None) -> Source:
    """Read one YAML file; `shown` is its path as a person would type it."""
    shown = str(path) if shown is None else shown
    return parse(read_text(path, shown), shown)


def parse(text: str, shown: str) -> Source:
    """Parse YAML text; raise ContentError with all duplicate keys, or the first syntax error."""
    loader = None
    try:
        if _may_be_deep(text):
            _refuse_depth(text, shown)
        loader = _LOADER(text)
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        raise ContentError([syntax_problem(error, text, shown)]) from None
    except yaml.YAMLError:
        raise ContentError([_unprintable(text, shown)]) from None
    finally:
        if loader is not None:
            loader.dispose()
    if node is None:
        raise ContentError([Problem(Position(shown), "the file is empty", "write its keys")])
    builder = _Builder(shown, text.splitlines())
    data = builder.build(node, (), Position(shown))
    if builder.problems:
        raise ContentError(builder.problems)
    return Source(shown, data, builder.places, tuple(builder.lines))


def _unprintable(text: str, shown: str) -> Problem:
    found = _UNPRINTABLE.search(text)
    start = found.start() if found else 0
    line = text.count("\n", 0, start)
    at = Position(shown, line + 1, start - text.rfind("\n", 0, start))
    code = f"U+{ord(text[start]):04X}" if text else "there"
    return Problem(at, "a character that YAML does not allow", f"remove the character {code}")


def _may_be_deep(text: str) -> bool:
    """Tell whether nodes may be nested so deep that composing them would exhaust the stack."""
    depth = deepest = 0
    for found in _BRACKETS.finditer(text):
        sign = found[0]
        depth += -1 if sign in ("]", "}") else 1 if len(sign) == 1 else 9
        depth = max(depth, 0)
        deepest = max(deepest, depth)
    return deepest > MAX_DEPTH


def _refuse_depth(text: str, shown: str) -> None:
    """Raise ContentError where nodes are nested too deep; reads events, which need no stack."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            mark: Any = event.start_mark
            at = Position(shown, mark.line + 1, mark.column + 1)
            fix = "take some lists and mappings apart"
            raise ContentError([Problem(at, "lists and mappings nest too deeply", fix)])


class _Builder:
    """Turns nodes into plain data, recording places and problems on the way."""

    def __init__(self, shown: str, lines: list[str]) -> None:
        self.shown = shown
        self.lines = lines
        self.places: dict[Route, Place] = {}
        self.problems: list[Problem] = []
        self.count = 0
        self.built: set[int] = set()
        self.again = 0  # nodes met again by an alias
        self.open: list[int] = []  # nodes being built, to notice one that holds itself

    def position(self, mark: Any) -> Position:
        return Position(self.shown, mark.line + 1, mark.column + 1)

    def build(self, node: Any, route: Route, key: Position) -> Any:
        self.count += 1
        at = self.position(node.start_mark)
        self.again += id(node) in self.built
        self.built.add(id(node))
        far = self.count > MAX_NODES or self.again > MAX_AGAIN
        if far or id(node) in self.open or len(self.open) > MAX_DEPTH:
            if self.count <= MAX_NODES + 1:
                top = self.places[route[:1]].key  # an alias leads back to where it was defined
                what = "aliases or nesting go too far"
                self.problems.append(Problem(top, what, "write the values out"))
            self.count = MAX_NODES + 1
            return None
        if node.tag not in _KNOWN_TAGS:
            text = self.lines[node.start_mark.line][node.start_mark.column :].strip()
            what = f"YAML reads '{text.split()[0]}' as a tag"
            self.problems.append(Problem(at, what, f"quote the text: {quoted(text)}"))
        block = isinstance(node, yaml.ScalarNode) and node.style == "|"
        self.places[route] = Place(
            key if route else at, at, block, node.end_mark.line + 1, self.cut(node)
        )
        if isinstance(node, yaml.ScalarNode):
            return None if not node.style and node.value in ("", "~") else node.value
        self.open.append(id(node))
        try:
            if isinstance(node, yaml.SequenceNode):
                return [
                    self.build(child, (*route, number), self.position(child.start_mark))
                    for number, child in enumerate(node.value)
                ]
            return self.mapping(node, route)
        finally:
            self.open.pop()

    def mapping(self, node: Any, route: Route) -> dict[str, Any] | None:
        built: dict[str, Any] = {}
        for key_node, value_node in node.value:
            at = self.position(key_node.start_mark)
            if problem := self.misread(key_node):
                self.problems.append(problem)
                continue
            key = key_node.value
            if key in built:
                first = self.places[(*route, key)].key.line
                self.problems.append(
                    Problem(at, f"'{key}' is here twice", f"keep one; the first is on line {first}")
                )
                continue
            built[key] = self.build(value_node, (*route, key), at)
        return built

    def misread(self, key: Any) -> Problem | None:
        """Return what is wrong with a key that the author did not mean as one."""
        line = self.lines[key.start_mark.line]
        at = self.position(key.start_mark)
        if not isinstance(key, yaml.ScalarNode):
            found = template(line, max(key.start_mark.column - 1, 0))
            if found is None:
                return Problem(at, "a key is a list or a mapping", "write one word as the key")
            return eaten(replace(at, column=found[0] + 1), found[1])
        if key.value == "<<" and not key.style:
            return Problem(at, "merge keys are not read", "write the keys out")
        before = line[: key.start_mark.column]
        if before.rstrip().endswith("?") and before.endswith(" ") and not key.style:
            text = line[before.rindex("?") :].strip()
            at = replace(at, column=before.rindex("?") + 1)
            return Problem(at, "YAML reads '? ' as a key", f"quote the text: {quoted(text)}")
        return None

    def cut(self, node: Any) -> str:
        """Return the whole text of a plain scalar that YAML cut at ` #`, or nothing."""
        if not isinstance(node, yaml.ScalarNode) or node.style:
            return ""
        start, end = node.start_mark, node.end_mark
        if start.line != end.line or start.line >= len(self.lines):
            return ""
        line = self.lines[start.line]
        # Spaces round the # are how comments are written, so that one is no mistake.
        eaten_text = re.match(r" #\S" if node.value else r" *#", line[end.column :])
        return line[start.column :].strip() if eaten_text else ""
