"""A second reading of packs and records, which shares no code with the engine.

Packs are read with PyYAML and stock Jinja2, and a record is played again from what it says alone:
every difference between the two readings is an error of one of them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby, permutations, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import yaml
from jinja2 import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Draws = set[tuple[str, str]]  # parts or composites with how they were said
DRAWN = {"choose", "faker", "row", "text"}  # ways to draw a slot that are its own
ROOT = Path(__file__).parents[1]
GRAPHS = {
    "retail": ROOT / "graphs/retail.yaml",
    "address": ROOT / "graphs/address.yaml",
    "trip": ROOT / "tests/packs/trip/graphs/trip.yaml",
}
RECIPIENT = ("省", "市", "县", "详细地址")
PARTS = {
    "cn_recipient": ("姓名", "电话", "邮编", *RECIPIENT),
    "cn_person": ("姓名", "称呼", "性别", "电话", "邮箱", "身份证"),
    "cn_region": ("省", "市", "县", "代码", "邮编", "区号"),
    "cn_parcel": ("快递公司", "单号"),
    "shop_customer": ("姓名", "称呼", "电话", "城市"),
}
# Parts that are redrawn together; one group where none are listed.
GROUPS = {
    "cn_recipient": (("姓名",), ("电话",), (*RECIPIENT, "邮编")),
    "shop_customer": (("姓名", "称呼"), ("电话",), ("城市",)),
}
# What several parts are called when they are said as one, with those that it always says.
COMPOSITES = {"cn_recipient": {"署名": ("姓名",), "地址": RECIPIENT}}
ALWAYS = {"署名": {"姓名"}, "地址": {"详细地址"}}
# Parts that are not there for some values: 东莞市 has no 县, 仙桃市 no 市.
LACKING = {"cn_recipient": ("市", "县"), "cn_region": ("市", "县"), "cn_person": ("身份证",)}
NEEDED = {"cn_recipient": ("姓名", "电话", "地址")}
ANY = "⟦[^⟦⟧]*⟧"
STOCK = jinja2.Environment(undefined=jinja2.ChainableUndefined)


def read_yaml(path: Path) -> Any:
    """Read a file of a pack, which nobody may change: every scalar is text."""
    return _parsed(unicodedata.normalize("NFC", path.read_text("utf-8")))


@cache
def _parsed(text: str) -> Any:
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

    def faker(self, name: str) -> str:
        """Return the method that draws a slot, or nothing."""
        spec = self.slots.get(name, {})
        if "like" in spec and DRAWN.isdisjoint(spec):
            spec = self.slots[spec["like"]]
        return str(spec.get("faker", ""))

    def parts(self, name: str) -> tuple[str, ...]:
        return PARTS.get(self.faker(name), ())

    def composites(self, name: str) -> dict[str, tuple[str, ...]]:
        return COMPOSITES.get(self.faker(name), {})

    def leaves(self, give: str) -> list[str]:
        """Return what has labels of its own: of a composite or a record all that it may say."""
        name, _, part = give.partition(".")
        found = (part,) if part else self.parts(name)
        found = self.composites(name).get(part, found)
        return [f"{name}.{one}" for one in found] or [give]

    def is_composite(self, give: str) -> bool:
        """Tell whether this is said by parts that depend on the value."""
        name, _, part = give.partition(".")
        return part in self.composites(name) or bool(not part and self.parts(name))

    def may_lack(self, give: str) -> bool:
        """Tell whether some values do not have this part."""
        name, _, part = give.partition(".")
        return part in LACKING.get(self.faker(name), ())

    def group(self, give: str) -> list[str]:
        """Return the parts and composites that are redrawn with this one."""
        name, _, part = give.partition(".")
        composites = self.composites(name)
        one = composites.get(part, (part,))[0]
        groups = GROUPS.get(self.faker(name), (self.parts(name),))
        group = next(group for group in groups if one in group)
        found = (*group, *(c for c, said in composites.items() if set(said) <= set(group)))
        return [f"{name}.{one}" for one in found]

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
        if rest and rest[0] in (*self.parts(name), *self.composites(name)):
            return [f"{name}.{rest[0]}"]
        return [name]

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
            gives = [leaf for give in self.gives(name.split(".")) for leaf in self.leaves(give)]
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
                needed = NEEDED.get(self.faker(name), self.parts(name))
                found = [f"{name}.{part}" for part in needed if not self.may_lack(f"{name}.{part}")]
                gives += found or self.gives(name.split(".")) or [name]
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
    def patterns(self) -> dict[Wording, tuple[re.Pattern[str], dict[str, str]]]:
        """Return what each phrasing may read like, and what its groups capture."""
        writers = {one: Writer(self, one) for one in self.wordings}
        return {
            one: (re.compile(writer.pattern(), re.DOTALL), writer.captures)
            for one, writer in writers.items()
        }

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

    def matching(self, owner: str, kind: str, text: str) -> Iterator[tuple[Wording, Draws]]:
        """Yield the phrasings that could read like a marked text, and what they say of draws.

        Of a composite that is its text from its first part to the last: what stands around them
        may be the phrasing's own.
        """
        for one in self.by_place.get((owner, kind), []):
            pattern, captures = self.patterns[one]
            if match := pattern.fullmatch(text):
                said = {(give, match[group] or "") for group, give in captures.items()}
                yield one, {(give, re.sub(r"^[^⟦]*|[^⟧]*$", "", text)) for give, text in said}


@cache
def pack_of(graph: Path) -> Pack:
    """Return a pack that is read once a process; nobody may change it, or its files."""
    return Pack(graph)


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


def tidy(turn: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a turn as it was before noise, by its log; surfaces are those of the text then."""
    text, spans = turn["text"], [[span["start"], span["end"]] for span in turn["spans"]]
    for one in reversed(turn.get("noise", ())):
        start, end, grown = one["start"], one["end"], len(one["before"]) - len(one["after"])
        if text[start:end] != one["after"]:
            raise MismatchError(f"{one} has not been done to {turn['text']!r}")
        text = text[:start] + one["before"] + text[end:]
        for bounds in spans:
            if end <= bounds[0]:
                bounds[0] += grown
                bounds[1] += grown
            elif start < bounds[1]:
                if not bounds[0] <= start <= end <= bounds[1]:
                    raise MismatchError(f"{one} reaches beyond a slot of {turn['text']!r}")
                bounds[1] += grown
    places = zip(turn["spans"], spans, strict=True)
    moved = [
        {**span, "start": start, "end": end, "surface": text[start:end]}
        for span, (start, end) in places
    ]
    return {**turn, "text": text, "spans": moved}


