"""Noise changes what users type and nothing that is meant, at the rates that were asked for."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import unicodedata
from collections import Counter
from functools import cache
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import orjson
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from replay import GRAPHS

import dialogue
from dialogue.cli import main
from dialogue.noise import SETS, Edit, Noise, Operator
from dialogue.noise.turn import Turn, open_runs
from dialogue.schema import json_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

DATA = Path(dialogue.__file__).parent / "noise" / "data"
ALL = {locale: [(one, 1.0) for one in some] for locale, some in SETS.items()}
OPERATORS = [pytest.param(locale, one, id=f"{locale}-{one.name}")
             for locale, some in SETS.items() for one in some]  # fmt: skip
# What users say around slots, and slots of characters that no operator can make.
WORDS = {
    "zh_CN": [
        "你好，", "请问优惠券怎么领？", "已经", "2个", "麻烦帮我看一下", "发货了吗", "！", "，",
        "～", "谢谢", " ", "时候能到", "x5", "有没有一个?", "(急)", "第", "。",
    ],
    "en": [
        "Hello, ", "please tell me where my order is?", "I do not ", "Thanks", ".", ", ", "!",
        " ", "don't", "about", "WHERE", "it's ", "?",
    ],
}  # fmt: skip
COUNTERS = ("eligible", "asked", "realised")


@cache
def graph(name: str, *options: str) -> Any:
    return dialogue.load_graph(GRAPHS[name], options)


@cache
def composed(name: str, n: int, *options: str) -> list[Any]:
    return list(dialogue.compose(graph(name, *options), n))


def user_turns(sessions: Sequence[Any]) -> Iterator[Any]:
    for session in sessions:
        for turn in session["turns"]:
            if turn.get("speaker") == "user" and turn["kind"] == "utterance":
                yield turn


def loud(name: str) -> tuple[str, ...]:
    """Return the options that put every operator of a graph's locale to work on all turns."""
    locale = "en" if name == "trip" else "zh_CN"
    return tuple(f"noise.{one.name}=1" for one in SETS[locale])


def undone(text: str, log: Sequence[Mapping[str, Any]]) -> str:
    """Return a text as it was, from its last change to its first."""
    for one in reversed(log):
        assert text[one["start"] : one["end"]] == one["after"]
        text = text[: one["start"]] + one["before"] + text[one["end"] :]
    return text


def private(rng: random.Random, locale: str) -> tuple[str, list[tuple[int, int, str]]]:
    """Return a text with slots in characters that each name their slot, and where these are."""
    text, pieces = "", []
    for number in range(rng.randrange(6)):
        if rng.random() < 0.4:
            start, name = len(text), f"slot{number}"
            text += "".join(chr(0xE000 + 16 * number + at) for at in range(rng.randint(1, 5)))
            pieces.append((start, len(text), name))
        else:
            text += rng.choice(WORDS[locale])
    return (text, pieces) if text.strip() else ("好", [])


def judged(text: str, pieces: Sequence[tuple[int, int, str]], typed: Any) -> None:
    after, spans, log = typed
    assert after.strip()
    assert unicodedata.is_normalized("NFC", after)
    assert undone(after, log) == text
    assert [label for _, _, label in spans] == [label for _, _, label in pieces]
    ends = [0, *(end for _, end, _ in spans)]
    assert all(last <= start < end for last, (start, end, _) in zip(ends, spans, strict=False))
    assert [one["start"] for one in log] == sorted(one["start"] for one in log)


@pytest.mark.parametrize("locale", sorted(WORDS))
def test_protected_slots_stay_whole_wherever_noise_moves_them(locale: str) -> None:
    moved: list[bool] = []

    @settings(
        max_examples=400,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**60))
    def check(seed: int) -> None:
        rng = random.Random(seed)
        text, pieces = private(rng, locale)
        rates = [(one, rng.choice((0.0, 0.5, 1.0, 1.0))) for one in SETS[locale]]
        typed = Noise(rates).session(seed, 0).disturb(text, tuple(pieces))
        judged(text, pieces, typed)
        after, spans, _ = typed
        for (start, end, _), (first, last, _) in zip(pieces, spans, strict=True):
            assert after[first:last] == text[start:end]
        moved.append([one[:2] for one in spans] != [one[:2] for one in pieces])

    check()
    assert sum(moved) > 50


