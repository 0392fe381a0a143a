"""An outline in, a session out: text and spans are born together."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from dialogue.outline import Say
from dialogue.problem import ContentError, Problem
from dialogue.state import State
from dialogue.targets import targets
from dialogue.template import RecordRope, RenderError, Rope, concat

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from dialogue.graph import Graph
    from dialogue.noise import Disturbance
    from dialogue.noise.turn import Message
    from dialogue.outline import Look, Outline
    from dialogue.phrasing import Phrasing
    from dialogue.state import Span
    from dialogue.template import Piece


def realise(
    graph: Graph, outline: Outline, rng: Random, noise: Disturbance | None = None
) -> tuple[list[Any], list[Any]]:
    """Word an outline; return the turns and the targets of its record.

    `rng` is the wording stream: it changes no value and no way. `noise` disturbs what users type,
    and may send a turn of theirs as several messages: then each is an utterance.
    """
    scribe = _Scribe(graph, outline, rng, noise)
    for move in outline.moves:
        if isinstance(move, Say):
            scribe.utter(move)
        else:
            scribe.look(move)
    found = targets(graph, outline, scribe.bounds, scribe.state.given, len(scribe.turns))
    return scribe.turns, found


class _Scribe:
    """Writes the turns of one session and keeps its state."""

    def __init__(
        self, graph: Graph, outline: Outline, rng: Random, noise: Disturbance | None
    ) -> None:
        self.graph = graph
        self.outline = outline
        self.noise = noise
        self.names = graph.domain.names
        self.choose = rng.randrange
        self.rng = rng
        self.turns: list[dict[str, Any]] = []
        self.worn: set[str] = set()  # ids of phrasings that have been said
        self.bounds: dict[int, list[int]] = {}  # visit → its first turn, and the one after its last
        self.state = State(graph.domain)

    def utter(self, say: Say) -> None:
        parts: Sequence[Say] = (say,)
        if say.also:
            parts = (say, *say.also)
            worded = [(one, *self.worded(one)) for one in parts]
            ids, rope = [name for _, names, _ in worded for name in names], _joined(worded)
            told = [(part, len(said.pieces)) for part, _, said in worded]
        else:
            ids, rope = self.worded(say)
            told = [(say, len(rope.pieces))]
        user = say.speaker == "user"
        acts = self.acts(parts) if user else self.requests(parts)
        omitted = self.omissions(parts, rope) if user else []
        if user and self.noise is not None:
            messages = self.noise.disturb(str.__str__(rope), rope.pieces)
            if len(messages) > 1:
                self.send(parts, told, ids, messages, acts, omitted)
                return
            text, pieces, log = messages[0]
            turn = self.turn(parts, told, ids, text, pieces, acts, omitted)
            if log:
                turn["noise"] = log
        else:
            turn = self.turn(parts, told, ids, str.__str__(rope), rope.pieces, acts, omitted)
        self.add(parts, turn)

    def send(
        self,
        parts: Sequence[Say],
        told: Sequence[tuple[Say, int]],
        ids: list[str],
        messages: Sequence[Message],
        acts: list[dict[str, Any]],
        omitted: list[dict[str, Any]],
    ) -> None:
        """Write a turn as the messages that it comes as."""
        shares = _shares(told, [len(pieces) for _, pieces, _ in messages])
        for (text, pieces, log), share in zip(messages, shares, strict=True):
            turn = self.turn(parts, share, ids, text, pieces, acts, omitted)
            if share is not shares[0]:
                turn["continues"] = True
            if log:
                turn["noise"] = log
            self.add(parts, turn)
            acts, omitted = [], []

    def add(self, parts: Sequence[Say], turn: dict[str, Any]) -> None:
        """Add a turn to the visits that it belongs to."""
        if by := [part.by for part in parts if part.by]:
            turn["behaviours"] = [*dict.fromkeys(by)]
        for part in parts:
            self.enter(part.visit, 1)
        self.turns.append(turn)

    def turn(
        self,
        parts: Sequence[Say],
        told: Sequence[tuple[Say, int]],
        ids: list[str],
        text: str,
        pieces: Sequence[Piece],
        acts: list[dict[str, Any]],
        omitted: list[dict[str, Any]],
    ) -> dict[str, Any]:
        """Return a turn, with the state after it; of each part it tells so many pieces."""
        say = parts[0]
        turn: dict[str, Any] = {
            "kind": "utterance",
            "speaker": say.speaker,
            "unit": say.unit.name,
            "phrasing": ids[0],
            "text": text,
        }
        if len(ids) > 1:
            turn["phrasings"] = [*ids]
        if len(parts) > 1:
            units = dict.fromkeys([part.unit.name for part in parts])
            if len(units) > 1:
                turn["units"] = [*units]
        if say.speaker == "user":
            intents = dict.fromkeys([one for part in parts for one in _intents(part)])
            turn["intents"] = [{"name": name} for name in intents]
            self.state.intent[say.visit] = next(iter(intents), None)
        elif outcomes := [part.outcome for part in parts if part.outcome]:
            turn["outcome"] = outcomes[0]
        spans = self.spans(text, pieces, acts) if pieces else []
        self.state.learn(len(self.turns), told, pieces, spans, acts)
        turn["acts"] = acts
        turn["spans"] = spans
        turn["omitted"] = omitted
        turn["state"] = self.state.entry(say)
        return turn

    def acts(self, parts: Sequence[Say]) -> list[dict[str, Any]]:
        """Return what users do besides saying slots: the first message of a turn does it."""
        acts: list[dict[str, Any]] = []
        for part in parts:
            if part.opens or part.intent:
                acts += [{"act": "inform_intent", "intent": name} for name in _intents(part)]
            if part.act is not None:
                acts += self.reactions(part)
        return acts

    def requests(self, parts: Sequence[Say]) -> list[dict[str, Any]]:
        """Return what the bot asks for."""
        asked = [leaf for part in parts for name in part.asked for leaf in self.names.leaves(name)]
        return [self.request(name) for name in dict.fromkeys(asked)] if asked else []

    def omissions(self, parts: Sequence[Say], rope: Rope) -> list[dict[str, Any]]:
        """Return what a turn leaves to be understood: the first message of it does so."""
        left = [name for part in parts for name in part.omitted]
        if left and len(parts) > 1:
            given = {label.name for _, _, label in rope.pieces}
            left = [name for name in left if name not in given]
        return [self.state.omission(name) for name in dict.fromkeys(left)] if left else []

    def worded(self, say: Say) -> tuple[list[str], Rope]:
        """Choose a phrasing and render it; return the ids of what was chosen, and the text.

        Nobody says the same words twice while there are others.
        """
        phrasing = say.wordings.choose(self.rng, self.worn)
        self.worn.add(phrasing.id)
        if say.value is None:
            return [phrasing.id], self.render(phrasing, say, phrasing.gives)
        value = say.value.phrasings[0]  # the plainest
        texts = {"value": self.render(value, say, value.gives)}
        return [phrasing.id, value.id], self.render(phrasing, say._replace(texts=texts), None)

    def reactions(self, say: Say) -> list[dict[str, Any]]:
        """Return the acts by which a user affirms or negates, or does something else."""
        if not say.about:
            return [{"act": say.act}]
        return [{**self.request(name), "act": say.act} for name in say.about]

    def spans(self, text: str, pieces: Sequence[Piece], acts: list[dict[str, Any]]) -> list[Span]:
        """Return the spans of a text, and add the act of each."""
        spans: list[Span] = []
        for start, end, (slot, part, role, normal, value, _) in pieces:
            surface = text[start:end]
            span: Span = {
                "slot": slot,
                "start": start,
                "end": end,
                "surface": surface,
                "value": value,
            }
            act: dict[str, Any] = {"act": "inform", "slot": slot}
            if normal != surface:
                span["normal"] = normal
            if part is not None:
                span["part"] = act["part"] = part
            if role is not None:
                span["role"] = role
            act["span"] = len(spans)
            acts.append(act)
            spans.append(span)
        return spans

    def enter(self, visit: int | None, count: int) -> None:
        """Note that the next turns belong to a visit, and to the one that it lies in."""
        first = len(self.turns)
        while visit is not None:
            self.bounds.setdefault(visit, [first, 0])[1] = first + count
            visit = self.outline.visits[visit].parent

    def render(self, phrasing: Phrasing, say: Say, gives: tuple[str, ...] | None) -> Rope:
        """Render a phrasing; raises ContentError if a user's does not say what it `gives`."""
        try:
            text = phrasing.template.render(say.texts, self.choose)
        except RenderError as error:
            at = phrasing.template.at(error.line)
            raise ContentError([Problem(at, error.what, error.fix)]) from None
        if not text or str.isspace(text) or not unicodedata.is_normalized("NFC", text):
            blank = not text.strip()
            what = "the text is blank" if blank else "the text is not NFC"
            fix = "let it say something" if blank else "put text between the two values"
            raise ContentError([Problem(phrasing.at, what, fix)])
        if say.speaker == "user" and gives is not None and (gives or text.pieces):
            names = {label.name for _, _, label in text.pieces}
            if names.symmetric_difference(gives) and names != (given := _given(gives, say)):
                lost = "、".join(sorted(names.symmetric_difference(given)))
                what = f"what it gives depends on a value: {lost}"
                raise ContentError([Problem(phrasing.at, what, "write two phrasings")])
        return text

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

    def look(self, look: Look) -> None:
        turn = {"unit": look.unit.name, "tool": look.tool}
        call = {"kind": "call", "speaker": "bot", **turn, "arguments": look.arguments}
        result = {"kind": "result", "speaker": "tool", **turn, "as": look.result, "rows": look.rows}
        self.state.find(len(self.turns) + 1, look)
        self.enter(look.visit, 2)
        self.turns += (call, result)


