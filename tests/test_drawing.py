"""Drawings of graphs, read back: nothing is missing, nothing overlaps, and titles do no harm."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from itertools import combinations, permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
import yaml
from click.testing import CliRunner

from dialogue import load_graph
from dialogue.cli import main
from dialogue.drawing import FORMATS
from dialogue.drawing.chart import Chart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[1]
SVG = "{http://www.w3.org/2000/svg}"
PHASES = {"售前咨询": 15, "下单与支付": 11, "物流配送": 14, "售后服务": 13, "其他话题": 3}
WORDS = [
    "查询订单状态",
    "换个地方再问能不能到",
    "价格",
    "退货",
    "Ask for the delivery time",
    "iPhone壳",
]
HOSTILE = [
    "</text><script>alert(1)</script>",
    '"]; x --> y["',
    "#quot; &amp; 100% 'a' `b` \\n",
    "a\abell",
    "\u202e反着\u200b写",
    "\ufffe\uffff",
    "两\n行\n  文字",
    "end",
    "👩‍👧👍🎁🎁🎁🎁🎁🎁🎁🎁",
    "没有空格的很长很长很长很长很长很长很长很长的标题",
    "Donaudampfschifffahrtsgesellschaftskapitaen",
    "]]>-->",
]  # fmt: skip


def lay(folder: Path, titles: dict[str, str], graph: dict[str, Any], locale: str = "zh_CN") -> Path:
    """Lay a pack whose units say next to nothing."""
    units = folder / "units/shop"
    units.mkdir(parents=True)
    (units / "domain.yaml").write_text(f"locale: {locale}\n", "utf-8")
    for name, title in titles.items():
        bot = {"outcome": "done", "say": ["好的"]}
        unit = {"title": title, "turns": [{"user": [f"{name}吗"]}, {"bot": [bot]}]}
        (units / f"{name}.yaml").write_text(yaml.safe_dump(unit, allow_unicode=False), "utf-8")
    (folder / "graphs").mkdir()
    path = folder / "graphs/shop.yaml"
    text = yaml.safe_dump({"domain": "shop", **graph}, allow_unicode=False, sort_keys=False)
    path.write_text(text, "utf-8")
    return path


def large(folder: Path) -> Path:
    """Lay a pack of sixty units, three hundred ways and more, in phases."""
    rng = random.Random(3)
    names = [f"u{number:02}" for number in range(sum(PHASES.values()))]
    titles = {name: f"{rng.choice(WORDS)}{number}" for number, name in enumerate(names)}
    titles |= {"hello": "问候", "thanks": "道谢", "goodbye": "道别"}
    phases, rest = {}, list(names)
    for title, count in PHASES.items():
        phases[title], rest = rest[:count], rest[count:]
    edges: dict[str, list[dict[str, Any]]] = {}
    for some in phases.values():
        for name in some:
            near = rng.sample(some, min(len(some), rng.choice([1, 2, 3])))
            ways = dict.fromkeys([*near, rng.choice(names), "thanks", "goodbye"])
            edges[name] = [{"to": to, "weight": rng.choice([1, 2, 5, 9])} for to in ways]
            edges[name][0]["when"] = "outcome == 'done' and 1 < 2"
            edges[name].append({"to": "end", "weight": 1})
    edges["hello"] = [{"to": name, "weight": 1} for name in names] + [{"to": "end", "weight": 1}]
    edges["thanks"] = [{"to": "goodbye", "weight": 2}, {"to": "end", "weight": 3}]
    edges["goodbye"] = [{"to": "end", "weight": 1}]
    start = {"hello": 45, **dict.fromkeys(names[::4], 2)}
    return lay(folder, titles, {"title": "网店", "start": start, "edges": edges, "phases": phases})


@dataclass(frozen=True)
class Shape:
    """A rectangle of a picture, on its page."""

    x: float
    y: float
    width: float
    height: float

    @classmethod
    def of(cls, element: ET.Element, shift: tuple[float, float]) -> Shape:
        x, y, width, height = (float(element.get(k, 0)) for k in ("x", "y", "width", "height"))
        return cls(x + shift[0], y + shift[1], width, height)

    def holds(self, x: float, y: float, slack: float = 0.0) -> bool:
        return (-slack <= x - self.x <= self.width + slack
                and -slack <= y - self.y <= self.height + slack)  # fmt: skip

    def within(self, other: Shape) -> bool:
        return other.holds(self.x, self.y) and other.holds(
            self.x + self.width, self.y + self.height
        )

    def meets(self, other: Shape) -> bool:
        return (self.x < other.x + other.width and other.x < self.x + self.width
                and self.y < other.y + other.height and other.y < self.y + self.height)  # fmt: skip


class Picture:
    """An SVG read back: nodes by number, ways by two numbers, frames with headings."""

    def __init__(self, text: str) -> None:
        self.root = ET.fromstring(text)
        _, _, width, height = map(float, self.root.get("viewBox", "").split())
        self.page = Shape(0, 0, width, height)
        (body,) = [g for g in self.root.findall(f"{SVG}g") if g.get("class") is None]
        x, y = re.findall(r"[\d.]+", body.get("transform", ""))
        self.shift = float(x), float(y)
        self.nodes = {int(g.get("id", "")[1:]): g for g in body if g.get("id")}
        self.boxes = {n: self.shape(self.one(g, "box")) for n, g in self.nodes.items()}
        self.ways = {}
        for g in body:
            if found := re.fullmatch(r"way c\d+ from(\d+) to(\d+)", g.get("class", "")):
                key = int(found[1]), int(found[2])
                assert key not in self.ways
                self.ways[key] = g
        self.frames = [self.shape(r) for r in body if "phase" in r.get("class", "").split()]
        self.headings = [t for t in body.iter(f"{SVG}text") if t.get("class") == "label"]

    def shape(self, element: ET.Element) -> Shape:
        return Shape.of(element, self.shift)

    def one(self, group: ET.Element, name: str) -> ET.Element:
        (found,) = self.all(group, rf"{name}")
        return found

    def all(self, group: ET.Element, pattern: str) -> list[ET.Element]:
        return [one for one in group if re.fullmatch(pattern, one.get("class", ""))]

    def told(self, group: ET.Element) -> str:
        return group.findtext(f"{SVG}title") or ""

    def title(self, node: int) -> str:
        return "".join(text.text or "" for text in self.nodes[node].findall(f"{SVG}text"))

    def curve(self, way: tuple[int, int]) -> list[tuple[float, float]]:
        """Return the beginning, the handles and the end of a way's line."""
        path = self.one(self.ways[way], "touch").get("d", "")
        numbers = [float(one) for one in re.findall(r"-?[\d.]+", path)]
        assert len(numbers) == 8
        return [(x + self.shift[0], y + self.shift[1])
                for x, y in zip(numbers[::2], numbers[1::2], strict=True)]  # fmt: skip


