"""Splits share nothing along the axes that were held out; judged from sessions and files alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from copy import copy
from functools import cache
from hashlib import sha256
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from click.testing import CliRunner, Result
from replay import GRAPHS, ROOT, Pack, Replay, marked, pack_of, span_key

import dialogue
from dialogue import ContentError, compose, dataset, load_graph, shards
from dialogue.cli import main
from dialogue.manifest import Tally
from dialogue.shards import Recipe
from dialogue.split import HoldOut, Splits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

COUNT = 1000
WEIGHTS = {"train": 8, "dev": 1, "test": 1}
AXES = {
    "phrasing": "phrasing",
    "value": "value:设备,地点,时间,收货人.电话,收货人.姓名,退货原因",
    "path": "path",
    "all": "phrasing,value:设备,地点,path",
}
REPLAYED = 400

Composed = dict[str, list[Any]]


@pytest.fixture(scope="module")
def held(graph: Any) -> Callable[[str], list[Any]]:
    """Return sessions of the shop, with an axis held out."""
    options = {"split": "8:1:1"}
    return cache(lambda a: list(compose(graph("retail"), COUNT, 0, hold_out=AXES[a], **options)))


@pytest.fixture(scope="module")
def used(held: Callable[[str], list[Any]]) -> Callable[[str], list[Any]]:
    """Play sessions again; return for each the phrasings of the files that fit its turns."""

    def played(axis: str) -> list[Any]:
        pack = read(axis)
        return [Replay(pack, session).run().used for session in held(axis)[:REPLAYED]]

    return cache(played)


def by_split(sessions: Iterable[Any]) -> Composed:
    found: Composed = {"train": [], "dev": [], "test": []}
    for session in sessions:
        found[session["split"]].append(session)
    return found


def utterances(session: Any) -> Iterator[Any]:
    return (turn for turn in session["turns"] if turn["kind"] == "utterance")


def disjoint(sets: Iterable[Iterable[Any]]) -> bool:
    """Tell whether no two share anything, and all hold something."""
    made = [set(one) for one in sets]
    return all(made) and not any(one & other for one, other in combinations(made, 2))


def each(composed: Composed, found: Callable[[Any], Iterable[Any]]) -> list[set[Any]]:
    """Return what is found in the sessions of each split."""
    return [{one for session in part for one in found(session)} for part in composed.values()]


# The split of a session.


@pytest.mark.parametrize(
    ("written", "shares"),
    [
        ("8:1:1", (8, 1, 1)),
        ("80:10:10", (8, 1, 1)),
        ("0.7:0.15:0.15", (14, 3, 3)),
        ("9:1", (9, 1, 0)),
        ("0:1:2", (0, 1, 2)),
        ("1:0:0", (1, 0, 0)),
    ],
)
def test_every_block_holds_exactly_the_weights(written: str, shares: tuple[int, ...]) -> None:
    splits = Splits.parse(written)
    size = sum(shares)
    orders = set()
    for block in range(40):
        found = tuple(splits.of(7, index) for index in range(block * size, (block + 1) * size))
        assert tuple(Counter(found)[name] for name in WEIGHTS) == shares
        orders.add(found)
    assert len(orders) > 1 or 1 in (size, sum(share > 0 for share in shares))
    other = tuple(splits.of(8, index) for index in range(40 * size))
    same = tuple(splits.of(7, index) for index in range(40 * size))
    assert (other == same) == (sum(share > 0 for share in shares) == 1)


def test_split_is_all_that_a_split_changes(sessions: Any, graph: Any) -> None:
    plain = sessions("retail", 60)
    found = list(compose(graph("retail"), 60, 0, split="8:1:1"))
    assert Counter(session["split"] for session in found) == {"train": 48, "dev": 6, "test": 6}
    assert [{**session, "split": "train"} for session in found] == plain


def test_without_options_all_is_train(sessions: Any) -> None:
    assert {session["split"] for session in sessions("retail", 60)} == {"train"}


@pytest.mark.parametrize("axis", AXES)
def test_proportions_are_exact(axis: str, held: Any) -> None:
    sizes = {name: len(part) for name, part in by_split(held(axis)).items()}
    assert sizes == {name: COUNT * weight // 10 for name, weight in WEIGHTS.items()}


# What splits share.


def read(axis: str) -> Pack:
    """Read the shop; where pairs are held out, a walk may end early though the files know a way."""
    pack = pack_of(GRAPHS["retail"])
    if "path" in AXES[axis]:
        assert pack.patterns  # made before, so that both have them
        pack = copy(pack)
        most = pack.graph["walk"]["units"].split("..")[1]
        pack.graph = {**pack.graph, "walk": {"units": f"1..{most}"}}
    return pack


def phrasings(session: Any) -> Iterator[str]:
    for turn in utterances(session):
        yield from turn.get("phrasings", [turn["phrasing"]])


def without_values(session: Any) -> Iterator[str]:
    return (marked(turn) for turn in utterances(session) if turn["speaker"] == "user")


@pytest.mark.parametrize("axis", ["phrasing", "all"])
def test_no_phrasing_is_shared(axis: str, held: Any) -> None:
    composed = by_split(held(axis))
    assert disjoint(each(composed, phrasings))
    assert disjoint(each(composed, without_values))


@pytest.mark.parametrize("axis", ["phrasing", "all"])
def test_no_text_of_a_phrasing_is_shared(axis: str, held: Any, used: Any) -> None:
    """Sources are those of the files, found by what each utterance says."""
    fitting: dict[str, set[Any]] = {}
    for one in used(axis):
        for name, fits in one.items():
            fitting[name] = fitting.get(name, fits) & fits
    sources = {name: {one.source for one in fits} for name, fits in fitting.items()}
    # What says an address may read like what says its parts.
    source = {name: next(iter(some)) for name, some in sources.items() if len(some) == 1}
    assert len(source) > 0.98 * len(sources)

    def known(session: Any) -> Iterator[str]:
        return (source[name] for name in phrasings(session) if name in source)

    assert disjoint(each(by_split(held(axis)[:REPLAYED]), known))


@pytest.mark.parametrize("axis", AXES)
def test_sessions_of_splits_are_true(axis: str, used: Any) -> None:
    assert sum(map(bool, used(axis))) == REPLAYED


def said(label: str, part: str | None = None) -> Callable[[Any], Iterator[str]]:
    def texts(session: Any) -> Iterator[str]:
        for turn in utterances(session):
            for span in turn["spans"]:
                if span["slot"] == label and span.get("part") == part:
                    yield span["surface"]
                    yield span.get("normal", span["surface"])
                    yield json.dumps(span["value"])

    return texts


@pytest.mark.parametrize(
    ("axis", "label", "part"),
    [
        ("value", "设备", None),
        ("value", "地点", None),
        ("value", "退货原因", None),
        ("value", "收货人", "电话"),
        ("value", "收货人", "姓名"),
        ("all", "设备", None),
        ("all", "地点", None),
    ],
)
def test_no_value_is_shared(axis: str, label: str, part: str | None, held: Any) -> None:
    assert disjoint(each(by_split(held(axis)), said(label, part)))


def test_no_time_is_said_in_two_splits(held: Any) -> None:
    """What 明天 means is another day in each session: held out is how it is said."""

    def surfaces(session: Any) -> Iterator[str]:
        spans = (span for turn in utterances(session) for span in turn["spans"])
        return (span["surface"] for span in spans if span["slot"] == "时间")

    assert disjoint(each(by_split(held("value")), surfaces))
    assert not disjoint(each(by_split(held("phrasing")), surfaces))


def test_what_is_not_held_out_is_shared(held: Any) -> None:
    """Else the tests above would prove nothing."""
    composed = by_split(held("phrasing"))
    assert not disjoint(each(composed, said("设备")))
    assert not disjoint(each(composed, said("时间")))
    assert not disjoint(each(composed, lambda session: pairwise(session["walk"])))
    composed = by_split(held("path"))
    assert not disjoint(each(composed, phrasings))
    assert not disjoint(each(composed, without_values))


def test_arguments_of_calls_are_values_of_the_split(held: Any) -> None:
    def arguments(session: Any) -> Iterator[str]:
        calls = (turn["arguments"] for turn in session["turns"] if turn["kind"] == "call")
        return (call["device"] for call in calls if "device" in call)

    assert disjoint(each(by_split(held("value")), arguments))


def test_nothing_is_tried_that_train_never_visits(held: Callable[[str], list[Any]]) -> None:
    composed = by_split(held("path"))
    visited = {
        split: {unit for session in sessions for unit in session["walk"]}
        for split, sessions in composed.items()
    }
    assert visited["dev"] | visited["test"] <= visited["train"]
    for split in ("dev", "test"):
        assert len({tuple(session["walk"]) for session in composed[split]}) > 12


@pytest.mark.parametrize("axis", ["path", "all"])
def test_no_pair_of_units_is_shared(axis: str, held: Any) -> None:
    composed = by_split(held(axis))
    assert disjoint(each(composed, lambda session: pairwise(session["walk"])))
    kinds = [
        len({unit for session in part for unit in session["walk"]}) for part in composed.values()
    ]
    assert min(kinds) > 8


def test_train_keeps_the_scenes(held: Any) -> None:
    scenes = pack_of(GRAPHS["retail"]).graph["scenes"]
    train = by_split(held("path"))["train"]
    named = {target["name"] for one in train for target in one["targets"]}
    assert len(set(scenes) & named) >= 2
    pairs = {pair for scene in scenes.values() for pair in pairwise(scene["path"])}
    rest = by_split(held("path"))
    for session in rest["dev"] + rest["test"]:
        assert pairs.isdisjoint(pairwise(session["walk"]))


def test_each_kind_of_device_is_in_every_split(held: Any) -> None:
    """A split without a phone could never look for a phone case."""
    rows = (ROOT / "units/retail/tables/device.csv").read_text("utf-8").splitlines()[1:]
    kinds = {name: kind for _, name, _, kind in (row.split(",") for row in rows)}
    for part in by_split(held("value")).values():
        names = {name for session in part for name in said("设备")(session)}
        assert {kinds[name] for name in names if name in kinds} == set(kinds.values())


# A session is a function of its index.


@pytest.mark.parametrize(("name", "axis"), [("retail", "value"), ("trip", "path")])
def test_sessions_of_splits_depend_on_their_index_alone(
    name: str, axis: str, graph: Any, anew: Any
) -> None:
    options = {"split": "8:1:1", "hold_out": AXES[axis]}
    first = [orjson.dumps(session) for session in compose(graph(name), 40, 0, **options)]
    again = anew(GRAPHS[name]) if axis == "value" else graph(name)
    for index in reversed(range(40)):
        (alone,) = compose(again, 40, 0, only=index, **options)
        assert orjson.dumps(alone) == first[index]
    assert [orjson.dumps(one) for one in compose(again, 40, 0, **options)] == first


def test_another_seed_shares_out_in_the_same_way(held: Any) -> None:
    """What train has seen with one seed is not in the test of another."""
    graph = load_graph(GRAPHS["retail"])
    other = by_split(compose(graph, 200, 1, split="8:1:1", hold_out=AXES["all"]))
    train = by_split(held("all"))["train"]
    for found in (phrasings, said("设备"), lambda session: pairwise(session["walk"])):
        seen = {one for session in train for one in found(session)}
        for split in ("dev", "test"):
            assert seen.isdisjoint(one for session in other[split] for one in found(session))


CHILD = """
import sys, orjson
from hashlib import sha256
from dialogue import compose, load_graph
found = sha256()
for path, axes in zip(sys.argv[1::2], sys.argv[2::2]):
    for session in compose(load_graph(path), 40, 0, split="8:1:1", hold_out=axes):
        found.update(orjson.dumps(session))
