"""Rasa 3.6 ("3.1" YAML): examples with inline entities, stories, and one domain for all splits.

- `rasa/<split>/nlu/<intent>.yml`: an example for each of the user's turns, several intents joined
  by `+`. All messages are kept; Rasa drops the second of two equal ones by itself. Each is an item
  with `text`, since in the list of lines that Rasa also reads a message could have no line break.
- `rasa/<split>/stories.yml`: a story a session: intent and entities of the user's turns,
  `action_<tool>` for lookups, `utter_ask_<slot>`, `utter_<unit>_<outcome>` or `utter_<unit>` for
  what the bot says; `utter_confirm_<slot>` and `utter_offer_<slot>`, and with the name of a
  behaviour what it says in its own words: `utter_urge`, `utter_digress_ask_<slot>`.
- `rasa/<split>/synonyms.yml`: what the split's users call a documented value, value by value.
- `rasa/domain.yml`: intents, entities with roles, slots, actions, and up to three wordings of each
  response, slots in braces. All names are known to it that any split uses.

`rasa train --domain rasa/domain.yml --data rasa/train`.

What Rasa demands, and what becomes of it: a turn without an intent has the intent `no_intent`, for
an example must have one. In the name of an intent, `/`, `+` and `:` become `.`. A slot must begin
with an ASCII letter: 地点 fills `slot_地点`, `city` with the role origin `city_origin`. White space
around a message goes. Text that Rasa would take for markup, such as `[x](y)`, cannot be escaped:
the example is a loss. `validate()` warns of an intent or entity with a single example.

A synonym, like an inline `value`, holds for every entity with that text, in small and capital
letters alike. So no value stands inline, and a surface is a synonym only where the pack documents
it, no slot documents another meaning, and no user says it of anything else: 北京市 is not 北京
where an address has it as well. Times and rows of a result never are.

What Rasa has no place for: arguments and rows of lookups, what is left to be understood, what the
bot said word by word. Slots do not influence the conversation; they are set from entities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogue.formats.format import Format, Note, Row
from dialogue.formats.rasa import synonym
from dialogue.formats.rasa.domain import domain, intents, slot
from dialogue.formats.rasa.markup import Entity, message
from dialogue.formats.rasa.scalar import HEAD, Piece, Yaml, quoted, scalar
from dialogue.tasks.example import Loss

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dialogue.formats.format import Items, Outcome
    from dialogue.session import Session
    from dialogue.tasks.example import Example
    from dialogue.tasks.ontology import Ontology
    from dialogue.tasks.options import Options


_KINDS = {"confirm": "confirm", "offer": "offer", "request": "ask"}


def rows(
    session: Session,
    examples: Mapping[str, Sequence[Example]],  # noqa: ARG001
    ontology: Ontology,
    options: Options,
) -> Items:
    """Yield an example for each of the user's turns, and the story."""
    split, steps = session["split"], []
    for turn in session["turns"]:
        if turn["kind"] == "call":
            action = f"action_{turn['tool']}"
            yield Note(("action", action))
            steps.append(f"  - action: {scalar(action)}\n")
        elif turn["kind"] == "utterance" and turn["speaker"] == "bot":
            action = utter(turn, ontology, options)
            yield Note(("response", action, turn["phrasing"]), wording(turn, ontology, options))
            steps.append(f"  - action: {scalar(action)}\n")
        elif turn["kind"] == "utterance":
            intent = _intent(turn, ontology)
            said = entities(turn, ontology, options)
            yield Note(("intent", intent))
            for one in said:
                yield Note(("entity", one.name, one.role or ""))
            yield from synonym.notes(turn, split, ontology)
            yield _example(turn["text"], said, f"{split}/nlu/{intent}.yml", intent)
            told = [one for one in said if one.name not in ("role", "group")]
            yield from [Loss("a story's entity named 'role' or 'group'")] * (len(said) - len(told))
            steps.append(_user(turn["text"], intent, told))
    story = f"- story: {scalar(session['id'])}\n  steps:\n{''.join(steps)}"
    yield Row(f"{split}/stories.yml", Piece(f"{HEAD}stories:\n", story))


