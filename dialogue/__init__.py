"""Composes labelled multi-turn dialogues from small units: exact spans, state and targets.

    from dialogue import compose, load_graph

    graph = load_graph("graphs/retail.yaml")
    for session in compose(graph, n=10, seed=0):
        print(session["turns"][0]["text"])

Floors, each importing only from lower ones:

    cli                                   the command line
    overview  export  review  records     datasets into trainers' files, corrections back in
    twin                                  examples into packs
    check  starter                        packs, proven and begun
    dataset  card  report  shards  …      sessions, written and looked at
    __init__  composer  schema            the public API; the loop; JSON Schemas
    holdout                               what splits do not share
    realise  walk  player  step  play     moves played, then put into words
    compiler                              specs in, what can be walked out
    plugins                               behaviours and noise of other packages
    outline  behaviours  move             what is played, and what people do otherwise
    graph  domain  unit  slot  tool  …    the nouns, compiled
    formats  tasks                        what trainers read, what models are asked
    template  tables  providers           Jinja2 with exact spans, SQLite, Faker
    spec                                  what an author writes
    session  value  problem               records and mistakes
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dialogue.problem import ContentError, Position, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dialogue.graph import Graph
    from dialogue.session import Session

__all__ = ["ContentError", "Position", "Problem", "__version__", "compose", "load_graph"]

__version__ = "0.1.0"


def load_graph(
    path: str | Path, overrides: Sequence[str] = (), plugins: Sequence[str] = ()
) -> Graph:
    """Load a graph file and the domain it names, checked and ready to be walked.

    `overrides` change keys of the graph: `["walk.units=2..4"]`. `plugins` are the installed
    packages whose behaviours and noise may be imported: `["shop-talk"]`. Raises ContentError with
    every problem that could be found.
    """
    from dialogue.compiler import graphs

    if isinstance(overrides, str):
        raise TypeError(f"expected a list of overrides but got overrides={overrides!r}")
    if isinstance(plugins, str):
        raise TypeError(f"expected a list of packages but got plugins={plugins!r}")
    return graphs.load_graph(Path(path), overrides, plugins)


def compose(
    graph: Graph,
    n: int = 1000,
    seed: int = 0,
    only: int | None = None,
    start: int = 0,
    split: str | None = None,
    hold_out: str | None = None,
) -> Iterator[Session]:
    """Compose the sessions with the indexes `start` to `n`, or `only` one of them.

    `split` gives the weights of train, dev and test (`"8:1:1"`), `hold_out` what they share nothing
    of (`"phrasing,value:设备,path"`). A session depends on the graph, these two, the seed and its
    index, never on n. Raises ContentError for an option that is wrong, a pack that is too small for
    it and a value that no check could foresee, ValueError for an index outside of the run.
    """
    from dialogue import composer

    return composer.compose(graph, n, seed, only, start, split, hold_out)
