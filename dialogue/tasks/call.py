"""The task `call`: the chat so far is shown, the next call of a tool is asked for.

One chat for each call, cut there; the call alone is trained, whatever `options.loss` says. What the
bot says right before it is one turn with it where sides must take turns. A call with an argument
that the chat tells nowhere is a loss. When not to call is taught by `reply`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.tasks.reply import chat, learned
from dialogue.tasks.task import Task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogue.session import Session
    from dialogue.tasks.example import Chat, Loss
    from dialogue.tasks.ontology import Ontology
    from dialogue.tasks.options import Options


def examples(
    session: Session,
    ontology: Ontology,
    options: Options,  # noqa: ARG001
) -> Iterator[Chat | Loss]:
    """Yield a chat for each call; its id is `<session>/call-<turn>`."""
    for number in learned(session, "calls"):
        yield chat(session, f"{session['id']}/call-{number}", [number], ontology)


TASK = Task("call", "the next call of a tool, after what was said", examples)
