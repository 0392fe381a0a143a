"""The shape of the package: floors, what each module may import, and what no file may hold."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING

import pytest
from replay import ROOT

import dialogue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGE = ROOT / "dialogue"

# From top to bottom, and in a line from left to right: a module imports only what stands after it.
# A folder stands for all its modules; within it anything may import anything, but for a circle.
FLOORS = """
    __main__
    cli
    overview  drawing  export  difference  review  paraphrase  records  twin
    check  starter  dataset  card  report  shards  crew  writing  manifest  usage
    __init__  composer  schema
    holdout
    realise  state  targets  walk  player  step  play
    compiler
    graph  ontology  edge
    plugins
    outline  behaviours  move
    domain  unit  turn  names  tool  slot  view  kind  phrasing  clock
    expression  row
    formats  tasks
    template  tables  providers
    instructions  noise
    spec
    verify
    session  value  split  problem  likeness
"""
# Circles within a folder that cannot be avoided, with the reason: who imports whom nevertheless.
CIRCLES = {
    (
        "template.rope",
        "template.placeholder",
    ): "ropes format themselves into ropes",
}
# Who may import what is not ours; typing_extensions and pydantic_core come with pydantic.
THIRD = {
    "click": {"cli"},
    "faker": {"compiler", "domain", "providers"},
    "jinja2": {"compiler", "template"},
    "networkx": {"compiler", "drawing", "graph", "holdout"},
    "orjson": {
        "dataset",
        "formats",
        "manifest",
        "paraphrase",
        "records",
        "report",
        "review",
        "shards",
        "verify",
    },
    "openai": {"paraphrase"},
    "platformdirs": {"paraphrase"},
    "pyarrow": {"formats"},
    "pydantic": {"providers", "records", "schema", "session", "spec", "verify"},
    "pydantic_core": {"spec"},
    "rich": {"overview", "paraphrase", "report"},
    "spacy": {"formats"},
    "typing_extensions": {"session"},
    "yaml": {"card", "spec"},
}
FORBIDDEN = {"utils", "util", "base", "common", "helpers", "helper", "core", "manager", "misc"}
LARGEST = 400
# Modules that may have more lines, with how many: one subject each, worse to read in two.
LARGER: dict[str, int] = {}
PUBLIC = {"ContentError", "Position", "Problem", "__version__", "compose", "load_graph"}


@cache
def modules() -> dict[str, Path]:
    """Return the package's modules by dotted name, `tables` for `tables/__init__.py`."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        dotted = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        found[dotted.removesuffix(".__init__")] = path
    return found


def nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield all nodes but those that are there for type checkers only."""
    for child in ast.iter_child_nodes(tree):
        if not (isinstance(child, ast.If) and getattr(child.test, "id", "") == "TYPE_CHECKING"):
            yield child
            yield from nodes(child)


def imports(tree: ast.AST) -> Iterator[str]:
    """Yield the dotted names of imported modules."""
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module is not None
            for one in node.names:
                inner = f"{node.module}.{one.name}".removeprefix("dialogue.")
                own = node.module.split(".")[0] == "dialogue" and inner in modules()
                yield f"dialogue.{inner}" if own else node.module


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(modules()[name].read_text("utf-8"))


@cache
def ours(name: str) -> set[str]:
    """Return the modules of the package that one imports when it runs."""
    found = {one for one in imports(tree(name)) if one.split(".")[0] == "dialogue"}
    return {one.removeprefix("dialogue").lstrip(".") or "__init__" for one in found} - {name}


def top(name: str) -> str:
    return name.split(".")[0]


def test_every_module_has_its_floor() -> None:
    table = FLOORS.split()
    assert len(table) == len(set(table))
    assert {top(name) for name in modules()} == set(table)


def test_modules_import_only_from_lower_floors() -> None:
    table = FLOORS.split()
    upward = {
        f"{name} imports {other}"
        for name in modules()
        for other in ours(name)
        if top(other) != top(name) and table.index(top(name)) >= table.index(top(other))
    }
    assert upward == set()


def inner(name: str) -> set[str]:
    """Return what a module imports of its own folder."""
    return {one for one in ours(name) if top(one) == top(name) and (name, one) not in CIRCLES}


def circular(name: str) -> bool:
    """Tell whether a module imports itself, through others of its folder."""
    trail, seen = list(inner(name)), set()
    while trail:
        other = trail.pop()
        if other not in seen:
            seen.add(other)
            trail += inner(other)
    return name in seen


def test_no_folder_goes_round_in_circles() -> None:
    assert [name for name in modules() if "." in name and circular(name)] == []


def test_exceptions_are_still_needed() -> None:
    assert {pair for pair in CIRCLES if pair[1] not in ours(pair[0])} == set()
    sizes = {name: modules()[name].read_text("utf-8").count("\n") for name in LARGER}
    assert {name for name, lines in sizes.items() if lines <= LARGEST} == set()


def test_third_party_modules_stay_where_they_belong() -> None:
    known = {"dialogue", *sys.stdlib_module_names}
    third = {(name, top(other)) for name in modules() for other in imports(tree(name))}
    stray = {
        f"{name} imports {other}"
        for name, other in third
        if other not in known and top(name) not in THIRD.get(other, set())
    }
    assert stray == set()


def test_modules_are_named_by_nouns() -> None:
    assert {part for name in modules() for part in name.split(".")} & FORBIDDEN == set()


def test_modules_fit_on_a_few_screens() -> None:
    sizes = {name: path.read_text("utf-8").count("\n") for name, path in modules().items()}
    large = {name: size for name, size in sizes.items() if size > LARGER.get(name, LARGEST)}
    assert large == {}


def test_modules_say_what_they_are() -> None:
    assert [name for name in modules() if not (ast.get_docstring(tree(name)) or "").strip()] == []


def test_public_names_are_exactly_these() -> None:
    assert set(dialogue.__all__) == PUBLIC
    assert list(dialogue.__all__) == sorted(dialogue.__all__)
    for name in dialogue.__all__:
        assert hasattr(dialogue, name)


def test_importing_the_package_loads_no_heavy_module() -> None:
    heavy = ("faker", "jinja2", "networkx", "pydantic", "rich", "click", "yaml")
    code = f"import sys, dialogue; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          cwd=ROOT)  # fmt: skip
    assert done.stdout.strip() == "[]"


# What was made on one machine must not speak of it.

# A letter of each stands in brackets, so that this file does not hold them itself.
SPOKEN = {
    "a package registry": r"p[y]pi\.org|python[h]osted\.org|arti[f]actory|index-[u]rl",
    "a path of a machine": r"(?<![\w.])/(?:w[o]rk|h[o]me|U[s]ers|r[o]ot)/\w",
    "a folder beside the repository": r"\.\./[s]hared\b",
}


@pytest.mark.skipif(shutil.which("git") is None, reason="no git")
def test_no_file_speaks_of_the_machine_it_was_made_on() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a checkout")
    found = []
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if not name or not path.is_file():
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [(name, what) for what, pattern in SPOKEN.items() if re.search(pattern, text)]
    assert found == []
