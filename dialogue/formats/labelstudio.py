"""Label Studio's tasks: `labelstudio/<split>-000000.json` of a thousand each, and `config.xml`.

A task is one utterance of a user with its labels and intents as a prediction, and what was said
before it to read; what the bot says is known, so nobody need review it. Offsets are code points.
The id of a region is `<turn>.<span>`, counted in the record. A region has a text of its own where
its meaning is not what it says: the normal form, or a typed value such as a time as JSON.
`dialogue import labelstudio` takes the corrections back.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as Xml

from dialogue.formats.format import Format, Row
from dialogue.tasks.example import Loss
from dialogue.tasks.said import utterances

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dialogue.formats.format import Outcome
    from dialogue.session import Session, Span, Utterance
    from dialogue.tasks.example import Example
    from dialogue.tasks.ontology import Ontology
    from dialogue.tasks.options import Options

# The names of what a reviewer is asked: a file that comes back answers by them.
SLOTS = "slots"
INTENTS = "intents"
VALUE = "value"
_TEXT = "text"


def rows(
    session: Session,
    examples: Mapping[str, Sequence[Example]],  # noqa: ARG001
    ontology: Ontology,
    options: Options,
) -> Iterator[Row | Loss]:
    """Yield a task for each utterance of the user."""
    known = names(ontology, options.labels)
    for number, turn in enumerate(session["turns"]):
        if turn["kind"] != "utterance" or turn["speaker"] != "user":
            continue
        if any(ontology.key(span) not in known for span in turn["spans"]):
            yield Loss("utterance with a label that the ontology lacks")
            continue
        # The clock comes first: it explains relative times, and the list is never empty.
        context = [{"speaker": "now", "text": session["now"]}]
        context += [
            {"speaker": before["speaker"], "text": before["text"]}
            for before in utterances(session, 0, number)
        ]
        data = {"id": f"{session['id']}/{number}", "text": turn["text"], "context": context}
        prediction = {
            "model_version": "dialogue",
            "result": list(_results(number, turn, ontology, known)),
        }
        task = {"data": {**data, "speaker": turn["speaker"]}, "predictions": [prediction]}
        yield Row(f"{session['split']}-{{number}}.json", task)


def _results(
    number: int, turn: Utterance, ontology: Ontology, known: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    for index, span in enumerate(turn["spans"]):
        name = f"{number}.{index}"
        place = {"start": span["start"], "end": span["end"]}
        labels = {"text": span["surface"], "labels": [known[ontology.key(span)]]}
        yield _result(name, SLOTS, "labels", {**place, **labels})
        if (text := shown(span)) is not None:
            yield _result(name, VALUE, "textarea", {**place, "text": [text]})
    if chosen := [intent["name"] for intent in turn.get("intents", ())]:
        yield _result(f"{number}.intents", INTENTS, "choices", {"choices": chosen})


def _result(name: str, asked: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "from_name": asked, "to_name": _TEXT, "type": kind, "value": value}


def shown(span: Span) -> str | None:
    """Return what a region means, in words for a reviewer; None where it is what it says."""
    if isinstance(span["value"], str):
        return span.get("normal")
    return json.dumps(span["value"], ensure_ascii=False)


def names(ontology: Ontology, labels: str = "slot") -> dict[str, str]:
    """Return the name of each key that users may say; no two keys have the same.

    Of keys with the same label the one that units ask for has it, and the others go by their key.
    """
    plain = ontology.plain["keys"] if labels == "key" else ontology.labels
    wanted = {key for unit in ontology.plain["units"].values() for key in unit["target"].values()}
    taken = Counter(plain[key] for key in ontology.labels)
    asked = Counter(plain[key] for key in ontology.labels if key in wanted)
    named = {
        key: plain[key]
        if taken[plain[key]] == 1 or (key in wanted and asked[plain[key]] == 1)
        else key
        for key in ontology.labels
    }
    if len(set(named.values())) < len(named):  # a label of one is the key of another
        return {key: key for key in ontology.labels}
    return named


def closing(outcome: Outcome) -> Iterator[Row]:
    """Yield the labeling interface: what reviewers see, and the labels and intents that exist."""
    view = Xml.Element("View")
    paragraphs = {"layout": "dialogue", "nameKey": "speaker", "textKey": "text"}
    Xml.SubElement(view, "Paragraphs", {"name": "context", "value": "$context", **paragraphs})
    Xml.SubElement(view, "Text", name=_TEXT, value="$text")
    if labels := names(outcome.ontology, outcome.options.labels):
        slots = Xml.SubElement(view, "Labels", name=SLOTS, toName=_TEXT)
        for name in labels.values():
            Xml.SubElement(slots, "Label", value=name)
        one = {"perRegion": "true", "editable": "true", "maxSubmissions": "1"}
        Xml.SubElement(view, "TextArea", {"name": VALUE, "toName": _TEXT, **one})
    if outcome.ontology.intents:
        choices = Xml.SubElement(view, "Choices", name=INTENTS, toName=_TEXT, choice="multiple")
        for name, title in outcome.ontology.intents.items():
            Xml.SubElement(choices, "Choice", {"value": name, **({"hint": title} if title else {})})
    Xml.indent(view)
    yield Row("config.xml", Xml.tostring(view, encoding="unicode") + "\n")


FORMAT = Format(
    name="labelstudio",
    purpose="tasks for reviewers in Label Studio; corrections come back with import",
    tasks=("tag", "intent"),
    rows=rows,
    reads=("labels",),
    fixed=True,
    closing=closing,
)
