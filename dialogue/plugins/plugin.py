"""What one package brings, imported and proven to be what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dialogue.plugins.package import is_for

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dialogue.behaviours import Behaviour
    from dialogue.noise import Operator


@dataclass(frozen=True, slots=True)
class Plugin:
    """The behaviours and operators of an installed package, each sorted by name.

    A behaviour comes with the folder of its wordings, an operator with the locale or language that
    it is for. `sha256` is that of the package's files, so that one that is edited in place is
    another one.
    """

    name: str
    version: str
    sha256: str
    behaviours: tuple[tuple[Behaviour, Path], ...] = ()
    noise: tuple[tuple[str, Operator], ...] = ()

    def operators(self, locale: str) -> tuple[Operator, ...]:
        """Return its operators for a locale."""
        return tuple(one for own, one in self.noise if is_for(own, locale))

    def described(self, rates: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
        """Return what a session depends on: version, hash, and its own of a graph's rates."""
        names = {
            "behaviours": {one.name for one, _ in self.behaviours},
            "noise": {one.name for _, one in self.noise},
        }
        own = {
            kind: {name: rate for name, rate in rates[kind].items() if name in names[kind]}
            for kind in names
            if kind in rates
        }
        return {
            "version": self.version,
            "sha256": self.sha256,
            **{kind: some for kind, some in own.items() if some},
        }
