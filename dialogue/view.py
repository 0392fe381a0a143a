"""Views: other names for slots and the parts of records, as a mapping of names may give them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping


Leaf: TypeAlias = tuple[str, str]  # a slot and its part, or "" for the whole of it


@dataclass(frozen=True, slots=True)
class View:
    """Another name for a slot or a part, or a mapping of such names (`名字.param.输出`)."""

    name: str
    target: Leaf | Mapping[str, Any]

    def slots(self) -> tuple[str, ...]:
        """Return the slots that it looks at."""
        return tuple(dict.fromkeys(slot for slot, _ in leaves(self.target)))

    def text(self, texts: Mapping[str, Any]) -> Any:
        """Return what it shows of the texts at hand; a part that is not there is left out."""
        return _shown(self.target, texts)


def leaves(target: Leaf | Mapping[str, Any]) -> tuple[Leaf, ...]:
    """Return the slots or parts at the ends of a view."""
    if isinstance(target, tuple):
        return (target,)
    return tuple(leaf for inner in target.values() for leaf in leaves(inner))


def _shown(target: Leaf | Mapping[str, Any], texts: Mapping[str, Any]) -> Any:
    if isinstance(target, tuple):
        slot, part = target
        text = texts.get(slot)
        return text if not part or text is None else text.parts.get(part)
    found = {name: _shown(inner, texts) for name, inner in target.items()}
    return {name: text for name, text in found.items() if text is not None}
