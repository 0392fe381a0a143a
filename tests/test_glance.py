"""What is seen of a phrasing at a glance, without Jinja2, is what Jinja2 says of it."""

from __future__ import annotations

import keyword
import random
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import battery
import pytest
from jinja2 import meta

from dialogue.compiler.samples import sample
from dialogue.problem import Position
from dialogue.template import Environment, Template, compile_template
from dialogue.template.glance import glance
from dialogue.template.syntax import study

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PIECES = (
    *("{{ 地点 }}", "{{时间}}", "{{  时间 }}", "{{ 地址.param.省 }}", "{{ 收货人.姓名 }}"),
    *("{{ 商品[0].name }}", "{{ 商品[7].name }}", "{{ 商品[-1].name }}", "{{ 没有 }}", "{{}}"),
    *("{{ 型号 | trim }}", "{{地点|normal}}", "{{ 地点[0] }}", "{{ 地点 [0]}}", "{{\t地点 }}"),
    *("{{ 商品 | map(attribute='name') | join('、') }}", "{{ 空|map(attribute='name')|join }}"),
    *("{{ 商品 | map(attribute='_x') | join }}", "{{ 商品 | map(attribute='name') | join(x) }}"),
    *("{{ 商品 | map(attribute='²') | join }}", "{{ 商品 | map(attribute='name') | join() }}"),
    *("{{ pick('甲', '') }}", "{{ pick('甲','乙',  '丙') }}", "{{ pick('甲') }}"),
    *("{{ pick(地点, '') }}", "{{ pick('\\n', '') }}", "{{ pick('{{', '}}') }}", "{{- 地点 -}}"),
    *("{{ 地点 }", "{ 地点 }}", "{{", "}}", "{", "}", "{#", "#}", "{%", "%}", "{{{ 地点 }}}"),
    *("{{ 地点.² }}", "{{ ²}}", "{{ 地点.１ }}", "{{ 数量.x1 }}", "{{ 商品[１].name }}"),
    *("{{ range }}", "{{ _地点 }}", "{{ 地点._x }}", "{{ 1 }}", "{{ '甲' }}", "{{ 地点 ~ 时间 }}"),
    *("到", "吗？", " ", "  ", "\n", "\n\n", "\r", "\r\n", "\u2028", "\x0b", "'", '"', "# ", "##"),
)
WORDS = (
    *(*keyword.kwlist, *keyword.softkwlist, "true", "false", "none", "self", "super", "loop"),
    *("caller", "varargs", "kwargs", "pick", "order", "range", "dict", "namespace", "for", "set"),
    *("block", "macro", "call", "filter", "context", "environment", "missing", "resolve", "_"),
)


def agree(environment: Environment, source: str, names: Mapping[str, Any]) -> bool:
    """Tell whether a source is seen at a glance, and demand that it is seen as it is."""
    seen = glance(environment, source)
    if seen is None:
        return False
    studied = study(environment, source)
    assert replace(seen, plain=None) == replace(studied, plain=None), source
    assert seen.plain is not None and studied.plain is not None
    assert seen.plain.picks == studied.plain.picks
    for choose in (partial(min, 0), partial(min, 1)):
        ours, theirs = seen.plain.render(names, choose), studied.plain.render(names, choose)
        assert ours == theirs, source
        assert ours is None or theirs is None or ours.pieces == theirs.pieces, source
    return True


@pytest.mark.parametrize("name", ["retail", "address", "trip"])
def test_phrasings_of_packs_are_seen_as_they_are(graph: Callable[[str], Any], name: str) -> None:
    domain = graph(name).domain
    names = sample(domain.names, 0, 3)
    phrasings = [one for unit in domain.units.values() for one in unit.phrasings()]
    seen = [agree(one.template.environment, one.template.source, names) for one in phrasings]
    assert sum(seen) > 0.9 * len(seen)


@pytest.mark.parametrize("name", ["retail", "address"])
def test_names_are_what_jinja2_finds_undeclared(graph: Callable[[str], Any], name: str) -> None:
    for unit in graph(name).domain.units.values():
        for template in (one.template for one in unit.phrasings()):
            environment = template.environment
            found = meta.find_undeclared_variables(environment.parse(template.source))
            assert template.names == found - environment.globals.keys(), template.source


def test_loop_binds_its_own_name_only_inside() -> None:
    source = "{{ p }}{% for p in p.q %}{{ p.x }}{{ r }}{% endfor %}"
    found = study(Environment(), source)
    assert found.names == frozenset({"p", "r"})
    assert found.reads == frozenset({("p",), ("p", "q"), ("p", "x"), ("r",)})
    assert study(Environment(), "{% for p in q %}{{ p.x }}{% endfor %}").names == {"q"}
    assert study(Environment(), "{{ self }}").names == set()


def test_sources_of_all_kinds_are_seen_as_they_are() -> None:
    rng, environment, names = random.Random(0), Environment(), battery.world()
    sources = ["".join(rng.choices(PIECES, k=rng.randint(1, 5))) for _ in range(2000)]
    seen = sum(agree(environment, source, names) for source in (*PIECES, *sources))
    assert 300 < seen < 1500
    assert not any(glance(environment, piece) for piece in ("{{ range }}", "{{ 地点._x }}", "{"))


@pytest.mark.parametrize("written", ["{{{{ {} }}}}", "{{{{ 地点.{} }}}}", "{{{{ {}.地点 }}}}"])
def test_words_of_jinja2_are_seen_as_they_are(written: str) -> None:
    environment, sources = Environment(), [written.format(word) for word in WORDS]
    assert 5 < sum(agree(environment, source, battery.world()) for source in sources) < len(WORDS)


def test_choices_are_those_of_jinja2() -> None:
    environment, world = Environment(), battery.world()
    for source in (
        "{{ 地点 }}{{ pick('', '吗', '呢') }}{{ pick('a', 'b') }}",
        "{{ pick('a', 'b') }}" * 9,
        "{% for p in 商品 %}{{ pick('c', 'd') }}{% if not loop.last %}、{% endif %}{% endfor %}",
        "{{ 数量 }}{{ pick('a', 'b') }}{{ 商品 | map(attribute='price') | join('/') }}",
    ):
        quick = compile_template(environment, source, partial(Position, "unit.yaml"))
        slow = Template(environment, source, quick.at, replace(quick._syntax, plain=None))
        ours, theirs = [*quick.variants(world)], [*slow.variants(world)]
        assert [(one, one.pieces) for one in ours] == [(one, one.pieces) for one in theirs]
        assert len(ours) > 1


def test_long_sources_are_left_to_jinja2() -> None:
    """What is nested too deeply for Python must be refused when the pack is loaded."""
    assert glance(Environment(), f"{{{{ 地点{'.a' * 90} }}}}") is not None
    assert glance(Environment(), f"{{{{ 地点{'.a' * 99} }}}}") is None
