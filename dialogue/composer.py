"""The loop: a graph, a seed and an index in, a session out."""

from __future__ import annotations

import hashlib
import random
from typing import TYPE_CHECKING

from dialogue.graph import Graph
from dialogue.problem import ContentError, Problem
from dialogue.realise import realise
from dialogue.split import HoldOut, Splits
from dialogue.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogue.session import Session


def compose(
    graph: Graph,
    n: int = 1000,
    seed: int = 0,
    only: int | None = None,
    start: int = 0,
    split: str | None = None,
    hold_out: str | None = None,
) -> Iterator[Session]:
    """Compose the sessions `start` to `n`, or `only` one; each depends on its index alone.

    `split` and `hold_out` are written as on the command line.
    """
    if not isinstance(graph, Graph):
        raise TypeError(f"expected a graph but got {graph!r}: load it with load_graph first")
    if not isinstance(seed, int) or seed < 0:
        raise ValueError(f"expected a seed of at least 0 but got seed={seed!r}")
    if n < 0 or start < 0:
        raise ValueError(f"expected counts of at least 0 but got n={n}, start={start}")
    if only is not None and not 0 <= only < n:
        raise ValueError(f"expected an index from 0 to {n - 1} but got only={only}")
    composer = Composer(graph, seed, Splits.parse(split), HoldOut.parse(hold_out))
    for index in range(start, n) if only is None else (only,):
        yield composer.session(index)


def stream_seeds(seed: int, index: int) -> tuple[int, ...]:
    """Return the 128 bits that the clock, walk, values and wording of a session start from."""
    digest = hashlib.blake2b(f"{seed}/{index}".encode(), digest_size=64).digest()
    return tuple(int.from_bytes(digest[at : at + 16], "big") for at in range(0, 64, 16))


class Composer:
    """Composes sessions of one graph; its streams are reseeded for each.

    Where something is held out, each split has a graph of its own. Raises ContentError where that
    cannot be.
    """

    def __init__(self, graph: Graph, seed: int, splits: Splits, hold_out: HoldOut) -> None:
        self.graphs = dict.fromkeys(splits.names, graph)
        if hold_out:
            from dialogue.holdout import held_out

            self.graphs.update(held_out(graph, splits, hold_out).graphs)
        self.splits = splits
        self.seed = seed
        self.ways = random.Random()
        self.wording = random.Random()
        self.values = graph.domain.rng

    def session(self, index: int) -> Session:
        """Compose one session; raises ContentError for what no check can foresee."""
        split = self.splits.of(self.seed, index)
        graph = self.graphs[split]
        domain = graph.domain
        clock, ways, values, wording = stream_seeds(self.seed, index)
        self.ways.seed(ways)
        self.values.seed(values)
        self.wording.seed(wording)
        try:
            behaviours = graph.behaviours
            conduct = None if behaviours is None else behaviours.session(self.seed, index)
            outline = walk(graph, domain.clock.at(clock), self.ways, self.values, conduct)
            noise = None if graph.noise is None else graph.noise.session(self.seed, index)
            turns, targets = realise(graph, outline, self.wording, noise)
        except ContentError as error:
            where = f" (seed {self.seed}, session {index})"
            raise ContentError(
                Problem(problem.at, problem.what + where, problem.fix) for problem in error.problems
            ) from None
        path = [unit.name for unit in outline.walk]
        session: Session = {
            "schema": "dialogue.session/1",
            "id": f"{graph.name}-{self.seed}-{index:06d}",
            "graph": graph.name,
            "domain": domain.name,
            "locale": domain.locale,
            "seed": self.seed,
            "index": index,
            "split": split,
            "group": hashlib.blake2b(" ".join(path).encode(), digest_size=4).hexdigest(),
            "now": outline.now.isoformat(),
            "zone": domain.clock.zone.key,
            "walk": path,
            "facts": dict(outline.facts),
            "turns": turns,
            "targets": targets,
        }
        if conduct is not None:
            session["behaviours"] = conduct.counts
        if noise is not None:
            session["noise"] = noise.counts
        return session
