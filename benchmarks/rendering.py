"""The same texts by stock Jinja2: no spans, no labels, plain strings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import FileSystemLoader
from jinja2.sandbox import SandboxedEnvironment

from dialogue.row import Row
from dialogue.template.rope import LabelledFloat, LabelledInt, RecordRope

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from jinja2 import Template

    from benchmarks.trace import Trace

Text = tuple["Template", dict[str, Any]]


class PlainRecord(str):
    """A record as said, with its parts."""

    def __new__(cls, text: str, parts: Mapping[str, str]) -> PlainRecord:
        made = super().__new__(cls, text)
        vars(made).update(parts)
        return made


class Renderer:
    """Stock templates of the phrasings that sessions use, compiled once."""

    def __init__(self, folder: Path) -> None:
        self.environment = SandboxedEnvironment(loader=FileSystemLoader(folder))
        self.environment.filters["normal"] = str
        self.environment.globals |= {"pick": pick, "order": order}
        self.templates: dict[str, Template] = {}

    def texts(self, trace: Trace) -> list[Text]:
        """Return the templates of a session and the plain values of the names they read."""
        found = []
        for template, names in trace.texts:
            if template.source not in self.templates:
                self.templates[template.source] = self.environment.from_string(template.source)
            values = {name: plain(names[name]) for name in template.names if name in names}
            found.append((self.templates[template.source], values))
        return found

    def render(self, texts: Iterable[Text]) -> None:
        """Render them all: what is timed."""
        for template, names in texts:
            template.render(names)


def plain(value: Any) -> Any:
    """Return a value without labels."""
    if isinstance(value, RecordRope):
        return PlainRecord(exact(value), {name: exact(part) for name, part in value.parts.items()})
    if isinstance(value, (LabelledInt, LabelledFloat)):
        return exact(str(value))
    if isinstance(value, str):
        return exact(value)
    if isinstance(value, Row):
        return {column: plain(value[column]) for column in value.words}
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value


def exact(text: str) -> str:
    """Return the text as nothing but a string."""
    return text.encode().decode()


def pick(*options: object) -> object:
    """Return an option."""
    return options[0]


def order(
    *items: object, sep: str | Sequence[str] = "", labels: Mapping[str, str] | None = None
) -> str:
    """Return the items in one order."""
    between = sep if isinstance(sep, str) else sep[0]
    named = list(labels.values()) if labels else [""] * len(items)
    return between.join(f"{label}{item}" for label, item in zip(named, items, strict=False))