@pytest.mark.parametrize("locale", sorted(WORDS))
def test_open_slots_keep_their_place_and_a_character(locale: str) -> None:
    touched = 0
    noise = Noise(ALL[locale], in_slots=1.0)
    for seed in range(400):
        rng = random.Random(seed)
        text, pieces = "", []
        for number in range(rng.randint(1, 6)):
            start, text = len(text), text + rng.choice(WORDS[locale]).strip() + "a" * (number == 0)
            if start < len(text) and rng.random() < 0.6:
                pieces.append((start, len(text), f"slot{number}"))
        typed = noise.session(seed, 0).disturb(text, tuple(pieces))
        judged(text, pieces, typed)
        after, spans, log = typed
        for first, last, _ in spans:
            kept = set(range(first, last))
            for one in log:
                kept -= set(range(one["start"], one["end"]))
            assert kept, after
        before = [text[start:end] for start, end, _ in pieces]
        touched += before != [after[start:end] for start, end, _ in spans]
    assert touched > 100


@pytest.mark.parametrize("name", GRAPHS)
def test_only_the_texts_of_users_differ_with_all_noise_on(name: str) -> None:
    plain, noisy = composed(name, 60), composed(name, 60, *loud(name))
    changed = 0
    for tidy, session in zip(plain, noisy, strict=True):
        again = orjson.loads(orjson.dumps(session))
        del again["noise"]
        for turn in user_turns([again]):
            text = undone(turn["text"], turn.get("noise", ()))
            for span in turn["spans"]:
                assert turn["text"][span["start"] : span["end"]] == span["surface"]
            changed += "noise" in turn
            turn.pop("noise", None)
            turn["text"] = text
        for one, other in zip(user_turns([again]), user_turns([tidy]), strict=True):
            for mine, theirs in zip(one["spans"], other["spans"], strict=True):
                mine |= {"start": theirs["start"], "end": theirs["end"]}
        assert again == orjson.loads(orjson.dumps(tidy))
    assert changed > 100


@pytest.mark.parametrize("name", GRAPHS)
def test_surfaces_follow_noise_in_slots_and_values_do_not(name: str) -> None:
    plain, noisy = composed(name, 60), composed(name, 60, *loud(name), "noise_in_slots=1")
    changed = 0
    for tidy, session in zip(plain, noisy, strict=True):
        said: dict[tuple[int, str], list[str]] = {}
        typed: dict[str, Any] = {}
        for number, (turn, other) in enumerate(zip(session["turns"], tidy["turns"], strict=True)):
            if turn.get("speaker") != "user":
                rest = {key: value for key, value in turn.items() if key != "state"}
                assert rest == {key: value for key, value in other.items() if key != "state"}
            else:
                for span, before in zip(turn["spans"], other["spans"], strict=True):
                    key = span["slot"] + (f".{span['part']}" if "part" in span else "")
                    key += f":{span['role']}" if "role" in span else ""
                    surface = turn["text"][span["start"] : span["end"]]
                    changed += surface != before["surface"]
                    assert surface == span["surface"]
                    assert span["value"] == before["value"]
                    normal = before.get("normal", before["surface"])
                    assert span.get("normal", surface) == normal
                    said.setdefault((number, before["surface"]), []).append(surface)
                    entry = {"surface": surface, "value": span["value"]}
                    typed[key] = {**entry, **({"normal": normal} if normal != surface else {})}
            if "state" in turn:
                expected = {key: typed[key] for key in other["state"]["slots"]}
                assert turn["state"]["slots"] == expected
        for target, before in zip(session["targets"], tidy["targets"], strict=True):
            assert list(target["target"]) == list(before["target"])
            first, last = before["turns"]
            for label, surface in before["target"].items():
                turns = range(first, last)
                assert target["target"][label] in [
                    one for number in turns for one in said.get((number, surface), ())
                ]
    assert changed > 50


