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


def judged(text: str, pieces: Sequence[tuple[int, int, str]], messages: Any) -> None:
    for number, (after, spans, log) in enumerate(messages):
        assert after.strip()
        assert len(messages) == 1 or any(one.isalnum() or one >= "\ue000" for one in after)
        assert unicodedata.is_normalized("NFC", after)
        ends = [0, *(end for _, end, _ in spans)]
        assert all(last <= start < end for last, (start, end, _) in zip(ends, spans, strict=False))
        assert [one["start"] for one in log] == sorted(one["start"] for one in log)
        cuts = [one["start"] for one in log if one["operator"] == "messages"]
        assert cuts == [0] * bool(number)
    assert "".join(undone(after, log) for after, _, log in messages) == text
    said = [label for _, spans, _ in messages for _, _, label in spans]
    assert said == [label for _, _, label in pieces]


def surfaces(messages: Any) -> list[str]:
    return [after[start:end] for after, spans, _ in messages for start, end, _ in spans]


def together(session: Any) -> list[list[Any]]:
    """Return the turns of a session, messages of one turn together."""
    grouped: list[list[Any]] = []
    for turn in session["turns"]:
        if turn.get("continues"):
            grouped[-1].append(turn)
        else:
            grouped.append([turn])
    return grouped


def joined(session: Any) -> Any:
    """Return a session with the messages of each turn as lines of one; `undone` is what it was."""
    session = orjson.loads(orjson.dumps(session))
    groups = together(session)
    number = [at for at, group in enumerate(groups) for _ in group] + [len(groups)]
    session["turns"] = [group[0] for group in groups]
    for first, *others in groups:
        if first.get("speaker") == "user":
            first["undone"] = undone(first["text"], first.pop("noise", ()))
        for turn in others:
            assert {key: turn[key] for key in ("unit", "phrasing", "intents", "omitted")} == {
                **{key: first[key] for key in ("unit", "phrasing", "intents")}, "omitted": []
            }  # fmt: skip
            for key in ("units", "phrasings", "behaviours"):
                assert turn.get(key) == first.get(key)
            for act in turn["acts"]:
                first["acts"].append({**act, "span": act["span"] + len(first["spans"])})
            for span in turn["spans"]:
                for end in ("start", "end"):
                    span[end] += len(first["text"]) + 1
            first["spans"] += turn["spans"]
            first["text"] += "\n" + turn["text"]
            first["undone"] += undone(turn["text"], turn["noise"])
            first["state"] = turn["state"]
    for turn in session["turns"]:
        if "state" in turn:
            results = turn["state"]["results"]
            turn["state"]["results"] = {name: number[at] for name, at in results.items()}
        for one in turn.get("omitted", ()):
            one["antecedent"]["turn"] = number[one["antecedent"]["turn"]]
    for target in session["targets"]:
        target["turns"] = [number[at] for at in target["turns"]]
    return session


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
        assert surfaces(typed) == [text[start:end] for start, end, _ in pieces]
        places = [one[:2] for _, spans, _ in typed for one in spans]
        moved.append(places != [one[:2] for one in pieces])

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
        for after, spans, log in typed:
            for first, last, _ in spans:
                kept = set(range(first, last))
                for one in log:
                    kept -= set(range(one["start"], one["end"]))
                assert kept, after
        touched += surfaces(typed) != [text[start:end] for start, end, _ in pieces]
    assert touched > 100


@pytest.mark.parametrize("name", GRAPHS)
def test_only_the_texts_of_users_differ_with_all_noise_on(name: str) -> None:
    plain, noisy = composed(name, 60), composed(name, 60, *loud(name))
    changed = 0
    for tidy, session in zip(plain, noisy, strict=True):
        again = joined(session)
        del again["noise"]
        for turn in user_turns([again]):
            for span in turn["spans"]:
                assert turn["text"][span["start"] : span["end"]] == span["surface"]
            changed += turn["text"] != turn["undone"]
            turn["text"] = turn.pop("undone")
        for one, other in zip(user_turns([again]), user_turns([tidy]), strict=True):
            for mine, theirs in zip(one["spans"], other["spans"], strict=True):
                mine |= {"start": theirs["start"], "end": theirs["end"]}
        assert again == orjson.loads(orjson.dumps(tidy))
    assert changed > 100


