"""A second reading of packs and records, which shares no code with the engine.

Packs are read with PyYAML and stock Jinja2, and a record is played again from what it says alone:
every difference between the two readings is an error of one of them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import yaml
from jinja2 import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

DRAWN = {"choose", "faker", "row", "text"}  # ways to draw a slot that are its own
ROOT = Path(__file__).parents[1]
GRAPHS = {
    "retail": ROOT / "graphs/retail.yaml",
    "address": ROOT / "graphs/address.yaml",
    "trip": ROOT / "tests/packs/trip/graphs/trip.yaml",
}
GROUPS = {"cn_recipient": (("姓名",), ("电话",), ("省", "市", "县", "详细地址", "邮编"))}
PARTS = {
    "cn_recipient": ("姓名", "电话", "邮编", "省", "市", "县", "详细地址"),
    "shop_customer": ("姓名", "称呼", "电话", "城市"),
}
OPTIONAL = ("邮编",)
ANY = "⟦[^⟦⟧]*⟧"
STOCK = jinja2.Environment(undefined=jinja2.ChainableUndefined)


def read_yaml(path: Path) -> Any:
    """Read a file of a pack: every scalar is text."""
    text = unicodedata.normalize("NFC", path.read_text("utf-8"))
    return yaml.load(text, Loader=yaml.BaseLoader)


def said(items: Sequence[Any]) -> Iterator[str]:
    """Yield the templates of a list of phrasings."""
    for item in items:
        yield item if isinstance(item, str) else item["say"]


def listed(one: Any) -> list[Any]:
    return one if isinstance(one, list) else [one]


@dataclass(frozen=True)
class Wording:
    """A phrasing where it is written: owner, kind (user, bot, ask, give), turn, place, template."""

    owner: str
    kind: str
    turn: int
    place: Any
    source: str


class Pack:
    """A graph with its domain, as the files say it."""

    def __init__(self, graph: Path) -> None:
        self.path = graph
        self.graph = read_yaml(graph)
        self.name = graph.stem
        self.folder = graph.parent.parent / "units" / self.graph["domain"]
        self.domain = read_yaml(self.folder / "domain.yaml")
        self.slots: dict[str, Any] = self.domain.get("slots", {})
        self.tools: dict[str, Any] = self.domain.get("tools", {})
        files = sorted(self.folder.glob("*.yaml"))
        self.units = {p.stem: read_yaml(p) for p in files if p.stem != "domain"}
        self.results = {
            turn["call"]["as"]: self.tools[turn["call"]["tool"]]
            for unit in self.units.values()
            for turn in unit["turns"]
            if "call" in turn
        }

    # Names.

    def parts(self, name: str) -> tuple[str, ...]:
        spec = self.slots.get(name, {})
        if "like" in spec and DRAWN.isdisjoint(spec):
            spec = self.slots[spec["like"]]
        return PARTS.get(spec.get("faker", ""), ())

    def gives(self, path: Sequence[str]) -> list[str]:
        """Return the slots and parts that a dotted path names."""
        name, *rest = path
        if name not in self.slots:
            return []
        view = self.slots[name].get("view")
        if isinstance(view, str):
            return self.gives(view.split("."))
        if view:
            wanted = ".".join(rest)
            ends = [view[k] for k in view if k == wanted or not rest or k.startswith(wanted + ".")]
            return [give for end in ends for give in self.gives(end.split("."))]
        if self.slots[name].get("parts") == "true":
            tree = STOCK.parse(self.slots[name]["text"])
            names = dict.fromkeys(n.name for n in tree.find_all(nodes.Name) if n.name in self.slots)
            return [give for one in names for give in self.gives([one])]
        parts = self.parts(name)
        if rest and rest[0] in parts:
            return [f"{name}.{rest[0]}"]
        return [f"{name}.{part}" for part in parts] or [name]

    def key(self, give: str) -> str:
        """Return the name of a slot or part in the state: label, part and role."""
        name, _, part = give.partition(".")
        spec = self.slots[name]
        label = spec.get("like", name) + (f".{part}" if part else "")
        return f"{label}:{spec['role']}" if "role" in spec else label

    def label(self, give: str) -> str:
        """Return the name of a slot or part in a target."""
        name, _, part = give.partition(".")
        if part:
            return part
        return name if "role" in self.slots[name] else self.slots[name].get("like", name)

    def labels(self, target: Any) -> dict[str, str] | None:
        """Return a written target as label → slot or part; None stands for all that was given."""
        if target is None:
            return None
        if not isinstance(target, dict):
            target = {name.rpartition(".")[2]: name for name in target}
        found = {}
        for label, name in target.items():
            gives = self.gives(name.split("."))
            found.update({self.label(g): g for g in gives} if len(gives) > 1 else {label: gives[0]})
        return found

    @cache  # noqa: B019 - a pack lives as long as the tests
    def dependents(self, name: str) -> tuple[str, ...]:
        """Return the slots that are drawn anew when a slot or a result changes."""
        found = []
        for other, spec in self.slots.items():
            if "like" in spec and DRAWN.isdisjoint(spec):
                spec = self.slots[spec["like"]]
            tables = [spec.get("row"), *re.findall(r"(?:FROM|JOIN) (\w+)", spec.get("where", ""))]
            fillers = [n for n, s in self.slots.items() if set(s.get("into", ())) & set(tables)]
            reads = re.findall(r"(?<![:\w]):(\w+)", spec.get("where", ""))
            texts = []
            if "text" in spec:
                texts = [n.name for n in STOCK.parse(spec["text"]).find_all(nodes.Name)]
            rows = {spec.get("row")} & set(self.results)
            if name in (*rows, *fillers, *reads, *texts):
                found.append(other)
        return tuple(found)

    # Needs: what must be known, as lists of names that are asked for together.

    @cache  # noqa: B019
    def needs(self, unit: str) -> tuple[tuple[str, ...], ...]:
        groups = []
        for need in self.units[unit].get("needs", []):
            names = listed(need["slots"] if isinstance(need, dict) else need)
            gives: list[str] = []
            for name in names:
                found = self.gives(name.split("."))
                whole = len(found) > 1 and name in self.slots
                found = [g for g in found if not (whole and g.split(".")[-1] in OPTIONAL)]
                gives += found or [name]
            groups.append(tuple(dict.fromkeys(gives)))
        return tuple(groups)

    def is_result(self, name: str) -> bool:
        return name.partition(".")[0] not in self.slots

    # Phrasings.

    def items(self, written: Any) -> list[str]:
        if isinstance(written, dict):
            text = (self.folder / written["file"]).read_text("utf-8")
            return [line for line in text.splitlines() if line.strip()]
        return list(said(written))

    @cached_property
    def wordings(self) -> list[Wording]:
        """All phrasings of the domain."""
        return [Wording(*place, source) for *place, source in self.places()]

    def places(self) -> Iterator[tuple[Any, ...]]:
        for name, spec in self.slots.items():
            for kind in ("ask", "give"):
                for source in said(spec.get(kind, [])):
                    yield f"slot:{name}", kind, 0, name, source
        for name, unit in self.units.items():
            for number, need in enumerate(unit.get("needs", [])):
                for kind in ("ask", "give") if isinstance(need, dict) else ():
                    for source in said(need.get(kind, [])):
                        yield name, kind, number, None, source
            for number, turn in enumerate(unit["turns"]):
                for source in self.items(turn.get("user", [])):
                    yield name, "user", number, None, source
                for place, outcome in enumerate(outcomes(turn)):
                    for source in said(outcome["say"]):
                        yield name, "bot", number, place, source

    @cached_property
    def patterns(self) -> dict[Wording, re.Pattern[str]]:
        return {one: re.compile(Writer(self, one).pattern(), re.DOTALL) for one in self.wordings}

    @cached_property
    def given(self) -> dict[Wording, tuple[str, ...]]:
        """What each phrasing prints of the slots, in the order of its text."""
        return {one: tuple(printed(self, one.source)) for one in self.wordings}

    @cached_property
    def by_place(self) -> dict[tuple[str, str], list[Wording]]:
        found: dict[tuple[str, str], list[Wording]] = {}
        for one in self.wordings:
            found.setdefault((one.owner, one.kind), []).append(one)
        return found

    def matching(self, owner: str, kind: str, text: str) -> list[Wording]:
        """Return the phrasings that could read like a marked text."""
        places = self.by_place.get((owner, kind), [])
        return [one for one in places if self.patterns[one].fullmatch(text)]


def outcomes(turn: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the outcomes of a bot turn; a plain list of phrasings is one."""
    written = turn.get("bot", [])
    if written and all(isinstance(one, str) or "weight" in one for one in written):
        return [{"say": written}]
    return list(written)


