"""A rule that every session must keep, and what breaks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dialogue.session import Session
    from dialogue.verify.ontology import Ontology


@dataclass(frozen=True, slots=True)
class Finding:
    """What a session says that cannot be, and the turn that it is about; None for all of it."""

    turn: int | None
    what: str


Check: TypeAlias = "Callable[[Session, Ontology], Iterator[Finding]]"


@dataclass(frozen=True, slots=True)
class Rule:
    """One of the rules; `check` yields what is wrong with a session that has the record's form."""

    name: str
    purpose: str
    check: Check
