"""Spans stand where they say, in code points of NFC text, and acts are about spans that are."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from dialogue.verify.ontology import key_of
from dialogue.verify.rule import Finding, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogue.session import Session
    from dialogue.verify.ontology import Ontology


def check(session: Session, ontology: Ontology) -> Iterator[Finding]:
    """Yield the spans and acts of a session that do not hold."""
    for number, turn in enumerate(session["turns"]):
        if turn["kind"] == "utterance":
            for what in _wrong(turn, ontology):
                yield Finding(number, what)


def _wrong(turn: Any, ontology: Ontology) -> Iterator[str]:
    text, end = turn["text"], 0
    if not text.strip():
        yield "the text is blank"
    if not unicodedata.is_normalized("NFC", text):
        yield "the text is not NFC"
    for span in turn["spans"]:
        first, last, surface = span["start"], span["end"], span["surface"]
        if text[first:last] != surface or not 0 <= first < last <= len(text):
            place = f"[{first}, {last}) of {len(text)} code points"
            yield f"{key_of(span)} says '{surface}', but at {place} stands '{text[first:last]}'"
        if first < end:
            yield f"{key_of(span)} '{surface}' begins at {first}, before the span before it ends"
        if span.get("normal") == surface:
            yield f"{key_of(span)} '{surface}' has its surface as normal form"
        if key_of(span) not in ontology.keys:
            yield f"'{surface}' is of {key_of(span)}, which the dataset does not know"
        end = last
    yield from _wrong_acts(turn)


def _wrong_acts(turn: Any) -> Iterator[str]:
    """Yield the acts that are about no span, and the spans that no act is about."""
    spans, told = turn["spans"], []
    for act in turn["acts"]:
        if act["act"] != "inform":
            continue
        number = act.get("span", -1)
        told.append(number)
        if not 0 <= number < len(spans):
            yield f"an act is about span {number}, which is not there"
        elif any(act.get(name) != spans[number].get(name) for name in ("slot", "part")):
            about = key_of(act) if "slot" in act else "no slot"
            yield f"an act about span {number} is of {about}, the span of {key_of(spans[number])}"
    if sorted(told) != list(range(len(spans))):
        yield f"{len(spans)} spans have acts about {sorted(told)}"


RULE = Rule("spans", "spans say their surface at their place, in order and apart", check)