def ems(text: str) -> float:
    """Return about how wide a text is: a Han character is as wide as high, others less."""
    wide = sum(unicodedata.east_asian_width(one) in "WF" for one in text)
    return wide + 0.56 * (len(text) - wide)


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return large(tmp_path_factory.mktemp("large"))


@pytest.fixture(scope="module")
def charts(pack: Path, graph: Callable[[str], Any], hostile: Path) -> dict[str, Chart]:
    loaded = {"large": load_graph(pack), "retail": graph("retail"), "hostile": load_graph(hostile)}
    return {name: Chart.of(one) for name, one in loaded.items()}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    titles = {f"u{number}": title for number, title in enumerate(HOSTILE)}
    edges = {name: {"u0": 2, "u1": 1, "end": 1} for name in titles}
    phases = {HOSTILE[0]: ["u1", "u2"], HOSTILE[1]: ["u3"], HOSTILE[3]: ["u4"], HOSTILE[10]: ["u5"]}
    written = {"title": HOSTILE[0], "start": list(titles), "edges": edges, "phases": phases}
    return lay(tmp_path_factory.mktemp("hostile"), titles, written)


@pytest.fixture(scope="module")
def pictures(charts: dict[str, Chart]) -> dict[str, Picture]:
    return {name: Picture(FORMATS["svg"].text(chart)) for name, chart in charts.items()}


