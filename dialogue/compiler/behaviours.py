"""The behaviours of a graph: rates of a preset and single ones before it, worded for its locale."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import dialogue.behaviours
from dialogue.behaviours import BEHAVIOURS, Behaviours, Voice
from dialogue.compiler.phrasings import PhrasingCompiler
from dialogue.compiler.samples import sample
from dialogue.kind import Deck, DeckKind, Tag
from dialogue.names import Names
from dialogue.phrasing import Wordings
from dialogue.plugins import BEHAVIOUR_GROUP, provider
from dialogue.problem import Problem, gathered, nearest
from dialogue.providers.wording import literal_facts
from dialogue.slot import Slot
from dialogue.spec import BehaviourSpec, WordingsSpec
from dialogue.spec.source import read
from dialogue.spec.validation import validate
from dialogue.template import Environment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from dialogue.behaviours import Behaviour
    from dialogue.domain import Domain
    from dialogue.plugins import Plugin
    from dialogue.problem import Position
    from dialogue.spec import GraphSpec
    from dialogue.spec.source import Source

    # A behaviour and the folder of its wordings, by name.
    Known: TypeAlias = Mapping[str, tuple[Behaviour, Path]]

FOLDER = Path(dialogue.behaviours.__file__).parent / "wordings"
# What wordings of behaviours may print, as if it were the only slot there is.
_VALUE = Slot("value", Tag("value", "value"), DeckKind(Deck(())), "value", "value")
_NAMES = Names({"value": _VALUE}, {}, {})
_JOINS = (" ",)  # in a language that nobody has brought any for


def compile_behaviours(
    spec: GraphSpec,
    domain: Domain,
    plugins: tuple[Plugin, ...],
    source: Source,
    problems: list[Problem],
) -> Behaviours | None:
    """Return what people do in a graph, or None where they go by the book."""
    known = _known(plugins)
    problems += (
        _unknown(name, source.key(("behaviours", name)), domain, known)
        for name in spec.behaviours.keys() - known.keys()
    )
    rates = {
        name: spec.behaviours.get(name, getattr(one, spec.preset, 0.0))
        for name, (one, _) in known.items()
    }
    wanted = [(*known[name], rate) for name, rate in rates.items() if rate]
    if not wanted:
        return None
    generic = _Generic(spec, domain, source, problems)
    if any(folder == FOLDER for _, folder, _ in wanted) and generic.of(FOLDER) is None:
        names = [name for name in spec.behaviours if name in known and known[name][1] == FOLDER]
        generic.lacking("behaviours have", FOLDER, names)
        return None
    joins = () if (ours := generic.of(FOLDER)) is None else ours[1].joins
    compiled = []
    for one, folder, rate in wanted:
        own, unit = domain.voices.get(one.name), None
        if folder != FOLDER:
            generic.demand(one, folder, () if own is None else own.say)
        found = generic.of(folder)
        lists = {} if found is None else generic.lists(one, *found)
        words = None if found is None else found[1].behaviours.get(one.name)
        title = None if words is None else words.title
        if own is not None:
            lists |= _lists(one, own, domain.source, own.say, domain, problems)
            unit = own.unit if own.unit in spec.edges else None
            title = own.title or title
        between = joins if found is None else found[1].joins or joins
        compiled.append((one, rate, Voice(lists, tuple(between) or _JOINS, unit, title)))
    return Behaviours(compiled)


def samples() -> dict[str, Any]:
    """Return a text for what wordings of behaviours print."""
    return sample(_NAMES, 0, 0)


def check_voices(domain: Domain, plugins: tuple[Plugin, ...], problems: list[Problem]) -> None:
    """Add a problem for what a domain words that no behaviour says, or says otherwise."""
    known = _known(plugins)
    for name, spec in domain.voices.items():
        route = ("behaviours", name)
        if name not in known:
            problems.append(_unknown(name, domain.source.key(route), domain, known))
            continue
        behaviour, _ = known[name]
        _check_names(behaviour, spec, domain.source, problems)
        if spec.unit is not None:
            problems.extend(_unit(behaviour, spec.unit, domain))
        _lists(behaviour, spec, domain.source, spec.say, domain, problems)


def check_without(
    names: Collection[str], locale: str, source: Source, problems: list[Problem]
) -> None:
    """Add a problem for each behaviour that a unit does without and that nobody knows.

    Those of plug-ins are known where these are installed.
    """
    known = [behaviour.name for behaviour in BEHAVIOURS]
    for number, name in enumerate(names):
        if name not in known and provider(BEHAVIOUR_GROUP, name, locale) is None:
            route = ("without", number) if ("without", 0) in source.places else ("without",)
            problem = Problem(source.at(route), f"unknown behaviour '{name}'", nearest(name, known))
            problems.append(source.sharpened(problem, route))


def _unit(behaviour: Behaviour, name: str, domain: Domain) -> Iterator[Problem]:
    """Yield what is wrong with the unit that stands for the words of a behaviour."""
    route = ("behaviours", behaviour.name, "unit")
    if not behaviour.visits:
        what = f"'{behaviour.name}' visits no unit"
        yield Problem(domain.source.key(route), what, "remove 'unit'")
    elif name not in domain.units:
        at, what = domain.source.at(route), f"unknown unit '{name}'"
        yield Problem(at, what, nearest(name, domain.units))
    else:
        unit = domain.units[name]
        if not unit.is_plain or unit.is_request or not unit.always_open:
            what = f"'{name}' cannot be visited at any time"
            fix = "name a unit that needs and looks up nothing and that the user begins"
            yield Problem(domain.source.at(route), what, fix)


def _known(plugins: tuple[Plugin, ...]) -> Known:
    """Return all behaviours by name, in the order in which they are asked."""
    ours = {one.name: (one, FOLDER) for one in BEHAVIOURS}
    return ours | {one.name: (one, path) for plugin in plugins for one, path in plugin.behaviours}


def _unknown(name: str, at: Position, domain: Domain, known: Known) -> Problem:
    package = provider(BEHAVIOUR_GROUP, name, domain.locale)
    fix = nearest(name, known) if package is None else f"allow it with --plugin {package}"
    return Problem(at, f"unknown behaviour '{name}'", fix)


def _check_names(
    behaviour: Behaviour, spec: BehaviourSpec, source: Source, problems: list[Problem]
) -> None:
    """Demand that lists of wordings are those that a behaviour has."""
    for key in spec.say.keys() - behaviour.lists.keys():
        at = source.key(("behaviours", behaviour.name, "say", key))
        what = f"'{behaviour.name}' has no list '{key}'"
        fix = nearest(key, behaviour.lists) if behaviour.lists else "remove it"
        problems.append(Problem(at, what, fix))


class _Generic:
    """The wordings of a domain's language, by the folder that they lie in; each is read once."""

    def __init__(
        self, spec: GraphSpec, domain: Domain, source: Source, problems: list[Problem]
    ) -> None:
        self.spec = spec
        self.domain = domain
        self.source = source
        self.problems = problems
        self.read: dict[Path, tuple[Source, WordingsSpec] | None] = {}
        self.broken: set[Path] = set()

    def of(self, folder: Path) -> tuple[Source, WordingsSpec] | None:
        """Return the wordings of a folder, if there are any in the language."""
        if folder not in self.read:
            self.read[folder] = None
            path = folder / f"{self.domain.locale.partition('_')[0]}.yaml"
            if path.is_file():
                self.broken.add(folder)
                with gathered(self.problems):
                    found = read(path)
                    self.read[folder] = found, validate(found, WordingsSpec)
                    self.broken.remove(folder)
        return self.read[folder]

    def lists(self, one: Behaviour, source: Source, words: WordingsSpec) -> dict[str, Wordings]:
        """Compile the lists of a behaviour."""
        known = words.behaviours.get(one.name)
        if known is None:
            return {}
        return _lists(one, known, source, one.lists, self.domain, self.problems)

    def demand(self, one: Behaviour, folder: Path, worded: Collection[str]) -> None:
        """Demand all lists that a behaviour of a plug-in has, but for those the domain words."""
        missing = [name for name in one.lists if name not in worded]
        found = self.of(folder)
        if found is None:
            if missing and folder not in self.broken:
                self.lacking(f"'{one.name}' has", folder, [one.name])
            return
        source, words = found
        known = words.behaviours.get(one.name, BehaviourSpec())
        _check_names(one, known, source, self.problems)
        for name in missing:
            if name not in known.say:
                at = source.key(("behaviours", one.name))
                what = f"'{one.name}' has no wordings for '{name}'"
                fix = f"add the list behaviours.{one.name}.say.{name}"
                self.problems.append(Problem(at, what, fix))

    def lacking(self, who: str, folder: Path, names: Iterable[str]) -> None:
        """Add the problem that there are no wordings, where one of the names is asked for."""
        written = next((name for name in names if self.spec.behaviours.get(name)), None)
        at = self.source.key(("behaviours", written) if written is not None else ("preset",))
        there = ", ".join(sorted(one.stem for one in folder.glob("*.yaml"))) or "none"
        what = f"{who} no wordings for the locale '{self.domain.locale}'"
        fix = f"write preset: tidy and no rates; there are some for {there}"
        if folder != FOLDER:
            fix = f"write rate 0, or add wordings to {folder}; there are some for {there}"
        self.problems.append(Problem(at, what, fix))


