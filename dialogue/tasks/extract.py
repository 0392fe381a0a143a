"""The task `extract`: a stretch of a session is shown, the JSON of what was said is asked for.

A single message is shown as it is, several as a transcript, with or without the bot's last turn.
Where the wording names the properties, the answer has all of them, "" for what was not said;
elsewhere what was not said is absent. A wording that names none is taken only where everything that
was said in the stretch is asked for, under its own label, so that the same question never has two
answers. The last that was said of a label counts.

About half of the wordings that name properties name some more that users may tell, but did not: a
name is no promise that it was said. Of the turns and exchanges that can say nothing, such as a
greeting, one in four is asked about, for there may be nothing to tell.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from dialogue.tasks.example import Prompt
from dialogue.tasks.forms import rules
from dialogue.tasks.said import dumped, needs_clock, spoken, told, utterances
from dialogue.tasks.task import Task
from dialogue.tasks.wording import Wording, prints

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dialogue.session import Session
    from dialogue.tasks.ontology import Ontology
    from dialogue.tasks.options import Options

MORE = 0.5
"""The share of the wordings with properties that name some which were not said."""

MOST = 4
"""How many of those at most; one at least."""

QUIET = 0.25
"""The share of the turns and exchanges that can say nothing which are asked about."""


class Stretch(NamedTuple):
    """Turns `[first, last)` of a session and the labels that can be said in them: label → keys.

    `target` is what the record has for it, label → surface; of a single message it has none. `asks`
    are the wordings that a scene has of its own.
    """

    scope: str
    first: int
    last: int
    labels: Mapping[str, tuple[str, ...]]
    target: Mapping[str, str] | None = None
    asks: Sequence[str] = ()


def examples(session: Session, ontology: Ontology, options: Options) -> Iterator[Prompt]:
    """Yield a prompt for each stretch of the scopes asked for.

    A stretch comes once with the same labels or answer, and so does what is shown of it.
    """
    asked: set[object] = set()
    for stretch in stretches(session, ontology):
        labels = frozenset(stretch.labels.items())
        turns = utterances(session, stretch.first, stretch.last)
        users = [place for place, turn in enumerate(turns) if turn["speaker"] == "user"]
        if stretch.scope not in options.scopes or not users:
            continue
        name = f"{session['id']}/extract/{stretch.scope}-{stretch.first}-{stretch.last}"
        wording = Wording(ontology.instructions, name)
        if not labels and not _is_quiet(session, stretch, wording, ontology):
            continue
        cuts = [turns, turns[: users[-1] + 1]]
        if wording.rng.random() < 0.5:
            cuts.reverse()
        whole = (id(turns[0]), id(turns[-1]), "whole", labels)
        shown = [(id(cut[0]), id(cut[-1]), "shown", labels) for cut in cuts]
        fresh = [place for place, question in enumerate(shown) if question not in asked]
        if whole in asked or not fresh:
            continue
        prompt = _prompt(session, stretch, cuts[fresh[0]], wording, name, ontology, options)
        answered = {(*whole[:3], prompt.answer), (*shown[fresh[0]][:3], prompt.answer)}
        if asked.isdisjoint(answered):
            asked.update((whole, shown[fresh[0]]), answered)
            yield prompt


def _is_quiet(session: Session, stretch: Stretch, wording: Wording, ontology: Ontology) -> bool:
    """Tell whether a stretch that can say nothing is asked about."""
    if stretch.scope not in ("turn", "exchange") or not ontology.givable:
        return False
    said = any(True for _ in spoken(session["turns"][stretch.first : stretch.last], ontology))
    return not said and wording.rng.random() < QUIET


def stretches(session: Session, ontology: Ontology) -> Iterator[Stretch]:
    """Yield the stretches of a session, from the shortest scope to the longest."""
    for number, turn in enumerate(session["turns"]):
        if turn["kind"] == "utterance" and turn["speaker"] == "user":
            units = turn.get("units", (turn["unit"],))
            yield Stretch("turn", number, number + 1, _several(units, ontology))
    for target in session["targets"]:
        scope = target["scope"]
        if scope == "exchange":
            labels = _single(ontology.unit(target["name"]))
        elif scope == "scene":
            labels = _single(ontology.scene(target["name"]))
        else:
            labels = _of_session(session, ontology)
        asks = ontology.asks(target["name"]) if scope == "scene" else ()
        yield Stretch(scope, *target["turns"], labels, target["target"], asks)


def _single(labels: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    return {label: (key,) for label, key in labels.items()}


def _several(units: Iterable[str], ontology: Ontology) -> Mapping[str, tuple[str, ...]]:
    """Return what can be said in some units."""
    labels: dict[str, tuple[str, ...]] = {}
    for label, key in chain.from_iterable(ontology.unit(unit).items() for unit in units):
        labels[label] = tuple(dict.fromkeys((*labels.get(label, ()), key)))
    return labels


def _of_session(session: Session, ontology: Ontology) -> Mapping[str, tuple[str, ...]]:
    """Return what can be said in the units of a session, and what else was said."""
    keys = [key for unit in session["walk"] for key in ontology.gives(unit)]
    labels: dict[str, tuple[str, ...]] = {}
    said = [key for key, _ in spoken(session["turns"], ontology)]
    for key in dict.fromkeys([*keys, *said]):
        label = ontology.labels.get(key, key)
        if ontology.target is not None and label not in ontology.target:
            continue
        labels[label] = (*labels.get(label, ()), key)
    return labels


def _prompt(
    session: Session,
    stretch: Stretch,
    shown: list[Any],
    wording: Wording,
    name: str,
    ontology: Ontology,
    options: Options,
) -> Prompt:
    said = list(spoken(session["turns"][stretch.first : stretch.last], ontology))
    text = wording.shown(shown)
    partly = any(
        key not in stretch.labels.get(ontology.labels.get(key, key), ()) for key, _ in said
    )
    dialogue = len(shown) > 1
    asking = wording.asks("extract", dialogue=dialogue, naming=partly, own=stretch.asks)
    labels = stretch.labels
    if prints(asking, "properties"):
        labels = _named(labels, {key for key, _ in said}, wording, ontology)
    answer: dict[str, Any] = {}
    clock = False
    held = {key: one["surface"] for key, one in shown[-1]["state"]["slots"].items()}
    for label, keys in labels.items():
        spans = [span for key, span in said if key in keys]
        if stretch.target is not None:
            spans = [span for span in spans if span["surface"] == stretch.target.get(label)]
        else:  # of an address that is corrected at once, the parts of the one before are gone
            spans = [span for span in spans if held.get(ontology.key(span)) == span["surface"]]
        if spans:
            form = options.form(label)
            clock = clock or needs_clock(spans[-1], form)
            answer[label] = told(spans[-1], spans[-1]["slot"], form, text, ontology)
        elif prints(asking, "properties"):
            answer[label] = ""
    instruction, apart = wording.question(
        asking,
        text,
        session["now"],
        clock=clock,
        rules=rules(
            ((label, options.form(label), keys) for label, keys in labels.items()),
            wording,
            ontology,
        ),
        properties=wording.listed(list(labels)),
    )
    return Prompt(name, instruction, apart, dumped(answer))


def _named(
    labels: Mapping[str, tuple[str, ...]], said: set[str], wording: Wording, ontology: Ontology
) -> Mapping[str, tuple[str, ...]]:
    """Return the labels that a wording names: those of a stretch, and perhaps some unsaid ones.

    A part of a record may mean what a slot says, as the city of an address does: where one is asked
    for or said, the other is not named beside it.
    """
    if labels and wording.rng.random() >= MORE:
        return labels
    taken = said.union(chain.from_iterable(labels.values()))
    parts = any(map(_is_part, taken))
    others = [
        (label, keys)
        for label, keys in ontology.givable.items()
        if label not in labels
        and taken.isdisjoint(keys)
        and (not taken or not (parts or any(map(_is_part, keys))))
    ]
    more = wording.rng.sample(others, min(len(others), wording.rng.randint(1, MOST)))
    return ontology.ordered({**labels, **dict(more)}) if more else labels


def _is_part(key: str) -> bool:
    return "." in key


TASK = Task(
    "extract",
    "what was said in a turn, exchange, scene or session, as JSON",
    examples,
    reads=("target", "forms", "scopes"),
)