@pytest.fixture(params=["large", "retail", "hostile"])
def drawn(
    request: pytest.FixtureRequest, charts: dict[str, Chart], pictures: dict[str, Picture]
) -> tuple[Chart, Picture]:
    return charts[request.param], pictures[request.param]


# The picture.


def test_every_node_is_drawn_once_on_the_page(drawn: tuple[Chart, Picture]) -> None:
    chart, picture = drawn
    assert sorted(picture.nodes) == list(range(len(chart.nodes)))
    kinds = [picture.nodes[n].get("class", "").split()[0] for n in sorted(picture.nodes)]
    assert kinds == ["start", *["unit"] * (len(kinds) - 2), "end"]
    for number, node in enumerate(chart.nodes):
        assert picture.told(picture.nodes[number]).startswith(node.title)
        assert picture.boxes[number].within(picture.page)


def test_no_node_covers_another(drawn: tuple[Chart, Picture]) -> None:
    for one, other in combinations(drawn[1].boxes.values(), 2):
        assert not one.meets(other)


def test_every_phase_is_a_frame_around_its_units_alone(drawn: tuple[Chart, Picture]) -> None:
    chart, picture = drawn
    headings = [(text.text, float(text.get("x", 0)), float(text.get("y", 0)))
                for text in picture.headings]  # fmt: skip
    assert [title for title, _, _ in headings] == list(chart.phases)
    assert len(picture.frames) == len(headings)
    for frame, (title, x, y) in zip(picture.frames, headings, strict=True):
        assert frame.within(picture.page)
        assert frame.holds(x + picture.shift[0], y + picture.shift[1])
        for number, box in picture.boxes.items():
            inside = chart.nodes[number].phase == title
            assert box.within(frame) if inside else not box.meets(frame)
    for one, other in combinations(picture.frames, 2):
        assert not one.meets(other)


def test_titles_fit_their_boxes(drawn: tuple[Chart, Picture]) -> None:
    chart, picture = drawn
    size = 16
    for number, group in picture.nodes.items():
        box = picture.boxes[number]
        bars = [picture.shape(bar).y for bar in picture.all(group, "track")]
        texts = group.findall(f"{SVG}text")
        assert 1 <= len(texts) <= 2
        for text in texts:
            x, y = float(text.get("x", 0)), float(text.get("y", 0))
            half = ems(text.text or "") * size / 2
            middle = x + picture.shift[0]
            assert box.x + 14 <= middle - half
            assert middle + half <= box.x + box.width - 14
            baseline = y + picture.shift[1]
            assert box.y <= baseline - 0.8 * size
            assert baseline + 0.15 * size <= min([*bars, box.y + box.height])
        whole = chart.nodes[number].title
        shown = picture.title(number)
        if shown.endswith("…") and not whole.endswith("…"):
            assert len(shown) > 8
            shown = shown[:-1]
            assert whole.replace(" ", "").startswith(shown.replace(" ", ""))
        else:
            assert shown.replace(" ", "") == whole.replace(" ", "")


def test_every_way_is_a_line_a_part_of_a_bar_or_a_mark(drawn: tuple[Chart, Picture]) -> None:
    chart, picture = drawn
    parts = {n: [(one.get("class"), picture.shape(one).width)
                 for one in picture.all(group, r"s\d+") if one.tag == f"{SVG}rect"]
             for n, group in picture.nodes.items()}  # fmt: skip
    marks = {n: len(picture.all(g, r"t\d+")) for n, g in picture.nodes.items()}
    ends = {n: [one.get("class") for one in picture.all(group, r"s\d+") if one.tag != f"{SVG}rect"]
            for n, group in picture.nodes.items()}  # fmt: skip
    for way in chart.ways:
        if (way.source, way.target) in picture.ways:
            told = picture.told(picture.ways[way.source, way.target])
            assert f" → {chart.nodes[way.target].title}  " in told
            continue
        tracks = [picture.shape(one).width
                  for one in picture.all(picture.nodes[way.source], "track")]  # fmt: skip
        as_part = any(
            colour in ends[way.target] and wide == pytest.approx(track * way.share, abs=0.11)
            for track in tracks
            for colour, wide in parts[way.source]
        )
        assert as_part or marks[way.target], way
        assert chart.nodes[way.target].title in picture.told(picture.nodes[way.source])
    shown = len(picture.ways) + sum(map(len, parts.values())) + sum(marks.values())
    assert shown >= len(chart.ways)


