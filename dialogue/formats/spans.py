"""Utterances with their spans, for taggers that read offsets and for whatever else is made of them.

`spans/<split>.jsonl`, a line an utterance, of the user and of the bot:
`{"id", "speaker", "text", "intents", "spans": [{"start", "end", "label", "surface", "value"}]}`.
Offsets are code points, half open; spans are in order and disjoint. Utterances without spans are
there, since a tagger must learn them, too. Labels are the pack's own names, of record parts the
part's name, or ASCII with `labels="key"`. `value` is the canonical value, a time a typed mapping.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogue.formats.format import Format, Row
from dialogue.tasks import tag
from dialogue.tasks.example import Loss

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dialogue.session import Session
    from dialogue.tasks.example import Example, Tagged
    from dialogue.tasks.ontology import Ontology
    from dialogue.tasks.options import Options


def rows(
    session: Session,
    examples: Mapping[str, Sequence[Example]],  # noqa: ARG001
    ontology: Ontology,
    options: Options,
) -> Iterator[Row | Loss]:
    """Yield a line for each utterance."""
    path = f"{session['split']}.jsonl"
    for one in tag.examples(session, ontology, options):
        yield one if isinstance(one, Loss) else Row(path, line(one))


def line(said: Tagged) -> dict[str, Any]:
    """Return the line of an utterance."""
    return {
        "id": said.id,
        "speaker": said.speaker,
        "text": said.text,
        "intents": said.intents,
        "spans": [one._asdict() for one in said.tags],
    }


FORMAT = Format(
    name="spans",
    purpose="a line an utterance: text, intents, spans in code points",
    tasks=("tag", "intent"),
    rows=rows,
    reads=("labels",),
    fixed=True,
)
