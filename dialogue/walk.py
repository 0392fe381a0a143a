"""A walk over a graph, played: what is said, asked, looked up and answered, with no text yet."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from dialogue.expression import ARITHMETIC
from dialogue.play import Play
from dialogue.problem import ContentError, Problem
from dialogue.tables import QueryError
from dialogue.turn import BotTurn, CallTurn, SetTurn, UserTurn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from random import Random

    from dialogue.edge import Edge, Ways
    from dialogue.expression import Expression
    from dialogue.graph import Graph
    from dialogue.phrasing import Wordings
    from dialogue.turn import Need
    from dialogue.unit import Unit


class Say(NamedTuple):
    """A turn of speech: the wordings to choose from and the texts that they print.

    `opens` is true for the user's first words of an exchange; `asked` is what a question asks for,
    `omitted` what is understood though it is not said.
    """

    speaker: str
    unit: Unit
    visit: int
    wordings: Wordings
    texts: Mapping[str, Any]
    opens: bool = False
    asked: tuple[str, ...] = ()
    omitted: tuple[str, ...] = ()
    outcome: str | None = None


class Look(NamedTuple):
    """A call of a tool and its result."""

    unit: Unit
    visit: int
    tool: str
    arguments: Mapping[str, Any]
    result: str
    rows: Sequence[Mapping[str, Any]]


Move: TypeAlias = "Say | Look"


class Outline(NamedTuple):
    """A session as played."""

    now: datetime
    units: tuple[Unit, ...]
    moves: tuple[Move, ...]
    facts: Mapping[str, Any]


def walk(graph: Graph, now: datetime, ways: Random, values: Random) -> Outline:
    """Walk from start to end; `ways` chooses units and gives-sets, slots draw from `values`."""
    return _Walker(graph, now, ways, values).outline()


class _Walker:
    """Walks one session; what it knows of it is in `play`."""

    def __init__(self, graph: Graph, now: datetime, ways: Random, values: Random) -> None:
        self.graph = graph
        self.ways = ways
        self.play = Play(graph.domain, now, values)
        self.moves: list[Move] = []
        self.units: list[Unit] = []

    def outline(self) -> Outline:
        unit: Unit | None = self.start()
        while unit is not None:
            self.visit(unit)
            unit = self.next()
        play = self.play
        return Outline(play.now, tuple(self.units), tuple(self.moves), play.facts)

    def start(self) -> Unit:
        edge = self.choose(self.graph.start)
        assert edge is not None
        assert edge.unit is not None
        return edge.unit

    def next(self) -> Unit | None:
        """Choose the next unit, or None for the end."""
        ways = self.graph.edges[self.units[-1].name]
        more = len(self.units) < self.graph.shortest
        edge = self.choose(ways, further=more)
        if edge is None and more:
            edge = self.choose(ways)
        assert edge is not None, "check lets no unit without a way to the end pass"
        if edge.redraw:
            self.play.redraw(edge.redraw)
        return edge.unit

    def choose(self, ways: Ways, *, further: bool = False) -> Edge | None:
        """Choose by weight among the edges that are open, `further` ones not leading to the end.

        An edge is drawn first and then asked: to draw again among the rest when it is closed gives
        the same odds as to ask all first, and asks far fewer.
        """
        edge = ways.edges[ways.draw(self.ways)]
        if not (further and edge.unit is None) and self.is_open(edge):
            return edge
        left = [e for e in ways.edges if e is not edge and not (further and e.unit is None)]
        while left:
            point = self.ways.random() * sum(edge.weight for edge in left)
            for edge in left:
                point -= edge.weight
                if point < 0:
                    break
            if self.is_open(edge):
                return edge
            left.remove(edge)
        return None

    def is_open(self, edge: Edge) -> bool:
        if edge.when is not None and not self.value(edge.when):
            return False
        if edge.unit is None:
            return True
        if len(self.units) + 1 + edge.distance > self.graph.longest:
            return False
        return edge.sure or self.can_enter(edge.unit)

    def can_enter(self, unit: Unit) -> bool:
        play = self.play
        if any(not play.faces.get(name) for name in unit.results):
            return False
        if not unit.varies:
            return True
        needed = {name.partition(".")[0] for need in unit.needs for name in need.names}
        if not all(play.can_draw(name) for name in sorted(needed)):
            return False
        return all(
            turn.when is not None or not turn.sets or any(play.can_say(one) for one in turn.sets)
            for turn in unit.turns
            if isinstance(turn, UserTurn)
        )

    def value(self, expression: Expression) -> Any:
        try:
            return expression.function(self.play.faces)
        except ARITHMETIC as error:
            what = f"'{expression.source}' cannot be computed: {error}"
            fix = "guard against values of other types"
            raise ContentError([Problem(expression.at, what, fix)]) from None

    # The moves of one visit.

    def visit(self, unit: Unit) -> None:
        self.units.append(unit)
        if unit.redraw:
            self.play.redraw(unit.redraw)
        self.play.faces.pop("outcome", None)
        asked, opens = False, True
        for turn in unit.turns:
            if turn.when is not None and not self.value(turn.when):
                continue
            if isinstance(turn, UserTurn):
                self.user(unit, turn, opens)
                opens = False
                continue
            if not asked:
                asked = True
                for need in unit.needs:
                    self.fulfil(unit, need)
            if isinstance(turn, CallTurn):
                self.call(unit, turn)
            elif isinstance(turn, SetTurn):
                for name, face in turn.faces.items():
                    text = turn.texts[name](self.play.texts)
                    self.play.bind(name, self.value(face), text)
            else:
                self.bot(unit, turn)

    def user(self, unit: Unit, turn: UserTurn, opens: bool) -> None:
        play = self.play
        if unit.varies:
            pairs = zip(turn.sets, turn.weights, strict=True)
            able = [pair for pair in pairs if play.can_say(pair[0])]
            if not able:
                return
            wordings = self.weighted(able)
        else:
            point = self.ways.random() * turn.bounds[-1]
            wordings = turn.sets[min(bisect_right(turn.bounds, point), len(turn.sets) - 1)]
        omitted: tuple[str, ...] = ()
        if opens:
            needed = [name for need in unit.needs for name in need.names]
            known = [one for name in needed if name in play.said for one in play.told(name)]
            known += [name for name in unit.results if self.is_meant(name, wordings)]
            given = {one for name in wordings.gives for one in play.told(name)} if known else ()
            omitted = tuple(name for name in dict.fromkeys(known) if name not in given)
        self.say("user", unit, wordings, opens=opens, omitted=omitted)

    def is_meant(self, result: str, wordings: Wordings) -> bool:
        """Tell whether a turn leaves a result to be understood, naming none of its rows itself."""
        rows = self.graph.domain.dependents.get(result, ())
        return result in self.play.faces and not any(name in rows for name in wordings.draws)

    def weighted(self, pairs: list[tuple[Wordings, float]]) -> Wordings:
        point = self.ways.random() * sum(weight for _, weight in pairs)
        for wordings, weight in pairs:
            point -= weight
            if point < 0:
                return wordings
        return pairs[-1][0]

    def fulfil(self, unit: Unit, need: Need) -> None:
        """Ask for what is missing until it is known; the user may give more than was asked."""
        play = self.play
        while missing := tuple(name for name in need.names if play.is_missing(name)):
            self.say("bot", unit, need.ask, asked=missing)
            able = [one for one in need.give if missing[0] in one.tells and play.can_say(one)]
            if not (able := [one for one in able if play.answers(one, missing[0])]):
                what = f"no answer says '{missing[0]}' of what was drawn"
                fix = f"add a phrasing under give: that prints '{missing[0]}'"
                raise ContentError([Problem(need.ask.phrasings[0].at, what, fix)])
            # Nobody repeats what has been said unless there is no other way to put it.
            fresh = [one for one in able if play.said.isdisjoint(one.gives)]
            self.say("user", unit, self.weighted([(one, 1.0) for one in fresh or able]))

    def say(
        self,
        speaker: str,
        unit: Unit,
        wordings: Wordings,
        *,
        opens: bool = False,
        asked: tuple[str, ...] = (),
        omitted: tuple[str, ...] = (),
        outcome: str | None = None,
    ) -> None:
        play = self.play
        for name in wordings.draws:
            if name not in play.values:
                play.drawn(name)
        visit = len(self.units) - 1
        self.moves.append(
            Say(speaker, unit, visit, wordings, play.texts.copy(), opens, asked, omitted, outcome)
        )
        if speaker == "user" and wordings.heard:
            play.hear(wordings.heard)

    def call(self, unit: Unit, turn: CallTurn) -> None:
        for slot in turn.tool.fillers:
            self.play.drawn(slot)
        arguments = {}
        for name, expression in turn.arguments.items():
            try:
                arguments[name] = turn.tool.argument(name, self.value(expression))
            except ValueError as error:
                fix = f"give what '{turn.tool.name}' takes"
                raise ContentError([Problem(expression.at, str(error), fix)]) from None
        try:
            rows = turn.tool.rows(arguments, self.play.local)
        except QueryError as error:
            raise ContentError([Problem(turn.at, error.what, error.fix)]) from None
        visit = len(self.units) - 1
        self.moves.append(Look(unit, visit, turn.tool.name, arguments, turn.result, rows))
        self.play.bind_rows(turn.result, rows, turn.words)

    def bot(self, unit: Unit, turn: BotTurn) -> None:
        for outcome in turn.outcomes:
            if outcome.when is None or self.value(outcome.when):
                name = outcome.name if turn.named else None
                if turn.named:
                    self.play.faces["outcome"] = outcome.name
                self.say("bot", unit, outcome.wordings, outcome=name)
                return