def test_wider_lines_are_likelier(drawn: tuple[Chart, Picture]) -> None:
    chart, picture = drawn
    shares = {(way.source, way.target): way.share for way in chart.ways}
    lines = {key: picture.one(group, "line") for key, group in picture.ways.items()}
    look = {key: tuple(float(line.get(name, 0)) for name in ("stroke-width", "opacity"))
            for key, line in lines.items()}  # fmt: skip
    for one, other in permutations(look, 2):
        if shares[one] > shares[other] + 0.02:
            assert look[one][0] > look[other][0]
            assert look[one][1] >= look[other][1]
    assert all(width >= 0.8 and 0.14 <= opacity <= 1 for width, opacity in look.values())


def test_lines_run_from_box_to_box_and_stay_on_the_page(drawn: tuple[Chart, Picture]) -> None:
    _, picture = drawn
    for way in picture.ways:
        points = picture.curve(way)
        for node, (x, y) in ((way[0], points[0]), (way[1], points[-1])):
            box = picture.boxes[node]
            edges = (x - box.x, x - box.x - box.width, y - box.y, y - box.y - box.height)
            assert min(map(abs, edges)) <= 0.2
            assert box.holds(x, y, slack=0.2)
        assert all(picture.page.holds(*at) for at in sampled(points))


def test_few_lines_pass_behind_the_nodes_of_others(drawn: tuple[Chart, Picture]) -> None:
    _, picture = drawn
    inner = {
        node: Shape(box.x + 4, box.y + 4, box.width - 8, box.height - 8)
        for node, box in picture.boxes.items()
    }
    hidden = 0
    for way in picture.ways:
        points = list(sampled(picture.curve(way)))
        others = (box for node, box in inner.items() if node not in way)
        hidden += sum(any(box.holds(*at) for at in points) for box in others)
    assert hidden <= 0.85 * len(picture.ways)


def sampled(points: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    for t in (step / 24 for step in range(25)):
        weights = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3]
        x, y = (sum(w * a for w, a in zip(weights, axis, strict=True))
                for axis in zip(*points, strict=True))  # fmt: skip
        yield x, y


def test_conditions_and_weights_are_told(
    charts: dict[str, Chart], pictures: dict[str, Picture]
) -> None:
    picture = pictures["retail"]
    names = [node.name for node in charts["retail"].nodes]
    way = names.index("delivery_time"), names.index("wait")
    assert "权重 3 · 条件 outcome == 'too_late'" in picture.told(picture.ways[way])
    assert "outcome == 'too_late'" in picture.told(picture.nodes[way[0]])


def test_titles_are_text_and_nothing_else(pictures: dict[str, Picture]) -> None:
    picture = pictures["hostile"]
    assert {one.tag.removeprefix(SVG) for one in picture.root.iter()} == {
        "svg", "title", "style", "rect", "text", "g", "path", "circle",
    }  # fmt: skip
    assert HOSTILE[0] in picture.told(picture.nodes[1])
    assert "\u202e" not in "".join(picture.root.itertext())
    assert "a\\x07bell" in picture.told(picture.nodes[4])


def test_words_are_those_of_the_pack(tmp_path: Path) -> None:
    graph = {"start": ["hi"], "edges": {"hi": {"end": 1}}}
    chart = Chart.of(load_graph(lay(tmp_path, {"hi": "Hello"}, graph, "en_US")))
    text = FORMATS["svg"].text(chart)
    assert [node.title for node in chart.nodes] == ["start", "Hello", "end"]
    assert "how likely" in text
    assert 'xml:lang="en-US"' in text
    assert not re.search(r"[\u4e00-\u9fff]", text)


# Other tools.


