"""Specs of slots in, slots out: each with its way to be drawn."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from dialogue.compiler.views import compile_views
from dialogue.kind import (
    Deck,
    DeckKind,
    FakerKind,
    Kind,
    QueryKind,
    ResultKind,
    RowSayer,
    Tag,
    TextKind,
    choice,
)
from dialogue.problem import ContentError, Problem, gathered, nearest
from dialogue.providers import ProviderError, find_method
from dialogue.slot import Slot
from dialogue.template import compile_template

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from faker.generator import Generator

    from dialogue.providers import Method
    from dialogue.spec import SlotSpec
    from dialogue.spec.source import Route, Source
    from dialogue.tables import Tables
    from dialogue.template import Environment
    from dialogue.view import View

_PARAMETER = re.compile(r"(?<![:\w]):([^\W\d]\w*)")


class SlotCompiler:
    """Compiles the slots of a domain; what is wrong is added to `problems`."""

    def __init__(
        self,
        source: Source,
        specs: Mapping[str, SlotSpec],
        tables: Tables,
        results: Mapping[str, Collection[str] | None],
        generator: Generator,
        environment: Environment,
        problems: list[Problem],
    ) -> None:
        self.source = source
        self.specs = specs
        self.tables = tables
        self.results = results
        self.generator = generator
        self.environment = environment
        self.problems = problems
        self.fillers = {
            table: name for name, spec in specs.items() for table in spec.into
        }  # session table → the slot whose draw fills it

    def slots(self) -> dict[str, Slot]:
        """Compile every slot that is not a view."""
        compiled = {}
        for name, spec in self.specs.items():
            if spec.view is None:
                with gathered(self.problems):
                    compiled[name] = self.slot(name, spec)
                    self.check_manner(compiled[name], spec)
        self.refuse_cycles(compiled)
        return {
            name: replace(
                self.varying(self.knowing(slot, compiled), compiled),
                at=self.source.key(("slots", name)),
                pronouns=tuple(self.specs[name].pronouns),
                indifferent=self.specs[name].indifferent,
                certain=self.specs[name].certain,
            )
            for name, slot in compiled.items()
        }

    def check_manner(self, slot: Slot, spec: SlotSpec) -> None:
        """Demand that what is said for a slot, or not minded, is said as one."""
        route: Route = ("slots", slot.name)
        for number, pronoun in enumerate(spec.pronouns):
            if not pronoun.strip():
                problem = Problem(
                    self.source.at((*route, "pronouns", number)),
                    "a pronoun is blank",
                    "write what users say for it, or remove it",
                )
                self.problems.append(problem)
        if slot.gives != (slot.name,) or slot.parts:
            for key in ("pronouns", "indifferent"):
                if getattr(spec, key):
                    what = f"'{key}' goes with a slot that is said as one, '{slot.name}' has parts"
                    at = self.source.key((*route, key))
                    self.problems.append(Problem(at, what, f"remove '{key}'"))

    def knowing(self, slot: Slot, slots: Mapping[str, Slot]) -> Slot:
        """Let a row of a result have the canonical value of the slot whose label it shares."""
        other = slots.get(slot.tag.slot)
        if not isinstance(slot.kind, ResultKind) or other is None or slot.kind.sayer.value:
            return slot
        sayer = replace(slot.kind.sayer, known=other.canonical)
        return replace(slot, kind=replace(slot.kind, sayer=sayer))

    def views(self, slots: Mapping[str, Slot]) -> dict[str, View]:
        """Compile the views."""
        specs, parts = self.specs, {name: slot.sayable for name, slot in slots.items()}
        written = {name: spec.view for name, spec in specs.items() if spec.view is not None}
        return compile_views(written, tuple(specs), parts, self.source, self.problems)

    def slot(self, name: str, spec: SlotSpec) -> Slot:
        """Compile one slot; raises ContentError."""
        route: Route = ("slots", name)
        model = None if spec.like is None else self.model(spec, spec.like, route)
        tag = Tag(name, spec.like or name, spec.role)
        key, title = spec.key or name, spec.title or name
        if model is not None and not _is_drawn(spec):
            like = self.slot(tag.slot, model)
            kind = self.kind(tag, model, ("slots", tag.slot))
            return replace(like, name=name, tag=tag, kind=kind, key=key, title=title)
        if spec.faker is not None:
            return self.faker_slot(name, tag, spec, key, title)
        return Slot(name, tag, self.kind(tag, spec, route), key, title, spec.value)

    def model(self, spec: SlotSpec, like: str, route: Route) -> SlotSpec:
        """Return the spec of the slot that this one is `like`; raises ContentError."""
        place = (*route, "like")
        model = self.specs.get(like)
        if model is None:
            raise self.error(place, f"unknown slot '{like}'", nearest(like, self.specs))
        if model.like is None and model.view is None:
            return model
        if _is_drawn(spec):
            what = f"'{like}' has the label of another slot itself"
            raise self.error(place, what, "name the slot that has its own")
        what = f"'{like}' is drawn like another slot itself"
        raise self.error(place, what, "name the slot that says how it is drawn")

    def faker_slot(self, name: str, tag: Tag, spec: SlotSpec, key: str, title: str) -> Slot:
        kind = self.kind(tag, spec, ("slots", name))
        method = find_method(self.generator, spec.faker or "")
        self.check_tables(method, spec, ("slots", name))
        shape = method.shape
        for table, rows in spec.into.items():
            route: Route = ("slots", name, "into", table)
            if rows not in shape.lists:
                raise self.error(
                    route, f"'{spec.faker}' has no list '{rows}'", nearest(rows, shape.lists)
                )
            columns = self.tables.columns.get(table)
            if columns is None:
                raise self.error(
                    route, f"unknown table '{table}'", nearest(table, self.tables.columns)
                )
            for column in columns:
                if column not in shape.lists[rows]:
                    raise self.error(
                        route,
                        f"column '{column}' of '{table}' is not in '{rows}'",
                        nearest(column, shape.lists[rows]),
                    )
        return Slot(
            name,
            tag,
            kind,
            key,
            title,
            parts=shape.parts,
            composites=shape.composites,
            optional=shape.optional,
            needed=shape.needed,
            groups=shape.groups,
            into=tuple(spec.into.items()),
            part_keys=shape.keys,
        )

    def check_tables(self, method: Method, spec: SlotSpec, route: Route) -> None:
        """Demand the tables and columns that a method draws from; raises ContentError."""
        defaults = inspect.signature(method.call).parameters
        known = self.tables.columns
        for parameter, columns in method.shape.tables.items():
            named = spec.with_.get(parameter, defaults[parameter].default)
            if named is None:
                continue
            table = str(named)
            place = (*route, "with", parameter) if parameter in spec.with_ else (*route, "faker")
            if table not in known:
                if parameter in spec.with_:
                    raise self.error(place, f"unknown table '{table}'", nearest(table, known))
                what = f"'{method.name}' draws from a table '{table}', which is not there"
                raise self.error(place, what, f"name one by with: {{{parameter}: table}}")
            for column in columns:
                other, _, column = column.rpartition(".")
                owner = str(spec.with_.get(other, defaults[other].default)) if other else table
                if column not in known[owner]:
                    what = f"'{method.name}' needs a column '{column}' of '{owner}'"
                    raise self.error(place, what, "add it, or name another table")

    def kind(self, tag: Tag, spec: SlotSpec, route: Route) -> Kind:
        """Compile the way a slot is drawn; raises ContentError."""
        if spec.faker is not None:
            try:
                method = find_method(self.generator, spec.faker)
                draw = method.bind(spec.with_)
            except ProviderError as error:
                named = (name for name in spec.with_ if f"argument '{name}'" in error.what)
                place = next(((*route, "with", name) for name in named), (*route, "faker"))
                at = self.source.at(place)
                if error.what.startswith("unknown argument"):
                    at = self.source.key(place)
                raise ContentError([Problem(at, error.what, error.fix)]) from None
            injected = frozenset(method.injected)
            return FakerKind(tag, draw, injected, type=method.type, parts=method.shape.parts)
        if spec.choose is not None:
            return choice(tag, {name: (one.say, one.weight) for name, one in spec.choose.items()})
        if spec.row is not None:
            return self.row(tag, spec, route)
        assert spec.text is not None
        template = compile_template(
            self.environment, spec.text, lambda line: self.source.at((*route, "text"), line)
        )
        for name in template.names:
            if name not in self.specs:
                raise self.error(
                    (*route, "text"), f"unknown slot '{name}'", nearest(name, self.specs)
                )
            if (view := self.specs[name].view) is not None:
                fix = f"print '{view}'" if isinstance(view, str) else "print what the view shows"
                raise self.error((*route, "text"), f"'{name}' is a view, no slot", fix)
        if not template.names:
            fix = 'print slots in it, or write choose: ["…"]'
            raise self.error((*route, "text"), "a composite prints no slot", fix)
        return TextKind(
            tag, template, spec.parts, tuple(n for n in self.specs if n in template.names)
        )

    def row(self, tag: Tag, spec: SlotSpec, route: Route) -> Kind:
        assert spec.row is not None
        if not spec.say:
            raise self.error(route, "'say' is missing", "add 'say': the columns it is said by")
        sayer = RowSayer(tag, spec.say, spec.value)
        if spec.row not in self.tables.columns:
            if spec.row in self.results:
                self.check_result(spec, route)
                return ResultKind(sayer, spec.row, (spec.row,))
            known = [*self.tables.columns, *self.results]
            raise self.error(
                (*route, "row"), f"unknown table or result '{spec.row}'", nearest(spec.row, known)
            )
        self.check_columns(spec, route, f"table '{spec.row}'", self.tables.columns[spec.row])
        return self.query(sayer, spec, route)

    def check_result(self, spec: SlotSpec, route: Route) -> None:
        """Check a row of a result; what a name is set to is known when it is drawn."""
        if spec.where is not None:
            fix = "choose among the rows with set: in the unit, and take a row of that"
            raise self.error((*route, "where"), "a row of a result takes no 'where'", fix)
        columns = self.results[spec.row or ""]
        if columns is not None:
            self.check_columns(spec, route, f"result '{spec.row}'", columns)

    def check_columns(
        self, spec: SlotSpec, route: Route, owner: str, columns: Collection[str]
    ) -> None:
        problems = []
        for number, column in enumerate(spec.say or ()):
            if column not in columns:
                written = self.source.data["slots"][route[-1]]["say"]
                step = number if isinstance(written, list) else column
                at = self.source.key((*route, "say", step))
                problems.append((at, column))
        if spec.value is not None and spec.value not in columns:
            problems.append((self.source.at((*route, "value")), spec.value))
        if problems:
            raise ContentError(
                Problem(at, f"{owner} has no column '{column}'", nearest(column, columns))
                for at, column in problems
            )

    def query(self, sayer: RowSayer, spec: SlotSpec, route: Route) -> Kind:
        where = spec.where or "1"
        reads = tuple(n for n in dict.fromkeys(_PARAMETER.findall(where)) if n != "now")
        for name in reads:
            if name not in self.specs:
                raise self.error(
                    (*route, "where"), f"unknown slot ':{name}'", nearest(name, self.specs)
                )
        place = (*route, "where" if spec.where else "row")
        columns = dict.fromkeys((*sayer.say, *([spec.value] if spec.value else ())))
        with self.source.sharpening(place):
            query = self.tables.prepare(
                self.tables.selection(spec.row or "", columns, where),
                reads,
                lambda line: self.source.at(place, line),
            )
        fillers = [self.fillers[t] for t in sorted(query.tables) if t in self.fillers]
        if reads or fillers or ":now" in where:
            if spec.row not in self.fillers:
                sayer = replace(sayer, table=spec.row or "")
            return QueryKind(sayer, spec.row or "", query, reads, (*fillers, *reads))
        deck = Deck(card for row in query.rows({}) for card in sayer.cards(row))
        if not deck.cards:
            raise self.error(
                (*route, "where" if spec.where else "row"),
                f"no row of '{spec.row}' can be drawn",
                "loosen 'where' or add rows to the table",
            )
        return DeckKind(deck)

    def error(self, route: Route, what: str, fix: str) -> ContentError:
        return ContentError([Problem(self.source.at(route), what, fix)])

    def refuse_cycles(self, slots: Mapping[str, Slot]) -> None:
        """Find slots that wait for each other."""
        done: set[str] = set()

        def visit(name: str, trail: tuple[str, ...]) -> None:
            if name in trail:
                ring = " → ".join((*trail[trail.index(name) :], name))
                problem = Problem(
                    self.source.key(("slots", name)),
                    f"slots wait for each other: {ring}",
                    "draw one of them without the others",
                )
                self.problems.append(problem)
            elif name in slots and name not in done:
                for other in slots[name].kind.depends:
                    visit(other, (*trail, name))
                done.add(name)

        for name in slots:
            visit(name, ())

    def varying(self, slot: Slot, slots: Mapping[str, Slot]) -> Slot:
        """Mark a slot for which there may be nothing to draw."""
        trail, seen = [slot.name], set()
        while trail:
            name = trail.pop()
            if name in seen or name not in slots:
                continue
            seen.add(name)
            if isinstance(slots[name].kind, (QueryKind, ResultKind)):
                return replace(slot, varies=True)
            trail.extend(slots[name].kind.depends)
        return slot


def _is_drawn(spec: SlotSpec) -> bool:
    """Tell whether a slot says how it is drawn, rather than which one it is like."""
    return any((spec.faker, spec.choose, spec.row, spec.text))
