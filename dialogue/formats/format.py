"""A format: the files that a trainer reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from dialogue.session import Session
    from dialogue.tasks.example import Example, Loss
    from dialogue.tasks.ontology import Ontology
    from dialogue.tasks.options import Options


class Row(NamedTuple):
    """One item of a file.

    `path` is its place below the format's folder, with `/`. Where it holds `{number}`, a file gets
    no more than a thousand rows and the next one the next number, from 0. What `data` must be
    depends on the path's suffix: JSON for `.jsonl` and `.json`, text for others.
    """

    path: str
    data: Any


class Note(NamedTuple):
    """Something that `closing` must know, of which the first with a key is kept.

    There may be no more keys than a domain has names and wordings: memory holds them all.
    """

    key: tuple[str, ...]
    value: Any = None


class Sink(Protocol):
    """A file that rows are added to; it is whole once it is closed."""

    def add(self, data: Any) -> None:
        """Write one row."""

    def close(self) -> None:
        """End the file."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an export came to, for the files that are written last.

    `name` names the dataset; `rows` counts them by path, with `{number}` as written. `notes` are
    what the format has noted, in the order of the first of each.
    """

    name: str
    rows: Mapping[str, int]
    ontology: Ontology
    options: Options
    notes: Mapping[tuple[str, ...], Any] = field(default_factory=dict)


Items: TypeAlias = "Iterator[Row | Loss | Note]"
Rows: TypeAlias = "Callable[[Session, Mapping[str, Sequence[Example]], Ontology, Options], Items]"


def _nothing(outcome: Outcome) -> Iterator[Row]:  # noqa: ARG001
    yield from ()


@dataclass(frozen=True, slots=True)
class Format:
    """One of the formats.

    `rows` turns a session, and the examples that the tasks made of it, into rows; a loss is what
    the format cannot express. `fixed` ones hold the same whatever tasks are asked for, and `tasks`
    names those that can be done with what they hold. `closing` yields files that are written last:
    the data of each is the whole file, text or JSON. `sinks` are its own kinds of file by suffix.
    `reads` names the options that it looks at, besides those of its tasks.
    `extra` names the optional dependency that it needs, which `ready` tries to import.
    `configs` tells whether the dataset's card offers its rows to the library `datasets`: they must
    be JSON, in `<task>/<split>` or `<split>`, since all that a card offers is read in one way.
    """

    name: str
    purpose: str
    tasks: tuple[str, ...]
    rows: Rows
    fixed: bool = False
    closing: Callable[[Outcome], Iterator[Row]] = _nothing
    sinks: Mapping[str, Callable[[Path], Sink]] = field(default_factory=dict)
    reads: tuple[str, ...] = ()
    extra: str | None = None
    ready: Callable[[], None] = lambda: None
    configs: bool = True
