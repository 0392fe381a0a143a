"""A folder of YAML files in, a domain out."""

from __future__ import annotations

import keyword
import os
import random
import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from dialogue.compiler.clocks import compile_clock
from dialogue.compiler.expressions import compile_expression
from dialogue.compiler.hashes import hashed
from dialogue.compiler.phrasings import PhrasingCompiler, Questions
from dialogue.compiler.samples import sample
from dialogue.compiler.slots import SlotCompiler
from dialogue.compiler.units import UnitCompiler
from dialogue.domain import Domain
from dialogue.names import Names
from dialogue.problem import ContentError, Position, Problem, gathered, nearest
from dialogue.providers import open_faker
from dialogue.providers.wording import literal_facts
from dialogue.spec import DomainSpec, UnitSpec
from dialogue.spec.source import Source, read
from dialogue.spec.validation import validate
from dialogue.tables import Tables
from dialogue.template import Environment
from dialogue.tool import Tool

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from faker.generator import Generator

    from dialogue.clock import Clock
    from dialogue.expression import Expression
    from dialogue.slot import Slot
    from dialogue.unit import Unit
    from dialogue.view import View

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# What Jinja2 reads as a word of its own, beside Python's keywords; what is bound by the engine.
_WORDS = ("true", "false", "none", "set", "block", "macro", "call", "filter", "self", "super")
_BOUND = ("outcome", "now", "end", "loop")
_UNIT_NAME = re.compile(r"[a-z][a-z0-9_]*")
SAMPLE_ROWS = 3

T = TypeVar("T")


def load_domain(folder: Path, shown: str) -> Domain:
    """Load and compile a pack; raises ContentError with all problems that could be found."""
    if not (folder / "domain.yaml").is_file():
        at = Position(os.path.join(shown, "domain.yaml"))  # noqa: PTH118 - as a person types it
        raise ContentError([Problem(at, "there is no such file", "write the domain's slots in it")])
    return _Loader(folder, shown).domain()


