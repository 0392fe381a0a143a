"""What Rasa must know of a domain: names, slots, responses, synonyms."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from dialogue.formats.rasa.scalar import HEAD, quoted, scalar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dialogue.formats.format import Outcome
    from dialogue.tasks.ontology import Ontology

WORDINGS = 3
_MEANING = re.compile("[/+:]")


@lru_cache(maxsize=1)
def intents(ontology: Ontology) -> Mapping[str, str]:
    """Return the names that Rasa gives intents, all different; '' is to have none."""
    names: dict[str, str] = {}
    for intent in sorted(
        ontology.intents, key=lambda intent: (bool(_MEANING.search(intent)), intent)
    ):
        names[intent] = _own(_MEANING.sub(".", intent), names)
    return {**names, "": _own("no_intent", names)}


def _own(name: str, names: Mapping[str, str]) -> str:
    while name in names.values():
        name += "_"
    return name


def slot(name: str, role: str) -> str:
    """Return the slot that an entity fills; Rasa demands that its name begins with a letter."""
    own = f"{name}_{role}" if role else name
    return own if own[:1].isascii() and own[:1].isalpha() else f"slot_{own}"


def domain(outcome: Outcome) -> str:
    """Return the domain of all splits."""
    noted: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for key in outcome.notes:
        noted[key[0]].append(key[1:])
    known, ontology = intents(outcome.ontology), outcome.ontology
    names = {name for (name,) in noted["intent"]} | {known[one] for one in ontology.intents}
    actions = {name for (name,) in noted["action"]}
    actions |= {f"action_{tool['name']}" for tool in ontology.tools}
    lines = [
        "intents:",
        *(f"- {scalar(name)}" for name in sorted(names)),
        *_entities(sorted(noted["entity"])),
        *_responses(outcome),
    ]
    if actions:
        lines += ["actions:", *(f"- {scalar(name)}" for name in sorted(actions))]
    return HEAD + "\n".join(lines) + "\n"


def _entities(said: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yield entities and the slots that they fill; said are names with roles, '' if without."""
    roles: defaultdict[str, list[str]] = defaultdict(list)
    for name, role in said:
        roles[name].append(role)
    if roles:
        yield "entities:"
    for name, played in roles.items():
        stated = [f"    - {scalar(role)}" for role in played if role]
        yield from (
            [f"- {scalar(name)}:", "    roles:", *stated] if stated else [f"- {scalar(name)}"]
        )
    if roles:
        yield "slots:"
    for name, role in ((name, role) for name, played in roles.items() for role in played):
        yield f"  {scalar(slot(name, role))}:"
        yield "    type: text"
        yield "    influence_conversation: false"
        yield "    mappings:"
        yield "    - type: from_entity"
        yield f"      entity: {scalar(name)}"
        if role:
            yield f"      role: {scalar(role)}"


def _responses(outcome: Outcome) -> Iterator[str]:
    found: defaultdict[str, list[str | None]] = defaultdict(list)
    for key, text in outcome.notes.items():
        if key[0] == "response":
            found[key[1]].append(text)
    if found:
        yield "responses:"
    for action, texts in sorted(found.items()):
        yield f"  {scalar(action)}:"
        # A response must say something, even if its own wordings cannot be written.
        some = list(islice((text for text in texts if text), WORDINGS)) or [action]
        yield from (f"  - text: {quoted(text)}" for text in some)
