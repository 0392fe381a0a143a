"""Moves in, a session as played out: what they say, look up and change, one after the other."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, Protocol

from dialogue.expression import ARITHMETIC
from dialogue.move import (
    Again,
    Ahead,
    Answer,
    Ask,
    Bind,
    Call,
    Close,
    Digress,
    End,
    Fill,
    Give,
    Join,
    Known,
    Move,
    Open,
    Redraw,
    Retell,
    Tell,
)
from dialogue.outline import Look, Played, Say, Visit
from dialogue.phrasing import heard
from dialogue.problem import ContentError, Problem
from dialogue.step import Step
from dialogue.tables import QueryError
from dialogue.template import Rope
from dialogue.turn import BotTurn, CallTurn, SetTurn, UserTurn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from random import Random

    from dialogue.behaviours import Conduct
    from dialogue.edge import Edge
    from dialogue.expression import Expression
    from dialogue.phrasing import Wordings
    from dialogue.play import Play
    from dialogue.unit import Unit


class Roads(Protocol):
    """What a walk tells of the ways on."""

    def edges(self, unit: Unit) -> Iterable[Edge]:
        """Return the edges out of a unit."""

    def is_open(self, edge: Edge) -> bool:
        """Tell whether an edge can be taken now."""

    def may_end(self) -> bool:
        """Tell whether the walk is long enough."""


class Player:
    """Plays the visits of one session; what is known of it is in `play`.

    `ways` chooses gives-sets; `conduct` rewrites moves, if anything does; `roads` tells where the
    walk may go. `ahead` is the visit whose first words have been said already; `over` that nothing
    follows.
    """

    def __init__(
        self,
        play: Play,
        ways: Random,
        conduct: Conduct | None,
        roads: Roads,
    ) -> None:
        self.play = play
        self.ways = ways
        self.conduct = conduct
        self.roads = roads
        self.moves: list[Played] = []
        self.visits: list[Visit] = []
        self.ahead: Step | None = None
        self.over = False
        self.by: str | None = None  # the behaviour whose moves are played
        self.join: str | None = None  # what is said next is of the same turn, after this

    def value(self, expression: Expression) -> Any:
        """Evaluate a guard or an argument; raises ContentError at its place."""
        try:
            return expression.function(self.play.faces)
        except ARITHMETIC as error:
            what = f"'{expression.source}' cannot be computed: {error}"
            fix = "guard against values of other types"
            raise ContentError([Problem(expression.at, what, fix)]) from None

    # A visit.

    def enter(self, unit: Unit, parent: int | None = None) -> Step:
        """Begin a visit."""
        self.visits.append(Visit(unit, parent))
        if unit.redraw:
            self.play.redraw(unit.redraw)
        return Step(self, unit, len(self.visits) - 1)

    def visit(self, step: Step) -> None:
        """Play a visit to its end, or to that of the session."""
        play = self.play
        play.faces.pop("outcome", None)
        opens = True
        for turn in step.unit.turns:
            if self.over:
                return
            if turn.when is not None and not self.value(turn.when):
                continue
            if isinstance(turn, UserTurn):
                if not (opens and step.opened):
                    self.perform(step, Open(turn, opens))
                opens = False
                continue
            if not step.asked:
                step.asked = True
                for need in step.unit.needs:
                    self.perform(step, Fill(need))
                self.perform(step, _KNOWN)
            self.perform(step, _MOVED[type(turn)](turn))
        self.perform(step, _CLOSE)

    def perform(self, step: Step, move: Move) -> None:
        """Play a move, or what a behaviour makes of it."""
        if self.over:
            return
        if self.conduct is not None and self.by is None:
            found = self.conduct.rewritten(step, move)
            if found is not None:
                name, moves = found
                for one in moves:
                    self.by = None if one is move else name
                    self.do(step, one)
                self.by = self.join = None
                return
        self.do(step, move)

    def do(self, step: Step, move: Move) -> None:
        """Play a move as it stands."""
        if not self.over:
            _PLAYED[type(move)](self, step, move)

    # What the user says.

    def open(self, step: Step, move: Open) -> None:
        play, turn, unit = self.play, move.turn, step.unit
        if move.brief:
            wordings = self.weighted(step.brief(turn))
        elif unit.varies:
            every = zip(turn.sets, turn.weights, strict=True)
            able = [pair for pair in every if play.can_say(pair[0])]
            if not able:
                return
            wordings = self.weighted(able)
        else:
            point = self.ways.random() * turn.bounds[-1]
            wordings = turn.sets[min(bisect_right(turn.bounds, point), len(turn.sets) - 1)]
        omitted: tuple[str, ...] = ()
        pronouns: dict[str, Rope] = {}
        if move.brief:
            choose = step.rng.choice
            pronouns = {name: Rope(choose(some)) for name, some in step.pronouns(wordings).items()}
        if move.first:
            omitted = step.omitted(wordings, pronouns)
        self.say(step, "user", wordings, opens=move.first, omitted=omitted, pronouns=pronouns)

    def weighted(self, pairs: list[tuple[Wordings, float]]) -> Wordings:
        """Choose by weight."""
        point = self.ways.random() * sum(weight for _, weight in pairs)
        for wordings, weight in pairs:
            point -= weight
            if point < 0:
                return wordings
        return pairs[-1][0]

    # What is missing.

    def fill(self, step: Step, move: Fill) -> None:
        while missing := step.missing(move.need):
            self.perform(step, Ask(move.need, missing))
            self.perform(step, Give(move.need))
            if self.over:
                return

    def ask(self, step: Step, move: Ask) -> None:
        self.say(step, "bot", move.need.ask, asked=move.missing)

    def give(self, step: Step, move: Give) -> None:
        play, need = self.play, move.need
        missing = step.missing(need)
        if not missing:
            return
        able = step.answers(need, partly=move.partly)
        if not able:
            what = f"no answer says '{missing[0]}' of what was drawn"
            fix = f"add a phrasing under give: that prints '{missing[0]}'"
            raise ContentError([Problem(need.ask.phrasings[0].at, what, fix)])
        # Nobody repeats what has been said unless there is no other way to put it.
        fresh = [one for one in able if play.said.isdisjoint(one.gives)]
        self.say(step, "user", self.weighted([(one, 1.0) for one in fresh or able]))

    # What the bot does.

    def call(self, step: Step, move: Call) -> None:
        turn, play = move.turn, self.play
        for slot in turn.tool.fillers:
            play.drawn(slot)
        arguments = {}
        for name, expression in turn.arguments.items():
            try:
                arguments[name] = turn.tool.argument(name, self.value(expression))
            except ValueError as error:
                fix = f"give what '{turn.tool.name}' takes"
                raise ContentError([Problem(expression.at, str(error), fix)]) from None
        try:
            rows = turn.tool.rows(arguments, play.local)
        except QueryError as error:
            raise ContentError([Problem(turn.at, error.what, error.fix)]) from None
        self.moves.append(
            Look(step.unit, step.number, turn.tool.name, arguments, turn.result, rows)
        )
        play.bind_rows(turn.result, rows, turn.words)

    def bind(self, step: Step, move: Bind) -> None:  # noqa: ARG002
        turn, play = move.turn, self.play
        for name, face in turn.faces.items():
            text = turn.texts[name](play.texts)
            play.bind(name, self.value(face), text)

    def answer(self, step: Step, move: Answer) -> None:
        turn = move.turn
        for outcome in turn.outcomes:
            if outcome.when is None or self.value(outcome.when):
                name = outcome.name if turn.named else None
                if turn.named:
                    self.play.faces["outcome"] = outcome.name
                self.say(step, "bot", outcome.wordings, outcome=name)
                return

    def nothing(self, step: Step, move: Move) -> None:
        """Play a move that only marks a place."""

    # What behaviours do.

    def tell(self, step: Step, move: Tell) -> None:
        omitted: tuple[str, ...] = ()
        if move.elliptic and move.value is not None:
            omitted = step.omitted(move.value)
        self.say(
            step,
            move.speaker,
            move.wordings,
            omitted=omitted,
            value=move.value,
            act=move.act,
            about=move.about,
            intent=move.intent,
        )

    def joined(self, step: Step, move: Join) -> None:  # noqa: ARG002
        self.join = move.text

    def again(self, step: Step, move: Again) -> None:  # noqa: ARG002
        said = self.moves if self.join is None else self.moves[:-1]  # less what it is joined to
        last = next(one for one in reversed(said) if isinstance(one, Say) and one.speaker == "bot")
        # What was joined to it, in front, was the way back to it.
        self.add((last.also[-1] if last.also else last)._replace(join="", also=(), by=self.by))

    def redraw(self, step: Step, move: Redraw) -> None:  # noqa: ARG002
        self.play.redraw(move.names, otherwise=True)

    def retell(self, step: Step, move: Retell) -> None:  # noqa: ARG002
        self.play.faces.pop("outcome", None)
        for need in step.unit.needs:
            self.perform(step, Fill(need))
        for turn in step.unit.turns:
            if isinstance(turn, UserTurn) or (turn.when is not None and not self.value(turn.when)):
                continue
            self.do(step, _MOVED[type(turn)](turn))

    def digress(self, step: Step, move: Digress) -> None:
        # The bot has not answered here yet: what it answered there is no outcome of this.
        self.visit(self.enter(move.unit, step.number))
        self.play.faces.pop("outcome", None)

    def open_ahead(self, step: Step, move: Ahead) -> None:  # noqa: ARG002
        ahead = self.ahead = self.enter(move.unit)
        turn = next(turn for turn in move.unit.turns if isinstance(turn, UserTurn))
        said = Open(turn, first=True)
        self.do(ahead, said)
        ahead.opened = True

    def end(self, step: Step, move: End) -> None:  # noqa: ARG002
        self.over = True

    # Speech.

    def say(
        self,
        step: Step,
        speaker: str,
        wordings: Wordings,
        *,
        opens: bool = False,
        asked: tuple[str, ...] = (),
        omitted: tuple[str, ...] = (),
        outcome: str | None = None,
        value: Wordings | None = None,
        act: str | None = None,
        about: tuple[str, ...] = (),
        intent: str | None = None,
        pronouns: Mapping[str, Any] | None = None,
    ) -> None:
        play = self.play
        told = wordings if value is None else value
        for name in told.draws:
            if name not in play.values:
                play.drawn(name)
        texts = play.texts.copy()
        if pronouns:
            texts.update(pronouns)
            for view in {one for name in pronouns for one in play.domain.views_of.get(name, ())}:
                texts[view.name] = view.text(texts)
        self.add(
            Say(
                speaker,
                step.unit,
                step.number,
                wordings,
                texts,
                opens,
                asked,
                omitted,
                outcome,
                value,
                act,
                about,
                intent,
                self.by,
            )
        )
        if speaker == "user":
            if act == "affirm":
                play.hear(heard(name) for name in about)
                step.hear(about)
            if told.heard:
                play.hear(told.heard)
                step.hear(told.gives)

    def add(self, say: Say) -> None:
        """Add what is said, to the turn before if it is of the same."""
        if self.join is not None:
            last = self.moves[-1]
            if isinstance(last, Say) and last.speaker == say.speaker:
                say = say._replace(join=self.join)
                self.moves[-1] = last._replace(also=(*last.also, say))
                self.join = None
                return
            self.join = None
        self.moves.append(say)


_KNOWN, _CLOSE = Known(), Close()
_MOVED: dict[type, Callable[[Any], Move]] = {CallTurn: Call, SetTurn: Bind, BotTurn: Answer}
_PLAYED: dict[type, Callable[[Player, Step, Any], None]] = {
    Open: Player.open,
    Fill: Player.fill,
    Ask: Player.ask,
    Give: Player.give,
    Known: Player.nothing,
    Call: Player.call,
    Bind: Player.bind,
    Answer: Player.answer,
    Close: Player.nothing,
    Tell: Player.tell,
    Join: Player.joined,
    Again: Player.again,
    Redraw: Player.redraw,
    Retell: Player.retell,
    Digress: Player.digress,
    Ahead: Player.open_ahead,
    End: Player.end,
}
