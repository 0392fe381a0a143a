"""The task `tag`: every character of an utterance belongs to a label or to none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.tasks.example import Loss, Tag, Tagged
from dialogue.tasks.task import Task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogue.session import Session
    from dialogue.tasks.ontology import Ontology
    from dialogue.tasks.options import Options


def examples(session: Session, ontology: Ontology, options: Options) -> Iterator[Tagged | Loss]:
    """Yield every utterance with its labels; its id is `<session>/<turn>`.

    Labels are the pack's own names of slots, of record parts the part's name, whatever the role of
    the record; a typed column of a result is labelled `result.column`. With `labels="key"` they
    are ASCII: a slot's key, a part `recipient.name`, a column `tool.column`; an utterance with a
    label that has no such name is lost, for without the label it would not be true.
    """
    return said_by(("user", "bot"), session, ontology, options)


def said_by(
    speakers: tuple[str, ...], session: Session, ontology: Ontology, options: Options
) -> Iterator[Tagged | Loss]:
    """Yield the utterances of some speakers with their labels."""
    keys = options.labels == "key"
    label = ontology.ascii if keys else ontology.label
    for number, turn in enumerate(session["turns"]):
        if turn["kind"] != "utterance" or turn["speaker"] not in speakers:
            continue
        tags = tuple(
            [
                Tag(span["start"], span["end"], label(span), span["surface"], span["value"])
                for span in turn["spans"]
            ]
        )
        if keys:
            bad = next((tag.label for tag in tags if not tag.label.isascii()), None)
            if bad is not None:
                yield Loss(f"the label '{bad}' is not ASCII: give its slot a key")
                continue
        intents = tuple([intent["name"] for intent in turn.get("intents", ())])
        yield Tagged(f"{session['id']}/{number}", turn["speaker"], turn["text"], intents, tags)


TASK = Task("tag", "the label of every character of an utterance", examples, reads=("labels",))
