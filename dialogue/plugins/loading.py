"""Names of packages in, plug-ins out: nothing else imports what the project does not hold."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue.behaviours import BEHAVIOURS as OURS
from dialogue.behaviours import Behaviour
from dialogue.move import STEPS
from dialogue.plugins import package
from dialogue.plugins.plugin import Plugin
from dialogue.problem import ContentError, Problem, gathered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from importlib.metadata import Distribution, EntryPoint

    from dialogue.noise import Operator

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LOCALE = re.compile(r"[a-z]{2,3}(?:_[A-Z]{2})?")


def load(names: Iterable[str]) -> tuple[Plugin, ...]:
    """Import the plug-ins of packages; raises ContentError with all that is wrong.

    They come sorted by name, each once, in whatever order they were named.
    """
    problems: list[Problem] = []
    found = {}
    for name in names:
        with gathered(problems):
            one = package.installed(name)
            found[re.sub(r"[-_.]+", "-", one.name).lower()] = one
    plugins = []
    for _, one in sorted(found.items()):
        with gathered(problems):
            plugins.append(_Loading(one).plugin())
    problems.extend(_collisions(plugins))
    if problems:
        raise ContentError(problems)
    return tuple(plugins)


class _Loading:
    """Loads what one package brings, keeping what is wrong."""

    def __init__(self, found: Distribution) -> None:
        self.found = found
        self.problems: list[Problem] = []

    def plugin(self) -> Plugin:
        groups: dict[str, list[EntryPoint]] = {package.BEHAVIOUR_GROUP: [], package.NOISE_GROUP: []}
        for one in sorted(self.found.entry_points, key=lambda one: one.name):
            if one.group in groups:
                groups[one.group].append(one)
        behaviours, noise = [], []
        for one in groups[package.BEHAVIOUR_GROUP]:
            with gathered(self.problems):
                behaviours.append(self.behaviour(one))
        for one in groups[package.NOISE_GROUP]:
            with gathered(self.problems):
                noise.append(self.operator(one))
        if self.problems:
            raise ContentError(self.problems)
        code = package.files_hash(one for some in groups.values() for one in some)
        name, version = self.found.name, self.found.version
        return Plugin(name, version, code, tuple(behaviours), tuple(noise))

    def behaviour(self, one: EntryPoint) -> tuple[Behaviour, Path]:
        what = f"the behaviour '{one.name}'"
        self.named(one, one.name, what)
        found = self.imported(one, what, Behaviour)
        self.fits(one, found, one.name, what)
        strange = [kind for kind in found.at if kind not in STEPS]
        if strange or not found.at:
            kinds = ", ".join(kind.__name__ for kind in STEPS)
            raise self.wrong(f"{what} looks at no move of a step", f"give at= some of {kinds}")
        from dialogue.plugins.guard import Guard, guarded_behaviour  # reads the tables of noise

        module = _file(one)
        if found.lists and not getattr(sys.modules.get(one.module), "__package__", ""):
            fix = f"make '{one.module}' a package with a folder wordings/ in it"
            raise self.wrong(f"{what} has no package that holds its wordings", fix)
        guard = Guard(self.found.name, what, module)
        return guarded_behaviour(found, guard), module.parent / "wordings"

    def operator(self, one: EntryPoint) -> tuple[str, Operator]:
        from dialogue.noise import Operator
        from dialogue.plugins.guard import Guard, guarded_operator

        what = f"the noise '{one.name}'"
        locale, name = package.split(one.name)
        if not _LOCALE.fullmatch(locale):
            fix = f"name the entry point LOCALE.NAME, as in zh_CN.{name} or zh.{name}"
            raise self.wrong(f"{what} is for no locale", fix)
        self.named(one, name, what)
        found = self.imported(one, what, Operator)
        self.fits(one, found, name, what)
        return locale, guarded_operator(found, Guard(self.found.name, what, _file(one)))

    def named(self, one: EntryPoint, name: str, what: str) -> None:
        """Demand a name that keys of a graph can have, before anything is imported."""
        if not _NAME.fullmatch(name):
            fix = f"write small letters, digits and _ in the entry point of {one.value}"
            raise self.wrong(f"{what} is no name", fix)

    def imported(self, one: EntryPoint, what: str, kind: type) -> Any:
        try:
            found = one.load()
        except Exception as error:
            told = " ".join(f"{type(error).__name__}: {error}".split())
            fix = f"mend {one.value}, or install what it needs"
            raise self.wrong(f"{what} cannot be imported: {told}", fix) from error
        if not isinstance(found, kind):
            name = type(found).__name__
            noun = f"{'an' if kind.__name__[0] in 'AEIO' else 'a'} {kind.__name__}"
            fix = f"let {one.value} be {noun}"
            raise self.wrong(f"{what} is of the type {name}, not {noun}", fix)
        return found

    def fits(self, one: EntryPoint, found: Any, name: str, what: str) -> None:
        """Demand the name of its entry point, and rates that are rates."""
        if found.name != name:
            fix = f"give {one.value} and its entry point one name"
            raise self.wrong(f"{what} calls itself '{found.name}'", fix)
        for preset in ("usual", "rough"):
            rate = getattr(found, preset)
            if not isinstance(rate, int | float) or not 0 <= rate <= 1:
                fix = f"give {one.value} a rate from 0 to 1"
                raise self.wrong(f"{what} has the rate {preset}={rate!r}", fix)

    def wrong(self, what: str, fix: str) -> ContentError:
        return ContentError([Problem(package.place(self.found.name), what, fix)])


def _file(one: EntryPoint) -> Path:
    return Path(getattr(sys.modules.get(one.module), "__file__", None) or one.module)


def _collisions(plugins: Iterable[Plugin]) -> Iterator[Problem]:
    """Yield what has the name of something else."""
    behaviours = {one.name: "dialogue" for one in OURS}
    operators: list[tuple[str, str, str]] = []
    for plugin in plugins:
        for behaviour, _ in plugin.behaviours:
            if (other := behaviours.setdefault(behaviour.name, plugin.name)) != plugin.name:
                yield _taken(plugin, f"the behaviour '{behaviour.name}'", other)
        if plugin.noise and not operators:
            from dialogue.noise import SETS

            operators = [(own, one.name, "dialogue") for own, some in SETS.items() for one in some]
        for own, operator in plugin.noise:
            for locale, name, other in operators:
                if name == operator.name and (package.is_for(own, locale) or
                                              package.is_for(locale, own)):  # fmt: skip
                    yield _taken(plugin, f"the noise '{own}.{name}'", other)
            operators.append((own, operator.name, plugin.name))


def _taken(plugin: Plugin, what: str, other: str) -> Problem:
    mine = other == plugin.name
    told = f"brings {what} twice" if mine else f"brings {what}, which '{other}' has already"
    fix = "rename one of them" if mine or other == "dialogue" else "name one of the two packages"
    fix = f"rename it in '{plugin.name}'" if other == "dialogue" else fix
    return Problem(package.place(plugin.name), told, fix)
