"""Phrasings without statements, rendered without Jinja2: text, names, parts, columns, joins, picks.

Most phrasings are like that, and this is several times faster. Whatever is not exactly as expected
here is left to Jinja2, which then renders it or says what is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from jinja2 import nodes

from dialogue.template.filters import normal
from dialogue.template.label import LONGEST, Piece
from dialogue.template.rope import LabelledFloat, LabelledInt, RecordRope, Rope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Choose: TypeAlias = "Callable[[int], int]"
Reader: TypeAlias = "Callable[[Mapping[str, Any], Choose], Any]"
Part: TypeAlias = "str | Loop | NotLast | Reader"
EDITS: dict[str, Callable[[Rope], Any]] = {"trim": Rope.strip, "normal": normal}


class Unexpected(Exception):  # noqa: N818 - it is no error: Jinja2 takes over
    """Raised for a value that only Jinja2 can print or refuse."""


class Loop(NamedTuple):
    """`{% for p in 商品 %}…{% if not loop.last %}；{% endif %}{% endfor %}`."""

    rows: Reader
    name: str
    parts: tuple[Part, ...]


class NotLast(NamedTuple):
    """What a loop prints between its rows."""

    parts: tuple[Part, ...]


class Plain:
    """A phrasing as literal text and what is printed between; `picks` leave something to chance."""

    __slots__ = ("literal", "loops", "parts", "picks")

    def __init__(self, parts: tuple[Part, ...], picks: bool) -> None:
        self.parts = parts
        # Half of all texts hold no slot: one rope does for all of their renderings.
        texts = [part for part in parts if isinstance(part, str)]
        whole = len(texts) == len(parts) and sum(map(len, texts)) <= LONGEST
        self.literal = Rope("".join(texts)) if whole else None
        self.loops = any(type(part) is Loop for part in parts)
        self.picks = picks

    def render(self, names: Mapping[str, Any], choose: Choose) -> Rope | None:
        """Return the text with its labels, or None for what only Jinja2 can tell."""
        if self.literal is not None:
            return self.literal
        sheet = _Sheet(choose)
        try:
            sheet.write(self.parts, names)
        except Unexpected:
            return None
        text = str.__new__(Rope, "".join(sheet.texts))
        text.pieces = tuple(sheet.pieces)
        return text


class _Sheet:
    """A text in the making, with its labels."""

    __slots__ = ("choose", "length", "pieces", "texts")

    def __init__(self, choose: Choose) -> None:
        self.choose = choose
        self.texts: list[str] = []
        self.pieces: list[Piece] = []
        self.length = 0

    def write(self, parts: tuple[Part, ...], names: Mapping[str, Any]) -> None:
        """Add the text of parts; raises Unexpected."""
        texts, pieces, at = self.texts, self.pieces, self.length
        for part in parts:
            if type(part) is str:
                texts.append(part)
                at += len(part)
                continue
            if type(part) is Loop:
                self.length = at
                self.write_rows(part, names)
                at = self.length
                continue
            value = part(names, self.choose)  # type: ignore[operator]
            kind = type(value)
            if kind is LabelledInt or kind is LabelledFloat:
                value = value.rope
            elif kind is not Rope and kind is not RecordRope:
                raise Unexpected
            for start, end, label in value.pieces:
                pieces.append((at + start, at + end, label))
            texts.append(value)
            at += len(value)
        if at > LONGEST:
            raise Unexpected
        self.length = at

    def write_rows(self, loop: Loop, names: Mapping[str, Any]) -> None:
        """Add the text of a loop's parts for each row."""
        rows = loop.rows(names, self.choose)
        inner = dict(names)
        for left in range(len(rows) - 1, -1, -1):
            inner[loop.name] = rows[-1 - left]
            for part in loop.parts:
                if type(part) is not NotLast:
                    self.write((part,), inner)
                elif left:
                    self.write(part.parts, inner)


def plain(tree: nodes.Template) -> Plain | None:
    """Return a phrasing's parts, or None when it holds anything else."""
    parts = _parts(tree.body, "")
    if parts is None:
        return None
    return Plain(parts, picks=any(True for _ in tree.find_all(nodes.Call)))


def _parts(body: list[nodes.Node], loop: str) -> tuple[Part, ...] | None:
    """Return the parts of statements, in a loop over a name or outside of any."""
    parts: list[Part] = []
    for statement in body:
        if isinstance(statement, nodes.Output):
            found = [_output(node) for node in statement.nodes]
        elif isinstance(statement, nodes.For) and not loop:
            found = [_loop(statement)]
        elif isinstance(statement, nodes.If) and loop:
            found = [_not_last(statement)]
        else:
            return None
        for part in found:
            if part is None:
                return None
            parts.append(part)
    return tuple(parts)


def _loop(node: nodes.For) -> Loop | None:
    rows = _rows(node.iter)
    if rows is None or node.else_ or node.test or node.recursive:
        return None
    if not isinstance(node.target, nodes.Name) or node.target.name == "loop":
        return None
    parts = _parts(node.body, node.target.name)
    return None if parts is None else Loop(rows, node.target.name, parts)


def _not_last(node: nodes.If) -> NotLast | None:
    test = node.test
    if node.elif_ or node.else_ or not isinstance(test, nodes.Not):
        return None
    last = test.node
    if not isinstance(last, nodes.Getattr) or last.attr != "last":
        return None
    if not isinstance(last.node, nodes.Name) or last.node.name != "loop":
        return None
    texts = [one for output in node.body for one in getattr(output, "nodes", [output])]
    if not all(isinstance(text, nodes.TemplateData) for text in texts):
        return None
    return NotLast(tuple(text.data for text in texts))


