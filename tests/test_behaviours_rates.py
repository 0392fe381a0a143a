"""Behaviours come as often as asked for, at the moves that count, and touch nothing else."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from functools import cache
from hashlib import sha256
from itertools import pairwise
from math import sqrt
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from behaving import FERRY, PATHS, Exchange, Talk
from click.testing import CliRunner
from test_behaviours import NAMES, at_rates, graph

import dialogue
from dialogue.behaviours import BEHAVIOURS
from dialogue.behaviours.conduct import Behaviours
from dialogue.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

NEVER = 1e-12  # a rate at which nothing happens, though all that is eligible is counted
USUAL = {one.name: one.usual for one in BEHAVIOURS}


def digests(sessions: Iterable[Any]) -> list[str]:
    return [sha256(orjson.dumps(one)).hexdigest() for one in sessions]


@cache
def counted(behaviour: str) -> list[Talk]:
    """Return sessions by the book in which a behaviour's eligible moves were counted."""
    sessions = dialogue.compose(at_rates("ferry", **{behaviour: NEVER}), 120, seed=3)
    return [Talk("ferry", one) for one in sessions]


# Rates.


@pytest.mark.parametrize("rates", [USUAL, dict.fromkeys(NAMES, 0.3)], ids=["usual", "0.3"])
def test_rates_are_kept(rates: Mapping[str, float]) -> None:
    counts = {name: [0, 0, 0] for name in NAMES}
    for session in dialogue.compose(at_rates("ferry", **rates), 1200):
        for name, some in session["behaviours"].items():
            counts[name] = [one + more for one, more in zip(counts[name], some, strict=True)]
    for name, (eligible, asked, realised) in counts.items():
        assert eligible > 50, name
        assert realised == asked, "what is asked for can always be done"
        rate = rates[name]
        error = 3 * sqrt(rate * (1 - rate) * eligible)
        assert abs(realised - rate * eligible) <= max(0.1 * rate * eligible, error), name


def test_rates_of_presets_rise() -> None:
    for one in BEHAVIOURS:
        assert 0 < one.usual < one.rough <= 1
    rates = dialogue.load_graph(FERRY, ["preset=rough", "behaviours.urge=0.5"]).rates["behaviours"]
    assert rates == {one.name: one.rough for one in BEHAVIOURS} | {"urge": 0.5}


# What is eligible, counted from a record in which everybody went by the book.


def openings(talk: Talk) -> list[tuple[int, Exchange]]:
    return [(number, one) for number, one in enumerate(talk.exchanges)
            if talk.turns[one.first]["speaker"] == "user"]  # fmt: skip


def told_last(talk: Talk, exchange: Exchange) -> bool:
    """Tell whether the user spoke last before the bot looked something up or answered."""
    for at in range(exchange.first, exchange.last):
        turn = talk.turns[at]
        if turn["speaker"] != "user" and not talk.acts(at, "request"):
            return bool(talk.turns[at - 1]["speaker"] == "user")
    return False


def said(talk: Talk, exchange: Exchange) -> set[str]:
    """Return what a user says in an exchange of what is needed and can be otherwise."""
    spans = [span for at in range(exchange.first, exchange.last) if talk.is_by(at, "user")
             for span in talk.turns[at]["spans"]]  # fmt: skip
    wanted = {"sailing": ["harbour", "day"], "fare": ["harbour", "fare_class"], "book": ["bike"],
              "cabin": ["cabin"], "board": ["boat"]}.get(exchange.unit, [])  # fmt: skip
    found = {span["slot"] for span in spans} & {*wanted}
    found |= {"phone" for span in spans if exchange.unit == "book" and span.get("part") == "电话"}
    return found | {
        "place" for span in spans if exchange.unit == "book" and span.get("part") in ("市", "县")
    }


def sayable(talk: Talk, exchange: Exchange) -> set[str]:
    """Return what a user could say otherwise: nothing was said because of it, there are others."""
    found = said(talk, exchange)
    if "boat" in found:  # the boats of what was found last
        rows = [turn["rows"] for turn in talk.turns[: exchange.first] if turn["kind"] == "result"
                and turn["as"] == "sailings"][-1]  # fmt: skip
        found -= {"boat"} if len({row["boat"] for row in rows}) < 2 else set()
    return found


