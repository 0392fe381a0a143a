"""What people did in a session, judged from its record and the pack's files alone.

Each judge is given a session and the turn with which a behaviour begins, and fails unless what
stands in the record is what the behaviour is said to do.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from replay import GRAPHS, GROUPS, ROOT, Pack, span_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

FERRY = ROOT / "tests/packs/ferry/graphs/ferry.yaml"
PATHS = {**GRAPHS, "ferry": FERRY}
TOLD = ("surface", "normal", "value")


@cache
def pack(name: str) -> Pack:
    """Return the files of a graph that the tests walk."""
    return Pack(PATHS[name])


class Exchange(NamedTuple):
    """The turns `[first, last)` of a visit."""

    unit: str
    first: int
    last: int


class Talk:
    """A session to be judged."""

    def __init__(self, name: str, session: Mapping[str, Any]) -> None:
        self.pack = pack(name)
        self.session = session
        self.turns = session["turns"]
        self.exchanges = [
            Exchange(one["name"], *one["turns"])
            for one in session["targets"]
            if one["scope"] == "exchange"
        ]

    # Turns.

    def is_by(self, at: int, speaker: str) -> bool:
        """Tell whether a turn is an utterance of somebody."""
        turn = self.turns[at] if at < len(self.turns) else {"kind": ""}
        return turn["kind"] == "utterance" and turn["speaker"] == speaker

    def marked(self, behaviour: str, speaker: str) -> Iterator[int]:
        """Yield the turns of a speaker that are due to a behaviour."""
        for at, turn in enumerate(self.turns):
            if self.is_by(at, speaker) and behaviour in turn.get("behaviours", ()):
                yield at

    def acts(self, at: int, act: str) -> list[str]:
        """Return what a turn does this with, by the keys of states."""
        turn = self.turns[at]
        acts = [one for one in turn.get("acts", ()) if one["act"] == act]
        return [span_key(turn["spans"][one["span"]] if "span" in one else one) for one in acts]

    def before(self, at: int) -> dict[str, Any]:
        """Return what was known before a turn."""
        told = [turn for turn in self.turns[:at] if turn["kind"] == "utterance"]
        return told[-1]["state"]["slots"] if told else {}

    def after(self, at: int) -> dict[str, Any]:
        return self.turns[at]["state"]["slots"]

    def exchange(self, at: int, unit: str | None = None) -> Exchange:
        """Return the exchange that a turn belongs to, the innermost."""
        unit = unit or self.turns[at]["unit"]
        found = [one for one in self.exchanges if one.unit == unit and one.first <= at < one.last]
        return min(found, key=lambda one: one.last - one.first)

    def own(self, exchange: Exchange, start: int = 0) -> list[int]:
        """Return the turns of an exchange, less those of others that lie in it."""
        places = range(max(exchange.first, start), exchange.last)
        return [at for at in places if self.turns[at]["unit"] == exchange.unit]

    def asked(self, exchange: Exchange, start: int = 0) -> list[str]:
        """Return what the bot asks for in an exchange."""
        return [key for at in self.own(exchange, start) for key in self.acts(at, "request")]

    def calls(self, places: list[int]) -> dict[str, tuple[int, Any]]:
        """Return the last call of each tool among some turns, with its place."""
        return {
            turn["tool"]: (at, turn["arguments"])
            for at in places
            if (turn := self.turns[at])["kind"] == "call"
        }

    # Slots.

    def group(self, key: str) -> set[str]:
        """Return the keys that are drawn anew with one."""
        name, dot, rest = key.partition(".")
        if not dot:
            return {key}
        part, colon, role = rest.partition(":")
        groups = GROUPS.get(self.pack.faker(name), (self.pack.parts(name),))
        group = next(one for one in groups if part in one)
        return {f"{name}.{one}{colon}{role}" for one in group}

    def written(self, unit: str, tool: str) -> dict[str, str]:
        """Return the slots that a unit hands to a tool as they are: parameter → key."""
        found = {}
        for turn in self.pack.units[unit]["turns"]:
            if turn.get("call", {}).get("tool") == tool:
                for parameter, source in turn["call"].get("with", {}).items():
                    if re.fullmatch(r"\w+(\.\w+)?", source) and self.is_slot(source):
                        found[parameter] = self.pack.key(source)
        return found

    def is_slot(self, name: str) -> bool:
        slot, _, part = name.partition(".")
        there = slot in self.pack.slots and "view" not in self.pack.slots[slot]
        return there and (part in self.pack.parts(slot) if part else not self.pack.parts(slot))

    def is_request(self, unit: str) -> bool:
        """Tell whether a user wants something in a unit: it needs or looks up something."""
        return bool(self.pack.needs(unit)) or self.looks_up(unit)

    def looks_up(self, unit: str) -> bool:
        return any("call" in turn for turn in self.pack.units[unit]["turns"])


def normal(entry: Mapping[str, Any]) -> Any:
    return entry.get("normal", entry["surface"])


def of(span: Mapping[str, Any]) -> dict[str, Any]:
    return {key: span[key] for key in TOLD if key in span}


# What holds in every session.


def judge_calls(talk: Talk) -> int:
    """Calls are made with what is known; return how many arguments say so."""
    seen = 0
    for at, turn in enumerate(talk.turns):
        if turn["kind"] == "call":
            state = talk.before(at)
            for parameter, key in talk.written(turn["unit"], turn["tool"]).items():
                if key in state:
                    seen += 1
                    assert turn["arguments"][parameter] == normal(state[key]), (at, parameter)
    return seen


def judge_omissions(talk: Talk) -> int:
    """What is left out was told where the record says, and is not said; return how often."""
    seen = 0
    for at, turn in enumerate(talk.turns):
        for one in turn.get("omitted", ()):
            seen += 1
            there = one["antecedent"]["turn"]
            told = talk.turns[there]
            assert there < at
            if "result" in one:
                assert (told["kind"], told["as"]) == ("result", one["result"])
                continue
            key = span_key(one)
            assert key not in map(span_key, turn["spans"])
            assert one["value"] == talk.after(at)[key]["value"]
            agreed = key in talk.acts(there, "affirm")
            saying = talk.turns[there - 1] if agreed else told
            said = [span["value"] for span in saying["spans"] if span_key(span) == key]
            assert said[-1:] == [one["value"]]
    return seen


def judge_end(talk: Talk) -> None:
    """A session ends as a walk does unless somebody leaves it."""
    counts = talk.session.get("behaviours", {})
    low, _, high = talk.pack.graph["walk"]["units"].partition("..")
    walk = talk.session["walk"]
    assert len(walk) <= int(high or low)
    gone = sum(counts.get(name, (0, 0, 0))[2] for name in ("leave", "hand_over"))
    assert gone <= 1
    if gone:
        assert len(walk) >= int(low)
        assert talk.turns[-1]["speaker"] == "bot"
        return
    ways = talk.pack.graph["edges"][walk[-1]]
    assert "end" in (ways if isinstance(ways, dict) else [one["to"] for one in ways])
    assert not talk.acts(len(talk.turns) - 1, "request")


# What is said otherwise.


def corrected(talk: Talk, at: int) -> set[str]:
    """Judge a turn in which a user says something otherwise; return the keys that changed."""
    turn, known = talk.turns[at], talk.before(at)
    keys = [span_key(span) for span in turn["spans"]]
    told = [of(span) for span in turn["spans"]]
    again = [place for place, key in enumerate(keys) if key in keys[:place]]
    if again:  # said and taken back in one turn
        first = keys.index(keys[again[0]])
        now = {**known, **dict(zip(keys[: first + 1], told, strict=False))}
        group = talk.group(keys[first])
        later = [place for place in range(first + 1, len(keys)) if keys[place] in group]
        fresh = {keys[place]: told[place] for place in later}
    else:
        now, fresh = known, dict(zip(keys, told, strict=True))
        group = talk.group(keys[0])
        assert fresh.keys() <= group, "more than one thing is said otherwise"
    both = fresh.keys() & now.keys()
    changed = {key for key in both if normal(now[key]) != normal(fresh[key])}
    assert changed, "nothing differs"
    after = talk.after(at)
    for key in group & after.keys():
        assert key in fresh, f"'{key}' is what it was before the group was drawn anew"
        assert after[key] == fresh[key]
    for key in known.keys() - group:
        assert key in fresh or key in keys or after[key] == known[key]
    return changed


def judge_correct(talk: Talk, at: int) -> None:
    exchange = talk.exchange(at)
    corrected(talk, at)
    assert not talk.calls([one for one in talk.own(exchange) if one < at])
    own = [one for one in talk.own(exchange) if one < at]
    assert own or len(talk.turns[at]["phrasings"]) > 2, "what was said is in this turn or before"
    assert not talk.turns[at]["omitted"] or talk.turns[at]["unit"] == exchange.unit


def judge_again(talk: Talk, at: int) -> set[str]:
    """Judge what follows when something is said otherwise after an answer."""
    exchange = talk.exchange(at)
    changed = corrected(talk, at)
    assert talk.is_by(at - 1, "bot")
    assert not talk.acts(at - 1, "request")
    earlier = talk.calls([one for one in talk.own(exchange) if one < at])
    later = talk.calls(talk.own(exchange, at + 1))
    turns = talk.pack.units[exchange.unit]["turns"]
    sure = {turn["call"]["tool"] for turn in turns if "call" in turn and "when" not in turn}
    assert earlier.keys() & sure <= later.keys(), "nothing is looked up again"
    for tool in earlier.keys() & later.keys() & sure:
        (_, old), (place, new) = earlier[tool], later[tool]
        before = talk.before(at)
        for parameter, key in talk.written(exchange.unit, tool).items():
            state = talk.before(place)
            if key in changed:
                assert new[parameter] == normal(state[key]) != normal(before[key])
            elif key not in talk.group(min(changed)) and key in state:
                assert new[parameter] == old[parameter]
    assert any(talk.is_by(one, "bot") for one in talk.own(exchange, at + 1)), "no answer"
    return changed


def judge_correct_later(talk: Talk, at: int) -> None:
    judge_again(talk, at)
    assert talk.turns[at]["omitted"] == []


def judge_change_goal(talk: Talk, at: int) -> None:
    changed = judge_again(talk, at)
    turn = talk.turns[at]
    state = talk.after(at)
    needed = [name for need in talk.pack.needs(turn["unit"]) for name in need]
    leaves = [leaf for name in needed if not talk.pack.is_result(name)
              for leaf in talk.pack.leaves(name)]  # fmt: skip
    rest = {talk.pack.key(leaf) for leaf in leaves} & state.keys()
    rest -= {span_key(span) for span in turn["spans"]}
    left = {span_key(one) for one in turn["omitted"] if "slot" in one}
    assert left == rest
    assert not left & changed


def judge_confirm(talk: Talk, at: int) -> None:
    checked = talk.acts(at, "confirm")
    assert checked
    assert checked == [span_key(span) for span in talk.turns[at]["spans"]]
    for span in talk.turns[at]["spans"]:
        assert normal(of(span)) == normal(talk.before(at)[span_key(span)])
    assert talk.is_by(at + 1, "user")
    assert {*talk.acts(at + 1, "affirm")} == {*checked}
    assert talk.turns[at + 1]["spans"] == []
    assert {key: normal(one) for key, one in talk.after(at + 1).items()} == {
        key: normal(one) for key, one in talk.before(at).items()
    }
    later = talk.asked(talk.exchange(at), at + 1)
    assert not {*later} & {*checked}, "what was affirmed is asked for"


def judge_deny(talk: Talk, at: int) -> None:
    checked, before = talk.acts(at, "confirm"), talk.before(at)
    assert checked
    assert talk.is_by(at + 1, "user")
    assert {*talk.acts(at + 1, "negate")} == {*checked}
    exchange, after = talk.exchange(at), talk.after(at + 1)
    said = {span_key(span): of(span) for span in talk.turns[at + 1]["spans"]}
    for key in checked:
        assert after.get(key) == said.get(key), "what was denied is gone"
    if not said:
        assert {*talk.asked(exchange, at + 1)} & {*checked}, "it is not asked for"
    places = [one for one in talk.own(exchange, at + 1) if talk.turns[one]["kind"] == "utterance"]
    known = talk.after(places[-1])
    assert [key for key in checked if key in known and normal(known[key]) != normal(before[key])]


# What is asked and answered.


def judge_answer_in_parts(talk: Talk, at: int) -> None:
    pair = (at, at + 1) if talk.acts(at - 1, "request") else (at - 1, at)
    asking = pair[0] - 1
    wanted = {*talk.acts(asking, "request")}
    assert wanted
    assert talk.is_by(pair[0], "user")
    assert talk.is_by(pair[1], "user")
    assert len({talk.turns[one]["unit"] for one in (asking, *pair)}) == 1
    told: dict[str, Any] = {}
    for one in pair:
        said = {span_key(span): normal(of(span)) for span in talk.turns[one]["spans"]}
        assert said.keys() - told.keys(), "nothing new is said"
        assert not told or not wanted <= told.keys() or said.keys() - wanted
        told |= said
    assert not told.keys() & {*talk.asked(talk.exchange(at), at + 1)}, "what was given is asked for"


def judge_over_answer(talk: Talk, at: int) -> None:
    wanted = {*talk.acts(at - 1, "request")}
    told = {span_key(span) for span in talk.turns[at]["spans"]}
    assert wanted & told
    assert told - wanted, "nothing is added"
    assert not told & {*talk.asked(talk.exchange(at), at)}, "what was given is asked for"


def judge_accept_any(talk: Talk, at: int) -> None:
    (wanted,) = talk.acts(at - 1, "request")
    assert talk.acts(at, "dontcare") == [wanted]
    assert talk.turns[at]["spans"] == []
    assert talk.acts(at + 1, "offer") == [wanted]
    (span,) = talk.turns[at + 1]["spans"]
    assert talk.after(at + 1) == talk.before(at), "an offer is not yet taken"
    assert talk.acts(at + 2, "affirm") == [wanted]
    assert talk.after(at + 2)[wanted] == of(span)
    exchange = talk.exchange(at)
    for tool, (place, arguments) in talk.calls(talk.own(exchange, at)).items():
        for parameter, key in talk.written(exchange.unit, tool).items():
            if key == wanted and talk.before(place)[key] == of(span):
                assert arguments[parameter] == normal(of(span))


def judge_digress(talk: Talk, at: int) -> None:
    """`at` is the turn with which the bot comes back."""
    outer = talk.exchange(at)
    asking = max(one for one in talk.own(outer) if one < at)
    wanted = talk.acts(asking, "request")
    assert wanted
    assert talk.acts(at, "request") == wanted, "another question"
    inner = [one for one in talk.exchanges if asking < one.first and one.last <= at]
    (nested,) = inner
    assert (nested.first, nested.last) == (asking + 1, at)
    assert nested.unit != outer.unit
    assert talk.is_by(nested.first, "user")
    assert talk.calls([*range(nested.first, at)])
    assert talk.is_by(at - 1, "bot")
    assert not talk.acts(at - 1, "request")
    names = [name for need in talk.pack.needs(outer.unit) for name in need]
    keys = {talk.pack.key(leaf) for name in names if not talk.pack.is_result(name)
            for leaf in talk.pack.leaves(name)}  # fmt: skip
    asked, back = talk.after(asking), talk.after(at)
    assert {key: asked.get(key) for key in keys} == {key: back.get(key) for key in keys}
    told = {span_key(span) for one in talk.own(outer) if one < asking and talk.is_by(one, "user")
            for span in talk.turns[one]["spans"]}  # fmt: skip
    assert all(back.get(key) == asked.get(key) for key in told), "something has changed"
    assert len(talk.session["walk"]) < len(talk.exchanges)


def judge_combine(talk: Talk, at: int) -> None:
    turn = talk.turns[at]
    first, second = turn["units"]
    units = talk.pack.units
    intents = []
    for unit in (first, second):
        written = units[unit].get("intent", unit)
        intents += [written] if isinstance(written, str) else written
    assert [one["name"] for one in turn["intents"]] == [*dict.fromkeys(intents)]
    outer, ahead = talk.exchange(at, first), talk.exchange(at, second)
    walk = talk.session["walk"]
    assert (first, second) in pairwise(walk)
    answers = [one for one in talk.own(outer, at + 1) if talk.is_by(one, "bot")]
    others = [one for one in talk.own(ahead, at + 1) if talk.is_by(one, "bot")]
    assert answers
    assert others
    assert max(answers) < min(others), "they are answered in turn"
    again = [one for one in range(at + 1, ahead.last) if talk.is_by(one, "user")
             and any(act["act"] == "inform_intent" for act in talk.turns[one]["acts"])]  # fmt: skip
    assert not again, "it is asked twice"


# What is left out.


def judge_omit(talk: Talk, at: int) -> None:
    turn = talk.turns[at]
    assert turn["acts"][:1] == [] or turn["acts"][0]["act"] in ("inform_intent", "inform")
    assert turn["omitted"]
    names = [name for need in talk.pack.needs(turn["unit"]) for name in need]
    keys = {talk.pack.key(leaf) for name in names if not talk.pack.is_result(name)
            for leaf in talk.pack.leaves(name)}  # fmt: skip
    left = {span_key(one) for one in turn["omitted"] if "slot" in one}
    assert left & keys
    assert left <= talk.before(at).keys()


# What is about the talk itself.


def judge_ask_repeat(talk: Talk, at: int) -> None:
    said, again = talk.turns[at - 1], talk.turns[at + 1]
    assert {"act": "repeat"} in talk.turns[at]["acts"]
    assert talk.is_by(at - 1, "bot")
    assert talk.is_by(at + 1, "bot")
    assert said["unit"] == again["unit"]
    assert said.get("outcome") == again.get("outcome")
    assert talk.acts(at - 1, "request") == talk.acts(at + 1, "request")
    facts: dict[str, set[Any]] = {}
    for span in said["spans"]:
        facts.setdefault(span_key(span), set()).add(normal(of(span)))
    for span in again["spans"]:
        found = facts.get(span_key(span))
        now = {normal(of(one)) for one in again["spans"] if span_key(one) == span_key(span)}
        assert found is None or found & now, "another fact"
    assert talk.after(at - 1) == talk.after(at + 1)


def judge_urge(talk: Talk, at: int) -> None:
    turn = talk.turns[at]
    assert talk.is_by(at - 1, "user")
    assert talk.turns[at - 1]["unit"] == turn["unit"]
    assert turn["spans"] == turn["omitted"] == []
    assert talk.after(at) == talk.before(at)
    assert talk.is_request(turn["unit"])
    rest = talk.own(talk.exchange(at), at + 1)
    assert any(talk.turns[one]["speaker"] == "bot" for one in rest)


def judge_pause(talk: Talk, at: int) -> None:
    turn = talk.turns[at]
    assert talk.is_by(at - 1, "user")
    assert turn["spans"] == turn["acts"] == turn["omitted"] == []
    assert "outcome" not in turn
    assert talk.after(at) == talk.before(at)
    assert talk.looks_up(turn["unit"])
    rest = talk.own(talk.exchange(at), at + 1)
    assert rest
    assert talk.turns[rest[0]]["speaker"] == "bot"


def judge_hand_over(talk: Talk, at: int) -> None:
    assert at == len(talk.turns) - 2
    assert talk.is_by(at + 1, "bot")
    turn = talk.turns[at]
    unit = talk.pack.domain.get("behaviours", {}).get("hand_over", {}).get("unit")
    if unit is None:
        assert turn["intents"] == [{"name": "hand_over"}]
        assert turn["state"]["intent"] == "hand_over"
    else:
        assert turn["unit"] == unit
        assert talk.exchanges[-1] == Exchange(unit, at, at + 2)
        assert len(talk.session["walk"]) == len(talk.exchanges) - 1


def judge_leave(talk: Talk, at: int) -> None:
    assert at == len(talk.turns) - 1
    assert talk.is_by(at, "bot")
    assert talk.is_request(talk.turns[at]["unit"])


JUDGES: dict[str, Callable[[Talk, int], None]] = {
    name.removeprefix("judge_"): judge
    for name, judge in list(globals().items())
    if name.startswith("judge_") and name not in
    ("judge_calls", "judge_omissions", "judge_end", "judge_again")
}  # fmt: skip


def begun(talk: Talk, behaviour: str) -> list[int]:
    """Return the turns with which a behaviour begins, or with which the bot comes back."""
    if behaviour == "leave":
        gone = talk.session["behaviours"]["leave"][2]
        return [len(talk.turns) - 1] * gone
    if behaviour in ("confirm", "deny"):
        return [at for at in talk.marked(behaviour, "bot") if talk.acts(at, "confirm")]
    if behaviour == "digress":
        return [at for at in talk.marked(behaviour, "bot") if talk.acts(at, "request")]
    if behaviour == "pause":
        return [*talk.marked(behaviour, "bot")]
    found = [*talk.marked(behaviour, "user")]
    if behaviour == "accept_any":
        return [at for at in found if talk.acts(at, "dontcare")]
    return found
