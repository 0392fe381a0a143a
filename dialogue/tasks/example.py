"""What a task makes of a session: what a model is shown, and what it must answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Role: TypeAlias = Literal["user", "assistant", "call", "result"]


class Message(NamedTuple):
    """One message of a chat.

    A user and an assistant have a `text`; a call has a `tool` and its `arguments`, a result the
    `tool` and its `rows`. What is `trained` is learned, the rest is shown.
    """

    role: Role
    text: str = ""
    tool: str = ""
    arguments: Mapping[str, Any] = {}
    rows: Sequence[Mapping[str, Any]] = ()
    trained: bool = False


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation whose trained messages are what a model must say or call.

    Messages come as they were said: several of one role may follow each other.
    """

    id: str
    system: str
    messages: tuple[Message, ...]
    tools: tuple[Mapping[str, Any], ...] = ()

    def chat(self) -> Chat:
        """Return it as it is."""
        return self


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question and its answer; `input` is blank where the instruction holds all."""

    id: str
    instruction: str
    input: str
    answer: str

    @property
    def text(self) -> str:
        """The whole question."""
        return f"{self.instruction}\n{self.input}" if self.input else self.instruction

    def chat(self) -> Chat:
        """Return the question as a user's message and the answer as a trained one."""
        answer = Message("assistant", self.answer, trained=True)
        return Chat(self.id, "", (Message("user", self.text), answer))


class Tag(NamedTuple):
    """A labelled stretch `[start, end)` of a text, in code points."""

    start: int
    end: int
    label: str
    surface: str
    value: Any


@dataclass(frozen=True, slots=True)
class Tagged:
    """An utterance whose characters are labelled; tags are in order and disjoint."""

    id: str
    speaker: Literal["user", "bot"]
    text: str
    intents: tuple[str, ...]
    tags: tuple[Tag, ...]


class Loss(NamedTuple):
    """Something that cannot be expressed and is left out; `what` is counted."""

    what: str


Example: TypeAlias = "Prompt | Chat | Tagged"
