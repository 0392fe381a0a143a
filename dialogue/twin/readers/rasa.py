"""Rasa's YAML: examples with entities inline, stories and rules, responses of a domain.

All files are read together: a story's intents have the wordings of the NLU files, its actions those
of the domain's responses. `{slot}` in a response is the entity that fills the slot. Actions
without a response are lookups, which an example does not tell.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from dialogue.formats.rasa.markup import MARKUP
from dialogue.problem import ContentError, Position, Problem
from dialogue.spec.source import Source
from dialogue.spec.source import read as read_yaml
from dialogue.twin.example import Conversation, Misplaced, Said, Utterance, normalised

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NONE = ("no_intent", "nlu_fallback")
_HOLE = re.compile(r"\{([^{}\s]+)\}")
_ITEM = re.compile(r"^[ \t]*- (.*(?:\n(?![ \t]*- ).+)*)", re.MULTILINE)


class _Domain(NamedTuple):
    """What the bot says by action, and which entity a slot is filled with."""

    responses: dict[str, list[str]]
    entities: dict[str, tuple[str, str]]


def read(paths: list[Path]) -> Iterator[Conversation | Problem]:
    """Yield the examples and stories of files that belong together."""
    sources: list[Source] = []
    for path in paths:
        try:
            sources.append(read_yaml(path))
        except ContentError as error:
            yield from error.problems
    files = [one for one in sources if isinstance(one.data, dict)]
    domain = _domain(files)
    for source in files:
        for number, item in enumerate(_list(source.data.get("nlu"))):
            yield from _examples(source, item, number)
    for source in files:
        for kind in ("stories", "rules"):
            for number, item in enumerate(_list(source.data.get(kind))):
                yield from _story(source, kind, item, number, domain)


def _list(data: Any) -> list[dict[str, Any]]:
    return [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []


def _domain(sources: list[Source]) -> _Domain:
    found = _Domain({}, {})
    for source in sources:
        for name, said in _mapping(source.data.get("responses")).items():
            texts = [one.get("text") for one in _list(said)]
            found.responses.setdefault(name, []).extend(text for text in texts if text)
        for name, slot in _mapping(source.data.get("slots")).items():
            for mapping in _list(_mapping(slot).get("mappings")):
                if mapping.get("entity"):
                    filled = (str(mapping["entity"]), str(mapping.get("role") or ""))
                    found.entities.setdefault(name, filled)
    return found


def _mapping(data: Any) -> dict[str, Any]:
    return data if isinstance(data, dict) else {}


def _intents(name: Any) -> tuple[str, ...]:
    """Return the intents of a name such as `ask/price` or `greet+order`."""
    return tuple(one for one in str(name or "").split("+") if one and one not in NONE)


def _examples(
    source: Source, item: dict[str, Any], number: int
) -> Iterator[Conversation | Problem]:
    if "intent" not in item:
        return  # synonyms, lookup tables and patterns are no examples
    route = ("nlu", number, "examples")
    written = item.get("examples")
    texts: list[tuple[Position, str]] = []
    if isinstance(written, str):
        for found in _ITEM.finditer(written):
            line = written.count("\n", 0, found.start()) + 1
            texts.append((source.at(route, line), found[1]))
    else:
        for index, one in enumerate(_list(written)):
            texts.append((source.at((*route, index)), str(one.get("text") or "")))
    for at, text in texts:
        try:
            said = _utterance(at, text.strip("\n\r "), _intents(item["intent"]))
        except Misplaced as error:
            yield Problem(at, str(error), "correct the markup of the entity")
            continue
        if said.text.strip():
            yield Conversation(at, (said,), loose=True)


def _utterance(at: Position, written: str, intents: tuple[str, ...]) -> Utterance:
    """Read a text with `[words](entity)` and `[words]{"entity": …}`; raises Misplaced."""
    pieces: list[str] = []
    said: list[Said] = []
    end = length = 0
    for found in MARKUP.finditer(written):
        words, entity, attributes, several = found.groups()
        if several is not None:
            raise Misplaced(f"'{words}' has several entities")
        told: dict[str, Any] = {"entity": entity}
        if attributes is not None:
            try:
                told = json.loads(f"{{{attributes}}}")
            except ValueError:
                raise Misplaced(f"what stands behind '[{words}]' is no JSON") from None
        pieces += [written[end : found.start()], words]
        start = length + len(pieces[-2])
        length = start + len(words)
        role, value = str(told.get("role") or ""), told.get("value")
        normal = value if isinstance(value, str) else ""
        said.append(Said(start, length, str(told.get("entity") or ""), role, normal))
        end = found.end()
    text, moved = normalised("".join([*pieces, written[end:]]), said)
    return Utterance(at, "user", text, intents, moved)


def _story(
    source: Source, kind: str, item: dict[str, Any], number: int, domain: _Domain
) -> Iterator[Conversation | Problem]:
    utterances: list[Utterance] = []
    for index, step in enumerate(_list(item.get("steps"))):
        at = source.at((kind, number, "steps", index))
        if "or" in step:
            step = next(iter(_list(step["or"])), {})
        if step.get("user"):
            intents = _intents(step.get("intent"))
            utterances.append(_utterance(at, str(step["user"]).strip("\n\r "), intents))
        elif "intent" in step:
            utterances.append(Utterance(at, "user", "", _intents(step["intent"])))
        if said := domain.responses.get(str(step.get("action"))):
            first, *others = [_answer(at, text, domain) for text in said]
            utterances.append(replace(first, others=tuple(others)))
        if step.get("bot"):
            utterances.append(_answer(at, str(step["bot"]), domain))
    if any(one.speaker == "user" for one in utterances):
        yield Conversation(source.at((kind, number)), tuple(utterances))


def _answer(at: Position, text: str, domain: _Domain) -> Utterance:
    """Return what the bot says, with holes for the entities that fill its slots."""
    said = []
    for found in _HOLE.finditer(text):
        label, role = domain.entities.get(found[1], (found[1], ""))
        said.append(Said(found.start(), found.end(), label, role, known=False))
    text, moved = normalised(text, said)
    return Utterance(at, "bot", text, (), moved)