class _Loader:
    """Reads and compiles the files of a pack in turn, keeping what is wrong."""

    def __init__(self, folder: Path, shown: str) -> None:
        self.folder = folder
        self.shown = shown
        self.problems: list[Problem] = []

    def path(self, name: str) -> str:
        return str(Path(self.shown) / name)

    def domain(self) -> Domain:
        units = self.read_units()
        with gathered(self.problems):
            source = read(self.folder / "domain.yaml", self.path("domain.yaml"))
            spec = validate(source, DomainSpec)
        self.fail()
        rng = random.Random(0)
        with gathered(self.problems):
            generator = self.generator(source, spec, rng)
        with gathered(self.problems):
            clock = compile_clock(spec.clock, source)
        with gathered(self.problems):
            tables = self.tables(spec)
        self.fail()
        environment = Environment(self.folder)
        tools = self.tools(source, spec, tables, clock)
        results = self.results(units, tools, spec.tools)
        sets = self.set_names(units)
        compiler = SlotCompiler(
            source,
            spec.slots,
            tables,
            {**dict.fromkeys(sets), **{n: tool.query.columns for n, tool in results.items()}},
            generator,
            environment,
            self.problems,
        )
        slots = compiler.slots()
        views = compiler.views(slots)
        self.check_columns(source, spec, slots)
        self.check_names(source, spec, units, _reserved(environment))
        self.fail()
        names = Names(slots, views, results, self.sets(sets, units, environment))
        compiled = self.units(units, source, spec, names, tools, environment)
        self.fail()
        leaves = [leaf for slot in slots.values() for leaf in slot.leaves]
        return Domain(
            name=self.folder.name,
            title=spec.title or self.folder.name,
            license=spec.license,
            locale=spec.locale,
            clock=clock,
            names=names,
            tables=tables,
            tools=tools,
            units=compiled,
            generator=generator,
            rng=rng,
            files=hashed(self.folder, f"units/{self.folder.name}"),
            source=source,
            voices=spec.behaviours,
            views_of=_inverted(views, {name: view.slots() for name, view in views.items()}),
            rivals=names.rivals(),
            dependents=_inverted(
                {name: name for name in slots},
                {name: slot.kind.depends for name, slot in slots.items()},
            ),
            labels={leaf: names.label(leaf) for leaf in leaves},
            keys={leaf: names.key(leaf) for leaf in leaves},
        )

    def fail(self) -> None:
        if self.problems:
            raise ContentError(self.problems)

    def generator(self, source: Source, spec: DomainSpec, rng: random.Random) -> Generator:
        try:
            return open_faker(spec.locale, rng)
        except ValueError as error:
            what, _, fix = str(error).partition(": ")
            raise ContentError([Problem(source.at(("locale",)), what, fix)]) from None

    def read_units(self) -> dict[str, tuple[Source, UnitSpec]]:
        """Read every unit of the folder, also those that no graph reaches."""
        units = {}
        for path in sorted(self.folder.glob("*.yaml")):
            if path.name == "domain.yaml":
                continue
            shown = self.path(path.name)
            if not _UNIT_NAME.fullmatch(path.stem) or path.stem == "end":
                what = f"'{path.stem}' cannot name a unit"
                fix = "rename it with lower-case ASCII letters, digits and _"
                if path.stem == "end":
                    fix = "rename it: walks end there"
                self.problems.append(Problem(Position(shown), what, fix))
                continue
            with gathered(self.problems):
                source = read(path, shown)
                units[path.stem] = (source, validate(source, UnitSpec))
        for path in sorted(self.folder.glob("*.yml")):
            what, fix = "a unit's file does not end in .yaml", f"rename it to {path.stem}.yaml"
            self.problems.append(Problem(Position(self.path(path.name)), what, fix))
        for path in sorted(self.folder.glob("*/*.yaml")):
            shown = self.path(str(path.relative_to(self.folder)))
            fix = "move it up: the units of a domain lie flat in its folder"
            self.problems.append(Problem(Position(shown), "a unit lies in a folder", fix))
        return units

    def tables(self, spec: DomainSpec) -> Tables:
        session = frozenset(table for slot in spec.slots.values() for table in slot.into)
        return Tables.open(self.folder / "tables", self.path("tables"), session)

    def tools(
        self, source: Source, spec: DomainSpec, tables: Tables, clock: Clock
    ) -> dict[str, Tool]:
        tools = {}
        for name, tool in spec.tools.items():
            with gathered(self.problems), source.sharpening(("tools", name, "sql")):
                query = tables.prepare(
                    tool.sql,
                    tuple(tool.parameters),
                    partial(source.at, ("tools", name, "sql")),
                )
                fillers = tuple(
                    slot
                    for slot, one in spec.slots.items()
                    if not query.tables.isdisjoint(one.into)
                )
                tools[name] = Tool.of(name, tool, query, clock.zone, fillers)
                for column in tool.returns:
                    if column not in query.columns:
                        at = source.key(("tools", name, "returns", column))
                        what = f"the query of '{name}' has no column '{column}'"
                        self.problems.append(Problem(at, what, nearest(column, query.columns)))
        return tools

    def results(
        self,
        units: Mapping[str, tuple[Source, UnitSpec]],
        tools: Mapping[str, Tool],
        declared: Collection[str],
    ) -> dict[str, Tool]:
        """Return what every name that a unit binds by `as` is the result of.

        Of several tools it is the first: their rows are alike.
        """
        results: dict[str, Tool] = {}
        for source, spec in units.values():
            for number, turn in enumerate(spec.turns):
                if turn.call is None:
                    continue
                route = ("turns", number, "call")
                tool = tools.get(turn.call.tool)
                if tool is None and turn.call.tool in declared:
                    continue  # what is wrong with it has been told
                if tool is None:
                    at = source.at((*route, "tool"))
                    what = f"unknown tool '{turn.call.tool}'"
                    self.problems.append(Problem(at, what, nearest(turn.call.tool, declared)))
                elif not results.setdefault(turn.call.as_, tool).returns_as(tool):
                    at = source.at((*route, "as"))
                    what = f"'{turn.call.as_}' is the result of another tool elsewhere"
                    fix = "give it a name of its own, or both tools the same 'returns'"
                    self.problems.append(Problem(at, what, fix))
        return results

    def set_names(self, units: Mapping[str, tuple[Source, UnitSpec]]) -> dict[str, str]:
        """Return the names that units set, and the unit that does."""
        owners: dict[str, str] = {}
        written: dict[str, str] = {}
        for unit, (source, spec) in units.items():
            for number, turn in enumerate(spec.turns):
                for name, expression in (turn.set or {}).items():
                    owner = owners.setdefault(name, unit)
                    if written.setdefault(name, expression) != expression:
                        at = source.at(("turns", number, "set", name))
                        what = f"'{name}' is set to something else in '{owner}'"
                        self.problems.append(Problem(at, what, "give each its own name"))
        return owners

    def sets(
        self,
        owners: Mapping[str, str],
        units: Mapping[str, tuple[Source, UnitSpec]],
        environment: Environment,
    ) -> dict[str, Expression]:
        """Compile what the names are set to, for samples; problems are told where units are."""
        found = {}
        for unit in dict.fromkeys(owners.values()):
            source, spec = units[unit]
            for number, turn in enumerate(spec.turns):
                for name, written in (turn.set or {}).items():
                    at = source.at(("turns", number, "set", name))
                    with gathered([]):
                        found[name] = compile_expression(written, at, {}, environment)
        return found

    def check_columns(self, source: Source, spec: DomainSpec, slots: Mapping[str, Slot]) -> None:
        for name, tool in spec.tools.items():
            for column, returned in tool.returns.items():
                if returned.slot is None or returned.slot in slots:
                    continue
                at = source.at(("tools", name, "returns", column))
                written = spec.slots.get(returned.slot)
                if written is None:
                    known = [slot for slot, one in spec.slots.items() if one.view is None]
                    what, fix = f"unknown slot '{returned.slot}'", nearest(returned.slot, known)
                    self.problems.append(Problem(at, what, fix))
                elif written.view is not None:
                    what, fix = f"'{returned.slot}' is a view", "name the slot that it shows"
                    self.problems.append(Problem(at, what, fix))

    def check_names(
        self,
        source: Source,
        spec: DomainSpec,
        units: Mapping[str, tuple[Source, UnitSpec]],
        taken: frozenset[str],
    ) -> None:
        """Demand that slots, results and names that are set can be told apart, and be read."""
        for name in spec.slots:
            self.check_name(name, source.key(("slots", name)), taken)
        self.check_keys(source, spec)
        bound: dict[str, str] = dict.fromkeys(spec.slots, "slot")
        for kind in ("result", "name that is set"):
            for name, at in _bound(units, kind):
                self.check_name(name, at, taken)
                if bound.setdefault(name, kind) != kind:
                    what = f"'{name}' is a {bound[name]} already"
                    self.problems.append(Problem(at, what, f"give the {kind} another name"))

    def check_name(self, name: str, at: Position, taken: frozenset[str]) -> None:
        what = f"'{name}' cannot be a name"
        if name in taken:
            fix = "choose another: it has a meaning in templates and expressions"
            self.problems.append(Problem(at, what, fix))
        elif not name.isidentifier():
            fix = "use letters, digits and _ only, and no digit in front"
            self.problems.append(Problem(at, what, fix))

    def check_keys(self, source: Source, spec: DomainSpec) -> None:
        """Demand that keys are ASCII and tell slots apart, but for slots with one label."""
        owners: dict[str, str] = {}
        for name, slot in spec.slots.items():
            if slot.key is None:
                continue
            at = source.at(("slots", name, "key"))
            if not _KEY.fullmatch(slot.key):
                what = f"'{slot.key}' is no ASCII name"
                self.problems.append(Problem(at, what, "use ASCII letters, digits and _ only"))
            label = slot.like or name
            if owners.setdefault(slot.key, label) != label:
                what = f"'{slot.key}' is the key of '{owners[slot.key]}', too"
                self.problems.append(Problem(at, what, "give each slot its own key"))

    def units(
        self,
        units: Mapping[str, tuple[Source, UnitSpec]],
        source: Source,
        spec: DomainSpec,
        names: Names,
        tools: Mapping[str, Tool],
        environment: Environment,
    ) -> dict[str, Unit]:
        texts = sample(names, 0, SAMPLE_ROWS)
        facts = literal_facts(spec.locale)

        def phrasings(of: Source) -> PhrasingCompiler:
            return PhrasingCompiler(of, names, environment, facts, texts, self.problems)

        questions = self.questions(phrasings(source), spec, names)
        compiled = {}
        for name, (unit_source, unit) in units.items():
            compiler = UnitCompiler(
                name, unit, self.folder, phrasings(unit_source), questions, tools, spec.locale
            )
            compiled[name] = compiler.unit()
        return compiled

    def questions(
        self, phrasings: PhrasingCompiler, spec: DomainSpec, names: Names
    ) -> dict[str, Questions]:
        """Compile how slots are asked for; a view of one part also answers for that part."""
        questions: dict[str, Questions] = {}
        for name, slot in spec.slots.items():
            if not slot.ask and not slot.give:
                continue
            owner = f"slot:{name}"
            ask = phrasings.listed(slot.ask, ("slots", name, "ask"))
            give = phrasings.listed(slot.give, ("slots", name, "give"))
            made = Questions(phrasings.bot(ask, owner, "ask"), phrasings.user(give, owner, "give"))
            questions[name] = made
            view: View | None = names.views.get(name)
            if view is not None and isinstance(view.target, tuple):
                questions.setdefault(".".join(part for part in view.target if part), made)
        return questions


def _reserved(environment: Environment) -> frozenset[str]:
    """Return the words that no slot, result or name that is set can have as its name."""
    return frozenset({*keyword.kwlist, *_WORDS, *_BOUND, *environment.globals})


def _bound(
    units: Mapping[str, tuple[Source, UnitSpec]], kind: str
) -> Iterator[tuple[str, Position]]:
    """Yield the names that units bind to results, or set, with their places."""
    for source, spec in units.values():
        for number, turn in enumerate(spec.turns):
            if kind == "result":
                if turn.call is not None:
                    yield turn.call.as_, source.at(("turns", number, "call", "as"))
            else:
                for name in turn.set or ():
                    yield name, source.key(("turns", number, "set", name))


def _inverted(
    values: Mapping[str, T], keys: Mapping[str, Iterable[str]]
) -> dict[str, tuple[T, ...]]:
    """Turn name → keys round: key → the values of the names that have it."""
    found: dict[str, list[T]] = {}
    for name, value in values.items():
        for key in dict.fromkeys(keys[name]):
            found.setdefault(key, []).append(value)
    return {key: tuple(held) for key, held in found.items()}
