"""What expressions, targets and redraws refer to: names, columns and parts that must be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.problem import ContentError, Problem, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from dialogue.expression import Expression
    from dialogue.names import Names
    from dialogue.spec.source import Route, Source


def check_names(expression: Expression, names: Names, outcomes: Collection[str]) -> None:
    """Raise ContentError for names, columns and values that an expression reads and nobody binds.

    `outcomes` are those that the unit before it may have had.
    """
    problems = [
        Problem(expression.at, f"unknown name '{name}'", nearest(name, (*names.known, "outcome")))
        for name in sorted(expression.names)
        if name not in names.known and name != "outcome"
    ]
    for holder, column in expression.columns:
        if holder in names.results:
            known = names.results[holder].query.columns
            kind = f"result '{holder}' has no column"
        elif holder in names.slots and names.slots[holder].parts:
            known, kind = names.slots[holder].sayable, f"'{holder}' has no part"
        else:
            continue
        if column not in known:
            problems.append(Problem(expression.at, f"{kind} '{column}'", nearest(column, known)))
    for name, text in expression.compared:
        values = outcomes if name == "outcome" else _values(name, names)
        if text not in values and (values or name == "outcome"):
            what = f"'{name}' is never '{text}'"
            problems.append(Problem(expression.at, what, nearest(text, values)))
    if problems:
        raise ContentError(problems)


def _values(name: str, names: Names) -> Collection[str]:
    """Return the normal forms of a slot whose values are all known, none for other names."""
    return names.slots[name].canonical if name in names.slots else ()


def complementary(guards: Iterable[str | None]) -> bool:
    """Tell whether the guards hold a pair x / not x, of which one is always true."""
    written = {" ".join(guard.split()) for guard in guards if guard}
    return any(f"not {guard}" in written or f"not ({guard})" in written for guard in written)


def compile_target(
    labels: Mapping[str, str],
    names: Names,
    source: Source,
    route: Route,
    problems: list[Problem],
) -> dict[str, str]:
    """Resolve a target: label → the slot or part that fills it.

    A whole record gives its parts, a composite the parts that it may say.
    """
    target: dict[str, str] = {}
    for label, name in labels.items():
        gives = names.gives(tuple(name.split("."))) if names.is_name(name) else ()
        if not gives:
            place = (*route, label)
            problem = Problem(source.at(place), *names.unknown(name, names.slots))
            problems.append(source.sharpened(problem, place))
            continue
        leaves = [leaf for give in gives for leaf in names.leaves(give)]
        if len(leaves) == 1:
            target[label] = leaves[0]
        else:
            target.update({names.label(leaf): leaf for leaf in leaves})
    return target


def check_redraw(
    redraw: Iterable[str], names: Names, source: Source, route: Route, problems: list[Problem]
) -> None:
    """Demand that what is drawn anew are slots or parts."""
    for name in redraw:
        what, fix = "", ""
        if name.partition(".")[0] in names.views:
            what, fix = f"'{name}' is a view", "name the slot or the part that it shows"
        elif not names.is_name(name) or name.partition(".")[0] not in names.slots:
            what, fix = names.unknown(name, names.slots)
        if what:
            problems.append(source.sharpened(Problem(source.at(route), what, fix), route))
