"""What answers are held against: the pack, the unit and its other phrasings."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dialogue.compiler.phrasings import PhrasingCompiler
from dialogue.compiler.samples import sample
from dialogue.noise import UNUSUAL
from dialogue.paraphrase.surfaces import surfaces
from dialogue.paraphrase.wording import Wording
from dialogue.problem import Position, Problem
from dialogue.providers.wording import literal_facts
from dialogue.spec import PhrasingSpec
from dialogue.spec.source import Source
from dialogue.template import Environment
from dialogue.turn import UserTurn

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from dialogue.domain import Domain
    from dialogue.paraphrase.assignment import Assignment
    from dialogue.paraphrase.manuscript import Manuscript
    from dialogue.phrasing import Phrasing
    from dialogue.unit import Unit


class Pack:
    """A domain with what is known of all its units, looked up once."""

    def __init__(self, domain: Domain, folder: Path, shown: str) -> None:
        self.domain = domain
        self.folder = folder
        self.shown = shown
        self.environment = Environment(folder)
        self.sample = sample(domain.names, 0, 3)
        self.surfaces = surfaces(domain)
        self.facts: re.Pattern[str] = literal_facts(domain.locale)
        self.said = {
            name: tuple(self.wording(source) for source in _said(unit))
            for name, unit in domain.units.items()
        }
        everyone = [one for said in self.said.values() for one in said]
        self.characters = frozenset("".join(_texts(everyone)).casefold())
        self.scripts = scripts(_texts(everyone))
        self.unusual = UNUSUAL.get(domain.locale, frozenset()) - self.characters

    def wording(self, source: str) -> Wording:
        """Take a phrasing apart."""
        return Wording.of(source, self.environment)

    def learn(self, unit: str, texts: Iterable[str]) -> None:
        """Take note of what users say in a unit from now on."""
        self.said[unit] += tuple(self.wording(text) for text in texts)

    def foreign(self, unit: str) -> tuple[Wording, ...]:
        """Return what users say in units that have another intent."""
        units = self.domain.units
        own = set(units[unit].intents)
        return tuple(
            one
            for name, said in self.said.items()
            if own.isdisjoint(units[name].intents) and (own or units[name].intents)
            for one in said
        )

    def compiled(
        self, text: str, speaker: str, facts: Iterable[str]
    ) -> tuple[tuple[Phrasing, ...], list[Problem]]:
        """Return a text as the pack's own compiler reads it, and what that says against it."""
        problems: list[Problem] = []
        at = Position("")
        compiler = PhrasingCompiler(
            Source("", None, {}),
            self.domain.names,
            self.environment,
            self.facts,
            self.sample,
            problems,
        )
        lines = [(PhrasingSpec(say=text), lambda _: at, lambda problem: problem)]
        if speaker == "user":
            return compiler.user(lines, "", ""), problems
        return compiler.bot(lines, "", "", facts), problems


def _said(unit: Unit) -> Iterator[str]:
    for turn in unit.turns:
        if isinstance(turn, UserTurn):
            for wordings in turn.sets:
                yield from (one.template.source for one in wordings.phrasings)


def _texts(said: Iterable[Wording]) -> Iterator[str]:
    for one in said:
        yield from one.pieces.texts


@dataclass(frozen=True, slots=True)
class Context:
    """All that the rules may look at beside an answer.

    `own` are all phrasings of the speaker in the unit, `foreign` those of other intents; `words` is
    what people have typed into the unit for the speaker, in lower case; `sizes` bounds the length
    of bare words; `scripts` counts the unit's letters of each script, or else the pack's.
    """

    pack: Pack
    assignment: Assignment
    facts: tuple[str, ...]
    own: tuple[Wording, ...]
    foreign: tuple[Wording, ...]
    words: str
    sizes: tuple[int, int]
    scripts: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(
        cls, pack: Pack, text: Manuscript, assignment: Assignment, fresh: Iterable[str] = ()
    ) -> Context:
        """Bring together what is known for an assignment; `fresh` was accepted just now."""
        written = text.said(assignment.speaker)
        own = tuple(pack.wording(one.source) for one in written)
        people = [word for word, one in zip(own, written, strict=True) if not one.marked] or own
        sizes = [len(one.bare) for one in people]
        user = assignment.speaker == "user"
        return cls(
            pack=pack,
            assignment=assignment,
            facts=text.facts,
            own=(*own, *map(pack.wording, fresh)),
            foreign=pack.foreign(assignment.unit) if user else (),
            words="\n".join(_texts(people)).casefold(),
            sizes=(min(sizes) // 2, max(sizes) * 3 // 2 + 2),
            scripts=scripts(_texts(people)) or pack.scripts,
        )


def scripts(texts: Iterable[str]) -> Counter[str]:
    """Count letters by script, named as Unicode names letters: CJK, LATIN, HIRAGANA."""
    letters = Counter(
        letter
        for text in texts
        for letter in unicodedata.normalize("NFKC", text)
        if letter.isalpha()
    )
    found: Counter[str] = Counter()
    for letter, count in letters.items():
        found[unicodedata.name(letter, "UNKNOWN").split(" ")[0].split("-")[0]] += count
    return found
