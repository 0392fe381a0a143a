"""The record of a session, as it is stored: one JSON object a line."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

_strict = with_config(ConfigDict(extra="forbid"))  # no other keys


@_strict
class Span(TypedDict):
    """A stretch `[start, end)` of an utterance's text, in code points, that says a slot."""

    slot: Annotated[str, Field(description="The slot, or result.column for a typed value.")]
    start: Annotated[int, Field(description="First code point.", ge=0)]
    end: Annotated[int, Field(description="One past the last code point.", ge=1)]
    surface: Annotated[str, Field(description="The text, as said.", min_length=1)]
    value: Annotated[Any, Field(description="The canonical value; a time is a typed mapping.")]
    normal: NotRequired[Annotated[str, Field(description="Normal form, if not the surface.")]]
    part: NotRequired[Annotated[str, Field(description="The part of a record.")]]
    role: NotRequired[Annotated[str, Field(description="The part it plays: origin.")]]


@_strict
class Intent(TypedDict):
    """What a user wants."""

    name: Annotated[str, Field(description="The intent.")]


@_strict
class Act(TypedDict):
    """A dialogue act, about a slot that a span says or a question asks for.

    What a user affirms or negates is what the bot said of it last.
    """

    act: Annotated[
        Literal[
            "inform_intent",
            "inform",
            "request",
            "confirm",
            "offer",
            "affirm",
            "negate",
            "dontcare",
            "repeat",
        ],
        Field(description="What is done."),
    ]
    intent: NotRequired[Annotated[str, Field(description="The intent that is told.")]]
    slot: NotRequired[Annotated[str, Field(description="The slot it is about.")]]
    part: NotRequired[Annotated[str, Field(description="The part of a record.")]]
    role: NotRequired[Annotated[str, Field(description="The part it plays: origin.")]]
    span: NotRequired[Annotated[int, Field(description="Index into the utterance's spans.")]]


@_strict
class Antecedent(TypedDict):
    """Where something that is not said was told."""

    turn: Annotated[int, Field(description="Index into the session's turns.", ge=0)]


@_strict
class Omission(TypedDict):
    """Something understood but not said: a slot with its value, or the rows of a result."""

    slot: NotRequired[Annotated[str, Field(description="The slot.")]]
    value: NotRequired[Annotated[Any, Field(description="Its value.")]]
    result: NotRequired[Annotated[str, Field(description="The result whose rows are meant.")]]
    antecedent: Annotated[Antecedent, Field(description="Where it was told.")]
    part: NotRequired[Annotated[str, Field(description="The part of a record.")]]
    role: NotRequired[Annotated[str, Field(description="The part it plays.")]]


@_strict
class StateSlot(TypedDict):
    """The latest value of a slot, as the user said it."""

    surface: Annotated[str, Field(description="The text, as said.")]
    value: Annotated[Any, Field(description="The canonical value.")]
    normal: NotRequired[Annotated[str, Field(description="Normal form, if not the surface.")]]


@_strict
class State(TypedDict):
    """All that is known after an utterance."""

    intent: Annotated[str | None, Field(description="The intent of the exchange.")]
    slots: Annotated[
        dict[str, StateSlot], Field(description="slot, slot.part or slot:role → what was said.")
    ]
    results: Annotated[dict[str, int], Field(description="Name of a result → its latest turn.")]


@_strict
class Typing(TypedDict):
    """Something an operator of noise has done to a text."""

    operator: Annotated[str, Field(description="The operator.")]
    start: Annotated[int, Field(description="First code point of what stands there now.", ge=0)]
    end: Annotated[int, Field(description="One past its last code point.", ge=0)]
    before: Annotated[str, Field(description="What stood there.")]
    after: Annotated[str, Field(description="What stands there now.")]


@_strict
class Utterance(TypedDict):
    """Something said."""

    kind: Literal["utterance"]
    speaker: Annotated[Literal["user", "bot"], Field(description="Who says it.")]
    unit: Annotated[str, Field(description="The unit it belongs to.")]
    phrasing: Annotated[str, Field(description="The wording it was made from.")]
    phrasings: NotRequired[
        Annotated[list[str], Field(description="All wordings it was made from.", min_length=2)]
    ]
    units: NotRequired[
        Annotated[list[str], Field(description="All units it belongs to.", min_length=2)]
    ]
    text: Annotated[str, Field(description="What is said; NFC, never blank.", min_length=1)]
    spans: Annotated[list[Span], Field(description="The slots it says, in order, disjoint.")]
    acts: Annotated[list[Act], Field(description="What it does.")]
    omitted: Annotated[list[Omission], Field(description="What it leaves to be understood.")]
    state: Annotated[State, Field(description="What is known after it.")]
    intents: NotRequired[Annotated[list[Intent], Field(description="What the user wants.")]]
    outcome: NotRequired[Annotated[str, Field(description="Which answer of the unit it is.")]]
    behaviours: NotRequired[
        Annotated[list[str], Field(description="What people do here, by name.", min_length=1)]
    ]
    continues: NotRequired[
        Annotated[Literal[True], Field(description="Another message of the same turn.")]
    ]
    noise: NotRequired[
        Annotated[list[Typing], Field(description="What noise did, in order of the text.")]
    ]