print(found.hexdigest())
"""


def test_hash_seed_of_the_process_does_not_matter(graph: Any) -> None:
    axes = {"trip": "path", "retail": "phrasing,value:设备,地点"}
    found = sha256()
    for name, axis in axes.items():
        for session in compose(graph(name), 40, 0, split="8:1:1", hold_out=axis):
            found.update(orjson.dumps(session))
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"  # another than here
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    pairs = [one for name, axis in axes.items() for one in (str(GRAPHS[name]), axis)]
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *pairs],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == found.hexdigest()


# Datasets, and the proof in their manifest.


def recipe(path: Path = GRAPHS["address"], n: int = 1200, **options: Any) -> Recipe:
    options = {"split": "8:1:1", "hold_out": "phrasing,value:收货人.姓名", **options}
    return Recipe(load_graph, compose, dialogue.__version__, path, n=n, **options)


def written(directory: Path, workers: int = 1, **options: Any) -> dict[str, Any]:
    order = recipe(**options)
    dataset.write(order, order.open(), directory, workers=workers)
    manifest: dict[str, Any] = json.loads((directory / "manifest.json").read_text("utf-8"))
    return manifest


def files(directory: Path) -> dict[str, bytes]:
    paths = [path for path in directory.rglob("*") if path.is_file()]
    return {str(path.relative_to(directory)): path.read_bytes() for path in paths}


def records(directory: Path) -> list[Any]:
    paths = sorted((directory / "sessions").iterdir())
    return [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines()]


def test_manifest_proves_what_is_in_the_files(tmp_path: Path) -> None:
    manifest = written(
        tmp_path, path=GRAPHS["retail"], n=300, hold_out="phrasing,value:地点,时间,path"
    )
    composed = by_split(records(tmp_path))
    assert manifest["split"] == "8:1:1"
    assert manifest["hold_out"] == "phrasing,value:地点,时间,path"
    assert manifest["counts"]["splits"] == {name: len(part) for name, part in composed.items()}

    def normals(session: Any) -> Iterator[str]:
        spans = (span for turn in utterances(session) for span in turn["spans"])
        return (span.get("normal", span["surface"]) for span in spans if span["slot"] == "地点")

    def pairs(session: Any) -> Iterator[tuple[str, str]]:
        return pairwise(session["walk"])

    def sizes(found: Any) -> dict[str, int]:
        return dict(zip(WEIGHTS, map(len, each(composed, found)), strict=True))

    drawn = {
        name: sum(len(list(said("时间")(session))) // 3 for session in part)
        for name, part in composed.items()
    }
    assert manifest["counts"]["hold_out"] == {
        "path": {**sizes(pairs), "shared": 0},
        "phrasing": {**sizes(phrasings), "shared": 0, "exempt": 0},
        "value:地点": {**sizes(normals), "shared": 0},
        "draws:时间": {**drawn, "shared": 0},
    }


def test_manifest_without_held_out_axes_has_no_proof(tmp_path: Path) -> None:
    manifest = written(tmp_path, n=20, split=None, hold_out=None)
    assert (manifest["split"], manifest["hold_out"]) == ("1:0:0", "")
    assert manifest["counts"]["splits"] == {"train": 20}
    assert "hold_out" not in manifest["counts"]


def test_workers_give_the_same_bytes(small: Path, tmp_path: Path) -> None:
    options = {"path": small, "split": "3:1", "hold_out": "phrasing,value:人.姓名"}
    written(tmp_path / "one", **options)
    written(tmp_path / "two", workers=2, **options)
    assert files(tmp_path / "two") == files(tmp_path / "one")


def test_recount_from_the_disk_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "sessions").mkdir()
    order = recipe(n=60)
    graph = order.open()
    composed, recounted = (list(shards.write(order, graph, tmp_path, 1)) for _ in range(2))
    assert composed[-1] == recounted[-1]
    assert recounted[0] == 60
    assert recounted[-1].tally.counts()["hold_out"]["phrasing"]["train"] > 20  # type: ignore[union-attr]


def test_other_options_are_another_run(small: Path, tmp_path: Path) -> None:
    options = {"path": small, "n": 10, "hold_out": "value:茶"}
    written(tmp_path, **options)
    (tmp_path / "manifest.json").rename(tmp_path / "kept")
    marker = {"schema": "dialogue.unfinished/1", "run": json.loads((tmp_path / "kept").read_text())}
    order = recipe(**options)
    run = dataset._run(order, order.open())
    marker["run"] = {key: marker["run"][key] for key in run}
    assert marker["run"] == run
    (tmp_path / dataset.UNFINISHED).write_text(json.dumps(marker), "utf-8")
    with pytest.raises(dataset.Refused, match=r"run with other --split, --hold-out\n"):
        written(tmp_path, **{**options, "split": "1:1", "hold_out": "phrasing"})


def test_options_that_cannot_be_met_are_told_before_a_directory_is_touched(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="it has no path to hold out"):
        recipe(lone(tmp_path), hold_out="path").open()


def leaky(sessions: Iterable[Any], split: str) -> Iterator[Any]:
    """Yield sessions as if they were of another split."""
    for session in sessions:
        yield {**session, "split": split}


def test_proof_counts_what_is_shared() -> None:
    graph, options = load_graph(GRAPHS["retail"]), "phrasing,value:地点,收货人.电话,path"
    held_out = recipe(hold_out=options).held(graph)
    train = [
        session
        for session in compose(graph, 200, 0, split="8:1:1", hold_out=options)
        if session["split"] == "train"
    ]
    parts = []
    for sessions in (train, list(leaky(train[:100], "test"))):
        parts.append(Tally())
        for session in sessions:
            parts[-1].add(session, 1, held_out)
    parts[0].merge(parts[1])
    counts = parts[0].counts()["hold_out"]
    whole = {one for session in train[:100] for one in phrasings(session)}
    pairs = {one for session in train[:100] for one in pairwise(session["walk"])}
    phones = [one for session in train[:100] for one in said("收货人", "电话")(session)]
    assert counts["phrasing"]["shared"] >= len(whole) > 100
    assert counts["path"]["shared"] == len(pairs) > 10
    assert counts["value:地点"]["shared"] > 5
    assert counts["draws:收货人.电话"]["shared"] == len(phones) // 3 > 5


# Small packs.

DOMAIN = """\
locale: zh_CN
slots:
  茶: {choose: {绿茶: [绿茶, 茶叶], 红茶: [红茶, 茶叶], 白茶: [白茶, 毫针], 黑茶: [黑茶]}}
  近茶: {choose: {红茶: [红茶], 白茶: [白茶], 黑茶: [黑茶]}, like: 茶}
  回礼: {like: 茶, role: gift}
  人: {faker: cn_recipient}
  箱: {faker: numerify, with: {text: "%%"}}
