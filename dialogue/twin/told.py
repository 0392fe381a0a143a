"""What users have told so far in a conversation, to find again in what the bot says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dialogue.twin.example import Said

if TYPE_CHECKING:
    from dialogue.twin.slots import Ref


@dataclass(slots=True)
class Told:
    """What users have told so far in a conversation."""

    values: list[tuple[Said, str, Ref]] = field(default_factory=list)

    def ref(self, said: Said, surface: str) -> Ref | None:
        """Return what stands for a value that was told by these words, or means them."""
        for other, words, ref in reversed(self.values):
            if (other.label, words) == (said.label, surface):
                return ref
        for other, _, ref in reversed(self.values):
            if (other.label, other.normal) == (said.label, surface):
                return ref._replace(name=f"{ref.name} | normal")
        return None

    def searched(self, text: str) -> list[tuple[Said, Ref]]:
        """Return the told values that a text without labels repeats, the longest first."""
        found: list[tuple[Said, Ref]] = []
        for said, words, ref in sorted(self.values, key=lambda one: -len(one[1])):
            at = text.find(words) if len(words) > 1 else -1
            while at >= 0:
                end = at + len(words)
                if not _cuts(text, at, end) and not any(
                    one.start < end and at < one.end for one, _ in found
                ):
                    found.append((Said(at, end, said.label, said.role), ref))
                at = text.find(words, end)
        return sorted(found)


def _cuts(text: str, start: int, end: int) -> bool:
    def joined(one: str, other: str) -> bool:
        return one.isascii() and other.isascii() and one.isalnum() and other.isalnum()

    return (start > 0 and joined(text[start - 1], text[start])) or (
        end < len(text) and joined(text[end - 1], text[end])
    )
