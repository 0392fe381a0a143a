"""What users said in a stretch of turns, in the form that a target asks for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dialogue.session import Session, Span, StateSlot
    from dialogue.tasks.ontology import Ontology
    from dialogue.tasks.options import Form


_CHECKS = ("confirm", "offer")


def spoken(turns: Iterable[Any], ontology: Ontology) -> Iterator[tuple[str, Span]]:
    """Yield the spans that users said, with their keys.

    What a user affirms is said by the bot: its span stands where the user takes it.
    """
    checked: dict[str, Span] = {}
    for turn in turns:
        if turn["kind"] != "utterance":
            continue
        if turn["speaker"] == "bot":
            spans = [turn["spans"][one["span"]] for one in turn["acts"] if one["act"] in _CHECKS]
            checked = {ontology.key(span): span for span in spans} or checked
            continue
        affirmed = (ontology.key(one) for one in turn["acts"] if one["act"] == "affirm")
        yield from ((key, checked[key]) for key in affirmed if key in checked)
        for span in turn["spans"]:
            yield ontology.key(span), span


def told(entry: Span | StateSlot, slot: str, form: Form, shown: str, ontology: Ontology) -> Any:
    """Return what was said in a form that can be derived from the text that is `shown`.

    The normal form of a row that was named by its place in a list (“第二个”) is known only where
    the list is shown; elsewhere the surface stands, as it does for times of a kind that no rule
    explains. A row's own id is internal, be it a text or a number: it never leaves the record, and
    its normal form stands for it.
    """
    surface, value = entry["surface"], entry["value"]
    normal = entry.get("normal", surface)
    if form == "surface":
        return surface
    if form == "value" and (_is_explained(value) or _is_number_of(value, normal)):
        return value
    if _is_explained(value) or ontology.documents(slot, surface, normal) or normal in shown:
        return normal
    return surface


def is_time(value: Any) -> bool:
    """Tell whether a canonical value is a typed time, which only a clock explains."""
    return isinstance(value, dict) and "kind" in value


def _is_explained(value: Any) -> bool:
    """Tell whether this is a time whose notation is told in words: see `forms` of instructions."""
    return is_time(value) and value["kind"] in ("deadline", "interval")


def _is_number_of(value: Any, normal: str) -> bool:
    return isinstance(value, (int, float)) and str(value) == normal


def needs_clock(entry: Span | StateSlot, form: Form) -> bool:
    """Tell whether a form can be worked out only by who knows the time."""
    return form != "surface" and _is_explained(entry["value"])


def utterances(session: Session, first: int = 0, last: int | None = None) -> list[Any]:
    """Return what is said in the stretch `[first, last)` of turns."""
    return [turn for turn in session["turns"][first:last] if turn["kind"] == "utterance"]


def dumped(answer: Any) -> str:
    """Return JSON as people and models write it."""
    return json.dumps(answer, ensure_ascii=False)