"""
ASK = """\
needs:
- slots: 茶
  ask: [要哪款？, {say: 请问要哪款？, weight: 2, shared: true}]
  give: ["{{ 茶 }}", "{{ 茶 }}吧"]
turns:
- user:
  - "要{{ 茶 }}送{{ 人.姓名 }}"
  - "来点{{ 近茶 }}，寄{{ 人.市 }}"
  - "{{ 茶 }}有吗"
  - "有{{ 茶 }}没"
  - 买茶
  - 看茶
  weights: [{gives: [茶], weight: 3}, {gives: [], weight: 0.5}, {gives: [近茶, 人.市], weight: 0.5}]
- bot: [{say: 好的, shared: true}]
"""
AGAIN = """\
redraw: [人.姓名, 茶]
turns:
- user: ["{{ 人.姓名 }}呢", "给{{ 人.姓名 }}{{ 回礼 }}", "{{ 人.姓名 }}，{{ 回礼 }}", 也要]
- bot: [收到, 明白, 好的]
"""
SMALL = """\
domain: tea
start: {ask: 1}
edges:
  ask: {again: 3, end: 1}
  again: {again: 2, ask: 1, end: 1}
walk: {units: 2..5}
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    return lay(folder, {"domain": DOMAIN, "ask": ASK, "again": AGAIN}, SMALL)


