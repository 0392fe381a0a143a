"""What the sessions of a graph show of its phrasings and outcomes, and what they never show."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any

import networkx as nx
from replay import Pack, Wording, listed, marked, outcomes

if TYPE_CHECKING:
    from collections.abc import Iterator


class Used:
    """What the sessions of a graph show of its phrasings and outcomes."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.ids: dict[str, set[Wording]] = {}  # the phrasings that an id can stand for
        self.tries: Counter[str] = Counter()
        self.outcomes: set[tuple[str, str]] = set()
        self.odd: list[str] = []

    def session(self, session: Any) -> None:
        asked = False
        for turn in session["turns"]:
            if turn["kind"] != "utterance":
                continue
            asks = any(act["act"] == "request" for act in turn["acts"])
            if turn["speaker"] == "bot":
                kind = "ask" if asks else "bot"
            else:
                kind = "give" if asked else "user"
            asked = asks
            self.utterance(turn, kind)

    def utterance(self, turn: Any, kind: str) -> None:
        text, key = turn["text"], turn["phrasing"]
        # Parts of a record are joined as people type them, with two spaces now and then.
        spaced = "  " in text and not any("part" in span for span in turn["spans"])
        if "{{" in text or "{%" in text or spaced:
            self.odd.append(text)
        if "outcome" in turn:
            self.outcomes.add((turn["unit"], turn["outcome"]))
        self.tries[key] += 1
        if self.tries[key] > 3:
            return  # three examples tell enough
        owner = key.rpartition("/")[0]
        fits = {one for one, _ in self.pack.matching(owner, kind, marked(turn))}
        if "outcome" in turn:
            fits = {one for one in fits if self.outcome(one) == turn["outcome"]}
        self.ids[key] = self.ids.get(key, fits) & fits

    def shown(self) -> dict[str, Wording]:
        """Return the phrasing of each id; what says a composite may read like what says its parts.

        Each id has a phrasing of its own, so that one that is sure is no other's.
        """
        network = nx.Graph([(key, one) for key, fits in self.ids.items() for one in fits])
        matched = nx.bipartite.maximum_matching(network, self.ids)
        return {key: matched[key] for key in self.ids if key in matched}

    @cached_property
    def wanted(self) -> list[Wording]:
        """The phrasings that sessions of the graph can show."""
        return list(reachable(self.pack))

    def never(self) -> list[Wording]:
        """Return the phrasings that no session shows."""
        shown = set(self.shown().values())
        return [one for one in self.wanted if one not in shown]

    def silent(self) -> set[Any]:
        """Return the lists of phrasings of which no session shows any."""

        def place(one: Wording) -> Any:
            given = frozenset(self.pack.given[one]) if one.kind in ("user", "give") else None
            return one.owner, one.kind, one.turn, one.place, given

        return {place(one) for one in self.wanted} - {place(one) for one in self.shown().values()}

    def written(self) -> set[tuple[str, str]]:
        """Return the outcomes that the units of the graph name, by unit."""
        return {
            (unit, outcome.get("outcome", "found"))
            for unit in self.pack.graph["edges"]
            for turn in self.pack.units[unit]["turns"]
            for outcome in outcomes(turn)
            if any("when" in one or "outcome" in one for one in outcomes(turn))
        }

    def outcome(self, one: Wording) -> str:
        written = outcomes(self.pack.units[one.owner]["turns"][one.turn])[one.place]
        return str(written.get("outcome", "found"))


def reachable(pack: Pack) -> Iterator[Wording]:
    """Yield the phrasings that sessions of a graph can show."""
    asked = set()
    for unit in pack.graph["edges"]:
        for need in pack.units[unit].get("needs", []):
            own = need if isinstance(need, dict) else {}
            for name in listed(own.get("slots", need)):
                asked |= {(f"slot:{name}", kind) for kind in ("ask", "give") if kind not in own}
    for one in pack.wordings:
        if one.owner in pack.graph["edges"] or (one.owner, one.kind) in asked:
            yield one
