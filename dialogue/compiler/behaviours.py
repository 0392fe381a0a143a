"""The behaviours of a graph: rates of a preset and single ones before it, worded for its locale."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import dialogue.behaviours
from dialogue.behaviours import BEHAVIOURS, Behaviours, Voice
from dialogue.compiler.phrasings import PhrasingCompiler
from dialogue.compiler.samples import sample
from dialogue.kind import Deck, DeckKind, Tag
from dialogue.names import Names
from dialogue.phrasing import Wordings
from dialogue.problem import Problem, nearest
from dialogue.providers.wording import literal_facts
from dialogue.slot import Slot
from dialogue.spec import WordingsSpec
from dialogue.spec.source import read
from dialogue.spec.validation import validate
from dialogue.template import Environment

if TYPE_CHECKING:
    from collections.abc import Collection

    from dialogue.behaviours import Behaviour
    from dialogue.domain import Domain
    from dialogue.spec import BehaviourSpec, GraphSpec
    from dialogue.spec.source import Source

FOLDER = Path(dialogue.behaviours.__file__).parent / "wordings"
# What wordings of behaviours may print, as if it were the only slot there is.
_VALUE = Slot("value", Tag("value", "value"), DeckKind(Deck(())), "value", "value")
_NAMES = Names({"value": _VALUE}, {}, {})


def compile_behaviours(
    spec: GraphSpec, domain: Domain, source: Source, problems: list[Problem]
) -> Behaviours | None:
    """Return what people do in a graph, or None where they go by the book."""
    names = [behaviour.name for behaviour in BEHAVIOURS]
    for name in spec.behaviours.keys() - set(names):
        what = f"unknown behaviour '{name}'"
        problems.append(Problem(source.key(("behaviours", name)), what, nearest(name, names)))
    preset = {one.name: getattr(one, spec.preset, 0.0) for one in BEHAVIOURS}
    rates = [(one, spec.behaviours.get(one.name, preset[one.name])) for one in BEHAVIOURS]
    wanted = [(one, rate) for one, rate in rates if rate]
    if not wanted:
        return None
    path = FOLDER / f"{domain.locale.partition('_')[0]}.yaml"
    if not path.is_file():
        written = next((name for name, rate in spec.behaviours.items() if rate), None)
        at = source.key(("behaviours", written) if written is not None else ("preset",))
        there = ", ".join(sorted(one.stem for one in FOLDER.glob("*.yaml")))
        what = f"behaviours have no wordings for the locale '{domain.locale}'"
        fix = f"write preset: tidy and no rates; there are some for {there}"
        problems.append(Problem(at, what, fix))
        return None
    generic = read(path)
    words = validate(generic, WordingsSpec)
    compiled = []
    for one, rate in wanted:
        known = words.behaviours.get(one.name)
        lists = {} if known is None else _lists(one, known, generic, one.lists, domain, problems)
        own, unit = domain.voices.get(one.name), None
        if own is not None:
            lists |= _lists(one, own, domain.source, own.say, domain, problems)
            unit = own.unit if own.unit in spec.edges else None
        compiled.append((one, rate, Voice(lists, tuple(words.joins), unit)))
    return Behaviours(compiled)


def check_voices(domain: Domain, problems: list[Problem]) -> None:
    """Add a problem for what a domain words that no behaviour says, or says otherwise."""
    known = {behaviour.name: behaviour for behaviour in BEHAVIOURS}
    for name, spec in domain.voices.items():
        route = ("behaviours", name)
        behaviour = known.get(name)
        if behaviour is None:
            what = f"unknown behaviour '{name}'"
            problems.append(Problem(domain.source.key(route), what, nearest(name, known)))
            continue
        for key in spec.say.keys() - behaviour.lists.keys():
            at = domain.source.key((*route, "say", key))
            what = f"'{name}' has no list '{key}'"
            fix = nearest(key, behaviour.lists) if behaviour.lists else "remove it"
            problems.append(Problem(at, what, fix))
        if spec.unit is not None and spec.unit not in domain.units:
            at = domain.source.at((*route, "unit"))
            what = f"unknown unit '{spec.unit}'"
            problems.append(Problem(at, what, nearest(spec.unit, domain.units)))
        _lists(behaviour, spec, domain.source, spec.say, domain, problems)


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
    texts = sample(_NAMES, 0, 0)
    compiler = PhrasingCompiler(source, _NAMES, Environment(), facts, texts, problems)
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
                what = "prints no value" if prints else "prints a value, which there is none of"
                fix = "add {{ value }}" if prints else "remove {{ value }}"
                problems.append(Problem(phrasing.at, what, fix))
        if phrasings:
            plain = [replace(one, gives=(), draws=(), shared=by_bot) for one in phrasings]
            found[name] = Wordings.of(plain, ())
    return found
