"""The task `intent`: the last messages of a dialogue are shown, the user's intent is asked for.

Every user turn with an intent is asked about, with at most `SHOWN` messages up to and with it: more
cost tokens and say little of what is wanted now. The first message of a dialogue stands alone. The
prompt lists all intents; a turn with several is answered with all, joined by ", ".
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from dialogue.tasks.example import Loss, Prompt
from dialogue.tasks.said import utterances
from dialogue.tasks.task import Task
from dialogue.tasks.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogue.session import Session
    from dialogue.tasks.ontology import Ontology
    from dialogue.tasks.options import Options

SHOWN = 8


def examples(
    session: Session,
    ontology: Ontology,
    options: Options,  # noqa: ARG001
) -> Iterator[Prompt | Loss]:
    """Yield a prompt for each user turn that has an intent; of several messages for the last."""
    turns: list[Any] = [*session["turns"], {}]
    for number, (turn, after) in enumerate(pairwise(turns)):
        if turn["kind"] != "utterance" or not turn.get("intents") or after.get("continues"):
            continue
        names = [intent["name"] for intent in turn["intents"]]
        if not ontology.intents.keys() >= {*names}:
            yield Loss("an intent that the ontology does not have")
            continue
        name = f"{session['id']}/intent/{number}"
        wording = Wording(ontology.instructions, name)
        shown = utterances(session, 0, number + 1)[-SHOWN:]
        instruction, apart = wording.question(
            wording.asks("intent", dialogue=len(shown) > 1),
            wording.shown(shown),
            session["now"],
            intents=wording.intents(ontology.intents),
        )
        yield Prompt(name, instruction, apart, ", ".join(names))


TASK = Task("intent", "what the user wants, of the intents that the prompt lists", examples)
