"""The second reading of sessions in which people do not go by the book: noise and behaviours.

What they do is read off the turns, as docs/pack.md describes it, with the words of the YAML files;
state, acts, omissions and targets must be what follows. It shares no code with the engine.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from replay import ROOT, Replay, Wording, listed, marked, outcomes, read_yaml, said, span_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from replay import Draws, Pack

    Fit = tuple[Any, tuple[str, ...], Draws]  # what it is worded by, what that gives and draws

WORDS = ROOT / "dialogue/behaviours/wordings"
VALUE = re.compile(r"\{\{ *value *\}\}")
HAND_OVER = "hand_over"
# What is done only where the user wants something, and where they speak first and then no more.
OF_REQUESTS = {"ask_repeat", "urge", HAND_OVER, "leave"}
OF_PLAIN_UNITS = {"combine", "correct_later", "change_goal"}
LIVELY_SCENES = {
    "trip+": {"a": ["look", "booking"], "b": ["who", "booking"], "c": ["who", "seat"]},
    "retail+": {"polite": ["thanks", "membership"], "curious": ["greeting", "stock"]},
}


@cache
def generic(language: str) -> Any:
    return read_yaml(WORDS / f"{language}.yaml")


@dataclass(frozen=True)
class Part:
    """One thing that is said in a turn.

    It is of a unit (`kind` as in Wording), or in the words of a behaviour (`kind` is the list).
    `redraw` is drawn anew before it. `need` is the need of which it says a value, or gives one.
    """

    unit: str
    visit: int
    kind: str
    number: int = 0
    place: Any = None
    behaviour: str = ""
    need: int | None = None
    opens: bool = False
    elliptic: bool = False
    act: str = ""
    about: tuple[str, ...] = ()
    redraw: str = ""
    intent: str = ""
    asked: tuple[str, ...] = ()
    joined: bool = False  # with a join, not as it stands
    skipped: bool = False  # it may be left out


class Living(Replay):
    """Plays a lively session again; raises MismatchError where the record cannot be right."""

    def __init__(self, pack: Pack, session: Mapping[str, Any]) -> None:
        super().__init__(pack, session)
        self.words = generic(pack.domain["locale"].partition("_")[0])
        self.visits: list[list[Any]] = []  # unit, first turn, one past the last, parent
        self.stretches = [t["turns"] for t in session["targets"] if t["scope"] == "exchange"]
        self.wants: dict[int, str | None] = {}  # visit → the intent told last
        self.done: dict[str, int] = {}  # behaviour → how often
        self.ahead: int | None = None  # the visit whose first words are said
        self.over = False
        self.settled = True  # what may be done before the bot looks something up is done
        self.checked: dict[str, Any] = {}  # key → the span that the bot has just asked about
        self.last: Part | None = None  # what the bot said last

    def did(self, name: str, unit: str) -> None:
        """Note that something is done in a unit, which must allow it."""
        kinds = self.kinds(unit)
        self.expect(name not in listed(self.pack.units[unit].get("without", [])), f"no {name} here")
        self.expect(name not in OF_REQUESTS or {"call", "needs"} & kinds, f"{name}: no request")
        self.expect(name not in OF_PLAIN_UNITS or "plain" in kinds, f"{name}: not plain")
        self.done[name] = self.done.get(name, 0) + 1

    def kinds(self, unit: str) -> set[str]:
        """Tell of a unit whether it looks something up (call), has needs, and is plain."""
        spec = self.pack.units[unit]
        users = ["user" in turn for turn in spec["turns"]]
        found = {"call"} if any("call" in turn for turn in spec["turns"]) else set()
        found |= {"needs"} if spec.get("needs") else set()
        return found | ({"plain"} if users[0] and users == sorted(users, reverse=True) else set())

    def touched(self, unit: str) -> set[str]:
        """Return the labels, with roles, of what a unit may say, need or draw anew."""
        names = [name for need in self.pack.needs(unit) for name in need]
        names += listed(self.pack.units[unit].get("redraw", []))
        names += [give for one in self.pack.by_place.get((unit, "user"), ())
                  for give in self.pack.given[one]]  # fmt: skip
        slots = {name.partition(".")[0] for name in names} & self.pack.slots.keys()
        return {self.pack.key(slot) for slot in slots}

    def forgotten(self, unit: str) -> set[str]:
        """Return the labels of what is drawn anew because a unit binds names."""
        spec = self.pack.units[unit]
        bound = {turn["call"]["as"] for turn in spec["turns"] if "call" in turn}
        bound |= {name for turn in spec["turns"] for name in turn.get("set", {})}
        return {self.pack.key(slot) for name in bound for slot in self.pack.dependents(name)}

    def expect_beside(self, unit: str, other: str) -> None:
        """Demand that another unit can be asked beside one, whatever is answered to that."""
        ways = [e for e in self.edges(unit) if e["to"] == other and float(e.get("weight", 1)) > 0]
        plain = [e for e in ways if "when" not in e and not e.get("redraw")]
        self.expect(plain and other != unit, f"'{other}' does not follow '{unit}'")
        self.expect({"plain", "call"} <= self.kinds(other), f"'{other}' cannot be asked beside")
        self.expect(self.has_results(other), f"'{other}' was closed")

    def told_last(self, unit: str) -> bool:
        """Tell whether the user has spoken last, in this unit."""
        before = self.turns[self.cursor - 1]
        return before.get("speaker") == "user" and before["unit"] == unit

    @property
    def turn(self) -> Any:
        return self.turns[self.cursor] if self.cursor < len(self.turns) else {}

    def tags(self) -> Sequence[str]:
        found: Sequence[str] = self.turn.get("behaviours", ())
        return found

    # A session.

    def run(self) -> Living:
        walk = self.session["walk"]
        low, high = map(int, self.pack.graph.get("walk", {"units": "1..12"})["units"].split(".."))
        self.expect(len(walk) <= high, f"{len(walk)} units are more than {high}")
        self.expect(walk[0] in self.pack.graph["start"], f"'{walk[0]}' is no start")
        for before, unit in zip((None, *walk), walk, strict=False):
            self.expect(not self.over, "the session is over")
            if self.ahead is None:
                if before is not None:
                    self.cross(before, unit)
                self.visit(unit)
            else:
                number, self.ahead = self.ahead, None
                self.expect(self.visits[number][0] == unit, f"'{unit}' was not asked for")
                self.play(unit, number, opened=True)
        self.expect(self.cursor == len(self.turns), "turns are left over")
        self.expect(self.ahead is None, "what was asked for is not answered")
        if not self.over and not self.may_end(walk[-1], len(walk) >= low):
            self.did("leave", walk[-1])
        if self.over or self.done.get("leave"):
            self.expect(len(walk) >= low, "nobody leaves so early")
        elif len(walk) >= low and self.done.get("leave", 0) < self.counts("leave"):
            self.did("leave", walk[-1])  # where it would have ended anyhow
        for name, (eligible, asked, realised) in self.session["behaviours"].items():
            told = f"{name}: {realised}, not {self.done.get(name, 0)}"
            self.expect(realised == self.done.get(name, 0), told)
            self.expect(eligible >= asked >= realised, f"{name} is counted")
        self.expect(self.done.keys() <= self.session["behaviours"].keys(), "what is not counted")
        self.exchanges = [(unit, first, last) for unit, first, last, _ in self.visits]
        return self

    def counts(self, name: str) -> int:
        return int(self.session["behaviours"].get(name, (0, 0, 0))[2])

    def may_end(self, unit: str, enough: bool) -> bool:
        ends = [e for e in self.edges(unit) if e["to"] == "end" and self.holds(e.get("when"))]
        others = [e for e in self.edges(unit) if e["to"] != "end" and self.is_open(e)]
        return bool(ends) and (enough or not others)

    # One visit.

    def enter(self, name: str, parent: int | None = None) -> int:
        self.redraw(listed(self.pack.units[name].get("redraw", [])))
        self.visits.append([name, None, None, parent])
        return len(self.visits) - 1

    def visit(self, name: str, parent: int | None = None) -> None:
        self.play(name, self.enter(name, parent))

    def play(self, name: str, number: int, *, opened: bool = False) -> None:
        within = self.visits[number][3] is not None
        self.outcome, self.settled = None, within
        first, asked = True, False
        for place, turn in enumerate(self.pack.units[name]["turns"]):
            if self.over:
                return
            if not self.holds(turn.get("when")):
                continue
            if "user" in turn:
                if not (first and opened):
                    self.open(Part(name, number, "user", place, opens=first))
                first = False
                continue
            if not asked:
                asked = True
                for need in range(len(self.pack.needs(name))):
                    self.fill(name, number, need)
                if not self.over and not within:
                    self.before_the_answer(name, number)
            if not self.over:
                self.own(name, number, place)
        if not self.over and not within:
            self.close(name, number)

    def own(self, name: str, number: int, place: int) -> None:
        """Play one of the bot's own turns."""
        turn = self.pack.units[name]["turns"][place]
        if "call" in turn:
            first = self.cursor
            self.call(name, turn["call"])
            self.extend(number, first, self.cursor)
        elif "set" in turn:
            for bound, source in turn["set"].items():
                self.bound[bound] = self.value(source)
                self.forget(bound)
        else:
            written = outcomes(turn)
            said = next(n for n, one in enumerate(written) if self.holds(one.get("when")))
            named = any("when" in one or one.get("outcome", "found") != "found" for one in written)
            outcome = written[said].get("outcome", "found") if named else None
            self.expect(self.turn.get("outcome") == outcome, f"the outcome should be '{outcome}'")
            if named:
                self.outcome = outcome
            self.speak("bot", [Part(name, number, "bot", place, said)])

    def retell(self, name: str, number: int) -> None:
        for need in range(len(self.pack.needs(name))):
            self.fill(name, number, need)
        for place, turn in enumerate(self.pack.units[name]["turns"]):
            if "user" not in turn and self.holds(turn.get("when")):
                self.own(name, number, place)

    # The user's first words.

    def open(self, part: Part) -> None:
        parts = [part]
        if part.opens and self.settled is False and "combine" in self.tags():
            self.did("combine", part.unit)
            other = self.turn["units"][1]
            self.expect_beside(part.unit, other)
            self.expect(not self.pack.units[other].get("redraw"), f"'{other}' is drawn anew")
            self.expect(not self.forgotten(part.unit) & self.touched(other),
                        f"'{other}' says what '{part.unit}' draws anew")  # fmt: skip
            word = Part(part.unit, part.visit, "user", behaviour="combine", skipped=True)
            self.ahead = self.enter(other)
            turns = self.pack.units[other]["turns"]
            first = next(n for n, turn in enumerate(turns) if "user" in turn)
            parts += [replace(word, joined=True)]
            parts += [Part(other, self.ahead, "user", first, opens=True)]
        elif part.opens and "omit" in self.tags():
            self.did("omit", part.unit)
        self.speak("user", [*parts, *self.taken_back(part)])

    def taken_back(self, part: Part) -> list[Part]:
        """Return the correction that is part of the turn, if there is one."""
        if self.settled or "correct" not in self.tags():
            return []
        self.did("correct", part.unit)
        self.settled = True
        return [Part(part.unit, part.visit, "user", behaviour="correct", joined=True, need=-1)]

    # Questions.

    def missing(self, unit: str, need: int) -> list[str]:
        names = self.pack.needs(unit)[need]
        if self.pack.is_result(names[0]):
            return []
        acts = self.turn.get("acts", ()) if self.turn.get("unit") == unit else ()
        asked = {span_key(act) for act in acts if act["act"] == "request"}
        missing = []
        for name in names:
            known = self.is_known(name)
            if known is None:
                known = not {self.pack.key(leaf) for leaf in self.pack.leaves(name)} <= asked
                self.find(name, known=known)
            missing += [] if known else [name]
        return missing

    def fill(self, unit: str, visit: int, need: int) -> None:
        for _ in range(20):
            missing = self.missing(unit, need)
            if not missing or self.over:
                return
            ask = Part(unit, visit, "ask", need, asked=tuple(missing))
            self.speak("bot", [ask])
            self.after(unit, visit, ask)
            if self.over:
                return
            self.give(unit, visit, need, missing)
            self.expect(self.is_known(missing[0]) is not False, f"'{missing[0]}' was not given")
        self.fail("asked for ever")

    def after(self, unit: str, visit: int, ask: Part) -> None:
        """Read what comes instead of an answer."""
        tags = self.tags()
        if self.cursor == len(self.turns):
            self.did("leave", unit)
            self.over = True
        elif "ask_repeat" in tags:
            self.repeat(unit, visit)
        elif HAND_OVER in tags:
            self.hand_over(unit, visit)
        elif "digress" in tags:
            self.did("digress", unit)
            other, first = self.turn["unit"], self.cursor
            self.expect_beside(unit, other)
            self.expect(not self.touched(unit) & self.touched(other), f"'{other}' is about this")
            self.expect(self.ahead is None or self.visits[self.ahead][0] != other,
                        f"'{other}' has been asked already")  # fmt: skip
            outcome, settled = self.outcome, self.settled
            self.visit(other, visit)
            asked = [act for turn in self.turns[first : self.cursor]
                     for act in turn.get("acts", ()) if act["act"] == "request"]  # fmt: skip
            self.expect(not asked, f"'{other}' cannot be answered at once")
            self.outcome, self.settled = outcome, settled
            back = Part(unit, visit, "bot", behaviour="digress")
            self.speak("bot", [back, ask])

    def repeat(self, unit: str, visit: int) -> None:
        self.did("ask_repeat", unit)
        last = self.last
        assert last is not None
        self.speak("user", [Part(unit, visit, "user", behaviour="ask_repeat", act="repeat")])
        self.speak("bot", [Part(unit, visit, "bot", behaviour="ask_repeat"), last])

    def hand_over(self, unit: str, visit: int) -> None:
        self.did(HAND_OVER, unit)
        other = self.pack.domain.get("behaviours", {}).get(HAND_OVER, {}).get("unit")
        if other in self.pack.graph["edges"]:
            self.visit(other, visit)
        else:
            word = Part(unit, visit, "user", behaviour=HAND_OVER)
            self.speak("user", [replace(word, intent=HAND_OVER)])
            self.speak("bot", [replace(word, kind="bot")])
        self.over = True

    # Answers.

    def give(self, unit: str, visit: int, need: int, missing: Sequence[str]) -> None:
        tags, part = self.tags(), Part(unit, visit, "give", need)
        if "accept_any" in tags:
            self.did("accept_any", unit)
            self.expect(len(missing) == 1 and "indifferent" in self.pack.slots[missing[0]],
                        f"nobody may not mind {missing}")  # fmt: skip
            word, about = Part(unit, visit, "user", behaviour="accept_any"), (missing[0],)
            self.speak("user", [replace(word, act="dontcare", about=about)])
            self.speak("bot", [replace(word, kind="bot", act="offer", need=need)])
            yes = replace(word, kind="yes", act="affirm", about=about)
            self.speak("user", [yes, *self.taken_back(part)])
            return
        needs = self.pack.needs(unit)
        later = [n for n in range(need + 1, len(needs)) if self.is_open_need(needs[n])]
        if "over_answer" in tags:
            self.did("over_answer", unit)
            self.expect(later, "nothing else would be asked for")
            parts = [part, Part(unit, visit, "give", -1, joined=True)]
            self.speak("user", [*parts, *self.taken_back(part)], later)
        elif "answer_in_parts" in tags:
            self.did("answer_in_parts", unit)
            self.speak("user", [part])
            left = self.missing(unit, need)
            self.expect(left, "nothing is left to be said")
            for _ in range(len(missing) - 1):
                if self.missing(unit, need):
                    self.speak("user", [part, *self.taken_back(part)])
        else:
            self.speak("user", [part, *self.taken_back(part)])
            if "answer_in_parts" in self.tags():  # the next answer comes without a question
                self.did("answer_in_parts", unit)
                self.expect(later, "nothing else would be asked for")
                more = Part(unit, visit, "give", -1)
                self.speak("user", [more, *self.taken_back(more)], later)

    def is_open_need(self, names: Sequence[str]) -> bool:
        return not self.pack.is_result(names[0]) and any(
            self.is_known(n) is not True for n in names
        )

    # Before the bot looks something up, and after its answer.

    def before_the_answer(self, unit: str, visit: int) -> None:
        tags, done = self.tags(), self.settled
        self.settled = True
        if done or self.turn.get("unit") != unit or self.turn["kind"] != "utterance":
            return
        if {"correct", "urge", "confirm", "deny", "pause"} & {*tags}:
            self.expect(self.told_last(unit), "the user has not spoken last")
        word = Part(unit, visit, "user")
        if "correct" in tags:
            self.did("correct", unit)
            self.speak("user", [replace(word, behaviour="correct", need=-1)])
            self.fill_again(unit, visit)
        elif "urge" in tags:
            self.did("urge", unit)
            self.speak("user", [replace(word, behaviour="urge")])
            if "urge" in self.tags() and self.turn["speaker"] == "bot":
                self.speak("bot", [replace(word, kind="bot", behaviour="urge")])
        elif "pause" in tags:
            self.did("pause", unit)
            calls = any("call" in turn for turn in self.pack.units[unit]["turns"])
            self.expect(calls, f"'{unit}' looks up nothing")
            self.speak("bot", [replace(word, kind="bot", behaviour="pause")])
        elif "confirm" in tags or "deny" in tags:
            name = "confirm" if "confirm" in tags else "deny"
            self.did(name, unit)
            check = Part(unit, visit, "bot", behaviour=name, act="confirm", need=-2)
            self.speak("bot", [check])
            about = tuple(self.told_of(next(iter(self.checked))))
            if name == "confirm":
                self.speak("user", [replace(word, behaviour=name, act="affirm", about=about)])
                return
            deny = replace(word, behaviour=name, act="negate", about=about)
            if self.turn["spans"]:
                self.speak("user", [replace(deny, kind="instead", need=-1)])
            else:
                self.speak("user", [deny])
                self.redraw([about[0]])
            self.fill_again(unit, visit)

    def told_of(self, key: str) -> list[str]:
        """Return what is known of the group that a key belongs to."""
        names = [name for name in self.known if self.pack.key(name) == key]
        self.expect(len(names) == 1, f"nobody knows {key}")
        return [one for one in self.together(names[0]) if one in self.known]

    def together(self, name: str) -> list[str]:
        """Return what is drawn anew with a slot or part, and has a label of its own."""
        if "." not in name:
            return [name]
        return [one for one in self.pack.group(name) if not self.pack.is_composite(one)]

    def fill_again(self, unit: str, visit: int) -> None:
        for need in range(len(self.pack.needs(unit))):
            self.fill(unit, visit, need)

    def close(self, unit: str, visit: int) -> None:
        if self.cursor >= self.stretches[visit][1]:
            return
        tags, word = self.tags(), Part(unit, visit, "user", need=-1)
        if "change_goal" in tags:
            self.did("change_goal", unit)
            self.speak("user", [replace(word, behaviour="change_goal", elliptic=True)])
            self.retell(unit, visit)
        elif "correct_later" in tags:
            self.did("correct_later", unit)
            self.speak("user", [replace(word, behaviour="correct_later")])
            self.retell(unit, visit)
        elif "ask_repeat" in tags:
            self.expect(not self.told_last(unit), "the bot has not answered")
            self.repeat(unit, visit)
        elif HAND_OVER in tags:
            self.hand_over(unit, visit)

    # What a turn reads like.

    def templates(self, behaviour: str, name: str) -> list[str]:
        own = self.pack.domain.get("behaviours", {}).get(behaviour, {}).get("say", {})
        known = self.words["behaviours"].get(behaviour, {}).get("say", {})
        return list(said(own.get(name) or known[name]))

    def worders(self, unit: str, kind: str, need: int) -> list[str]:
        spec = self.pack.units[unit]["needs"][need]
        if isinstance(spec, dict) and spec.get(kind):  # its own stand for the slots'
            return [unit]
        names = listed(spec["slots"] if isinstance(spec, dict) else spec)
        return [unit, *(f"slot:{name}" for name in names)]

    def fits(self, part: Part, text: str, needs: Sequence[int]) -> Iterator[Fit]:
        """Yield how a text can be read as a part."""
        if part.behaviour:
            for template in self.templates(part.behaviour, part.kind):
                if not VALUE.search(template):
                    if template == text:
                        yield (part.behaviour, part.kind, template), (), set()
                    continue
                begin, end = VALUE.split(template)
                inner = text[len(begin) : len(text) - len(end)]
                if text != begin + inner + end or part.need is None:
                    continue
                every = range(len(self.pack.needs(part.unit)))
                for need in every if part.need < 0 else [part.need]:
                    for one, gives, draws in self.said_by(part.unit, "give", need, None, inner):
                        if self.is_plainest(one):
                            yield (part.behaviour, part.kind, template), gives, draws
        elif part.kind in ("ask", "give"):
            for need in needs if part.number < 0 else [part.number]:
                yield from self.said_by(part.unit, part.kind, need, None, text)
        else:
            yield from self.said_by(part.unit, part.kind, part.number, part.place, text)

    def is_plainest(self, one: Wording) -> bool:
        """Tell whether it is the first phrasing of its list that says what it says."""
        gives = set(self.pack.given[one])
        every = self.pack.by_place[one.owner, one.kind]
        same = [other for other in every if (other.turn, other.place) == (one.turn, one.place)
                and set(self.pack.given[other]) == gives]  # fmt: skip
        return one == same[0]

    def said_by(self, unit: str, kind: str, number: int, place: Any, text: str) -> Iterator[Fit]:
        owners = self.worders(unit, kind, number) if kind in ("ask", "give") else [unit]
        for owner in owners:
            for one, draws in self.pack.matching(owner, kind, text):
                if owner != unit or (one.turn == number and one.place == place):
                    yield one, self.pack.given[one], draws

    def readings(
        self, text: str, parts: Sequence[Part], needs: Sequence[int]
    ) -> Iterator[list[tuple[Part, str, list[Fit]]]]:
        """Yield how a text can be cut into parts, each with its piece of the text."""
        part, rest = parts[0], parts[1:]
        if part.skipped and rest:
            yield from self.readings(text, [replace(rest[0], joined=False), *rest[1:]], needs)
        if not rest:
            if found := list(self.fits(part, text, needs)):
                yield [(part, text, found)]
            return
        for end in range(1, len(text)):
            found = list(self.fits(part, text[:end], needs))
            joins = self.joins(text[:end], rest[0]) if found else ()
            for join in joins:
                if text.startswith(join, end):
                    for others in self.readings(text[end + len(join) :], rest, needs):
                        yield [(part, text[:end], found), *others]

    def joins(self, before: str, part: Part) -> set[str]:
        """Return what may stand between two parts: after a mark no other mark."""
        joined = part.joined or (part.kind == "user" and part.behaviour == "")
        every = set(self.words["joins"]) if joined else set()
        every |= set() if part.joined else {""}
        if before[-1] == "⟧" or unicodedata.category(before[-1]).startswith("P"):
            bare = {"".join(one for one in join if one.isspace()) for join in every}
            return every | bare if before[-1] == "⟧" else bare
        return every

    # One turn.

    def speak(self, speaker: str, parts: Sequence[Part], needs: Sequence[int] = ()) -> None:
        turn, first = self.turn, parts[0]
        self.expect(turn.get("kind") == "utterance" and turn["speaker"] == speaker
                    and turn["unit"] == first.unit, f"expected {parts}")  # fmt: skip
        units = list(dict.fromkeys(part.unit for part in parts))
        self.expect(turn.get("units", [turn["unit"]]) == units, f"units are {units}")
        text = marked(turn)
        found = list(self.readings(text, parts, needs))
        pronouns: tuple[str, ...] = ()
        if not found and "omit" in self.tags():
            for other, names in self.meant(text):
                found = found or list(self.readings(other, parts, needs))
                pronouns = pronouns or (names if found else ())
        self.expect(found, f"nothing reads like {text!r}")
        reading = found[0]
        wanted = [n for _, _, fits in reading for n in range(len(fits[0][1:2]))]
        self.expect(len(turn.get("phrasings", [0])) >= len(wanted), "phrasings are missing")
        acts: list[Any] = []
        omitted: list[str] = []
        spans = iter(enumerate(turn["spans"]))
        informs: list[Any] = []
        given: list[str] = []
        before = dict(self.known)
        for part, piece, fits in reading:
            # A pronoun stands in what opens an exchange; what takes it back says a value.
            unsaid = {self.pack.key(name) for name in pronouns if part.opens}
            keys = [key for key in re.findall("⟦([^⟦⟧]*)⟧", piece) if key not in unsaid]
            mine = [next(spans) for _ in keys]
            fit = self.chosen(part, fits, [span for _, span in mine])
            gives = tuple(give for give in fit[1] if not (part.opens and give in pronouns))
            if speaker == "user":
                if part.opens:
                    acts += self.intent_acts(self.intents(part.unit))
                    # A pronoun names a row as well.
                    omitted += self.left_out(part.unit, turn, fit[1], self.leaves(gives, mine))
                elif part.intent:
                    acts += self.intent_acts([part.intent])
                if part.act:
                    acts += [self.about(part.act, name) for name in part.about] or [
                        {"act": part.act}
                    ]
                omitted += self.take(part, gives, fit[2], mine, turn)
                given += self.leaves(gives, mine)
            else:
                self.see(fit[2]) if fit[2] else None
                names = [leaf for name in part.asked for leaf in self.pack.leaves(name)]
                acts += [self.about("request", name) for name in dict.fromkeys(names)]
                if part.act:
                    self.checked = {span_key(span): span for _, span in mine}
                elif part is reading[0][0]:
                    self.checked = {}
                self.last = part if not part.behaviour else self.last
            kind = part.act if part.act in ("confirm", "offer") else "inform"
            informs += [self.inform(kind, number, span) for number, span in mine]
        self.expect(next(spans, None) is None, "says more")
        self.expect(turn["acts"] == [*acts, *informs], f"acts are {[*acts, *informs]}")
        if speaker == "user":
            wants = [
                one
                for part, _, _ in reading
                for one in ([part.intent] if part.intent else self.intents(part.unit))
            ]
            wants = list(dict.fromkeys(wants))
            self.expect([one["name"] for one in turn["intents"]] == wants, f"intents are {wants}")
            self.wants[first.visit] = wants[0] if wants else None
            several = len(reading) > 1
            omitted = [one for one in omitted if not (several and one in given)]
            after, self.known = self.known, before
            self.omissions(turn, omitted)
            self.known = after
        else:
            self.expect(turn["omitted"] == [], "a bot leaves nothing out")
        self.expect(turn["state"]["slots"] == self.state, f"the state should be {self.state}")
        self.expect(turn["state"]["results"] == self.results, "results in the state")
        own = self.intents(first.unit)
        intent = self.wants.get(first.visit, own[0] if own else None)
        self.expect(turn["state"]["intent"] == intent, f"the intent should be {intent}")
        for part, _, _ in reading:
            self.extend(part.visit, self.cursor, self.cursor + 1)
        self.cursor += 1

    def meant(self, text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield a text with slots in the place of pronouns."""
        for name, spec in self.pack.slots.items():
            for pronoun in spec.get("pronouns", ()) if name in self.known else ():
                key = f"⟦{self.pack.key(name)}⟧"
                # In Chinese nothing stands between words.
                alone = rf"(?<![a-z]){re.escape(pronoun)}(?![a-z])"
                for place in re.finditer(alone, text, re.IGNORECASE):
                    yield text[: place.start()] + key + text[place.end() :], (name,)

    def chosen(self, part: Part, fits: Sequence[Fit], spans: Sequence[Any]) -> Fit:
        """Return how a part is read, of those that say what was drawn."""
        pairs = list(enumerate(spans))
        fits = [fit for fit in fits if all(self.leaves([give], pairs)
                for give in fit[1] if self.pack.is_composite(give))]  # fmt: skip
        self.expect(fits, "no phrasing says this")
        if part.need == -1:  # something is drawn anew, which is not known before it is said
            names = self.leaves(fits[0][1], pairs)
            self.expect(names, "nothing is drawn anew")
            told = [one for one in self.together(names[0]) if one in self.known]
            self.expect(told, f"'{names[0]}' was not said")
            sure = self.pack.slots[names[0].partition(".")[0]].get("certain", False)
            self.expect(not sure or part.elliptic, f"nobody is wrong about '{names[0]}'")
            self.redraw([names[0]])
            return fits[0]
        may = [fit for fit in fits if self.may_see(fit[2])]
        self.expect(may, "no phrasing says this of what was drawn")
        draws = set.intersection(*(fit[2] for fit in may))
        return (*may[0][:2], draws)

    def leaves(self, gives: Sequence[str], spans: Sequence[tuple[int, Any]]) -> list[str]:
        """Return what is said by spans of what a phrasing gives."""
        keys = {span_key(span) for _, span in spans}
        every = [leaf for give in gives for leaf in self.pack.leaves(give)]
        return [leaf for leaf in every if self.pack.key(leaf) in keys]

    def take(
        self, part: Part, gives: Sequence[str], draws: Draws, mine: Sequence[tuple[int, Any]],
        turn: Any,
    ) -> list[str]:  # fmt: skip
        """Take what the user says for known; return what an ellipsis leaves out."""
        for name in part.about:
            key = self.pack.key(name)
            if part.act == "affirm":
                self.expect(key in self.checked, f"'{name}' was not asked about")
                self.know(name, self.checked[key])
            elif part.act == "negate" and self.state.pop(key, None):
                self.told.append((self.cursor, name, None))
        self.see(draws)
        told = self.leaves(gives, mine)
        left: list[str] = []
        if part.elliptic:
            left = list(self.left_out(part.unit, turn, gives, told))
        spans = [span for _, span in mine]
        self.expect({self.pack.key(leaf) for leaf in told} == {*map(span_key, spans)}, "says else")
        lacking = [give for give in gives if not self.pack.is_composite(give) and give not in told]
        for give in [one for one in lacking if (one, "") not in draws]:
            self.expect(self.pack.may_lack(give), f"'{give}' is not said")
            self.find(give, known=True)
        self.displace(told)
        for leaf in dict.fromkeys(told):
            some = [span for span in spans if span_key(span) == self.pack.key(leaf)]
            before = self.known.get(leaf, (0, some[0]))[1]["value"]
            self.expect(all(one["value"] == before for one in some), f"'{leaf}' was {before!r}")
            self.know(leaf, some[-1])
        self.composed.update(give for give in gives if self.pack.is_composite(give))
        return left

    def know(self, name: str, span: Any) -> None:
        key = self.pack.key(name)
        fields = ("surface", "normal", "value")
        self.state[key] = {field: span[field] for field in fields if field in span}
        for other in [one for one in self.known if self.pack.key(one) == key]:
            del self.known[other]
        self.known[name] = (self.cursor, span)
        self.told.append((self.cursor, name, span["surface"]))

    def about(self, act: str, name: str) -> dict[str, Any]:
        slot, _, part = name.partition(".")
        spec = self.pack.slots[slot]
        found = {"act": act, "slot": spec.get("like", slot)}
        return found | ({"part": part} if part else {}) | (
            {"role": spec["role"]} if "role" in spec else {}
        )  # fmt: skip

    def inform(self, act: str, number: int, span: Any) -> dict[str, Any]:
        found = {"act": act, "slot": span["slot"], "span": number}
        return found | ({"part": span["part"]} if "part" in span else {})

    def intent_acts(self, intents: Sequence[str]) -> list[dict[str, Any]]:
        return [{"act": "inform_intent", "intent": one} for one in intents]

    # Targets.

    def extend(self, visit: int | None, first: int, last: int) -> None:
        while visit is not None:
            bounds = self.visits[visit]
            bounds[1] = first if bounds[1] is None else bounds[1]
            bounds[2] = last
            visit = bounds[3]

    def targets(self) -> list[dict[str, Any]]:
        pack, whole = self.pack, self.pack.graph.get("target")
        at = 0
        for bounds in self.visits:
            bounds[1:3] = [at if one is None else one for one in bounds[1:3]]
            at = max(at, bounds[2])
        found = [
            self.kept("exchange", name, first, last, pack.units[name].get("target"), [name])
            for name, first, last, _ in self.visits
        ]
        walked = [bounds for bounds in self.visits if bounds[3] is None]
        walk = [bounds[0] for bounds in walked]
        for name, scene in pack.graph.get("scenes", {}).items():
            size = len(scene["path"])
            for start in range(len(walk) - size + 1):
                if walk[start : start + size] == scene["path"]:
                    first, last = walked[start][1], walked[start + size - 1][2]
                    written = scene.get("target")
                    found.append(self.kept("scene", name, first, last, written, scene["path"]))
        return [*found, self.target("session", pack.name, 0, len(self.turns), whole)]

    def kept(
        self, scope: str, name: str, first: int, last: int, written: Any, units: Sequence[str]
    ) -> dict[str, Any]:
        """Return a target; where the unit does not say it, of what can be said in it."""
        if written is not None:
            return self.target(scope, name, first, last, written)
        every, keys = self.told, {key for unit in units for key in self.tells(unit)}
        self.told = [one for one in every if self.pack.key(one[1]) in keys]
        found = self.target(scope, name, first, last, self.pack.graph.get("target"))
        self.told = every
        return found

    def tells(self, unit: str) -> set[str]:
        """Return the keys that users may say in a unit."""
        return tells(self.pack, unit)


@cache
def tells(pack: Pack, unit: str) -> set[str]:
    owners = {unit}
    for spec in pack.units[unit].get("needs", []):
        if not (isinstance(spec, dict) and spec.get("give")):
            names = listed(spec["slots"] if isinstance(spec, dict) else spec)
            owners |= {f"slot:{name}" for name in names}
    return {
        pack.key(leaf)
        for one, gives in pack.given.items()
        if isinstance(one, Wording) and one.owner in owners and one.kind in ("user", "give")
        for give in gives
        for leaf in pack.leaves(give)
    }
