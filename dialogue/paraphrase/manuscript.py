"""A unit as its author wrote it: lists of phrasings, where each stands, and who wrote it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialogue.paraphrase.assignment import Assignment, Model
from dialogue.phrasing import phrasing_id
from dialogue.problem import ContentError, Position, Problem
from dialogue.spec import UnitSpec
from dialogue.spec.layout import LayoutError, layout
from dialogue.spec.source import parse, read_text
from dialogue.spec.validation import validate
from dialogue.template.pieces import pieces
from dialogue.turn import BotTurn, UserTurn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from dialogue.domain import Domain
    from dialogue.phrasing import Phrasing
    from dialogue.spec import PhrasingSpec
    from dialogue.spec.source import Route, Source
    from dialogue.template import Environment
    from dialogue.unit import Unit

MARK = "paraphrase: "
"""What the comment begins with that marks a phrasing as no author's own."""

_MARKED = re.compile(rf",?\s*#\s*{MARK}")  # behind an item of a YAML list
_LINE_MARKED = re.compile(rf"{{#\s*{MARK}.*?#}}\s*\Z")  # at the end of a line of a text file
_COMMENT = re.compile(r"{#.*?#}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Written:
    """One phrasing: what it gives, and whether a mark says that it was added as a rewording."""

    source: str
    gives: tuple[str, ...]
    marked: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of phrasings: at a route of the unit's YAML, or a text file with one a line.

    The route of a text file is empty.
    """

    speaker: str
    turn: str
    route: Route
    path: Path
    written: tuple[Written, ...]

    @property
    def is_text(self) -> bool:
        return not self.route


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A unit's file, read; `facts` are the numbers that its bot may say."""

    path: Path
    shown: str
    unit: Unit
    facts: tuple[str, ...]
    listings: tuple[Listing, ...]

    def said(self, speaker: str) -> tuple[Written, ...]:
        """Return all phrasings of a speaker."""
        lists = (one.written for one in self.listings if one.speaker == speaker)
        return tuple(one for written in lists for one in written)

    def assignments(
        self, listing: Listing, domain: Domain, environment: Environment
    ) -> Assignments:
        """Return what is to be reworded of a list."""
        groups: dict[tuple[str, ...], list[Model]] = {}
        left = 0
        for one in listing.written:
            if one.marked:
                continue
            source = _COMMENT.sub("", one.source).strip()
            found = pieces(environment, source)
            if found.tags or "\n" in source:
                left += 1
            else:
                gives = one.gives if listing.speaker == "user" else ()
                groups.setdefault(gives, []).append(Model(source, found))
        return Assignments(
            tuple(
                Assignment(
                    id=f"{domain.name}/{self.unit.name}/{listing.turn}/{'+'.join(gives)}",
                    unit=self.unit.name,
                    locale=domain.locale,
                    title=self.unit.title,
                    speaker=listing.speaker,
                    gives=gives,
                    models=tuple(models),
                )
                for gives, models in groups.items()
            ),
            left,
        )


@dataclass(frozen=True, slots=True)
class Assignments:
    """What of a list is to be reworded, and how many are `left` to people: they hold statements."""

    these: tuple[Assignment, ...]
    left: int


def manuscript(path: Path, shown: str, unit: Unit) -> Manuscript:
    """Read the file of a unit that compiles; raises ContentError."""
    text = read_text(path, shown)
    source = parse(text, shown)
    spec = validate(source, UnitSpec)
    return Manuscript(
        path, shown, unit, tuple(spec.facts), tuple(_listings(path, text, source, spec, unit))
    )


def _listings(
    path: Path, text: str, source: Source, spec: UnitSpec, unit: Unit
) -> Iterator[Listing]:
    for number, (turn, compiled) in enumerate(zip(spec.turns, unit.turns, strict=True)):
        if turn.user is not None and isinstance(compiled, UserTurn):
            known = {one.id: one for sets in compiled.sets for one in sets.phrasings}
            name, route = f"user {number}", ("turns", number, "user")
            if turn.user.file:
                file = path.parent / turn.user.file
                lines = [line for line in read_text(file, str(file)).split("\n") if line.strip()]
                written = (
                    Written(
                        line,
                        known[phrasing_id(unit.name, name, line)].gives,
                        bool(_LINE_MARKED.search(line)),
                    )
                    for line in lines
                )
                yield Listing("user", name, (), file, tuple(written))
                continue
            long = (*route, "phrasings")
            place: Route = long if long in source.places else route
            phrasings = [
                known[phrasing_id(unit.name, name, one.say)] for one in turn.user.phrasings
            ]
            found = _written(turn.user.phrasings, phrasings, text, place)
            yield Listing("user", name, place, path, tuple(found))
        elif turn.bot is not None and isinstance(compiled, BotTurn):
            for index, (outcome, answer) in enumerate(
                zip(turn.bot, compiled.outcomes, strict=True)
            ):
                inner = ("turns", number, "bot", index, "say")
                place = inner if inner in source.places else inner[:3]
                found = _written(outcome.say, answer.wordings.phrasings, text, place)
                yield Listing("bot", f"bot {number}.{index}", place, path, tuple(found))


def _written(
    specs: Iterable[PhrasingSpec], phrasings: Iterable[Phrasing], text: str, route: Route
) -> Iterator[Written]:
    try:
        after = layout(text, route).after
    except LayoutError:  # then nothing was ever added
        after = ()
    for number, (spec, phrasing) in enumerate(zip(specs, phrasings, strict=True)):
        rest = after[number] if number < len(after) else ""
        yield Written(spec.say, phrasing.gives, bool(_MARKED.match(rest)))


def named(path: Path, shown: str, units: Iterable[str]) -> str:
    """Return the name of the unit that a file holds; raises ContentError for another file."""
    if path.suffix == ".yaml" and path.stem in units:
        return path.stem
    fix = "name a unit, such as units/shop/greeting.yaml, or the folder of a domain"
    raise ContentError([Problem(Position(shown, 0), f"'{shown}' is no unit", fix)])
