"""A draft as the files of a pack, written as a person would write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogue.twin.draft import counted
from dialogue.twin.layout import comment, entry, flow, quoted, scalar, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dialogue.twin.draft import Draft, Unit
    from dialogue.twin.inference import Inferred
    from dialogue.twin.languages.language import Language
    from dialogue.twin.phrasing import Phrase

SHOWN = 3  # wordings that were left out, and are told where they would have stood
MARK = "# Drafted by `dialogue twin`"


def files(
    draft: Draft, name: str, origin: str, locale: str, language: Language, *, schemas: bool = False
) -> dict[str, str]:
    """Return the text of each file by its place beside `units/` and `graphs/`.

    Where there are `schemas` beside them, each file names its own, for editors.
    """

    def text(kind: str, up: str, lines: Iterator[str]) -> str:
        head = f"# yaml-language-server: $schema={up}/schemas/{kind}.json\n" if schemas else ""
        return head + "\n".join(lines) + "\n"

    folder = f"units/{name}"
    domain = _domain(draft, origin, locale, language)
    found = {f"{folder}/domain.yaml": text("domain", "../..", domain)}
    for unit in draft.units.values():
        lines = _unit(unit, draft.inferred)
        found[f"{folder}/{unit.name}.yaml"] = text("unit", "../..", lines)
    found[f"graphs/{name}.yaml"] = text("graph", "..", _graph(draft, name))
    return found


def _domain(draft: Draft, origin: str, locale: str, language: Language) -> Iterator[str]:
    inferred = draft.inferred
    printed = {name for _, phrase in draft.phrases() for name in phrase.names}
    yield comment(f"{MARK} from {origin}.")
    yield "# What it guessed has a comment: read it, and widen what the examples were too few for."
    yield f"locale: {locale}"
    if language.clock and locale == language.locale:
        yield f"clock: {language.clock}"
    if not inferred.slots:
        return
    yield "slots:"
    for slot in inferred.slots.values():
        yield from entry(slot.name, dict(slot.keys), note=slot.note)
        whole = inferred.wholes.get(slot.name)
        if whole is not None and whole.name in printed:
            yield from entry(whole.name, {"view": whole.leaf})


def _unit(unit: Unit, inferred: Inferred) -> Iterator[str]:
    if unit.title != unit.name:
        yield f"title: {scalar(unit.title)}"
    if unit.intents != (unit.name,):
        if not unit.intents:
            yield "intent: []  # the examples name none"
        else:
            yield f"intent: {flow(list(unit.intents))}"
    redraw = [ref for ref, count in unit.changed.items() if count > 0]
    if redraw:
        groups: dict[Any, str] = {}
        for ref in redraw:
            groups.setdefault(_group(ref, inferred), ref.leaf)
        yield f"redraw: {flow(list(groups.values()))}  # here the examples say another value"
    yield from _needs(unit)
    yield "turns:"
    if unit.users:
        sets = counted(unit)
        yield "- user:"
        for templates in sets.values():
            yield from _wordings(templates, "  ")
        shares = {names: sum(templates.values()) for names, templates in sets.items()}
        if len(set(shares.values())) > 1:
            order = [*inferred.slots, *(one.name for one in inferred.wholes.values())]
            items = (
                f"{{gives: {flow(sorted(names, key=order.index))}, weight: {share}}}"
                for names, share in shares.items()
            )
            yield from wrapped("  weights: [", items, "    ", "]")
    if unit.answers:
        yield from _answers(unit)
    yield from _left(unit)


def _needs(unit: Unit) -> Iterator[str]:
    """Yield what the bot asks for where the user has not told it."""
    if unit.needs:
        yield "needs:"
    for need in unit.needs:
        names = dict.fromkeys(
            name for some in need.give.values() for name in some[0].names if name in need.names
        )
        yield f"- slots: {flow(list(names))}"
        yield "  ask:"
        yield from _wordings(_counts(need.ask), "  ")
        yield "  give:"
        yield from _wordings(_counts(need.give), "  ")


def _group(ref: Any, inferred: Inferred) -> Any:
    """Return what is redrawn together with a slot or part."""
    if not ref.part:
        return ref.slot
    record = next(one for one, _ in inferred.members.values() if ref.part in one.parts.values())
    kind = next(kind for kind, part in record.parts.items() if part == ref.part)
    return ref.slot, next((n for n, some in enumerate(record.groups) if kind in some), -1)


def _wordings(templates: Mapping[str, int], indent: str) -> Iterator[str]:
    """Yield phrasings that give the same, with weights where some are said more often."""
    even = len(set(templates.values())) == 1
    for template, count in templates.items():
        if even or count == 1:
            yield f"{indent}- {_said(template)}"
        else:
            yield f"{indent}- {{say: {_quoted(template)}, weight: {count}}}"


def _said(template: str) -> str:
    return scalar(template) if "{" not in template else quoted(template)


def _quoted(template: str) -> str:
    text = _said(template)
    return text if text.startswith('"') or not set(text) & set(",[]{}") else quoted(template)


def _answers(unit: Unit) -> Iterator[str]:
    """Yield the bot's turn: what it says of values that may not be known has a `when`."""
    sure = frozenset.intersection(*counted(unit)) if unit.users else frozenset()
    sure = sure.union(*(need.names for need in unit.needs))
    groups: dict[frozenset[str], dict[str, list[Phrase]]] = {}
    for template, some in unit.answers.items():
        unsure = frozenset(some[0].names) - sure
        groups.setdefault(unsure, {})[template] = some
    plain = groups.pop(frozenset(), None)
    guarded = sorted(groups.items(), key=lambda one: (-len(one[0]), sorted(one[0])))
    if not guarded:
        yield "- bot:"
        yield from _wordings(_counts(plain or {}), "  ")
        return
    if plain is None:
        # Without a value to speak of, the bot says nothing.
        names, plain = guarded.pop()
        yield f"- when: {scalar(_when(names, plain))}"
        yield "  bot:"
    else:
        yield "- bot:"
    if not guarded:
        yield from _wordings(_counts(plain), "  ")
        return
    for names, templates in guarded:
        yield f"  - when: {scalar(_when(names, templates))}"
        yield "    say:"
        yield from _wordings(_counts(templates), "    ")
    yield "  - say:"
    yield from _wordings(_counts(plain), "    ")


