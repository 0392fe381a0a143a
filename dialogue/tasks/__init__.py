"""What a model can be asked to do with a session: one module a task, all with the same names.

A task is a pure function: a session, the ontology and options in, examples out. `example` says what
they are; `wording` asks in words, `said` finds what was said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.tasks import call, extract, intent, reply, state, tag

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogue.tasks.task import Task

TASKS: Mapping[str, Task] = {
    module.TASK.name: module.TASK for module in (intent, extract, state, call, reply, tag)
}
