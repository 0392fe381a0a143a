"""The probe: every branch of a template, and the construct that loses a span."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import battery
import pytest

from dialogue.problem import Position
from dialogue.template import Environment, Samples, Template, alphabet, audit, compile_template
from dialogue.template.label import Label
from dialogue.template.rope import LabelledInt, RecordRope, Rope, concat

if TYPE_CHECKING:
    from collections.abc import Callable


def made(source: str, environment: Environment | None = None) -> Template:
    return compile_template(
        environment or Environment(), source, lambda line: Position("unit.yaml", 10 + line)
    )


def said(source: str) -> list[str]:
    return [battery.marked(text) for text in made(source).variants(battery.world())]


def names(secret: int, rows: int) -> dict[str, Any]:
    """Return the world in private alphabets."""

    def slot(number: int, name: str, part: str | None = None) -> Rope:
        return Rope.of(alphabet(2 * number + secret)[:4], Label(name, part))

    parts = {"姓名": slot(1, "收货人", "姓名"), "省": slot(2, "收货人", "省")}
    price = Label("产品.price")
    return {
        "时间": slot(3, "时间"),
        "地点": slot(4, "地点"),
        "收货人": RecordRope.made((parts["姓名"], "在", parts["省"]), parts),
        "商品": [
            {
                "name": slot(10 + row, "产品"),
                "price": LabelledInt(31 + 7 * secret, price),
                "ok": True,
            }
            for row in range(rows)
        ],
        "数量": LabelledInt(3 + secret, Label("数量")),
    }


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{% if 空 %}a{% elif 地点 %}b{% else %}c{% endif %}", {"a", "b", "c"}),
        ("{{ 地点 if 空 else '无' }}", {"⟦地点:深圳⟧", "无"}),
        ("{{ pick('a', 'b', 'c') }}", {"a", "b", "c"}),
        ("{{ order('a', 'b', sep=['', '-']) }}", {"ab", "a-b", "ba", "b-a"}),
        ("{% for r in 商品 %}{{ 'y' if r.ok else 'n' }}{% endfor %}", {"yny", "yyy", "nnn"}),
        (
            "{% if 地点 %}{{ pick('a', 'b') }}{% else %}{{ pick('c', 'd') }}{% endif %}",
            {"a", "b", "c", "d"},
        ),
        ("{% if 空 %}{{ 空[0].name }}{% else %}b{% endif %}", {"b"}),
        ("{% macro m(x) %}{{ 'a' if x else 'b' }}{% endmacro %}{{ m(1) }}", {"a", "b"}),
    ],
)
def test_variants_go_along_every_branch_and_choice(source: str, expected: set[str]) -> None:
    assert set(said(source)) == expected


def test_usual_variant_comes_first_and_each_is_given_once() -> None:
    assert said("{{ '是' if 地点 else '否' }}{{ pick('a', 'b') }}") == ["是a", "否a", "是b", "否b"]


def test_variants_are_at_most_256_and_touch_every_choice() -> None:
    source = "{{ pick('a', 'b') }}" * 9 + "{{ order('1', '2', '3', '4', '5', '6') }}"
    texts = said(source)
    assert len(texts) == 256 and len(set(texts)) == 256
    assert {text[place] for text in texts for place in [8]} == {"a", "b"}
    assert {text[9] for text in texts} == set("123456")


def test_template_that_no_branch_fits_is_not_skipped() -> None:
    with pytest.raises(Exception, match="'没有' is undefined"):
        said("{{ 没有 }}{{ pick(1, 2) }}")


@pytest.mark.parametrize("case", battery.EXACT)
def test_audit_finds_nothing_where_spans_are_kept(
    case: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    source, _ = battery.EXACT[case]
    if not made_of_names(source) or case == "rejectattr with a test":
        return  # it reads what the private world has not
    assert audit(made(source), Samples(names)) == ()


def made_of_names(source: str) -> bool:
    try:
        template = made(source)
    except Exception:
        return False
    return template.names <= names(0, 0).keys() and ("收货人", "空") not in template.reads


def lost(value: object, *_: object) -> str:
    return "".join(str.__str__(one) for one in str(value))


@pytest.mark.parametrize(
    ("source", "construct"),
    [
        ("好\n{{ 地点 | upper }}", "filter 'upper' loses the span of slot '地点'"),
        ("好\n{% if 数量 > 99 %}{{ 地点 | upper }}{% endif %}", "filter 'upper' loses the span"),
        ("好\n{{ 收货人.姓名 | upper }}", "filter 'upper' loses the span of slot '收货人'"),
        (
            "好\n{{ 商品 | map(attribute='name') | map('upper') | join }}",
            "filter 'join' loses the span",
        ),
        ("好\n{{ pick('', 地点 | upper) }}", "filter 'upper' loses the span"),
        ("好\n{{ 数量 + 1 }}", "operator '+' says something of a slot"),
        (
            "好\n{{ 时间 }}{{ 商品 | sum(attribute='price') }}",
            "filter 'sum' says something of a slot",
        ),
        ("好\n{{ ('到' ~ 地点) | replace('到' ~ 地点[0], 'x') }}", "replace changes text across"),
        ("好\n{{ 商品 | map(attribute='name') }}", "cannot be printed"),
        ("好\n{{ 地点 }}{{ 没有 }}", "'没有' is undefined"),
    ],
)
def test_audit_names_the_construct_and_its_line(source: str, construct: str) -> None:
    environment = Environment()
    environment.filters["upper"] = lost
    problems = audit(made(source, environment), Samples(names))
    assert construct in problems[0].what
    assert problems[0].at.line == 12


@pytest.mark.parametrize(
    ("source", "method", "broken", "construct"),
    [
        (
            "{{ 地点.zfill(9) }}",
            "zfill",
            str.zfill,
            "method '.zfill()'",
        ),
        (
            "{{ '、'.join([地点]) }}",
            "join",
            lambda self, items: lost("".join(items)),
            "method '.join()'",
        ),
        (
            "{{ 地点 + '到' }}",
            "__add__",
            lambda self, other: lost(concat((self, other))),
            "operator '+'",
        ),
        (
            "{{ ('到' ~ 地点)[1:3] }}",
            "__getitem__",
            lambda self, key: Rope(str.__getitem__(self, key), ((0, 1, Label("时间")),)),
            "a slice",
        ),
    ],
)
def test_audit_names_the_operation_that_loses_a_span(
    source: str,
    method: str,
    broken: Callable[..., str],
    construct: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    template = made(source)
    monkeypatch.setattr(Rope, method, broken)
    assert construct in audit(template, Samples(names))[0].what


def test_audit_of_rows_that_are_not_there_is_left_to_the_guard() -> None:
    assert audit(made("最快{{ 商品[0].price }}到"), Samples(names)) == ()


def test_private_alphabets_are_disjoint() -> None:
    alphabets = [alphabet(number) for number in range(3082)]
    assert len(set("".join(alphabets))) == 3082 * 16
    with pytest.raises(ValueError, match="3,082"):
        alphabet(3082)


def test_audit_finds_a_span_of_the_wrong_slot() -> None:
    environment = Environment()
    environment.filters["upper"] = lambda value: Rope.of(value, Label("时间"))
    problems = audit(made("{{ 时间 }}到{{ 地点 | upper }}", environment), Samples(names))
    assert problems[0].what == "filter 'upper' loses the span of slot '地点'"
