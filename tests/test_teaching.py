"""What composed sets teach, judged by lines that were written by hand: `tests/lines/`."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest
from replay import GRAPHS, ROOT

from benchmarks.crf import Line, Span, features, spans, tags
from benchmarks.teaching import (
    ADDRESS,
    ALL,
    KINDS,
    LABELS,
    LINES,
    PARTS,
    asked,
    composed,
    distinct,
    judged,
    lines,
    marked,
    mask,
    merged,
    only,
    score,
    train,
    unmarked,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# The least F1 after so many user turns; `python -m benchmarks teaching` has it after 2,000.
TURNS = 1000
ON_ADDRESSES = 0.82
ON_CHATS = 0.82
ON_PLACES = 0.78  # phones and whole addresses in chats

MUNICIPALITIES = ("北京", "天津", "上海", "重庆")
PROVINCES = (
    *MUNICIPALITIES,
    *("河北", "山西", "内蒙", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西"),
    *("山东", "河南", "湖北", "湖南", "广东", "广西", "海南", "四川", "贵州", "云南", "西藏"),
    *("陕西", "甘肃", "青海", "宁夏", "新疆"),
)
COUNTY_LEVEL = (
    *(
        "昆山",
        "义乌",
        "常熟",
        "启东",
        "福清",
        "晋江",
        "温岭",
        "乐清",
        "寿光",
        "滕州",
        "三河",
        "海城",
    ),
    *(
        "庄河",
        "讷河",
        "介休",
        "邓州",
        "利川",
        "仙桃",
        "普宁",
        "北流",
        "阆中",
        "西昌",
        "凯里",
        "仁怀",
    ),
    *("景洪", "瑞丽", "神木", "格尔木", "青铜峡", "石河子", "文昌", "万宁", "潜江", "涿州", "库车"),
)
PHONES = {
    "mobile": r"1\d{10}",
    "mobile, spaced": r"1\d\d \d{4} \d{4}",
    "mobile, dashed": r"1\d\d-\d{4}-\d{4}",
    "mobile, +86": r"\+86 1\d{10}",
    "mobile, 86-": r"86-1\d{10}",
    "mobile, masked": r"1\d\d\*{4}\d{4}",
    "mobile, in characters": r"[一二三四五六七八九零]{11}",
    "landline": r"0\d{2,3}-\d{7,8}",
    "landline, spaced": r"0\d\d \d{4} \d{4}",
    "landline, in brackets": r"\(0\d{3}\)\d{7}",
    "landline, full width": r"[０-９]{4}－[０-９]{8}",
    "landline, extension": r"0\d{3}-\d{8}转\d{3}",
    "landline, without area": r"\d{8}",
    "service, dashed": r"400-\d{3}-\d{4}",
    "service, spaced": r"400 \d{3} \d{4}",
}


def values(label: str, kind: str | None = None) -> list[str]:
    """Return what is labelled so, line by line."""
    return [
        line.text[span.start : span.end]
        for name in KINDS
        if kind in {None, name}
        for line in lines(name)
        for span in line.spans
        if span.label == label
    ]


def test_marks_are_read() -> None:
    line = unmarked(r"[微笑]寄{市:合肥市}{县:包河区}\n{姓名:李雷}收")
    assert line.text == "[微笑]寄合肥市包河区\n李雷收"
    assert line.spans == (Span(5, 8, "市"), Span(8, 11, "县"), Span(12, 14, "姓名"))
    assert marked(*line) == r"[微笑]寄{市:合肥市}{县:包河区}\n{姓名:李雷}收"


@pytest.mark.parametrize(
    "wrong", ["{区:包河区}", "{市:合肥市", "市:合肥市}", "{市:}", "{市:a{县:b}}"]
)
def test_marks_that_are_wrong_are_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="expected a known label and a closing brace"):
        unmarked(wrong)


@pytest.mark.parametrize("kind", KINDS)
def test_lines_hold_what_is_written(kind: str) -> None:
    written = (LINES / f"{kind}.txt").read_text("utf-8").splitlines()
    kept = [one for one in written if one and not one.startswith("#")]
    assert [marked(*line) for line in lines(kind)] == kept
    texts = [line.text for line in lines(kind)]
    assert len(set(texts)) == len(texts) >= 125
    for line, source in zip(lines(kind), kept, strict=True):
        assert [line.text[s.start : s.end] for s in line.spans] == [
            value for _, value in re.findall(r"\{(.+?):(.+?)\}", source)
        ]
        for span in line.spans:
            value = line.text[span.start : span.end]
            assert value == value.strip(" ，,。；：、/-_"), source


def test_addresses_hold_nothing_else() -> None:
    assert all(line.spans for line in lines("address"))
    assert {span.label for line in lines("address") for span in line.spans} == PARTS
    # The scorer takes what is left for what must not be found, so it has to be short.
    for line in lines("address"):
        rest = len(line.text) - sum(span.end - span.start for span in line.spans)
        assert rest <= 9, line.text


def test_half_of_the_chats_hold_neither_phone_nor_address() -> None:
    bare = [line for line in asked(lines("chat"), {"电话", *PARTS}) if not line.spans]
    assert 0.45 <= len(bare) / len(lines("chat")) <= 0.55
    assert sum(any(c.isdigit() for c in line.text) for line in bare) >= 15
    assert sum(any(root in line.text for root in PROVINCES) for line in bare) >= 5


def test_chats_have_every_label() -> None:
    assert {span.label for line in lines("chat") for span in line.spans} == set(LABELS)


@pytest.mark.parametrize("root", PROVINCES)
def test_every_province_is_there_twice(root: str) -> None:
    labels = {"省", "市"} if root in MUNICIPALITIES else {"省"}
    having = [
        line
        for line in lines("address")
        if any(line.text.startswith(root, s.start) for s in line.spans if s.label in labels)
    ]
    assert len(having) >= 2


@pytest.mark.parametrize("shape", PHONES)
def test_every_shape_of_phones_is_there(shape: str) -> None:
    assert any(re.fullmatch(PHONES[shape], phone) for phone in values("电话"))


def test_phones_have_a_known_shape() -> None:
    for phone in values("电话"):
        assert any(re.fullmatch(shape, phone) for shape in PHONES.values()), phone


def test_a_municipality_is_a_city_and_said_twice_a_province_too() -> None:
    for kind in KINDS:
        for line in lines(kind):
            by = {s.label: line.text[s.start : s.end] for s in line.spans}
            if by.get("省", "").startswith(MUNICIPALITIES):
                assert by["市"].startswith(by["省"][:2]), line.text


def test_cities_of_counties_are_counties() -> None:
    assert not [city for city in values("市") if city.startswith(COUNTY_LEVEL)]
    assert not [root for root in COUNTY_LEVEL if not any(map(re.compile(root).match, values("县")))]


def test_zones_and_towns_are_details() -> None:
    for county in values("县"):
        assert not re.search("开发|高新|园区|街道|[镇乡村]$", county), county
    details = values("详细地址")
    for mark in ("开发区", "街道", "镇", "乡", "村", "对面", "交叉口", "公司", "学", "医院", "9F"):
        assert any(mark in detail for detail in details), mark


def test_names_end_before_what_is_done_with_them() -> None:
    assert not [name for name in values("姓名") if name.endswith(("收", "转"))]
    assert any(name.endswith("女士") for name in values("姓名"))


def test_nothing_of_the_lines_is_in_a_pack() -> None:
    folders = (ROOT / "units", ROOT / "graphs", ROOT / "dialogue")
    packs = "\n".join(
        path.read_text("utf-8")
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".yaml", ".txt", ".csv", ".tsv", ".json", ".py"}
    )
    said = [line.text for kind in KINDS for line in lines(kind) if len(line.text) > 10]
    said += [value for value in values("详细地址") if len(value) > 10]
    assert not [one for one in said if one in packs]


def test_tags_say_the_spans() -> None:
    for kind in KINDS:
        for line in lines(kind):
            assert spans(tags(line)) == line.spans
            assert len(features(line.text)) == len(line.text)
    assert spans(["I-市", "I-市", "I-县", "O", "B-县", "B-县"]) == (
        *(Span(0, 2, "市"), Span(2, 3, "县"), Span(4, 5, "县"), Span(5, 6, "县")),
    )
    assert features("") == []
    assert "digits:12" in features("1" * 13)[3]


def test_adjacent_parts_are_one_address() -> None:
    line = unmarked("{省:安徽}{市:合肥}，{县:包河区}{详细地址:一号}{姓名:李雷}{市:合肥}")
    assert marked(*merged(line)) == "{地址:安徽合肥}，{地址:包河区一号}{姓名:李雷}{地址:合肥}"


def test_a_span_counts_if_all_of_it_is_right() -> None:
    on = [unmarked("送{市:合肥市}{县:包河区}"), unmarked("好的")]
    read = [unmarked("送{市:合肥市}包{县:河区}").spans, unmarked("{姓名:好}{市:的}").spans]
    scores = score(on, read)
    assert scores == {ALL: (1, 3, 2), "市": (1, 2, 1), "县": (0, 1, 1)}  # nobody asked for 姓名
    assert scores[ALL].f1 == pytest.approx(0.4)


def test_diversity_is_that_of_words_and_threes() -> None:
    twins = [unmarked("送到{市:合肥}，12点前！"), unmarked("送到 {市:上海} 9点前")]
    assert {mask(one) for one in twins} == {"送到〔市〕点前"}
    assert distinct([Line("aaaa", ()), Line("ab", ())]) == 0.5


@cache
def known() -> list[Line]:
    return composed(GRAPHS["address"], TURNS)


def taught(lines: Iterable[Line], labels: Iterable[str]) -> Callable[[str], tuple[Span, ...]]:
    """Train a tagger; the pack's other labels, which nobody asks for here, are one to it.

    They may still be taken for those that are asked for, and training takes a third of the time.
    """
    wanted = {*labels}
    return train(
        Line(text, tuple(s if s.label in wanted else s._replace(label="其他") for s in spans))
        for text, spans in lines
    )


def test_a_set_teaches_addresses_and_chats() -> None:
    from seqeval.metrics import f1_score  # takes long

    assert len(known()) == TURNS
    tagger = taught(known(), LABELS)
    found = [only(tagger(line.text), LABELS) for line in lines("chat")]
    chats = score(lines("chat"), found)[ALL]
    assert chats.f1 == pytest.approx(
        f1_score(
            [tags(line) for line in lines("chat")],
            [tags(Line(line.text, one)) for line, one in zip(lines("chat"), found, strict=True)],
        )
    )
    assert judged(tagger, lines("address"))[ALL].f1 >= ON_ADDRESSES
    assert chats.f1 >= ON_CHATS


def test_a_set_teaches_where_phones_and_addresses_are() -> None:
    tagger = taught(map(merged, known()), ("电话", ADDRESS))
    on = asked(map(merged, lines("chat")), {"电话", ADDRESS})
    assert judged(tagger, on)[ALL].f1 >= ON_PLACES