def lay(folder: Path, units: dict[str, str], graph: str) -> Path:
    (folder / "units/tea").mkdir(parents=True)
    (folder / "graphs").mkdir()
    for name, text in units.items():
        (folder / f"units/tea/{name}.yaml").write_text(text, "utf-8")
    (folder / "graphs/tea.yaml").write_text(graph, "utf-8")
    return folder / "graphs/tea.yaml"


def lone(folder: Path) -> Path:
    """Lay a pack whose walks visit one unit."""
    unit = "turns:\n- user: [好]\n- bot: [好的]\n"
    graph = "domain: tea\nstart: [ask]\nedges: {ask: {end: 1}}\n"
    return lay(folder, {"domain": "locale: zh_CN\n", "ask": unit}, graph)


def composed(path: Path, hold_out: str, split: str = "3:1", n: int = 400) -> Composed:
    found = by_split(compose(load_graph(path), n, 3, split=split, hold_out=hold_out))
    return {name: part for name, part in found.items() if part}


def test_wording_that_is_shared_stays_in_every_split(small: Path) -> None:
    parts = each(composed(small, "phrasing"), phrasings)
    texts = {
        phrasing.id: phrasing.template.source
        for unit in load_graph(small).units
        for phrasing in unit.phrasings()
    }
    both = sorted((name.rpartition("/")[0], texts[name]) for name in parts[0] & parts[1])
    # 好的 also where it is not marked: it is one text.
    assert both == [("again", "好的"), ("ask", "好的"), ("ask", "请问要哪款？")]


