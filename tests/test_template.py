"""Templates: what compiles, what is refused, what can be known before rendering."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import battery
import pytest
from jinja2.filters import FILTERS

from dialogue.problem import ContentError, Position
from dialogue.template import Environment, RenderError, Template, compile_template
from dialogue.template.filters import REFUSED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dialogue.template.rope import Rope


def at(line: int) -> Position:
    return Position("unit.yaml", 10 + line)


def second(options: int) -> int:
    return 1


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return Environment(battery.pack(tmp_path_factory.mktemp("packs") / "retail"))


def made(environment: Environment, source: str) -> Template:
    return compile_template(environment, source, at)


def said(environment: Environment, source: str, names: Mapping[str, Any] | None = None) -> Rope:
    return made(environment, source).render(battery.world() if names is None else names, second)


@pytest.mark.parametrize("case", battery.AT_COMPILE)
def test_construct_is_refused_at_compile_by_its_name(case: str, environment: Environment) -> None:
    source, named = battery.AT_COMPILE[case]
    with pytest.raises(ContentError) as caught:
        made(environment, source)
    assert named in caught.value.problems[0].what
    assert caught.value.problems[0].fix
    assert caught.value.problems[0].at.line == 10 + 1 + source.count("\n")


@pytest.mark.parametrize("case", battery.AT_RENDER)
def test_construct_is_refused_when_rendered(case: str, environment: Environment) -> None:
    source, named = battery.AT_RENDER[case]
    template = made(environment, "\n" + source)
    with pytest.raises(RenderError) as caught:
        template.render(battery.world(), second)
    assert named in caught.value.what
    assert caught.value.fix
    assert caught.value.line == 2


ORIGINAL = (
    "{{名字.param.输出 | trim}}，{{电话}}，\n"
    "{{地址.param.省 |  trim}}{{地址.param.市 | trim}}{{地址.param.区县 | trim}}{{详细地址}}，\n"
    "{{邮编}}"
)


@pytest.mark.parametrize("source", [ORIGINAL, ORIGINAL.replace("\n", "")])
def test_original_template_works_word_for_word(environment: Environment, source: str) -> None:
    def part(name: str, text: str) -> Rope:
        return battery.slot("收货人", text, part=name)

    address = {
        "省": part("省", "广东省 "),
        "市": part("市", "深圳市"),
        "区县": part("县", " 南山区"),
    }
    names = {
        "名字": {"param": {"输出": part("姓名", " 张三")}},
        "电话": part("电话", "138"),
        "地址": {"param": address},
        "详细地址": part("详细地址", "科技路1号"),
        "邮编": part("邮编", "518000"),
    }
    text = said(environment, source, names)
    marks = {label.part: text[start:end] for start, end, label in text.pieces}
    assert text == source[:0] + (
        "张三，138，\n广东省深圳市南山区科技路1号，\n518000"
        if "\n" in source
        else "张三，138，广东省深圳市南山区科技路1号，518000"
    )
    assert marks == {
        "姓名": "张三",
        "电话": "138",
        "省": "广东省",
        "市": "深圳市",
        "县": "南山区",
        "详细地址": "科技路1号",
        "邮编": "518000",
    }


def test_names_and_reads_are_what_the_template_takes_from_outside(environment: Environment) -> None:
    template = made(
        environment,
        "{% set x = 时间 %}{{ x }}{{ 收货人.姓名.strip() }}{{ 地址['param'].省 | trim }}"
        "{% for r in 能到 %}{{ r.name }}{{ loop.index }}{% endfor %}{{ 送达[0].arrives }}"
        "{{ pick('a', order(城市)) }}{% include 'part/inner.txt' %}",
    )
    assert template.names == {"时间", "收货人", "地址", "能到", "送达", "城市", "地点"}
    assert template.reads == {
        ("时间",),
        ("收货人", "姓名"),
        ("地址", "param", "省"),
        ("能到",),
        ("送达", "arrives"),
        ("城市",),
        ("地点",),
    }


def test_literals_are_what_the_author_typed_with_its_line(environment: Environment) -> None:
    template = made(
        environment,
        "到\n{{ pick('甲', 地点) }}{{ 39 }}{{ 商品[0].name | truncate(20, true, '…') }}\n"
        "{{ 商品 | map(attribute='name') | join('、') }}{{ 'x' if 地点 == '深圳' else 'y' }}"
        "{{ 地点 | replace('旧', '新') }}{{ {'键': '值'}[地点] }}"
        "{{ order(地点, labels={'地点': '在'}) }}"
        "{% include 'hello.txt' %}{{ 地点 | default(7) }}{{ '%d' % (数量 + 1) }}",
    )
    assert [(literal.text, literal.line) for literal in template.literals] == [
        ("到\n", 1),
        ("甲", 2),
        ("39", 2),
        ("…", 2),
        ("\n", 2),
        ("、", 3),
        ("x", 3),
        ("y", 3),
        ("新", 3),
        ("值", 3),
        ("在", 3),
        ("7", 3),
        ("%d", 3),
        ("您好，", 3),
    ]


def test_names_win_over_what_the_environment_offers(environment: Environment) -> None:
    assert said(environment, "{{ pick }}{{ range }}", {"pick": "a", "range": "b"}) == "ab"


def test_nothing_is_left_of_an_earlier_rendering(environment: Environment) -> None:
    template = made(environment, "{{ x }}{% if 先 %}{% set x = 1 %}{% endif %}{{ x }}")
    assert template.render({"x": "a", "先": True}, second) == "a1"
    assert template.render({"x": "b", "先": False}, second) == "bb"
    said_of = "{{ super() }}{{ super.super is defined }}"
    child = made(
        environment, f"{{% extends 'base.txt' %}}{{% block body %}}{said_of}{{% endblock %}}"
    )
    assert child.render({}, second) == child.render({}, second) == "<默认False>"


def test_import_that_draws_draws_for_each_rendering(pack_with_draw: Environment) -> None:
    template = made(pack_with_draw, "{% from 'draw.txt' import hello %}{{ hello }}")
    assert template.render({}, lambda n: 0) == "a"
    assert template.render({}, lambda n: 1) == "b"


@pytest.fixture
def pack_with_draw(tmp_path: Path) -> Environment:
    (tmp_path / "draw.txt").write_text("{% set hello = pick('a', 'b') %}", encoding="utf-8")
    return Environment(tmp_path)


def test_choices_are_drawn_once_each_and_not_for_one_option(environment: Environment) -> None:
    drawn: list[int] = []

    def choose(options: int) -> int:
        drawn.append(options)
        return options - 1

    template = made(
        environment,
        "{{ pick('a') }}{{ pick('a', 'b') }}{{ order(1, 2, 3, sep=['', '-']) }}{{ order(1) }}",
    )
    assert template.render({}, choose) == "ab3-2-11"
    assert drawn == [2, 6, 2]


def test_every_order_can_be_drawn(environment: Environment) -> None:
    template = made(environment, "{{ order('a', 'b', 'c', 'd') }}")
    assert len({template.render({}, lambda n, k=k: k) for k in range(24)}) == 24  # type: ignore[misc]


def test_normal_says_the_normal_form_and_keeps_the_label(environment: Environment) -> None:
    text = said(
        environment, "{{ ('去' ~ 地点) | normal }}{{ [城市, 数量] | map('normal') | join }}"
    )
    assert battery.marked(text) == "去⟦地点:深圳市⟧⟦地点:广州市⟧⟦数量:3⟧"
    assert (
        battery.marked(said(environment, "{{ [时间] | normal | join }}"))
        == "⟦时间:2026-03-14T20:00⟧"
    )


def test_mistake_in_an_included_file_is_found_at_the_include(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("\n{{ x | trimm }}", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        made(Environment(tmp_path), "\n\n{% include 'a.txt' %}")
    assert str(caught.value.problems[0]).startswith(
        "unit.yaml:13:1: 'a.txt' line 2: unknown filter 'trimm'\n  fix: did you mean 'trim'?"
    )


def test_every_mistake_is_reported_at_once(environment: Environment) -> None:
    with pytest.raises(ContentError) as caught:
        made(environment, "{{ a | uper }}\n{{ a | lowr }}\n{{ b.__class__ }}")
    assert [problem.at.line for problem in caught.value.problems] == [11, 12, 13]


def test_unknown_name_is_answered_with_the_nearest(environment: Environment) -> None:
    with pytest.raises(RenderError) as caught:
        said(environment, "{{ 收货 }}")
    assert "did you mean '收货人'?" in caught.value.fix


def test_every_filter_of_jinja_is_there_or_refused(environment: Environment) -> None:
    assert set(FILTERS) | set(REFUSED) | {"normal"} == set(environment.filters) | set(REFUSED)
    assert not set(REFUSED) & set(environment.filters)
