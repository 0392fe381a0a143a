"""The sessions themselves, which everything else is made of: `sessions/`, always written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.formats.columns import JSON, LIST, STRING, STRINGS
from dialogue.formats.format import Format, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dialogue.session import Session
    from dialogue.tasks.example import Example, Loss
    from dialogue.tasks.ontology import Ontology
    from dialogue.tasks.options import Options

COLUMNS: Mapping[str, str] = {
    **dict.fromkeys(("schema", "id", "graph", "domain", "locale"), STRING),
    **dict.fromkeys(("seed", "index"), "int64"),
    **dict.fromkeys(("split", "group"), STRING),
    "now": JSON,
    "zone": STRING,
    "walk": STRINGS,
    "facts": JSON,
    **dict.fromkeys(("turns", "targets"), LIST),
}
"""The columns of a session, as a dataset card declares them."""


def columns(counts: Mapping[str, object]) -> Mapping[str, str]:
    """Return the columns of the sessions that a manifest counts.

    Where some have been corrected the others have no edits, so null.
    """
    differences = {kind: JSON for kind in ("behaviours", "noise") if counts.get(kind)}
    edits = {"edits": LIST} if counts.get("edited") else {}
    return {**COLUMNS, **differences, **edits}


def rows(
    session: Session,  # noqa: ARG001
    examples: Mapping[str, Sequence[Example]],  # noqa: ARG001
    ontology: Ontology,  # noqa: ARG001
    options: Options,  # noqa: ARG001
) -> Iterator[Row | Loss]:
    """Yield nothing: the sessions are there already."""
    yield from ()


FORMAT = Format(
    name="native",
    purpose="whole sessions with spans, state, calls and targets, in sessions/",
    tasks=(),
    rows=rows,
    fixed=True,
)
