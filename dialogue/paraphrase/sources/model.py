"""A language model rewords: what it was asked before comes from the disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialogue.paraphrase.answer import UnusableError, rewordings
from dialogue.paraphrase.prompt import messages
from dialogue.paraphrase.sources.source import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dialogue.paraphrase.assignment import Assignment
    from dialogue.paraphrase.cache import Cache
    from dialogue.paraphrase.client import Client

AT_ONCE = 20
"""Rewordings that each request asks for, however few are wanted; the next says what has come.

So that a run that wants more asks the same first, and only then goes on.
"""

TRIES = 2


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A model that is asked for `count` rewordings of each assignment.

    What it is shown are the phrasings of people and its own answers, never what other runs have
    added: the same command asks the same, and a larger count goes on where a smaller one ended.
    """

    client: Client
    cache: Cache
    count: int

    @property
    def name(self) -> str:
        return self.client.model

    def reply(self, assignment: Assignment) -> Reply:
        """Ask, or look up what was asked; raises StoppedError when the server gives up."""
        texts: list[str] = []
        unusable: list[str] = []
        asked = cached = 0
        for _ in range(0, self.count, AT_ONCE):
            question = messages(assignment, AT_ONCE, texts)
            found = self._known(question)
            if found is not None:
                cached += 1
            for _ in range(TRIES if found is None else 0):
                asked += 1
                try:
                    found = self._asked(question)
                    break
                except UnusableError as error:
                    unusable.append(str(error))
            if found is None:
                break
            texts += found[:AT_ONCE]
        return Reply(tuple(texts[: self.count]), asked, cached, tuple(unusable))

    def _known(self, question: Sequence[Mapping[str, str]]) -> tuple[str, ...] | None:
        answer = self.cache.find(self.client.url, self.client.model, question)
        if answer is None:
            return None
        try:
            return rewordings(answer)
        except UnusableError:
            return None

    def _asked(self, question: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
        """Ask; an answer that lists nothing is not kept, so that it may come better next time."""
        answer = self.client.ask(question)
        found = rewordings(answer)
        self.cache.keep(self.client.url, self.client.model, question, answer)
        return found
