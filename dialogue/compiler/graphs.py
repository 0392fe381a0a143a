"""A graph file in, a graph out, checked so that every walk can be finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.compiler.behaviours import check_voices, compile_behaviours
from dialogue.compiler.domains import load_domain
from dialogue.compiler.expressions import compile_expression
from dialogue.compiler.hashes import hashed_file
from dialogue.compiler.noises import compile_noise
from dialogue.compiler.reach import check_reach, distances
from dialogue.compiler.references import check_names, check_redraw, compile_target
from dialogue.edge import Edge, Scene, placed
from dialogue.graph import END, Graph
from dialogue.instructions import instructions
from dialogue.plugins import load
from dialogue.problem import ContentError, Position, Problem, gathered, nearest
from dialogue.spec import GraphSpec
from dialogue.spec.override import overridden
from dialogue.spec.source import read
from dialogue.spec.validation import validate
from dialogue.turn import BotTurn

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from dialogue.domain import Domain
    from dialogue.plugins import Plugin
    from dialogue.spec import EdgeSpec
    from dialogue.spec.source import Route, Source
    from dialogue.unit import Unit


def load_graph(path: Path, overrides: Sequence[str] = (), plugins: Sequence[str] = ()) -> Graph:
    """Load a graph and its domain; raises ContentError with all problems that could be found.

    `plugins` are the packages that may be imported for behaviours and noise of their own.
    """
    if (path.parent / "domain.yaml").is_file():
        what = "is a file of a domain, not a graph"
        fix = f"name a graph, or check the domain as a whole: {path.parent}"
        raise ContentError([Problem(Position(str(path)), what, fix)])
    allowed = load(plugins)
    source = overridden(read(path), overrides)
    problems: list[Problem] = []
    spec = domain = None
    with gathered(problems):
        spec = validate(source, GraphSpec)
    name = source.data.get("domain") if isinstance(source.data, dict) else None
    if not isinstance(name, str):
        raise ContentError(problems)
    with gathered(problems):
        folder = _folder(path, source, name)
        if spec is not None:
            stems = {one.stem for one in folder.glob("*.yaml")} - {"domain", END}
            problems.extend(_UnitNames(source, spec, stems).problems)
        domain = load_domain(folder, str(path.parent.parent / "units" / name))
    if problems or spec is None or domain is None:
        raise ContentError(problems)
    return _Compiler(path, source, spec, domain, tuple(overrides), allowed).graph()


def _folder(path: Path, source: Source, name: str) -> Path:
    """Return the folder of a graph's domain; raises ContentError."""
    home = path.resolve().parent.parent / "units"
    known = [one.name for one in home.glob("*") if one.is_dir()]
    if name not in known:
        what = f"there is no domain '{name}' in units/ beside the graph's folder"
        fix = nearest(name, known) if known else "write units/NAME/domain.yaml, and name NAME here"
        raise ContentError([Problem(source.at(("domain",)), what, fix)])
    return home / name


class _UnitNames:
    """Demands that every name in a graph is a unit with a way on; `problems` tell which is not."""

    def __init__(self, source: Source, spec: GraphSpec, units: Collection[str]) -> None:
        self.source = source
        self.units = units
        self.problems: list[Problem] = []
        for name in spec.start:
            self.known(name, ("start", name))
        for name, specs in spec.edges.items():
            if name == END:
                self.problem(("edges", name), "nothing follows the end", "remove it")
                continue
            self.known(name, ("edges", name))
            if not specs:
                self.problem(("edges", name), f"nothing leads on from '{name}'", "write {end: 1}")
            for number, edge in enumerate(specs):
                if edge.to != END:
                    self.known(edge.to, self.to(name, number, edge.to))
        named = {*spec.start, *(edge.to for specs in spec.edges.values() for edge in specs)}
        for name in sorted(named & set(units) - spec.edges.keys()):
            what = f"nothing leads on from '{name}'"
            self.problem(("edges",), what, f"add {name}: {{end: 1}}")

    def problem(self, route: Route, what: str, fix: str) -> None:
        self.problems.append(Problem(self.source.key(route), what, fix))

    def to(self, name: str, number: int, to: str) -> Route:
        """Return where an edge's end is written, in either form."""
        if ("edges", name, to) in self.source.places:
            return ("edges", name, to)
        return ("edges", name, number, "to")

    def known(self, name: str, route: Route) -> None:
        if name in self.units:
            return
        written = route in self.source.places  # not in a list that stands for a mapping
        at = self.source.key(route) if written and route[-1] == name else self.source.at(route)
        problem = Problem(at, f"unknown unit '{name}'", nearest(name, self.units))
        self.problems.append(problem if written else self.source.sharpened(problem, route))