def _example(text: str, said: Sequence[Entity], path: str, intent: str) -> Row | Loss:
    written = message(text, said)
    if written is None:
        return Loss("an example whose text looks like Rasa's markup of entities")
    head = f"{HEAD}nlu:\n- intent: {scalar(intent)}\n  examples:\n"
    return Row(path, Piece(head, f"  - text: {scalar(written)}\n"))


def _intent(turn: Mapping[str, Any], ontology: Ontology) -> str:
    names = intents(ontology)
    return "+".join(names[intent["name"]] for intent in turn["intents"]) or names[""]


def entities(turn: Mapping[str, Any], ontology: Ontology, options: Options) -> list[Entity]:
    """Return the entities of a user's turn."""
    return [
        Entity(span["start"], span["end"], _name(span, ontology, options), span.get("role"))
        for span in turn["spans"]
    ]


def _name(span: Mapping[str, Any], ontology: Ontology, options: Options) -> str:
    """Return the name of an entity; its role stands apart."""
    plain = {key: span[key] for key in ("slot", "part") if key in span}
    return ontology.ascii(plain) if options.labels == "key" else ontology.label(plain)


def _slot(span: Mapping[str, Any], ontology: Ontology, options: Options) -> str:
    return slot(_name(span, ontology, options), span.get("role", ""))


def _user(text: str, intent: str, said: Iterable[Entity]) -> str:
    lines = [f"  - intent: {scalar(intent)}\n"]
    for number, one in enumerate(said):
        if not number:
            lines.append("    entities:\n")
        lines.append(f"    - {scalar(one.name)}: {quoted(text[one.start : one.end])}\n")
        if one.role is not None:
            lines.append(f"      role: {scalar(one.role)}\n")
    return "".join(lines)


def utter(turn: Mapping[str, Any], ontology: Ontology, options: Options) -> str:
    """Return the action by which the bot says something.

    What it checks or offers is one of its own, and so is what begins in the words of a behaviour.
    """
    names = ["utter"]
    for kind, name in _KINDS.items():
        slots = [_slot(act, ontology, options) for act in turn["acts"] if act["act"] == kind]
        if slots:
            return "_".join([*names, *_led(turn), name, *slots])
    if (led := _led(turn)) and "phrasings" not in turn:
        return "_".join([*names, *led])
    return "_".join(filter(None, [*names, *led, turn["unit"], turn.get("outcome")]))


def _led(turn: Mapping[str, Any]) -> list[str]:
    """Return the behaviour in whose words a turn begins, if it does; a check is anybody's."""
    owner = turn["phrasing"].rpartition("/")[0]
    own = owner in (turn["unit"], "") or ":" in owner
    checks = any(act["act"] in ("confirm", "offer") for act in turn["acts"])
    return [] if own or checks else [owner]


def wording(turn: Mapping[str, Any], ontology: Ontology, options: Options) -> str | None:
    """Return what the bot says with slots in braces; None if it says braces itself."""
    text, pieces, at = turn["text"], [], 0
    for span in turn["spans"]:
        pieces += [text[at : span["start"]], f"{{{_slot(span, ontology, options)}}}"]
        at = span["end"]
    literal = "".join([*pieces[::2], text[at:]])
    return None if set("{}") & set(literal) else "".join([*pieces, text[at:]])


def closing(outcome: Outcome) -> Iterator[Row]:
    """Yield the domain, and the synonyms of each split."""
    yield Row("domain.yml", domain(outcome))
    for split, text in synonym.files(outcome):
        yield Row(f"{split}/synonyms.yml", text)


FORMAT = Format(
    name="rasa",
    purpose="examples with entities, stories and a domain for Rasa 3",
    tasks=("tag", "intent"),
    rows=rows,
    reads=("labels",),
    fixed=True,
    closing=closing,
    sinks={".yml": Yaml},
    configs=False,
)
