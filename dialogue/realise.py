"""An outline in, a session out: text and spans are born together."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from dialogue.problem import ContentError, Problem
from dialogue.template import RenderError
from dialogue.walk import Say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from dialogue.graph import Graph
    from dialogue.phrasing import Phrasing
    from dialogue.template import Label, Rope
    from dialogue.walk import Look, Outline

Span = dict[str, Any]


def realise(graph: Graph, outline: Outline, rng: Random) -> tuple[list[Any], list[Any]]:
    """Word an outline; return the turns and the targets of its record.

    `rng` is the wording stream: it changes no value and no way.
    """
    scribe = _Scribe(graph, rng)
    for move in outline.moves:
        if isinstance(move, Say):
            scribe.utter(move)
        else:
            scribe.look(move)
    return scribe.turns, scribe.targets(outline)


class _Scribe:
    """Writes the turns of one session and keeps its state."""

    def __init__(self, graph: Graph, rng: Random) -> None:
        self.graph = graph
        self.names = graph.domain.names
        self.choose = rng.randrange
        self.rng = rng
        self.turns: list[dict[str, Any]] = []
        self.starts: list[int] = []  # of each visit, the turn at which it begins
        self.given: list[tuple[int, str, str]] = []  # turn, slot or part, surface
        self.slots: dict[str, Any] = {}  # the state, by the names of spans
        self.said_in: dict[str, int] = {}  # slot or part, or result → the turn that told it
        self.results: dict[str, int] = {}

    def utter(self, say: Say) -> None:
        phrasing = say.wordings.choose(self.rng)
        rope = self.render(phrasing, say)
        text, number = str.__str__(rope), len(self.turns)
        spans = [_span(start, end, label, text) for start, end, label in rope.pieces]
        turn: dict[str, Any] = {
            "kind": "utterance",
            "speaker": say.speaker,
            "unit": say.unit.name,
            "phrasing": phrasing.id,
            "text": text,
        }
        if say.speaker == "user":
            intents = say.unit.intents
            turn["intents"] = [{"name": name} for name in intents]
            acts = (
                [{"act": "inform_intent", "intent": name} for name in intents] if say.opens else []
            )
            omitted = [self.omission(name) for name in say.omitted]
            self.hear(number, rope, spans)
        else:
            if say.outcome is not None:
                turn["outcome"] = say.outcome
            acts, omitted = [_request(name) for name in say.asked], []
        turn["acts"] = acts + _informs(spans) if spans else acts
        turn["spans"] = spans
        turn["omitted"] = omitted
        turn["state"] = {
            "intent": say.unit.intents[0] if say.unit.intents else None,
            "slots": self.slots.copy(),
            "results": self.results.copy(),
        }
        self.enter(say.visit)
        self.turns.append(turn)

    def enter(self, visit: int) -> None:
        """Note at which turn a visit begins; one without a turn begins where the next does."""
        while len(self.starts) <= visit:
            self.starts.append(len(self.turns))

    def render(self, phrasing: Phrasing, say: Say) -> Rope:
        try:
            text = phrasing.template.render(say.texts, self.choose)
        except RenderError as error:
            at = phrasing.template.at(error.line)
            raise ContentError([Problem(at, error.what, error.fix)]) from None
        if str.isspace(text) or not text or not unicodedata.is_normalized("NFC", text):
            blank = not text.strip()
            what = "the text is blank" if blank else "the text is not NFC"
            fix = "let it say something" if blank else "put text between the two values"
            raise ContentError([Problem(phrasing.at, what, fix)])
        if say.speaker == "user" and (phrasing.gives or text.pieces):
            names = {label.name for _, _, label in text.pieces}
            if names != set(phrasing.gives):
                lost = "、".join(sorted(names.symmetric_difference(phrasing.gives)))
                what = f"what it gives depends on a value: {lost}"
                raise ContentError([Problem(phrasing.at, what, "write two phrasings")])
        return text

    def hear(self, number: int, text: Rope, spans: Sequence[Span]) -> None:
        """Take what the user said into the state."""
        for (_, _, label), span in zip(text.pieces, spans, strict=True):
            self.given.append((number, label.name, span["surface"]))
            self.said_in[label.name] = number
            self.slots[_key(span)] = {
                name: span[name] for name in ("surface", "normal", "value") if name in span
            }

    def omission(self, name: str) -> dict[str, Any]:
        """Describe what is understood though it is not said, with the turn that told it."""
        told = self.said_in[name]
        if name in self.results:
            return {"slot": name, "value": self.turns[told]["rows"], "antecedent": {"turn": told}}
        slot, _, part = name.partition(".")
        tag = self.names.slots[slot].tag
        state = self.slots[_key({"slot": tag.slot, "part": part or None, "role": tag.role})]
        omitted = {"slot": tag.slot, "value": state["value"], "antecedent": {"turn": told}}
        if part:
            omitted["part"] = part
        if tag.role:
            omitted["role"] = tag.role
        return omitted

    def look(self, look: Look) -> None:
        turn = {"unit": look.unit.name, "tool": look.tool}
        call = {"kind": "call", "speaker": "bot", **turn, "arguments": look.arguments}
        result = {"kind": "result", "speaker": "tool", **turn, "as": look.result, "rows": look.rows}
        self.said_in[look.result] = self.results[look.result] = len(self.turns) + 1
        self.enter(look.visit)
        self.turns += (call, result)

    # Targets.

    def targets(self, outline: Outline) -> list[dict[str, Any]]:
        bounds = self.bounds(len(outline.units))
        targets = [
            self.target("exchange", unit.name, first, last, unit.target)
            for unit, (first, last) in zip(outline.units, bounds, strict=True)
        ]
        path = [unit.name for unit in outline.units]
        for scene in self.graph.scenes:
            length = len(scene.path)
            for start in range(len(path) - length + 1):
                if tuple(path[start : start + length]) == scene.path:
                    first, last = bounds[start][0], bounds[start + length - 1][1]
                    targets.append(self.target("scene", scene.name, first, last, scene.target))
        targets.append(self.target("session", self.graph.name, 0, len(self.turns), None))
        return targets

    def bounds(self, visits: int) -> list[tuple[int, int]]:
        """Return the turns `[first, last)` of each visit."""
        self.enter(visits)
        return list(pairwise(self.starts))

    def target(
        self, scope: str, name: str, first: int, last: int, labels: Mapping[str, str] | None
    ) -> dict[str, Any]:
        target: dict[str, str] = {}
        said = {slot: surface for turn, slot, surface in self.given if first <= turn < last}
        if labels is not None:
            target = {label: said[slot] for label, slot in labels.items() if slot in said}
        elif said:
            label = self.graph.domain.labels
            target = {label[slot]: surface for slot, surface in said.items()}
        return {"scope": scope, "name": name, "turns": [first, last], "target": target}


def _span(start: int, end: int, label: Label, text: str) -> Span:
    surface = text[start:end]
    span: Span = {
        "slot": label.slot,
        "start": start,
        "end": end,
        "surface": surface,
        "value": label.value,
    }
    if label.normal != surface:
        span["normal"] = label.normal
    if label.part is not None:
        span["part"] = label.part
    if label.role is not None:
        span["role"] = label.role
    return span


def _key(span: Mapping[str, Any]) -> str:
    """Name a slot in the state: with its part, and with its role where it has one."""
    key = f"{span['slot']}.{span['part']}" if span.get("part") else span["slot"]
    return f"{key}:{span['role']}" if span.get("role") else str(key)


def _informs(spans: Sequence[Span]) -> list[dict[str, Any]]:
    return [
        {"act": "inform", "slot": span["slot"], "span": number}
        if "part" not in span
        else {"act": "inform", "slot": span["slot"], "part": span["part"], "span": number}
        for number, span in enumerate(spans)
    ]


def _request(name: str) -> dict[str, Any]:
    slot, _, part = name.partition(".")
    return (
        {"act": "request", "slot": slot, "part": part} if part else {"act": "request", "slot": slot}
    )
