"""The task `extract`: a stretch of a session is shown, the JSON of what was said is asked for.

A single message is shown as it is, several as a transcript, with or without the bot's last turn.
Where the wording names the properties, the answer has all of them, "" for what was not said;
elsewhere what was not said is absent. A wording that names none is taken only where everything that
was said in the stretch is asked for, under its own label, so that the same question never has two
answers. The last that was said of a label counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from dialogue.tasks.example import Prompt
from dialogue.tasks.said import dumped, needs_clock, spoken, told, utterances
from dialogue.tasks.task import Task
from dialogue.tasks.wording import Wording, prints

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dialogue.session import Session
    from dialogue.tasks.ontology import Ontology
    from dialogue.tasks.options import Options


class Stretch(NamedTuple):
    """Turns `[first, last)` of a session and the labels that can be said in them: label → keys.

    `target` is what the record has for it, label → surface; of a single message it has none.
    """

    scope: str
    first: int
    last: int
    labels: Mapping[str, tuple[str, ...]]
    target: Mapping[str, str] | None = None


def examples(session: Session, ontology: Ontology, options: Options) -> Iterator[Prompt]:
    """Yield a prompt for each stretch of the scopes asked for.

    A stretch comes once with the same labels, and so does what is shown of it.
    """
    asked: set[object] = set()
    for stretch in stretches(session, ontology):
        labels = frozenset(stretch.labels.items())
        turns = utterances(session, stretch.first, stretch.last)
        users = [place for place, turn in enumerate(turns) if turn["speaker"] == "user"]
        if stretch.scope not in options.scopes or not labels or not users:
            continue
        name = f"{session['id']}/extract/{stretch.scope}-{stretch.first}-{stretch.last}"
        wording = Wording(ontology.instructions, name)
        cuts = [turns, turns[: users[-1] + 1]]
        if wording.rng.random() < 0.5:
            cuts.reverse()
        whole = (id(turns[0]), id(turns[-1]), "whole", labels)
        shown = [(id(cut[0]), id(cut[-1]), "shown", labels) for cut in cuts]
        fresh = [place for place, question in enumerate(shown) if question not in asked]
        if whole not in asked and fresh:
            asked.update((whole, shown[fresh[0]]))
            yield _prompt(session, stretch, cuts[fresh[0]], wording, name, ontology, options)


def stretches(session: Session, ontology: Ontology) -> Iterator[Stretch]:
    """Yield the stretches of a session, from the shortest scope to the longest."""
    for number, turn in enumerate(session["turns"]):
        if turn["kind"] == "utterance" and turn["speaker"] == "user":
            labels = _single(ontology.unit(turn["unit"]))
            yield Stretch("turn", number, number + 1, labels)
    for target in session["targets"]:
        scope = target["scope"]
        if scope == "exchange":
            labels = _single(ontology.unit(target["name"]))
        elif scope == "scene":
            labels = _single(ontology.scene(target["name"]))
        else:
            labels = _of_session(session, ontology)
        yield Stretch(scope, *target["turns"], labels, target["target"])


def _single(labels: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    return {label: (key,) for label, key in labels.items()}


def _of_session(session: Session, ontology: Ontology) -> Mapping[str, tuple[str, ...]]:
    """Return what can be said in the units of a session, and what else was said."""
    keys = [key for unit in session["walk"] for key in ontology.gives(unit)]
    labels: dict[str, tuple[str, ...]] = {}
    said = [key for key, _ in spoken(session["turns"], ontology)]
    for key in dict.fromkeys([*keys, *said]):
        label = ontology.labels.get(key, key)
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
    asking = wording.asks("extract", dialogue=len(shown) > 1, naming=partly)
    answer: dict[str, Any] = {}
    clock = False
    for label, keys in stretch.labels.items():
        spans = [span for key, span in said if key in keys]
        if stretch.target is not None:
            spans = [span for span in spans if span["surface"] == stretch.target.get(label)]
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
        properties=wording.listed(list(stretch.labels)),
    )
    return Prompt(name, instruction, apart, dumped(answer))


TASK = Task(
    "extract",
    "what was said in a turn, exchange, scene or session, as JSON",
    examples,
    reads=("target", "forms", "scopes"),
)
