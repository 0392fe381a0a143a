"""A task: what a model is asked to do with a session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dialogue.session import Session
    from dialogue.tasks.example import Example, Loss
    from dialogue.tasks.ontology import Ontology
    from dialogue.tasks.options import Options

Examples: TypeAlias = "Callable[[Session, Ontology, Options], Iterator[Example | Loss]]"


@dataclass(frozen=True, slots=True)
class Task:
    """One of the tasks; `examples` yields what a session teaches, or what it cannot.

    `reads` names the options that it looks at.
    """

    name: str
    purpose: str
    examples: Examples
    reads: tuple[str, ...] = ()
