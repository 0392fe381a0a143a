"""Phrasings held out: the units of a graph in, the split of every wording out.

Units come first: what behaviours say of the same text goes with them, and the rest is shared out
after them, so that the wordings of a unit are in the same split whatever people do.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import networkx as nx

from dialogue.behaviours import Behaviours
from dialogue.compiler.behaviours import samples
from dialogue.compiler.samples import sample
from dialogue.holdout.shares import shares
from dialogue.phrasing import Wordings
from dialogue.problem import ContentError, Problem
from dialogue.template import RenderError
from dialogue.turn import BotTurn, Need, Turn, UserTurn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dialogue.domain import Domain
    from dialogue.phrasing import Phrasing
    from dialogue.slot import Slot
    from dialogue.split import Splits
    from dialogue.template import Rope
    from dialogue.unit import Unit

_ROWS = 2


@dataclass(frozen=True, slots=True)
class PhrasingAxis:
    """The split of every phrasing, by its id; those that all splits share have none.

    `wordings` are the texts of those that have one.
    """

    homes: Mapping[str, str]
    wordings: Mapping[str, str]

    def unit(self, unit: Unit, split: str) -> Unit:
        """Return a unit as a split speaks it."""
        return replace(
            unit,
            needs=tuple(self._need(need, split) for need in unit.needs),
            turns=tuple(self._turn(turn, split) for turn in unit.turns),
        )

    def behaviours(self, whole: Behaviours | None, split: str) -> Behaviours | None:
        """Return behaviours as a split words them."""
        if whole is None:
            return None
        rates = []
        for behaviour, rate, voice in whole.rates:
            kept = {name: self._kept(one, split) for name, one in voice.wordings.items()}
            wordings = {name: one for name, one in kept.items() if one is not None}
            rates.append((behaviour, rate, voice._replace(wordings=wordings)))
        return Behaviours(rates)

    def _need(self, need: Need, split: str) -> Need:
        ask = self._kept(need.ask, split)
        assert ask is not None
        return replace(need, ask=ask, give=tuple(self._all_kept(need.give, split)))

    def _turn(self, turn: Turn, split: str) -> Turn:
        if isinstance(turn, UserTurn):
            pairs = [
                (kept, weight)
                for one, weight in zip(turn.sets, turn.weights, strict=True)
                if (kept := self._kept(one, split)) is not None
            ]
            weights = tuple(weight for _, weight in pairs)
            sets = tuple(kept for kept, _ in pairs)
            return replace(turn, sets=sets, weights=weights, bounds=tuple(accumulate(weights)))
        if isinstance(turn, BotTurn):
            outcomes = []
            for outcome in turn.outcomes:
                wordings = self._kept(outcome.wordings, split)
                assert wordings is not None
                outcomes.append(replace(outcome, wordings=wordings))
            return replace(turn, outcomes=tuple(outcomes))
        return turn

    def _all_kept(self, wordings: Iterable[Wordings], split: str) -> Iterator[Wordings]:
        for one in wordings:
            if (kept := self._kept(one, split)) is not None:
                yield kept

    def _kept(self, wordings: Wordings, split: str) -> Wordings | None:
        kept = [
            phrasing
            for phrasing in wordings.phrasings
            if phrasing.weight and self.homes.get(phrasing.id, split) == split
        ]
        if not kept:
            return None
        return replace(Wordings.of(kept, wordings.draws), tells=wordings.tells)


@dataclass(frozen=True, slots=True)
class _List:
    """Phrasings of one list that every split must have one of; `what` names the list."""

    what: str
    phrasings: tuple[Phrasing, ...]
    by_bot: bool = False


def hold_out_phrasings(
    units: Sequence[Unit], behaviours: Behaviours | None, domain: Domain, splits: Splits
) -> PhrasingAxis:
    """Give every wording to one split; raises ContentError for lists with too few.

    The same text in two lists, or two that can say the same but for values, are one wording.
    """
    spoken = {p.id: p for unit in units for p in unit.phrasings() if p.weight}
    lists = [one for unit in units for one in _lists(unit, domain.names.slots)]
    bot = {phrasing.id for one in lists if one.by_bot for phrasing in one.phrasings}
    told = {spoken[name].template.source for name in bot if spoken[name].shared}
    shared = {name for name in bot if spoken[name].template.source in told}
    said = _said((p for p in spoken.values() if p.id not in shared), sample(domain.names, 0, _ROWS))
    wording = _wordings(said)
    demanded = [one for one in lists if not any(p.id in shared for p in one.phrasings)]
    demands = [_distinct(one.phrasings, wording) for one in demanded]
    wishes = [_distinct(one, wording) for unit in units for one in _sets(unit)]
    everywhere = [_distinct(one.phrasings, wording) for one in lists]
    rest = tuple(dict.fromkeys(wording.values()))
    given, unmet = shares(splits, [*everywhere, *wishes, rest], demands, wishes)
    if unmet:
        many = len(splits.names)
        raise ContentError(_shortage(demanded[n], len(demands[n]), many) for n in unmet)
    homes = {name: given[thing] for name, thing in wording.items()}
    axis = PhrasingAxis(homes, {name: spoken[name].template.source for name in wording})
    if behaviours is None:
        return axis
    return _with_voices(axis, {text: homes[name] for name in said for text in said[name]},
                        behaviours, splits)  # fmt: skip


def _with_voices(
    axis: PhrasingAxis, taken: Mapping[str, str], behaviours: Behaviours, splits: Splits
) -> PhrasingAxis:
    """Give the wordings of behaviours to splits; a text that is `taken` goes with its split.

    The bot's are shared by all splits, unless they are taken.
    """
    lists = [
        _List(f"list {name}", _spoken([wordings]), by_bot=name == "bot")
        for _, _, voice in behaviours.rates
        if voice.unit is None
        for name, wordings in voice.wordings.items()
    ]
    spoken = {p.id: p for one in lists for p in one.phrasings}
    said = _said(spoken.values(), samples())
    there = {name: {taken[text] for text in said[name] if text in taken} for name in said}
    bot = {p.id for one in lists if one.by_bot for p in one.phrasings if not there[p.id]}
    wording = _wordings({name: texts for name, texts in said.items() if name not in bot})
    found: dict[str, set[str]] = {}
    for name, thing in wording.items():
        found.setdefault(thing, set()).update(there[name])
    # For what can say what two splits say there is no place: nobody says it.
    homeless = {name for name, thing in wording.items() if len(found[thing]) > 1}
    wording = {name: thing for name, thing in wording.items() if name not in homeless}
    known = {thing: home for thing in wording.values() for home in found[thing]}
    demanded = [one for one in lists if not any(p.id in bot for p in one.phrasings)]
    demands = [_distinct(one.phrasings, wording) for one in demanded]
    given, unmet = shares(splits, demands, demands, given=known)
    if unmet:
        many = len(splits.names)
        raise ContentError(_shortage(demanded[n], len(demands[n]), many) for n in unmet)
    homes = {name: given[thing] for name, thing in wording.items()}
    homes |= dict.fromkeys(homeless, "")
    return PhrasingAxis(
        {**axis.homes, **homes},
        {**axis.wordings, **{name: spoken[name].template.source for name in homes}},
    )


def _distinct(phrasings: Iterable[Phrasing], wording: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(wording[p.id] for p in phrasings if p.id in wording))


def _lists(unit: Unit, slots: Mapping[str, Slot]) -> Iterator[_List]:
    """Yield what must be sayable in a unit, for it to be open and to end as in the whole pack."""
    for need in unit.needs:
        yield _List(f"ask for {'、'.join(need.names)}", _spoken([need.ask]), by_bot=True)
        for name in need.names:
            answers = [one for one in need.give if name in one.tells]
            # An answer that draws more than what is needed may have nothing to draw.
            safe = [
                one
                for one in answers
                if not any(slots[n].varies for n in one.draws if n not in unit.slots)
            ]
            yield _List(f"give {name}", _spoken(safe or answers))
    for turn in unit.turns:
        if isinstance(turn, UserTurn):
            sets = [one for one, weight in zip(turn.sets, turn.weights, strict=True) if weight]
            if not unit.varies:  # then one of its sets can always be said, and must be
                sets = [one for one in sets if not any(slots[name].varies for name in one.draws)]
            yield _List("user", _spoken(sets))
        elif isinstance(turn, BotTurn):
            for outcome in turn.outcomes:
                what = f"bot, outcome {outcome.name}" if turn.named else "bot"
                yield _List(what, _spoken([outcome.wordings]), by_bot=True)


def _sets(unit: Unit) -> Iterator[tuple[Phrasing, ...]]:
    """Yield what every split should be able to say, where there is enough: each set of slots."""
    for need in unit.needs:
        yield from (_spoken([one]) for one in need.give)
    for turn in unit.turns:
        if isinstance(turn, UserTurn):
            pairs = zip(turn.sets, turn.weights, strict=True)
            yield from (_spoken([one]) for one, weight in pairs if weight)


def _spoken(wordings: Iterable[Wordings]) -> tuple[Phrasing, ...]:
    return tuple(phrasing for one in wordings for phrasing in one.phrasings if phrasing.weight)


def _said(phrasings: Iterable[Phrasing], texts: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return id → what each can say but for values, its source among it."""
    said: dict[str, set[str]] = {}
    for phrasing in phrasings:
        known = said[phrasing.id] = {phrasing.template.source}
        # One that does not fit the samples is known by its source, and by what did fit.
        with suppress(RenderError):
            known.update(map(_without_values, phrasing.template.variants(texts)))
    return said


