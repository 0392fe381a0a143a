"""Behaviours and noise of other packages: allowed by name, as the page about them says."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
from importlib import import_module, invalidate_caches
from math import sqrt
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from click.testing import CliRunner
from replay import GRAPHS, ROOT

from dialogue import ContentError, compose, dataset, load_graph
from dialogue.cli import main
from dialogue.shards import Recipe
from dialogue.starter import write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

PAGE = (ROOT / "docs" / "plugins.md").read_text("utf-8")
BLOCK = re.compile(r"^```\w+\n# file: shop-talk/(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILES = dict(BLOCK.findall(PAGE))
RATES = ("behaviours.praise=0.3", "noise.tilde=0.5", "walk.units=1..3")
GROUPS = {"behaviours": "dialogue.behaviours", "noise": "dialogue.noise"}


def install(
    site: Path,
    name: str,
    files: Mapping[str, str],
    entry_points: Mapping[str, Mapping[str, str]],
    version: str = "1.0",
) -> None:
    """Lay a package down as an installer would: its files, and what it says of itself."""
    for file, text in files.items():
        path = site / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    about = site / f"{name.replace('-', '_')}-{version}.dist-info"
    about.mkdir(parents=True)
    about.joinpath("METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8"
    )
    lines = []
    for group, named in entry_points.items():
        lines += [f"[{group}]", *(f"{one} = {value}" for one, value in named.items()), ""]
    about.joinpath("entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    invalidate_caches()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield a folder of packages; what is imported from it is forgotten."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    known = set(sys.modules)
    yield folder
    for name in set(sys.modules) - known:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(folder)):
            del sys.modules[name]


@pytest.fixture
def talk(site: Path) -> Path:
    """Return the folder of packages with the one of the page in it."""
    project = tomllib.loads(FILES["pyproject.toml"])["project"]
    files = {name: text for name, text in FILES.items() if name != "pyproject.toml"}
    install(site, project["name"], files, project["entry-points"], project["version"])
    return site


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Return the graph of a small shop."""
    write(tmp_path / "shop")
    return tmp_path / "shop" / "graphs" / "shop.yaml"


def run(*arguments: Any) -> Any:
    return CliRunner().invoke(main, [str(one) for one in arguments])


