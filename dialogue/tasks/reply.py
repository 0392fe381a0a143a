"""The task `reply`: a whole chat, in which the bot answers, asks and looks things up.

A chat begins with a system message, which states the time and what is known of the customer, and
has all tools that the graph's units call. Messages come as they were said. `options.loss` decides
what is trained: all that the bot says and calls, the last of it, or only its calls. The chat ends
there, since what follows teaches nothing; a session in which there is nothing to train, such as one
without a call under `calls`, makes no example and is no loss. A session is lost if an argument of a
trained call is told nowhere.

That a model looks something up only when it knows enough is learned here: where the bot asks back
or answers at once, the trained message is not a call.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dialogue.tasks.example import Chat, Loss, Message
from dialogue.tasks.ground import untold
from dialogue.tasks.task import Task
from dialogue.tasks.wording import Wording, filled, prints

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from dialogue.session import Session
    from dialogue.tasks.ontology import Ontology
    from dialogue.tasks.options import Options


def examples(session: Session, ontology: Ontology, options: Options) -> Iterator[Chat | Loss]:
    """Yield the chat, if something is trained in it; its id is `<session>/reply`."""
    trained = learned(session, options.loss)
    if trained:
        yield chat(session, f"{session['id']}/reply", trained, ontology)


def learned(session: Session, loss: str) -> list[int]:
    """Return the turns that are trained."""
    turns = session["turns"]
    calls = [number for number, turn in enumerate(turns) if turn["kind"] == "call"]
    if loss == "calls":
        return calls
    bot = [number for number, turn in enumerate(turns) if turn["speaker"] == "bot"]
    return bot if loss == "all" else bot[-1:]


def chat(session: Session, name: str, trained: Collection[int], ontology: Ontology) -> Chat | Loss:
    """Return the chat up to the last of the turns that are trained, which are not none."""
    for number in sorted(trained):
        turn: Any = session["turns"][number]
        if turn["kind"] == "call":
            for parameter in untold(session, number, ontology):
                return Loss(f"'{parameter}' of {turn['tool']} is told nowhere before the call")
    turns = session["turns"][: max(trained) + 1]
    messages = tuple(message(turn, number in trained) for number, turn in enumerate(turns))
    return Chat(name, system(session, name, ontology), messages, ontology.tools)


def system(session: Session, name: str, ontology: Ontology) -> str:
    """Return the system message: what the bot is, the time, and the facts if there are any."""
    wording = Wording(ontology.instructions, name)
    asking = wording.choose(ontology.instructions["system"])
    lines = [asking]
    if not prints(asking, "now"):
        lines.append(wording.choose(ontology.instructions["now"]))
    known = ontology.known(session)
    if known and not prints(asking, "facts"):
        lines.append(wording.choose(ontology.instructions["facts"]))
    facts = json.dumps(known, ensure_ascii=False)
    return filled("\n".join(lines), now=wording.time(session["now"]), facts=facts)


def message(turn: Any, trained: bool) -> Message:
    """Return a turn as a message."""
    if turn["kind"] == "call":
        return Message("call", tool=turn["tool"], arguments=turn["arguments"], trained=trained)
    if turn["kind"] == "result":
        return Message("result", tool=turn["tool"], rows=turn["rows"])
    role = "user" if turn["speaker"] == "user" else "assistant"
    return Message(role, turn["text"], trained=trained)  # type: ignore[arg-type]


TASK = Task(
    "reply", "a whole chat with the bot's answers, calls and results", examples, reads=("loss",)
)
