"""What an author writes: the YAML of domains, units and graphs as frozen models."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from dialogue.spec.instructions import InstructionsSpec, JsonWording
from dialogue.spec.notation import (
    Also,
    Labels,
    Names,
    Range,
    Rate,
    TypeName,
    Weight,
    Weights,
    mistake,
    shape,
)
from dialogue.spec.phrasings import (  # noqa: TC001 - pydantic reads them
    BehaviourSpec,
    BotPhrasingSpec,
    PhrasingSpec,
    PhrasingsSpec,
)
from dialogue.spec.slots import SlotSpec  # noqa: TC001 - pydantic reads it
from dialogue.spec.spec import Shorthand, Spec, demand, unknown


class TypeSpec(Shorthand):
    """The type of a parameter or column."""

    short = "type"
    type: TypeName = Field(description="What kind of value it is.")
    items: TypeName | None = Field(None, description="The type of the items of an array.")
    description: str | None = Field(None, description="What it means, for the model.")


class ColumnSpec(Shorthand):
    """A column of a result: a slot, or a typed value that is worded in the domain's locale."""

    short = "slot"
    slot: str | None = Field(None, description="The slot whose label and value it has.")
    type: TypeName | None = Field(None, description="The type of a value that is no slot.")
    description: str | None = Field(None, description="What it means, for the model.")

    @model_validator(mode="after")
    def _one(self) -> ColumnSpec:
        if (self.slot is None) == (self.type is None):
            what = "is both a slot and" if self.slot else "is neither a slot nor"
            raise mistake(f"{what} a typed value", "write a slot, or {type: instant}")
        return self


class ToolSpec(Spec):
    """A lookup that the bot makes: typed parameters and a read-only SQL query."""

    description: str = Field(description="What it looks up, for the model that calls it.")
    parameters: dict[str, TypeSpec] = Field({}, description="Parameters, read as :name in the SQL.")
    returns: dict[str, ColumnSpec] = Field({}, description="Columns that phrasings may print.")
    sql: str = Field(description="A SELECT over the domain's tables; :now is the session's clock.")


class ClockSpec(Spec):
    """When sessions happen; each draws its own `now`."""

    from_: dt.date = Field(dt.date(2026, 1, 1), alias="from", description="The first day.")
    to: dt.date = Field(dt.date(2026, 12, 31), description="The last day.")
    hours: dict[str, Weight] = Field({"9..22": 1}, description="Hours of the day: weight.")
    zone: str = Field("UTC", description="The time zone, by its IANA name.")


class DomainSpec(Spec):
    """A pack: the slots, tools and tables that its units share."""

    title: str | None = Field(None, description="What it is, for people.")
    license: str | None = Field(None, description="Of the pack and its data: cc-by-4.0.")
    locale: str = Field(description="The Faker locale of the values: zh_CN.")
    clock: ClockSpec = Field(ClockSpec(), description="When sessions happen.")
    slots: dict[str, SlotSpec] = Field({}, description="The named variables.")
    tools: dict[str, ToolSpec] = Field({}, description="The lookups.")
    behaviours: dict[str, BehaviourSpec] = Field(
        {}, description="Behaviour: how it is worded here, instead of the locale's own wordings."
    )


class NeedSpec(Shorthand):
    """Something the bot must know: a slot, or several asked together; wordings may be its own."""

    short = "slots"
    slots: Names = Field(description="The slots that are asked for together.", min_length=1)
    ask: list[BotPhrasingSpec] = Field([], description="How the bot asks, in this unit.")
    give: list[PhrasingSpec] = Field([], description="How the user answers, in this unit.")


class CallSpec(Spec):
    """A call of a tool."""

    tool: str = Field(description="The tool.")
    with_: dict[str, str] = Field({}, alias="with", description="Parameter: expression.")
    as_: str = Field(alias="as", description="The name of the result: a list of rows.")


class OutcomeSpec(Spec):
    """One of the answers of a unit."""

    when: str | None = Field(None, description="When it applies; the last has none.")
    outcome: str = Field("found", description="Its name, for guards and for the record.")
    say: list[BotPhrasingSpec] = Field(description="Its phrasings.", min_length=1)


class GiveWeightSpec(Spec):
    """How often a turn gives exactly these slots."""

    gives: list[str] = Field(description="The slots.")
    weight: Weight = Field(description="How often.")


def _outcomes(written: Any) -> Any:
    if isinstance(written, list) and written:
        flat = [item for item in written if not _is_outcome(item)]
        if len(flat) == len(written):
            return [{"say": written}]
        if flat:
            raise mistake("mixes phrasings and outcomes", "put the phrasings under say:")
    return written


def _is_outcome(written: Any) -> bool:
    if not isinstance(written, dict) or not written.keys().isdisjoint(("weight", "shared")):
        return False
    # One unknown key is a phrasing with a colon in it, which YAML took apart.
    return len(written) != 1 or not written.keys().isdisjoint(OutcomeSpec.model_fields)


