"""Where values are found in words, and what they are taken for; odd texts and labels survive."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogue.cli import main
from dialogue.problem import ContentError, Position
from dialogue.twin.alignment import placed
from dialogue.twin.example import Conversation, Utterance, Wanted
from dialogue.twin.inference import infer
from dialogue.twin.languages import LANGUAGES, language_of, locale_of
from dialogue.twin.proof import prove
from dialogue.twin.twin import Options, twin

if TYPE_CHECKING:
    from pathlib import Path

AT = Position("x.jsonl")


def talk(text: str, target: dict[str, str]) -> Conversation:
    wanted = tuple(Wanted(label, value) for label, value in target.items())
    return Conversation(AT, (Utterance(AT, "user", text),), wanted)


def found(text: str, value: str, language: str = "zh") -> list[str]:
    one, problems = placed(talk(text, {"x": value}), LANGUAGES[language])
    assert problems == []
    return [text[said.start : said.end] for said in one.utterances[0].said]


@pytest.mark.parametrize(
    ("text", "value", "surface"),
    [
        ("电话138-0013-8000谢谢", "13800138000", "138-0013-8000"),
        ("电话１３８００１３８０００", "13800138000", "１３８００１３８０００"),
        ("打138 0013 8000", "13800138000", "138 0013 8000"),
        ("要沐辰z5 青春版", "沐辰 Z5青春版", "沐辰z5 青春版"),
        ("买三件", "3", "三"),
        ("要两百零五个", "205", "两百零五"),
        ("一共12件，订12345", "12", "12"),
        ("2026年3月5日来", "2026-03-05", "2026年3月5日"),
        ("Ann and Anna", "Ann", "Ann"),
        ("send twelve of 12 sizes 112", "112", "112"),
        ("that is 1,200 in all", "1200", "1,200"),
        ("on March 5, 2026", "2026-03-05", "March 5, 2026"),
    ],
)
def test_a_value_is_found_in_the_form_in_which_it_is_said(
    text: str, value: str, surface: str
) -> None:
    assert found(text, value, "zh" if re.search("[一-龥]", text) else "en") == [surface]


def test_a_long_value_that_is_said_twice_is_the_value_both_times() -> None:
    assert found("张三丰，我是张三丰", "张三丰") == ["张三丰", "张三丰"]


def test_equal_values_of_two_labels_take_their_places_in_order() -> None:
    text = "上海市上海市黄浦区中山路1号"
    target = {"省": "上海市", "市": "上海市", "县": "黄浦区"}
    one, problems = placed(talk(text, target), LANGUAGES["zh"])
    assert problems == []
    said = [(stretch.label, stretch.start) for stretch in one.utterances[0].said]
    assert said == [("省", 0), ("市", 3), ("县", 6)]


def test_a_value_inside_of_another_is_not_its_own() -> None:
    one, problems = placed(
        talk("住南山，南山路1号", {"县": "南山", "路": "南山路1号"}), LANGUAGES["zh"]
    )
    assert problems == []
    assert [(said.label, said.start) for said in one.utterances[0].said] == [("县", 1), ("路", 4)]
    both = {"省": "上海", "市": "上海"}
    _, (problem,) = placed(talk("上海的王芳", both), LANGUAGES["zh"])
    assert "has no place of its own" in problem.what


@pytest.mark.parametrize(
    ("label", "values", "slot"),
    [
        ("联系电话", ["13912345678"], {"faker": "cn_mobile"}),
        ("固话", ["0755-86013388", "010-62345678"], {"faker": "cn_landline"}),
        ("邮箱", ["a.b@example.com"], {"faker": "cn_email"}),
        ("车牌", ["粤B12345"], {"faker": "cn_plate"}),
        ("订单号", ["20260101123456789"], {"faker": "cn_order_number"}),
        ("价钱", ["199元", "两百块"], {"faker": "cn_money"}),
        ("几个", ["两件", "3件"], {"faker": "cn_quantity"}),
        ("何时", ["周五之前", "明天下午三点前"], {"faker": "cn_deadline"}),
        ("何时", ["昨天下午", "前天"], {"faker": "cn_time"}),
        ("取件码", ["3-2-1024", "8-1-2203"], {"faker": "numerify"}),
        ("件", ["3", "11", "7"], {"faker": "pyint"}),
        ("颜色", ["红色", "蓝色"], {"choose": ["红色", "蓝色"]}),
        ("姓名", ["张三", "欧阳娜娜"], {"view": "联系人.姓名"}),
        ("地址", ["江苏省南京市鼓楼区中山北路88号"], {"text": "{{ 收货人.地址 }}"}),
    ],
)
def test_slots_are_inferred_from_their_values(
    label: str, values: list[str], slot: dict[str, Any]
) -> None:
    talks = [placed(talk(f"问{one}吧", {label: one}), LANGUAGES["zh"])[0] for one in values]
    keys = dict(infer(talks, LANGUAGES["zh"]).slots[label].keys)
    keys.pop("with", None)
    keys.pop("key", None)
    if "choose" in keys:
        keys["choose"] = sorted(keys["choose"], key=values.index)
    assert keys == slot


def test_the_locale_is_told_by_the_characters() -> None:
    assert locale_of(["请问iPhone 15有货吗"]) == "zh_CN"
    assert locale_of(["is it in stock?"]) == "en_US"
    assert language_of("de_DE") is LANGUAGES["en"]


def test_proof_notices_other_bytes_and_other_places(tmp_path: Path) -> None:
    from dataclasses import replace

    from dialogue import load_graph

    row = {"text": "我叫王芳，电话13912345678", "target": {"姓名": "王芳", "电话": "13912345678"}}
    (tmp_path / "x.jsonl").write_text(json.dumps(row), "utf-8")
    made = twin([tmp_path / "x.jsonl"], tmp_path / "units" / "x", Options())
    assert (made.proof.proven, made.proof.failed) == (1, [])
    domain = load_graph(made.graph).domain
    unit = made.draft.units["message"]
    ((template, (phrase,)),) = unit.users.items()
    utterance = phrase.utterance
    first, second = phrase.prints
    wrong = [
        replace(phrase, utterance=replace(utterance, text=utterance.text + "。")),
        replace(phrase, prints=(first._replace(said=second.said), second)),
        replace(phrase, template="另一个"),
    ]
    for one in wrong:
        unit.users = {template: [one]}
        proof = prove(made.draft, domain)
        assert (proof.proven, len(proof.failed)) == (0, 1)


def test_proof_notices_spans_alone(tmp_path: Path) -> None:
    from dataclasses import replace

    from dialogue import load_graph

    row = {"text": "王芳王芳", "spans": [[0, 2, "姓名"]]}
    (tmp_path / "x.jsonl").write_text(json.dumps(row), "utf-8")
    made = twin([tmp_path / "x.jsonl"], tmp_path / "units" / "x")
    unit = made.draft.units["message"]
    ((template, (phrase,)),) = unit.users.items()
    ((said, ref),) = phrase.prints[0].said
    moved = phrase.prints[0]._replace(said=((said._replace(start=2, end=4), ref),))
    unit.users = {template: [replace(phrase, prints=(moved,))]}
    (problem,) = prove(made.draft, load_graph(made.graph).domain).failed
    assert "its spans are [(0, 2, '联系人.姓名')]" in problem.what


@pytest.mark.parametrize("text", ["a\x00b", "a\ud83db", "长" * 10_001])
def test_texts_that_cannot_be_said_are_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.jsonl").write_text(json.dumps({"text": text, "intent": "a"}), "utf-8")
    with pytest.raises(ContentError) as caught:
        twin([tmp_path / "x.jsonl"], tmp_path / "units" / "x")
    (problem,) = caught.value.problems
    assert problem.what.startswith("the text ")


TEXTS = st.text(
    st.one_of(
        st.sampled_from("{}%#'\"\\|:-[],&*!>?@` \n\té李1a"),
        st.characters(exclude_categories=("Cs",), exclude_characters="\x00"),
    ),
    max_size=8,
)
LABELS = st.sampled_from(
    [
        "姓名",
        "now",
        "end",
        "pick",
        "a b",
        "a.b",
        "1",
        "电话/手机",
        "{{ x }}",
        "none",
        "_",
        "省",
        "x",
    ]
)


@st.composite
def labelled(draw: st.DrawFn) -> dict[str, Any]:
    text, spans = "", []
    for _ in range(draw(st.integers(1, 3))):
        text += draw(TEXTS)
        value = draw(TEXTS.filter(lambda one: one.strip()))
        spans.append({"start": len(text), "end": len(text + value), "label": draw(LABELS)})
        text += value
    return {"text": text + draw(TEXTS), "spans": spans, "intent": draw(st.sampled_from("abc"))}


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(some=st.lists(labelled(), min_size=1, max_size=12))
def test_odd_texts_and_labels_are_proven_or_told(
    some: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("odd")
    path = folder / "x.jsonl"
    path.write_text("".join(f"{json.dumps(one)}\n" for one in some), "utf-8")
    arguments = ["twin", str(path), "-o", str(folder / "units/x"), "--max-loss", "0.99"]
    done = CliRunner().invoke(main, arguments)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    if done.exit_code == 0:
        assert re.search(r"^proven +(\d+) of \1 ", done.output, re.MULTILINE), done.output
        for file in (folder / "units" / "x").iterdir():
            assert yaml.safe_load(file.read_text("utf-8"))
    else:
        assert "fix: " in done.output
        assert not (folder / "units").exists()
