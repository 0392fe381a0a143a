"""The task `state`: the dialogue so far is shown, all that is known after it is asked for as JSON.

It is asked after each user turn that says a slot or changes what is known, as a denial does, and
after one in four of the others. The whole history is shown, since what was told long ago counts.
Two slots with the same label stand under their keys (收货人.姓名), so that neither takes the
other's place. Where the wording names the properties, those that are unknown are "". The form of
the answer is told for all that users may say.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dialogue.tasks.example import Prompt
from dialogue.tasks.forms import rules
from dialogue.tasks.said import dumped, needs_clock, told, utterances
from dialogue.tasks.task import Task
from dialogue.tasks.wording import Wording, prints

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dialogue.session import Session, StateSlot
    from dialogue.tasks.ontology import Ontology
    from dialogue.tasks.options import Form, Options

QUIET = 0.25
"""The share of the user turns that say and change nothing after which the state is asked for."""


def examples(session: Session, ontology: Ontology, options: Options) -> Iterator[Prompt]:
    """Yield a prompt after each user turn that changed the state, and after some others."""
    before: Mapping[str, StateSlot] = {}
    for number, turn in enumerate(session["turns"]):
        if turn["kind"] != "utterance" or turn["speaker"] != "user":
            continue
        known = turn["state"]["slots"]
        changed, before = known != before, known
        name = f"{session['id']}/state/{number}"
        wording = Wording(ontology.instructions, name)
        if not (turn["spans"] or changed) and wording.rng.random() >= QUIET:
            continue
        names = labelled([*ontology.given, *known], ontology)
        shown = utterances(session, 0, number + 1)
        text = wording.shown(shown)
        asking = wording.asks("state", dialogue=len(shown) > 1)
        answer = dict.fromkeys(names.values(), "") if prints(asking, "properties") else {}
        clock = False
        for key, entry in known.items():
            form = options.form(ontology.labels.get(key, key))
            clock = clock or needs_clock(entry, form)
            answer[names[key]] = told(entry, _slot(key), form, text, ontology)
        instruction, apart = wording.question(
            asking,
            text,
            session["now"],
            clock=clock,
            rules=rules(_forms(names, ontology, options), wording, ontology),
            properties=wording.listed(list(names.values())),
        )
        yield Prompt(name, instruction, apart, dumped(answer))


def labelled(keys: Iterable[str], ontology: Ontology) -> Mapping[str, str]:
    """Return key → label; keys that share a label keep their own names."""
    labels = {key: ontology.labels.get(key, key) for key in keys}
    shared = Counter(labels.values())
    return {key: label if shared[label] == 1 else key for key, label in labels.items()}


def _forms(
    names: Mapping[str, str], ontology: Ontology, options: Options
) -> Iterator[tuple[str, Form, tuple[str, ...]]]:
    """Yield the names of an answer with the forms that are asked for, and their keys."""
    for key, name in names.items():
        yield name, options.form(ontology.labels.get(key, key)), (key,)


def _slot(key: str) -> str:
    return key.partition(".")[0].partition(":")[0]


TASK = Task(
    "state",
    "all that is known after a user's turn of a dialogue, as JSON",
    examples,
    reads=("target", "forms"),
)
