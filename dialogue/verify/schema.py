"""A session has the form that the record's JSON Schema describes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from dialogue.session import Session
from dialogue.verify.rule import Finding, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogue.verify.ontology import Ontology

_KINDS = {"utterance", "call", "result"}


def check(session: Session, ontology: Ontology) -> Iterator[Finding]:  # noqa: ARG001 - as every rule has it
    """Yield what is missing, superfluous or of another type, all at once."""
    try:
        _form().validate_python(_paired(session), strict=True)  # a number as text is none
    except ValidationError as error:
        for one in error.errors(include_url=False, include_context=False, include_input=False):
            yield _finding(one["loc"], one["msg"])


def _finding(place: tuple[int | str, ...], message: str) -> Finding:
    turn = None
    if place[:1] == ("turns",) and len(place) > 1 and isinstance(place[1], int):
        turn, place = place[1], place[3:] if place[2:3] and place[2] in _KINDS else place[2:]
    named = ".".join(map(str, place))
    return Finding(turn, f"{named}: {message.lower()}" if named else message.lower())


def _paired(session: Any) -> Any:
    """Return a session whose pairs of turns are tuples, which JSON does not have."""
    if not isinstance(session, dict) or not isinstance(session.get("targets"), list):
        return session
    targets = [
        {**one, "turns": tuple(one["turns"])}
        if isinstance(one, dict) and isinstance(one.get("turns"), list)
        else one
        for one in session["targets"]
    ]
    return {**session, "targets": targets}


@cache
def _form() -> TypeAdapter[Any]:
    return TypeAdapter(Session)


RULE = Rule("schema", "every record has the form of its JSON Schema", check)