@pytest.mark.parametrize("name", GRAPHS)
def test_surfaces_follow_noise_in_slots_and_values_do_not(name: str) -> None:
    plain, noisy = composed(name, 60), composed(name, 60, *loud(name), "noise_in_slots=1")
    changed = 0
    for tidy, sent in zip(plain, noisy, strict=True):
        session = joined(sent)
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
        for session in found
        for turn in together(session)
        for name in {one["operator"]: None for sent in turn for one in sent.get("noise", ())}
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
    assert any(log for messages in turns for _, _, log in messages)


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
        assert tried("好的", edit) == ((("好的", (), ()),), [1, 1, 0])
    assert tried("好的", lambda run: Edit(run, 0, 1, "x"))[0][0].text == "x的"


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
        ("swapped", "[图片]", "[图片]"),
        ("missing", "[给你] 半天", "[给你] 半天"),
        ("doubled", "[图片]", "[图片]"),
        ("homophone", "[图片]", "[图片]"),
    ],
)
def test_what_carries_meaning_is_left_alone(name: str, text: str, kept: str) -> None:
    (operator,) = (one for one in SETS["zh_CN"] if one.name == name)
    for index in range(20):
        (typed,) = Noise([(operator, 1.0)]).session(0, index).disturb(text, ())
        assert typed.text == kept


@pytest.mark.parametrize(
    ("locale", "text", "ways"),
    [
        ("zh_CN", "在吗，问下", {"在吗 / 问下"}),
        ("zh_CN", "你好。能到吗？谢谢", {"你好 / 能到吗？谢谢", "你好。能到吗？ / 谢谢",
                                         "你好 / 能到吗？ / 谢谢"}),
        ("zh_CN", "订单\n没到 急", {"订单 / 没到 急"}),
        ("zh_CN", "小王 ⟦1380⟧ ⟦广东，深圳⟧的", {"小王 / ⟦1380⟧ ⟦广东，深圳⟧的",
                                                "小王 ⟦1380⟧ / ⟦广东，深圳⟧的",
                                                "小王 / ⟦1380⟧ / ⟦广东，深圳⟧的"}),
        ("zh_CN", "⟦广东，深圳⟧", set()),
        ("zh_CN", "我的 手机（急，今天）3,000块 iPhone 15", set()),
        ("zh_CN", "，能到？！", set()),
        ("en", "Hi, is it? Thanks.", {"Hi / is it? Thanks.", "Hi, is it? / Thanks.",
                                      "Hi / is it? / Thanks."}),
        ("en", "Send it to ⟦Mr⟧. Thanks", {"Send it to ⟦Mr⟧ / Thanks"}),
        ("en", "Mr. Hu paid 1,000 (yes, today) at 5 p.m. today!", set()),
    ],
)  # fmt: skip
def test_messages_end_where_clauses_do(locale: str, text: str, ways: set[str]) -> None:
    pieces: list[tuple[int, int, str]] = []
    plain, *slots = text.split("⟦")
    for number, slot in enumerate(slots):
        said, _, rest = slot.partition("⟧")
        pieces.append((len(plain), len(plain) + len(said), str(number)))
        plain += said + rest
    (operator,) = (one for one in SETS[locale] if one.name == "messages")
    found = set()
    for index in range(60):
        disturbance = Noise([(operator, 1.0)]).session(0, index)
        sent = disturbance.disturb(plain, tuple(pieces))
        judged(plain, pieces, sent)
        assert disturbance.counts["messages"] == ([1, 1, 1] if ways else [0, 0, 0])
        shown = []
        for after, spans, _ in sent:
            for start, end, _ in reversed(spans):
                after = f"{after[:start]}⟦{after[start:end]}⟧{after[end:]}"
            shown.append(after)
        found.add(" / ".join(shown))
    assert found == (ways or {text})


