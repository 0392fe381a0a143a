"""How things are worded: phrasings of turns, and of what people do that no unit is about."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, model_validator

from dialogue.spec.misreading import quoted
from dialogue.spec.notation import Truth, Weight, mistake
from dialogue.spec.spec import Shorthand, Spec


class PhrasingSpec(Shorthand):
    """One wording of a turn: Jinja2 text, or with a weight."""

    short = "say"
    say: str = Field(description="The text, a Jinja2 template that prints slots: {{ 时间 }}.")
    weight: Weight = Field(1, description="How often it is chosen among those that give the same.")

    @model_validator(mode="before")
    @classmethod
    def _eaten(cls, written: Any) -> Any:
        if isinstance(written, dict) and len(written) == 1 and "say" not in written:
            ((key, text),) = written.items()
            if isinstance(text, str) or text is None:
                line = f"{key}: {text or ''}".rstrip()
                raise mistake("YAML reads ': ' as a key here", f"quote the text: {quoted(line)}")
        if isinstance(written, dict) and "shared" in written and "shared" not in cls.model_fields:
            raise mistake("'shared' goes with what the bot says", "remove 'shared'", "shared")
        return written


class BotPhrasingSpec(PhrasingSpec):
    """One wording of a turn of the bot: Jinja2 text, or with a weight and whether it is shared."""

    shared: Truth = Field(False, description="It stays in every split when phrasings are held out.")


class PhrasingsSpec(Shorthand):
    """The phrasings of a turn: a list, or a file with one a line."""

    short = "phrasings"
    phrasings: list[PhrasingSpec] = Field([], description="The phrasings themselves.")
    file: str | None = Field(None, description="A text file of the domain, one phrasing a line.")

    @model_validator(mode="after")
    def _one(self) -> PhrasingsSpec:
        if bool(self.phrasings) == bool(self.file):
            what = "holds a list and a file" if self.file else "holds no phrasing"
            raise mistake(what, "write a list of phrasings, or file: name.txt")
        return self


class BehaviourSpec(Spec):
    """How a behaviour is worded, or the unit that stands for it."""

    say: dict[str, Annotated[list[PhrasingSpec], Field(min_length=1)]] = Field(
        {}, description="List: phrasings; they print the value that it is about as {{ value }}."
    )
    unit: str | None = Field(None, description="The unit that hand_over visits.")
    title: str | None = Field(None, description="What users want by it, in words for people.")


class WordingsSpec(Spec):
    """The wordings of behaviours in one language."""

    joins: list[str] = Field([], description="What stands between two things of one turn.")
    behaviours: dict[str, BehaviourSpec] = Field(description="Behaviour: its lists.")
