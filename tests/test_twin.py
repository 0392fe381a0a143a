"""From examples to a pack: `dialogue twin` as people use it, judged without its own code."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from dialogue import compose, load_graph
from dialogue.cli import main

ARTICLE = {
    "text": "张三，13800138000，广东省深圳市南山区高新技术园区创新大厦，518057",
    "target": {
        "姓名": "张三",
        "电话": "13800138000",
        "邮编": "518057",
        "省": "广东省",
        "市": "深圳市",
        "县": "南山区",
        "详细地址": "高新技术园区创新大厦",
    },
}
CLOCK = (
    "clock: {from: 2026-01-01, to: 2026-12-31, hours: {9..12: 3, 12..18: 4, 18..24: 5}, "
    "zone: Asia/Shanghai}"
)
REGIONS = Path(__file__).parents[1] / "dialogue" / "providers" / "china" / "data" / "regions.csv"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def rows(path: Path, *some: Any) -> Path:
    path.write_text("".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in some), "utf-8")
    return path


def drafted(folder: Path, *some: Any, options: tuple[str, ...] = ()) -> dict[str, Any]:
    """Twin rows into `units/x`; return the files as plain data."""
    done = run("twin", rows(folder / "x.jsonl", *some), "-o", folder / "units" / "x", *options)
    assert done.exit_code == 0, done.output
    return files(folder)


def files(folder: Path) -> dict[str, Any]:
    found = {
        path.stem: yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
        for path in (folder / "units" / "x").glob("*.yaml")
    }
    graph = (folder / "graphs" / "x.yaml").read_text("utf-8")
    return {**found, "graph": yaml.load(graph, Loader=yaml.BaseLoader)}


def sessions(folder: Path, n: int) -> list[Any]:
    return list(compose(load_graph(folder / "graphs" / "x.yaml"), n=n))


def said(session: Any, speaker: str = "user") -> list[str]:
    turns = [turn for turn in session["turns"] if turn["kind"] == "utterance"]
    return [turn["text"] for turn in turns if turn["speaker"] == speaker]


def test_the_article_example_is_written_as_a_person_would(tmp_path: Path) -> None:
    drafted(tmp_path, ARTICLE)
    assert (tmp_path / "units/x/domain.yaml").read_text("utf-8").split("\n")[2:] == [
        "locale: zh_CN",
        CLOCK,
        "slots:",
        "  收货人: {faker: cn_recipient}",
        *(f"  {part}: {{view: 收货人.{part}}}" for part in ARTICLE["target"]),
        "",
    ]
    assert (tmp_path / "units/x/message.yaml").read_text("utf-8").split("\n")[1:] == [
        "turns:",
        "- user:",
        '  - "{{ 姓名 }}，{{ 电话 }}，{{ 省 }}{{ 市 }}{{ 县 }}{{ 详细地址 }}，{{ 邮编 }}"',
        "",
    ]
    done = run("check", tmp_path / "graphs" / "x.yaml")
    assert done.output.startswith("checked 1 graph, 1 domain, 1 unit, 1 phrasing, 200 sessions")


def test_the_article_example_has_as_many_true_twins_as_are_asked_for(tmp_path: Path) -> None:
    drafted(tmp_path, ARTICLE)
    with REGIONS.open(encoding="utf-8") as lines:
        known = {row[0]: row[1] for row in csv.reader(lines) if len(row) == 4}
    under: dict[str, set[str]] = {}
    for code, name in known.items():
        if not code.endswith("0000"):
            under.setdefault(name, set()).add(known.get(f"{code[:2]}0000", ""))
    texts = set()
    whole = 0
    for session in sessions(tmp_path, 400):
        (text,) = said(session)
        target = session["targets"][-1]["target"]
        name, phone, *address, code = text.split("，")
        assert (name, phone, code) == (target["姓名"], target["电话"], target["邮编"])
        place = "".join(target.get(part, "") for part in ("省", "市", "县", "详细地址"))
        assert "，".join(address) == place
        assert re.fullmatch(r"\d{6}", code)
        if target.get("省") in known.values() and target.get("县") in under:
            whole += 1
            assert target["省"] in under[target["县"]]
        texts.add(text)
    assert len(texts) == 400
    assert whole > 100


def test_what_has_no_place_is_told_with_candidates_and_nothing_is_written(tmp_path: Path) -> None:
    path = rows(
        tmp_path / "x.jsonl",
        {"text": "李四，买1个，住1号楼", "target": {"姓名": "李西", "数量": "1"}},
        {"text": "没有目标"},
        {"text": "能退吗", "target": {"退": True}},
    )
    path.write_text(path.read_text("utf-8") + "{\n", "utf-8")
    done = run("twin", path, "-o", tmp_path / "units" / "x")
    assert done.exit_code == 1
    shown = "李四，买[1]个，住1 at 4, 1个，住[1]号楼 at 8"
    assert done.output.replace(f"{tmp_path}/", "").split("\n") == [
        f"x.jsonl:1:1: '1' of '数量' is in the text 2 times: {shown}",
        '  fix: say which by a span: "spans": [{"start": 4, "end": 5, "label": "数量"}]',
        "x.jsonl:1:1: '李西' of '姓名' is not in the text",
        "  fix: did you mean [李]四，买1 at 0? write the value as it is said, or leave it out",
        "x.jsonl:2:1: a row tells no values",
        '  fix: add "target": {…}, or "spans": […]',
        "x.jsonl:3:1: '退' is true, which no words say",
        "  fix: leave it out of the target",
        "x.jsonl:4:1: is not JSON: expecting property name enclosed in double quotes",
        "  fix: write one JSON object a line",
        "5 problems in 1 file",
        "",
    ]
    assert [one.name for one in tmp_path.iterdir()] == ["x.jsonl"]


def test_what_is_ambiguous_is_settled_by_a_span(tmp_path: Path) -> None:
    row = {"text": "买1个，住1号楼", "target": {"数量": "1"}}
    row["spans"] = [{"start": 1, "end": 2, "label": "数量"}]
    del row["target"]
    found = drafted(tmp_path, row)
    assert found["message"]["turns"][0]["user"] == ["买{{ 数量 }}个，住1号楼"]


def test_a_share_of_examples_may_be_left_out(tmp_path: Path) -> None:
    some = [{"text": f"我要{n}号", "target": {"号": str(n)}} for n in range(10, 19)]
    bad = {"text": "我要它", "target": {"号": "7"}}
    path = rows(tmp_path / "x.jsonl", *some, bad)
    assert run("twin", path, "-o", tmp_path / "units" / "x", "--max-loss", "0.09").exit_code == 1
    done = run("twin", path, "-o", tmp_path / "units" / "x", "--max-loss", "0.1")
    assert done.exit_code == 0
    assert "x.jsonl:10:1: '7' of '号' is not in the text" in done.output
    assert "examples    9 in zh_CN, 1 left out" in done.output


def test_a_folder_is_replaced_only_if_it_is_a_draft(tmp_path: Path) -> None:
    path, folder = rows(tmp_path / "x.jsonl", ARTICLE), tmp_path / "units" / "x"
    assert run("twin", path, "-o", folder).exit_code == 0
    other = rows(tmp_path / "y.jsonl", {"text": "我叫王芳", "target": {"姓名": "王芳"}})
    refused = run("twin", other, "-o", folder)
    assert (refused.exit_code, "exists already" in refused.output) == (2, True)
    assert "收货人" in (folder / "domain.yaml").read_text("utf-8")
    assert run("twin", other, "-o", folder, "--force").exit_code == 0
    assert "收货人" not in (folder / "domain.yaml").read_text("utf-8")
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "graphs",
        "units",
        "x.jsonl",
        "y.jsonl",
    ]
    (folder / "notes.txt").write_text("mine")
    kept = run("twin", path, "-o", folder, "--force")
    assert (kept.exit_code, "holds 'notes.txt'" in kept.output) == (2, True)
    (folder / "notes.txt").unlink()
    (folder / "domain.yaml").write_text("locale: zh_CN\n")
    kept = run("twin", path, "-o", folder, "--force")
    assert (kept.exit_code, "is no draft" in kept.output) == (2, True)
    elsewhere = run("twin", path, "-o", tmp_path / "x")
    assert (elsewhere.exit_code, "write to units/NAME" in elsewhere.output) == (2, True)


def test_an_english_example_is_drawn_by_stock_methods(tmp_path: Path) -> None:
    row = {
        "text": "This is Jane Miller, 555-010-1234, jane@example.com, before March 5, 2026.",
        "target": {
            "name": "Jane Miller",
            "phone": "(555) 010 1234",
            "email": "jane@example.com",
            "date": "2026-03-05",
        },
    }
    found = drafted(tmp_path, row)
    slots = found["domain"]["slots"]
    assert found["domain"]["locale"] == "en_US"
    assert [slots[name].get("faker") for name in ("name", "phone", "email")] == [
        "name",
        "phone_number",
        "safe_email",
    ]
    for session in sessions(tmp_path, 30):
        (text,) = said(session)
        told = session["targets"][-1]["target"]
        assert text == "This is {name}, {phone}, {email}, before {date}.".format(**told)
        assert re.fullmatch(r"[A-Z][a-z]+ \d{1,2}, 202[67]", told["date"])
    german = drafted(tmp_path, row, options=("--locale", "de_DE", "--force"))
    assert german["domain"]["locale"] == "de_DE"


DIALOGUES = (
    {
        "conversations": [
            {"from": "gpt", "value": "您好，在的"},
            {
                "from": "human",
                "value": "我叫张三，订单20260101123456到哪了",
                "spans": [[2, 4, "姓名"], [7, 21, "订单号"]],
                "intent": "order_status",
            },
            {"from": "gpt", "value": "张三您好，20260101123456已经发出"},
            {"from": "human", "value": "好的", "intent": "thanks"},
            {"from": "gpt", "value": "满99元包邮哦"},
        ]
    },
    {
        "messages": [
            {"role": "user", "content": "帮我查下订单", "intent": "order_status"},
            {"role": "assistant", "content": "请问订单号是多少？"},
            {"role": "user", "content": "是 2026 0102 123456", "intent": "order_status"},
            {"role": "assistant", "content": "好的，请稍等"},
            {"role": "user", "content": "谢谢", "intent": "thanks"},
        ],
        "target": {"订单号": "20260102123456"},
    },
)


def test_dialogues_become_units_that_ask_and_answer(tmp_path: Path) -> None:
    found = drafted(tmp_path, *DIALOGUES)
    status = found["order_status"]
    assert status["needs"] == [
        {"slots": ["订单号"], "ask": ["请问订单号是多少？"], "give": ["是 {{ 订单号 }}"]}
    ]
    assert status["turns"] == [
        {"user": ["我叫{{ 姓名 }}，订单{{ 订单号 }}到哪了", "帮我查下订单"]},
        {
            "bot": [
                {"when": "姓名", "say": ["{{ 姓名 }}您好，{{ 订单号 }}已经发出"]},
                {"say": ["好的，请稍等"]},
            ]
        },
    ]
    assert found["opening"] == {"intent": [], "turns": [{"bot": ["您好，在的"]}]}
    assert found["graph"]["start"] == {"opening": "1", "order_status": "1"}
    assert found["graph"]["edges"] == {
        "opening": {"order_status": "1"},
        "order_status": {"thanks": "1"},
        "thanks": {"end": "1"},
    }
    assert found["graph"]["walk"] == {"units": "2..3"}
    assert found["graph"]["target"] == {"订单号": "订单号", "姓名": "联系人.姓名"}


def test_what_nobody_told_the_bot_is_left_out_and_told(tmp_path: Path) -> None:
    path = rows(tmp_path / "x.jsonl", *DIALOGUES)
    done = run("twin", path, "-o", tmp_path / "units" / "x")
    assert "1 wording, such as" in done.output
    assert "the bot states '99元', which no tool has told it: 满99元包邮哦" in done.output
    assert "bot" not in files(tmp_path)["thanks"]["turns"][-1]
    written = (tmp_path / "units/x/thanks.yaml").read_text("utf-8")
    assert "# - the bot states '99元', which no tool has told it: 满99元包邮哦" in written
    for session in sessions(tmp_path, 50):
        assert not any("包邮" in text for text in said(session, "bot"))


def test_what_is_left_out_cannot_break_the_file(tmp_path: Path) -> None:
    bad = "满99元\u2028turns: []\x85slots:\n\x07" + "长" * 200
    talk = {
        "messages": [
            {"role": "user", "content": "在吗", "intent": "hello"},
            {"role": "assistant", "content": bad},
        ]
    }
    found = drafted(tmp_path, talk)
    assert found["hello"] == {"turns": [{"user": ["在吗"]}]}
    written = (tmp_path / "units/x/hello.yaml").read_text("utf-8")
    assert all(len(line) < 100 and line.isprintable() for line in written.split("\n"))


def test_values_of_calls_are_found_in_what_users_say(tmp_path: Path) -> None:
    function = {"name": "find", "arguments": '{"device": "小米 14", "limit": 3, "kind": "保护壳"}'}
    row = {
        "messages": [
            {"role": "user", "content": "小米14的壳有吗"},
            {"role": "assistant", "content": None, "tool_calls": [{"function": function}]},
            {"role": "tool", "content": "[]"},
            {"role": "assistant", "content": "小米14的暂时没有"},
        ]
    }
    found = drafted(tmp_path, row)
    assert found["domain"]["slots"] == {"device": {"choose": {"小米 14": "小米14"}}}
    assert found["give_device"]["turns"] == [
        {"user": ["{{ device }}的壳有吗"]},
        {"bot": ["{{ device }}的暂时没有"]},
    ]


def test_wordings_that_differ_in_values_only_are_one(tmp_path: Path) -> None:
    colours = ["红色", "红色", "红色", "蓝色", "蓝色", "绿色"] * 4
    some = [{"text": f"要{one}的", "target": {"颜色": one}, "intent": "buy"} for one in colours]
    more = [{"text": "有货吗", "target": {}, "intent": "buy"}] * 8
    found = drafted(tmp_path, *some, *more, {"text": "在吗", "intent": "问候"})
    assert found["buy"]["turns"] == [
        {
            "user": ["要{{ 颜色 }}的", "有货吗"],
            "weights": [{"gives": ["颜色"], "weight": "24"}, {"gives": [], "weight": "8"}],
        }
    ]
    assert found["domain"]["slots"]["颜色"] == {
        "choose": {
            "红色": {"say": "红色", "weight": "12"},
            "蓝色": {"say": "蓝色", "weight": "8"},
            "绿色": {"say": "绿色", "weight": "4"},
        }
    }
    assert found["graph"]["start"]["buy"] == "32"


def test_a_value_that_changes_is_drawn_anew(tmp_path: Path) -> None:
    def turn(text: str, colour: str, intent: str) -> dict[str, Any]:
        at = text.index(colour)
        return {
            "role": "user",
            "content": text,
            "intent": intent,
            "spans": [[at, at + 2, "颜色"]],
        }

    talk = {"messages": [turn("要红色", "红色", "buy"), turn("不，蓝色吧", "蓝色", "change")]}
    found = drafted(tmp_path, talk)
    assert found["change"]["redraw"] == ["颜色"]
    assert "redraw" not in found["buy"]


def test_two_people_in_a_text_are_two_records(tmp_path: Path) -> None:
    text = (
        "寄：王芳，13900139000，江苏省南京市鼓楼区中山路1号；"
        "收：李雷，13700137000，浙江省杭州市西湖区文三路2号"
    )
    labels = {
        "姓名": ("王芳", "李雷"),
        "电话": ("13900139000", "13700137000"),
        "省": ("江苏省", "浙江省"),
        "市": ("南京市", "杭州市"),
        "县": ("鼓楼区", "西湖区"),
        "详细地址": ("中山路1号", "文三路2号"),
    }
    spans = [
        {"start": text.index(one), "end": text.index(one) + len(one), "label": label}
        for label, some in labels.items()
        for one in some
    ]
    found = drafted(tmp_path, {"text": text, "spans": spans})
    slots = found["domain"]["slots"]
    assert slots["收货人2"] == {"like": "收货人", "role": "second"}
    assert slots["县2"] == {"view": "收货人2.县"}
    (phrasing,) = found["message"]["turns"][0]["user"]
    sender, recipient = phrasing.split("；")
    assert sender == "寄：{{ 姓名 }}，{{ 电话 }}，{{ 省 }}{{ 市 }}{{ 县 }}{{ 详细地址 }}"
    assert recipient == "收：{{ 姓名2 }}，{{ 电话2 }}，{{ 省2 }}{{ 市2 }}{{ 县2 }}{{ 详细地址2 }}"


def test_an_address_in_many_layouts_is_printed_as_a_whole(tmp_path: Path) -> None:
    def row(text: str, **values: str) -> dict[str, Any]:
        return {"text": text, "target": values}

    some = [
        row("寄江苏省南京市中山路1号", 省="江苏省", 市="南京市", 详细地址="中山路1号"),
        row("寄浙江省 杭州市 文三路2号", 省="浙江省", 市="杭州市", 详细地址="文三路2号"),
        row("寄广州市体育西路3号", 市="广州市", 详细地址="体育西路3号"),
        row(
            "寄四川省成都市人民路4号（成都市人民路4号）",
            省="四川省",
            市="成都市",
            详细地址="人民路4号",
        ),
    ]
    found = drafted(tmp_path, *some)
    assert found["domain"]["slots"]["地址"] == {"view": "收货人.地址"}
    assert found["message"]["turns"][0]["user"] == [
        "寄{{ 地址 }}",
        "寄{{ 省 }}{{ 市 }}{{ 详细地址 }}（{{ 市 }}{{ 详细地址 }}）",
    ]


def test_the_question_around_a_text_is_no_part_of_it(tmp_path: Path) -> None:
    def row(name: str, first: str, last: str) -> dict[str, Any]:
        said = {"role": "user", "content": f"{first}我叫{name}{last}"}
        return {"messages": [said, {"role": "assistant", "content": f'{{"姓名": "{name}"}}'}]}

    names = ["王芳", "李雷", "韩梅梅", "张三"]
    some = [row(name, "提取姓名：\n", "") for name in names]
    some += [row(name, "", "\n解析为json对象") for name in names]
    found = drafted(tmp_path, *some)
    assert found["message"]["turns"] == [{"user": ["我叫{{ 姓名 }}"]}]


def test_what_templates_would_read_is_said_as_it_stands(tmp_path: Path) -> None:
    text = "{王芳}，{{x}}{% if %}{# c #}}}\n"
    drafted(tmp_path, {"text": text, "spans": [[1, 3, "姓名"]]})
    (session,) = sessions(tmp_path, 1)
    (said_,) = said(session)
    assert said_.replace(session["targets"][-1]["target"]["姓名"], "王芳") == text


@pytest.mark.parametrize(
    "arguments",
    [("x.foo",), ("x.jsonl", "--from", "xml"), ("x.jsonl", "--locale", "xx_XX"), ("none.jsonl",)],
)
def test_what_cannot_be_read_is_told_without_a_traceback(
    tmp_path: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows(tmp_path / "x.jsonl", ARTICLE)
    (tmp_path / "x.foo").write_text("a")
    done = run("twin", *arguments, "-o", "units/x")
    assert done.exit_code in (1, 2)
    assert isinstance(done.exception, SystemExit)
    assert "fix: " in done.output
    assert not (tmp_path / "units").exists()
