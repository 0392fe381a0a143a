"""Messages with entities inline, as Rasa reads them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

STRIPPED = "\n\r "
MARKUP = re.compile(
    r"\[(?P<text>[^\]]+?)\](?:\((?P<entity>[^:)]+?)(?::[^)]+)?\)"
    r"|\{(?P<attributes>[^}]+?)\}|\[(?P<several>.*?)\])"
)
"""What Rasa reads as an entity: `[text](entity)`, `[text]{"entity": …}` or `[text][…]`."""


class Entity(NamedTuple):
    """A stretch of a message with the entity that it says."""

    start: int
    end: int
    name: str
    role: str | None


def message(text: str, said: Sequence[Entity]) -> str | None:
    """Return a message with its entities inline; None if Rasa would read something else.

    Rasa takes white space away around a message, but not within an entity.
    """
    written = annotated(text, said).strip(STRIPPED)
    blank = text[: said[0].start if said else len(text)]
    lead = len(blank) - len(blank.lstrip(STRIPPED))
    end = max(len(text.rstrip(STRIPPED)), said[-1].end if said else 0)
    moved = [one._replace(start=one.start - lead, end=one.end - lead) for one in said]
    return written if read(written) == (text[lead:end], moved) else None


def annotated(text: str, said: Iterable[Entity]) -> str:
    """Return a text with its entities inline."""
    pieces, at = [], 0
    for one in said:
        surface = text[one.start : one.end]
        pieces.append(f"{text[at : one.start]}[{surface}]")
        attributes = {"entity": one.name}
        if one.role is not None:
            attributes["role"] = one.role
        short = len(attributes) == 1
        pieces.append(f"({one.name})" if short else json.dumps(attributes, ensure_ascii=False))
        at = one.end
    return "".join(pieces) + text[at:]


def read(written: str) -> tuple[str, list[Entity]] | None:
    """Return text and entities as Rasa reads them; None if it could not."""
    pieces, found, at, length = [], [], 0, 0
    for match in MARKUP.finditer(written):
        text, entity, attributes, several = match.groups()
        role = None
        if several is not None:
            return None
        if attributes is not None:
            try:
                said = json.loads(f"{{{attributes}}}")
            except json.JSONDecodeError:
                return None
            entity, role = said.get("entity"), said.get("role")
        literal = written[at : match.start()]
        start = length + len(literal)
        length = start + len(text)
        found.append(Entity(start, length, entity, role))
        pieces += [literal, text]
        at = match.end()
    return "".join([*pieces, written[at:]]), found
