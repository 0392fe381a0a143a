"""A session is a function of its packs, its seed and its index, and of nothing else."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from replay import GRAPHS, ROOT, Replay, pack_of, span_key

from dialogue import compose, load_graph

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

COUNT = 60
each_graph = pytest.mark.parametrize("name", GRAPHS)

# Another process, with another hash seed, in another year and another zone.
CHILD = """
import sys, time, datetime
real = datetime.datetime
class Moved(real):
    @classmethod
    def now(cls, tz=None): return real(2031, 5, 6, 7, 8, 9, tzinfo=tz)
    utcnow = today = now
class Today(datetime.date):
    @classmethod
    def today(cls): return real(2031, 5, 6).date()
then = 1936000000.0
time.time = lambda: then
time.time_ns = lambda: int(then * 1e9)
time.localtime = lambda *at: time.gmtime(then)
Moved.__name__ = "datetime"
datetime.datetime, datetime.date = Moved, Today
import random
random.seed(5)
assert datetime.datetime.now().year == 2031 and datetime.date.today().year == 2031
from hashlib import sha256
import json, orjson
from dialogue import compose, load_graph
found = {}
for path in sys.argv[2:]:
    sessions = compose(load_graph(path), int(sys.argv[1]), 0)
    found[path] = [sha256(orjson.dumps(one)).hexdigest() for one in sessions]
print(json.dumps(found))
"""


def hashes(sessions: Iterable[Any]) -> list[str]:
    return [sha256(orjson.dumps(session)).hexdigest() for session in sessions]


@each_graph
def test_composing_again_gives_the_same_bytes(
    name: str, graph: Any, anew: Any, sessions: Any
) -> None:
    first = hashes(sessions(name, COUNT))
    random.seed(99)
    assert hashes(compose(graph(name), COUNT, 0)) == first
    assert hashes(compose(anew(GRAPHS[name]), COUNT, 0)) == first


@each_graph
def test_session_does_not_depend_on_those_before_it(name: str, graph: Any, sessions: Any) -> None:
    first = hashes(sessions(name, COUNT))
    for index in reversed(range(COUNT)):
        (alone,) = compose(graph(name), COUNT, 0, only=index)
        assert hashes([alone]) == [first[index]]


@each_graph
def test_session_does_not_depend_on_how_many_there_are(
    name: str, graph: Any, sessions: Any
) -> None:
    first = hashes(sessions(name, COUNT))
    assert hashes(compose(graph(name), 30, 0)) == first[:30]
    assert hashes(compose(graph(name), COUNT, 0, start=30)) == first[30:]


def test_two_runs_over_one_graph_do_not_meet(graph: Any, sessions: Any) -> None:
    retail = graph("retail")
    pairs = list(zip(compose(retail, 20, 0), compose(retail, 20, 1), strict=True))
    assert hashes(one for one, _ in pairs) == hashes(sessions("retail", 20))
    assert hashes(two for _, two in pairs) == hashes(compose(retail, 20, 1))


@each_graph
def test_another_seed_gives_other_sessions(name: str, graph: Any, sessions: Any) -> None:
    def told(session: Any) -> list[Any]:
        return [session["now"], [turn.get("text") for turn in session["turns"]]]

    first = [told(session) for session in sessions(name, COUNT)]
    other = [told(session) for session in compose(graph(name), COUNT, 1)]
    assert sum(one == two for one, two in zip(first, other, strict=True)) == 0


def test_process_hash_seed_and_clock_do_not_matter(sessions: Any) -> None:
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"  # another than here
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    environment["TZ"] = "Pacific/Auckland"
    paths = {name: str(path) for name, path in GRAPHS.items()}
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(COUNT), *paths.values()],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    for name, path in paths.items():
        assert found[path] == hashes(sessions(name, COUNT)), name


# A phrasing more: walks and values stay as they are.

ADDED = (
    ("product_lookup", '  - "{{ 设备 }}的{{ 配件 }}有吗"', '  - "{{ 配件 }}找{{ 设备 }}的哈"'),
    ("product_lookup", '  - "有{{ 配件 }}吗"', '  - "{{ 配件 }}有没有哈"'),
    ("order_status", '  - "查下{{ 订单 }}"', '  - "{{ 订单 }}查一查哈"'),
    # So many that a set weighed by its phrasings would be chosen more often.
    *(
        ("product_lookup", '  - "想买个配件"', f'  - "想买个配件{end}哈"')
        for end in "啊呀吧呢嘛哦啦呗"
    ),
    ("thanks", "  - 谢谢", "  - 谢谢你哈"),
    ("domain", '    - "想看看{{ 配件 }}"', '    - "给我{{ 配件 }}哈"'),
    ("domain", "    - 亲，您想看什么配件？", "    - 什么配件哈？"),
    ("shipping_fee", '    - "{{ 地点 }}包邮的亲"', '    - "{{ 地点 }}是包邮的哈"'),
)


@pytest.fixture(scope="module")
def longer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the shop in which some turns have a phrasing more."""
    folder = tmp_path_factory.mktemp("longer")
    shutil.copytree(ROOT / "units/retail", folder / "units/retail")
    (folder / "graphs").mkdir()
    shutil.copy(GRAPHS["retail"], folder / "graphs")
    for file, beside, added in ADDED:
        path = folder / f"units/retail/{file}.yaml"
        lines = path.read_text("utf-8").splitlines()
        # It stands first: what came first must not matter either.
        lines.insert(lines.index(beside), added)
        path.write_text("\n".join(lines) + "\n", "utf-8")
    return folder / "graphs/retail.yaml"


def bones(session: Any) -> Any:
    """Return a session without its wording: walk, what is given and its values, calls, results."""
    turns = []
    for turn in session["turns"]:
        if turn["kind"] != "utterance":
            turns.append(turn)
        elif turn["speaker"] == "user":
            said = {span_key(s): (s["surface"], s.get("normal"), s["value"]) for s in turn["spans"]}
            turns.append((turn["unit"], said, turn["omitted"], turn["state"]))
        else:
            asked = [act for act in turn["acts"] if act["act"] == "request"]
            turns.append((turn["unit"], turn.get("outcome"), asked, turn["state"]))
    parts = ("now", "walk", "facts", "group", "targets")
    return turns, {part: session[part] for part in parts}


def test_phrasing_more_changes_words_only(longer: Path, sessions: Any) -> None:
    before = sessions("retail", 200)
    after = list(compose(load_graph(longer), 200, 0))
    for one, two in zip(before, after, strict=True):
        assert bones(one) == bones(two), one["id"]
    said = sum(t.get("text", "").endswith(("哈", "哈？")) for s in after for t in s["turns"])
    assert said > sum(
        t.get("text", "").endswith(("哈", "哈？")) for s in before for t in s["turns"]
    )


def test_phrasing_more_leaves_the_ids_of_others(longer: Path, sessions: Any) -> None:
    def ids(path: Path, composed: Iterable[Any]) -> dict[Any, str]:
        pack, found = pack_of(path), {}
        for session in composed:
            for key, fits in Replay(pack, session).run().used.items():
                for one in fits:
                    found[one] = key
        return found

    before = ids(GRAPHS["retail"], sessions("retail", 150))
    after = ids(longer, compose(load_graph(longer), 150, 0))
    both = set(before) & set(after)
    assert len(both) > 300
    assert {one: before[one] for one in both} == {one: after[one] for one in both}
    assert len(set(after.values())) > 0.99 * len(after)  # few texts fit two phrasings
