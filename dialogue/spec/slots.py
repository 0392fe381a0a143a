"""What an author writes of a slot: how it is drawn, said, asked for and given."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from dialogue.spec.notation import Also, Truth, View, Weight, Weights, mistake, shape
from dialogue.spec.phrasings import BotPhrasingSpec, PhrasingSpec  # noqa: TC001 - pydantic reads them
from dialogue.spec.spec import Shorthand, Spec, demand, unknown


class ChoiceSpec(Shorthand):
    """One value of a choice: its surfaces, and how often it is chosen."""

    short = "say"
    say: Weights = Field(description="The surfaces of the value; a list, or surface: weight.")
    weight: Weight = Field(1, description="How often the value is chosen.")


def _choices(written: Any) -> Any:
    if isinstance(written, list):
        for name in written:
            if not isinstance(name, str):
                raise mistake(f"expected a value but got {shape(name)}", "write a text")
            if written.count(name) > 1:
                raise mistake(f"'{name}' is listed twice", "keep one")
        return {name: name for name in written}
    return written


def _chosen(choices: dict[str, ChoiceSpec]) -> dict[str, ChoiceSpec]:
    if not choices:
        raise mistake("there is nothing to choose from", "write at least one value")
    if not any(choice.weight for choice in choices.values()):
        raise mistake("every weight is 0", "give one value a weight above 0")
    return choices


KINDS = ("faker", "choose", "row", "text", "view", "like")


class SlotSpec(Spec):
    """A named variable of the domain; one of faker, choose, row, text, view, like draws it."""

    title: str | None = Field(None, description="What it is, for people.")
    key: str | None = Field(None, description="ASCII name for tools and taggers.")
    faker: str | None = Field(None, description="The Faker method that draws it.")
    with_: dict[str, Any] = Field({}, alias="with", description="Arguments of the Faker method.")
    into: dict[str, str] = Field(
        {}, description="Session tables that a drawn record fills: table: list of the record."
    )
    choose: (
        Annotated[
            dict[str, ChoiceSpec],
            BeforeValidator(_choices),
            AfterValidator(_chosen),
            Also({"type": "array", "items": {"type": "string"}}),
        ]
        | None
    ) = Field(None, description="Values to choose from: normal form: its surfaces; or a list.")
    row: str | None = Field(None, description="A table, or an earlier result, to take a row of.")
    say: Weights | None = Field(
        None, description="Columns of the row that it may be said by; the first is the normal form."
    )
    value: str | None = Field(
        None, description="The column of the row that is the canonical value."
    )
    where: str | None = Field(
        None, description="SQL condition on the rows; other slots are read as :name."
    )
    text: str | None = Field(None, description="A template over other slots, labelled as one.")
    parts: Truth = Field(False, description="Label the parts of a text instead of the whole.")
    view: View | None = Field(
        None, description="Another name for a part of a record, or names: parts."
    )
    like: str | None = Field(
        None, description="Another slot whose label (and draw) this one shares."
    )
    role: str | None = Field(None, description="The part it plays, where two slots share a label.")
    pronouns: list[str] = Field([], description="What users say for it once it is known: 这个.")
    indifferent: Truth = Field(False, description="Users may not mind which one: 都行.")
    certain: Truth = Field(
        False, description="Users are sure of it: nobody corrects, checks or denies it."
    )
    ask: list[BotPhrasingSpec] = Field([], description="How the bot asks for it.")
    give: list[PhrasingSpec] = Field([], description="How the user answers that question.")

    @model_validator(mode="before")
    @classmethod
    def _one_kind(cls, written: Any) -> Any:
        if not isinstance(written, dict):
            return written
        kinds = [kind for kind in KINDS if kind in written]
        if len(kinds) == 2 and "like" in kinds:  # drawn its own way, with another slot's label
            kinds.remove("like")
        if not kinds and unknown(written, cls):
            return written  # a misspelt kind is told as an unknown key
        if len(kinds) != 1:
            what = "says no way to draw it" if not kinds else f"is both {' and '.join(kinds)}"
            second = kinds[1] if kinds else None
            raise mistake(what, f"give it exactly one of {', '.join(KINDS)}", second)
        demand(written, kinds)
        for key, kind in _OWNERS.items():
            if key in written and kind not in kinds:
                raise mistake(f"'{key}' goes with {kind}", f"remove '{key}'", key)
        for key in ("pronouns", "indifferent", "certain") if "view" in kinds else ():
            if key in written:
                raise mistake(f"a view has no '{key}'", "write it at the slot that it shows", key)
        return written


_OWNERS = {
    "with": "faker",
    "into": "faker",
    "say": "row",
    "value": "row",
    "where": "row",
    "parts": "text",
}