def _wordings(said: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return id → wording: those that can say the same are one."""
    network: nx.Graph[tuple[str, str]] = nx.Graph()
    for name, texts in said.items():
        network.add_edges_from((("id", name), ("says", text)) for text in texts)
    wordings = {}
    for component in nx.connected_components(network):
        names = sorted(name for kind, name in component if kind == "id")
        wordings.update(dict.fromkeys(names, names[0]))
    return {name: wordings[name] for name in said}


def _without_values(rope: Rope) -> str:
    """Return a text in which only the names of slots stand for what they say."""
    text, at, said = str.__str__(rope), 0, []
    for start, end, label in rope.pieces:
        said += [text[at:start], f"{{{label.slot}.{label.part}}}"]
        at = end
    return "".join([*said, text[at:]]).strip()


def _shortage(one: _List, there: int, splits: int) -> Problem:
    first = min(one.phrasings, key=lambda phrasing: phrasing.at)
    owner = first.id.rpartition("/")[0].replace(":", " ")
    if there >= splits:
        what = f"'{owner}' ({one.what}) has no wording of its own for each of {splits} splits"
        return Problem(first.at, what, "write some that stand nowhere else")
    many = f"{there} wording{'' if there == 1 else 's'}"
    what = f"'{owner}' ({one.what}) has {many} for {splits} splits"
    fix = f"write {splits - there} more"
    if one.by_bot:
        fix += ", or let all splits say one: {say: …, shared: true}"
    return Problem(first.at, what, fix)
