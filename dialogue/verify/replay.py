"""A session played again from what its turns say: who said what, what was found, what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogue.verify.ontology import key_of
from dialogue.verify.rule import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dialogue.session import Session
    from dialogue.verify.ontology import Ontology

_ENTRY = ("surface", "normal", "value")


class Replay:
    """What is known at a turn, by the spans and results up to it.

    The state holds the latest mention of each key. Parts of a record that is drawn anew leave it
    when one of their group is said: certainly where that one has another value than before. Where
    nothing said again differs the record does not tell whether it was drawn anew, so that both are
    right: the others all stay, or all go at once. What has gone is read off the state then.

    `mentions` are what users say, in order: turn, key and surface, which is None where a key goes.
    `loose` are the keys of groups that reviewers have corrected: a correction is carried on over
    redraws, so that each of these may stay or go.
    """

    def __init__(self, session: Session, ontology: Ontology) -> None:
        self.ontology = ontology
        self.slots: dict[str, Any] = {}
        self.results: dict[str, int] = {}
        self.latest: dict[str, tuple[int, Any]] = {}  # key → its latest mention, gone or not
        self.mentions: list[tuple[int, str, str | None]] = []
        self.corrected: dict[int, list[str]] = {}  # turn → keys that it had before
        for edit in session.get("edits", ()):
            for side in (edit.get("before"), edit.get("after")):
                if isinstance(side, dict):
                    self.corrected.setdefault(edit["turn"], []).append(key_of(side))
        touched = {key for keys in self.corrected.values() for key in keys}
        self.loose = {one for key in touched for one in ontology.groups.get(key, (key,))}
        self.intent: str | None = None
        self.starts = {t["turns"][0] for t in session["targets"] if t["scope"] == "exchange"}
        self.answered = False  # the user has said something in this exchange
        self.told: Mapping[tuple[str, str], Any] = {}  # differences that are told already

    def play(self, number: int, turn: Any) -> Iterator[Finding]:
        """Take a turn for known, and yield where the record says something else."""
        if number in self.starts:
            self.answered = False
        if turn["kind"] == "result":
            self.results[turn["as"]] = number
        if turn["kind"] != "utterance":
            return
        for what in self.misunderstood(turn["omitted"]):
            yield Finding(number, what)
        if turn["speaker"] == "user":
            self.hear(number, turn)
            self.intent = next((one["name"] for one in turn["intents"]), None)
            self.answered = True
        elif not self.answered:
            self.intent = self.ontology.intents.get(turn["unit"])
        for what in self.differences(turn["state"]):
            yield Finding(number, what)

    # What is said, and what goes because of it.

    def hear(self, number: int, turn: Any) -> None:
        said = {key_of(span): span for span in turn["spans"]}
        held, groups = turn["state"]["slots"], self.ontology.groups
        about = (groups[key] for key in (*said, *self.corrected.get(number, ())) if key in groups)
        for group in dict.fromkeys(about):
            for key in self.displaced(group, said, held):
                del self.slots[key]
                self.mentions.append((number, key, None))
        for span in turn["spans"]:
            key = key_of(span)
            entry = {name: span[name] for name in _ENTRY if name in span}
            self.slots[key] = entry
            self.latest[key] = number, entry
            self.mentions.append((number, key, span["surface"]))

    def displaced(
        self, group: Iterable[str], said: Mapping[str, Any], held: Mapping[str, Any]
    ) -> list[str]:
        """Return what goes of a group of parts when some of it are said."""
        known = [key for key in group if key in self.slots]
        others = [key for key in known if key not in said]
        gone = [key for key in others if key not in held]
        if not self.loose.isdisjoint(group):
            return gone
        again = (key for key in known if key in said)
        if any(self.slots[key]["value"] != said[key]["value"] for key in again):
            return others
        return gone if gone == others else []

    # What the record says of it.

    def misunderstood(self, omitted: Iterable[Any]) -> Iterator[str]:
        """Yield what is understood though nobody has told it, or told it elsewhere."""
        entry: Mapping[str, Any] = {}
        for one in omitted:
            turn = one["antecedent"]["turn"]
            if "result" in one:
                key, told, same = one["result"], self.results.get(one["result"]), True
            else:
                key = key_of(one)
                told, entry = self.latest.get(key, (None, entry))
                if key not in self.slots and key not in self.loose:
                    told = None
                same = "value" in entry and entry["value"] == one["value"]
            if told is None:
                yield f"understands {key}, which nothing has told"
            elif told != turn:
                yield f"understands {key} from turn {turn}, but turn {told} told it"
            elif not same:
                yield f"understands {key} as {one['value']!r}, but it is {entry['value']!r}"

    def differences(self, state: Any) -> Iterator[str]:
        """Yield what a state has otherwise; what was so in the turn before is told already."""
        found: dict[tuple[str, str], tuple[str, str]] = {}
        if state["intent"] != self.intent:
            found["intent", ""] = f"intent {state['intent']}", f"{self.intent}"
        if state["slots"] != self.slots:
            for key, (has, replayed) in _differing(state["slots"], self.slots):
                found["slot", key] = _worded(key, has), _worded(key, replayed)
        if state["results"] != self.results:
            for name, (has, replayed) in _differing(state["results"], self.results):
                found["result", name] = _turn(name, has), _turn(name, replayed)
        for about, pair in found.items():
            if self.told.get(about) != pair:
                yield f"state has {pair[0]}, replayed {pair[1]}"
        self.told = found


def _differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key in dict.fromkeys((*one, *other)):
        if one.get(key) != other.get(key):
            yield key, (one.get(key), other.get(key))


def _worded(key: str, entry: Any) -> str:
    if entry is None:
        return f"no {key}"
    normal = f" ({entry['normal']})" if "normal" in entry else ""
    value = "" if entry["value"] in (entry["surface"], entry.get("normal")) else entry["value"]
    return f"{key}={entry['surface']}{normal}" + (f" [{value}]" if value != "" else "")


def _turn(name: str, turn: int | None) -> str:
    return f"no result {name}" if turn is None else f"{name} of turn {turn}"
