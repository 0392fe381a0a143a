"""Every file of the packs holds what good content needs; the id of a test is the path."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml
from loose import composed
from reach import Used
from replay import GRAPHS, ROOT, outcomes, pack_of, read_yaml, said

from dialogue import compose, load_graph
from dialogue.schema import KINDS, json_schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILES = sorted(path.relative_to(ROOT) for where in ("units", "graphs")
               for path in (ROOT / where).rglob("*.yaml"))  # fmt: skip
UNITS = [path for path in FILES if path.parts[0] == "units" and path.stem != "domain"]
DOMAINS = [path for path in FILES if path.stem == "domain"]
SESSIONS = 8000
SHARED = 1000  # of these, with other files
# Of phrasings that only few sessions lead to, some may be missing; long lists have more of them.
MISSING = 0.05

each_file = pytest.mark.parametrize("path", FILES, ids=str)
each_unit = pytest.mark.parametrize("path", UNITS, ids=str)
each_domain = pytest.mark.parametrize("path", DOMAINS, ids=str)


def kind_of(path: Path) -> str:
    if path.parts[0] == "graphs":
        return "graph"
    return "domain" if path.stem == "domain" else "unit"


class Core(yaml.SafeLoader):
    """YAML 1.2 as editors read it: no dates, no yes, no numbers with colons."""


Core.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", "n~"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?[0-9]*\.[0-9]+|[-+]?[0-9]+\.[0-9]*", "-+.0123456789"),
):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), first)


# Form.


@pytest.mark.parametrize("kind", KINDS)
def test_schema_file_is_current(kind: str) -> None:
    text = json.dumps(json_schema(kind), indent=2, ensure_ascii=False) + "\n"
    assert (ROOT / f"schemas/{kind}.json").read_text("utf-8") == text, "write it anew"


@each_file
def test_file_names_its_schema_and_keeps_to_it(path: Path) -> None:
    text = (ROOT / path).read_text("utf-8")
    kind = kind_of(path)
    up = "../" * (len(path.parts) - 1)
    assert text.startswith(f"# yaml-language-server: $schema={up}schemas/{kind}.json\n")
    schema = json.loads((ROOT / f"schemas/{kind}.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(yaml.load(text, Loader=Core))


def test_schema_refuses_what_the_engine_refuses() -> None:
    for kind, wrong in (
        ("unit", {"turns": []}),
        ("unit", {"turns": [{"user": ["a"]}], "tittle": "b"}),
        ("graph", {"domain": "a", "start": {"b": 1}}),
        ("domain", {"slots": {}}),
    ):
        assert not jsonschema.Draft202012Validator(json_schema(kind)).is_valid(wrong), wrong


# Enough to say.


def masked(source: str) -> str:
    """Return a phrasing without what makes no difference: spaces in braces, marks at its ends."""
    source = re.sub(r"{{\s*(.*?)\s*}}", lambda found: f"⟦{found[1]}⟧", source)
    source = source.translate(str.maketrans("，。！？～", ",.!?~"))
    return source.strip(" ,.!?~\n").lower()


def lists(unit: Any) -> Iterator[tuple[str, list[str]]]:
    """Yield every list of phrasings of a unit with what it is."""
    for need in unit.get("needs", []):
        for kind in ("ask", "give"):
            if isinstance(need, dict) and kind in need:
                yield kind, list(said(need[kind]))
    for turn in unit["turns"]:
        if "user" in turn:
            yield "user", list(said(turn["user"]))
        for outcome in outcomes(turn):
            yield "bot", list(said(outcome["say"]))


@each_unit
def test_unit_has_enough_wordings(path: Path) -> None:
    unit = read_yaml(ROOT / path)
    for number, (kind, sources) in enumerate(lists(unit)):
        assert len(sources) >= 3, (number, kind)
    opening = [len(list(said(turn["user"]))) for turn in unit["turns"] if "user" in turn]
    assert not opening or max(opening) >= 10
    assert unit.get("title")


@each_domain
def test_slot_that_is_asked_for_has_enough_wordings(path: Path) -> None:
    domain = read_yaml(ROOT / path)
    for name, slot in domain["slots"].items():
        for kind in ("ask", "give"):
            assert kind not in slot or len(slot[kind]) >= 3, name
        assert ("ask" in slot) == ("give" in slot), name
    for name, tool in domain.get("tools", {}).items():
        assert tool.get("description"), name


@each_unit
def test_no_two_phrasings_of_a_unit_are_the_same(path: Path) -> None:
    for kind in ("user", "bot", "ask", "give"):
        found = [s for k, sources in lists(read_yaml(ROOT / path)) if k == kind for s in sources]
        same = [s for s, n in Counter(map(masked, found)).items() if n > 1]
        assert same == []


HAN = r"[\u4e00-\u9fff]"
ODD = {
    "two marks in a row": re.compile(r"[，。、；：？！][，。、；：]|[,;:][,;:]|，$|、$"),
    "space before a mark": re.compile(r" [，。、；：？！]"),
    "space at an end": re.compile(r"^ | $"),
    "two spaces": re.compile(r"  "),
    "a brace too many": re.compile(r"{{{|}}}|{ {|} }"),
}
# A shop writes properly; customers do not.
ODD_BOT = {"half-width mark after Chinese": re.compile(HAN + r"[,;:?!]")}


@each_unit
def test_phrasings_are_tidy(path: Path) -> None:
    for kind, sources in lists(read_yaml(ROOT / path)):
        for source in sources:
            literal = re.sub(r"{{.*?}}|{%.*?%}", "⟦⟧", source, flags=re.DOTALL)
            for what, pattern in {**ODD, **(ODD_BOT if kind in ("bot", "ask") else {})}.items():
                assert not pattern.search(literal), (what, source)


# All of it is used; tests/test_retail_content.py has the same of retail.


@cache
def walked() -> Used:
    """Compose sessions of the recipients' graph and look at them."""
    used = Used(pack_of(GRAPHS["address"]))
    first = composed("address", SHARED)
    for session in chain(first, compose(load_graph(GRAPHS["address"]), SESSIONS, 0, start=SHARED)):
        used.session(session)
    return used


def test_every_phrasing_is_said() -> None:
    used = walked()
    assert used.ids.keys() == used.shown().keys()
    assert len(used.never()) <= MISSING * len(used.wanted), used.never()
    assert used.silent() == set(), "nothing of these lists was ever said"


def test_every_outcome_comes_about() -> None:
    assert walked().written() == walked().outcomes


def test_texts_have_no_braces_and_no_double_spaces() -> None:
    assert walked().odd == []


@pytest.mark.parametrize("name", ["retail", "address"])
def test_every_unit_of_the_domain_is_in_the_graph(name: str) -> None:
    pack = pack_of(GRAPHS[name])
    assert set(pack.units) == set(pack.graph["edges"])