def doubtful(talk: Talk, exchange: Exchange) -> set[str]:
    """Return what a user could be mistaken about: they are certain of the day."""
    return sayable(talk, exchange) - {"day"}


def questions(talk: Talk, exchange: Exchange) -> list[tuple[str, ...]]:
    own = range(exchange.first, exchange.last)
    return [tuple(wanted) for at in own if (wanted := talk.acts(at, "request"))]


def late(talk: Talk) -> list[int]:
    """Return for each exchange how many units had been visited when it was played."""
    return [*range(1, len(talk.exchanges) + 1)]


def ends(talk: Talk) -> int:
    """Count questions and ends of exchanges with a wish after two visits: of 2..5 units."""
    return sum(
        len(questions(talk, one)) + 1
        for number, one in zip(late(talk), talk.exchanges, strict=True)
        if number >= 2 and talk.is_request(one.unit)
    )


COUNTS: dict[str, Callable[[Talk], int]] = {
    "ask_repeat": lambda talk: sum(
        len(questions(talk, one)) + talk.is_request(one.unit) for one in talk.exchanges
    ),
    "urge": lambda talk: sum(
        talk.is_request(one.unit) and told_last(talk, one) for one in talk.exchanges
    ),
    "pause": lambda talk: sum(
        talk.looks_up(one.unit) and told_last(talk, one) for one in talk.exchanges
    ),
    "correct": lambda talk: sum(
        bool(doubtful(talk, one)) and told_last(talk, one) for one in talk.exchanges
    ),
    "correct_later": lambda talk: sum(bool(doubtful(talk, one)) for one in talk.exchanges),
    "change_goal": lambda talk: sum(bool(sayable(talk, one)) for one in talk.exchanges),
    "accept_any": lambda talk: sum(
        wanted in (("day",), ("bike",)) for one in talk.exchanges for wanted in questions(talk, one)
    ),
    "digress": lambda talk: sum(
        # Beside these the graph leads to `weather`; there must be room for it in the walk.
        len(questions(talk, one)) * (number < 5)
        for number, one in zip(late(talk), talk.exchanges, strict=True)
        if one.unit in ("sailing", "fare", "book", "cabin", "board")
    ),
    "leave": ends,
    "hand_over": ends,
}
COUNTS |= {"confirm": COUNTS["correct"], "deny": COUNTS["correct"]}


@pytest.mark.parametrize("behaviour", COUNTS)
def test_what_is_eligible_is_what_the_record_shows(behaviour: str) -> None:
    total = 0
    for talk in counted(behaviour):
        eligible, _, realised = talk.session["behaviours"][behaviour]
        assert realised == 0
        assert eligible == COUNTS[behaviour](talk), talk.session["id"]
        total += eligible
    assert total > 30


# Off.


@pytest.mark.parametrize("name", PATHS)
def test_everything_off_is_as_if_there_were_none(name: str) -> None:
    noise = {"trip": "en", "ferry": "en"}.get(name, "zh_CN")
    off = [f"behaviours.{one}=0" for one in NAMES]
    silent = [f"noise.{one.name}=0" for one in dialogue.noise.SETS[noise]]
    there = dialogue.load_graph(PATHS[name], ["preset=usual", *off, *silent])
    assert there.behaviours is None
    tidy = replace(graph(name), behaviours=None)
    assert digests(dialogue.compose(there, 40)) == digests(dialogue.compose(tidy, 40))


@pytest.mark.parametrize("name", PATHS)
def test_what_does_not_happen_changes_nothing(name: str) -> None:
    """Sites draw nothing of any stream: sessions in which none is at work are by the book."""
    tidy = [*dialogue.compose(replace(graph(name), behaviours=None), 60)]
    rates = dict.fromkeys(NAMES, NEVER)
    for one, other in zip(dialogue.compose(at_rates(name, **rates), 60), tidy, strict=True):
        assert one.pop("behaviours")
        assert orjson.dumps(one) == orjson.dumps(other)


