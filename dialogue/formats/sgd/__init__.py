"""Schema-Guided Dialogue: frames with acts, spans, state and calls, as its README defines them.

`sgd/<split>/dialogues_{number}.json`, a thousand dialogues each, and `sgd/<split>/schema.json`, the
same for all splits. Numbers begin at 000000; readers that list `dialogues_*.json` find them.

- The domain is one service, `Retail_1`. Its intents are those of the pack, and as further ones its
  tools, so that every `method` is described; all only look things up.
- Slots are named as states name them: `slot`, `slot.part`, `slot:role`, with `labels="key"` in
  ASCII; what a tool takes is `tool.parameter`, what it returns `result.column`. A slot of no more
  than twenty documented values is categorical: it has no spans, its state is the normal form.
- User and system alternate: messages in a row are one turn, joined by a line break. A session that
  the bot begins begins with SYSTEM.
- Acts are INFORM_INTENT, INFORM, REQUEST, CONFIRM and OFFER, with the surface as value and the
  normal form as canonical value, and AFFIRM and NEGATE without either. To have no preference is to
  INFORM `dontcare`, which the state has until a value takes its place. An act of another kind would
  be a guess. A state lists for each slot the surface that holds, then the others said for the same
  value so far; `requested_slots` is always empty.
- A call and its rows stand in the frame of the answer that they led to: parameters in normal form,
  all values as text, lists as JSON, a column without a value left out.

What SGD has no place for: outcomes and wordings by name, what is left to be understood, asking to
repeat, facts of the session, and spans of categorical slots (their surface is in the act). A frame
holds one call: of several before an answer, or of several that one turn of the user asks for, the
last stands, the others are losses, as is a call without an answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogue.formats.format import Format, Note, Row
from dialogue.formats.sgd.schema import categories, schema, service, text
from dialogue.tasks.example import Loss

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dialogue.formats.format import Items, Outcome
    from dialogue.session import Session
    from dialogue.tasks.example import Example
    from dialogue.tasks.ontology import Ontology
    from dialogue.tasks.options import Options

NONE = "NONE"
DONTCARE = "dontcare"


def rows(
    session: Session,
    examples: Mapping[str, Sequence[Example]],  # noqa: ARG001
    ontology: Ontology,
    options: Options,
) -> Items:
    """Yield the dialogue, and note the slots that it names."""
    scribe = _Scribe(ontology, options)
    for turn in session["turns"]:
        if turn["kind"] == "call":
            scribe.call(turn)
        elif turn["kind"] == "result":
            scribe.result(turn)
        else:
            scribe.utter(turn)
    scribe.forget()
    yield from scribe.losses
    for key in scribe.named:
        yield Note(key)
    dialogue = {"dialogue_id": session["id"], "services": [scribe.service], "turns": scribe.turns}
    yield Row(f"{session['split']}/dialogues_{{number}}.json", dialogue)


class _Scribe:
    """Writes the turns of one dialogue."""

    def __init__(self, ontology: Ontology, options: Options) -> None:
        self.ontology = ontology
        self.name = ontology.ascii if options.labels == "key" else ontology.key
        self.service = service(ontology)
        self.turns: list[dict[str, Any]] = []
        self.losses: list[Loss] = []
        self.named: dict[tuple[str, ...], None] = {}
        self.looked: list[dict[str, Any]] = []  # calls that no answer has followed yet
        self.said: dict[tuple[str, str], dict[str, None]] = {}  # name and value → its surfaces
        self.open: dict[str, None] = {}  # what users leave to the bot

    def call(self, turn: Mapping[str, Any]) -> None:
        tool = turn["tool"]
        given = {f"{tool}.{name}": text(value) for name, value in turn["arguments"].items()}
        self.named.update(dict.fromkeys(("parameter", tool, name) for name in given))
        self.looked.append({"service_call": {"method": tool, "parameters": given}})

    def result(self, turn: Mapping[str, Any]) -> None:
        found = [
            {self.column(turn, name): text(v) for name, v in row.items() if v is not None}
            for row in turn["rows"]
        ]
        columns = dict.fromkeys(self.column(turn, name) for row in turn["rows"] for name in row)
        self.named.update(dict.fromkeys(("column", turn["tool"], name) for name in columns))
        if self.looked:
            self.looked[-1]["service_results"] = found

    def column(self, turn: Mapping[str, Any], name: str) -> str:
        return self.name({"slot": f"{turn['as']}.{name}"})

    def utter(self, turn: Mapping[str, Any]) -> None:
        user = turn["speaker"] == "user"
        if user:
            self.forget()
        speaker = "USER" if user else "SYSTEM"
        if not self.turns or self.turns[-1]["speaker"] != speaker:
            frame = {"service": self.service, "slots": [], "actions": []}
            self.turns.append({"speaker": speaker, "utterance": "", "frames": [frame]})
        joined = self.turns[-1]
        frame = joined["frames"][0]
        if joined["utterance"]:
            joined["utterance"] += "\n"
        start = len(joined["utterance"])
        joined["utterance"] += turn["text"]
        self.spans(turn, frame["slots"], start)
        frame["actions"] += self.actions(turn)
        if user:
            frame["state"] = self.state(turn["state"])
        elif self.looked:
            extra = [*self.looked[:-1], frame] if "service_call" in frame else self.looked[:-1]
            self.losses += [Loss("one of several calls before an answer")] * len(extra)
            frame.update(self.looked[-1])
            self.looked = []

    def forget(self) -> None:
        """Give up calls that no answer follows."""
        self.losses += [Loss("a call without an answer")] * len(self.looked)
        self.looked = []

    def spans(self, turn: Mapping[str, Any], slots: list[dict[str, Any]], start: int) -> None:
        for span in turn["spans"]:
            name = self.name(span)
            self.named["slot", name] = None
            self.said.setdefault((name, text(span["value"])), {})[span["surface"]] = None
            if not categories(self.ontology, self.ontology.key(span)):
                begin, end = start + span["start"], start + span["end"]
                slots.append({"slot": name, "start": begin, "exclusive_end": end})

    def actions(self, turn: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        whole: set[str] = set()
        for act in turn["acts"]:
            kind, name = act["act"], self.name(act) if "slot" in act else ""
            said: tuple[str, str] | None = None
            if kind == "inform_intent":
                name, said = "intent", (act["intent"], act["intent"])
            elif "span" in act:
                if turn["speaker"] == "user":
                    self.open.pop(name, None)
                span = turn["spans"][act["span"]]
                name, said = self.name(span), (span["surface"], span.get("normal", span["surface"]))
                if not self.holds(self.ontology.key(span), said[1]):
                    continue
            elif kind == "dontcare":
                kind, said = "inform", (DONTCARE, DONTCARE)
                self.named["slot", name] = self.open[name] = None
            elif kind == "request":
                self.named["slot", name] = None
            elif kind in whole or kind not in ("affirm", "negate"):
                continue
            else:  # they are about what was said before, as a whole
                if kind == "affirm":
                    self.open.clear()
                name = ""
                whole.add(kind)
            yield {"act": kind.upper(), "slot": name, "values": [*said[:1]] if said else [],
                   "canonical_values": [*said[1:]] if said else []}  # fmt: skip

    def holds(self, key: str, normal: str) -> bool:
        """Tell whether a slot may have a value; a loss if not."""
        known = categories(self.ontology, key)
        if known and normal not in known:
            self.losses.append(Loss("a categorical slot with a value that is not documented"))
            return False
        return True

    def state(self, known: Mapping[str, Any]) -> dict[str, Any]:
        values = {}
        for key, entry in known["slots"].items():
            surface, name = entry["surface"], self.name({"slot": key})
            self.named["slot", name] = None
            documented = categories(self.ontology, key)
            normal = entry.get("normal", surface)
            if not documented:
                said = self.said.get((name, text(entry["value"])), {})
                values[name] = list(dict.fromkeys([surface, *said]))
            elif normal in documented:
                values[name] = [normal]
        values |= {name: [DONTCARE] for name in self.open}
        intent = known["intent"] or NONE
        return {"active_intent": intent, "requested_slots": [], "slot_values": values}


def closing(outcome: Outcome) -> Iterator[Row]:
    """Yield the schema of each split."""
    made = [schema(outcome)]
    for split in sorted({path.partition("/")[0] for path in outcome.rows}):
        yield Row(f"{split}/schema.json", made)


FORMAT = Format(
    name="sgd",
    purpose="frames with acts, spans, state and calls: Schema-Guided Dialogue",
    tasks=("state", "call"),
    rows=rows,
    reads=("labels",),
    fixed=True,
    closing=closing,
)