def test_rates_are_kept_over_ten_thousand_turns() -> None:
    found = list(dialogue.compose(graph("retail", "preset=usual"), 2300))
    counts = {name: [0, 0, 0] for name in found[0]["noise"]}
    for session in found:
        for name, some in session["noise"].items():
            counts[name] = [one + more for one, more in zip(counts[name], some, strict=True)]
    assert len([*user_turns(found)]) >= 10_000
    in_log = Counter(
        name
        for turn in user_turns(found)
        for name in {one["operator"]: None for one in turn.get("noise", ())}
    )
    assert {name: some[2] for name, some in counts.items() if some[2]} == dict(in_log)
    for name, rate in graph("retail", "preset=usual").rates["noise"].items():
        eligible, asked, realised = counts[name]
        assert eligible >= asked >= realised
        error = 3 * sqrt(rate * (1 - rate) * eligible)
        assert abs(realised - rate * eligible) <= max(0.1 * rate * eligible, error), name


def test_each_operator_is_switched_alone() -> None:
    alone = composed("address", 200, "noise.homophone=0.3")
    both = composed("address", 200, "noise.homophone=0.3", "noise.emoji=0.3")
    kept = 0
    for one, other in zip(user_turns(alone), user_turns(both), strict=True):
        log = other.get("noise", [])
        assert {entry["operator"] for entry in log} <= {"homophone", "emoji"}
        mine = [entry for entry in log if entry["operator"] == "homophone"]
        assert mine == one.get("noise", [])
        kept += bool(mine)
    assert kept > 30
    assert any("noise" in one and "noise" not in other
               for one, other in zip(user_turns(both), user_turns(alone), strict=True))  # fmt: skip


def test_runs_are_the_same_with_and_without_segments() -> None:
    for seed in range(300):
        text, pieces = private(random.Random(seed), "zh_CN")
        runs = open_runs(text, tuple(pieces))
        assert runs == Turn.of(text, tuple(pieces)).runs(in_slots=False)
        assert "".join(run.text for run in runs) == "".join(
            one for at, one in enumerate(text) if not any(a <= at < b for a, b, _ in pieces)
        )


def test_single_rates_go_before_the_preset() -> None:
    rates = graph("trip", "preset=usual", "noise.emoji=0", "noise.comma=0.5").rates["noise"]
    usual = {one.name: one.usual for one in SETS["en"]}
    del usual["emoji"]
    assert rates == {**usual, "comma": 0.5}
    silent = [f"noise.{one.name}=0" for one in SETS["en"]]
    assert graph("trip", "preset=rough", *silent).noise is None
    assert graph("trip", "preset=tidy").noise is None
    assert graph("trip", "noise.emoji=1", "noise_in_slots=0.25").noise.in_slots == 0.25


def test_sessions_without_noise_do_not_speak_of_it() -> None:
    assert composed("retail", 60, "preset=tidy") == composed("retail", 60)
    plain = composed("retail", 60)
    assert not any("noise" in one for one in (*plain, *user_turns(plain)))


def test_the_hash_seed_changes_nothing() -> None:
    code = (
        "import hashlib, sys, orjson, dialogue; from pathlib import Path\n"
        "g = dialogue.load_graph(Path(sys.argv[1]), ['preset=rough', 'noise_in_slots=0.5'])\n"
        "s = [orjson.dumps(one) for one in dialogue.compose(g, 20)]\n"
        "print(hashlib.sha256(b''.join(s)).hexdigest())"
    )
    digests = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run([sys.executable, "-c", code, str(GRAPHS["trip"])], check=True,
                              capture_output=True, text=True, env=environment)  # fmt: skip
        digests.add(done.stdout)
    here = composed("trip", 20, "preset=rough", "noise_in_slots=0.5")
    digests.add(hashlib.sha256(b"".join(map(orjson.dumps, here))).hexdigest() + "\n")
    assert len(digests) == 1


def test_records_with_noise_fit_the_schema() -> None:
    validator = jsonschema.Draft202012Validator(json_schema("session"))
    for session in composed("retail", 60, *loud("retail"))[:10]:
        validator.validate(orjson.loads(orjson.dumps(session)))
    broken = orjson.loads(orjson.dumps(session))
    next(user_turns([broken]))["noise"][0].pop("before")
    assert not validator.is_valid(broken)


