"""What an author writes of how a model is asked: wordings of tasks, and how dialogues are printed.

A wording is text in which `{{ name }}` stands for what is put there; nothing else of a template is
understood, so that whoever exports a dataset runs no code of it.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from dialogue.problem import nearest
from dialogue.spec.notation import Also, mistake, shape
from dialogue.spec.spec import Spec

MARK = re.compile(r"\{\{\s*(\w+)\s*\}\}")
"""A place in a wording where something is put; group 1 names it."""


def _wording(*known: str, needs: tuple[str, ...] = (), speaks: bool = True) -> AfterValidator:
    """Check a wording that may print `known`, must print `needs`, and says more."""

    def checked(text: str) -> str:
        shown = shape(" ".join(text.split()))
        names = MARK.findall(text)
        rest = MARK.sub("", text)
        for sign in ("{{", "{%", "{#"):
            if sign in rest:
                fix = f"write names only: {{{{ {known[0]} }}}}"
                raise mistake(f"{shown} is more than a wording: '{sign}'", fix)
        for name in names:
            if name not in known:
                raise mistake(f"'{name}' is nothing that can be put here", nearest(name, known))
        for name in needs:
            if name not in names:
                raise mistake(f"{shown} has no place for '{name}'", f"add {{{{ {name} }}}}")
        if speaks and not rest.strip():
            raise mistake(f"{shown} says nothing of its own", "write words around it")
        return text

    return AfterValidator(checked)


def _either(written: Any) -> Any:
    if isinstance(written, str):
        what = f"expected a list but got {shape(' '.join(written.split()))}"
        raise mistake(what, "write wordings as lines that start with '- '")
    return {"text": written, "dialogue": written} if isinstance(written, list) else written


_Intent = Annotated[str, _wording("text", "intents", "now", needs=("text", "intents"))]
JsonWording = Annotated[str, _wording("text", "properties", "now", needs=("text",))]
_Said = Annotated[str, _wording("text", needs=("text",), speaks=False)]
_System = Annotated[str, _wording("now", "facts")]
_Now = Annotated[str, _wording("now", needs=("now",))]
_Facts = Annotated[str, _wording("facts", needs=("facts",))]
_Forms = Annotated[str, _wording("forms", needs=("forms",))]
_Rule = Annotated[str, _wording("labels", needs=("labels",))]
_Values = Annotated[str, _wording("labels", "values", needs=("labels", "values"))]
_Moment = Annotated[str, _wording("time", "weekday", needs=("time",), speaks=False)]
_Option = Annotated[str, _wording("name", "title", needs=("name",), speaks=False)]
_TEXT = "Wordings for a single message, which {{ text }} stands for."
_DIALOGUE = "Wordings for a dialogue of several messages, which {{ text }} stands for."


def _week(names: list[str]) -> list[str]:
    if len(names) != 7:
        raise mistake(f"a week has 7 days, not {len(names)}", "name them from Monday to Sunday")
    return names


class IntentSpec(Spec):
    """Wordings of the task intent; {{ intents }} lists what can be answered."""

    text: list[_Intent] | None = Field(None, description=_TEXT, min_length=1)
    dialogue: list[_Intent] | None = Field(None, description=_DIALOGUE, min_length=1)


class JsonSpec(Spec):
    """Wordings of a task that is answered with JSON; {{ properties }} names its keys."""

    text: list[JsonWording] | None = Field(None, description=_TEXT, min_length=1)
    dialogue: list[JsonWording] | None = Field(None, description=_DIALOGUE, min_length=1)


_LIST = Also({"type": "array", "items": {"type": "string"}})
_AskIntent = Annotated[IntentSpec | None, BeforeValidator(_either), _LIST]
_AskJson = Annotated[JsonSpec | None, BeforeValidator(_either), _LIST]


class TranscriptSpec(Spec):
    """One way to print a dialogue; messages stand on lines of their own."""

    user: _Said = Field(description="A message of the user.")
    bot: _Said = Field(description="A message of the bot.")

    @model_validator(mode="after")
    def _speakers_differ(self) -> TranscriptSpec:
        if self.user == self.bot:
            raise mistake("user and bot are printed alike", "tell who speaks", "bot")
        return self


class FormsSpec(Spec):
    """Tells how values are written that are not asked for as they were said."""

    say: list[_Forms] | None = Field(
        None, description="Says so; {{ forms }} are the rules, on lines of their own.", min_length=1
    )
    values: _Values | None = Field(
        None, description="The rule of {{ labels }} with documented {{ values }}, at most 50."
    )
    times: _Rule | None = Field(None, description="The rule of times as texts.")
    fields: _Rule | None = Field(None, description="The rule of times as typed values.")
    numbers: _Rule | None = Field(None, description="The rule of numbers as typed values.")
    others: _Rule | None = Field(None, description="The rule of all others.")


class InstructionsSpec(Spec):
    """How a model is asked; what is left out is worded in the domain's locale."""

    intent: _AskIntent = Field(None, description="Asks for the intent of the last user message.")
    extract: _AskJson = Field(
        None, description="Asks for what was said; {{ properties }} names all that may be."
    )
    state: _AskJson = Field(None, description="Asks for the dialogue state.")
    system: list[_System] | None = Field(
        None, description="System messages of chats.", min_length=1
    )
    transcript: list[TranscriptSpec] | None = Field(
        None, description="Ways to print a dialogue.", min_length=1
    )
    now: list[_Now] | None = Field(
        None, description="Tells the time, where an answer needs the clock.", min_length=1
    )
    forms: FormsSpec | None = Field(
        None, description="Tells how values are written, where they are not as they were said."
    )
    facts: list[_Facts] | None = Field(
        None, description="Tells what is known of the customer, before a chat.", min_length=1
    )
    moment: _Moment | None = Field(
        None, description="Prints {{ now }}: {{ time }} in ISO 8601, and the {{ weekday }}."
    )
    option: _Option | None = Field(None, description="Prints one intent of {{ intents }}.")
    separator: str | None = Field(None, description="Stands between the names of {{ properties }}.")
    weekdays: Annotated[list[str], AfterValidator(_week)] | None = Field(
        None, description="Names of the days from Monday, for {{ weekday }}."
    )
