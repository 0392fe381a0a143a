"""What users call documented values, as synonyms that hold everywhere."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dialogue.formats.format import Note
from dialogue.formats.rasa.scalar import CONTROL, HEAD, scalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dialogue.formats.format import Outcome
    from dialogue.tasks.ontology import Ontology


@lru_cache(maxsize=1)
def documented(ontology: Ontology) -> Mapping[str, str]:
    """Return the surfaces, in small letters, that mean the same in every slot: surface → normal."""
    meant: defaultdict[str, set[str]] = defaultdict(set)
    for slot in ontology.plain["slots"]:
        for normal, surfaces in ontology.values(slot).items():
            for surface in {normal, *surfaces}:
                meant[surface.lower()].add(normal)
    return {surface: min(normals) for surface, normals in meant.items() if len(normals) == 1}


def notes(turn: Mapping[str, Any], split: str, ontology: Ontology) -> Iterator[Note]:
    """Note what a turn calls documented values, and which of their surfaces mean something else."""
    meant = documented(ontology)
    for span in turn["spans"]:
        surface = span["surface"]
        known = meant.get(surface.lower())
        if known is None:
            continue
        normal = span.get("normal", surface)
        if normal != known:
            yield Note(("other", surface.lower()))
        elif normal != surface and surface == surface.strip() and not CONTROL.search(surface):
            yield Note(("synonym", split, normal, surface))


def files(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Yield each split that has synonyms, and its file."""
    other = {key[1] for key in outcome.notes if key[0] == "other"}
    called: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for kind, *told in outcome.notes:
        if kind == "synonym" and told[2].lower() not in other:
            called[told[0]][told[1]].append(told[2])
    for split, values in called.items():
        lines = [f"{HEAD}nlu:"]
        for normal, surfaces in sorted(values.items()):
            lines += [f"- synonym: {scalar(normal)}", "  examples: |"]
            lines += [f"    - {surface}" for surface in sorted(surfaces)]
        yield split, "\n".join(lines) + "\n"