def test_manifest_summary_and_card_say_what_noise_did(tmp_path: Path) -> None:
    place = tmp_path / "out"
    arguments = ["compose", str(GRAPHS["retail"]), "-n", "40", "--set", "noise.emoji=0.5",
                 "--set", "noise.comma=1", "-o", str(place)]  # fmt: skip
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    manifest = orjson.loads((place / "manifest.json").read_bytes())
    assert manifest["noise"] == {"comma": 1.0, "emoji": 0.5}
    lines = (place / "sessions/000000.jsonl").read_bytes().splitlines()
    sessions = [orjson.loads(line) for line in lines]
    for name, counts in manifest["counts"]["noise"].items():
        summed = [sum(one["noise"][name][at] for one in sessions) for at in range(3)]
        assert list(counts.items()) == list(zip(COUNTERS, summed, strict=True))
    comma = manifest["counts"]["noise"]["comma"]
    assert comma["eligible"] == comma["realised"] > 0
    assert f"noise       comma 100.0% of {comma['eligible']}, emoji " in done.output
    card = (place / "README.md").read_text("utf-8")
    assert f"| `comma` | 1 | {comma['eligible']} | {comma['asked']} |" in card
    assert "\n  - name: noise\n    dtype: json\n" in card


@pytest.mark.parametrize(("locale", "operator"), OPERATORS)
def test_operators_are_told_of_alike(locale: str, operator: Operator) -> None:
    assert 0 <= operator.usual <= operator.rough <= 1
    assert operator.name.isidentifier()
    assert operator.name.isascii()
    assert [one.name for one in SETS[locale]].count(operator.name) == 1
    for words in (operator.doc, operator.eligible):
        assert words == words.strip()
        assert not words.endswith(".")
    turns = (
        Noise([(operator, 1.0)]).session(0, seed).disturb(text, ())
        for seed, text in enumerate(["我再看一下，2个呢？", *WORDS[locale], "Where is it, please?"])
    )
    assert any(log for _, _, log in turns)


def test_an_operator_that_would_break_a_turn_does_nothing() -> None:
    def sites(runs: Sequence[Any]) -> Iterator[Any]:
        yield from runs

    def tried(text: str, edit: Any) -> tuple[Any, list[int]]:
        broken = Operator("broken", "breaks", "any", sites, lambda _, run, rng: [edit(run)])
        noise = Noise([(broken, 1.0)]).session(0, 0)
        return noise.disturb(text, ()), noise.counts["broken"]

    for edit in (
        lambda run: Edit(run, 0, len(run.text), " "),
        lambda run: Edit(run, 0, 0, "e\u0301"),
        lambda run: Edit(run, 0, 1, run.text[:1]),
        lambda run: Edit(run._replace(number=9), 0, 1, "x"),
    ):
        (text, _, log), counts = tried("好的", edit)
        assert (text, log, counts) == ("好的", [], [1, 1, 0])
    assert tried("好的", lambda run: Edit(run, 0, 1, "x"))[0][0] == "x的"


@pytest.mark.parametrize("path", sorted(DATA.glob("*.csv")), ids=lambda path: path.stem)
def test_tables_say_something_else_for_each_word_once(path: Path) -> None:
    lines = [line.split(",") for line in path.read_text("utf-8").splitlines() if line[0] != "#"]
    words = [word for word, *_ in lines]
    assert len(words) == len(set(words)) > 50
    for word, *typed in lines:
        assert word not in typed
        assert len(typed) == len(set(typed))
        assert all(unicodedata.is_normalized("NFC", one) and one.strip() for one in typed)
    assert path.name in (DATA / "NOTICE").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("swapped", "不没别三天", "不没别三天"),
        ("missing", "不是三个今天的", "不是三个今天的"),
        ("doubled", "三十不没", "三十不没"),
        ("digits", "第一个12个一样", "第一个12个一样"),
    ],
)
def test_what_carries_meaning_is_left_alone(name: str, text: str, kept: str) -> None:
    (operator,) = (one for one in SETS["zh_CN"] if one.name == name)
    for index in range(20):
        typed, _, _ = Noise([(operator, 1.0)]).session(0, index).disturb(text, ())
        assert typed == kept
