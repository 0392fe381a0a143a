"""What kind each label's values are of: by their looks, their label and their neighbours."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dialogue.twin.example import Conversation
    from dialogue.twin.languages.language import Kind, Language

HINTED, SURE, AFTER = 0.5, 0.9, 0.5  # shares of values that must fit


@dataclass(slots=True)
class Usage:
    """How a label is used: its surfaces and normal forms, and the labels beside and before it."""

    surfaces: Counter[str] = field(default_factory=Counter)
    meant: dict[str, Counter[str]] = field(default_factory=dict)
    beside: Counter[str] = field(default_factory=Counter)
    before: Counter[str] = field(default_factory=Counter)
    texts: int = 0

    @property
    def values(self) -> list[str]:
        """The surfaces, as often as they were said."""
        return list(self.surfaces.elements())


def usages(conversations: Iterable[Conversation]) -> dict[str, Usage]:
    """Return how each label is used by users."""
    found: dict[str, Usage] = {}
    for conversation in conversations:
        for utterance in conversation.utterances:
            if utterance.speaker != "user":
                continue
            labels = {said.label for said in utterance.said}
            before = None
            for said in utterance.said:
                usage = found.setdefault(said.label, Usage())
                surface = utterance.surface(said)
                usage.surfaces[surface] += 1
                usage.meant.setdefault(said.normal or surface, Counter())[surface] += 1
                gap = utterance.text[before.end : said.start] if before else "…"
                if before is not None and not re.search(r"\w", gap):
                    usage.before[before.label] += 1
                before = said
            for label in labels:
                found[label].texts += 1
                found[label].beside.update(labels - {label})
    return found


def kinds_of(usage: Mapping[str, Usage], language: Language) -> dict[str, Kind]:
    """Return the kind of each label whose values are like those of one."""
    found: dict[str, Kind] = {}
    for label, used in usage.items():
        shares = {kind.name: _share(kind, used) for kind in language.kinds}
        named = [k for k in language.kinds if _named(label, k) and shares[k.name] >= HINTED]
        sure = [k for k in language.kinds if k.sure and shares[k.name] >= SURE]
        if named or sure:
            found[label] = (named or sure)[0]
    for _ in range(2):  # what is known now may tell more
        for label, used in usage.items():
            if label in found:
                continue
            for kind in language.kinds:
                if _share(kind, used) >= HINTED and _beside(kind, used, found):
                    found[label] = kind
                    break
    return found


def _share(kind: Kind, used: Usage) -> float:
    return sum(map(kind.fits, used.surfaces)) / len(used.surfaces)


def _named(label: str, kind: Kind) -> bool:
    last = re.split(r"[./:]", label)[-1]
    return label.lower() in kind.names or last.lower().replace(" ", "_") in kind.names


def _beside(kind: Kind, used: Usage, found: Mapping[str, Kind]) -> bool:
    def count(labels: Counter[str], names: frozenset[str]) -> int:
        return sum(
            n for label, n in labels.items() if label in found and found[label].name in names
        )

    if kind.after and count(used.before, kind.after) >= AFTER * used.surfaces.total():
        return True
    return _share(kind, used) >= SURE and count(used.beside, kind.beside) > 0