@pytest.mark.parametrize("name", ["large", "retail"])
def test_graphml_has_the_nodes_edges_and_weights(
    name: str, charts: dict[str, Chart], pack: Path, graph: Callable[[str], Any]
) -> None:
    loaded = load_graph(pack) if name == "large" else graph(name)
    found = nx.parse_graphml(FORMATS["graphml"].text(charts[name]))
    known = loaded.network()
    assert sorted(found.nodes) == sorted(known.nodes)
    assert sorted(found.edges) == sorted(known.edges)
    for source, target, told in known.edges(data=True):
        read = found[source][target]
        assert (read["weight"], read.get("when") or "") == (told["weight"], told["when"])
        whole = sum(weight for _, _, weight in known.out_edges(source, data="weight"))
        assert read["share"] == pytest.approx(told["weight"] / whole)
    units = [node for node, kind in found.nodes(data="kind") if kind == "unit"]
    assert {node: found.nodes[node]["title"] for node in units} == {
        unit.name: unit.title for unit in loaded.units
    }
    grouped = {unit: title for title, units in loaded.phases.items() for unit in units}
    assert nx.get_node_attributes(found, "phase") == grouped


def test_graphml_of_hostile_titles_is_xml(charts: dict[str, Chart]) -> None:
    found = nx.parse_graphml(FORMATS["graphml"].text(charts["hostile"]))
    assert found.nodes["u0"]["title"] == HOSTILE[0]
    assert found.nodes["u1"]["title"] == HOSTILE[1]


def test_edges_between_the_same_units_are_one_way(tmp_path: Path) -> None:
    edges = [
        {"to": "b", "weight": 2, "when": "outcome == 'done'"},
        {"to": "b", "weight": 1, "when": "not outcome"},
        {"to": "end", "weight": 1, "when": "outcome"},
        {"to": "end", "weight": 4},
    ]
    written = {"start": ["a"], "edges": {"a": edges, "b": {"end": 1}}}
    loaded = load_graph(lay(tmp_path, {"a": "甲", "b": "乙"}, written))
    found = nx.parse_graphml(FORMATS["graphml"].text(Chart.of(loaded)))
    for network in (found, loaded.network()):
        assert network["a"]["b"]["weight"] == 3
        assert network["a"]["b"]["when"] == "(outcome == 'done') or (not outcome)"
        assert (network["a"]["end"]["weight"], network["a"]["end"].get("when") or "") == (5, "")
    picture = Picture(FORMATS["svg"].text(Chart.of(loaded)))
    told = picture.told(picture.ways[1, 2]).split("\n")
    assert told == ["甲 → 乙  38%", "权重 2 · 条件 outcome == 'done'", "权重 1 · 条件 not outcome"]


def test_unit_may_be_called_start(tmp_path: Path) -> None:
    written = {"start": ["start"], "edges": {"start": {"end": 1}}}
    chart = Chart.of(load_graph(lay(tmp_path, {"start": "开场"}, written)))
    found = nx.parse_graphml(FORMATS["graphml"].text(chart))
    assert sorted(data["kind"] for _, data in found.nodes(data=True)) == ["end", "start", "unit"]
    assert found.nodes["start"]["title"] == "开场"


_LABEL = r'"((?:[^"#<>&`]|#\d+;)*)"'


@pytest.mark.parametrize("name", ["large", "retail", "hostile"])
def test_mermaid_has_the_nodes_phases_and_ways(name: str, charts: dict[str, Chart]) -> None:
    chart = charts[name]
    first, *rest = FORMATS["mermaid"].text(chart).splitlines()
    assert first == "flowchart LR"
    phase, nodes, groups, ways = None, {}, [], {}
    for line in rest:
        if found := re.fullmatch(rf"  subgraph p\d+\[{_LABEL}\]", line):
            phase = plain(found[1])
            groups.append(phase)
        elif line == "  end":
            phase = None
        elif found := re.fullmatch(rf" +n(\d+)(?:\(\[{_LABEL}\]\)|\[{_LABEL}\])", line):
            nodes[int(found[1])] = plain(found[2] or found[3]), phase
        else:
            arrow = re.fullmatch(r'  n(\d+) (==>|-->|-\.->)\|"([\d.]+)%"\| n(\d+)', line)
            assert arrow, line
            ways[int(arrow[1]), int(arrow[4])] = float(arrow[3])
    assert groups == list(chart.phases)
    assert nodes == {n: (node.title, node.phase) for n, node in enumerate(chart.nodes)}
    assert ways == {(way.source, way.target): pytest.approx(100 * way.share, abs=0.51)
                    for way in chart.ways}  # fmt: skip


