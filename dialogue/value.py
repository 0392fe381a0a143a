"""What a draw gives: values with their surface, normal form and canonical value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Value(NamedTuple):
    """One drawn value.

    `surface` is the text as said (NFC, never blank), `normal` its documented normal form (what
    tools are called with), `value` the canonical value as plain JSON: a string, a number or, for
    times, a mapping such as `{"kind": "deadline", "end": "2026-03-15T00:00:00+08:00"}` whose keys
    can be read in guards and arguments (`时间.end`).
    """

    surface: str
    normal: str
    value: Any

    @classmethod
    def plain(cls, surface: str) -> Value:
        """Return a value that is its own normal form."""
        return cls(surface, surface, surface)

    def __str__(self) -> str:
        return self.surface


@dataclass(frozen=True, slots=True)
class Record:
    """Several values drawn as one, so that they belong together.

    `parts` maps a part's name to its value (a part that is not there is left out); `surface` is how
    the whole record is said: text and part names in order, each as `(text, None)` or `("", part)`;
    `rows` maps the name of a list to rows for a session table (`into`).
    """

    parts: Mapping[str, Value]
    surface: tuple[tuple[str, str | None], ...]
    rows: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)

    def __str__(self) -> str:
        return "".join(
            text if part is None else self.parts[part].surface for text, part in self.surface
        )
