"""Templates: what compiles, what is refused, what can be known before rendering."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import battery
import pytest

from dialogue.problem import ContentError, Position
from dialogue.rope import Rope
from dialogue.template import Environment, RenderError, Template, compile_template


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
