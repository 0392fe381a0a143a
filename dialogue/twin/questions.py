"""Which answers of the bot are questions for a value: units then need it, and users give it.

An answer is a question where the user's next turn in the same unit mostly gives something new. A
unit needs what it mostly asks for when it is not known.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dialogue.problem import Position
    from dialogue.twin.phrasing import Phrase

MOSTLY = 0.5
Names = frozenset[str]
Question = tuple[str, str]  # a unit and the wording of its answer


@dataclass(slots=True)
class Visit:
    """One turn of a user, and the wordings that the bot had for its answer.

    `known` are the names that were told before. A visit without a phrase is one of which only the
    intent is known, or whose words cannot be used.
    """

    at: Position
    unit: str
    intent: bool
    phrase: Phrase | None = None
    known: Names = frozenset()
    answers: list[Phrase] = field(default_factory=list)

    @property
    def given(self) -> Names:
        """The names that the user tells."""
        return frozenset(self.phrase.names) if self.phrase else frozenset()

    def question(self) -> Question | None:
        """Return the unit and wording of an answer that may be a question."""
        if not self.answers or self.answers[0].prints:
            return None
        return self.unit, self.answers[0].template

    def goes_on(self, after: Visit) -> bool:
        """Tell whether it may answer what the bot has said in another visit."""
        return self.phrase is not None and (
            (self.unit == after.unit and after.intent) or (after.intent and not self.intent)
        )


@dataclass(slots=True)
class Need:
    """What a unit asks for: how the bot asks, and how users answer, by their templates."""

    names: Names
    ask: dict[str, list[Phrase]] = field(default_factory=dict)
    give: dict[str, list[Phrase]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Questions:
    """The needs of units, and which of their answers ask for them."""

    needs: Mapping[tuple[str, Names], Need]
    asking: Mapping[Question, Names]

    def folded(self, walk: Sequence[Visit]) -> list[Visit]:
        """Return a walk in which questions and what answers them are part of one visit."""
        found: list[Visit] = []
        at = 0
        while at < len(walk):
            visit = walk[at]
            at += 1
            while names := self.asked(visit):
                need = self.needs[visit.unit, names]
                for phrase in visit.answers:
                    need.ask.setdefault(phrase.template, []).append(phrase)
                visit.answers = []
                reply = walk[at] if at < len(walk) else None
                if reply is None or not (reply.goes_on(visit) and reply.given & names):
                    break
                assert reply.phrase is not None
                need.give.setdefault(reply.phrase.template, []).append(reply.phrase)
                visit.answers = reply.answers
                at += 1
            found.append(visit)
        return found

    def asked(self, visit: Visit) -> Names | None:
        """Return what the bot asks for, None where it does not."""
        question = visit.question()
        return self.asking.get(question) if question else None


def questions(walks: Iterable[Sequence[Visit]], leaves: Mapping[str, Names]) -> Questions:
    """Find the questions in walks; `leaves` are the slots and parts that a name may say."""
    replies: defaultdict[Question, Counter[Names]] = defaultdict(Counter)
    totals: Counter[Question] = Counter()
    for walk in walks:
        for visit, reply in zip(walk, [*walk[1:], None], strict=True):
            question = visit.question()
            if question is None:
                continue
            totals[question] += 1
            if reply is not None and reply.goes_on(visit):
                replies[question][reply.given - reply.known] += 1
    possible: defaultdict[tuple[str, Names], Counter[Question]] = defaultdict(Counter)
    for question, some in replies.items():
        names, count = some.most_common(1)[0]
        if names and count >= MOSTLY * totals[question]:
            possible[question[0], names][question] = count
    needs: dict[tuple[str, Names], Need] = {}
    asking: dict[Question, Names] = {}
    taken: defaultdict[str, set[str]] = defaultdict(set)
    for (unit, names), some_ in sorted(
        possible.items(), key=lambda one: (-one[1].total(), one[0][0], sorted(one[0][1]))
    ):
        said = {leaf for name in names for leaf in leaves.get(name, frozenset({name}))}
        if said & taken[unit] or not _mostly_asked(walks, unit, names, some_):
            continue
        taken[unit] |= said
        needs[unit, names] = Need(names)
        asking.update(dict.fromkeys(some_, names))
    return Questions(needs, asking)


def _mostly_asked(
    walks: Iterable[Sequence[Visit]], unit: str, names: Names, some: Iterable[Question]
) -> bool:
    """Tell whether a unit asks for names in most of the visits in which they are not known."""
    open_ = asked = 0
    wordings = {wording for _, wording in some}
    for walk in walks:
        for visit in walk:
            if visit.unit == unit and not names <= visit.known | visit.given:
                open_ += 1
                asked += bool(visit.answers) and visit.answers[0].template in wordings
    return asked >= MOSTLY * open_
