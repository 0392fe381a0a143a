"""The noise of a graph: rates of a preset, and single ones that go before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.problem import Problem, nearest

if TYPE_CHECKING:
    from dialogue.noise import Noise
    from dialogue.spec import GraphSpec
    from dialogue.spec.source import Source


def compile_noise(
    spec: GraphSpec, locale: str, source: Source, problems: list[Problem]
) -> Noise | None:
    """Return what disturbs the users of a graph, or None where nothing does."""
    if spec.preset == "tidy" and not spec.noise:
        return None
    from dialogue.noise import SETS, Noise, operators  # reads its tables

    known = operators(locale)
    if not known and (spec.preset != "tidy" or any(spec.noise.values())):
        written = next((name for name, rate in spec.noise.items() if rate), None)
        place = ("noise", written) if written is not None else ("preset",)
        what = f"there is no noise for the locale '{locale}'"
        fix = f"write preset: tidy and no rates; there is some for {', '.join(sorted(SETS))}"
        problems.append(Problem(source.key(place), what, fix))
        return None
    names = {operator.name for operator in known or (one for some in SETS.values() for one in some)}
    for name in sorted(spec.noise.keys() - names):
        what = f"unknown operator of noise '{name}'"
        if any(name == operator.name for some in SETS.values() for operator in some):
            what = f"'{name}' is no operator of noise for the locale '{locale}'"
        problems.append(Problem(source.key(("noise", name)), what, nearest(name, names)))
    preset = {one.name: getattr(one, spec.preset, 0.0) for one in known}
    rates = ((one, spec.noise.get(one.name, preset[one.name])) for one in known)
    found = tuple((operator, rate) for operator, rate in rates if rate)
    return Noise(found, spec.noise_in_slots) if found else None
