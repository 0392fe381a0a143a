"""Conversations in, a draft out: units with their wordings, and which of them follow which."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dialogue.problem import Problem
from dialogue.twin.example import Said, Utterance
from dialogue.twin.phrasing import Phrase, Phraser, many_layouts
from dialogue.twin.questions import Need, Visit, questions
from dialogue.twin.told import Told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from dialogue.problem import Position
    from dialogue.twin.example import Conversation
    from dialogue.twin.inference import Inferred
    from dialogue.twin.languages.language import Language
    from dialogue.twin.slots import Ref

ALONE = "message"
OPENING = "opening"
LONGEST_NAME = 40
_INTENT = re.compile(r"[A-Za-z][A-Za-z0-9_.:/+-]*")


@dataclass(slots=True)
class Unit:
    """A unit in the making: wordings by their template, each with all that it was made of."""

    name: str
    title: str
    intents: tuple[str, ...]
    at: Position
    users: dict[str, list[Phrase]] = field(default_factory=dict)
    answers: dict[str, list[Phrase]] = field(default_factory=dict)
    needs: list[Need] = field(default_factory=list)
    left: list[Problem] = field(default_factory=list)
    changed: Counter[Ref] = field(default_factory=Counter)


@dataclass(slots=True)
class Draft:
    """What becomes a pack; `start` and `edges` count how often a unit begins or follows another.

    `left` are wordings that are not in it, each with the reason.
    """

    inferred: Inferred
    units: dict[str, Unit] = field(default_factory=dict)
    start: Counter[str] = field(default_factory=Counter)
    edges: dict[str, Counter[str]] = field(default_factory=dict)
    lengths: list[int] = field(default_factory=list)
    left: list[Problem] = field(default_factory=list)
    utterances: int = 0

    def phrases(self) -> Iterator[tuple[Unit, Phrase]]:
        """Yield every wording with the unit that it is in."""
        for unit in self.units.values():
            wordings = [unit.users, unit.answers]
            for need in unit.needs:
                wordings += [need.ask, need.give]
            for some in wordings:
                for phrases in some.values():
                    for phrase in phrases:
                        yield unit, phrase


def draft(
    conversations: Sequence[Conversation],
    inferred: Inferred,
    language: Language,
    facts: Callable[[str], str | None],
) -> Draft:
    """Return the draft of conversations; `facts` finds the first fact in words of the bot."""
    return _Drafter(conversations, inferred, language, facts).draft


class _Drafter:
    """Writes down one conversation after the other."""

    def __init__(
        self,
        conversations: Sequence[Conversation],
        inferred: Inferred,
        language: Language,
        facts: Callable[[str], str | None],
    ) -> None:
        self.inferred = inferred
        self.language = language
        self.facts = facts
        self.draft = Draft(inferred)
        self.by_intents: dict[tuple[str, ...], Unit] = {}
        plain = Phraser(inferred)
        layouts = (
            layout
            for talk in conversations
            for said in talk.utterances
            if said.speaker == "user"
            for layout in plain.layouts(said, self.refs(said))
        )
        self.phraser = Phraser(inferred, many_layouts(layouts, plain.records))
        walks = [self.talk(talk) for talk in conversations]
        asked = questions(walks, self.leaves())
        for (name, _), need in asked.needs.items():
            self.draft.units[name].needs.append(need)
        known = any(not talk.loose for talk in conversations)
        for talk, walk in zip(conversations, walks, strict=True):
            folded = asked.folded(walk)
            for visit in folded:
                self.keep(visit)
            if not (talk.loose and known):
                self.walked(folded)
        self.finish()

    def leaves(self) -> dict[str, frozenset[str]]:
        """Return the slots and parts that each name may say."""
        found = {ref.name: frozenset({ref.leaf}) for ref in self.inferred.refs.values()}
        for slot, whole in self.inferred.wholes.items():
            record = self.phraser.records[slot]
            parts = {record.parts[kind] for kind in record.said}
            found[whole.name] = frozenset(f"{slot}.{part}" for part in parts)
        return found

    def refs(self, utterance: Utterance) -> list[Ref]:
        """Return what stands for the values that a user says."""
        found = []
        for said, number in zip(utterance.said, self.inferred.numbered(utterance), strict=True):
            ref = self.inferred.ref(said, number)
            assert ref is not None, "slots were inferred from these utterances"
            found.append(ref)
        return found

    def talk(self, talk: Conversation) -> list[Visit]:
        """Return the visits of a conversation."""
        told = Told()
        walk: list[Visit] = []
        last: dict[str, str] = {}
        answers: list[Utterance] = []
        for utterance in talk.utterances:
            self.draft.utterances += bool(utterance.text)
            if utterance.speaker == "bot":
                answers.append(utterance)
                continue
            self.answered(walk, answers, told)
            answers = []
            unit = self.visited(utterance, talk)
            known = frozenset(ref.name for _, _, ref in told.values)
            visit = Visit(utterance.at, unit.name, bool(unit.intents), known=known)
            walk.append(visit)
            if utterance.text:
                visit.phrase = self.hear(unit, utterance, told, last)
        self.answered(walk, answers, told)
        return walk

    def answered(self, walk: list[Visit], answers: Sequence[Utterance], told: Told) -> None:
        """Take what the bot says in a row, or, if it is one utterance, in any of its wordings."""
        if not answers:
            return
        if not walk:
            opening = self.unit((), OPENING, answers[0].at)
            walk.append(Visit(answers[0].at, opening.name, intent=False))
        unit = self.draft.units[walk[-1].unit]
        several = [answers]
        if len(answers) == 1:
            several += [[other] for other in answers[0].others]
        made = (self.answer(unit, some, told) for some in several)
        walk[-1].answers = [phrase for phrase in made if phrase is not None]

    def keep(self, visit: Visit) -> None:
        """Take the wordings of a visit into its unit."""
        unit = self.draft.units[visit.unit]
        if visit.phrase is not None:
            unit.users.setdefault(visit.phrase.template, []).append(visit.phrase)
        for phrase in visit.answers:
            unit.answers.setdefault(phrase.template, []).append(phrase)

    def visited(self, utterance: Utterance, talk: Conversation) -> Unit:
        """Return the unit that an utterance belongs to: by its intents, else by what it gives."""
        if utterance.intents:
            return self.unit(utterance.intents, "_".join(utterance.intents), utterance.at)
        if talk.loose or not utterance.said:
            return self.unit((), ALONE, utterance.at)
        given = dict.fromkeys(said.label for said in utterance.said)
        return self.unit((), "give_" + "_".join(list(given)[:3]), utterance.at)

    def unit(self, intents: tuple[str, ...], title: str, at: Position) -> Unit:
        key = intents or ("", title)
        if key not in self.by_intents:
            name = unit_name(title, self.language, self.draft.units)
            named = tuple(one if _INTENT.fullmatch(one) else name for one in intents)
            self.by_intents[key] = self.draft.units[name] = Unit(name, title, named, at)
        return self.by_intents[key]

    def hear(
        self, unit: Unit, utterance: Utterance, told: Told, last: dict[str, str]
    ) -> Phrase | None:
        """Return what a user says as a phrase, None if it may say nothing, and take it as told."""
        refs = self.refs(utterance)
        phrase = self.phraser.phrase(utterance, refs)
        if phrase.bare:
            what = f"'{phrase.template}' may say nothing: not everybody's record has this part"
            fix = "it is left out; add an example with more words"
            self.draft.left.append(Problem(utterance.at, what, fix))
        for said, ref in zip(utterance.said, refs, strict=True):
            surface = utterance.surface(said)
            if ref.leaf in last:
                unit.changed[ref] += 1 if last[ref.leaf] != surface else -1
            last[ref.leaf] = surface
            told.values.append((said, surface, ref))
        return None if phrase.bare else phrase

    def answer(self, unit: Unit, answers: Sequence[Utterance], told: Told) -> Phrase | None:
        """Return what the bot says in a row as a phrase, if none of it is a fact."""
        utterance = _joined(answers)
        said: list[tuple[Said, Ref]] = []
        for one in utterance.said:
            surface = utterance.surface(one)
            ref = told.ref(one, surface) if one.known else self.inferred.ref(one, 0)
            if ref is None:
                what = f"the bot says '{surface}' ({one.label}), which no user has told it"
                self.leave(unit, utterance, what)
                return None
            said.append((one, ref))
        if not said:
            said = told.searched(utterance.text)
            utterance = Utterance(
                utterance.at, "bot", utterance.text, (), tuple(one for one, _ in said)
            )
        phrase = self.phraser.phrase(utterance, [ref for _, ref in said])
        fact = next(filter(None, map(self.facts, phrase.literals)), None)
        if fact is not None:
            self.leave(unit, utterance, f"the bot states '{fact}', which no tool has told it")
        return None if fact is not None or phrase.bare else phrase

    def leave(self, unit: Unit, utterance: Utterance, what: str) -> None:
        fix = "let a tool tell it, or list it under facts: with its source"
        problem = Problem(utterance.at, f"{what}: {utterance.text}", fix)
        unit.left.append(problem)
        self.draft.left.append(problem)

    def walked(self, walk: Sequence[Visit]) -> None:
        """Count what follows what."""
        made = self.draft
        names = [visit.unit for visit in walk]
        if names:
            made.start[names[0]] += 1
            made.lengths.append(len(names))
        for one, other in zip(names, [*names[1:], "end"], strict=True):
            made.edges.setdefault(one, Counter())[other] += 1

    def finish(self) -> None:
        """Leave out units that nobody has words for; what they led to follows what led there."""
        made = self.draft
        empty = [unit for unit in made.units.values() if not (unit.users or unit.answers)]
        for unit in empty:
            del made.units[unit.name]
            ways = made.edges.pop(unit.name, Counter())
            total = ways.total() - ways.pop(unit.name, 0)
            for some in (made.start, *made.edges.values()):
                count = some.pop(unit.name, 0)
                for name, share in ways.items() if count else ():
                    if not (some is made.start and name == "end"):
                        some[name] += max(1, round(count * share / total))
            if not unit.left:
                what = f"nobody says anything with the intent '{unit.title}'"
                made.left.append(Problem(unit.at, what, "add examples of it"))
        reached = _reached(made)
        for name in made.units:
            if name not in reached:  # an intent of examples that no story has
                made.start[name] += 1
                made.edges[name] = Counter({"end": 1})
                made.lengths.append(1)
        made.edges = {name: made.edges[name] for name in made.units}


def _reached(made: Draft) -> set[str]:
    trail, reached = list(made.start), {"end"}
    while trail:
        name = trail.pop()
        if name not in reached:
            reached.add(name)
            trail += made.edges.get(name, ())
    return reached


def _joined(answers: Sequence[Utterance]) -> Utterance:
    """Return what the bot says in a row as one text."""
    pieces: list[str] = []
    said: list[Said] = []
    length = 0
    for one in answers:
        said += (
            stretch._replace(start=stretch.start + length, end=stretch.end + length)
            for stretch in one.said
        )
        pieces.append(one.text)
        length += len(one.text) + 1
    return Utterance(answers[0].at, "bot", "\n".join(pieces), (), tuple(said))


def unit_name(title: str, language: Language, taken: Iterable[str]) -> str:
    """Return an ASCII name for a unit that no other has."""
    name = re.sub(r"[^a-z0-9]+", "_", language.ascii(title).lower()).strip("_")[:LONGEST_NAME]
    name = name.strip("_") or "unit"
    if not name[0].isalpha() or name in ("end", "domain"):
        name = f"unit_{name}"
    number, found = 2, name
    while found in taken:
        found = f"{name}_{number}"
        number += 1
    return found


def counted(unit: Unit) -> dict[frozenset[str], dict[str, int]]:
    """Return the templates of a user's turn by what they print, with how often each is said."""
    sets: defaultdict[frozenset[str], dict[str, int]] = defaultdict(dict)
    for template, some in unit.users.items():
        sets[frozenset(some[0].names)][template] = len(some)
    return sets