def plain(label: str) -> str:
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), label)


# The command.


def run(*arguments: object) -> Any:
    return CliRunner().invoke(main, ["graph", *map(str, arguments)])


@pytest.mark.parametrize("name", ["drawn.svg", "drawn.mmd", "drawn.graphml", "DRAWN.SVG"])
def test_suffix_says_the_format(name: str, hostile: Path, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text("what was there before")
    done = run(hostile, "-o", path)
    assert done.exit_code == 0, done.output
    assert done.stdout == f"wrote '{path}': {len(HOSTILE)} units, {4 * len(HOSTILE)} ways\n"
    begins = {"svg": "<svg ", "mmd": "flowchart LR\n", "graphml": "<?xml "}
    assert path.read_text("utf-8").startswith(begins[path.suffix[1:].lower()])
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_without_output_the_file_is_named_after_the_graph(
    hostile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(hostile).exit_code == 0
    assert run(hostile, "--to", "mermaid").exit_code == 0
    assert sorted(one.name for one in tmp_path.iterdir()) == ["shop.mmd", "shop.svg"]


def test_standard_output_is_the_file_alone(hostile: Path, tmp_path: Path) -> None:
    for name, one in FORMATS.items():
        path = tmp_path / f"drawn{one.suffix}"
        assert run(hostile, "-o", path).exit_code == 0
        assert run(hostile, "-o", "-", "--to", name).stdout_bytes == path.read_bytes()


def test_settings_change_what_is_drawn(hostile: Path, tmp_path: Path) -> None:
    assert run(hostile, "-o", tmp_path / "a.svg", "--set", "title=别的").exit_code == 0
    assert ET.parse(tmp_path / "a.svg").getroot().findtext(f"{SVG}title") == "别的"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-o", "a.svgg"], "the suffix '.svgg', which no format has\n  fix: did you mean '.svg'?"),
        (["-o", "a"], "'a' has no suffix\n  fix: known: .graphml, .mmd, .svg"),
        (["-o", "a.svg", "--to", "mermaid"], "are of two formats\n  fix: name a file with the suf"),
        (["--to", "mermiad"], "unknown format 'mermiad'\n  fix: did you mean 'mermaid'?"),
        (["-o", "none/a.svg"], "'none/a.svg': no such file or directory\n  fix: choose a place"),
        (["-o", "there.svg"], "'there.svg' is a directory\n  fix: name a file in it: there.svg/s"),
    ],
)  # fmt: skip
def test_mistakes_are_told_and_nothing_is_written(
    arguments: list[str],
    told: str,
    hostile: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.svg").mkdir()
    done = run(hostile, *arguments)
    assert done.exit_code == 2
    assert told in done.stderr
    assert [one.name for one in tmp_path.rglob("*")] == ["there.svg"]


def test_full_disk_leaves_the_old_file(
    hostile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "a.svg").write_text("old")
    monkeypatch.setattr(os, "fsync", full)
    done = run(hostile, "-o", tmp_path / "a.svg")
    assert done.exit_code == 1
    assert "a.svg': no space left" in done.stderr
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("a.svg", "old")]


def test_bytes_do_not_depend_on_the_hash_seed(hostile: Path, charts: dict[str, Chart]) -> None:
    code = (
        "import sys; from dialogue import load_graph; from dialogue.drawing import FORMATS\n"
        "from dialogue.drawing.chart import Chart\n"
        "chart = Chart.of(load_graph(sys.argv[1]))\n"
        "for one in FORMATS.values(): sys.stdout.buffer.write(one.text(chart).encode())"
    )
    made = subprocess.run(
        [sys.executable, "-c", code, str(hostile)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "77"},
        capture_output=True,
        check=True,
    ).stdout
    assert made == "".join(one.text(charts["hostile"]) for one in FORMATS.values()).encode()