def _shares(told: Sequence[tuple[Say, int]], sizes: Sequence[int]) -> list[list[tuple[Say, int]]]:
    """Deal the labels of the parts of a turn out to its messages, which have so many each.

    What is done besides saying slots is done with the first.
    """
    left = [*told]
    shares = []
    for size in sizes:
        share, rest = [], []
        for say, count in left:
            taken = min(count, size)
            size -= taken
            share.append((say, taken))
            rest.append((say._replace(act=None), count - taken))
        shares.append(share)
        left = rest
    return shares


def _intents(say: Say) -> tuple[str, ...]:
    """Return the intents of what the user says."""
    return say.unit.intents if say.intent is None else (say.intent,)


def _joined(worded: Sequence[tuple[Say, list[str], Rope]]) -> Rope:
    """Join what is said in one turn; after a mark no other one follows."""
    parts: list[str] = []
    for say, _, rope in worded:
        join = say.join
        if parts and join and unicodedata.category(parts[-1][-1]).startswith("P"):
            join = "".join(one for one in join if one.isspace())
        parts += (join, rope)
    return concat(parts)


def _given(gives: tuple[str, ...], say: Say) -> set[str]:
    """Return the slots and parts that a phrasing says of these values."""
    given: set[str] = set()
    for name in gives:
        slot, _, part = name.partition(".")
        text = say.texts[slot]
        if isinstance(text, RecordRope):
            said = text.parts[part] if part else text
            given.update(label.name for _, _, label in said.pieces)
        elif text.pieces:  # a pronoun says nothing
            given.add(name)
    return given