def span_key(span: Mapping[str, Any]) -> str:
    """Name what a span says: slot, part and role."""
    key = span["slot"] + (f".{span['part']}" if "part" in span else "")
    return f"{key}:{span['role']}" if "role" in span else key


def marked(turn: Mapping[str, Any]) -> str:
    """Return the text with every span replaced by its key."""
    pieces, last = [], 0
    for span in turn["spans"]:
        pieces += [turn["text"][last : span["start"]], f"⟦{span_key(span)}⟧"]
        last = span["end"]
    return "".join((*pieces, turn["text"][last:]))


def path_of(node: nodes.Node) -> list[str]:
    """Return the dotted path that an expression prints, without its filters."""
    if isinstance(node, nodes.Filter) and node.node is not None:
        return path_of(node.node)
    if isinstance(node, nodes.Getattr):
        return [*path_of(node.node), node.attr]
    if isinstance(node, nodes.Getitem):
        return path_of(node.node)
    return [node.name] if isinstance(node, nodes.Name) else []


def printed(pack: Pack, source: str) -> Iterator[str]:
    """Yield what a template prints of the slots (all branches: none may differ in it)."""

    def walk(node: nodes.Node) -> Iterator[str]:
        if isinstance(node, nodes.If):  # its condition prints nothing
            children = [*node.body, *node.elif_, *node.else_]
        else:
            children = list(node.iter_child_nodes())
        if isinstance(node, nodes.Name | nodes.Getattr):
            yield from pack.gives(path_of(node)) if path_of(node) else ()
        else:
            for child in children:
                yield from walk(child)

    yield from dict.fromkeys(walk(STOCK.parse(source)))