def _lists(
    behaviour: Behaviour,
    spec: BehaviourSpec,
    source: Source,
    wanted: Collection[str],
    domain: Domain,
    problems: list[Problem],
) -> dict[str, Wordings]:
    """Compile lists of wordings; each prints the value, or none of it does."""
    facts = literal_facts(domain.locale)
    compiler = PhrasingCompiler(source, _NAMES, Environment(), facts, samples(), problems)
    found: dict[str, Wordings] = {}
    for name in wanted:
        if name not in spec.say or name not in behaviour.lists:
            continue
        route = ("behaviours", behaviour.name, "say", name)
        lines = compiler.listed(spec.say[name], route)
        by_bot = name == "bot"
        compile_list = compiler.bot if by_bot else compiler.user
        phrasings = compile_list(lines, behaviour.name, name)
        prints = behaviour.lists[name]
        for phrasing in phrasings:
            if (phrasing.template.names == {"value"}) != prints:
                what = "prints no value" if prints else "prints a value, but there is none here"
                fix = "add {{ value }}" if prints else "remove {{ value }}"
                problems.append(Problem(phrasing.at, what, fix))
        if phrasings:
            plain = [replace(one, gives=(), draws=(), shared=by_bot) for one in phrasings]
            found[name] = Wordings.of(plain, ())
    return found
