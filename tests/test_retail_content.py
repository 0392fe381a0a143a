"""What the pack of the shop says: enough, in words of its own, all of it reached, as in chats."""

from __future__ import annotations

import random
import re
from collections import Counter
from functools import cache
from itertools import chain, combinations
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest
from loose import composed
from reach import Used
from replay import GRAPHS, Pack, marked, pack_of

from dialogue import compose, load_graph
from dialogue.likeness import ALIKE, alike, bare, only_slots

if TYPE_CHECKING:
    from collections.abc import Iterable

SESSIONS = 10_000
SHARED = 1200  # of these, with other files
CROWD = 0.08

# What is written.


@cache
def pack() -> Pack:
    return pack_of(GRAPHS["retail"])


def shared(said: Iterable[tuple[str, Any]]) -> dict[str, set[Any]]:
    """Return the bare phrasings that more than one owner has."""
    owners: dict[str, set[Any]] = {}
    for source, owner in said:
        if not only_slots(bare(source)):
            owners.setdefault(bare(source), set()).add(owner)
    return {words: found for words, found in owners.items() if len(found) > 1}


def test_phrasings_are_compared_by_their_words() -> None:
    assert bare("{{ pick('', '亲，') }}寄到 {{ 地点 | trim }}？") == "寄到¤"
    assert bare("{{ order(地点, 时间, sep=['', '，']) }}, OK 吗") == "¤¤ok吗"
    assert bare("？") == bare("???") == ""
    assert only_slots("¤¤")
    assert not only_slots("")
    assert alike("¤到哪了", "¤到哪里了") == 2 / 5
    assert alike("嗯", "嗯") == 1


@pytest.mark.parametrize("unit", pack().units)
def test_unit_has_enough_to_say(unit: str) -> None:
    counts = Counter(
        (one.kind, one.turn, one.place) for one in pack().wordings if one.owner == unit
    )
    users = [count for (kind, *_), count in counts.items() if kind == "user"]
    if users:  # where the customer is silent, there is none
        assert sum(users) >= 20
    assert {at: count for at, count in counts.items() if at[0] != "user" and count < 5} == {}


def test_slots_are_given_in_enough_ways() -> None:
    counts = Counter(
        one.owner for one in pack().wordings if one.kind == "give" and one.owner.startswith("slot:")
    )
    assert counts
    assert {owner: count for owner, count in counts.items() if count < 5} == {}


@pytest.mark.parametrize("unit", pack().units)
def test_no_two_phrasings_of_a_unit_are_alike(unit: str) -> None:
    said = [one.source for one in pack().wordings if (one.owner, one.kind) == (unit, "user")]
    found = [
        (one, other)
        for one, other in combinations(said, 2)
        if not only_slots(bare(one)) and not only_slots(bare(other))
        if alike(bare(one), bare(other)) > ALIKE
    ]
    assert found == []


def test_no_phrasing_has_two_intents() -> None:
    def intent(unit: str) -> str:
        return str(pack().units[unit].get("intent", unit))

    said = [(one.source, intent(one.owner)) for one in pack().wordings if one.kind == "user"]
    assert len(said) > 2000
    assert shared(said) == {}


def test_no_answer_stands_for_two_things() -> None:
    def labels(one: Any) -> tuple[str, ...]:
        return tuple(sorted(pack().label(give) for give in pack().given[one]))

    said = [(one.source, labels(one)) for one in pack().wordings if one.kind == "give"]
    assert len(said) > 200
    assert shared(said) == {}


# What is composed.


class Heard:
    """What 10,000 sessions show: phrasings and outcomes, and the turns as they are read."""

    def __init__(self) -> None:
        self.used = Used(pack())
        self.visited: Counter[str] = Counter()
        self.users: list[tuple[str, str]] = []  # texts with their masks
        self.bots: list[int] = []  # lengths
        first = composed("retail", SHARED)
        rest = compose(load_graph(GRAPHS["retail"]), SESSIONS, 0, start=SHARED)
        for session in chain(first, rest):
            self.used.session(session)
            self.visited.update(session["walk"])
            for turn in session["turns"]:
                if turn["kind"] == "utterance":
                    self.turn(turn)

    def turn(self, turn: Any) -> None:
        if turn["speaker"] == "user":
            mask = re.sub(r"[\W\d_]+", "", marked(turn)) or turn["text"]
            self.users.append((turn["text"], mask))
        else:
            self.bots.append(len(turn["text"]))


@cache
def heard() -> Heard:
    return Heard()


def test_every_unit_is_visited() -> None:
    assert set(heard().visited) == set(pack().units)


def test_every_outcome_comes_about() -> None:
    assert heard().used.written() == heard().used.outcomes


def test_every_phrasing_is_said() -> None:
    used = heard().used
    assert used.ids.keys() == used.shown().keys()
    assert used.never() == []


def test_texts_have_no_braces_and_no_double_spaces() -> None:
    assert heard().used.odd == []


def test_users_say_a_thousand_things() -> None:
    shown = heard().used.shown().values()
    assert len({bare(one.source) for one in shown if one.kind in ("user", "give")}) >= 1000


def test_no_opening_crowds() -> None:
    openings = Counter(text[:2] for text, _ in heard().users)
    assert {
        start: count for start, count in openings.items() if count > CROWD * len(heard().users)
    } == {}


@pytest.mark.parametrize("seed", range(5))
def test_random_turns_differ(seed: int) -> None:
    some = random.Random(seed).sample(heard().users, 500)
    assert len({mask for _, mask in some}) >= 300
    threes = [text[n : n + 3] for text, _ in some for n in range(len(text) - 2)]
    assert len(set(threes)) / len(threes) >= 0.45


def test_users_are_brief_and_the_shop_is_not() -> None:
    users = median(len(text) for text, _ in heard().users)
    assert 7 <= users <= 10
    assert 1.7 * users <= median(heard().bots) <= 3 * users  # answers are short, too
