"""A graph compiled: which unit may follow which."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import networkx as nx

    from dialogue.behaviours import Behaviours
    from dialogue.domain import Domain
    from dialogue.edge import Scene, Ways
    from dialogue.noise import Noise
    from dialogue.plugins import Plugin
    from dialogue.unit import Unit

END = "end"


@dataclass(frozen=True, slots=True)
class Graph:
    """Units as nodes and the ways between them, ready to be walked.

    `shortest` and `longest` bound the number of visits; `overrides` are the `--set` options that
    were applied; `target` is what is extracted where units and scenes do not say it, or None for
    all that the user gave; `phases` are the units that are drawn together, each in one at most;
    `instructions` word what a model is asked; `behaviours` and `noise` say what people
    do and how they type otherwise than the book says; `plugins` are the packages that were allowed
    to bring some;
    `files` are the files it was made of, with the SHA-256 of their bytes. What is made of it for
    splits is kept in `held_out`.
    """

    name: str
    title: str
    path: Path
    domain: Domain
    start: Ways
    edges: Mapping[str, Ways]
    shortest: int
    longest: int
    scenes: tuple[Scene, ...]
    phases: Mapping[str, tuple[str, ...]]
    target: Mapping[str, str] | None
    instructions: Mapping[str, Any]
    behaviours: Behaviours | None
    noise: Noise | None
    overrides: tuple[str, ...]
    plugins: tuple[Plugin, ...]
    files: tuple[tuple[str, str], ...]
    held_out: dict[Any, Any] = field(default_factory=dict, compare=False)

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units that it reaches, in the order of its file."""
        return tuple(self.domain.units[name] for name in self.edges)

    def target_of(self, one: Unit | Scene) -> Mapping[str, str] | None:
        """Return what is extracted from an exchange or scene: its own target, or the graph's."""
        return self.target if one.target is None else one.target

    @property
    def rates(self) -> dict[str, dict[str, float]]:
        """The rates of behaviours and of noise, by name; nothing of what is off."""
        found: dict[str, dict[str, float]] = {}
        if self.behaviours is not None:
            found["behaviours"] = {one.name: rate for one, rate, _ in self.behaviours.rates}
        if self.noise is not None:
            found["noise"] = {one.name: rate for one, rate in self.noise.rates}
        return found

    @property
    def brought(self) -> dict[str, dict[str, Any]]:
        """What sessions depend on of each plug-in, by name: version, hash and rates."""
        return {one.name: one.described(self.rates) for one in self.plugins}

    @property
    def counts(self) -> dict[str, int]:
        """How much it is made of."""
        units = self.units
        own = {one.id for one in self.behaviours.phrasings()} if self.behaviours else set()
        return {
            "units": len(units),
            "edges": sum(len(ways.edges) for ways in self.edges.values()),
            "phrasings": len({one.id for unit in units for one in unit.phrasings()} | own),
            "slots": len(self.domain.names.slots),
            "tools": len(self.domain.tools),
        }

    def ontology(self) -> dict[str, Any]:
        """Return intents, slots and tools as the field describes them, tools as JSON Schema."""
        from dialogue.ontology import ontology

        return ontology(self)

    def network(self) -> nx.DiGraph[str]:
        """Return it for networkx: units, `start` and `end` as nodes, weights on edges."""
        import networkx as nx

        network: nx.DiGraph[str] = nx.DiGraph(name=self.name)
        for name, ways in {"start": self.start, **self.edges}.items():
            network.add_node(name)
            for edge in ways.edges:
                to = END if edge.unit is None else edge.unit.name
                when = edge.when.source if edge.when else ""
                if network.has_edge(name, to):
                    known = network[name][to]
                    known["weight"] += edge.weight
                    known["when"] = when and known["when"] and f"({known['when']}) or ({when})"
                else:
                    network.add_edge(name, to, weight=edge.weight, when=when)
        return network
