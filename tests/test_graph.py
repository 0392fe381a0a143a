"""A graph as other tools see it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Callable


def test_graph_is_a_networkx_graph_with_weights_and_guards(graph: Callable[[str], Any]) -> None:
    network = graph("retail").network()
    assert isinstance(network, nx.DiGraph)
    assert set(network) == {"start", "end", *(unit.name for unit in graph("retail").units)}
    assert nx.has_path(network, "start", "end")
    assert all(weight > 0 for _, _, weight in network.edges(data="weight"))
    assert network["delivery_time"]["wait"]["when"] == "outcome == 'too_late'"
    assert not list(network.successors("end"))


def test_counts_say_how_much_there_is(graph: Callable[[str], Any]) -> None:
    loaded = graph("address")
    folder = Path(__file__).parents[1] / "units/address"
    files = {path.stem for path in folder.glob("*.yaml")} - {"domain"}
    assert {unit.name for unit in loaded.units} == files
    assert loaded.counts["units"] == len(loaded.units) == len(files)
    assert loaded.counts["phrasings"] == len(
        {phrasing.id for unit in loaded.units for phrasing in unit.phrasings()}
    )
