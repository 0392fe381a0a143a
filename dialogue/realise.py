"""An outline in, a session out: text and spans are born together."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from dialogue.problem import ContentError, Problem
from dialogue.template import RecordRope, RenderError, Rope
from dialogue.walk import Say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from dialogue.domain import Domain
    from dialogue.graph import Graph
    from dialogue.noise import Disturbance
    from dialogue.phrasing import Phrasing
    from dialogue.walk import Look, Outline

Span = dict[str, Any]


def realise(
    graph: Graph, outline: Outline, rng: Random, noise: Disturbance | None = None
) -> tuple[list[Any], list[Any]]:
    """Word an outline; return the turns and the targets of its record.

    `rng` is the wording stream: it changes no value and no way. `noise` disturbs what users type.
    """
    scribe = _Scribe(graph, rng, noise)
    for move in outline.moves:
        if isinstance(move, Say):
            scribe.utter(move)
        else:
            scribe.look(move)
    return scribe.turns, scribe.targets(outline)


class _Scribe:
    """Writes the turns of one session and keeps its state."""

    def __init__(self, graph: Graph, rng: Random, noise: Disturbance | None) -> None:
        self.graph = graph
        self.noise = noise
        self.names = graph.domain.names
        self.choose = rng.randrange
        self.rng = rng
        self.turns: list[dict[str, Any]] = []
        self.starts: list[int] = []  # of each visit, the turn at which it begins
        # Turn, slot or part, surface; without a surface it is said no longer.
        self.given: list[tuple[int, str, str | None]] = []
        self.slots: dict[str, Any] = {}  # the state, by the names of spans
        self.groups: dict[str, list[str]] = {}  # of groups of parts, what was drawn when last said
        self.said_in: dict[str, int] = {}  # slot or part, or result → the turn that told it
        self.results: dict[str, int] = {}

    def utter(self, say: Say) -> None:
        unit = say.unit
        phrasing = say.wordings.choose(self.rng)
        rope = self.render(phrasing, say)
        text = str.__str__(rope)
        noise: list[Any] = []
        if self.noise is not None and say.speaker == "user":
            text, pieces, noise = self.noise.disturb(text, rope.pieces)
            rope = Rope(text, pieces) if noise else rope
        turn: dict[str, Any] = {
            "kind": "utterance",
            "speaker": say.speaker,
            "unit": unit.name,
            "phrasing": phrasing.id,
            "text": text,
        }
        acts: list[dict[str, Any]] = []
        omitted: list[dict[str, Any]] = []
        if say.speaker == "user":
            turn["intents"] = [{"name": name} for name in unit.intents]
            if say.opens:
                acts += [{"act": "inform_intent", "intent": name} for name in unit.intents]
            omitted += [self.omission(name) for name in say.omitted]
        else:
            if say.outcome is not None:
                turn["outcome"] = say.outcome
            names = (leaf for name in say.asked for leaf in self.names.leaves(name))
            acts += [self.request(name) for name in dict.fromkeys(names)]
        spans = self.spans(rope, text, acts) if rope.pieces else []
        if spans and say.speaker == "user":
            self.forget(rope, say)
            self.hear(rope, spans)
        turn["acts"] = acts
        turn["spans"] = spans
        turn["omitted"] = omitted
        turn["state"] = {
            "intent": unit.intents[0] if unit.intents else None,
            "slots": self.slots.copy(),
            "results": self.results.copy(),
        }
        if noise:
            turn["noise"] = noise
        self.enter(say.visit)
        self.turns.append(turn)

    def spans(self, rope: Rope, text: str, acts: list[dict[str, Any]]) -> list[Span]:
        """Return the spans of a text, and add the act of each."""
        spans: list[Span] = []
        for start, end, (slot, part, role, normal, value, _) in rope.pieces:
            surface = text[start:end]
            span: Span = {
                "slot": slot,
                "start": start,
                "end": end,
                "surface": surface,
                "value": value,
            }
            act = {"act": "inform", "slot": slot}
            if normal != surface:
                span["normal"] = normal
            if part is not None:
                span["part"] = act["part"] = part
            if role is not None:
                span["role"] = role
            acts.append({**act, "span": len(spans)})
            spans.append(span)
        return spans

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
            if names != set(phrasing.gives) and names != (given := _given(phrasing, say)):
                lost = "、".join(sorted(names.symmetric_difference(given)))
                what = f"what it gives depends on a value: {lost}"
                raise ContentError([Problem(phrasing.at, what, "write two phrasings")])
        return text

    def forget(self, rope: Rope, say: Say) -> None:
        """Take out of the state what belongs to parts as they were before a redraw.

        Of an address that has changed, a county that is not said again would be another's.
        """
        keys = self.graph.domain.keys
        said = {label.name for _, _, label in rope.pieces if label.part}
        for name in dict.fromkeys(label.name.partition(".")[0] for _, _, label in rope.pieces):
            for group in self.names.slots[name].groups:
                leaves = [f"{name}.{part}" for part in group]
                if said.isdisjoint(leaves):
                    continue
                parts = say.texts[name].parts
                drawn = [label.normal for part in group for _, _, label in parts[part].pieces]
                before = self.groups.get(keys[leaves[0]], drawn)
                self.groups[keys[leaves[0]]] = drawn
                for leaf in leaves if before != drawn else ():
                    if self.slots.pop(keys[leaf], None) is not None:
                        self.given.append((len(self.turns), leaf, None))

    def hear(self, rope: Rope, spans: Sequence[Span]) -> None:
        """Take what the user said into the state."""
        number, keys = len(self.turns), self.graph.domain.keys
        for (_, _, label), span in zip(rope.pieces, spans, strict=True):
            name, surface = label.name, span["surface"]
            self.given.append((number, name, surface))
            self.said_in[name] = number
            entry = {"surface": surface}
            if label.normal != surface:
                entry["normal"] = label.normal
            entry["value"] = label.value
            self.slots[keys[name]] = entry

    def request(self, name: str) -> dict[str, Any]:
        """Return the act of asking for a slot or part, by the label that the answer will have."""
        slot, _, part = name.partition(".")
        tag = self.names.slots[slot].tag
        act = {"act": "request", "slot": tag.slot}
        if part:
            act["part"] = part
        if tag.role:
            act["role"] = tag.role
        return act

    def omission(self, name: str) -> dict[str, Any]:
        """Describe what is understood though it is not said, with the turn that told it."""
        told = self.said_in[name]
        if name in self.results:
            return {"result": name, "antecedent": {"turn": told}}
        slot, _, part = name.partition(".")
        tag = self.names.slots[slot].tag
        state = self.slots[self.graph.domain.keys[name]]
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
        units = outline.units
        self.enter(len(units))
        starts, given = self.starts, self.given
        # What was given comes in the order of turns, so that each visit has a stretch of it.
        bounds = [bisect_left(given, (start,)) for start in starts]

        def target(
            scope: str, name: str, first: int, last: int, labels: Mapping[str, str] | None
        ) -> dict[str, Any]:
            said = given[bounds[first] : bounds[last]]
            extracted = _extracted(said, labels, self.graph.domain) if said else {}
            turns = [starts[first], starts[last]]
            return {"scope": scope, "name": name, "turns": turns, "target": extracted}

        targets = [
            target("exchange", unit.name, visit, visit + 1, self.graph.target_of(unit))
            for visit, unit in enumerate(units)
        ]
        path = tuple([unit.name for unit in units])
        for scene in self.graph.scenes:
            length = len(scene.path)
            targets += [
                target("scene", scene.name, first, first + length, self.graph.target_of(scene))
                for first in range(len(path) - length + 1)
                if path[first] == scene.path[0] and path[first : first + length] == scene.path
            ]
        targets.append(target("session", self.graph.name, 0, len(units), self.graph.target))
        return targets


def _given(phrasing: Phrasing, say: Say) -> set[str]:
    """Return the slots and parts that a phrasing says of these values."""
    given: set[str] = set()
    for name in phrasing.gives:
        slot, _, part = name.partition(".")
        text = say.texts[slot]
        if isinstance(text, RecordRope):
            said = text.parts[part] if part else text
            given.update(label.name for _, _, label in said.pieces)
        else:
            given.add(name)
    return given


def _extracted(
    given: Sequence[tuple[int, str, str | None]],
    labels: Mapping[str, str] | None,
    domain: Domain,
) -> dict[str, str]:
    """Return what a model must extract: by the labels asked for, or all as it was last said.

    Slots that share a label and a role are one: the later said holds.
    """
    names = domain.labels if labels is None else domain.keys
    said: dict[str, str] = {}
    for _, slot, surface in given:
        name = names[slot]
        if surface is None:
            said.pop(name, None)
        else:
            said[name] = surface
    if labels is None:
        return said
    return {label: said[names[slot]] for label, slot in labels.items() if names[slot] in said}