def test_messages_are_cut_after_all_other_noise() -> None:
    (cut,) = (one for one in SETS["zh_CN"] if one.name == "messages")
    (comma,) = (one for one in SETS["zh_CN"] if one.name == "comma")
    for index in range(20):
        disturbance = Noise([(cut, 1.0), (comma, 1.0)]).session(0, index)
        assert len(disturbance.disturb("你好，谢谢", ())) == 1
        assert disturbance.counts == {"comma": [1, 1, 1], "messages": [0, 0, 0]}


def test_turns_made_of_several_are_cut_like_others() -> None:
    done = [f"behaviours.{name}=0.5" for name in ("correct", "combine", "deny", "leave")]
    plain, noisy = (
        composed("retail", 120, *done),
        composed("retail", 120, *done, "noise.messages=1"),
    )
    cut = 0
    for tidy, session in zip(plain, noisy, strict=True):
        again = joined(session)
        turns = [turn for turn in user_turns([again]) if turn["text"] != turn["undone"]]
        cut += sum("phrasings" in turn and len(turn["spans"]) > 1 for turn in turns)
        expected = orjson.loads(orjson.dumps(tidy))
        for key in ("walk", "targets"):
            assert again[key] == expected[key]
        for one, other in zip(again["turns"], expected["turns"], strict=True):
            for key in ("acts", "omitted", "state", "behaviours", "units", "intents"):
                assert one.get(key) == other.get(key), key
    assert cut > 10


@pytest.mark.parametrize("name", ["retail", "address"])
def test_the_state_after_each_message_is_what_was_said_so_far(name: str, tmp_path: Path) -> None:
    arguments = ["compose", str(GRAPHS[name]), "-n", "150", "-o", str(tmp_path / "out")]
    arguments += ["--set", "noise.messages=1"]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    done = CliRunner().invoke(main, ["verify", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    lines = (tmp_path / "out/sessions/000000.jsonl").read_bytes().splitlines()
    turns = [turn for line in lines for turn in together(orjson.loads(line)) if len(turn) > 1]
    assert len(turns) > 150
    apart = [turn for turn in turns if sum(bool(one["spans"]) for one in turn) > 1]
    assert len(apart) > 20
    for turn in apart:
        assert all(act["act"] == "inform" for one in turn[1:] for act in one["acts"])
        assert [act["span"] for one in turn for act in one["acts"] if "span" in act] == [
            at for one in turn for at in range(len(one["spans"]))
        ]


def test_an_exchange_that_ends_with_several_messages_has_all_of_them(tmp_path: Path) -> None:
    files = {
        "units/shop/domain.yaml": "locale: zh_CN\nslots: {色: {choose: [红, 蓝], ask: [？],"
                                  ' give: ["{{ 色 }}"]}}\n',
        "units/shop/want.yaml": 'turns:\n- user: ["你好，要{{ 色 }}的，快点"]\n',
        "units/shop/bye.yaml": "turns:\n- user: [不要了，再见]\n- bot: [再见]\n",
        "graphs/shop.yaml": "domain: shop\nstart: {want: 1}\nedges: {want: {bye: 1, end: 1},"
                            " bye: {end: 1}}\nnoise: {messages: 1}\n",
    }  # fmt: skip
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    lengths = set()
    for session in dialogue.compose(dialogue.load_graph(tmp_path / "graphs/shop.yaml"), 40):
        groups = together(session)
        lengths.add(len(groups[0]))
        first = session["targets"][0]
        assert first["turns"] == [0, len(groups[0])]
        assert first["target"] == {"色": groups[0][-1]["state"]["slots"]["色"]["surface"]}
        assert "色" not in groups[0][0]["state"]["slots"] or "要" in groups[0][0]["text"]
        assert sum(map(len, groups)) == session["targets"][-1]["turns"][1]
    assert lengths == {2, 3}
