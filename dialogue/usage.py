"""What each split has used along the axes that were held out: sessions in, proof out."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dialogue.holdout import HeldOut
    from dialogue.holdout.values import ValueAxis


@dataclass(slots=True)
class Used:
    """What one axis has seen, by split: the `items` that are counted, and what betrays them."""

    items: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    traces: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def merge(self, other: Used) -> None:
        """See what another has seen as well."""
        for mine, theirs in ((self.items, other.items), (self.traces, other.traces)):
            for split, seen in theirs.items():
                mine[split] |= seen

    @property
    def shared(self) -> int:
        """How many things more than one split has used."""
        pairs = combinations(self.traces.values(), 2)
        return len(set[str]().union(*(one & other for one, other in pairs)))


@dataclass(slots=True)
class Usage:
    """What the sessions seen so far have used; it grows with the pack, never with their number.

    `drawn` and `strays` count the values of open slots, of which there is no end: those said in a
    split, and those among them whose hash belongs to another.
    """

    used: dict[str, Used] = field(default_factory=dict)
    drawn: dict[str, Counter[str]] = field(default_factory=dict)
    strays: Counter[str] = field(default_factory=Counter)
    exempt: set[str] = field(default_factory=set)  # phrasings that all splits may say

    def add(self, session: Mapping[str, Any], held: HeldOut) -> None:
        """Note what one session uses."""
        split = session["split"]
        if held.phrasing is not None:
            used = self.used.setdefault("phrasing", Used())
            for turn in _utterances(session):
                for name in turn.get("phrasings") or (turn["phrasing"],):
                    wording = held.phrasing.wordings.get(name)
                    if wording is None:
                        self.exempt.add(name)
                    else:
                        used.items[split].add(name)
                        used.traces[split] |= {name, wording}
        for axis in held.values:
            self._add_values(session, split, axis)
        if held.path is not None:
            used = self.used.setdefault("path", Used())
            walked = {" → ".join(pair) for pair in pairwise(session["walk"])}
            used.items[split] |= walked
            used.traces[split] |= walked

    def _add_values(self, session: Mapping[str, Any], split: str, axis: ValueAxis) -> None:
        said = (
            (normal := span.get("normal", span["surface"]), _own(span, turn) or normal)
            for turn in _utterances(session)
            for span in turn["spans"]
            if span["slot"] == axis.label and span.get("part", "") == axis.part
        )
        if axis.is_open:
            drawn = self.drawn.setdefault(axis.name, Counter())
            for normal, surface in said:
                drawn[split] += 1
                self.strays[axis.name] += not axis.has(split, surface, normal)
            return
        used = self.used.setdefault(f"value:{axis.name}", Used())
        for normal, surface in said:
            used.items[split].add(normal)
            used.traces[split] |= {normal, surface}

    def merge(self, other: Usage) -> None:
        """Note what another has noted as well."""
        for name, used in other.used.items():
            self.used.setdefault(name, Used()).merge(used)
        for name, drawn in other.drawn.items():
            self.drawn.setdefault(name, Counter()).update(drawn)
        self.strays.update(other.strays)
        self.exempt |= other.exempt

    def counts(self, splits: tuple[str, ...]) -> dict[str, dict[str, int]]:
        """Return what the manifest says of it: axis → split → things used, and `shared` ones.

        An axis called `draws:` counts all that was said of an open slot, not the different values.
        """
        found = {}
        for name, used in sorted(self.used.items()):
            found[name] = {split: len(used.items[split]) for split in splits}
            found[name]["shared"] = used.shared
            if name == "phrasing":
                found[name]["exempt"] = len(self.exempt)
        for name, drawn in sorted(self.drawn.items()):
            found[f"draws:{name}"] = {split: drawn[split] for split in splits}
            found[f"draws:{name}"]["shared"] = self.strays[name]
        return found


def _own(span: Mapping[str, Any], turn: Mapping[str, Any]) -> str | None:
    """Return a surface unless noise has touched it, for then it is nobody's."""
    start, end = span["start"], span["end"]
    touched = any(one["start"] < end and start < one["end"] for one in turn.get("noise", ()))
    return None if touched else str(span["surface"])


def _utterances(session: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (turn for turn in session["turns"] if turn["kind"] == "utterance")