def test_values_that_share_a_surface_stay_together(small: Path) -> None:
    parts = each(composed(small, "value:茶"), said("茶"))
    assert disjoint(parts)
    assert any({"绿茶", "红茶", "茶叶"} <= part for part in parts)


def test_slots_with_the_label_are_narrowed_with_it(small: Path) -> None:
    roles = {
        span.get("role")
        for part in composed(small, "value:回礼").values()
        for session in part
        for turn in utterances(session)
        for span in turn["spans"]
        if span["slot"] == "茶"
    }
    assert roles == {None, "gift"}
    assert disjoint(each(composed(small, "value:回礼"), said("茶")))


def test_part_that_is_redrawn_stays_in_its_split(small: Path) -> None:
    parts = composed(small, "value:人.姓名,人.市")
    assert disjoint(each(parts, said("人", "姓名")))
    assert disjoint(each(parts, said("人", "市")))
    names = [len(set(said("人", "姓名")(s))) for part in parts.values() for s in part]
    assert max(names) > 3


def test_groups_of_a_record_fit_apart(small: Path) -> None:
    """Names are too many to meet by chance: each is asked where it belongs."""
    options = {"split": "3:1", "hold_out": "value:人.姓名,人.市"}
    graph = load_graph(small)
    held_out = Recipe(load_graph, compose, "0", small, **options).held(graph)  # type: ignore[arg-type]
    tally = Tally()
    for session in compose(graph, 200, 3, **options):  # type: ignore[arg-type]
        tally.add(session, 1, held_out)
    for counts in tally.counts()["hold_out"].values():
        assert counts["shared"] == 0
        assert counts["train"] > counts["dev"] > 5


