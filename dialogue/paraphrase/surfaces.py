"""What the slots of a domain may be said by: a domain in, surfaces and normal forms out.

Of choices and rows of tables that is all there is; of Faker methods a number of draws.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from dialogue.kind import DeckKind, FakerKind, QueryKind
from dialogue.play import Play
from dialogue.value import Record, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogue.domain import Domain
    from dialogue.kind import Drawn
    from dialogue.slot import Slot

DRAWS = 200
_NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def surfaces(domain: Domain) -> frozenset[str]:
    """Return texts that stand for values, in lower case; the same at every call."""
    domain.rng.seed(0)
    play = Play(domain, _NOW, random.Random(0))
    found: set[str] = set()
    for slot in domain.names.slots.values():
        drawn = isinstance(slot.kind, FakerKind)
        for text in _texts(domain, slot, play):
            if len(text) > 1 or (text and not drawn):  # one character is a word of many meanings
                found.add(text.casefold())
    return frozenset(found)


def _texts(domain: Domain, slot: Slot, play: Play) -> Iterator[str]:
    kind = slot.kind
    if isinstance(kind, DeckKind):
        for card in kind.deck.cards:
            yield from _said(card)
    elif isinstance(kind, QueryKind) and kind.sayer.table:
        for row in domain.rows_of(kind.table):
            for card, _ in kind.sayer.cards(row):
                yield from _said(card)
    elif isinstance(kind, FakerKind) and not slot.into and not kind.depends:
        for _ in range(DRAWS):
            yield from _said(kind.draw(play))


def _said(drawn: Drawn) -> Iterator[str]:
    if isinstance(drawn.value, Record):
        values = tuple(drawn.value.parts.values())
    else:
        assert isinstance(drawn.value, Value)
        values = (drawn.value,)
    for value in values:
        yield value.surface
        yield value.normal