def _output(node: nodes.Expr) -> Part | None:
    return node.data if isinstance(node, nodes.TemplateData) else _printed(node)


def _printed(node: nodes.Expr) -> Reader | None:
    if isinstance(node, nodes.Filter) and node.node is not None:
        return _joined(node) if node.name == "join" else _edited(node)
    if isinstance(node, nodes.Call):
        return _picked(node)
    path = _path(node)
    return None if path is None else reader(*path)


def _path(node: nodes.Node) -> tuple[str, tuple[str | int, ...]] | None:
    """Return a name and the steps from it: 送达[0].arrives."""
    steps: list[str | int] = []
    while not isinstance(node, nodes.Name):
        if isinstance(node, nodes.Getattr):
            steps.append(node.attr)
        elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            if type(node.arg.value) not in (int, str):
                return None
            steps.append(node.arg.value)
        else:
            return None
        node = node.node
    if node.name in ("loop", "self") or any(str(step).startswith("_") for step in steps):
        return None
    return node.name, tuple(reversed(steps))


def reader(name: str, steps: tuple[str | int, ...]) -> Reader:
    """Return what reads a name, and the parts, columns and rows behind it."""
    if not steps:
        return lambda names, _: names.get(name)

    def read(names: Mapping[str, Any], _: Choose) -> Any:
        value: Any = names.get(name)
        for step in steps:
            kind = type(value)
            if kind is RecordRope:
                value = value.parts.get(step)
            elif kind is list and type(step) is int:
                value = value[step] if -len(value) <= step < len(value) else None
            elif isinstance(value, dict):
                value = _cell(value, step)
            else:
                return None
        return value

    return read


def _cell(row: Mapping[Any, Any], column: str | int) -> Any:
    try:
        return row[column]  # not `get`: a row makes the text of a column when it is first asked for
    except KeyError:
        return None


def _edited(node: nodes.Filter) -> Reader | None:
    """Return `x | trim` or `x | normal`."""
    if node.name not in EDITS or node.args or node.kwargs or node.node is None:
        return None
    inner = _printed(node.node)
    return None if inner is None else edited(inner, node.name)


def edited(inner: Reader, name: str) -> Reader:
    """Return what edits a value by one of the filters `EDITS`."""
    edit = EDITS[name]

    def read(names: Mapping[str, Any], choose: Choose) -> Any:
        value = inner(names, choose)
        return edit(value) if type(value) is Rope else None

    return read


def _joined(node: nodes.Filter) -> Reader | None:
    """Return `rows | map(attribute='name') | join('、')`, also with `selectattr('ok')` before."""
    separator = node.args[0] if node.args else nodes.Const("")
    mapped = node.node
    if node.kwargs or len(node.args) > 1 or not isinstance(separator, nodes.Const):
        return None
    if not isinstance(mapped, nodes.Filter) or mapped.name != "map" or mapped.args:
        return None
    column = _column([pair.value for pair in mapped.kwargs if pair.key == "attribute"])
    rows = _rows(mapped.node)
    if (
        column is None
        or len(mapped.kwargs) != 1
        or rows is None
        or type(separator.value) is not str
    ):
        return None
    return joined(rows, column, separator.value)


def joined(rows: Reader, column: str, separator: str) -> Reader:
    """Return what joins a column of rows."""
    between = Rope(separator)

    def read(names: Mapping[str, Any], choose: Choose) -> Any:
        texts = []
        for row in rows(names, choose):
            text = _cell(row, column)
            if type(text) is LabelledInt or type(text) is LabelledFloat:
                text = text.rope
            if type(text) is not Rope:
                raise Unexpected
            texts.append(text)
        return between.join(texts)

    return read


def _rows(node: nodes.Node | None) -> Reader | None:
    """Return what reads rows: a name, or those of its rows in which a column is true."""
    chosen = None
    if isinstance(node, nodes.Filter) and node.name == "selectattr" and not node.kwargs:
        chosen, node = _column(node.args), node.node
        if chosen is None:
            return None
    path = None if node is None else _path(node)
    return None if path is None else listed(reader(*path), chosen)


def listed(inner: Reader, chosen: str | None = None) -> Reader:
    """Return what reads rows, all of them or those in which the chosen column is true."""

    def read(names: Mapping[str, Any], choose: Choose) -> Any:
        rows = inner(names, choose)
        if type(rows) is not list or not all(isinstance(row, dict) for row in rows):
            raise Unexpected
        if chosen is None:
            return rows
        if not all(chosen in row for row in rows):
            raise Unexpected
        return [row for row in rows if row[chosen]]

    return read


def _column(args: list[nodes.Expr]) -> str | None:
    """Return the one column that is named, if it is a plain name."""
    if len(args) != 1 or not isinstance(args[0], nodes.Const):
        return None
    name = args[0].value
    return name if isinstance(name, str) and name.isidentifier() and name[0] != "_" else None


def _picked(node: nodes.Call) -> Reader | None:
    """Return `pick('', '亲，')` between texts that the author wrote out."""
    if not isinstance(node.node, nodes.Name) or node.node.name != "pick" or len(node.args) < 2:
        return None
    if node.kwargs or node.dyn_args or node.dyn_kwargs:
        return None
    options = [arg.value for arg in node.args if isinstance(arg, nodes.Const)]
    if len(options) != len(node.args) or not all(type(option) is str for option in options):
        return None
    return picked(options)


def picked(options: list[str]) -> Reader:
    """Return what chooses one of several texts."""
    ropes = [Rope(option) for option in options]
    return lambda _, choose: ropes[choose(len(ropes))]
