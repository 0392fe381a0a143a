"""spaCy's own documents, with a configuration to train with at once.

What users say only: that is what a model will be given, and it is what intents are told of.

`spacy/<split>/{number}.spacy` are DocBins of at most a thousand documents. Labels are in `doc.ents`
and in `doc.spans["sc"]`, every intent of the domain with 1 or 0 in `doc.cats`, the id of the
utterance in `doc.user_data["id"]`. Chinese is cut into characters, so that every span is one of
whole tokens; other languages as spaCy cuts them, and an utterance with a span that cuts a token is
lost, as is one with a span that begins or ends with white space. `config.cfg` learns entities and
intents: `cd DIR/spacy && spacy train config.cfg --output ../../model`, with `--paths.train` and
`--paths.dev` for other places.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from dialogue.formats.format import Format, Row
from dialogue.problem import UnplacedError
from dialogue.tasks import tag
from dialogue.tasks.example import Loss

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from dialogue.formats.format import Outcome
    from dialogue.session import Session
    from dialogue.tasks.example import Example, Tagged
    from dialogue.tasks.ontology import Ontology
    from dialogue.tasks.options import Options

CHINESE = "zh"  # spaCy cuts it into characters where nothing else is asked for
CUT = Loss("a span begins or ends within a token of spaCy")


class Document(NamedTuple):
    """An utterance as a DocBin is to hold it; `entities` are (start, end, label)."""

    id: str
    language: str
    text: str
    entities: tuple[tuple[int, int, str], ...]
    intents: Mapping[str, float]


def rows(
    session: Session,
    examples: Mapping[str, Sequence[Example]],  # noqa: ARG001
    ontology: Ontology,
    options: Options,
) -> Iterator[Row | Loss]:
    """Yield a document for each utterance of the user; only other languages need spaCy for it."""
    path = f"{session['split']}/{{number}}.spacy"
    for one in tag.said_by(("user",), session, ontology, options):
        if isinstance(one, Loss):
            yield one
            continue
        made = document(one, ontology)
        yield Row(path, made) if fits(made) else CUT


def document(said: Tagged, ontology: Ontology) -> Document:
    """Return the document of an utterance."""
    entities = tuple([(one.start, one.end, one.label) for one in said.tags])
    intents = {**dict.fromkeys(ontology.intents, 0.0), **dict.fromkeys(said.intents, 1.0)}
    return Document(said.id, language(ontology), said.text, entities, intents)


def language(ontology: Ontology) -> str:
    """Return the language of a domain as spaCy names it."""
    return ontology.locale.partition("_")[0]


def fits(made: Document) -> bool:
    """Tell whether every entity is one of whole tokens."""
    if made.language == CHINESE:  # a token a character, white space belongs to none
        ends = [made.text[at] for start, end, _ in made.entities for at in (start, end - 1)]
        return not any(map(str.isspace, ends))
    pipeline = blank(made.language)
    with pipeline.memory_zone():
        doc = pipeline.make_doc(made.text)
        return all(doc.char_span(start, end) is not None for start, end, _ in made.entities)


@cache
def blank(code: str) -> Any:
    """Return the pipeline of a language that all its documents are made with."""
    return opened(code)


def opened(code: str) -> Any:
    """Return a pipeline of spaCy that knows no more than how to cut a language, or any other."""
    import spacy

    try:
        return spacy.blank(code)
    except ImportError:  # spaCy does not have it, or lacks a library for it
        return spacy.blank("xx")


def ready() -> None:
    """Raise UnplacedError without spaCy."""
    try:
        import spacy  # noqa: F401
    except ImportError as error:
        what = f"the format 'spacy' needs the library spaCy ({error})"
        raise UnplacedError(what, "pip install 'dialogue[spacy]'") from None


class Bin:
    """A DocBin of spaCy."""

    def __init__(self, path: Path) -> None:
        from spacy.tokens import DocBin

        self.path = path
        self.bin = DocBin(attrs=["ENT_IOB", "ENT_TYPE"], store_user_data=True)

    def add(self, data: Document) -> None:
        """Add a document."""
        pipeline = blank(data.language)
        with pipeline.memory_zone():  # what is kept of a text goes with it
            doc = pipeline.make_doc(data.text)
            spans = [doc.char_span(start, end, label) for start, end, label in data.entities]
            doc.set_ents(spans)
            doc.spans["sc"] = spans
            doc.cats = dict(data.intents)
            doc.user_data["id"] = data.id
            self.bin.add(doc)

    def close(self) -> None:
        """Write the file."""
        self.bin.to_disk(self.path)


def closing(outcome: Outcome) -> Iterator[Row]:
    """Yield spaCy's own configuration for learning entities and intents."""
    pipeline = opened(language(outcome.ontology))
    for component in ("ner", "textcat_multilabel"):
        pipeline.add_pipe(component)
    config = pipeline.config
    config["paths"].update(train="train", dev="dev")
    yield Row("config.cfg", config.to_str())


FORMAT = Format(
    name="spacy",
    purpose="spaCy's documents: entities, spans, categories, and a configuration to train with",
    tasks=("tag", "intent"),
    rows=rows,
    reads=("labels",),
    fixed=True,
    closing=closing,
    sinks={".spacy": Bin},
    extra="spacy",
    ready=ready,
    configs=False,
)
