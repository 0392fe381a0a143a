"""State and targets are what follows from spans, omissions and results, turn by turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogue.verify.replay import Replay
from dialogue.verify.rule import Finding, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dialogue.session import Session
    from dialogue.verify.ontology import Ontology

Head = tuple[str, str, int, int]  # of a target: scope, name, first and last turn


def check(session: Session, ontology: Ontology) -> Iterator[Finding]:
    """Yield where the state of an utterance, or a target, is not what the replay gives."""
    replay = Replay(session, ontology)
    for number, turn in enumerate(session["turns"]):
        yield from replay.play(number, turn)
    bounds = [target["turns"] for target in session["targets"] if target["scope"] == "exchange"]
    apart = _apart(bounds, session)
    if apart is not None:
        yield apart
        return
    wanted = list(_heads(session, bounds, ontology))
    found = [(t["scope"], t["name"], *t["turns"]) for t in session["targets"]]
    for head in wanted:
        if head not in found:
            yield Finding(head[2], f"there is no target of {_named(head)}")
    for head, target in zip(found, session["targets"], strict=True):
        if head not in wanted:
            yield Finding(head[2], f"a target is of {_named(head)}, which the walk does not have")
            continue
        for what in _differences(target["target"], head, replay):
            yield Finding(head[2], f"target of {_named(head)} has {what}")


def _apart(bounds: Sequence[Sequence[int]], session: Session) -> Finding | None:
    """Return what is wrong with the exchanges: together they are the session."""
    turns, walk = session["turns"], session["walk"]
    if len(bounds) != len(walk):
        return Finding(None, f"{len(walk)} units are walked, {len(bounds)} exchanges have targets")
    at = 0
    for (first, last), unit in zip(bounds, walk, strict=True):
        if first != at or last < first:
            return Finding(at, f"the exchange of {unit} is [{first}, {last}), not from turn {at}")
        if first < last <= len(turns) and turns[first]["unit"] != unit:
            return Finding(at, f"the exchange of {unit} begins with {turns[first]['unit']}")
        at = last
    if at != len(turns):
        return Finding(at, f"the exchanges end at turn {at} of {len(turns)}")
    return None


def _heads(session: Session, bounds: Sequence[Sequence[int]], ontology: Ontology) -> Iterator[Head]:
    walk = session["walk"]
    for unit, (first, last) in zip(walk, bounds, strict=True):
        yield "exchange", unit, first, last
    for scene, path in ontology.paths.items():
        for start in range(len(walk) - len(path) + 1):
            if tuple(walk[start : start + len(path)]) == path:
                yield "scene", scene, bounds[start][0], bounds[start + len(path) - 1][1]
    yield "session", session["graph"], 0, len(session["turns"])


def _differences(target: Mapping[str, Any], head: Head, replay: Replay) -> Iterator[str]:
    """Yield what a target has otherwise than the replay."""
    wanted = _extracted(head, replay)
    if target == wanted:
        return
    for label in dict.fromkeys((*target, *wanted)):
        has, replayed = target.get(label), wanted.get(label)
        if has != replayed:
            yield f"{_worded(label, has)}, replayed {_worded(label, replayed)}"


def _extracted(head: Head, replay: Replay) -> dict[str, str]:
    """Return label → surface of a stretch of turns as they were last said in it."""
    scope, name, first, last = head
    ontology = replay.ontology
    labels: Mapping[str, str] | None = ontology.target
    if scope == "exchange":
        labels = ontology.units.get(name, {})
    elif scope == "scene":
        labels = ontology.scenes[name]
    said: dict[str, str] = {}
    for turn, key, surface in replay.mentions:
        if first <= turn < last:
            of = ontology.labels.get(key, key) if labels is None else key
            if surface is not None:
                said[of] = surface
            else:
                said.pop(of, None)
    if labels is None:
        return said
    return {label: said[key] for label, key in labels.items() if key in said}


def _named(head: Head) -> str:
    scope, name, first, last = head
    return f"{scope} {name} [{first}, {last})"


def _worded(label: str, surface: Any) -> str:
    return f"no {label}" if surface is None else f"{label}={surface}"


RULE = Rule("state", "state and targets are what spans, omissions and results give", check)
