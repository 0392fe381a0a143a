"""The example that the library began with works as it was first written."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from replay import ROOT, read_yaml

from dialogue import compose, load_graph

if TYPE_CHECKING:
    from pathlib import Path

LINES = (
    "{{名字.param.输出 | trim}}，{{电话}}，",
    "{{地址.param.省 |  trim}}{{地址.param.市 | trim}}{{地址.param.区县 | trim}}{{详细地址}}，",
    "{{邮编}}",
)
KEYS = ("姓名", "电话", "邮编", "省", "市", "县", "详细地址")
ORDER = ("姓名", "电话", "省", "市", "县", "详细地址", "邮编")


def test_template_stands_in_the_pack_as_it_was_written() -> None:
    file = ROOT / "units/address/recipient.yaml"
    said = read_yaml(file)["turns"][0]["user"]
    assert "\n".join(LINES) + "\n" in said  # a block ends with a line end, which Jinja2 drops
    assert "".join(LINES) in said
    block = "\n".join(f"    {line}" for line in LINES)
    assert f"  - |\n{block}\n" in file.read_text("utf-8")


@pytest.mark.parametrize("between", ["\n", ""])
def test_template_gives_its_spans_and_its_target(between: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "units/address", tmp_path / "units/address")
    (tmp_path / "graphs").mkdir()
    shutil.copy(ROOT / "graphs/address.yaml", tmp_path / "graphs")
    unit = tmp_path / "units/address/recipient.yaml"
    template = between.join(LINES).replace("\n", "\\n")
    written = unit.read_text("utf-8").splitlines()
    bot = written.index("- bot:")
    target = next(line for line in written if line.startswith("target:"))
    head = [written[0], "title: 收货", "turns:", f'- user: ["{template}"]']
    end = next(n for n, line in enumerate(written) if line.startswith("target:"))
    unit.write_text("\n".join([*head, *written[bot:end], target]), "utf-8")
    graph = load_graph(tmp_path / "graphs/address.yaml", ["start={recipient: 1}"])
    seen, whole = set(), 0
    for session in compose(graph, 200, 0):
        turn = session["turns"][0]
        said = {span["part"]: span["surface"] for span in turn["spans"]}
        whole += len(said) == len(KEYS)
        # Some cities have no counties, some counties no city.
        assert set(KEYS) - set(said) in (set(), {"市"}, {"县"})
        assert [span["part"] for span in turn["spans"]] == [part for part in ORDER if part in said]
        assert turn["text"] == (
            f"{said['姓名']}，{said['电话']}，{between}{said['省']}{said.get('市', '')}"
            f"{said.get('县', '')}{said['详细地址']}，{between}{said['邮编']}"
        )
        target = session["targets"][0]
        assert (target["scope"], target["name"]) == ("exchange", "recipient")
        assert list(target["target"]) == [key for key in KEYS if key in said]
        assert target["target"] == said
        seen.add(turn["text"])
    assert len(seen) > 190
    assert 160 < whole < 200


@pytest.fixture
def session() -> Any:
    graph = load_graph(ROOT / "tests/packs/original/graphs/original.yaml")
    return next(iter(compose(graph, 1, 0)))


def test_scene_reads_word_for_word(session: Any) -> None:
    assert [turn["text"] for turn in session["turns"] if turn["kind"] == "utterance"] == [
        "请问有没有兼容我笔记本型号的内存条？",
        "有ABCD几种不同容量和品牌的内存条可供选择。",
        "今天晚上能送到XX市吗？",
        "A型号的内存条可以今晚送到。",
    ]


def test_scene_says_nothing_that_is_not_known(session: Any) -> None:
    spans = [
        [(span["slot"], span["surface"]) for span in turn["spans"]]
        for turn in session["turns"]
        if turn["kind"] == "utterance"
    ]
    assert spans == [
        [("设备", "笔记本"), ("配件", "内存条")],
        [("商品.letter", "A"), ("商品.letter", "B"), ("商品.letter", "C"), ("商品.letter", "D"),
         ("配件", "内存条")],
        [("时间", "今天晚上"), ("地点", "XX市")],
        [("送达.letter", "A"), ("配件", "内存条"), ("时间", "今晚")],
    ]  # fmt: skip


def test_scene_has_the_target_of_the_example(session: Any) -> None:
    scene = next(target for target in session["targets"] if target["scope"] == "scene")
    assert scene["name"] == "根据特定送达时间获取产品需求"
    assert scene["turns"] == [0, len(session["turns"])]
    assert scene["target"] == {
        "设备": "笔记本", "配件": "内存条", "时间": "今天晚上", "地点": "XX市",
    }  # fmt: skip
