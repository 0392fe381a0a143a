"""What a surface stands for: the normal form and value of a span that a reviewer set."""

from __future__ import annotations

import json
import unicodedata
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dialogue.tasks.said import is_time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogue.session import Session, Span
    from dialogue.tasks.ontology import Ontology

_TIME = 'write it as in {"kind": "deadline", "end": "2026-03-15T00:00:00+08:00"}'


class UnclearError(Exception):
    """A meaning that cannot be one of its slot; `fix` is the remedy."""

    def __init__(self, what: str, fix: str) -> None:
        self.what = what
        self.fix = fix
        super().__init__(what)


class Meanings:
    """The documented values of slots, and the canonical ones that a dataset was seen to use."""

    def __init__(self, ontology: Ontology) -> None:
        self.ontology = ontology
        self.seen: dict[tuple[str, str], Any] = {}

    def see(self, session: Session) -> None:
        """Note canonical values; only of documented ones, so that it grows with the pack alone."""
        for turn in session["turns"]:
            for span in turn["spans"] if turn["kind"] == "utterance" else ():
                normal = span.get("normal", span["surface"])
                if normal in self.ontology.values(span["slot"]):
                    self.seen.setdefault((span["slot"], normal), span["value"])

    def of(self, slot: str, surface: str, told: str | None) -> tuple[str, Any]:
        """Return the normal form and value of a surface, as `told` or as documented.

        What nobody documents stands for itself. Raises UnclearError.
        """
        if told is not None and (time := _time(told)) is not None:
            return _normal(time), time
        normal = self.normal(slot, surface if told is None else told)
        return normal, self.seen.get((slot, normal), normal)

    def normal(self, slot: str, said: str) -> str:
        """Return the documented normal form of what was said, or itself."""
        said = unicodedata.normalize("NFC", said.strip())
        values: Mapping[str, Any] = self.ontology.values(slot)
        if said in values:
            return said
        return next((normal for normal, surfaces in values.items() if said in surfaces), said)

    def agrees(self, span: Span, told: str) -> bool:
        """Tell whether a span means already what it is told to; raises UnclearError."""
        if isinstance(span["value"], str):
            return self.normal(span["slot"], told) == span.get("normal", span["surface"])
        try:
            value = json.loads(told)
        except ValueError:
            value = None
        if is_time(span["value"]) and _time(told) is None:
            raise UnclearError(f"'{told}' is no time", _TIME)
        return bool(value == span["value"])


def _time(told: str) -> dict[str, Any] | None:
    """Read a typed time; None for what is none. Raises UnclearError for one that does not hold."""
    try:
        value = json.loads(told)
    except ValueError:
        return None
    if not is_time(value):
        return None
    try:
        moments = [
            datetime.fromisoformat(value[name]) for name in ("start", "end") if name in value
        ]
    except (TypeError, ValueError):
        moments = []
    if not moments or any(one.tzinfo is None for one in moments) or sorted(moments) != moments:
        raise UnclearError(f"'{told}' is no time with an offset", _TIME)
    return dict(value)


def _normal(time: Mapping[str, Any]) -> str:
    """Return the normal form of a typed time: its end, or its start and end, ISO 8601."""
    return "/".join(time[name] for name in ("start", "end") if name in time)
