"""Phrasings as written in, phrasings compiled out: what each gives and what it reads."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from dialogue.phrasing import Phrasing, Wordings, grouped, phrasing_id
from dialogue.problem import ContentError, Position, Problem, gathered, nearest
from dialogue.spec import BotPhrasingSpec, PhrasingSpec
from dialogue.spec.misreading import quoted
from dialogue.spec.source import found_word, quoted_words, read_text
from dialogue.template import RenderError, compile_template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from dialogue.names import Names
    from dialogue.spec.source import Route, Source
    from dialogue.template import Environment, Template

# A phrasing, the place of each of its lines, and what moves a problem to the word that it quotes.
Lines: TypeAlias = "tuple[PhrasingSpec, Callable[[int], Position], Callable[[Problem], Problem]]"
# What other template languages write, and what is not a template here.
_SINGLE = re.compile(r"\$?(?<!\{)\{\s*([^\W\d]\w*)\s*\}(?!\})")
_MARKUP = re.compile(r"\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Questions:
    """How a slot is asked for, and how users answer."""

    ask: tuple[Phrasing, ...]
    give: tuple[Phrasing, ...]


class PhrasingCompiler:
    """Compiles the phrasings of one file; what is wrong is added to `problems`."""

    def __init__(
        self,
        source: Source,
        names: Names,
        environment: Environment,
        literal_facts: re.Pattern[str],
        sample: Mapping[str, object],
        problems: list[Problem],
    ) -> None:
        self.source = source
        self.names = names
        self.environment = environment
        self.literal_facts = literal_facts
        self.sample = sample
        self.problems = problems
        self.order = tuple(name for slot in names.slots.values() for name in slot.names)
        self.known = frozenset(names.known)

    def listed(self, specs: Iterable[PhrasingSpec], route: Route) -> Iterator[Lines]:
        """Pair each phrasing of a list with the places of its lines."""
        if (*route, "phrasings") in self.source.places:
            route = (*route, "phrasings")
        for number, spec in enumerate(specs):
            place = (*route, number)
            if (*place, "say") in self.source.places:
                place = (*place, "say")
            if cut := self.source.place(place).cut:
                problem = Problem(
                    self.source.at(place),
                    "YAML reads ' #' as a comment",
                    f"quote the text: {quoted(cut)}",
                )
                self.problems.append(problem)
            sharpened = partial(self.source.sharpened, route=place)
            yield spec, partial(self.source.at, place), sharpened

    def of_file(self, file: str, route: Route, folder: Path) -> Iterator[Lines]:
        """Read the phrasings of a text file, one a line; raises ContentError."""
        at = self.source.at((*route, "file"))
        path = folder / file
        if not path.resolve().is_relative_to(folder.resolve()):
            raise ContentError([Problem(at, f"'{file}' leaves the pack", "name a file beside it")])
        if not path.is_file():
            there = [found.name for found in folder.glob("*.txt")]
            fix = nearest(file, there) if there else "write it, with one phrasing a line"
            raise ContentError([Problem(at, f"there is no file '{file}'", fix)])
        shown = str(Path(self.source.path).parent / file)
        lines = read_text(path, shown).split("\n")
        if not any(line.strip() for line in lines):
            fix = "write one phrasing a line"
            raise ContentError([Problem(Position(shown), "the file holds no phrasing", fix)])
        for number, line in enumerate(lines, start=1):
            if line.strip():
                place = partial(_fixed, Position(shown, number))
                yield PhrasingSpec(say=line), place, partial(_sharpened, line=line)

    def user(self, lines: Iterable[Lines], owner: str, turn: str) -> tuple[Phrasing, ...]:
        """Compile what users say."""
        found = tuple(self.compiled(lines, owner, turn, self.user_phrasing))
        self.demand_weight(found)
        return found

    def bot(
        self, lines: Iterable[Lines], owner: str, turn: str, facts: Iterable[str] = ()
    ) -> tuple[Phrasing, ...]:
        """Compile what the bot says; `facts` are the numbers that it may say literally."""
        check = partial(self.bot_phrasing, facts=tuple(facts))
        found = tuple(self.compiled(lines, owner, turn, check))
        self.demand_weight(found)
        return found

    def demand_weight(self, phrasings: Iterable[Phrasing]) -> None:
        """Demand that of those that give the same one can be chosen."""
        weights: dict[tuple[str, ...], float] = {}
        for phrasing in phrasings:
            weights[phrasing.gives] = weights.get(phrasing.gives, 0) + phrasing.weight
        for phrasing in phrasings:
            if not weights[phrasing.gives]:
                what = "no phrasing that gives the same has a weight"
                fix = "give it a weight above 0, or remove it"
                self.problems.append(Problem(phrasing.at, what, fix))

    def compiled(
        self, lines: Iterable[Lines], owner: str, turn: str, complete: Callable[..., Phrasing]
    ) -> Iterator[Phrasing]:
        seen: dict[str, Position] = {}
        for spec, at, sharpened in lines:
            found: list[Problem] = []
            with gathered(found):
                if not spec.say.strip():
                    raise ContentError([Problem(at(1), "a phrasing is blank", "write its text")])
                name = phrasing_id(owner, turn, spec.say)
                if name in seen:
                    fix = f"remove one; the first is on line {seen[name].line}"
                    raise ContentError([Problem(at(1), "the same phrasing is here twice", fix)])
                seen[name] = at(1)
                template = compile_template(self.environment, spec.say, at)
                self.refuse_unknown(template)
                self.refuse_single(template)
                shared = isinstance(spec, BotPhrasingSpec) and spec.shared
                yield complete(Phrasing(name, template, spec.weight, at(1), shared=shared))
            self.problems.extend(sharpened(one) for one in found)

    def refuse_unknown(self, template: Template) -> None:
        """Raise ContentError for names, parts and columns that are not there."""
        at = template.at(1)
        if unknown := sorted(template.names - self.known):
            known = self.names.known
            raise ContentError(
                Problem(at, f"unknown name '{one}'", nearest(one, known)) for one in unknown
            )
        strays = filter(None, map(self.names.stray, sorted(template.reads)))
        if wrong := [Problem(at, *stray) for stray in strays]:
            raise ContentError(wrong)

    def refuse_single(self, template: Template) -> None:
        """Raise ContentError for the braces of other template languages round a known name."""
        for text, line in template.literals:
            for found in _SINGLE.finditer(text):
                if found[1] in self.names.known:
                    what = f"'{found[0]}' prints nothing: it is said as it stands"
                    fix = f"write {{{{ {found[1]} }}}}"
                    raise ContentError([Problem(template.at(line), what, fix)])

    def user_phrasing(self, phrasing: Phrasing) -> Phrasing:
        """Find what a user's phrasing gives; raises ContentError if that depends on a value."""
        template, at = phrasing.template, phrasing.at
        for name in sorted(template.names):
            if name in self.names.results or name in self.names.sets:
                what = f"a user phrasing prints the result '{name}'"
                fix = f"declare a slot with row: {name} and print that"
                raise ContentError([Problem(at, what, fix)])
        found: dict[frozenset[str], None] = {}
        try:
            for rope in template.variants(self.sample):
                if not rope.strip():
                    raise ContentError(
                        [Problem(at, "a phrasing may be blank", "let it always say something")]
                    )
                names = (label.name for _, _, label in rope.pieces if label.name)
                found[frozenset(names)] = None
        except RenderError as error:
            raise ContentError([Problem(at, error.what, error.fix)]) from None
        if len(found) != 1:
            some, other, *_ = ["、".join(sorted(names)) or "nothing" for names in found]
            what = f"what it gives depends on a branch: {some} or {other}"
            raise ContentError([Problem(at, what, "write two phrasings")])
        (given,) = found
        gives = tuple(name for name in self.order if name in given)
        return replace(phrasing, gives=gives, draws=self.draws(template))

    def bot_phrasing(self, phrasing: Phrasing, facts: tuple[str, ...]) -> Phrasing:
        """Find what a bot's phrasing reads; raises ContentError for facts typed into it."""
        template = phrasing.template
        problems = []
        for text, line in template.literals:
            for fact in facts:
                text = text.replace(fact, " ")
            if found := self.literal_facts.search(text):
                problems.append(
                    Problem(
                        template.at(line),
                        f"the bot states '{found[0]}', which no tool has told it",
                        "print a column of a result, or list it under facts: with its source",
                    )
                )
        if problems:
            raise ContentError(problems)
        if self.may_be_blank(template):
            what = "a phrasing may be blank"
            raise ContentError([Problem(phrasing.at, what, "let it always say something")])
        reads = {
            name: None for path in template.reads for name in (self.names.gives(path) or (path[0],))
        }
        return replace(phrasing, reads=tuple(reads), draws=self.draws(template))

    def may_be_blank(self, template: Template) -> bool:
        """Tell whether some branch says nothing; only what text does not rule out is rendered."""
        if "{%" not in template.source and _MARKUP.sub("", template.source).strip():
            return False
        try:
            return any(not rope.strip() for rope in template.variants(self.sample))
        except RenderError:
            return False

    def draws(self, template: Template) -> tuple[str, ...]:
        read = {slot for name in template.names for slot in self.names.draws(name)}
        return tuple(name for name in self.names.slots if name in read)

    def grouped(self, phrasings: Iterable[Phrasing]) -> tuple[Wordings, ...]:
        groups = grouped(phrasings, self.names.slots)
        closed = self.names.closed
        return tuple(replace(one, tells=closed(frozenset(one.gives))) for one in groups)


def _sharpened(problem: Problem, line: str) -> Problem:
    for word in quoted_words(problem.what):
        if found := found_word(word, line):
            return replace(problem, at=replace(problem.at, column=found))
    return problem


def _fixed(at: Position, line: int = 1) -> Position:  # noqa: ARG001
    return at
