"""What follows from corrections: acts, state, omissions and targets of a session, made anew.

Only what has to do with a corrected label is touched, by the rules of the record: a state holds the
latest mention of each key, and a target the latest within its stretch. What the bot said and looked
up stays as it was, since it happened; so does what the user affirms or negates of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dialogue.review.correction import Correction
    from dialogue.session import Session, Target
    from dialogue.tasks.ontology import Ontology


def revised(session: Session, corrections: Sequence[Correction], ontology: Ontology) -> Session:
    """Return the session with corrections made and everything that follows from them."""
    turns: list[Any] = [dict(turn) for turn in session["turns"]]
    for correction in corrections:
        _correct(turns, session, correction)
    edits = [edit for correction in corrections for edit in correction.edits]
    sides: list[Any] = [edit.get(side) for edit in edits for side in ("before", "after")]
    touched = {ontology.key(span) for span in sides if isinstance(span, dict)}
    if touched:
        _remember(turns, touched, ontology)
    changed = {edit["turn"] for edit in edits if edit["action"] == "intent"}
    if changed:
        _intend(turns, _exchanges(session), changed)
    targets = [_target(target, turns, touched, ontology) for target in session["targets"]]
    known = session.get("edits", [])
    return {**session, "turns": turns, "targets": targets, "edits": [*known, *edits]}


def outdated(session: Session, corrections: Sequence[Correction]) -> int:
    """Count the calls that were made with what has been corrected since."""
    gone: dict[str, int] = {}
    for correction in corrections:
        for edit in correction.edits:
            before: Any = edit.get("before")
            after: Any = edit.get("after")
            if isinstance(before, dict) and not (
                isinstance(after, dict)
                and all(after[name] == before[name] for name in ("slot", "value"))
            ):
                for form in _texts([before["value"], before.get("normal", before["surface"])]):
                    gone.setdefault(form, correction.turn)
    return sum(
        any(gone.get(form, number) < number for form in _texts(turn["arguments"]))
        for number, turn in enumerate(session["turns"])
        if turn["kind"] == "call"
    )


def _texts(data: Any) -> Iterator[str]:
    """Yield the texts in a JSON value."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for one in data.values() if isinstance(data, dict) else data:
            yield from _texts(one)


def _correct(turns: list[Any], session: Session, correction: Correction) -> None:
    """Put spans, intents and acts into their utterance."""
    turn = turns[correction.turn]
    turn["spans"] = list(correction.spans)
    acts = [act for act in turn["acts"] if act["act"] != "inform"]
    if any(edit["action"] == "intent" for edit in correction.edits):
        turn["intents"] = [{"name": name} for name in correction.intents]
        if _opens(correction.turn, turns, session):
            told = [{"act": "inform_intent", "intent": name} for name in correction.intents]
            acts = [*told, *(act for act in acts if act["act"] != "inform_intent")]
    for number, span in enumerate(correction.spans):
        about = {name: span[name] for name in ("slot", "part") if name in span}
        acts.append({"act": "inform", **about, "span": number})
    turn["acts"] = acts


def _opens(number: int, turns: Sequence[Any], session: Session) -> bool:
    """Tell whether an utterance tells what the user wants, or is their first in its exchange."""
    if any(act["act"] == "inform_intent" for act in turns[number]["acts"]):
        return True
    exchange = _exchanges(session)[number]
    if exchange is None:
        return False
    return not any(_is_users(turn) for turn in turns[exchange["turns"][0] : number])


def _exchanges(session: Session) -> list[Target | None]:
    """Return the exchange of each turn: the shortest that it lies in."""
    owners: list[Target | None] = [None] * len(session["turns"])
    exchanges = [target for target in session["targets"] if target["scope"] == "exchange"]
    exchanges.sort(key=lambda one: one["turns"][1] - one["turns"][0])
    for exchange in exchanges:
        for number in range(*exchange["turns"]):
            owners[number] = owners[number] or exchange
    return owners


def _is_users(turn: Mapping[str, Any]) -> bool:
    return bool(turn["kind"] == "utterance" and turn["speaker"] == "user")