class TurnSpec(Spec):
    """One turn of a unit: user, call, set or bot."""

    user: PhrasingsSpec | None = Field(None, description="What the user may say.")
    weights: list[GiveWeightSpec] = Field([], description="How often the user gives which slots.")
    call: CallSpec | None = Field(None, description="A lookup.")
    set: dict[str, str] | None = Field(None, description="Names for expressions.", min_length=1)
    bot: (
        Annotated[
            list[OutcomeSpec],
            BeforeValidator(_outcomes),
            Also({"type": "array", "items": {"type": "string"}}),
        ]
        | None
    ) = Field(
        None,
        description="What the bot answers: phrasings, or outcomes of which the first applies.",
        min_length=1,
    )
    when: str | None = Field(None, description="The turn is left out when this is false.")

    @model_validator(mode="before")
    @classmethod
    def _one_kind(cls, written: Any) -> Any:
        if isinstance(written, dict):
            kinds = [kind for kind in ("user", "call", "set", "bot") if kind in written]
            if not kinds and unknown(written, cls):
                return written  # a misspelt kind is told as an unknown key
            if len(kinds) != 1:
                what = f"a turn is one of user, call, set, bot but this is {_both(kinds)}"
                raise mistake(what, "write one list item for each", (*kinds, None, None)[1])
            demand(written, kinds)
            if "weights" in written and "user" not in written:
                raise mistake("'weights' goes with user", "remove 'weights'", "weights")
        return written


def _both(kinds: list[str]) -> str:
    return " and ".join(kinds) or "none"


class UnitSpec(Spec):
    """An atomic piece of conversation with an intent: what users say and what the bot answers."""

    title: str | None = Field(None, description="What it is, for people.")
    intent: Names | None = Field(None, description="Its intents; left out: the file's name.")
    needs: list[NeedSpec] = Field([], description="What the bot must know before it can answer.")
    redraw: Names = Field([], description="Slots that are drawn anew when the unit is entered.")
    without: Names = Field([], description="Behaviours that make no sense here.")
    turns: list[TurnSpec] = Field(description="Its turns, in order.", min_length=1)
    target: Labels | None = Field(
        None, description="What a model must extract, label: slot; left out: all the user gave."
    )
    facts: dict[str, str] = Field(
        {}, description="Numbers, dates and money that its bot phrasings may say: their source."
    )


class EdgeSpec(Spec):
    """A way from a unit to the next."""

    to: str = Field(description="The next unit, or end.")
    weight: Weight = Field(1, description="How often it is taken.")
    when: str | None = Field(None, description="It is open only when this is true.")
    redraw: Names = Field([], description="Slots that are drawn anew on the way.")

    @model_validator(mode="before")
    @classmethod
    def _named(cls, written: Any) -> Any:
        if isinstance(written, str):
            raise mistake(f"expected an edge but got {shape(written)}", f"write {{to: {written}}}")
        if isinstance(written, dict) and len(written) == 1 and "to" not in written:
            ((name, weight),) = written.items()
            if isinstance(weight, str) and name not in cls.model_fields:
                what = f"an edge in a list names its unit by 'to' but this one by '{name}'"
                raise mistake(what, f"write {{to: {name}, weight: {weight}}}")
        return written


def _edges(written: Any) -> Any:
    if isinstance(written, dict):
        return [{"to": to, "weight": weight} for to, weight in written.items()]
    if written is None:
        raise mistake("nothing leads on from here", "write {end: 1}")
    if isinstance(written, str):
        raise mistake(f"expected edges but got {shape(written)}", f"write {{{written}: 1}}")
    return written


Edges = Annotated[
    list[EdgeSpec],
    BeforeValidator(_edges),
    Also({"type": "object", "additionalProperties": {"type": "number"}}),
]


class WalkSpec(Spec):
    """How long walks are."""

    units: Range = Field((1, 12), description="Visits to units, from..to.")


class SceneSpec(Spec):
    """A named stretch of walk with a target of its own."""

    path: list[str] = Field(description="The units, one after the other.", min_length=1)
    target: Labels | None = Field(None, description="Label: slot; left out: all the user gave.")
    extract: list[JsonWording] | None = Field(
        None, description="How it is asked for, instead of the graph's wordings.", min_length=1
    )


class GraphSpec(Spec):
    """Which unit may follow which."""

    title: str | None = Field(None, description="What it is, for people.")
    domain: str = Field(description="The domain: the folder units/<domain>.")
    start: Weights = Field(description="The units that sessions start with: weight.")
    edges: dict[str, Edges] = Field(description="From each unit the ways on.")
    phases: dict[str, Annotated[list[str], Field(min_length=1)]] = Field(
        {}, description="Units that are drawn together, by the title of the phase."
    )
    walk: WalkSpec = Field(WalkSpec(), description="How long walks are.")
    target: Labels | None = Field(
        None,
        description="What is extracted where units and scenes do not say it; label: slot.",
    )
    scenes: dict[str, SceneSpec] = Field({}, description="Named stretches of walk.")
    preset: Literal["tidy", "usual", "rough"] = Field(
        "tidy", description="How much people differ from the book; tidy: not at all."
    )
    behaviours: dict[str, Rate] = Field(
        {}, description="Behaviour: how likely it is at an eligible move; goes before the preset."
    )
    noise: dict[str, Rate] = Field(
        {}, description="Operator: how likely it disturbs an eligible turn; goes before the preset."
    )
    noise_in_slots: Rate = Field(
        0, description="How likely an operator that disturbs a turn may touch slots, too."
    )
    instructions: InstructionsSpec = Field(
        InstructionsSpec(),
        description="How a model is asked, instead of the locale's own wordings.",
    )
