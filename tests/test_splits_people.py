"""Splits share nothing where people do not go by the book, and the words that they do it in."""

from __future__ import annotations

import json
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

import pytest
from replay import GRAPHS, ROOT, Pack, marked, read_yaml

import dialogue
from dialogue import ContentError, compose, dataset, load_graph
from dialogue.behaviours import BEHAVIOURS
from dialogue.holdout import held_out
from dialogue.shards import Recipe
from dialogue.split import HoldOut, Splits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

COUNT = 160
GENERIC = read_yaml(ROOT / "dialogue/behaviours/wordings/zh.yaml")["behaviours"]
NAMES = {behaviour.name for behaviour in BEHAVIOURS}


def split(graph: Any, hold_out: str) -> dict[str, list[Any]]:
    """Return sessions of a graph by split."""
    found: dict[str, list[Any]] = {"train": [], "dev": [], "test": []}
    for session in compose(graph, COUNT, 0, split="2:1:1", hold_out=hold_out):
        found[session["split"]].append(session)
    return found


@pytest.fixture(scope="module")
def worded(graph: Callable[[str], Any]) -> dict[str, list[Any]]:
    """Return sessions by split that share no phrasing."""
    return split(graph("address+people"), "phrasing")


def shared(sessions: dict[str, list[Any]], found: Callable[[Any], Iterator[Any]]) -> set[Any]:
    """Return what more than one split has of what each must have some of."""
    sets = [{one for session in part for one in found(session)} for part in sessions.values()]
    assert all(sets)
    return set().union(*(one & other for one, other in combinations(sets, 2)))


def utterances(session: Any, speaker: str) -> Iterator[Any]:
    for turn in session["turns"]:
        if turn["kind"] == "utterance" and turn["speaker"] == speaker:
            yield turn


def wordings(session: Any, pack: Pack) -> Iterator[str]:
    """Yield what users say but for values.

    Which parts a composite says depends on the value: it stands for itself, as it is written.
    """
    for turn in utterances(session, "user"):
        text, owner = marked(turn), turn["phrasing"].rpartition("/")[0]
        if "phrasings" not in turn:
            readings = [draws for kind in ("user", "give")
                        for _, draws in pack.matching(owner, kind, text)]  # fmt: skip
            said = {draw for draws in readings for draw in draws
                    if "." in draw[0] and pack.is_composite(draw[0])}  # fmt: skip
            for give, piece in sorted(said):
                text = text.replace(piece, f"⟦{pack.key(give)}⟧") if piece else text
        yield text


def phrasings(session: Any, speaker: str) -> Iterator[str]:
    for turn in utterances(session, speaker):
        yield from turn.get("phrasings", [turn["phrasing"]])


def test_no_wording_of_users_is_shared(worded: dict[str, list[Any]]) -> None:
    assert not shared(worded, lambda session: phrasings(session, "user"))
    pack = Pack(GRAPHS["address"])
    assert not shared(worded, lambda session: wordings(session, pack))
    for part in worded.values():
        said = {name.partition("/")[0] for one in part for name in phrasings(one, "user")}
        assert said & NAMES, "every split has words for what people do"


def test_the_bot_shares_what_it_says_in_behaviours_alone(worded: dict[str, list[Any]]) -> None:
    both = shared(worded, lambda session: phrasings(session, "bot"))
    assert both
    assert {name.partition("/")[0] for name in both} <= NAMES


def test_no_pair_of_units_is_shared(graph: Callable[[str], Any]) -> None:
    walked = split(graph("trip+people"), "path")
    assert not shared(walked, lambda session: pairwise(session["walk"]))


def test_no_value_is_shared(graph: Callable[[str], Any]) -> None:
    def values(session: Any) -> Iterator[str]:
        for turn in session["turns"]:
            for span in turn.get("spans", ()):
                if span["slot"] in ("设备", "地点"):
                    yield from (span["surface"], json.dumps(span["value"]))

    assert not shared(split(graph("retail+people"), "value:设备,地点"), values)


def test_units_are_worded_in_the_same_splits_whatever_people_do(
    graph: Callable[[str], Any],
) -> None:
    """So what a model has seen in tidy sessions is not in the test of rough ones."""
    axes = [
        held_out(graph(name), Splits.parse("2:1:1"), HoldOut.parse("phrasing")).phrasing
        for name in ("address", "address+people")
    ]
    tidy, people = (axis.homes for axis in axes if axis is not None)
    assert {name: people[name] for name in tidy} == tidy
    assert len(people) > len(tidy)


def test_manifest_counts_what_all_splits_may_say(tmp_path: Path) -> None:
    rates = tuple(f"behaviours.{name}=0.5" for name in ("leave", "ask_repeat"))
    order = Recipe(load_graph, compose, dialogue.__version__, GRAPHS["address"], n=60,
                   overrides=rates, split="2:1:1", hold_out="phrasing")  # fmt: skip
    dataset.write(order, order.open(), tmp_path, workers=1)
    counts = json.loads((tmp_path / "manifest.json").read_text("utf-8"))["counts"]["hold_out"]
    assert counts["phrasing"]["shared"] == 0
    assert 1 <= counts["phrasing"]["exempt"] <= len(GENERIC["ask_repeat"]["say"]["bot"])


# A pack of one unit, in which something is looked up: nobody asks to repeat small talk.


def made(folder: Path, own: str, says: str = "['一', '二', '三']") -> Any:
    files = {
        "graphs/g.yaml": "domain: d\nstart: {u: 1}\nedges: {u: {end: 1}}\nwalk: {units: 1..1}\n"
        "behaviours: {ask_repeat: 0.5}\n",
        "units/d/domain.yaml": f"locale: zh_CN\n{own}"
        "tools:\n  look:\n    description: 查\n    parameters: {}\n"
        "    returns: {n: {type: integer}}\n    sql: select 1 as n\n",
        "units/d/tables/schema.sql": "",
        "units/d/u.yaml": f"turns:\n- user: {says}\n- call: {{tool: look, as: 库存}}\n"
        "- bot: [{say: 好的, shared: true}]\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return load_graph(folder / "graphs/g.yaml")


def test_a_list_with_too_few_wordings_is_told(tmp_path: Path) -> None:
    graph = made(tmp_path, "behaviours:\n  ask_repeat: {say: {user: [啊, 啥]}}\n")
    with pytest.raises(ContentError) as caught:
        list(compose(graph, 1, split="2:1:1", hold_out="phrasing"))
    [problem] = caught.value.problems
    assert str(problem.at).endswith("domain.yaml:3:29")
    assert problem.what == "'ask_repeat' (list user) has 2 wordings for 3 splits"
    assert problem.fix == "write 1 more"


def test_what_a_unit_says_too_goes_with_the_unit(tmp_path: Path) -> None:
    own = "behaviours:\n  ask_repeat: {say: {user: [一, 二, 三]}}\n"
    graph = made(tmp_path, own)
    for session in compose(graph, 60, split="2:1:1", hold_out="phrasing"):
        assert len({turn["text"] for turn in utterances(session, "user")}) == 1
    # What can be said in two splits is said in none, and what is left is too little.
    graph = made(tmp_path, own.replace("一, 二, 三", "\"{{ pick('一', '二') }}\", 三, 四, 五"))
    said = {
        turn["text"]
        for session in compose(graph, 60, split="2:1:1", hold_out="phrasing")
        for turn in utterances(session, "user")
        if "ask_repeat" in turn.get("behaviours", ())
    }
    assert said == {"三", "四", "五"}