def _mentions(turns: Sequence[Any], ontology: Ontology) -> Iterator[tuple[int, str, Any]]:
    """Yield what users tell: the number of the turn, the key and a span, None for what is denied.

    What they affirm is the span that the bot has just said of it.
    """
    checked: dict[str, Any] = {}
    for number, turn in enumerate(turns):
        if turn["kind"] != "utterance":
            continue
        if not _is_users(turn):
            spans = [turn["spans"][act["span"]] for act in turn["acts"]
                     if act["act"] in ("confirm", "offer")]  # fmt: skip
            checked = {ontology.key(span): span for span in spans}
            continue
        for act in turn["acts"]:
            if act["act"] == "affirm" and ontology.key(act) in checked:
                yield number, ontology.key(act), checked[ontology.key(act)]
            elif act["act"] == "negate":
                yield number, ontology.key(act), None
        for span in turn["spans"]:
            yield number, ontology.key(span), span


def _remember(turns: list[Any], touched: set[str], ontology: Ontology) -> None:
    """Tell every state, and everything left unsaid, what was said of these keys."""
    slots: dict[str, Any] = {}
    told: dict[str, int] = {}
    said: dict[int, list[tuple[str, Any]]] = {}
    for number, key, span in _mentions(turns, ontology):
        said.setdefault(number, []).append((key, span))
    for number, turn in enumerate(turns):
        if turn["kind"] != "utterance":
            continue
        mine = {key for key, _ in said.get(number, ())}
        omitted = []
        for one in turn["omitted"]:
            key = "" if "result" in one else ontology.key(one)
            if key not in touched:
                omitted.append(one)
            elif key in slots and key not in mine:  # neither told nowhere nor said after all
                antecedent = {"turn": told[key]}
                omitted.append({**one, "value": slots[key]["value"], "antecedent": antecedent})
        turn["omitted"] = omitted
        for key, span in said.get(number, ()):
            if span is None:
                slots.pop(key, None)
                continue
            slots[key] = {n: span[n] for n in ("surface", "normal", "value") if n in span}
            told[key] = number
        # What the record no longer holds belongs to an address that has changed since.
        held = touched | turn["state"]["slots"].keys()
        kept = {key: entry for key, entry in slots.items() if key in held}
        turn["state"] = {**turn["state"], "slots": kept}


def _intend(turns: list[Any], exchanges: Sequence[Target | None], changed: set[int]) -> None:
    """Let the state know the intent of what the user said last in an exchange."""
    latest: dict[int, str | None] = {}  # of the exchanges where it has changed
    for number, turn in enumerate(turns):
        exchange = id(exchanges[number])
        if turn["kind"] != "utterance":
            continue
        if _is_users(turn) and (number in changed or exchange in latest):
            latest[exchange] = turn["intents"][0]["name"] if turn["intents"] else None
        if exchange in latest:
            turn["state"] = {**turn["state"], "intent": latest[exchange]}


def _target(target: Target, turns: Sequence[Any], touched: set[str], ontology: Ontology) -> Target:
    """Return a target as it is after what was said of some keys has changed."""
    first, last = target["turns"]
    said: dict[str, str] = {}
    for number, key, span in _mentions(turns, ontology):
        if first <= number < last and span is not None:
            said[key] = span["surface"]
        elif first <= number < last:
            said.pop(key, None)
    if target["scope"] == "session":  # all that was said, by first mention
        asked = ontology.target
        labels: Mapping[str, str] = {
            ontology.labels[key]: key
            for key in said
            if asked is None or ontology.labels[key] in asked
        }
        anew = {ontology.labels[key] for key in touched}
    else:
        of = ontology.unit if target["scope"] == "exchange" else ontology.scene
        labels = of(target["name"])
        anew = {label for label, key in labels.items() if key in touched}
    found = dict(target["target"])
    for label in [*labels, *anew.difference(labels)]:
        if label in anew:
            if labels.get(label) in said:
                found[label] = said[labels[label]]
            else:
                found.pop(label, None)
    return {**target, "target": found}