class Writer:
    """Writes the pattern of a phrasing: its literal stretches, and between them the right spans."""

    def __init__(self, pack: Pack, wording: Wording) -> None:
        self.pack = pack
        self.source = wording.source
        self.holders = {name: name for name in pack.results}
        unit = pack.units.get(wording.owner, {"turns": []})
        for turn in unit["turns"]:
            for name, expression in turn.get("set", {}).items():
                self.holders[name] = re.match(r"\w+", expression)[0]  # type: ignore[index]

    def pattern(self) -> str:
        return "".join(self.node(node) for node in STOCK.parse(self.source).body)

    def nodes(self, several: Sequence[nodes.Node]) -> str:
        return "".join(self.node(one) for one in several)

    def node(self, node: nodes.Node) -> str:
        if isinstance(node, nodes.TemplateData):
            return re.escape(node.data)
        if isinstance(node, nodes.Output):
            return self.nodes(node.nodes)
        if isinstance(node, nodes.Assign):
            self.holders[node.target.name] = path_of(node.node)[0]  # type: ignore[attr-defined]
            return ""
        if isinstance(node, nodes.For):
            self.holders[node.target.name] = path_of(node.iter)[0]  # type: ignore[attr-defined]
            return f"(?:{self.nodes(node.body)})*"
        if isinstance(node, nodes.If):
            branches = [node.body, *(one.body for one in node.elif_), node.else_]
            return "(?:" + "|".join(self.nodes(one) for one in branches) + ")"
        if isinstance(node, nodes.Const):
            return re.escape(str(node.value))
        if isinstance(node, nodes.Concat):
            return self.nodes(node.nodes)
        if isinstance(node, nodes.Call):
            return self.call(node)
        if isinstance(node, nodes.Filter):
            return self.filtered(node)
        return self.slot(path_of(node))

    def slot(self, path: Sequence[str]) -> str:
        if gives := self.pack.gives(path):
            keys = [re.escape(f"⟦{self.pack.key(give)}⟧") for give in gives]
            if len(keys) == 1:
                return keys[0]
            return f"(?:{'|'.join(keys)}|[^⟦⟧])*"  # a whole record, or parts with words between
        return self.column(path[0], path[-1])

    def column(self, holder: str, column: str) -> str:
        while holder in self.holders and self.holders[holder] != holder:
            holder = self.holders[holder]
        spec = self.pack.results[holder]["returns"][column]
        slot = spec if isinstance(spec, str) else spec.get("slot")
        key = self.pack.key(slot) if slot else f"{holder}.{column}"
        return f"(?:⟦{re.escape(key)}⟧)?"  # null says nothing

    def call(self, node: nodes.Call) -> str:
        name = node.node.name  # type: ignore[attr-defined]
        items = [self.node(one) for one in node.args]
        if name == "pick":
            return "(?:" + "|".join(items) + ")"
        assert name == "order"
        options = {one.key: one.value.as_const() for one in node.kwargs}
        between = [re.escape(sep) for sep in listed(options.get("sep", ""))]
        orders = [sep.join(some) for some in permutations(items) for sep in between]
        assert "labels" not in options, "teach the pattern about labels"
        return "(?:" + "|".join(orders) + ")"

    def filtered(self, node: nodes.Filter) -> str:
        assert node.node is not None
        if node.name in ("length", "count"):
            return r"\d+"
        if node.name != "join":
            return self.node(node.node)
        sep = re.escape(str(node.args[0].as_const())) if node.args else ""
        inner = node.node
        assert isinstance(inner, nodes.Filter)
        assert inner.name == "map"
        column = next(one.value.as_const() for one in inner.kwargs if one.key == "attribute")
        one = self.column(path_of(inner)[0], column)
        return f"(?:{one}(?:{sep}{one})*)?"


