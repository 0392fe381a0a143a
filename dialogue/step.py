"""A visit while it is played: what has been said in it, and what could be said otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.behaviours.behaviour import Topic
from dialogue.kind import TextKind
from dialogue.outline import Say
from dialogue.turn import UserTurn

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from random import Random

    from dialogue.edge import Edge
    from dialogue.phrasing import Wordings
    from dialogue.player import Player
    from dialogue.turn import Need
    from dialogue.unit import Unit


class Step:
    """One visit to a unit; `number` is its place among the visits of the session."""

    def __init__(self, player: Player, unit: Unit, number: int) -> None:
        self.player = player
        self.play = player.play
        self.unit = unit
        self.number = number
        self.given: dict[str, None] = {}  # what the user has said in this exchange
        self.asked = False  # the bot has begun with what it needs
        self.opened = False  # the first words were said before it began
        self.kept: dict[bool, tuple[int, list[Topic]]] = {}  # topics, those that are doubted apart

    @property
    def rng(self) -> Random:
        assert self.player.conduct is not None
        return self.player.conduct.rng

    # What has been said.

    def hear(self, gives: Iterable[str]) -> None:
        """Note what the user says in this exchange."""
        self.given.update(dict.fromkeys(gives))

    @property
    def may_end(self) -> bool:
        return self.player.ahead is None and self.player.roads.may_end()

    @property
    def told(self) -> bool:
        return self.last_spoke("user")

    @property
    def answered(self) -> bool:
        return self.last_spoke("bot")

    def last_spoke(self, speaker: str) -> bool:
        moves = self.player.moves
        last = moves[-1] if moves else None
        return isinstance(last, Say) and last.speaker == speaker and last.visit == self.number

    def missing(self, need: Need) -> tuple[str, ...]:
        return tuple([name for name in need.names if self.play.is_missing(name)])

    def answers(self, need: Need, *, partly: bool = False) -> list[Wordings]:
        play, missing = self.play, self.missing(need)
        if not missing or (partly and len(missing) < 2):
            return []
        first = missing[0]
        able = [one for one in need.give if first in one.tells]
        if partly:
            able = [one for one in able if self.leaves(one, missing) and self.is_sure(one, first)]
        able = [one for one in able if play.can_say(one)]
        return [one for one in able if play.answers(one, first)]

    def is_settled(self, need: Need) -> bool:
        play, slots = self.play, self.play.domain.names.slots
        for name in need.names:
            slot_name, _, part = name.partition(".")
            slot = slots[slot_name]
            lacks = part and (part in slot.optional or slot.composites)
            if lacks and slot_name not in play.values:
                return False
        return all(play.is_settled(name) for one in need.give for name in one.draws)

    def is_sure(self, wordings: Wordings, name: str) -> bool:
        """Tell whether nothing must be drawn to know that words can be said, and say a name."""
        slot = self.play.domain.names.slots[name.partition(".")[0]]
        whole = name in wordings.gives or not slot.composites or slot.name in self.play.values
        return whole and all(self.play.is_settled(one) for one in wordings.draws)

    def leaves(self, wordings: Wordings, missing: tuple[str, ...]) -> bool:
        """Tell whether an answer leaves something to be asked, and what it says is new."""
        return self.play.said.isdisjoint(wordings.gives) and not wordings.tells.issuperset(missing)

    def topics(self) -> list[Topic]:
        return self._kept_topics(doubted=False)

    def doubts(self) -> list[Topic]:
        return self._kept_topics(doubted=True)

    def _kept_topics(self, *, doubted: bool) -> list[Topic]:
        """Return what may be said otherwise, looked up once while nothing more is said."""
        if not self.given:
            return []
        at = len(self.player.moves)
        found = self.kept.get(doubted)
        if found is None or found[0] != at:
            found = self.kept[doubted] = at, [*self._topics(doubted=doubted)]
        return found[1]

    def _topics(self, *, doubted: bool) -> Iterator[Topic]:
        play, slots, seen = self.play, self.play.domain.names.slots, set()
        for need in self.unit.needs:
            for name in need.names:
                slot_name, _, part = name.partition(".")
                slot = slots[slot_name]
                if slot.into or (doubted and slot.certain) or not self.is_given(slot_name, part):
                    continue
                names = tuple(f"{slot_name}.{one}" for one in slot.group(part)) if part else (name,)
                if names in seen:
                    continue
                seen.add(names)
                told = tuple([n for n in names if n in play.said and play.told(n) == (n,)])
                value = self.plainest(need, names, told) if told else None
                if value is None:
                    continue
                redraw = (name,) if part else tuple(self.sources(slot_name))
                if redraw and play.may_change(slot_name):
                    just = not self.just_said().isdisjoint(told)
                    yield Topic(need, told, redraw, value, just)

    def just_said(self) -> set[str]:
        """Return what the user said in the turn before, if it was theirs."""
        moves = self.player.moves
        last = moves[-1] if moves else None
        if not isinstance(last, Say) or last.speaker != "user":
            return set()
        said = (one.value or one.wordings for one in (last, *last.also))
        return {leaf for one in said for name in one.gives for leaf in self.play.told(name)}

    def sources(self, name: str) -> Iterator[str]:
        """Yield what is drawn anew for a slot: itself, or what a text is made of."""
        play = self.play
        slot = play.domain.names.slots[name]
        if not isinstance(slot.kind, TextKind):
            yield name
            return
        for other in slot.kind.depends:
            texts = play.domain.dependents[other]
            said = [one for one in (other, *texts) if one != name and one in play.said]
            if not said and play.domain.names.slots[other].kind.has_others(play):
                yield from self.sources(other)

    def is_given(self, slot: str, part: str) -> bool:
        """Tell whether the user has said a slot here, or anything of a part's group."""
        if not part:
            return slot in self.given and slot in self.play.said
        group = self.play.domain.names.slots[slot].group(part)
        return any(f"{slot}.{one}" in self.given for one in group)

    def plain(self, name: str, need: Need) -> Wordings | None:
        value = self.plainest(need, (name,), (name,))
        return value if value is not None and self.play.can_say(value) else None

    def plainest(
        self, need: Need, names: Collection[str], told: Collection[str]
    ) -> Wordings | None:
        """Return the first wordings that say these names and no others, and all that was told."""
        for one in need.give:
            if one.tells.issuperset(told) and set(one.gives) <= set(names):
                said = {leaf for name in one.gives for leaf in self.play.told(name)}
                if said.issuperset(told):
                    return one
        return None

    # What is left out.

    def known(self, turn: UserTurn) -> bool:
        draws = (name for one in turn.sets for name in one.draws)
        if self.play.said.isdisjoint(self.unit.needed) or not all(map(self.play.is_settled, draws)):
            return False
        able = self.able(turn)
        again = {len(self.again(one)) for one, _ in able}
        return bool(again) and min(again) < max(len(self.repeated(one)) for one, _ in able)

    def able(self, turn: UserTurn) -> list[tuple[Wordings, float]]:
        """Return the sets, with weights, whose values are there or can be drawn."""
        every = zip(turn.sets, turn.weights, strict=True)
        return [pair for pair in every if pair[1] and self.play.can_say(pair[0])]

    def brief(self, turn: UserTurn) -> list[tuple[Wordings, float]]:
        """Return the sets, with weights, that say least of what is known again."""
        able = self.able(turn)
        again = [len(self.again(one)) for one, _ in able]
        least = min(again)
        return [pair for pair, count in zip(able, again, strict=True) if count == least]

    def again(self, wordings: Wordings) -> set[str]:
        """Return what these words say again, pronouns left out."""
        return self.repeated(wordings).difference(self.pronouns(wordings))

    def repeated(self, wordings: Wordings) -> set[str]:
        """Return what these words say of what is needed and known."""
        return self.play.said.intersection(self.unit.needed).intersection(wordings.gives)

    def omitted(self, wordings: Wordings, pronouns: Collection[str] = ()) -> tuple[str, ...]:
        """Return what is needed and known and not said by these words but by `pronouns`."""
        play, unit = self.play, self.unit
        if not unit.needed and not unit.results:
            return ()
        known = [one for name in unit.needed if name in play.said for one in play.told(name)]
        known += [name for name in unit.results if self.is_meant(name, wordings)]
        said = [name for name in wordings.gives if name not in pronouns]
        given = {one for name in said for one in play.told(name)} if known else ()
        return tuple(name for name in dict.fromkeys(known) if name not in given)

    def is_meant(self, result: str, wordings: Wordings) -> bool:
        """Tell whether a turn leaves a result to be understood, naming none of its rows itself."""
        rows = self.play.domain.dependents.get(result, ())
        return result in self.play.faces and not any(name in rows for name in wordings.draws)

    def pronouns(self, wordings: Wordings) -> dict[str, tuple[str, ...]]:
        """Return what may stand for slots that are known, where these words say them."""
        slots = self.play.domain.names.slots
        known = self.play.said.intersection(self.unit.needed)
        return {
            name: slots[name].pronouns
            for name in wordings.gives
            if name in known and name in slots and slots[name].pronouns
        }

    # What else could be asked.

    def named(self, unit: str) -> Unit:
        return self.play.domain.units[unit]

    def indifferent(self, name: str) -> bool:
        slots = self.play.domain.names.slots
        return name in slots and slots[name].indifferent

    def asides(self) -> Iterator[Edge]:
        ahead = self.player.ahead
        for edge in self.player.roads.edges(self.unit):
            unit = edge.unit
            if unit is None or not edge.aside or (ahead is not None and ahead.unit is unit):
                continue
            if self.is_answerable(unit) and self.is_open(edge):
                yield edge

    def is_answerable(self, unit: Unit) -> bool:
        """Tell whether the bot has nothing to ask, whatever the user opens a unit with."""
        play = self.play
        anew = self.renewed(unit)
        opening = next(turn for turn in unit.turns if isinstance(turn, UserTurn))
        return all(
            (name in play.said and name not in anew)
            or all(name in one.tells for one in opening.sets)
            for name in unit.needed
        )

    def renewed(self, unit: Unit) -> set[str]:
        """Return what a unit draws anew on entry, with all that is drawn because of it."""
        names, dependents = self.play.domain.names, self.play.domain.dependents
        anew = {one for name in unit.redraw for one in names.redrawn(name)}
        left = [name.partition(".")[0] for name in unit.redraw]
        while left:
            for other in dependents.get(left.pop(), ()):
                if other not in anew:
                    anew.update((other, *names.slots[other].names))
                    left.append(other)
        return anew

    def followers(self) -> Iterator[Edge]:
        if self.number == len(self.player.visits) - 1:
            for edge in self.player.roads.edges(self.unit):
                if edge.ahead and self.is_open(edge):
                    yield edge

    def is_open(self, edge: Edge) -> bool:
        """Tell whether a way can be taken now, as far as nothing must be drawn to know that."""
        if edge.unit is None or edge.sure:
            return self.player.roads.is_open(edge)
        names = {*edge.unit.slots}
        for turn in edge.unit.turns:
            if isinstance(turn, UserTurn):
                names.update(name for one in turn.sets for name in one.draws)
        return all(map(self.play.is_settled, names)) and self.player.roads.is_open(edge)
