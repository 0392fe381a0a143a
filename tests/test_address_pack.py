"""The pack of recipients teaches from talk as it is: much said around addresses, much without."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import pairwise
from typing import Any

from replay import GRAPHS, pack_of, said

from dialogue import compose, load_graph

PLACES = {"省", "市", "县", "详细地址"}
SESSIONS = 400
FIXES = {"fix_phone": "电话", "fix_name": "姓名", "fix_address": "详细地址"}


# What is written.


def words(source: str) -> str:
    """Return a phrasing without what is drawn at random and without spaces and marks."""
    source = re.sub(r"{{\s*pick\(.*?\)[^}]*}}", "", source)
    source = re.sub(
        r"{{\s*order\((.*?)(?:,\s*\w+=.*?)?\)\s*}}",
        lambda found: "".join(sorted(f"⟦{name.strip()}⟧" for name in found[1].split(","))),
        source,
        flags=re.DOTALL,
    )
    source = re.sub(r"{{(.*?)}}", lambda found: f"⟦{found[1].split('|')[0].strip()}⟧", source)
    return re.sub(r"[^\w⟦⟧.]|_", "", source)


def written(*kinds: str) -> list[tuple[str, str]]:
    """Return what users may say, of their own accord or asked: where it stands and its words."""
    wordings = pack_of(GRAPHS["address"]).wordings
    return [
        (one.owner, words(one.source))
        for one in wordings
        if one.kind in (kinds or ("user", "give"))
    ]


def test_words_are_counted_without_chance() -> None:
    assert words("{{ pick('', '亲，') }}寄{{ 收货地址 | trim }}！") == "寄⟦收货地址⟧"
    assert (
        words("{{ order(姓名, 电话, sep=[' ', '\n']) }}") == words("{{ order(电话, 姓名) }}") != ""
    )


def test_users_have_many_things_to_say() -> None:
    found = {one for _, one in written()}
    assert len(found) > 1000
    assert len({one for one in found if "⟦收货" in one or "⟦电话" in one}) > 300
    assert (
        len({one for one in found if not re.search("⟦(收货|电话|姓名|署名|名字|省|市|县)", one)})
        > 500
    )


def test_what_is_said_in_words_belongs_to_one_unit() -> None:
    owners: dict[str, set[str]] = {}
    for owner, one in written("user"):  # answers to a question may be the same
        if re.sub("⟦.*?⟧", "", one):
            owners.setdefault(one, set()).add(owner)
    assert {one: where for one, where in owners.items() if len(where) > 1} == {}


def test_openings_differ() -> None:
    firsts = Counter(one[:2] for _, one in written() if one[0] != "⟦")
    assert max(firsts.values()) < 0.03 * len(written())
    assert len(firsts) > 400


def test_few_messages_end_like_sentences() -> None:
    sources = [
        source
        for unit in pack_of(GRAPHS["address"]).units.values()
        for turn in unit["turns"]
        for source in said(turn.get("user", []))
    ]
    assert sum(source.endswith("。") for source in sources) < 0.1 * len(sources)


# What is composed.


@cache
def sessions() -> list[Any]:
    return list(compose(load_graph(GRAPHS["address"]), SESSIONS, 0))


def messages(session: Any) -> list[Any]:
    return [turn for turn in session["turns"] if turn["kind"] == "utterance"]


def parts(turn: Any) -> set[str]:
    return {span["part"] for span in turn["spans"] if span["slot"] == "收货人"}


def kind(turn: Any) -> str:
    """Say what a message is: nothing, an address alone, a whole recipient, or part of talk."""
    told = parts(turn)
    if not told:
        return "nothing"
    if {"姓名", "电话", "详细地址"} <= told:
        return "whole"
    rest = "".join(
        one
        for at, one in enumerate(turn["text"])
        if not any(span["start"] <= at < span["end"] for span in turn["spans"])
    )
    alone = sum(one.isalnum() for one in rest) <= 1
    return "address" if alone and "详细地址" in told <= PLACES else "talk"


def test_messages_are_mixed() -> None:
    kinds = Counter(
        kind(turn) for one in sessions() for turn in messages(one) if turn["speaker"] == "user"
    )
    share = {name: count / kinds.total() for name, count in kinds.items()}
    assert 0.30 < share["nothing"] < 0.50
    assert 0.12 < share["address"] < 0.30
    assert 0.08 < share["whole"] < 0.20
    assert 0.20 < share["talk"] < 0.45


def test_what_holds_nothing_seldom_repeats_and_often_holds_numbers() -> None:
    plain = [
        turn["text"]
        for one in sessions()
        for turn in messages(one)
        if turn["speaker"] == "user" and kind(turn) == "nothing"
    ]
    assert len(set(plain)) > 0.6 * len(plain)
    assert 0.15 < sum(bool(re.search(r"\d", text)) for text in plain) / len(plain) < 0.5


def test_what_is_missing_is_asked_for_in_pieces() -> None:
    pieces: Counter[str] = Counter()
    for one in sessions():
        for asked, answer in pairwise(messages(one)):
            if asked["speaker"] == "bot" and any(act["act"] == "request" for act in asked["acts"]):
                pieces["、".join(sorted(parts(answer) - PLACES)) or "address"] += 1
    assert all(pieces[name] > 5 for name in ("姓名", "电话", "姓名、电话", "address")), pieces


def test_corrections_replace_what_was_said() -> None:
    replaced = Counter[str]()
    for one in sessions():
        last: dict[str, str] = {}
        for turn in messages(one):
            heard = {span["part"]: span["surface"] for span in turn["spans"] if "part" in span}
            part = FIXES.get(turn["unit"])
            if turn["speaker"] == "user":
                if part is not None and part in last:
                    assert heard[part] != last[part]
                    replaced[part] += 1
                last.update(heard)
    assert all(replaced[part] > 5 for part in FIXES.values()), replaced


def test_every_unit_is_visited() -> None:
    visited = {unit for one in sessions() for unit in one["walk"]}
    assert visited == set(pack_of(GRAPHS["address"]).units)


def test_sessions_are_of_different_lengths() -> None:
    lengths = [len(one["walk"]) for one in sessions()]
    assert set(lengths) == set(range(1, 9))
    assert 2.5 < sum(lengths) / len(lengths) < 4.5


def test_some_messages_name_two_places_or_two_phones() -> None:
    twice: Counter[str] = Counter()
    for one in sessions():
        for turn in messages(one):
            if turn["speaker"] == "user":
                told = Counter(span["part"] for span in turn["spans"] if "part" in span)
                twice.update(part for part, times in told.items() if times > 1)
    assert twice["详细地址"] > 15, twice
    assert twice["电话"] > 8, twice


WHOLE = re.compile(
    r"{{ (收货地址|详细地址|(?:收货人|摊位|路口|大楼|小区|路段|门牌|近旁)(?:\.(?:详细)?地址)?) }}"
)


def test_of_two_places_none_lends_a_part_to_the_other() -> None:
    # What is extracted of a message is the last of each part: two whole addresses with the same
    # labels would mix where one lacks what the other says.
    pack = pack_of(GRAPHS["address"])
    twice = {
        one.source
        for one in pack.wordings
        if one.kind == "user" and len(WHOLE.findall(one.source)) > 1
    }
    assert twice == set()


def test_nearly_all_parts_have_their_own_names() -> None:
    spans = [span for one in sessions() for turn in messages(one) for span in turn["spans"]]
    parts_said = [span for span in spans if span.get("part") in PLACES | {"姓名", "电话"}]
    assert len(parts_said) > 2000
    assert sum("role" in span for span in parts_said) < 0.08 * len(parts_said)