class Normal(str):
    """A slot's normal form; the fields of its value can be read in expressions."""

    def __new__(cls, span: Mapping[str, Any]) -> Normal:
        made = super().__new__(cls, span.get("normal", span["surface"]))
        if isinstance(span["value"], dict):
            made.__dict__.update(span["value"])
        return made


@cache
def expression(source: str) -> Any:
    return STOCK.compile_expression(source)


class MismatchError(AssertionError):
    """The record says something else than the replay."""


class Replay:
    """Plays a session again; raises MismatchError where the record cannot be right."""

    def __init__(self, pack: Pack, session: Mapping[str, Any]) -> None:
        self.pack = pack
        self.session = session
        self.turns = session["turns"]
        self.cursor = 0
        self.state: dict[str, dict[str, Any]] = {}  # key → what the user said last
        self.results: dict[str, int] = {}
        self.known: dict[str, tuple[int, Mapping[str, Any]]] = {}  # slot or part → turn, span
        self.bound: dict[str, Any] = {}  # names of results and sets
        self.outcome: str | None = None
        self.used: dict[str, set[Wording]] = {}  # id → phrasings it could be
        self.told: list[tuple[int, str, str]] = []  # turn, slot or part, surface
        self.exchanges: list[tuple[str, int, int]] = []

    def fail(self, what: str) -> None:
        raise MismatchError(f"{self.session['id']} turn {self.cursor}: {what}")

    def expect(self, truth: Any, what: str) -> None:
        if not truth:
            self.fail(what)

    def run(self) -> Replay:
        """Play all visits and check the end."""
        walk = self.session["walk"]
        low, high = map(int, self.pack.graph.get("walk", {"units": "1..12"})["units"].split(".."))
        self.expect(len(walk) <= high, f"{len(walk)} units are more than {high}")
        self.expect(walk[0] in self.pack.graph["start"], f"'{walk[0]}' is no start")
        for before, unit in zip((None, *walk), walk, strict=False):
            if before is not None:
                self.cross(before, unit)
            first = self.cursor
            self.visit(unit)
            self.exchanges.append((unit, first, self.cursor))
        self.expect(self.cursor == len(self.turns), "turns are left over")
        ends = [e for e in self.edges(walk[-1]) if e["to"] == "end" and self.holds(e.get("when"))]
        self.expect(ends, f"no edge from '{walk[-1]}' to the end is open")
        if len(walk) < low:
            others = [e for e in self.edges(walk[-1]) if e["to"] != "end" and self.is_open(e)]
            self.expect(not others, f"too short, though {others} was open")
        return self

    def edges(self, unit: str) -> list[dict[str, Any]]:
        written = self.pack.graph["edges"][unit]
        if isinstance(written, dict):
            return [{"to": to, "weight": weight} for to, weight in written.items()]
        return list(written)

    def is_open(self, edge: Mapping[str, Any]) -> bool:
        """Tell whether an edge is certainly open."""
        needs = [name for need in self.pack.needs(edge["to"]) for name in need]
        drawn = all("row" not in self.pack.slots[n.partition(".")[0]] for n in needs
                    if not self.pack.is_result(n))  # fmt: skip
        return self.holds(edge.get("when")) and self.has_results(edge["to"]) and drawn

    def has_results(self, unit: str) -> bool:
        needs = [name for need in self.pack.needs(unit) for name in need]
        return all(self.bound.get(name) for name in needs if self.pack.is_result(name))

    def cross(self, before: str, unit: str) -> None:
        """Check that an edge was open, and take it."""
        ways = [e for e in self.edges(before) if e["to"] == unit and float(e.get("weight", 1)) > 0]
        self.expect(ways, f"no edge leads from '{before}' to '{unit}'")
        ways = [edge for edge in ways if self.holds(edge.get("when"))]
        self.expect(ways, f"no edge from '{before}' to '{unit}' was open")
        self.expect(self.has_results(unit), f"'{unit}' was closed: a result is unbound or empty")
        redraws = {tuple(listed(edge.get("redraw", []))) for edge in ways}
        self.expect(len(redraws) == 1, "the test cannot tell which edge was taken")
        self.redraw(redraws.pop())

    # Expressions see normal forms of what was said, and rows.

    def names(self) -> dict[str, Any]:
        names: dict[str, Any] = dict(self.bound)
        for give, (_, span) in self.known.items():
            slot, _, part = give.partition(".")
            if part:
                names.setdefault(slot, {})[part] = Normal(span)
            else:
                names[slot] = Normal(span)
        for name, spec in self.pack.slots.items():
            view = spec.get("view")
            if isinstance(view, str) and view in self.known:
                names[name] = Normal(self.known[view][1])
            elif isinstance(view, dict) and (found := set(view.values()) & set(self.known)):
                names[name] = {key: True for key, value in view.items() if value in found}
        if self.outcome is not None:
            names["outcome"] = self.outcome
        return names

    def value(self, source: str) -> Any:
        return expression(source)(**self.names())

    def holds(self, guard: str | None) -> bool:
        return guard is None or bool(self.value(guard))

    # What is forgotten.

    def redraw(self, names: Sequence[str]) -> None:
        for name in names:
            slot, _, part = name.partition(".")
            if part:
                faker = self.pack.slots[slot]["faker"]
                group = next(group for group in GROUPS[faker] if part in group)
                for other in group:
                    self.known.pop(f"{slot}.{other}", None)
            else:
                self.forget(slot)

    def forget(self, name: str) -> None:
        for give in self.pack.gives([name]) if name in self.pack.slots else ():
            self.known.pop(give, None)
        for other in self.pack.dependents(name):
            self.forget(other)

    # Targets.

    def targets(self) -> list[dict[str, Any]]:
        """Return what must be extracted from each exchange, scene and from the session."""
        units, graph = self.pack.units, self.pack.graph
        found = [
            self.target("exchange", name, first, last, units[name].get("target"))
            for name, first, last in self.exchanges
        ]
        walk = [name for name, _, _ in self.exchanges]
        for name, scene in graph.get("scenes", {}).items():
            size = len(scene["path"])
            for start in range(len(walk) - size + 1):
                if walk[start : start + size] == scene["path"]:
                    first, last = self.exchanges[start][1], self.exchanges[start + size - 1][2]
                    found.append(self.target("scene", name, first, last, scene.get("target")))
        return [*found, self.target("session", self.pack.name, 0, len(self.turns), None)]

    def target(self, scope: str, name: str, first: int, last: int, written: Any) -> dict[str, Any]:
        told = [(give, surface) for turn, give, surface in self.told if first <= turn < last]
        labels = self.pack.labels(written)
        if labels is None:  # of slots with one label, the later said holds
            target = {self.pack.label(give): surface for give, surface in told}
        else:
            target = {
                label: dict(told)[give] for label, give in labels.items() if give in dict(told)
            }
        return {"scope": scope, "name": name, "turns": [first, last], "target": target}

    # One visit.

    def visit(self, name: str) -> None:
        unit = self.pack.units[name]
        self.redraw(listed(unit.get("redraw", [])))
        self.outcome, self.opens, asked = None, True, False
        for number, turn in enumerate(unit["turns"]):
            if not self.holds(turn.get("when")):
                continue
            if "user" in turn:
                self.utterance(name, "user", number)
                continue
            if not asked:
                asked = True
                for place, need in enumerate(self.pack.needs(name)):
                    self.fulfil(name, place, need)
            if "call" in turn:
                self.call(name, turn["call"])
            elif "set" in turn:
                for bound, source in turn["set"].items():
                    self.bound[bound] = self.value(source)
                    self.forget(bound)
            else:
                self.bot(name, number, turn)

    def fulfil(self, unit: str, place: int, need: Sequence[str]) -> None:
        """Check that what is missing is asked for, and then given."""
        if self.pack.is_result(need[0]):
            return
        for _ in range(20):
            missing = [name for name in need if name not in self.known]
            if not missing:
                return
            self.utterance(unit, "ask", place, asked=missing)
            self.utterance(unit, "give", place)
            self.expect(missing[0] in self.known, f"'{missing[0]}' was asked for and not given")
        self.fail("asked for ever")

    def call(self, unit: str, call: Mapping[str, Any]) -> None:
        self.expect(self.cursor + 1 < len(self.turns), "a call is missing")
        made, result = self.turns[self.cursor : self.cursor + 2]
        self.expect((made["kind"], made.get("tool"), made["unit"]) == ("call", call["tool"], unit),
                    f"expected a call of {call['tool']}")  # fmt: skip
        parameters = self.pack.tools[call["tool"]].get("parameters", {})
        self.expect(set(made["arguments"]) == set(parameters), "arguments are missing")
        for name, source in call.get("with", {}).items():
            value = self.value(source)
            given = made["arguments"][name]
            self.expect(value is not None and value == given, f"{name} is {given}, not {value}")
        self.expect((result["kind"], result.get("tool"), result.get("as"))
                    == ("result", call["tool"], call["as"]), "a result is missing")  # fmt: skip
        self.bound[call["as"]] = result["rows"]
        self.results[call["as"]] = self.cursor + 1
        self.forget(call["as"])
        self.cursor += 2

    def bot(self, unit: str, number: int, turn: Mapping[str, Any]) -> None:
        written = outcomes(turn)
        place = next(n for n, one in enumerate(written) if self.holds(one.get("when")))
        named = any("when" in one or one.get("outcome", "found") != "found" for one in written)
        outcome = written[place].get("outcome", "found") if named else None
        self.expect(self.cursor < len(self.turns), f"the answer of '{unit}' is missing")
        said = self.turns[self.cursor]
        self.expect(said.get("outcome") == outcome, f"the outcome should be '{outcome}'")
        if named:
            self.outcome = outcome
        self.utterance(unit, "bot", number, place=place)

    def utterance(
        self, unit: str, kind: str, number: int, place: Any = None, asked: Sequence[str] = ()
    ) -> None:
        speaker = "user" if kind in ("user", "give") else "bot"
        self.expect(self.cursor < len(self.turns), f"'{kind}' of '{unit}' is missing")
        turn = self.turns[self.cursor]
        self.expect(turn["kind"] == "utterance" and turn["speaker"] == speaker
                    and turn["unit"] == unit, f"expected '{kind}' of '{unit}'")  # fmt: skip
        owners = [unit]
        if kind in ("ask", "give"):
            need = self.pack.units[unit]["needs"][number]
            names = listed(need["slots"] if isinstance(need, dict) else need)
            owners += [f"slot:{name}" for name in names]
        text = marked(turn)
        fits = [
            one
            for owner in owners
            for one in self.pack.matching(owner, kind, text)
            if owner != unit or (one.turn == number and one.place == place)
        ]
        self.expect(fits, f"no phrasing reads like {text!r}")
        self.used[turn["phrasing"]] = self.used.get(turn["phrasing"], set(fits)) & set(fits)
        request = [a for a in turn["acts"] if a["act"] == "request"]
        keys = [span_key(act) for act in request]
        wanted = [self.pack.key(name) for name in asked]
        self.expect(keys == wanted, f"asks for {keys}, not for {wanted}")
        if speaker == "user":
            self.heard(unit, turn, self.pack.given[fits[0]])
        self.expect(turn["state"]["slots"] == self.state, f"state: {turn['state']['slots']}")
        self.expect(turn["state"]["results"] == self.results, "results in the state")
        intents = self.intents(unit)
        self.expect(turn["state"]["intent"] == (intents[0] if intents else None), "intent in state")
        self.cursor += 1

    def intents(self, unit: str) -> list[str]:
        return listed(self.pack.units[unit].get("intent", unit))

    def heard(self, unit: str, turn: Mapping[str, Any], gives: Sequence[str]) -> None:
        """Take what the user said for known."""
        intents = self.intents(unit)
        self.expect([one["name"] for one in turn["intents"]] == intents, "intents")
        told = [act["intent"] for act in turn["acts"] if act["act"] == "inform_intent"]
        self.expect(told == (intents if self.opens else []), "the intent is told once")
        needs = [name for need in self.pack.needs(unit) for name in need]
        expected = [
            name
            for name in needs
            if self.opens and name not in gives
            and not self.names_a_row(name, gives)
            and (name in self.bound if self.pack.is_result(name) else name in self.known)
        ]  # fmt: skip
        self.omissions(turn, expected)
        self.opens = False
        for span in turn["spans"]:
            fields = ("surface", "normal", "value")
            self.state[span_key(span)] = {name: span[name] for name in fields if name in span}
        for give in gives:
            spans = [span for span in turn["spans"] if span_key(span) == self.pack.key(give)]
            self.expect(spans, f"'{give}' is not said")
            # The state holds one value a label: the latest said takes the place of the others.
            for other in [one for one in self.known if self.pack.key(one) == self.pack.key(give)]:
                del self.known[other]
            self.known[give] = (self.cursor, spans[-1])
            self.told.append((self.cursor, give, spans[-1]["surface"]))

    def names_a_row(self, name: str, gives: Sequence[str]) -> bool:
        """Tell whether a turn says a slot that is a row of a result."""
        return self.pack.is_result(name) and bool(set(self.pack.dependents(name)) & set(gives))

    def omissions(self, turn: Mapping[str, Any], expected: Sequence[str]) -> None:
        """Check that what is left out was told, where the record says, and what it was."""
        omitted = {one.get("result") or span_key(one): one for one in turn["omitted"]}
        keys = [name if self.pack.is_result(name) else self.pack.key(name) for name in expected]
        self.expect(sorted(omitted) == sorted(set(keys)), f"leaves out {sorted(omitted)}")
        for name, key in zip(expected, keys, strict=True):
            told, one = omitted[key]["antecedent"]["turn"], omitted[key]
            if self.pack.is_result(name):
                self.expect(told == self.results[name], f"'{name}' is of turn {self.results[name]}")
                self.expect(set(one) == {"result", "antecedent"}, f"'{name}' is referred to")
            else:
                number, span = self.known[name]
                self.expect(told == number, f"'{name}' was told in turn {number}, not {told}")
                self.expect(one["value"] == span["value"], f"'{name}' is {span['value']}")
                self.expect(one["value"] == self.state[key]["value"], f"the state has no '{name}'")
