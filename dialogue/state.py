"""What is known after each turn: spans in, the state of the record out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialogue.domain import Domain
    from dialogue.outline import Look, Say
    from dialogue.targets import Given
    from dialogue.template import Label, Piece

Span: TypeAlias = "dict[str, Any]"


class State:
    """What the users of one session have said, and what the bot has found.

    `slots` are the entries of the record by the names of spans, `results` the turns that hold them;
    `given` is all that was said or taken back, in the order of turns. Turns are told by `number`.
    """

    def __init__(self, domain: Domain) -> None:
        self.names = domain.names
        self.keys = domain.keys
        self.slots: dict[str, Any] = {}
        self.results: dict[str, int] = {}
        self.given: list[Given] = []
        self.groups: dict[str, list[str]] = {}  # of groups of parts, what was drawn when last said
        self.said_in: dict[str, int] = {}  # slot or part, or result → the turn that told it
        self.intent: dict[int, str | None] = {}  # of each visit, that of what the user said last
        self.checked: dict[str, tuple[Label, Span]] = {}  # key → what the bot last asked about

    def entry(self, say: Say) -> dict[str, Any]:
        """Return all that is known now, as the record holds it."""
        return {
            "intent": self.intent.get(say.visit, say.unit.intents[0] if say.unit.intents else None),
            "slots": self.slots.copy(),
            "results": self.results.copy(),
        }

    def find(self, number: int, look: Look) -> None:
        """Take a result that stands in a turn."""
        self.said_in[look.result] = self.results[look.result] = number

    def learn(
        self,
        number: int,
        told: Sequence[tuple[Say, int]],
        pieces: Sequence[Piece],
        spans: Sequence[Span],
        acts: list[dict[str, Any]],
    ) -> None:
        """Take what a turn says, in order: of each part of it so many labels."""
        at = 0
        for say, count in told:
            if say.speaker == "user":
                if say.act is not None:
                    self.react(number, say)
                if count:
                    labels = [label for _, _, label in pieces[at : at + count]]
                    self.forget(number, labels, say)
                    self.hear(number, labels, spans[at : at + count])
            elif say.act is not None:
                labels = [label for _, _, label in pieces[at : at + count]]
                said = zip(labels, spans[at : at + count], strict=True)
                self.checked = {label.name: (label, span) for label, span in said}
                for act in acts:
                    if at <= act.get("span", -1) < at + count:
                        act["act"] = say.act
            at += count

    def react(self, number: int, say: Say) -> None:
        """Take what the user affirms into the state, and what they negate out of it."""
        for name in say.about:
            if say.act == "affirm":
                label, span = self.checked[name]
                self.hear(number, [label], [span])
            elif say.act == "negate" and self.slots.pop(self.keys[name], None) is not None:
                self.given.append((number, name, None))

    def forget(self, number: int, labels: Sequence[Label], say: Say) -> None:
        """Take out of the state what belongs to parts as they were before a redraw.

        Of an address that has changed, a county that is not said again would be another's.
        """
        said = {label.name for label in labels if label.part}
        for name in dict.fromkeys(label.name.partition(".")[0] for label in labels):
            for group in self.names.slots[name].groups:
                leaves = [f"{name}.{part}" for part in group]
                if said.isdisjoint(leaves):
                    continue
                parts = say.texts[name].parts
                drawn = [label.normal for part in group for _, _, label in parts[part].pieces]
                before = self.groups.get(self.keys[leaves[0]], drawn)
                self.groups[self.keys[leaves[0]]] = drawn
                for leaf in leaves if before != drawn else ():
                    if self.slots.pop(self.keys[leaf], None) is not None:
                        self.given.append((number, leaf, None))

    def hear(self, number: int, labels: Sequence[Label], spans: Sequence[Span]) -> None:
        """Take what the user said into the state."""
        for label, span in zip(labels, spans, strict=True):
            name, surface = label.name, span["surface"]
            self.given.append((number, name, surface))
            self.said_in[name] = number
            entry = {"surface": surface}
            if label.normal != surface:
                entry["normal"] = label.normal
            entry["value"] = label.value
            self.slots[self.keys[name]] = entry

    def omission(self, name: str) -> dict[str, Any]:
        """Describe what is understood though it is not said, with the turn that told it."""
        told = self.said_in[name]
        if name in self.results:
            return {"result": name, "antecedent": {"turn": told}}
        slot, _, part = name.partition(".")
        tag = self.names.slots[slot].tag
        state = self.slots[self.keys[name]]
        omitted = {"slot": tag.slot, "value": state["value"], "antecedent": {"turn": told}}
        if part:
            omitted["part"] = part
        if tag.role:
            omitted["role"] = tag.role
        return omitted
