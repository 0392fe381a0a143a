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

_SAYS = {"user": ("inform",), "bot": ("inform", "confirm", "offer")}  # acts that refer to spans
_DOES = {"user": ("inform_intent", "affirm", "negate", "dontcare", "repeat"), "bot": ("request",)}
_ABOUT = ("affirm", "negate", "dontcare", "request")  # a slot, whether it is said or not


def check(session: Session, ontology: Ontology) -> Iterator[Finding]:
    """Yield the spans and acts of a session that do not hold."""
    for number, turn in enumerate(session["turns"]):
        if turn["kind"] == "utterance":
            for what in _wrong(turn, ontology):
                yield Finding(number, what)


def _wrong(turn: Any, ontology: Ontology) -> Iterator[str]:
    text, end = turn["text"], 0
    if "phrasings" in turn and turn["phrasings"][0] != turn["phrasing"]:
        yield f"it is made from {turn['phrasing']}, but first from {turn['phrasings'][0]}"
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
    yield from _wrong_acts(turn, ontology)


def _wrong_acts(turn: Any, ontology: Ontology) -> Iterator[str]:
    """Yield the acts that are about no span, and the spans that no act is about."""
    spans, told = turn["spans"], []
    for act in turn["acts"]:
        name = act["act"]
        if name not in (*_SAYS[turn["speaker"]], *_DOES[turn["speaker"]]):
            yield f"{name} is no act of the {turn['speaker']}"
        if name in _DOES[turn["speaker"]]:
            if "span" in act:
                yield f"{name} is about span {act['span']}, but says none"
            if name in _ABOUT and ("slot" not in act or key_of(act) not in ontology.keys):
                about = key_of(act) if "slot" in act else "no slot"
                yield f"{name} is about {about}, which the dataset does not know"
            continue
        number = act.get("span", -1)
        told.append(number)
        if not 0 <= number < len(spans):
            yield f"an act is about span {number}, which is not there"
        elif any(act.get(one) != spans[number].get(one) for one in ("slot", "part")):
            about = key_of(act) if "slot" in act else "no slot"
            yield f"an act about span {number} is of {about}, the span of {key_of(spans[number])}"
    if sorted(told) != list(range(len(spans))):
        yield f"{len(spans)} spans have acts about {sorted(told)}"


RULE = Rule("spans", "spans say their surface at their place, in order and apart", check)