def dialogue(site: Path, *arguments: Any) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process that finds the packages of a folder."""
    path = os.pathsep.join([str(site), str(ROOT)])
    return subprocess.run(
        [sys.executable, "-m", "dialogue", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": path, "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def problems(load: Callable[[], Any]) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load()
    return [str(one) for one in caught.value.problems]


def sessions(folder: Path) -> list[dict[str, Any]]:
    files = sorted((folder / "sessions").iterdir())
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def of_users(found: list[Any]) -> list[Any]:
    return [turn for one in found for turn in one["turns"] if turn.get("speaker") == "user"]


def holds(rate: float, realised: int, eligible: int) -> bool:
    """Tell whether a rate is kept within a tenth, or within three standard errors."""
    spread = 3 * sqrt(rate * (1 - rate) * eligible)
    return abs(realised - rate * eligible) <= max(0.1 * rate * eligible, spread)


# The example of the page.


def test_the_package_of_the_page_is_composed_with_by_the_command_line(
    talk: Path, shop: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    options = ["--plugin", "shop-talk", *(word for rate in RATES for word in ("--set", rate))]
    done = dialogue(talk, "compose", shop, "-n", 1100, *options, "--workers", 2, "-o", out)
    assert done.returncode == 0, done.stderr
    made = json.loads((out / "manifest.json").read_text("utf-8"))
    counts = made["counts"]["behaviours"]["praise"], made["counts"]["noise"]["tilde"]
    for rate, count in zip((0.3, 0.5), counts, strict=True):
        assert count["eligible"] > 500
        assert holds(rate, count["realised"], count["eligible"])
    # Its turns are in the record as often as that, in the words of the package.
    found, said = sessions(out), yaml.safe_load(FILES["shop_talk/wordings/zh.yaml"])
    words = said["behaviours"]["praise"]["say"]["user"]
    praised = [turn for turn in of_users(found) if "praise" in turn.get("behaviours", ())]
    assert len(praised) == counts[0]["realised"]
    assert {turn["text"].rstrip("～") for turn in praised} == {*words}
    typed = [one for turn in of_users(found) for one in turn.get("noise", ())]
    assert len(typed) == counts[1]["realised"]
    assert {(one["operator"], one["after"]) for one in typed} == {
        ("tilde", "～"),
        ("tilde", "～～"),
    }
    checked = run("verify", out)
    assert checked.exit_code == 0, checked.output
    # The manifest names what was allowed, and the card says it in its command.
    package = made["plugins"]["shop-talk"]
    assert package["version"] == "1.0"
    assert package["behaviours"] == {"praise": 0.3}
    assert package["noise"] == {"tilde": 0.5}
    assert len(package["sha256"]) == 64
    assert "--plugin shop-talk" in (out / "README.md").read_text("utf-8")
    # In this process the sessions are the same.
    graph = load_graph(shop, RATES, plugins=("shop-talk",))
    assert [*compose(graph, n=40)] == found[:40]


def test_without_the_option_the_names_are_unknown_and_nothing_is_imported(
    talk: Path, shop: Path, tmp_path: Path
) -> None:
    spy = "from pathlib import Path\nPath(__file__).with_name('imported').write_text('')\n"
    for file in talk.rglob("*.py"):
        file.write_text(spy + file.read_text("utf-8"), encoding="utf-8")
    rates = [word for rate in RATES for word in ("--set", rate)]
    out = tmp_path / "out"
    done = dialogue(talk, "compose", shop, "-n", 5, *rates, "-o", out)
    assert done.returncode == 1
    assert done.stderr == (
        "--set behaviours.praise=0.3: unknown behaviour 'praise'\n"
        "  fix: allow it with --plugin shop-talk\n"
        "--set noise.tilde=0.5: unknown operator of noise 'tilde'\n"
        "  fix: allow it with --plugin shop-talk\n"
        "2 problems in 2 files\n"
    )
    assert not out.exists()
    assert run("compose", shop, "-n", 5, "-o", tmp_path / "plain").exit_code == 0
    assert run("compose", shop, "-n", 5, *rates, "-o", out).exit_code == 1
    assert run("check", shop).exit_code == 0
    assert not [*talk.rglob("imported")]
    assert run("show", shop, "-n", 1, "--plugin", "shop-talk").exit_code == 0
    assert [*talk.rglob("imported")]


def test_a_plug_in_that_is_at_no_work_changes_no_session(talk: Path, shop: Path) -> None:
    plain = [*compose(load_graph(shop), n=30)]
    assert [*compose(load_graph(shop, plugins=["shop-talk"]), n=30)] == plain


def test_every_command_that_loads_a_graph_takes_the_option(
    talk: Path, shop: Path, tmp_path: Path
) -> None:
    text = shop.read_text("utf-8")
    shop.write_text(f"{text}behaviours: {{praise: 1}}\nnoise: {{tilde: 1}}\n", encoding="utf-8")
    for words in (
        ("compose", shop, "-n", 3, "-o", tmp_path / "out"),
        ("show", shop, "-n", 3),
        ("check", shop),
        ("graph", shop, "-o", tmp_path / "shop.svg"),
    ):
        refused = run(*words)
        assert refused.exit_code == 1, words
        assert refused.output.count("--plugin shop-talk") == 2
        done = run(*words, "--plugin", "shop-talk")
        assert done.exit_code == 0, done.output
    assert "～" in run("show", shop, "--plugin", "shop_talk", "--plugin", "shop-talk").output


def test_rates_of_presets_are_those_of_the_package(talk: Path, shop: Path) -> None:
    graph = load_graph(shop, ["preset=rough"], ["shop-talk"])
    assert [*graph.rates["behaviours"]][-1] == "praise"
    # What cuts a turn comes after all else.
    assert [*graph.rates["noise"].items()][-2] == ("tilde", 0.1)
    assert graph.rates["behaviours"]["praise"] == 0.03


def test_other_versions_and_other_files_are_another_run(
    talk: Path, shop: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    words = ("compose", shop, "-n", 20, "-o", out, "--set", RATES[0], "--plugin", "shop-talk")
    assert run(*words).exit_code == 0
    assert "complete: 20 of 20" in run(*words).output
    (talk / "shop_talk/wordings/zh.yaml").write_text(
        FILES["shop_talk/wordings/zh.yaml"].replace("回复真快", "回得真快"), encoding="utf-8"
    )
    edited = run(*words)
    assert edited.exit_code == 2
    assert f"'{out}' holds a dataset already" in edited.output
    plain = run("compose", shop, "-n", 20, "-o", out)
    assert plain.exit_code == 2
    before = (out / "sessions/000000.jsonl").read_bytes()
    marker: dict[str, Any] = {"schema": "dialogue.unfinished/1", "replaces": []}
    began = json.loads((out / "manifest.json").read_text("utf-8"))
    told = {"schema", "counts", "behaviours", "ontology", "ontology_sha256", "files"}
    marker["run"] = {key: value for key, value in began.items() if key not in told}
    (out / ".dialogue-unfinished").write_text(json.dumps(marker), encoding="utf-8")
    assert "unfinished run with other --plugin" in run(*words).output
    assert (out / "sessions/000000.jsonl").read_bytes() == before


# Wordings.


def test_wordings_are_those_of_the_language(talk: Path) -> None:
    graph = load_graph(GRAPHS["trip"], ["behaviours.praise=1"], ["shop-talk"])
    said = yaml.safe_load(FILES["shop_talk/wordings/en.yaml"])["behaviours"]["praise"]["say"]
    found = [turn for one in compose(graph, n=20) for turn in one["turns"]
             if "praise" in turn.get("behaviours", ())]  # fmt: skip
    for speaker in ("user", "bot"):
        assert {turn["text"] for turn in found if turn["speaker"] == speaker} == {*said[speaker]}


def test_joins_are_those_of_the_package_or_else_of_the_language(talk: Path, shop: Path) -> None:
    def joins() -> Any:
        graph = load_graph(shop, RATES, ["shop-talk"])
        assert graph.behaviours is not None
        return graph.behaviours.rates[-1][2].joins

    ours = yaml.safe_load((ROOT / "dialogue/behaviours/wordings/zh.yaml").read_text("utf-8"))
    assert joins() == tuple(ours["joins"])
    with (talk / "shop_talk/wordings/zh.yaml").open("a", encoding="utf-8") as file:
        file.write("joins: [。]\n")
    assert joins() == ("。",)


def worded(shop: Path, lists: str) -> None:
    domain = shop.parents[1] / "units" / "shop" / "domain.yaml"
    text = f"{domain.read_text('utf-8')}\nbehaviours:\n  praise: {{say: {lists}}}\n"
    domain.write_text(text, encoding="utf-8")


def test_a_domain_words_them_otherwise(talk: Path, shop: Path) -> None:
    worded(shop, "{user: [茶真香]}")
    assert "unknown behaviour 'praise'\n  fix: allow it with --plugin shop-talk" in "".join(
        problems(lambda: load_graph(shop))
    )
    graph = load_graph(shop, ["behaviours.praise=1"], ["shop-talk"])
    texts = {turn["text"] for one in compose(graph, n=20) for turn in one["turns"]
             if "praise" in turn.get("behaviours", ())}  # fmt: skip
    assert texts == {"茶真香", "谢谢夸奖~", "您满意就好", "应该的，感谢支持"}


def test_a_language_without_wordings_is_an_error_until_the_domain_has_them(
    talk: Path, shop: Path
) -> None:
    (talk / "shop_talk/wordings/zh.yaml").unlink()
    (told,) = problems(lambda: load_graph(shop, RATES, ["shop-talk"]))
    assert told.startswith(
        "--set behaviours.praise=0.3: 'praise' has no wordings for the locale 'zh_CN'\n"
        f"  fix: write rate 0, or add wordings to {talk / 'shop_talk' / 'wordings'}; "
        "there are some for en"
    )
    worded(shop, "{user: [茶真香], bot: [谢谢]}")
    graph = load_graph(shop, RATES, ["shop-talk"])
    assert len([*compose(graph, n=20)]) == 20


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("      bot:", "      robot:", [
            "2:3: 'praise' has no wordings for 'bot'\n  fix: add the list behaviours.praise.say",
            "5:7: 'praise' has no list 'robot'\n  fix: did you mean 'bot'? known: bot, user",
        ]),
        ("回复真快", "{{ value }}真快", [
            "4:14: prints a value, but there is none here\n  fix: remove {{ value }}",
        ]),
        ("[", "{", ["4:41: '{' is closed with ']'"]),
    ],
)  # fmt: skip
def test_mistakes_in_wordings_have_their_place(
    talk: Path, shop: Path, before: str, after: str, told: list[str]
) -> None:
    path = talk / "shop_talk/wordings/zh.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace(before, after), encoding="utf-8")
    found = problems(lambda: load_graph(shop, RATES[:1], ["shop-talk"]))
    for one in told:
        assert any(line.startswith(f"{path}:{one}") for line in found), found
    assert len(found) == len(told)


# What is wrong with packages.

NOTHING = '"""Nothing."""\n'
GOOD = """
from dialogue.behaviours import Behaviour
from dialogue.move import Close, Tell
from dialogue.noise import Edit, Operator