def marked(turn: Mapping[str, Any]) -> str:
    """Return the text before noise with every span replaced by its key."""
    turn = tidy(turn)
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
        self.captures: dict[str, str] = {}  # group → part that may lack, or composite
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
            return self.said(gives[0]) if len(gives) == 1 else f"(?:{self.any_of(gives)})*"
        return self.column(path[0], path[-1])

    def any_of(self, gives: Sequence[str]) -> str:
        """Return the pattern of a piece of several parts with words between them."""
        leaves = [leaf for give in gives for leaf in self.pack.leaves(give)]
        return "|".join([*(re.escape(f"⟦{self.pack.key(leaf)}⟧") for leaf in leaves), "[^⟦⟧]"])

    def said(self, give: str) -> str:
        """Return the pattern of one slot, part, composite or record."""
        group = f"said{len(self.captures)}"
        if self.pack.is_composite(give):
            self.captures[group] = give
            return f"(?P<{group}>(?:{self.any_of([give])})+)"
        key = re.escape(f"⟦{self.pack.key(give)}⟧")
        if self.pack.may_lack(give):
            self.captures[group] = give
            return f"(?P<{group}>{key})?"
        return key

    def column(self, holder: str, column: str) -> str:
        while holder in self.holders and self.holders[holder] != holder:
            holder = self.holders[holder]
        spec = self.pack.results[holder]["returns"][column]
        slot = spec if isinstance(spec, str) else spec.get("slot")
        key = self.pack.key(slot) if slot else f"{holder}.{column}"
        return f"(?:⟦{re.escape(key)}⟧)?"  # null says nothing

    def call(self, node: nodes.Call) -> str:
        name = node.node.name  # type: ignore[attr-defined]
        if name == "pick":
            return "(?:" + "|".join(self.node(one) for one in node.args) + ")"
        assert name == "order"
        options = {one.key: one.value.as_const() for one in node.kwargs}
        labels = {
            give: label
            for name, label in options.get("labels", {}).items()
            for give in self.pack.gives(name.split("."))
        }
        between = [re.escape(sep) for sep in listed(options.get("sep", ""))]
        return "(?:" + "|".join(self.orders(node.args, between, labels)) + ")"

    def orders(
        self, items: Sequence[nodes.Node], between: Sequence[str], labels: Mapping[str, str]
    ) -> Iterator[str]:
        """Yield the patterns of items in any order; what says nothing has no label either."""
        paths = [path_of(item) for item in items]
        gives = [self.pack.gives(path) if path else [] for path in paths]
        lacking = [len(give) == 1 and self.pack.may_lack(give[0]) for give in gives]
        for shown in product(*((True, False) if may else (True,) for may in lacking)):
            kept = [n for n, one in enumerate(shown) if one]
            for some in permutations(kept):
                for sep in between:
                    yield sep.join(
                        re.escape(labels.get("".join(gives[n]), ""))
                        + self.item(items[n], lacking[n])
                        for n in some
                    )

    def item(self, node: nodes.Expr, lacking: bool) -> str:
        """Return the pattern of an item that is there."""
        if not lacking:
            return self.node(node)
        return re.escape(f"⟦{self.pack.key(self.pack.gives(path_of(node))[0])}⟧")

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
        # Turn, slot or part, surface; None where it belongs to what has been redrawn.
        self.told: list[tuple[int, str, str | None]] = []
        self.stale: set[str] = set()  # parts that were redrawn and not said since
        self.owners: dict[str, str] = {}  # of the keys of groups, the slot that was said last
        self.exchanges: list[tuple[str, int, int]] = []
        # Of values as they are drawn now: how parts that may lack and composites are said, which
        # composites the user has said, and what questions and answers tell of those not seen yet.
        self.draws: dict[str, str] = {}
        self.composed: set[str] = set()
        self.claims: list[tuple[str, frozenset[str], bool]] = []

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
        for name in self.draws:
            slot, _, part = name.partition(".")
            if part and self.pack.is_composite(name) and self.is_known(name):
                says = [leaf for leaf in self.pack.leaves(name) if leaf in self.says(name)]
                normals = [Normal(self.known[leaf][1]) for leaf in says]
                names[slot][part] = "".join(one for one, _ in groupby(normals))
        for name, spec in self.pack.slots.items():
            view = spec.get("view")
            if isinstance(view, str) and view in self.known:
                names[name] = Normal(self.known[view][1])
            elif isinstance(view, str) and view in self.draws and self.pack.is_composite(view):
                slot, _, part = view.partition(".")
                if part in names.get(slot, ()):
                    names[name] = names[slot][part]
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
            if "." in name:
                self.unknow({*self.pack.group(name), name.partition(".")[0]})
            else:
                self.forget(name)

    def forget(self, name: str) -> None:
        if name in self.pack.slots:
            parts = (*self.pack.parts(name), *self.pack.composites(name))
            self.unknow({*self.pack.gives([name]), name, *(f"{name}.{part}" for part in parts)})
        for other in self.pack.dependents(name):
            self.forget(other)

    def unknow(self, gives: set[str]) -> None:
        """Forget what was drawn and said."""
        self.stale |= gives
        for held in (self.known, self.draws):
            for give in gives & held.keys():
                del held[give]  # type: ignore[attr-defined]
        self.composed -= gives
        self.claims = [claim for claim in self.claims if claim[0] not in gives]

    # Composites, and parts that are not there.

    def may_see(self, said: Draws) -> bool:
        """Tell whether parts and composites may be said so as far as they were said before."""
        return all(self.draws.get(give, text) == text for give, text in said)

    def see(self, said: Draws) -> None:
        """Take how composites and parts that may lack are said: until redrawn always the same."""
        for give, text in sorted(said):
            before = self.draws.setdefault(give, text)
            self.expect(before == text, f"'{give}' was {before!r} and is {text!r}")
            if not self.pack.is_composite(give):
                continue
            says, slot = self.says(give), give.partition(".")[0]
            always = {f"{slot}.{one}" for one in ALWAYS.get(give.partition(".")[2], ())}
            self.expect(always <= says, f"'{give}' does not say {sorted(always - says)}")
            for part in says:
                self.expect(self.draws.get(part) != "", f"'{part}' is not there, but it is said")
            for name, known, verdict in self.claims:
                told = says <= known
                self.expect(name != give or told == verdict, f"'{give}' was known: {told}")

    def says(self, composite: str) -> set[str]:
        """Return the parts that a composite says, which has been seen."""
        leaves = self.pack.leaves(composite)
        return {leaf for leaf in leaves if f"⟦{self.pack.key(leaf)}⟧" in self.draws[composite]}

    def is_known(self, name: str) -> bool | None:
        """Tell whether a slot, part or composite is known; None if the record does not tell."""
        if name in self.known or name in self.composed:
            return True
        if not self.pack.is_composite(name):
            if not self.pack.may_lack(name):
                return False
            return {None: None, "": True}.get(self.draws.get(name), False)
        if name in self.draws:
            return self.says(name) <= self.known.keys()
        slot, _, part = name.partition(".")
        if not {f"{slot}.{one}" for one in ALWAYS[part]} <= self.known.keys():
            return False
        return all(self.is_known(leaf) for leaf in self.pack.leaves(name)) or None

    def find(self, name: str, *, known: bool) -> None:
        """Take what a question, or its absence, tells of a name."""
        if self.pack.is_composite(name):
            now = frozenset(self.known)
            for one, had, verdict in self.claims:
                # To know more never makes a composite unknown.
                turned = now <= had if known else had <= now
                self.expect(one != name or verdict == known or not turned, f"'{name}' is known")
            self.claims.append((name, frozenset(self.known), known))
        elif known:
            self.draws[name] = ""
        else:
            self.draws[name] = f"⟦{self.pack.key(name)}⟧"

    # Targets.

    def targets(self) -> list[dict[str, Any]]:
        """Return what must be extracted from each exchange, scene and from the session."""
        units, graph = self.pack.units, self.pack.graph
        whole = graph.get("target")
        found = [
            self.target("exchange", name, first, last, units[name].get("target", whole))
            for name, first, last in self.exchanges
        ]
        walk = [name for name, _, _ in self.exchanges]
        for name, scene in graph.get("scenes", {}).items():
            size = len(scene["path"])
            for start in range(len(walk) - size + 1):
                if walk[start : start + size] == scene["path"]:
                    first, last = self.exchanges[start][1], self.exchanges[start + size - 1][2]
                    found.append(
                        self.target("scene", name, first, last, scene.get("target", whole))
                    )
        return [*found, self.target("session", self.pack.name, 0, len(self.turns), whole)]

    def target(self, scope: str, name: str, first: int, last: int, written: Any) -> dict[str, Any]:
        labels = self.pack.labels(written)
        told: dict[str, str] = {}  # of slots with one label, the later said holds
        for turn, give, surface in self.told:
            name_of = self.pack.label(give) if labels is None else self.pack.key(give)
            if first <= turn < last and surface is None:
                told.pop(name_of, None)
            elif first <= turn < last:
                told[name_of] = surface
        if labels is None:
            target = told
        else:
            keys = {label: self.pack.key(give) for label, give in labels.items()}
            target = {label: told[key] for label, key in keys.items() if key in told}
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
            turn = self.turns[self.cursor] if self.cursor < len(self.turns) else {"acts": ()}
            asked = {span_key(act) for act in turn.get("acts", ()) if act["act"] == "request"}
            missing = []
            for name in need:
                known = self.is_known(name)
                if known is None:
                    keys = {self.pack.key(leaf) for leaf in self.pack.leaves(name)}
                    known = turn.get("unit") != unit or not keys <= asked
                    self.find(name, known=known)
                missing += [] if known else [name]
            if not missing:
                return
            self.utterance(unit, "ask", place, asked=missing)
            self.utterance(unit, "give", place)
            given = self.is_known(missing[0]) is not False
            self.expect(given, f"'{missing[0]}' was asked for and not given")
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
            if not (isinstance(need, dict) and need.get(kind)):  # its own stand for the slots'
                owners += [f"slot:{name}" for name in names]
        text = marked(turn)
        fits = [
            (one, said)
            for owner in owners
            for one, said in self.pack.matching(owner, kind, text)
            if owner != unit or (one.turn == number and one.place == place)
        ]
        self.expect(fits, f"no phrasing reads like {text!r}")
        found = {one for one, _ in fits}
        self.used[turn["phrasing"]] = self.used.get(turn["phrasing"], found) & found
        may = [(one, said) for one, said in fits if self.may_see(said)]
        self.expect(may, f"no phrasing says {text!r} of what was drawn")
        fits = may
        self.see(set.intersection(*(said for _, said in fits)))
        request = [a for a in turn["acts"] if a["act"] == "request"]
        keys = [span_key(act) for act in request]
        wanted = [self.pack.key(leaf) for name in asked for leaf in self.pack.leaves(name)]
        wanted = list(dict.fromkeys(wanted))
        self.expect(keys == wanted, f"asks for {keys}, not for {wanted}")
        if speaker == "user":
            self.heard(unit, turn, *fits[0])
            given = set.intersection(*({*self.pack.given[one]} for one, _ in fits))
            self.composed.update(give for give in given if self.pack.is_composite(give))
        self.expect(turn["state"]["slots"] == self.state, f"state: {turn['state']['slots']}")
        self.expect(turn["state"]["results"] == self.results, "results in the state")
        intents = self.intents(unit)
        self.expect(turn["state"]["intent"] == (intents[0] if intents else None), "intent in state")
        self.cursor += 1

    def intents(self, unit: str) -> list[str]:
        return listed(self.pack.units[unit].get("intent", unit))

    def heard(self, unit: str, turn: Mapping[str, Any], wording: Wording, said: Draws) -> None:
        """Take what the user said for known."""
        gives = self.pack.given[wording]
        intents = self.intents(unit)
        self.expect([one["name"] for one in turn["intents"]] == intents, "intents")
        told = [act["intent"] for act in turn["acts"] if act["act"] == "inform_intent"]
        self.expect(told == (intents if self.opens else []), "the intent is told once")
        keys = {span_key(span) for span in turn["spans"]}
        leaves = [leaf for give in gives for leaf in self.pack.leaves(give)]
        told = [leaf for leaf in leaves if self.pack.key(leaf) in keys]
        unsaid = [give for give in gives if not self.pack.is_composite(give) and give not in told]
        unsaid = [give for give in unsaid if (give, "") not in said]
        for give in [one for one in unsaid if self.pack.may_lack(one) and not self.draws.get(one)]:
            self.find(give, known=True)
            unsaid.remove(give)
        self.expect(not unsaid, f"{unsaid} is not said")
        self.expect({self.pack.key(leaf) for leaf in told} == keys, f"says {sorted(keys)}")
        self.omissions(turn, [*self.left_out(unit, turn, gives, told)] if self.opens else [])
        self.opens = False
        self.displace(told)
        for span in turn["spans"]:
            fields = ("surface", "normal", "value")
            self.state[span_key(span)] = {name: span[name] for name in fields if name in span}
        for give in dict.fromkeys(told):
            spans = [span for span in turn["spans"] if span_key(span) == self.pack.key(give)]
            before = self.known.get(give, (0, spans[0]))[1]["value"]
            same = all(span["value"] == before for span in spans)
            self.expect(same, f"'{give}' was {before!r}, and nothing has redrawn it")
            # The state holds one value a label: the latest said takes the place of the others.
            for other in [one for one in self.known if self.pack.key(one) == self.pack.key(give)]:
                del self.known[other]
            self.known[give] = (self.cursor, spans[-1])
            self.told.append((self.cursor, give, spans[-1]["surface"]))

    def displace(self, told: Sequence[str]) -> None:
        """Take out of the state the parts that do not belong to what is said of their group now."""
        for leaf in told:
            slot, _, part = leaf.partition(".")
            if not part:
                continue
            group = [one for one in self.pack.group(leaf) if not self.pack.is_composite(one)]
            keys = [self.pack.key(one) for one in group]
            if self.owners.get(keys[0], slot) != slot or self.stale & {*group}:
                for one, key in zip(group, keys, strict=True):
                    if self.state.pop(key, None):
                        self.told.append((self.cursor, one, None))
            self.owners[keys[0]] = slot
            self.stale -= {*group}

    def left_out(
        self, unit: str, turn: Mapping[str, Any], gives: Sequence[str], told: Sequence[str]
    ) -> Iterator[str]:
        """Yield what an opening leaves out: what is needed, known and not said again."""
        for name in (name for need in self.pack.needs(unit) for name in need):
            if self.pack.is_result(name):
                if name in self.bound and not self.names_a_row(name, gives):
                    yield name
            elif not self.pack.is_composite(name):
                if name in self.known and name not in told:
                    yield name
            elif (known := self.is_known(name)) is not False:
                omitted = {span_key(one) for one in turn["omitted"] if "slot" in one}
                says = {leaf for leaf in self.pack.leaves(name) if self.pack.key(leaf) in omitted}
                slot, _, part = name.partition(".")
                always = {f"{slot}.{one}" for one in ALWAYS[part]}
                if name in self.draws:
                    says = self.says(name)
                elif says or known:
                    says |= always  # what else it says nobody has seen
                elif not always <= {*told}:
                    self.find(name, known=False)
                for leaf in self.pack.leaves(name):
                    if leaf in says and leaf in self.known and leaf not in told:
                        yield leaf

    def names_a_row(self, name: str, gives: Sequence[str]) -> bool:
        """Tell whether a turn says a slot that is a row of a result."""
        return self.pack.is_result(name) and bool(set(self.pack.dependents(name)) & set(gives))

    def omissions(self, turn: Mapping[str, Any], expected: Sequence[str]) -> None:
        """Check that what is left out was told, where the record says, and what it was."""
        expected = list(dict.fromkeys(expected))
        omitted = {one.get("result") or span_key(one): one for one in turn["omitted"]}
        self.expect(len(omitted) == len(turn["omitted"]), "leaves something out twice")
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