class _Compiler:
    """Compiles one graph, keeping what is wrong."""

    def __init__(
        self,
        path: Path,
        source: Source,
        spec: GraphSpec,
        domain: Domain,
        overrides: tuple[str, ...],
        plugins: tuple[Plugin, ...],
    ) -> None:
        self.path = path
        self.source = source
        self.spec = spec
        self.domain = domain
        self.overrides = overrides
        self.plugins = plugins
        self.problems: list[Problem] = []

    def graph(self) -> Graph:
        edges: dict[str, list[Edge]] = {}
        for name, specs in self.spec.edges.items():
            edges[name] = []
            for number, spec in enumerate(specs):
                with gathered(self.problems):
                    edges[name].append(self.edge(name, number, spec))
        start = [Edge(self.domain.units[name], w) for name, w in self.spec.start.items() if w > 0]
        scenes = tuple(self.scene(name) for name in self.spec.scenes)
        phases = self.phases()
        target = self.target(self.spec.target, ("target",))
        plugins, problems = self.plugins, self.problems
        check_voices(self.domain, plugins, problems)
        behaviours = compile_behaviours(self.spec, self.domain, plugins, self.source, problems)
        noise = compile_noise(self.spec, self.domain.locale, plugins, self.source, problems)
        self.fail()
        far = distances(edges)
        names, whole = self.domain.names, not self.overrides
        check_reach(self.source, self.spec, start, edges, far, names, self.problems, whole=whole)
        self.fail()
        shortest, longest = self.spec.walk.units
        return Graph(
            name=self.path.stem,
            title=self.spec.title or self.path.stem,
            path=self.path,
            domain=self.domain,
            start=placed(start, far),
            edges={name: placed(ways, far) for name, ways in edges.items()},
            shortest=shortest,
            longest=longest,
            scenes=scenes,
            phases=phases,
            target=target,
            instructions=instructions(self.domain.locale, self.spec.instructions),
            behaviours=behaviours,
            noise=noise,
            overrides=self.overrides,
            plugins=plugins,
            files=(hashed_file(self.path, f"graphs/{self.path.name}"), *self.domain.files),
        )

    def fail(self) -> None:
        if self.problems:
            raise ContentError(self.problems)

    def problem(self, route: Route, what: str, fix: str, *, key: bool = False) -> None:
        at = self.source.key(route) if key else self.source.at(route)
        self.problems.append(Problem(at, what, fix))

    def edge(self, name: str, number: int, spec: EdgeSpec) -> Edge:
        """Compile one edge; raises ContentError."""
        route: Route = ("edges", name, number)
        when = None
        if spec.when is not None:
            names = self.domain.names
            place: Route = (*route, "when")
            with self.source.sharpening(place):
                when = compile_expression(spec.when, self.source.at(place), names.views)
                check_names(when, names, self.outcomes(name))
        place = (*route, "redraw")
        check_redraw(spec.redraw, self.domain.names, self.source, place, self.problems)
        redraw = tuple(spec.redraw)
        if spec.to == END:
            return Edge(None, spec.weight, when, redraw)
        unit, before = self.domain.units[spec.to], self.domain.units[name]
        # What is asked beside something else is looked up, and is about nothing of that.
        free = not when and not redraw and unit is not before and unit.is_plain and unit.looks_up
        ahead = free and not unit.redraw and self.is_free(unit, before)
        aside = free and before.touches.isdisjoint(unit.touches) and self.is_free(before, unit)
        return Edge(unit, spec.weight, when, redraw, ahead=ahead, aside=aside)

    def is_free(self, unit: Unit, other: Unit) -> bool:
        """Tell whether another unit binds and draws anew nothing that a unit is about."""
        slots, redrawn = self.domain.names.slots, {one.partition(".")[0] for one in other.redraw}
        lost = self.domain.drawn_with(other.bound | redrawn)
        labels = {slots[name].tag.label for name in lost if name in slots}
        return other.bound.isdisjoint(unit.results) and unit.touches.isdisjoint(labels)

    def outcomes(self, unit: str) -> list[str]:
        """Return the outcomes that a visit to a unit may have."""
        turns = [turn for turn in self.domain.units[unit].turns if isinstance(turn, BotTurn)]
        return [outcome.name for turn in turns if turn.named for outcome in turn.outcomes]

    def scene(self, name: str) -> Scene:
        spec = self.spec.scenes[name]
        for number, unit in enumerate(spec.path):
            self.known(unit, ("scenes", name, "path", number), "change the path")
        for number, (here, there) in enumerate(zip(spec.path, spec.path[1:], strict=False), 1):
            ways = [edge.to for edge in self.spec.edges.get(here, ())]
            if here in self.spec.edges and there in self.spec.edges and there not in ways:
                self.problem(
                    ("scenes", name, "path", number),
                    f"'{there}' never follows '{here}'",
                    f"add an edge from '{here}' to '{there}', or change the path",
                )
        target = self.target(spec.target, ("scenes", name, "target"))
        return Scene(name, tuple(spec.path), target, tuple(spec.extract or ()))

    def known(self, unit: str, route: Route, otherwise: str) -> None:
        """Demand a unit that the graph has."""
        if unit not in self.spec.edges:
            what, fix = f"unknown unit '{unit}'", nearest(unit, self.spec.edges)
            if unit in self.domain.units:
                what = f"the graph has no unit '{unit}'"
                fix = f"add '{unit}' to its edges, or {otherwise}"
            self.problem(route, what, fix)

    def phases(self) -> dict[str, tuple[str, ...]]:
        """Return the units of each phase; no unit is in two."""
        found: dict[str, str] = {}
        for title, units in self.spec.phases.items():
            for number, unit in enumerate(units):
                route: Route = ("phases", title, number)
                self.known(unit, route, "leave it out here")
                if (other := found.setdefault(unit, title)) != title:
                    what = f"'{unit}' is in the phase '{other}' already"
                    self.problem(route, what, "keep it in one phase")
                elif unit in units[:number]:
                    self.problem(route, f"'{unit}' is listed twice", "keep one")
        return {title: tuple(units) for title, units in self.spec.phases.items()}

    def target(self, written: Mapping[str, str] | None, route: Route) -> dict[str, str] | None:
        if written is None:
            return None
        return compile_target(written, self.domain.names, self.source, route, self.problems)
