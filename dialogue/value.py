"""What a draw gives: values with their surface, normal form and canonical value."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

# How something is said: text and names of parts in order, each as `(text, None)` or `("", part)`.
Surface: TypeAlias = "tuple[tuple[str, str | None], ...]"
_NONE: Mapping[str, Any] = MappingProxyType({})


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
        return tuple.__new__(cls, (surface, surface, surface))  # half the cost of calling the class

    def __str__(self) -> str:
        return self.surface


class Record(NamedTuple):
    """Several values drawn as one, so that they belong together.

    `parts` maps a part's name to its value (a part that is not there is left out); `composites` are
    how several of its parts are said as one, `surface` how the whole record is said, by parts and
    composites; `rows` maps the name of a list to rows for a session table (`into`).
    """

    parts: Mapping[str, Value]
    surface: Surface
    rows: Mapping[str, tuple[Mapping[str, Any], ...]] = _NONE
    composites: Mapping[str, Surface] = _NONE

    def says(self, composite: str = "") -> tuple[str, ...]:
        """Return the parts that a composite says, or the whole: each once, in their order."""
        surface = self.composites[composite] if composite else self.surface
        said = {name for _, name in surface}
        for name in self.composites:
            if name in said:
                said.update(self.says(name))
        return tuple([part for part in self.parts if part in said])

    def regrouped(self, fresh: Record, group: Collection[str]) -> Record:
        """Return the record with a group of parts, and what is composed of them, as in another.

        How the whole is said is made for the parts that are there: with others it changes, too.
        """
        renewed = {name: value for name, value in fresh.parts.items() if name in group}
        parts: dict[str, Value] = {}
        for name in (*self.parts, *renewed):
            parts.update(renewed if name in group else {name: self.parts[name]})
        composites = {
            name: (fresh if {part for _, part in said} & {*group} else self).composites[name]
            for name, said in fresh.composites.items()
        }
        surface = self.surface if parts.keys() == self.parts.keys() else fresh.surface
        return self._replace(parts=parts, surface=surface, composites=composites)

    def __str__(self) -> str:
        return self.say()

    def say(self, composite: str = "") -> str:
        """Return how a composite is said, or the whole."""
        surface = self.composites[composite] if composite else self.surface
        return "".join(
            text
            if name is None
            else self.say(name)
            if name in self.composites
            else self.parts[name].surface
            for text, name in surface
        )