def test_weights_of_sets_that_a_split_lacks_are_dropped(small: Path) -> None:
    parts = composed(small, "phrasing")
    sets = each(parts, lambda session: (opening(session),))
    assert ("茶",) in sets[0] & sets[1]
    assert () in sets[0] & sets[1]
    assert disjoint([one - {("茶",), ()} or {name} for name, one in zip(parts, sets, strict=True)])


def opening(session: Any) -> tuple[str, ...]:
    return tuple(span_key(span) for span in session["turns"][0]["spans"])


def test_path_of_a_small_graph(tmp_path: Path) -> None:
    unit = "turns:\n- user: [好]\n- bot: [好的]\n"
    edges = "".join(f"  u{i}: {{u{(i + 1) % 4}: 1, u{(i + 2) % 4}: 1, end: 1}}\n" for i in range(4))
    graph = f"domain: tea\nstart: [u0, u1, u2, u3]\nedges:\n{edges}walk: {{units: 2..4}}\n"
    path = lay(tmp_path, {"domain": "locale: zh_CN\n", **{f"u{i}": unit for i in range(4)}}, graph)
    parts = composed(path, "path", split="1:1:1")
    assert disjoint(each(parts, lambda session: pairwise(session["walk"])))
    assert all(len(pairs) >= 2 for pairs in each(parts, lambda s: pairwise(s["walk"])))


