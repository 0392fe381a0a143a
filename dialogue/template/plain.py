"""Phrasings without statements, rendered without Jinja2: text, names, parts, columns, joins, picks.

Most phrasings are like that, and this is several times faster. Whatever is not exactly as expected
here is left to Jinja2, which then renders it or says what is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from jinja2 import nodes

from dialogue.template.label import LONGEST
from dialogue.template.rope import LabelledFloat, LabelledInt, RecordRope, Rope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Choose: TypeAlias = "Callable[[int], int]"
Part: TypeAlias = "str | Callable[[Mapping[str, Any], Choose], Any]"


class Plain:
    """A phrasing as literal text and what is printed between; `picks` leave something to chance."""

    __slots__ = ("literal", "parts", "picks")

    def __init__(self, parts: tuple[Part, ...], picks: bool) -> None:
        self.parts = parts
        # Half of all texts hold no slot: one rope does for all of their renderings.
        texts = [part for part in parts if isinstance(part, str)]
        whole = len(texts) == len(parts) and sum(map(len, texts)) <= LONGEST
        self.literal = Rope("".join(texts)) if whole else None
        self.picks = picks

    def render(self, names: Mapping[str, Any], choose: Choose) -> Rope | None:
        """Return the text with its labels, or None for what only Jinja2 can tell."""
        if self.literal is not None:
            return self.literal
        texts: list[str] = []
        pieces: list[Any] = []
        at = 0
        for part in self.parts:
            if type(part) is str:
                texts.append(part)
                at += len(part)
                continue
            value = part(names, choose)  # type: ignore[operator]
            kind = type(value)
            if kind is LabelledInt or kind is LabelledFloat:
                value = value.rope
            elif kind is not Rope and kind is not RecordRope:
                return None
            for start, end, label in value.pieces:
                pieces.append((at + start, at + end, label))
            texts.append(value)
            at += len(value)
        if at > LONGEST:
            return None
        text = str.__new__(Rope, "".join(texts))
        text.pieces = tuple(pieces)
        return text


def plain(tree: nodes.Template) -> Plain | None:
    """Return a phrasing's parts, or None when it holds anything else."""
    parts: list[Part] = []
    for statement in tree.body:
        if not isinstance(statement, nodes.Output):
            return None
        for node in statement.nodes:
            part = node.data if isinstance(node, nodes.TemplateData) else _printed(node)
            if part is None:
                return None
            parts.append(part)
    return Plain(tuple(parts), picks=any(True for _ in tree.find_all(nodes.Call)))


def _printed(node: nodes.Expr) -> Part | None:
    if isinstance(node, nodes.Filter) and node.node is not None:
        return _filtered(node)
    if isinstance(node, nodes.Call):
        return _picked(node)
    path = _path(node)
    return None if path is None else _reader(*path)


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
    if any(isinstance(step, str) and step.startswith("_") for step in steps):
        return None
    return node.name, tuple(reversed(steps))


def _reader(name: str, steps: tuple[str | int, ...]) -> Part:
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
            elif isinstance(value, dict) and step in value:
                value = value[step]
            else:
                return None
        return value

    return read


def _filtered(node: nodes.Filter) -> Part | None:
    """Return `x | trim`, or `rows | map(attribute='name') | join('、')`."""
    assert node.node is not None
    if node.name == "trim" and not node.args and not node.kwargs:
        inner = _printed(node.node)
        return None if inner is None or isinstance(inner, str) else _trimmed(inner)
    if node.name != "join" or node.kwargs or len(node.args) > 1:
        return None
    separator = node.args[0] if node.args else nodes.Const("")
    mapped = node.node
    if (
        not isinstance(separator, nodes.Const)
        or type(separator.value) is not str
        or not isinstance(mapped, nodes.Filter)
        or mapped.name != "map"
        or mapped.node is None
        or mapped.args
        or len(mapped.kwargs) != 1
        or mapped.kwargs[0].key != "attribute"
    ):
        return None
    column, path = mapped.kwargs[0].value, _path(mapped.node)
    if not isinstance(column, nodes.Const) or type(column.value) is not str or path is None:
        return None
    if "." in column.value or column.value.startswith("_") or column.value.isdigit():
        return None
    return _joined(_reader(*path), column.value, Rope(separator.value))


def _trimmed(inner: Callable[..., Any]) -> Part:
    def read(names: Mapping[str, Any], choose: Choose) -> Any:
        value = inner(names, choose)
        return value.strip() if type(value) is Rope else None

    return read


def _joined(rows: Any, column: str, separator: Rope) -> Part:
    def read(names: Mapping[str, Any], choose: Choose) -> Any:
        items = rows(names, choose)
        if type(items) is not list:
            return None
        texts = []
        for row in items:
            if not isinstance(row, dict) or column not in row:
                return None
            text = row[column]
            if type(text) is not Rope:
                return None
            texts.append(text)
        return separator.join(texts)

    return read


def _picked(node: nodes.Call) -> Part | None:
    """Return `pick('', '亲，')` between texts that the author wrote out."""
    if not isinstance(node.node, nodes.Name) or node.node.name != "pick" or len(node.args) < 2:
        return None
    if node.kwargs or node.dyn_args or node.dyn_kwargs:
        return None
    options = [arg.value for arg in node.args if isinstance(arg, nodes.Const)]
    if len(options) != len(node.args) or not all(type(option) is str for option in options):
        return None
    ropes = [Rope(option) for option in options]
    return lambda _, choose: ropes[choose(len(ropes))]