def site(step, move):
    return True

def moves(step, move, site, voice):
    return [move]

def one(name, **changed):
    known = {"name": name, "doc": "", "eligible": "", "at": (Close,), "site": site, "moves": moves}
    return Behaviour(**(known | changed))

def sites(runs):
    return iter(runs)

def edits(text, run, rng):
    return []

def noise(name, **changed):
    known = {"name": name, "doc": "", "eligible": "", "sites": sites, "edits": edits}
    return Operator(**(known | changed))
"""
SECOND = GOOD.count("\n") + 2  # line of what follows it


def brings(site: Path, name: str, code: str, **groups: Mapping[str, str]) -> None:
    """Install a package of one module, with entry points by group."""
    module = name.replace("-", "_")
    points = {GROUPS[group]: {one: f"{module}:{what}" for one, what in some.items()}
              for group, some in groups.items()}  # fmt: skip
    install(site, name, {f"{module}.py": GOOD + code}, points)


@pytest.mark.parametrize(
    ("code", "groups", "what", "fix"),
    [
        ("B = 1", {"behaviours": {"wave": "C"}},
         ("the behaviour 'wave' cannot be imported: AttributeError: module 'odd' has no attribute "
         "'C'"), "mend odd:C, or install what it needs"),
        ("import no_such", {"behaviours": {"wave": "B"}},
         "the behaviour 'wave' cannot be imported: ModuleNotFoundError: No module named 'no_such'",
         "mend odd:B, or install what it needs"),
        ("B = (", {"behaviours": {"wave": "B"}},
         ("the behaviour 'wave' cannot be imported: SyntaxError: '(' was never closed (odd.py, "
         f"line {SECOND - 1})"), "mend odd:B, or install what it needs"),
        ("B = 3", {"behaviours": {"wave": "B"}},
         "the behaviour 'wave' is of the type int, not a Behaviour", "let odd:B be a Behaviour"),
        ("B = one('wave')", {"noise": {"zh.wave": "B"}},
         "the noise 'zh.wave' is of the type Behaviour, not an Operator",
         "let odd:B be an Operator"),
        ("B = one('wave')", {"behaviours": {"wink": "B"}},
         "the behaviour 'wink' calls itself 'wave'", "give odd:B and its entry point one name"),
        ("B = one('Wave!')", {"behaviours": {"Wave!": "B"}},
         "the behaviour 'Wave!' is no name",
         "write small letters, digits and _ in the entry point of odd:B"),
        ("B = noise('wave')", {"noise": {"wave": "B"}},
         "the noise 'wave' is for no locale",
         "name the entry point LOCALE.NAME, as in zh_CN.wave or zh.wave"),
        ("B = noise('wave', usual=2)", {"noise": {"zh.wave": "B"}},
         "the noise 'zh.wave' has the rate usual=2", "give odd:B a rate from 0 to 1"),
        ("B = one('wave', at=(Tell,))", {"behaviours": {"wave": "B"}},
         "the behaviour 'wave' looks at no move of a step",
         "give at= some of Open, Fill, Ask, Give, Known, Call, Bind, Answer, Close"),
        ("B = one('wave', lists={'user': False})", {"behaviours": {"wave": "B"}},
         "the behaviour 'wave' has no package that holds its wordings",
         "make 'odd' a package with a folder wordings/ in it"),
        ("B = one('leave')", {"behaviours": {"leave": "B"}},
         "brings the behaviour 'leave', which 'dialogue' has already", "rename it in 'odd'"),
        ("B = noise('emoji')", {"noise": {"zh.emoji": "B"}},
         "brings the noise 'zh.emoji', which 'dialogue' has already", "rename it in 'odd'"),
        ("B = noise('wave')", {"noise": {"zh.wave": "B", "zh_CN.wave": "B"}},
         "brings the noise 'zh_CN.wave' twice", "rename one of them"),
    ],
)  # fmt: skip
def test_what_a_package_does_wrong_is_told(
    site: Path, shop: Path, code: str, groups: Any, what: str, fix: str
) -> None:
    brings(site, "odd", code, **groups)
    found = problems(lambda: load_graph(shop, plugins=["odd"]))
    assert found == [f"--plugin odd: {what}\n  fix: {fix}"]
    done = run("check", shop, "--plugin", "odd")
    assert done.exit_code == 1
    assert "fix:" in done.output


def test_names_that_no_package_has_are_told_all_at_once(talk: Path, shop: Path) -> None:
    install(talk, "idle", {}, {})
    found = problems(lambda: load_graph(shop, plugins=["shop-walk", "idle", ""]))
    none, near = "no such package is installed", "did you mean 'shop-talk'? known: shop-talk"
    points = "name one that has entry points in dialogue.behaviours or dialogue.noise: shop-talk"
    assert found == [
        f"--plugin : {none}\n  fix: known: shop-talk",
        f"--plugin idle: brings no behaviour and no noise\n  fix: {points}",
        f"--plugin shop-walk: {none}\n  fix: {near}",
    ]


def test_two_packages_cannot_bring_one_name(site: Path, shop: Path) -> None:
    for name in ("one-talk", "two-talk"):
        brings(site, name, "B = one('wave')\nN = noise('wave')",
               behaviours={"wave": "B"}, noise={"en.wave": "N"})  # fmt: skip
    found = problems(lambda: load_graph(shop, plugins=["two-talk", "one-talk"]))
    fix = "which 'one-talk' has already\n  fix: name one of the two packages"
    assert found == [f"--plugin two-talk: brings the behaviour 'wave', {fix}",
                     f"--plugin two-talk: brings the noise 'en.wave', {fix}"]  # fmt: skip
    assert load_graph(shop, plugins=["one-talk"])


def test_noise_of_another_language_is_not_for_this_one(site: Path, shop: Path) -> None:
    brings(site, "odd", "B = noise('wave')", noise={"en.wave": "B"})
    (unknown,) = problems(lambda: load_graph(shop, ["noise.wave=1"]))
    assert "unknown operator of noise 'wave'" in unknown
    assert "--plugin" not in unknown
    (found,) = problems(lambda: load_graph(shop, ["noise.wave=1"], ["odd"]))
    assert "'wave' is no operator of noise for the locale 'zh_CN'" in found


@pytest.mark.parametrize(
    ("code", "line", "told"),
    [
        ("def site(step, move):\n    return step.nothing\nB = one('wave', site=site)", SECOND,
         "the behaviour 'wave' failed: AttributeError: 'Step' object has no attribute 'nothing'"),
        ("def moves(*given):\n    yield move\nB = one('wave', moves=moves)", SECOND,
         "the behaviour 'wave' failed: NameError: name 'move' is not defined"),
        ("B = one('wave', moves=lambda *given: [3])", 1,
         "the behaviour 'wave' plays 3, which is no move"),
        ("def sites(runs):\n    raise ValueError\n    yield\nB = noise('wave', sites=sites)",
         SECOND,
         "the noise 'zh.wave' failed: ValueError"),
        ("def edits(*given):\n    return 1 / 0\nB = noise('wave', edits=edits)", SECOND,
         "the noise 'zh.wave' failed: ZeroDivisionError: division by zero"),
        ("B = noise('wave', edits=lambda *given: 'a')", 1,
         "the noise 'zh.wave' yields 'a', which is no edit"),
        ("B = noise('wave', edits=lambda text, run, rng: [Edit(run, 0, 99, '')])", 1,
         "the noise 'zh.wave' edits 0 to 99 of "),
        (("def sites(runs):\n    yield from (run for run in runs if run.text)\n"
         "def edits(text, run, rng):\n    return 2 * [Edit(run, 0, len(run.text), 'a')]\n"
         "B = noise('wave', sites=sites, edits=edits)"), 1,
         "the noise 'zh.wave' makes edits that overlap"),
    ],
)  # fmt: skip
def test_what_fails_in_a_session_is_told_with_its_place(
    site: Path, shop: Path, tmp_path: Path, code: str, line: int, told: str
) -> None:
    kind, name = ("behaviours", "wave") if "one(" in code else ("noise", "zh.wave")
    brings(site, "odd", code, **{kind: {name: "B"}})
    done = run("compose", shop, "-n", 20, "--plugin", "odd", "--set", f"{kind}.wave=1",
               "-o", tmp_path / "out")  # fmt: skip
    assert done.exit_code == 1
    shown = done.output.replace("\n", "")
    assert f"{site / 'odd.py'}:{line}:1: {told}".replace(" ", "") in shown.replace(" ", "")
    assert "fix: mend 'odd', or leave --plugin odd out" in done.output
    assert not (tmp_path / "out").exists()


# The rest.


def test_workers_notice_that_a_package_was_edited(talk: Path, shop: Path, tmp_path: Path) -> None:
    order = Recipe(load_graph, compose, "0", shop, plugins=("shop-talk",), n=1001)
    graph = order.open()
    with (talk / "shop_talk" / "tilde.py").open("a", encoding="utf-8") as file:
        file.write("# edited\n")
    with pytest.raises(ContentError, match="a file of a plug-in changed while sessions were comp"):
        dataset.write(order, graph, tmp_path / "out", workers=2)


def test_the_order_of_the_options_does_not_matter(site: Path, shop: Path) -> None:
    for name in ("b-talk", "a-talk"):
        words = [name[0] * 3, name[0] * 2]
        brings(site, name, "\n".join(f"{w}, n{w} = one('{w}'), noise('{w}')" for w in words),
               behaviours={w: w for w in words},
               noise={f"zh_CN.{w}": f"n{w}" for w in words})  # fmt: skip
    rates = [f"{kind}.{word}=1" for kind in GROUPS for word in ("bbb", "aaa", "bb", "aa")]
    for names in (["b-talk", "a-talk"], ["a-talk", "b-talk"], ["a.talk", "B_Talk", "a-talk"]):
        graph = load_graph(shop, rates, names)
        assert [*graph.rates["behaviours"]] == ["aa", "aaa", "bb", "bbb"]
        assert [*graph.rates["noise"]] == ["aa", "aaa", "bb", "bbb"]
        assert [*graph.brought] == ["a-talk", "b-talk"]


def test_the_hash_is_that_of_the_files_of_the_package(talk: Path, shop: Path) -> None:
    def found() -> str:
        digest: str = load_graph(shop, plugins=["shop-talk"]).brought["shop-talk"]["sha256"]
        return digest

    before = found()
    names = sorted(name.removeprefix("shop_talk/") for name in FILES if "/" in name)
    lines = "".join(
        f"{name} {hashlib.sha256(FILES[f'shop_talk/{name}'].encode()).hexdigest()}\n"
        for name in names
    )
    assert before == hashlib.sha256(lines.encode()).hexdigest()
    (talk / "shop_talk" / "table.csv").write_text("a,b\n", encoding="utf-8")
    assert found() != before


def test_one_name_in_place_of_a_list_is_refused(shop: Path) -> None:
    with pytest.raises(TypeError, match="expected a list of packages but got plugins='shop-talk'"):
        load_graph(shop, plugins="shop-talk")


def test_the_page_names_what_there_is() -> None:
    moves = import_module("dialogue.move")
    for one in moves.MOVES:
        assert f"`{one.__name__}`" in PAGE
    assert {one.__name__ for one in moves.MOVES} == {
        name for name, one in vars(moves).items() if isinstance(one, type) and hasattr(one, "_make")
    }
    for group in GROUPS.values():
        assert f"`{group}`" in PAGE