@pytest.mark.parametrize("name", PATHS)
def test_sites_draw_and_change_nothing(name: str) -> None:
    looked = dict.fromkeys(NAMES, 0)

    def state(step: Any) -> list[Any]:
        play, player = step.play, step.player
        streams = [rng.getstate() for rng in (step.rng, player.ways, play.rng)]
        known = [{key: id(one) for key, one in some.items()}
                 for some in (play.values, play.texts, play.faces, play.facts)]  # fmt: skip
        told = [{*play.said}, {*step.given}, len(player.moves), len(player.visits)]
        return [*streams, *known, *told, player.ahead, player.over, player.by, player.join]

    def watched(behaviour: Any) -> Any:
        def site(step: Any, move: Any) -> Any:
            before = state(step)
            found = behaviour.site(step, move)
            assert state(step) == before, behaviour.name
            looked[behaviour.name] += 1
            return found

        return replace(behaviour, site=site)

    rates = [(watched(one), 0.2, voice) for one, _, voice in graph(name).behaviours.rates]
    for _ in dialogue.compose(replace(graph(name), behaviours=Behaviours(rates)), 30):
        pass
    assert min(looked.values()) > 0


def test_each_alone_is_switched_by_an_option(tmp_path: Path) -> None:
    for number, option in enumerate(("behaviours.correct=0.2", "behaviours.confirm=0.4")):
        place = tmp_path / str(number)
        told = CliRunner().invoke(
            main, ["compose", str(FERRY), "-n", "30", "--set", option, "-o", str(place)]
        )
        assert told.exit_code == 0, told.output
        name = re.split(r"[.=]", option)[1]
        manifest = orjson.loads((place / "manifest.json").read_bytes())
        assert list(manifest["behaviours"]) == list(manifest["counts"]["behaviours"]) == [name]
        lines = (place / "sessions/000000.jsonl").read_bytes().splitlines()
        sessions = [orjson.loads(line) for line in lines]
        counts = manifest["counts"]["behaviours"][name]
        for at, key in enumerate(("eligible", "asked", "realised")):
            assert counts[key] == sum(one["behaviours"][name][at] for one in sessions)
        assert f"{name} " in told.output


# The same bytes.


def test_sessions_depend_on_nothing_but_their_index() -> None:
    there = at_rates("ferry", **dict.fromkeys(NAMES, 0.4))
    first = digests(dialogue.compose(there, 40))
    assert digests(dialogue.compose(there, 15)) == first[:15]
    assert digests(dialogue.compose(there, 90, start=20))[:20] == first[20:]
    for index in (39, 7, 0, 23):
        assert digests(dialogue.compose(there, 40, only=index)) == [first[index]]
    assert digests(dialogue.compose(there, 40, seed=1)) != first
    # A loaded graph keeps nothing of what was composed before.
    again = dialogue.load_graph(FERRY, [f"behaviours.{one}=0.4" for one in NAMES])
    assert digests(dialogue.compose(again, 40, only=31)) == [first[31]]


def test_any_number_of_workers_writes_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for workers in ("1", "3"):
        place = tmp_path / workers
        arguments = ["compose", str(FERRY), "-n", "60", "--set", "preset=rough", "-o", str(place)]
        told = CliRunner().invoke(main, [*arguments, "--workers", workers])
        assert told.exit_code == 0, told.output
        written.append({path.name: path.read_bytes() for path in place.rglob("*.jsonl")})
    assert written[0] == written[1]


# Packs that are odd.


def laid(folder: Path, **files: str) -> Path:
    """Lay the pack into a folder with other files; return its graph."""
    shutil.copytree(FERRY.parents[1], folder, dirs_exist_ok=True)
    for name, text in files.items():
        path = folder / ("graphs" if name == "ferry" else "units/ferry") / f"{name}.yaml"
        path.write_text(text, "utf-8")
    return folder / "graphs/ferry.yaml"


def talks(path: Path, *options: str, n: int = 60) -> list[Any]:
    return list(dialogue.compose(dialogue.load_graph(path, options), n))


GRAPH = "domain: ferry\nstart: {hello: 1, sailing: 1}\nedges:\n  hello: {sailing: 1}\n"