def _counts(templates: Mapping[str, Sequence[Phrase]]) -> dict[str, int]:
    return {template: len(some) for template, some in templates.items()}


def _when(names: frozenset[str], templates: Mapping[str, Sequence[Phrase]]) -> str:
    """Return the condition that names are known, in the order in which they are said."""
    said = dict.fromkeys(
        name for some in templates.values() for name in some[0].names if name in names
    )
    return " and ".join(said)


def _left(unit: Unit) -> Iterator[str]:
    """Yield comments about what the bot said and nobody told it."""
    if not unit.left:
        return
    several = f"{len(unit.left):,} answers" if len(unit.left) > 1 else "An answer"
    yield f"# {several} of the examples left out, for no user or tool told the bot what it says:"
    for problem in unit.left[:SHOWN]:
        yield f"# - {comment(problem.what)}"


def _graph(draft: Draft, name: str) -> Iterator[str]:
    yield f"domain: {name}"
    yield from wrapped("start: {", (f"{one}: {n}" for one, n in draft.start.items()), "  ", "}")
    yield "edges:"
    for unit, ways in draft.edges.items():
        ordered = sorted(ways.items(), key=lambda one: (one[0] == "end", -one[1], one[0]))
        pairs = [f"{one}: {count}" for one, count in ordered]
        if len(pairs) == 1:
            pairs = [f"{ordered[0][0]}: 1"]
        yield from wrapped(f"  {unit}: {{", pairs, "    ", "}")
    low, high = min(draft.lengths), max(draft.lengths)
    yield f"walk: {{units: {low if low == high else f'{low}..{high}'}}}"
    labels = _labels(draft.inferred)
    if labels:
        yield from entry("target", labels, "")


def _labels(inferred: Inferred) -> dict[str, str]:
    """Return what is asked for: the labels of the examples."""
    found: dict[str, str] = {}
    for ((label, role), number), ref in inferred.refs.items():
        told = f"{label}.{role}" if role else label
        name = f"{told}{number + 1}" if number else told
        found.setdefault(name, ref.leaf)
    return found
