"""Sessions that several files judge, composed once a process."""

from __future__ import annotations

import gc
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from replay import GRAPHS

from dialogue import compose, load_graph

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


# What the fixtures keep is much and stays: looking through it time and again takes long.
gc.set_threshold(50_000, 50, 100)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--golden-refresh", action="store_true", help="write tests/golden anew, then look at it"
    )


@pytest.fixture(scope="session")
def graph_path() -> Callable[[str], Path]:
    """Return where a graph is that the tests walk."""
    return GRAPHS.__getitem__


@pytest.fixture(scope="session")
def graph() -> Callable[[str], Any]:
    """Return a loaded graph by its name."""
    return cache(lambda name: load_graph(GRAPHS[name]))


@pytest.fixture(scope="session")
def sessions(graph: Callable[[str], Any]) -> Callable[[str, int], list[Any]]:
    """Return the first sessions of a graph, with seed 0; nobody may change them."""
    composed: dict[str, list[Any]] = {}

    def first(name: str, n: int = 1000) -> list[Any]:
        found = composed.setdefault(name, [])
        found.extend(compose(graph(name), n, 0, start=len(found)))
        return found[:n]

    return first
