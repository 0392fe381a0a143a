"""What a call's arguments can be worked out from: all that a chat has told before it."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from dialogue.tasks.said import is_time

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from dialogue.session import Session
    from dialogue.tasks.ontology import Ontology


def untold(session: Session, number: int, ontology: Ontology) -> Iterator[str]:
    """Yield the parameters of the call at a turn whose arguments nothing before it tells.

    An argument is told if it was said, in whatever case, or is the documented normal form of what
    was said; if it is a value that its parameter's schema lists; if it stands in the facts or in an
    earlier result; or if it is an instant of a time that was said, which the session's clock
    explains.
    """
    call: Any = session["turns"][number]
    texts = [turn["text"].casefold() for turn in _utterances(session, number)]
    known = {session["now"], *map(_face, _known(session, number, ontology))}
    for name, argument in call["arguments"].items():
        listed = _choices(ontology, call["tool"], name)
        for leaf in _leaves(argument):
            face = _face(leaf)
            said = isinstance(leaf, str) and any(leaf.casefold() in text for text in texts)
            if not (said or face in known or face in listed or isinstance(leaf, bool)):
                yield name
                break


def _choices(ontology: Ontology, tool: str, name: str) -> Collection[str]:
    """Return the values that the schema of a parameter lists."""
    schema = ontology.plain["tools"][tool]["parameters"]["properties"][name]
    listed: Collection[str] = schema.get("items", schema).get("enum", ())
    return listed


def _utterances(session: Session, number: int) -> Iterator[Any]:
    return (turn for turn in session["turns"][:number] if turn["kind"] == "utterance")


def _known(session: Session, number: int, ontology: Ontology) -> Iterator[Any]:
    """Yield what is told by facts, by earlier results and by what was said."""
    yield from _leaves(ontology.known(session))
    for turn in session["turns"][:number]:
        if turn["kind"] == "result":
            yield from _leaves(turn["rows"])
    for span in chain.from_iterable(turn["spans"] for turn in _utterances(session, number)):
        normal = span.get("normal", span["surface"])
        if is_time(span["value"]):
            yield normal
            yield from _leaves(span["value"])
        elif ontology.documents(span["slot"], span["surface"], normal):
            yield normal


def _leaves(data: Any) -> Iterator[Any]:
    """Yield the single values of JSON."""
    inner: Iterable[Any]
    if isinstance(data, dict):
        inner = data.values()
    elif isinstance(data, (list, tuple)):
        inner = data
    else:
        yield data
        return
    for one in inner:
        yield from _leaves(one)


def _face(leaf: Any) -> str:
    """Return a single value as text; a number is the same however it is written."""
    if isinstance(leaf, float) and leaf.is_integer():
        return str(int(leaf))
    return str(leaf)