def test_what_has_not_been_answered_is_not_repeated(tmp_path: Path) -> None:
    quiet = (
        "needs: [harbour, day]\n"
        "turns:\n"
        '- user: ["a boat to {{ harbour }} {{ day }}"]\n'
        "- call: {tool: find_sailings, with: {harbour: harbour, day: day}, as: sailings}\n"
        '- {when: sailings, bot: ["There is one"]}\n'
    )
    graph = GRAPH.replace("hello: 1, ", "") + "  sailing: {end: 1}\nwalk: {units: 1..1}\n"
    path = laid(tmp_path, sailing=quiet, ferry=graph.replace("  hello: {sailing: 1}\n", ""))
    options = [f"behaviours.{one}=1" for one in ("ask_repeat", "correct_later", "change_goal")]
    silent = 0
    for option in options:
        for session in talks(path, option):
            rows = next(turn["rows"] for turn in session["turns"] if turn["kind"] == "result")
            ((_, counts),) = session["behaviours"].items()
            assert bool(counts[2]) == bool(rows)
            silent += not rows
    assert silent > 20


def test_what_a_result_is_needed_for_is_not_asked_before_it_is_found_anew(tmp_path: Path) -> None:
    more = (
        "needs: [sailings]\n"
        "turns:\n"
        '- user: ["and the weather on {{ isle }}?"]\n'
        "- call: {tool: find_weather, with: {isle: isle}, as: weather}\n"
        '- bot: ["{{ sailings[0].boat }} sails at force {{ weather[0].wind }}"]\n'
    )
    graph = GRAPH + (
        "  sailing: {board: 3, sailing: 2, hello: 1, end: 1}\n"
        "  board: {sailing: 4, end: 1}\nwalk: {units: 2..8}\n"
    )
    path = laid(tmp_path, board=more, ferry=graph)
    assert not any(edge.ahead for edge in dialogue.load_graph(path).edges["sailing"].edges
                   if edge.unit is not None and edge.unit.name == "board")  # fmt: skip
    seen = sum("board" in one["walk"] for one in talks(path, "behaviours.combine=1"))
    assert seen > 5


def test_a_digression_does_not_take_what_the_exchange_is_about(tmp_path: Path) -> None:
    ask = (
        "needs: [sailings, boat, fare_class]\n"
        "turns:\n"
        '- user: ["is the {{ boat }} full?"]\n'
        '- bot: ["The {{ boat }} has room in {{ fare_class }}"]\n'
    )
    other = (
        "redraw: [harbour]\n"
        "turns:\n"
        '- user: ["which boats go to {{ harbour }} {{ day }}"]\n'
        "- call: {tool: find_sailings, with: {harbour: harbour, day: day}, as: sailings}\n"
        '- bot: ["I looked"]\n'
    )
    graph = GRAPH + (
        "  sailing:\n  - {to: board, weight: 9}\n  - {to: end}\n"
        "  board: {weather: 1, end: 1}\n  weather: {end: 1}\nwalk: {units: 2..8}\n"
    )
    path = laid(tmp_path, board=ask, weather=other, ferry=graph)
    assert not any(edge.aside for edge in dialogue.load_graph(path).edges["board"].edges)
    for session in talks(path, "behaviours.digress=1"):
        assert "digress" in session["behaviours"]


def test_an_outcome_is_that_of_the_exchange_whatever_was_asked_in_it(tmp_path: Path) -> None:
    """Ways on are guarded by the answer; the same word is an outcome of what lies between, too."""
    weather = (
        "turns:\n"
        '- user: ["how is the weather on {{ isle }}"]\n'
        "- call: {tool: find_weather, with: {isle: isle}, as: weather}\n"
        "- bot:\n"
        '  - {when: "weather[0].wind > 99", outcome: found, say: ["Stormy"]}\n'
        '  - {outcome: none, say: ["Fine"]}\n'
    )
    sailing = (FERRY.parents[1] / "units/ferry/sailing.yaml").read_text("utf-8")
    guarded = "- {when: outcome == 'none', bot: [\"None as before\"]}\n- bot:"
    path = laid(tmp_path, weather=weather, sailing=sailing.replace("- bot:", guarded))
    sailed = 0
    for session in talks(path, "behaviours.digress=1", "walk.units=2..3", n=120):
        talk = Talk("ferry", session)
        assert "None as before" not in [turn.get("text") for turn in talk.turns]
        for one, other in pairwise(talk.session["walk"]):
            if one == "sailing" and other in ("board", "sorry"):
                exchange = next(it for it in talk.exchanges if it.unit == one)
                own = [talk.turns[at] for at in talk.own(exchange)]
                (told,) = [turn["outcome"] for turn in own if "outcome" in turn]
                assert (told == "found") == (other == "board")
                sailed += any("digress" in turn.get("behaviours", ()) for turn in own)
    assert sailed > 10


