"""Spans are where the values are: by hand for each construct, at random by private alphabets."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import battery
import pytest
from grammar import INSERTED, SLOTS, Writer
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from dialogue.problem import Position
from dialogue.template import Environment, RenderError, compile_template

if TYPE_CHECKING:
    from pathlib import Path

    from dialogue.template.rope import Rope


def at(line: int) -> Position:
    return Position("unit.yaml", line)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return battery.pack(tmp_path_factory.mktemp("packs") / "retail")


@pytest.mark.parametrize("case", battery.EXACT)
def test_construct_says_what_stock_jinja_says_with_every_span_in_place(
    case: str, folder: Path
) -> None:
    source, expected = battery.EXACT[case]
    text = compile_template(Environment(folder), source, at).render(battery.world(), lambda n: 1)
    assert text == battery.stock(source, battery.world(), folder, lambda n: 1)
    assert battery.marked(text) == expected


def judged(text: Rope, fragments: bool) -> int:
    """Return how many spans there are, each where its characters are, or fail."""
    plain = str.__str__(text)
    cover: list[str | None] = [None] * len(plain)
    last, end = None, 0
    for start, stop, label in text.pieces:
        key = label.slot + (label.part or "")
        assert end <= start < stop <= len(plain)
        cover[start:stop] = [key] * (stop - start)
        places = [
            p
            for p in (SLOTS.owner[one][1] for one in plain[start:stop] if one in SLOTS.owner)
            if p is not None
        ]
        assert places in (sorted(places), sorted(places, reverse=True)), (
            "two occurrences in one span"
        )
        if fragments and places and start == end and last and last[0] == key:
            assert last[1] != places[0] - 1, "one occurrence in two spans"
        last, end = (key, places[-1]) if places else None, stop
    for place, one in enumerate(plain):
        if one in SLOTS.owner:
            assert cover[place] == SLOTS.owner[one][0], f"'{one}' at {place}"
        else:
            assert cover[place] is None or one in INSERTED, f"literal '{one}' at {place}"
    return len(text.pieces)


def test_spans_of_random_templates_are_where_private_characters_land(folder: Path) -> None:
    counted: list[int] = []
    refused: list[str] = []
    environment = Environment(folder)

    @settings(
        max_examples=430,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**60))
    def check(seed: int) -> None:
        writer = Writer(Random(seed))
        source = writer.template()
        note(source)
        template = compile_template(environment, source, at)
        try:
            text = template.render(SLOTS.names, Random(seed).randrange)
        except RenderError as error:
            assert writer.risky or "longer than" in error.what, error
            assert "across the edge" in error.what or "longer than" in error.what
            refused.append(error.what)
            return
        note(battery.marked(text))
        assert text == battery.stock(source, SLOTS.names, folder, Random(seed).randrange)
        counted.append(judged(text, fragments="[" not in source and "truncate" not in source))

    check()
    assert sum(counted) >= 10_000
    assert any("across the edge" in what for what in refused)
    assert len(refused) < len(counted) / 4
