"""The reference of the pack language is whole, and its examples are a pack that works."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import yaml
from documents import ROOT

from dialogue.behaviours import BEHAVIOURS
from dialogue.check import check
from dialogue.noise import SETS
from dialogue.spec import DomainSpec, GraphSpec, UnitSpec
from dialogue.spec.models import Spec
from dialogue.starter import write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dialogue.behaviours import Behaviour
    from dialogue.noise import Operator

REFERENCE = (ROOT / "docs" / "pack.md").read_text("utf-8")
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"(?:#|--) file: (\S+)\n")
BLOCKS = [(found[1], found[2]) for found in _BLOCK.finditer(REFERENCE)]
FRAGMENTS = [text for kind, text in BLOCKS if kind == "yaml"]


def specs(spec: type[Spec], seen: set[type[Spec]]) -> Iterator[type[Spec]]:
    """Yield a model and those that its fields hold, each once."""
    if spec in seen:
        return
    seen.add(spec)
    yield spec
    trail: list[object] = [field.annotation for field in spec.model_fields.values()]
    while trail:
        one = trail.pop()
        if isinstance(one, type) and issubclass(one, Spec):
            yield from specs(one, seen)
        trail.extend(getattr(one, "__args__", ()))


def keys() -> set[str]:
    seen: set[type[Spec]] = set()
    return {
        field.alias or name
        for root in (DomainSpec, UnitSpec, GraphSpec)
        for spec in specs(root, seen)
        for name, field in spec.model_fields.items()
    }


def mentioned() -> set[str]:
    """Return the words that stand in backticks outside the blocks."""
    prose = _BLOCK.sub("", REFERENCE)
    quoted = re.findall(r"`([^`\n]+)`", prose)
    return {word for text in quoted for word in re.findall(r"\w+", text)}


def test_the_walk_finds_the_keys_of_nested_models() -> None:
    assert {"zone", "into", "items", "gives", "phrasings", "as", "redraw", "path"} <= keys()


@pytest.mark.parametrize("key", sorted(keys()))
def test_every_key_is_mentioned(key: str) -> None:
    assert key in mentioned(), f"docs/pack.md does not mention `{key}`"


@pytest.mark.parametrize("operator", [one for some in SETS.values() for one in some])
def test_every_operator_of_noise_has_its_row(operator: Operator) -> None:
    name = f"`{operator.name}`" + (" ¹" if operator.in_slots else "")
    rates = f"{operator.usual:g} | {operator.rough:g}"
    assert f"| {name} | {operator.doc} | {operator.eligible} | {rates} |" in REFERENCE


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda one: one.name)
def test_every_behaviour_has_its_row(behaviour: Behaviour) -> None:
    told = f"{behaviour.doc} | {behaviour.eligible}"
    lists = ", ".join(f"`{name}`" + " ²" * value for name, value in behaviour.lists.items()) or "–"
    rates = f"{behaviour.usual:g} | {behaviour.rough:g}"
    assert f"| `{behaviour.name}` | {told} | {lists} | {rates} |\n" in REFERENCE


def test_the_rows_of_behaviours_stand_in_the_order_in_which_they_are_asked() -> None:
    table = REFERENCE.split("## Behaviours")[1].split("## Noise")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == [one.name for one in BEHAVIOURS]


@pytest.mark.parametrize("number", range(len(FRAGMENTS)))
def test_every_fragment_is_yaml(number: int) -> None:
    assert isinstance(yaml.safe_load(FRAGMENTS[number]), dict)


def test_the_fragments_make_a_pack_that_passes_check(tmp_path: Path) -> None:
    write(tmp_path)
    started: set[str] = set()
    for kind, text in BLOCKS:
        named = _FILE.match(text)
        assert named, text
        name = named[1]
        path = tmp_path / name
        # Blocks of one file belong together; the tables go on from those of the starter.
        kept = path.read_text("utf-8") if name in started or kind == "sql" else ""
        started.add(name)
        path.write_text(kept + text, encoding="utf-8")
    (tmp_path / "units" / "shop" / "tea_stock.yaml").unlink()
    (tmp_path / "units" / "shop" / "lookup.txt").write_text("{{ 款式 }}来一盒\n", "utf-8")
    counts = check([tmp_path / "graphs" / "shop.yaml"])
    assert counts["sessions"] > 0