def test_a_unit_that_speaks_first_only_sometimes_is_not_asked_beside_another(
    tmp_path: Path,
) -> None:
    weather = (
        "turns:\n"
        '- {when: day, user: ["is it windy?"]}\n'
        "- call: {tool: find_weather, with: {isle: \"'Unst'\"}, as: weather}\n"
        '- bot: ["Force {{ weather[0].wind }}"]\n'
    )
    path = laid(tmp_path, weather=weather)
    there = dialogue.load_graph(path)
    assert not any(edge.ahead or edge.aside for ways in there.edges.values() for edge in ways.edges
                   if edge.unit is not None and edge.unit.name == "weather")  # fmt: skip


def test_a_pronoun_stands_for_what_a_view_shows_too(tmp_path: Path) -> None:
    domain = (FERRY.parents[1] / "units/ferry/domain.yaml").read_text("utf-8")
    domain = domain.replace("  isle:", "  port: {view: harbour}\n  isle:")
    fare = (FERRY.parents[1] / "units/ferry/fare.yaml").read_text("utf-8")
    path = laid(tmp_path, domain=domain, fare=fare.replace("{{ harbour }}", "{{ port }}"))
    seen = 0
    for session in talks(path, "behaviours.omit=1"):
        for turn in session["turns"]:
            if turn["kind"] == "utterance" and any(one.get("slot") == "harbour"
                                                   for one in turn["omitted"]):  # fmt: skip
                assert "harbour" not in [span["slot"] for span in turn["spans"]]
                seen += turn["unit"] == "fare"
    assert seen > 5


# Spans.


def private(folder: Path) -> tuple[Path, dict[str, str]]:
    """Return a pack whose values are of characters that each name their slot: character → slot."""
    words = {
        "harbour": ["ABD", "LER", "STR", "Aberdeen", "Lerwick", "Stromness"],
        "day": ["on Monday", "Monday", "Tuesday", "Sunday"],
        "fare_class": ["second class", "first class"],
        "bike": ["[a bike]", "[nothing]"],
        "isle": ["Eday", "Foula", "Unst"],
        "boat": ["Hamnavoe", "Hrossey", "Hjaltland"],
    }
    path = laid(folder)
    texts = {one: one.read_text("utf-8") for one in sorted((folder / "units").rglob("*"))
             if one.suffix in (".yaml", ".csv")}  # fmt: skip
    owners, at = {}, 0xE000
    for slot, values in words.items():
        for value in values:
            made = "".join(chr(at + step) for step in range(2))
            owners |= dict.fromkeys(made, slot)
            at += 2
            made = f"[{made}]" if value.startswith("[") else made
            texts = {one: text.replace(value, made) for one, text in texts.items()}
    for one, text in texts.items():
        one.write_text(text, "utf-8")
    return path, owners


def test_spans_are_exact_with_everything_on(tmp_path: Path) -> None:
    path, owners = private(tmp_path)
    options = [f"behaviours.{one}=0.4" for one in NAMES]
    options += [f"noise.{one.name}=0.5" for one in dialogue.noise.SETS["en"]]
    seen: dict[str, int] = {}
    for session in talks(path, *options, n=150):
        for turn in session["turns"]:
            if turn["kind"] != "utterance":
                continue
            cover: list[Any] = [None] * len(turn["text"])
            end = 0
            for span in turn["spans"]:
                assert end <= span["start"] < span["end"]
                end = span["end"]
                assert turn["text"][span["start"] : end] == span["surface"]
                cover[span["start"] : end] = [span["slot"]] * (end - span["start"])
                slots = {owners[one] for one in span["surface"] if one in owners}
                column = {"sailings.boat": "boat"}.get(span["slot"], span["slot"])
                assert slots <= {column}
                if column in owners.values():
                    assert all(one in owners for one in span["surface"])
            for one, slot in zip(turn["text"], cover, strict=True):
                if one in owners:
                    assert slot in (owners[one], f"sailings.{owners[one]}")
                    key = ",".join(turn.get("behaviours", ())) or "tidy"
                    seen[key] = seen.get(key, 0) + 1
    assert sum(seen.values()) > 1000
    assert {"correct", "deny", "confirm", "accept_any", "change_goal"} <= seen.keys()
