"""Results follow the calls that asked for them, and what the bot says of one is in its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogue.verify.ontology import key_of
from dialogue.verify.rule import Finding, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogue.session import Session
    from dialogue.verify.ontology import Ontology


def check(session: Session, ontology: Ontology) -> Iterator[Finding]:
    """Yield calls and results that are no pair, and values that no result has.

    A name that is set to rows keeps them when their result is bound again, so what is said may be
    in any earlier rows of the result.
    """
    rows: dict[str, list[Any]] = {}
    called: str | None = None
    for number, turn in enumerate(session["turns"]):
        if turn["kind"] == "result":
            if called != turn["tool"]:
                yield Finding(number, f"a result of {turn['tool']} follows no call of it")
            rows.setdefault(turn["as"], []).extend(turn["rows"])
        elif called is not None:
            yield Finding(number, f"the call of {called} has no result")
        called = turn["tool"] if turn["kind"] == "call" else None
        if turn["kind"] == "utterance" and turn["speaker"] == "bot":
            for span in turn["spans"]:
                what = _unfounded(span, rows, ontology)
                if what is not None:
                    yield Finding(number, what)
    if called is not None:
        yield Finding(len(session["turns"]) - 1, f"the call of {called} has no result")


def _unfounded(span: Any, rows: dict[str, list[Any]], ontology: Ontology) -> str | None:
    """Tell what is wrong with a typed column: its value is in no row."""
    name, dot, column = span["slot"].partition(".")
    if not dot or span["slot"] in ontology.labels:
        return None
    if name not in rows:
        return f"says {key_of(span)} '{span['surface']}' before any result {name}"
    if any(span["value"] == row.get(column) for row in rows[name]):
        return None
    return f"says {key_of(span)} '{span['surface']}', which no row of {name} has"


RULE = Rule("results", "calls have results, and what is said of a result is in its rows", check)
