"""Checks of packs beyond compiling: phrasings proven to keep their spans, sessions composed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dialogue.compiler.domains import load_domain
from dialogue.compiler.graphs import load_graph
from dialogue.composer import compose
from dialogue.problem import ContentError, Position, Problem, gathered
from dialogue.template import audit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from dialogue.domain import Domain

SESSIONS = 200
ROWS = (0, 1, 3)


@dataclass(slots=True)
class Checked:
    """What was checked: counts by what they count."""

    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(
            ("graphs", "domains", "units", "phrasings", "sessions"), 0
        )
    )


def check(paths: Sequence[Path]) -> Checked:
    """Check graph files and domain folders; raises ContentError with all problems.

    Every phrasing is rendered along all its branches with text in private alphabets, over no, one
    and many rows; every graph composes sessions.
    """
    checked = Checked()
    problems: list[Problem] = []
    seen: set[Path] = set()
    for path in paths:
        with gathered(problems):
            if path.is_dir():
                _check_domain(load_domain(path, str(path)), path, seen, checked)
            else:
                _check_graph(path, seen, checked)
    if problems:
        raise ContentError(problems)
    return checked


def _check_graph(path: Path, seen: set[Path], checked: Checked) -> None:
    graph = load_graph(path)
    folder = path.resolve().parent.parent / "units" / graph.domain.name
    _check_domain(graph.domain, folder, seen, checked)
    for _ in compose(graph, n=SESSIONS):
        checked.counts["sessions"] += 1
    checked.counts["graphs"] += 1


def _check_domain(domain: Domain, folder: Path, seen: set[Path], checked: Checked) -> None:
    """Prove the phrasings of a domain, once however many graphs use it."""
    if folder.resolve() in seen:
        return
    seen.add(folder.resolve())
    problems: list[Problem] = []

    samples: dict[tuple[int, int], Mapping[str, object]] = {}

    def sample(alphabet: int, rows: int) -> Mapping[str, object]:
        if (alphabet, rows) not in samples:
            samples[alphabet, rows] = domain.names.sample(alphabet, rows)
        return samples[alphabet, rows]

    for unit in domain.units.values():
        for phrasing in unit.phrasings():
            problems.extend(audit(phrasing.template, sample, ROWS))
            checked.counts["phrasings"] += 1
        checked.counts["units"] += 1
    checked.counts["domains"] += 1
    if problems:
        raise ContentError(problems)


def default_paths(folder: Path) -> list[Path]:
    """Return every graph and domain below a folder; raises ContentError when there is none."""
    domains = sorted(path.parent for path in folder.glob("units/*/domain.yaml"))
    paths = [*sorted(folder.glob("graphs/*.yaml")), *domains]
    if not paths:
        what = "there are neither graphs/*.yaml nor units/*/domain.yaml here"
        raise ContentError([Problem(Position(str(folder)), what, "name the paths to check")])
    return paths
