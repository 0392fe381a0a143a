"""The quick way to render a phrasing gives what Jinja2 gives, for every phrasing of the packs."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from dialogue.compiler.samples import sample
from dialogue.template import Template

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("name", ["retail", "address", "trip"])
@pytest.mark.parametrize("rows", [1, 3])
def test_plain_rendering_is_what_jinja2_renders(
    graph: Callable[[str], Any], name: str, rows: int
) -> None:
    domain, quick = graph(name).domain, 0
    names = sample(domain.names, 0, rows)
    for unit in domain.units.values():
        for phrasing in unit.phrasings():
            template = phrasing.template
            syntax = replace(template._syntax, plain=None)
            slow = Template(template.environment, template.source, template.at, syntax)
            for choice in (0, 1):
                choose = partial(min, choice)
                ours = template.render(names, choose)
                theirs = slow.render(names, choose)
                assert (ours, ours.pieces) == (theirs, theirs.pieces), template.source
            quick += template._syntax.plain is not None
    assert quick > 30
