"""What people look at: the same words in colour and without, and nothing that obeys a pack."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from dialogue import report
from dialogue.dataset import Dataset
from dialogue.manifest import Tally
from dialogue.problem import Position, Problem
from dialogue.report import Palette


def record(**changes: Any) -> dict[str, Any]:
    spans = [
        {"slot": "时间", "start": 0, "end": 2, "value": "今晚"},
        {"slot": "收货人", "part": "县", "start": 5, "end": 8, "value": "福田区"},
    ]
    asked = {
        "kind": "utterance", "speaker": "user", "phrasing": "delivery/1",
        "text": "今晚能送到福田区吗？", "spans": spans, "intents": [{"name": "delivery"}],
        "omitted": [{"slot": "商品", "value": ["A"]}], "state": {"slots": {"时间": {}}},
    }  # fmt: skip
    called = {"kind": "call", "tool": "find", "arguments": {"names": ["内存条", "硬盘"], "n": 3}}
    found = {
        "kind": "result",
        "tool": "find",
        "as": "送达",
        "rows": [{"name": "A", "ok": True}] * 5,
    }
    answered = {
        "kind": "utterance", "speaker": "bot", "phrasing": "delivery/2", "text": "可以今晚送到。",
        "spans": [{"slot": "时间", "role": "最晚", "start": 2, "end": 4}],
    }  # fmt: skip
    target = {"时间": "今晚", "县": "福田区"}
    return {
        "id": "shop-0-000007",
        "now": "2026-03-14T15:20:00+08:00",
        "split": "train",
        "index": 0,
        "walk": ["greeting", "delivery"],
        "turns": [asked, called, found, answered],
        "targets": [{"scope": "exchange", "name": "delivery", "turns": [0, 4], "target": target}],
        **changes,
    }


def printed(*, terminal: bool = False, width: int = 60, **changes: Any) -> str:
    class Stream(io.StringIO):
        def isatty(self) -> bool:
            return terminal

    stream = Stream()
    screen = report.console(stream)
    screen.width = width
    report.session(screen, record(**changes), Palette(["时间", "收货人"]))
    return stream.getvalue()


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("COLORTERM", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)


def uncoloured(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_session_without_a_terminal_is_plain_lines_with_slots_in_brackets() -> None:
    assert printed().splitlines() == [
        "shop-0-000007  2026-03-14 15:20  train",
        "greeting → delivery",
        "user    [今晚|时间]能送到[福田区|县]吗？  (商品 understood)",
        "call    find(names=[内存条, 硬盘], n=3)",
        "result  送达: 5 rows; A  true; A  true; A  true; …",
        "bot     可以[今晚|时间/最晚]送到。",
        "target  exchange delivery  时间=今晚  县=福田区",
    ]


def test_target_without_anything_to_extract_is_not_shown() -> None:
    target = {"scope": "exchange", "name": "greeting", "turns": [0, 2], "target": {}}
    assert "target" not in printed(targets=[target])


def test_long_text_in_a_pipe_stays_on_one_line() -> None:
    turn = {"kind": "utterance", "speaker": "user", "text": "好" * 200, "spans": []}
    lines = printed(turns=[turn], targets=[]).splitlines()
    assert lines[-1] == "user    " + "好" * 200


def test_slot_on_a_terminal_is_coloured_and_named_below(terminal: None) -> None:
    shown = printed(terminal=True)
    colour = report.Palette(["时间", "收货人"]).style("时间")[6:-1]
    assert f"\x1b[38;5;{colour}m今晚" in shown
    assert f"\x1b[38;5;{colour}m时间" in shown
    assert "[今晚|时间]" not in shown


def test_no_color_on_a_terminal_gives_brackets(
    terminal: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    shown = printed(terminal=True)
    assert "[今晚|时间]" in uncoloured(shown)
    assert "38;5" not in shown


def test_wide_characters_wrap_beside_their_label(terminal: None) -> None:
    turn = {"kind": "utterance", "speaker": "user", "text": "好" * 50, "spans": []}
    lines = uncoloured(printed(terminal=True, width=40, turns=[turn], targets=[])).splitlines()[2:]
    assert all(cell_len(line) <= 40 for line in lines)
    assert [line.count("好") for line in lines if "好" in line] == [16, 16, 16, 2]
    assert all(line.startswith(("user    好", " " * 8)) for line in lines)


def test_control_characters_are_spelled_out() -> None:
    turn = {"kind": "utterance", "speaker": "user", "text": "a\x1b[2Jb\u202ec\nd", "spans": []}
    shown = printed(turns=[turn], targets=[])
    assert r"a\x1b[2Jb\u202ec\nd" in shown


def test_markup_of_a_terminal_library_means_nothing() -> None:
    turn = {"kind": "utterance", "speaker": "user", "text": "[red]:smile:[/red]", "spans": []}
    assert "[red]:smile:[/red]" in printed(turns=[turn], targets=[])


def test_colour_of_a_slot_does_not_depend_on_the_order_of_slots() -> None:
    slots = [f"slot{number}" for number in range(12)]
    one, other = Palette(slots), Palette(reversed(slots))
    assert [one.style(slot) for slot in slots] == [other.style(slot) for slot in slots]


def test_slots_of_a_graph_have_colours_of_their_own() -> None:
    slots = [f"slot{number}" for number in range(12)]
    palette = Palette(slots)
    assert len({palette.style(slot) for slot in slots}) == 12


def test_more_slots_than_colours_share_them() -> None:
    assert Palette(f"slot{number}" for number in range(40)).style("slot39")


def test_colour_of_an_unannounced_label_does_not_depend_on_what_was_shown_before() -> None:
    labels = [f"part{number}" for number in range(20)]
    one, other = Palette(["时间"]), Palette(["时间"])
    ahead = {label: one.style(label) for label in labels}
    assert ahead == {label: other.style(label) for label in reversed(labels)}
    assert one.style("时间") not in ahead.values()


def test_label_has_one_colour_in_text_and_target(terminal: None) -> None:
    shown = printed(terminal=True)
    (first, second) = re.findall(r"\x1b\[38;5;(\d+)m福田区", shown)
    assert first == second


def test_long_result_is_cut_to_the_width_of_the_terminal(terminal: None) -> None:
    turn = {"kind": "result", "tool": "t", "rows": [{"name": "好" * 100}]}
    lines = uncoloured(printed(terminal=True, width=50, turns=[turn], targets=[])).splitlines()
    assert len(lines) == 3
    assert lines[-1].rstrip().endswith("…")
    assert cell_len(lines[-1]) <= 50


def test_problems_are_listed_with_their_remedies_and_counted() -> None:
    stream = io.StringIO()
    found = [Problem(Position("units/a.yaml", line, 5), "no [b]", "add it") for line in (3, 9)]
    report.problems(report.console(stream), found)
    assert stream.getvalue() == (
        "units/a.yaml:3:5: no [b]\n  fix: add it\n"
        "units/a.yaml:9:5: no [b]\n  fix: add it\n"
        "2 problems in 1 file\n"
    )


def test_progress_says_nothing_where_nobody_looks() -> None:
    stream = io.StringIO()
    with report.progress(report.console(stream), "shop", 10) as watch:
        watch(10)
    assert stream.getvalue() == ""


@pytest.mark.parametrize(("calls", "said"), [(0, "0 calls"), (1, "1 call"), (2, "2 calls")])
def test_summary_has_the_singular_of_one(calls: int, said: str) -> None:
    stream = io.StringIO()
    report.summary(report.console(stream), Dataset(Path("out"), (), Tally(calls=calls)), None)
    assert f"bot, {said}\n" in stream.getvalue()


def test_tally_counts_a_turn_of_several_phrasings_with_all_of_them() -> None:
    tally = Tally()
    session = record()
    session["turns"][0]["phrasings"] = ["delivery/1", "slot:时间/2"]
    tally.add(session, 1000)
    assert tally.phrasings == {"delivery/1", "slot:时间/2", "delivery/2"}


def test_merged_tallies_count_as_one() -> None:
    apart, together = [Tally(), Tally()], Tally()
    for index in range(40):
        session = record(index=index)
        apart[index // 20].add(session, 100 + index)
        together.add(session, 100 + index)
    apart[0].merge(apart[1])
    assert apart[0] == together
    assert together.state > 0
