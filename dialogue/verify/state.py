"""State and targets are what follows from spans, omissions and results, turn by turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogue.verify.exchanges import Exchanges
from dialogue.verify.replay import Replay
from dialogue.verify.rule import Finding, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dialogue.session import Session
    from dialogue.verify.ontology import Ontology

Head = tuple[str, str, int, int]  # of a target: scope, name, first and last turn


def check(session: Session, ontology: Ontology) -> Iterator[Finding]:
    """Yield where the state of an utterance, or a target, is not what the replay gives."""
    exchanges = Exchanges(session)
    replay = Replay(session, ontology, exchanges)
    for number, turn in enumerate(session["turns"]):
        yield from replay.play(number, turn)
    if exchanges.wrong is not None:
        yield exchanges.wrong
        return
    yield from exchanges.strangers()
    wanted = list(_heads(session, exchanges, ontology))
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


def _heads(session: Session, exchanges: Exchanges, ontology: Ontology) -> Iterator[Head]:
    walk, walked = session["walk"], exchanges.walked
    for one in exchanges.every:
        yield "exchange", *one
    for scene, path in ontology.paths.items():
        for start in range(len(walk) - len(path) + 1):
            if tuple(walk[start : start + len(path)]) == path:
                yield "scene", scene, walked[start].first, walked[start + len(path) - 1].last
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
