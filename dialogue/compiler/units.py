"""Specs of units in, units out: everything that they name is resolved."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from dialogue.compiler.behaviours import check_without
from dialogue.compiler.expressions import compile_expression
from dialogue.compiler.references import check_names, check_redraw, compile_target, complementary
from dialogue.phrasing import Wordings
from dialogue.problem import Problem, gathered, nearest
from dialogue.turn import BotTurn, CallTurn, Need, Outcome, Read, SetTurn, Turn, UserTurn
from dialogue.unit import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from dialogue.compiler.phrasings import PhrasingCompiler, Questions
    from dialogue.expression import Expression
    from dialogue.names import Names
    from dialogue.problem import Position
    from dialogue.slot import Slot
    from dialogue.spec import CallSpec, NeedSpec, TurnSpec, UnitSpec
    from dialogue.spec.source import Route
    from dialogue.tool import Tool

_INTENT = re.compile(r"[A-Za-z][A-Za-z0-9_.:/+-]*")


class UnitCompiler:
    """Compiles one unit; what is wrong is added to `problems`."""

    def __init__(
        self,
        name: str,
        spec: UnitSpec,
        folder: Path,
        phrasings: PhrasingCompiler,
        questions: Mapping[str, Questions],
        tools: Mapping[str, Tool],
        locale: str,
    ) -> None:
        self.name = name
        self.spec = spec
        self.folder = folder
        self.phrasings = phrasings
        self.names = phrasings.names
        self.source = phrasings.source
        self.problems = phrasings.problems
        self.questions = questions
        self.tools = tools
        self.locale = locale
        self.reads: list[Read] = []
        self.outcomes = [one.outcome for turn in spec.turns for one in turn.bot or ()]

    def unit(self) -> Unit:
        """Compile it."""
        needs, results = self.needs()
        needed = tuple(name for need in needs for name in need.names)
        turns = []
        for number, turn in enumerate(self.spec.turns):
            with gathered(self.problems):
                turns.append(self.turn(turn, number))
        check_redraw(self.spec.redraw, self.names, self.source, ("redraw",), self.problems)
        self.check_intents()
        check_without(self.spec.without, self.locale, self.source, self.problems)
        unit = Unit(
            name=self.name,
            title=self.spec.title or self.name,
            intents=(self.name,) if self.spec.intent is None else tuple(self.spec.intent),
            at=self.source.at(()),
            needs=needs,
            needed=needed,
            slots=tuple(sorted({name.partition(".")[0] for name in needed})),
            results=results,
            redraw=tuple(self.spec.redraw),
            without=frozenset(self.spec.without),
            turns=tuple(turns),
            target=self.target(),
            reads=tuple(self.reads),
        )
        binds = tuple(_binds(unit, self.names))
        slots = self.names.slots
        gives = (give for phrasing in unit.phrasings() for give in phrasing.gives)
        spoken = [isinstance(turn, UserTurn) for turn in turns]
        looks_up = any(isinstance(turn, CallTurn) for turn in turns)
        return replace(
            unit,
            binds=binds,
            tells=frozenset(leaf for give in gives for leaf in self.names.leaves(give)),
            varies=varies(unit, slots),
            is_plain=spoken == sorted(spoken, reverse=True) and _opens(turns),
            looks_up=looks_up,
            is_request=looks_up or bool(needs),
            touches=frozenset(slots[one].tag.label for one in _touched(unit) if one in slots),
        )

    def problem(self, route: Route, what: str, fix: str) -> None:
        self.problems.append(Problem(self.source.at(route), what, fix))

    def quoted_problem(self, route: Route, what: str, fix: str) -> None:
        """Add a problem at the word of the file that it quotes."""
        problem = Problem(self.source.at(route), what, fix)
        self.problems.append(self.source.sharpened(problem, route))

    def check_intents(self) -> None:
        for number, intent in enumerate(self.spec.intent or ()):
            if not _INTENT.fullmatch(intent):
                route = ("intent", number) if ("intent", 0) in self.source.places else ("intent",)
                fix = "use ASCII letters, digits and _ ; 'title' is for people"
                self.problem(route, f"'{intent}' is no ASCII name", fix)

    def needs(self) -> tuple[tuple[Need, ...], tuple[str, ...]]:
        needs, results = [], []
        seen: set[str] = set()
        for number, spec in enumerate(self.spec.needs):
            route: Route = ("needs", number)
            unknown = [name for name in spec.slots if not self.names.is_name(name)]
            for name in unknown:
                self.quoted_problem(route, *self.names.unknown(name, self.names.known))
            for name in spec.slots:
                if name in seen:
                    self.quoted_problem(route, f"'{name}' is needed twice", "keep one")
                seen.add(name)
            bound = [n for n in spec.slots if n in self.names.results or n in self.names.sets]
            if bound and len(spec.slots) > 1:
                what = f"'{bound[0]}' is a result, which cannot be asked for"
                self.quoted_problem(route, what, "list it as a need of its own")
            elif bound:
                results.append(bound[0])
            elif not unknown and (need := self.need(spec, route)):
                needs.append(need)
        return tuple(needs), tuple(results)

    def need(self, spec: NeedSpec, route: Route) -> Need | None:
        names = tuple(dict.fromkeys(n for slot in spec.slots for n in self.names.needed(slot)))
        listed = self.phrasings.listed
        ask = self.phrasings.bot(
            listed(spec.ask, (*route, "ask")), self.name, f"ask {spec.slots}", self.spec.facts
        )
        give = self.phrasings.user(
            listed(spec.give, (*route, "give")), self.name, f"give {spec.slots}"
        )
        for slot in spec.slots:
            questions = self.questions.get(slot)
            ask = ask or (questions.ask if questions else ())
            if questions and not spec.give:
                give += questions.give
        tells = [self.names.closed(frozenset(one.gives)) for one in give]
        useful = tuple(one for one, told in zip(give, tells, strict=True) if told & {*names})
        for found, key, how in ((ask, "ask", "the bot asks for"), (useful, "give", "users give")):
            if not found:
                what = f"'{'、'.join(spec.slots)}' is needed, but nothing says how {how} it"
                fix = f"add {key}: to the slot, or to the need: {{slots: […], ask: […], give: […]}}"
                self.quoted_problem(route, what, fix)
        if not ask or not useful:
            return None
        for name in names:
            if not any(name in told for told in tells):
                what = f"no answer ever gives '{name}'"
                self.quoted_problem(route, what, f"add a phrasing under give: that prints '{name}'")
                return None
        for phrasing in ask:
            self.read(phrasing.reads, phrasing.at, self.asks_at(), frozenset())
        wordings = Wordings.of(ask, self.names.slots)
        return Need(names, wordings, self.phrasings.grouped(useful))

    def asks_at(self) -> int:
        """Return the turn before which questions are asked."""
        turns = self.spec.turns
        return next((n for n, turn in enumerate(turns) if turn.user is None), len(turns))

    def read(self, names: Iterable[str], at: Position, turn: int, implied: frozenset[str]) -> None:
        seen = {part for name in implied if name in self.names.views for part in self.seen(name)}
        implied = implied.union(seen)
        self.reads.extend(Read(name, at, turn, implied) for name in names)

    def seen(self, view: str) -> tuple[str, ...]:
        """Return what a view that is true shows: the one part it names."""
        gives = self.names.gives((view,))
        return gives if len(gives) == 1 else ()

    def turn(self, spec: TurnSpec, number: int) -> Turn:
        route: Route = ("turns", number)
        when = self.guard(spec.when, (*route, "when"))
        implied = when.implies if when else frozenset()
        if spec.user is not None:
            return self.user_turn(spec, route, when)
        if spec.call is not None:
            return self.call_turn(spec.call, (*route, "call"), number, when)
        if spec.set is not None:
            return self.set_turn(spec.set, (*route, "set"), when)
        assert spec.bot is not None
        return self.bot_turn(spec, (*route, "bot"), number, when, implied)

    def guard(self, source: str | None, route: Route) -> Expression | None:
        return None if source is None else self.expression(source, route)

    def expression(self, source: str, route: Route, *, texts: bool = False) -> Expression:
        """Compile an expression, of labelled `texts` or of plain values; raises ContentError."""
        at = self.source.at(route)
        environment = self.phrasings.environment if texts else None
        with self.source.sharpening(route):
            expression = compile_expression(source, at, self.names.views, environment)
            check_names(expression, self.names, self.outcomes)
        return expression

    def user_turn(self, spec: TurnSpec, route: Route, when: Expression | None) -> UserTurn:
        assert spec.user is not None
        place: Route = (*route, "user")
        if spec.user.file:
            lines = self.phrasings.of_file(spec.user.file, place, self.folder)
        else:
            lines = self.phrasings.listed(spec.user.phrasings, place)
        phrasings = self.phrasings.user(lines, self.name, f"user {route[1]}")
        sets = self.phrasings.grouped(phrasings)
        weights = {frozenset(one.gives): 1.0 for one in sets}
        weighed: set[frozenset[str]] = set()
        for number, given in enumerate(spec.weights):
            place = (*route, "weights", number, "gives")
            unknown = [one for one in given.gives if not self.names.gives(tuple(one.split(".")))]
            for one in unknown:
                self.quoted_problem(place, *self.names.unknown(one, self.names.slots))
            names = [n for one in given.gives for n in self.names.gives(tuple(one.split(".")))]
            told = "、".join(given.gives) or "nothing"
            if not unknown and frozenset(names) not in weights:
                shown = "; ".join("、".join(one.gives) or "nothing" for one in sets)
                what = f"no phrasing gives exactly '{told}'"
                self.quoted_problem(place, what, f"name one of: {shown}")
            if frozenset(names) in weighed and not unknown:
                self.quoted_problem(place, f"'{told}' has a weight already", "keep one")
            weighed.add(frozenset(names))
            weights[frozenset(names)] = given.weight
        if not any(weights.values()) and sets:
            self.problem((*route, "weights"), "every set weighs nothing", "give one a weight")
        shares = tuple(weights[frozenset(one.gives)] for one in sets)
        return UserTurn(sets, shares, tuple(accumulate(shares)), when)

    def call_turn(
        self, spec: CallSpec, route: Route, number: int, when: Expression | None
    ) -> CallTurn:
        tool = self.tools[spec.tool]
        arguments = {}
        for name, source in spec.with_.items():
            if name not in tool.spec.parameters:
                self.problem(
                    (*route, "with", name),
                    f"'{tool.name}' has no parameter '{name}'",
                    nearest(name, tool.spec.parameters),
                )
            with gathered(self.problems):
                argument = self.expression(source, (*route, "with", name))
                arguments[name] = argument
                reads = (
                    read for one in argument.names for read in (self.argument_reads(one, argument))
                )
                implied = when.implies if when else frozenset()
                self.read(sorted(reads), argument.at, number, implied)
        for name in tool.spec.parameters:
            if name not in spec.with_:
                self.problem(
                    (*route, "with"), f"parameter '{name}' is missing", f"add {name}: a slot"
                )
        words = tool.words(spec.as_, self.names.slots, self.locale, self.source.at(route))
        return CallTurn(tool, arguments, spec.as_, words, self.source.at(route), when)

    def argument_reads(self, name: str, argument: Expression) -> tuple[str, ...]:
        """Return what must be bound for an argument; of a record only the parts it names."""
        if name in self.names.slots and self.names.slots[name].parts:
            parts = [part for holder, part in argument.columns if holder == name]
            if parts:
                return tuple(f"{name}.{part}" for part in parts)
        return self.names.gives((name,)) or (name,)

    def set_turn(self, spec: Mapping[str, str], route: Route, when: Expression | None) -> SetTurn:
        faces, texts = {}, {}
        for name, source in spec.items():
            with gathered(self.problems):
                faces[name] = self.expression(source, (*route, name))
                texts[name] = self.expression(source, (*route, name), texts=True)
        return SetTurn(faces, texts, when)

    def bot_turn(
        self,
        spec: TurnSpec,
        route: Route,
        number: int,
        when: Expression | None,
        implied: frozenset[str],
    ) -> BotTurn:
        assert spec.bot is not None
        named = any(one.when or one.outcome != "found" for one in spec.bot)
        outcomes = []
        for index, one in enumerate(spec.bot):
            place: Route = (*route, index)
            guard = None
            with gathered(self.problems):
                guard = self.guard(one.when, (*place, "when"))
            inner = (*place, "say") if (*place, "say", 0) in self.source.places else route
            phrasings = self.phrasings.bot(
                self.phrasings.listed(one.say, inner),
                self.name,
                f"bot {number} {one.outcome}",
                self.spec.facts,
            )
            bound = implied | (guard.implies if guard else frozenset())
            for phrasing in phrasings:
                self.read(phrasing.reads, phrasing.at, number, bound)
            if phrasings:
                outcomes.append(
                    Outcome(one.outcome, guard, Wordings.of(phrasings, self.names.slots))
                )
        self.check_guards([one.when for one in spec.bot], route)
        return BotTurn(tuple(outcomes), named, when)

    def check_guards(self, guards: list[str | None], route: Route) -> None:
        """Demand that one outcome always applies, and that each can."""
        seen: set[str] = set()
        for number, guard in enumerate(guards):
            if guard in seen:
                what = "this answer is never reached: one before it has the same 'when'"
                self.problem((*route, number, "when"), what, "remove one, or change its 'when'")
            seen |= {guard} if guard else set()
        if None in guards[:-1]:
            self.problem(
                (*route, guards.index(None) + 1),
                "this answer is never reached: the one before it has no 'when'",
                "move it up, or give the one before it a 'when'",
            )
        elif guards[-1] is not None and not complementary(guards):
            self.problem(
                (*route, len(guards) - 1, "when"),
                "no answer is left when every 'when' is false",
                "add a last answer without 'when'",
            )

    def target(self) -> dict[str, str] | None:
        if self.spec.target is None:
            return None
        return compile_target(self.spec.target, self.names, self.source, ("target",), self.problems)


def varies(unit: Unit, slots: Mapping[str, Slot]) -> bool:
    """Tell whether there may be nothing to draw for a unit."""
    if any(name in slots and slots[name].varies for name in unit.slots):
        return True
    return any(
        isinstance(turn, UserTurn)
        and turn.sets
        and all(any(slots[name].varies for name in one.draws) for one in turn.sets)
        for turn in unit.turns
    )


def _opens(turns: list[Turn]) -> bool:
    """Tell whether a user always speaks first."""
    return bool(turns) and isinstance(turns[0], UserTurn) and turns[0].when is None


def _touched(unit: Unit) -> set[str]:
    """Return the slots that a unit may say, need or draw anew."""
    names = {*unit.slots}
    names.update(name.partition(".")[0] for name in unit.redraw)
    for turn in unit.turns:
        if isinstance(turn, UserTurn):
            names.update(name for one in turn.sets for name in one.draws)
    return names


def _binds(unit: Unit, names: Names) -> Iterator[frozenset[str]]:
    """Yield what is bound within the unit before each turn, and after the last."""
    bound: frozenset[str] = frozenset()
    asked = False
    for turn in unit.turns:
        if not asked and not isinstance(turn, UserTurn):
            asked = True
            bound |= {*unit.needed, *unit.results}
        yield bound
        if isinstance(turn, UserTurn):
            bound -= names.replaced(give for one in turn.sets for give in one.gives)
        if turn.when is not None:
            continue
        if isinstance(turn, UserTurn) and turn.sets:
            bound |= frozenset.intersection(*(one.tells for one in turn.sets))
        elif isinstance(turn, CallTurn):
            bound |= {turn.result}
        elif isinstance(turn, SetTurn):
            bound |= turn.faces.keys()
    yield bound
