"""The noise of a graph: rates of a preset, and single ones that go before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.plugins import NOISE_GROUP, provider
from dialogue.problem import Problem, nearest

if TYPE_CHECKING:
    from dialogue.noise import Noise
    from dialogue.plugins import Plugin
    from dialogue.spec import GraphSpec
    from dialogue.spec.source import Source


def compile_noise(
    spec: GraphSpec,
    locale: str,
    plugins: tuple[Plugin, ...],
    source: Source,
    problems: list[Problem],
) -> Noise | None:
    """Return what disturbs the users of a graph, or None where nothing does."""
    if spec.preset == "tidy" and not spec.noise:
        return None
    from dialogue.noise import SETS, Noise, operators  # reads its tables

    known = (*operators(locale), *(one for plugin in plugins for one in plugin.operators(locale)))
    if not known and (spec.preset != "tidy" or any(spec.noise.values())):
        written = next((name for name, rate in spec.noise.items() if rate), None)
        place = ("noise", written) if written is not None else ("preset",)
        what = f"there is no noise for the locale '{locale}'"
        fix = f"write preset: tidy and no rates; there is some for {', '.join(sorted(SETS))}"
        package = None if written is None else provider(NOISE_GROUP, written, locale)
        fix = fix if package is None else f"allow '{written}' with --plugin {package}"
        problems.append(Problem(source.key(place), what, fix))
        return None
    others = {one.name for some in SETS.values() for one in some}
    names = {one.name for one in known} or others
    others |= {one.name for plugin in plugins for _, one in plugin.noise}
    for name in sorted(spec.noise.keys() - names):
        what = f"unknown operator of noise '{name}'"
        if name in others:
            what = f"'{name}' is no operator of noise for the locale '{locale}'"
        package = provider(NOISE_GROUP, name, locale)
        fix = nearest(name, names) if package is None else f"allow it with --plugin {package}"
        problems.append(Problem(source.key(("noise", name)), what, fix))
    preset = {one.name: getattr(one, spec.preset, 0.0) for one in known}
    rates = ((one, spec.noise.get(one.name, preset[one.name])) for one in known)
    found = tuple((operator, rate) for operator, rate in rates if rate)
    return Noise(found, spec.noise_in_slots) if found else None
