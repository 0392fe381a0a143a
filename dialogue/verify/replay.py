"""A session played again from what its turns say: who said what, what was found, what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogue.verify.ontology import key_of
from dialogue.verify.rule import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dialogue.session import Session
    from dialogue.verify.exchanges import Exchanges
    from dialogue.verify.ontology import Ontology

_ENTRY = ("surface", "normal", "value")
_CHECKS = ("confirm", "offer")
_REACTIONS = ("affirm", "negate")


class Replay:
    """What is known at a turn, by the spans and results up to it.

    The state holds the latest mention of each key. Parts of a record that is drawn anew leave it
    when one of their group is said: certainly where that one has another value than before. Where
    nothing said again differs the record does not tell whether it was drawn anew, so that both are
    right: the others all stay, or all go at once. What has gone is read off the state then.

    What the user affirms is known as the bot last said it, and what they negate is not.

    `mentions` are what users say, in order: turn, key and surface, which is None where a key goes.
    `loose` are the keys of groups that reviewers have corrected: a correction is carried on over
    redraws, so that each of these may stay or go.
    """

    def __init__(self, session: Session, ontology: Ontology, exchanges: Exchanges) -> None:
        self.ontology = ontology
        self.exchanges = exchanges
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
        self.checked: dict[str, Any] = {}  # key → what the bot has just confirmed or offered
        self.waits = False  # the bot has just confirmed or offered something
        self.denied: dict[str, Any] = {}  # key → what the user said it is not
        self.intents: dict[int | None, str | None] = {}  # exchange → what the user wants in it
        self.told: Mapping[tuple[str, str], Any] = {}  # differences that are told already

    def play(self, number: int, turn: Any) -> Iterator[Finding]:
        """Take a turn for known, and yield where the record says something else."""
        if turn["kind"] == "result":
            self.results[turn["as"]] = number
        if turn["kind"] != "utterance":
            return
        found = list(self.misunderstood(turn))
        exchange = self.exchanges.owners[number]
        if turn["speaker"] == "user":
            found += self.ignored(turn["acts"])
            found += self.react(number, turn["acts"])
            self.hear(number, turn)
            found += self.forgotten(turn["omitted"])
            self.intents[exchange] = next((one["name"] for one in turn["intents"]), None)
        else:
            self.checked = {
                key_of(turn["spans"][act["span"]]): _entry(turn["spans"][act["span"]])
                for act in turn["acts"]
                if act["act"] in _CHECKS
            }
        self.waits = turn["speaker"] == "bot" and bool(self.checked)
        intent = self.intents.get(exchange, self.ontology.intents.get(turn["unit"]))
        for what in (*found, *self.differences(turn["state"], intent)):
            yield Finding(number, what)

    # What is said, and what goes because of it.

    def ignored(self, acts: Iterable[Any]) -> Iterator[str]:
        """Yield what the bot has just asked about, if it is neither affirmed nor negated."""
        if self.waits and not any(act["act"] in _REACTIONS for act in acts):
            asked = " and ".join(self.checked)
            yield f"neither affirms nor negates {asked}, which the bot has just asked about"

    def react(self, number: int, acts: Iterable[Any]) -> Iterator[str]:
        """Take what is affirmed for known and what is negated for unknown, and yield the rest."""
        for act in acts:
            if act["act"] not in _REACTIONS:
                continue
            key = key_of(act)
            if key not in self.checked:
                yield f"{act['act']}s {key}, which the bot has not just asked about"
            elif act["act"] == "affirm":
                self.know(number, key, self.checked[key])
            elif key in self.slots:
                self.denied[key] = self.slots[key]
                self.lose(number, key)

    def hear(self, number: int, turn: Any) -> None:
        """Take what is said for known, one after the other."""
        spans = [(key_of(span), span) for span in turn["spans"]]
        held, groups = turn["state"]["slots"], self.ontology.groups
        about = (*(key for key, _ in spans), *self.corrected.get(number, ()))
        anew: dict[int, list[tuple[str, ...]]] = {}  # before which span a group is drawn anew
        for group in dict.fromkeys(groups[key] for key in about if key in groups):
            several = "phrasings" in turn and self.loose.isdisjoint(group)
            anew.setdefault(_cut(group, spans, held) if several else 0, []).append(group)
        for place in range(len(spans) + 1):
            for group in anew.get(place, ()):
                said = dict(spans[place:])
                for key in self.displaced(group, said, held):
                    self.lose(number, key)
                for key in group:
                    self.denied.pop(key, None)
            if place < len(spans):
                key, span = spans[place]
                self.know(number, key, _entry(span))
        for group in anew.get(0, ()) if "phrasings" in turn else ():
            for key in self.replaced(group, spans, held):
                self.lose(number, key)

    def know(self, number: int, key: str, entry: dict[str, Any]) -> None:
        self.slots[key] = entry
        self.latest[key] = number, entry
        self.mentions.append((number, key, entry["surface"]))

    def lose(self, number: int, key: str) -> None:
        del self.slots[key]
        self.mentions.append((number, key, None))

    def displaced(
        self, group: Iterable[str], said: Mapping[str, Any], held: Mapping[str, Any]
    ) -> list[str]:
        """Return what goes of a group of parts when some of it are said."""
        known = [key for key in group if key in self.slots]
        others = [key for key in known if key not in said]
        gone = [key for key in others if key not in held]
        if not self.loose.isdisjoint(group):
            return gone
        before = {key: self.denied.get(key, self.slots.get(key)) for key in group if key in said}
        changed = (said[key]["value"] != one["value"] for key, one in before.items() if one)
        if any(changed):
            return others
        return gone if gone == others else []

    def replaced(
        self, group: Iterable[str], spans: Sequence[tuple[str, Any]], held: Mapping[str, Any]
    ) -> list[str]:
        """Return what has gone of a corrected group that was said and drawn anew in one turn.

        The mentions that would prove it may be corrected away. What was said last has not gone.
        """
        if self.loose.isdisjoint(group):
            return []
        said = [key for key, _ in spans if key in group]
        return [key for key in dict.fromkeys(said[:-1]) if key not in held and key != said[-1]]

    # What the record says of it.

    def misunderstood(self, utterance: Any) -> Iterator[str]:
        """Yield what is understood though nobody told it, told it elsewhere or tells it now."""
        entry: Mapping[str, Any] = {}
        said = {key_of(span) for span in utterance["spans"]}
        for one in utterance["omitted"]:
            turn = one["antecedent"]["turn"]
            if "result" in one:
                key, told, same = one["result"], self.results.get(one["result"]), True
            else:
                key = key_of(one)
                told, entry = self.latest.get(key, (None, entry))
                if key not in self.slots and key not in self.loose:
                    told = None
                same = "value" in entry and entry["value"] == one["value"]
            if "slot" in one and key in said:
                yield f"understands {key}, which it says"
            elif told is None:
                yield f"understands {key}, which nothing has told"
            elif told != turn:
                yield f"understands {key} from turn {turn}, but turn {told} told it"
            elif not same:
                yield f"understands {key} as {one['value']!r}, but it is {entry['value']!r}"

    def forgotten(self, omitted: Iterable[Any]) -> Iterator[str]:
        """Yield what is understood in a turn after which it is not known any more."""
        for one in omitted:
            if "slot" in one and not {key_of(one)} & (self.slots.keys() | self.loose):
                yield f"understands {key_of(one)}, which is not known after it"

    def differences(self, state: Any, intent: str | None) -> Iterator[str]:
        """Yield what a state has otherwise; what was so in the turn before is told already."""
        found: dict[tuple[str, str], tuple[str, str]] = {}
        if state["intent"] != intent:
            found["intent", ""] = f"intent {state['intent']}", f"{intent}"
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


def _cut(group: tuple[str, ...], spans: Sequence[tuple[str, Any]], held: Mapping[str, Any]) -> int:
    """Return before which span of a turn a group was drawn anew, 0 for none after the first.

    It was between two mentions of a key with different values. Of what else is said between these
    the record tells by its state what was said before.
    """
    last: dict[str, int] = {}
    changes: dict[str, tuple[int, int]] = {}
    for place, (key, span) in enumerate(spans):
        if key in group:
            if key in last and spans[last[key]][1]["value"] != span["value"]:
                changes[key] = last[key], place
            last[key] = place
    if not changes:
        return 0
    low = 1 + max(before for before, _ in changes.values())
    high = min(after for _, after in changes.values() if after >= low)
    between = (n for n in range(low, high) if spans[n][0] in group and spans[n][0] in held)
    return next(between, high)


def _entry(span: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a state has of a span."""
    return {name: span[name] for name in _ENTRY if name in span}


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