def test_heaviest_keeps_the_one_way_on_of_a_unit_without_end(tmp_path: Path) -> None:
    """Else no session of train could visit it: it takes a sure way on to come to the end."""
    names, unit = [f"u{i}" for i in range(4)], "turns:\n- user: [好]\n- bot: [好的]\n"
    edges = "".join(f"  u{i}: {{u{(i + 1) % 4}: 1, u{(i + 2) % 4}: 1, end: 1}}\n" for i in range(4))
    edges += "  hello: {u0: 1}\n"
    graph = f"domain: tea\nstart: [hello, u0, u1, u2, u3]\nedges:\n{edges}walk: {{units: 2..4}}\n"
    units = dict.fromkeys(["hello", *names], unit)
    path = lay(tmp_path, {"domain": "locale: zh_CN\n", **units}, graph)
    parts = composed(path, "path", split="2:1:1")
    visited = dict(zip(parts, each(parts, lambda session: session["walk"]), strict=True))
    assert "hello" in visited["train"]
    assert "hello" not in visited["dev"] | visited["test"]


def test_draw_that_cannot_fit_is_told_with_its_slot(tmp_path: Path) -> None:
    domain = "locale: zh_CN\nslots:\n  色: {faker: random_element, with: {elements: [红, 绿]}}\n"
    unit = 'turns:\n- user: ["要{{ 色 }}的"]\n- bot: [好的]\n'
    path = lay(
        tmp_path,
        {"domain": domain, "ask": unit},
        "domain: tea\nstart: [ask]\nedges: {ask: {end: 1}}\n",
    )
    with pytest.raises(ContentError) as told:
        list(compose(load_graph(path), 0, split="98:1:1", hold_out="value:色"))
    problems = told.value.problems
    assert [str(one.at).rpartition("units/")[2] for one in problems] == ["tea/domain.yaml:3:3"] * 2
    assert [one.what for one in problems] == [
        f"'色' had no value for {split} in 10,000 draws" for split in ("dev", "test")
    ]


# Options.


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("phrasing", "phrasing"),
        ("path,phrasing", "phrasing,path"),
        ("value:设备,地点,path", "value:地点,设备,path"),
        ("value:收货人.电话,phrasing,value:地点", "phrasing,value:地点,收货人.电话"),
        (" value: 茶 , 茶 ,path", "value:茶,path"),
        ("value:path,path", "value:path,path"),
    ],
)
def test_axes_are_read(written: str, kept: str) -> None:
    assert str(HoldOut.parse(written)) == kept
    assert HoldOut.parse(str(HoldOut.parse(written))) == HoldOut.parse(written)


def run(*options: object, graph: Path = GRAPHS["retail"]) -> Result:
    return CliRunner().invoke(main, ["compose", *map(str, (graph, *options))])


def test_options_of_python_are_those_of_the_command() -> None:
    ran = run("-n", 30, "-o", "-", "--split", "8:1:1", "--hold-out", "phrasing")
    assert ran.exit_code == 0, ran.stderr
    sessions = compose(load_graph(GRAPHS["retail"]), 30, 0, split="8:1:1", hold_out="phrasing")
    assert ran.stdout_bytes.splitlines() == [orjson.dumps(session) for session in sessions]


def test_command_refuses_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    ran = run("-o", "made", "--split", "8:1:1", "--hold-out", "path", graph=lone(tmp_path))
    assert (ran.exit_code, ran.stdout, list(here.iterdir())) == (1, "", [])
    assert "walks of 'tea' visit one unit: it has no path to hold out" in ran.stderr


@pytest.mark.parametrize("name", ["retail", "address"])
def test_shipped_pack_can_hold_phrasings_out(name: str) -> None:
    parts = by_split(compose(load_graph(GRAPHS[name]), 300, 0, split="8:1:1", hold_out="phrasing"))
    assert disjoint(each(parts, phrasings))


def test_starter_can_hold_phrasings_out(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "dialogue/starter", tmp_path / "shop")
    graph = load_graph(tmp_path / "shop/graphs/shop.yaml")
    parts = by_split(compose(graph, 200, 0, split="8:1:1", hold_out="phrasing"))
    assert disjoint(each(parts, phrasings))
