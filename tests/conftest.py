"""Sessions that several files judge, composed once a process."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from chat_server import ChatServer, completion, served
from loose import composed, load
from replay import GRAPHS
from rewording import KEY, write_pack

from dialogue.compiler import graphs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from dialogue.graph import Graph


# What the fixtures keep is much and stays: looking through it time and again takes long.
gc.set_threshold(50_000, 50, 100)

# Where Python may not write its bytecode, each of the many processes that tests start would compile
# the package again: they all share a place of their own for it, as long as the tests run.
BYTECODE = "PYTHONPYCACHEPREFIX"


def pytest_configure(config: pytest.Config) -> None:
    if sys.dont_write_bytecode and BYTECODE not in os.environ:
        place = tempfile.TemporaryDirectory(prefix="bytecode-", ignore_cleanup_errors=True)
        config.add_cleanup(place.cleanup)
        os.environ[BYTECODE] = place.name
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--golden-refresh", action="store_true", help="write tests/golden anew, then look at it"
    )


@pytest.fixture(scope="session")
def graph_path() -> Callable[[str], Path]:
    """Return where a graph is that the tests walk."""
    return lambda name: GRAPHS[name.partition("+")[0]]


@pytest.fixture(scope="session", autouse=True)
def anew() -> Iterator[Callable[[Path], Graph]]:
    """Load each pack of the repository once a process, whoever asks for it; return what loads anew.

    Their files stay as they are while tests run. Copies in another place are loaded as usual.
    Graphs with other settings are compiled over the same domain, of which no setting says anything.
    """
    load, ours = graphs.load_graph, {path.resolve() for path in GRAPHS.values()}
    load_domain = cache(graphs.load_domain)

    @cache
    def once(_: Path, path: Path, overrides: tuple[str, ...]) -> Graph:
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(graphs, "load_domain", load_domain)
            return load(path, overrides)

    def load_graph(path: Path, overrides: Sequence[str] = (), plugins: Sequence[str] = ()) -> Graph:
        place = path.resolve()
        if plugins or place not in ours:
            return load(path, overrides, plugins)
        return once(place, path, tuple(overrides))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(graphs, "load_graph", load_graph)
        yield load


@pytest.fixture(scope="session")
def graph() -> Callable[[str], Any]:
    """Return a loaded graph by its name; what stands behind a + is in `loose`."""
    return load


@pytest.fixture(scope="session")
def sessions() -> Callable[[str, int], list[Any]]:
    """Return the first sessions of a graph, with seed 0; nobody may change them."""
    return composed


@pytest.fixture
def shop_pack(tmp_path: Path) -> Path:
    """Return the folder of a small pack that may be changed."""
    return write_pack(tmp_path / "units" / "shop")


@pytest.fixture(scope="module")
def running_chat() -> Iterator[ChatServer]:
    with served() as server:
        yield server


@pytest.fixture
def chat(running_chat: ChatServer, monkeypatch: pytest.MonkeyPatch) -> ChatServer:
    """Return a server that rewords, and have the environment name it."""
    running_chat.requests.clear()
    running_chat.keys.clear()
    running_chat.models = ["small"]
    running_chat.script(completion(["…"]))
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", running_chat.url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return running_chat