@_strict
class Call(TypedDict):
    """A lookup by the bot."""

    kind: Literal["call"]
    speaker: Literal["bot"]
    unit: Annotated[str, Field(description="The unit it belongs to.")]
    tool: Annotated[str, Field(description="The tool.")]
    arguments: Annotated[dict[str, Any], Field(description="Normal forms; instants are ISO 8601.")]


# `as` is a word of Python's own, so this one cannot be written as a class.
Result = TypedDict(
    "Result",
    {
        "kind": Literal["result"],
        "speaker": Literal["tool"],
        "unit": Annotated[str, Field(description="The unit it belongs to.")],
        "tool": Annotated[str, Field(description="The tool.")],
        "as": Annotated[str, Field(description="The name it is bound to.")],
        "rows": Annotated[list[dict[str, Any]], Field(description="What the lookup found.")],
    },
)
_strict(Result)


@_strict
class Target(TypedDict):
    """What a model must extract from a stretch of turns."""

    scope: Annotated[
        Literal["exchange", "scene", "session"], Field(description="What the stretch is.")
    ]
    name: Annotated[str, Field(description="The unit, the scene or the graph.")]
    turns: Annotated[tuple[int, int], Field(description="The stretch `[first, last)` of turns.")]
    target: Annotated[dict[str, Any], Field(description="Label → surface; unsaid ones are absent.")]


@_strict
class Edit(TypedDict):
    """A correction by a reviewer, as it was made: the span before and after it, or the intents."""

    turn: Annotated[int, Field(description="Index into the session's turns.", ge=0)]
    span: NotRequired[
        Annotated[int, Field(description="Which span it was, before the import; none if added.")]
    ]
    action: Annotated[
        Literal["add", "change", "remove", "value", "intent"], Field(description="What was done.")
    ]
    before: NotRequired[Annotated[Span | list[str], Field(description="A span, or intents.")]]
    after: NotRequired[Annotated[Span | list[str], Field(description="A span, or intents.")]]
    source: Annotated[str, Field(description="Whose it is: labelstudio and the annotation's id.")]


Turn = Annotated[Utterance | Call | Result, Field(discriminator="kind")]


@_strict
class Session(TypedDict):
    """A labelled multi-turn dialogue.

    Offsets are Unicode code points, half open, into NFC text.
    """

    schema: Annotated[Literal["dialogue.session/1"], Field(description="The record's version.")]
    id: Annotated[str, Field(description="graph-seed-index.")]
    graph: Annotated[str, Field(description="The graph that was walked.")]
    domain: Annotated[str, Field(description="The domain of its units.")]
    locale: Annotated[str, Field(description="The locale of its values.")]
    seed: Annotated[int, Field(description="The seed of the run.")]
    index: Annotated[int, Field(description="Its index, from 0.", ge=0)]
    split: Annotated[Literal["train", "dev", "test"], Field(description="The split it is in.")]
    group: Annotated[str, Field(description="The same for sessions with the same walk.")]
    now: Annotated[str, Field(description="When it happens, ISO 8601 with offset.")]
    zone: Annotated[str, Field(description="The time zone, by its IANA name.")]
    walk: Annotated[list[str], Field(description="The units visited.")]
    facts: Annotated[dict[str, Any], Field(description="What was drawn as known: the customer.")]
    turns: Annotated[list[Turn], Field(description="Utterances, calls and results, in order.")]
    targets: Annotated[list[Target], Field(description="What a model must extract.")]
    behaviours: NotRequired[
        Annotated[
            dict[str, Annotated[list[int], Field(min_length=3, max_length=3)]],
            Field(description="Behaviour → moves that were eligible, asked for and rewritten."),
        ]
    ]
    noise: NotRequired[
        Annotated[
            dict[str, Annotated[list[int], Field(min_length=3, max_length=3)]],
            Field(description="Operator → turns that were eligible, asked for and disturbed."),
        ]
    ]
    edits: NotRequired[
        Annotated[list[Edit], Field(description="Corrections by reviewers; they are made above.")]
    ]
