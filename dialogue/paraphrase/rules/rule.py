"""A rule that every rewording must keep, whoever wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from dialogue.paraphrase.context import Context
    from dialogue.paraphrase.wording import Wording

Check: TypeAlias = "Callable[[Wording, Context], str | None]"


@dataclass(frozen=True, slots=True)
class Rule:
    """One of the rules; `check` returns what speaks against a wording, None for nothing."""

    name: str
    purpose: str
    check: Check
