"""Checks of packs beyond compiling: phrasings proven to keep their spans, sessions composed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from dialogue.compiler.domains import load_domain
from dialogue.compiler.graphs import load_graph
from dialogue.compiler.samples import sample
from dialogue.composer import compose
from dialogue.problem import ContentError, Problem, gathered
from dialogue.template import Samples, audit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dialogue.domain import Domain

SESSIONS = 200
ROWS = (0, 1, 3)


def check(paths: Sequence[Path], plugins: Sequence[str] = ()) -> dict[str, int]:
    """Check graph files and domain folders; raises ContentError with all problems.

    `plugins` are the packages whose behaviours and noise the graphs may name.

    Returns how many graphs, domains, units, phrasings and sessions were looked at: every phrasing
    is rendered along all its branches with text in private alphabets, over no, one and many rows,
    and every graph composes sessions.
    """
    counts = dict.fromkeys(("graphs", "domains", "units", "phrasings", "sessions"), 0)
    problems: list[Problem] = []
    seen: set[Path] = set()
    for path in paths:
        with gathered(problems):
            if path.is_dir():
                _check_domain(load_domain(path, str(path)), path, seen, counts)
            else:
                _check_graph(path, plugins, seen, counts)
    if problems:
        raise ContentError(problems)
    return counts


def _check_graph(
    path: Path, plugins: Sequence[str], seen: set[Path], counts: dict[str, int]
) -> None:
    graph = load_graph(path, (), plugins)
    folder = path.resolve().parent.parent / "units" / graph.domain.name
    _check_domain(graph.domain, folder, seen, counts)
    for _ in compose(graph, n=SESSIONS):
        counts["sessions"] += 1
    counts["graphs"] += 1


def _check_domain(domain: Domain, folder: Path, seen: set[Path], counts: dict[str, int]) -> None:
    """Prove the phrasings of a domain, once however many graphs use it."""
    if folder.resolve() in seen:
        return
    seen.add(folder.resolve())
    problems: list[Problem] = []
    samples = Samples(partial(sample, domain.names))
    for unit in domain.units.values():
        for phrasing in unit.phrasings():
            problems.extend(audit(phrasing.template, samples, ROWS))
            counts["phrasings"] += 1
        counts["units"] += 1
    counts["domains"] += 1
    if problems:
        raise ContentError(problems)
