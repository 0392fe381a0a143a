"""Rasa: examples, synonyms, stories and domain as the importer of `rasa train` reads them.

Nothing is trained: that needs TensorFlow, and a Python that Rasa was made for.
"""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING, Any

from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.importers.rasa import RasaFileImporter

from exported import directories, exports, fail, manifest, passed
from sessions import sessions
from spans import Said, utterances

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from turns import Row

NONE = "no_intent"
BOT = "the bot says something"


def main() -> None:
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    rows = told = 0
    for directory in directories():
        folder = directory / "rasa"
        for split in sorted(path for path in folder.iterdir() if path.is_dir()):
            read = RasaFileImporter(
                domain_path=str(folder / "domain.yml"), training_data_paths=[str(split)]
            )
            held = list(sessions(directory, split.name))
            made = exports(directory, "rasa")
            keys = manifest(directory)["ontology"]["keys"]
            ascii_ = keys if made["options"]["labels"] == "key" else {}
            said = _named(held, utterances(directory, split.name), ascii_)
            losses = sum(made["losses"].values())
            rows += _examples(split, read, set(said.values()), losses)
            _synonyms(split, read, held)
            told += _stories(split, read, [_story(session, said) for session in held])
    passed("rasa", "rasa", rows, f"{told:,} stories")


def _named(held: Iterable[Row], said: dict[str, Said], keys: dict[str, str]) -> dict[str, Said]:
    """Return utterances with labels as Rasa has them: a slot by its name and its role.

    `keys` are the names in ASCII, if those are asked for.
    """
    spans = {
        f"{session['id']}/{number}": turn["spans"]
        for session in held
        for number, turn in enumerate(session["turns"])
        if turn["kind"] == "utterance"
    }
    return {
        name: one._replace(
            spans=tuple(
                (start, end, _label(_name(span, keys), span.get("role")))
                for (start, end, _), span in zip(one.spans, spans[name], strict=True)
            )
        )
        for name, one in said.items()
    }


def _examples(split: Path, read: Any, wanted: set[Said], losses: int) -> int:
    """Compare examples as sets: of those that are equal Rasa keeps one."""
    found = {
        Said(
            example.get("text"),
            _intents(example.get("intent")),
            tuple(
                (e["start"], e["end"], _label(e["entity"], e.get("role")))
                for e in example.get("entities") or ()
            ),
        )
        for example in read.get_nlu_data().nlu_examples
    }
    for said in sorted(found - wanted):
        fail(f"{split}: nobody says {said}")
    unread = sorted(wanted - found)
    if len(unread) > losses:
        fail(f"{split}: {len(unread)} not read, the manifest tells {losses}: {unread[0]}")
    return len(found)


def _synonyms(split: Path, read: Any, held: Iterable[Row]) -> None:
    """Look whether Rasa would make another value of anything that users say."""
    synonyms = read.get_nlu_data().entity_synonyms
    for session in held:
        for turn in session["turns"]:
            if turn["kind"] == "utterance" and turn["speaker"] == "user":
                for span in turn["spans"]:
                    value = span.get("normal", span["surface"])
                    if synonyms.get(span["surface"], value) != value:
                        fail(f"{split}: a wrong synonym for {span['surface']!r} of {value!r}")


def _stories(split: Path, read: Any, wanted: list[list[object]]) -> int:
    """Compare what happens in each session, and whether the domain knows all that does."""
    domain = read.get_domain()
    steps = read.get_stories().story_steps
    stories = [list(_events(step.events)) for step in steps]
    if len(stories) != len(wanted):
        fail(f"{split}: {len(stories)} stories of {len(wanted)} sessions")
    for step, story, session in zip(steps, stories, wanted, strict=True):
        if story != session:
            fail(f"{split}: {step.block_name}\n  read     {story}\n  exported {session}")
        for event in step.events:
            if isinstance(event, UserUttered):
                _known(split, {event.intent_name}, domain.intents)
                _known(split, {entity["entity"] for entity in event.entities}, domain.entities)
            else:
                _known(split, {event.action_name}, domain.action_names_or_texts)
                if event.action_name.startswith("utter_"):
                    _known(split, {event.action_name}, domain.responses)
    return len(stories)


def _events(events: Iterable[object]) -> Iterator[object]:
    for event in events:
        if isinstance(event, UserUttered):
            yield (
                _intents(event.intent_name),
                [(_label(e["entity"], e.get("role")), e["value"]) for e in event.entities],
            )
        elif isinstance(event, ActionExecuted):
            name = str(event.action_name)
            yield BOT if name.startswith("utter_") else name
        else:
            yield event


def _story(session: Row, said: dict[str, Said]) -> list[object]:
    story: list[object] = []
    for number, turn in enumerate(session["turns"]):
        if turn["kind"] == "call":
            story.append(f"action_{turn['tool']}")
        elif turn["kind"] == "utterance" and turn["speaker"] == "bot":
            story.append(BOT)
        elif turn["kind"] == "utterance":
            one = said[f"{session['id']}/{number}"]
            entities = [(label, one.text[start:end]) for start, end, label in one.spans]
            story.append((one.intents, entities))
    return story


def _name(span: Row, keys: dict[str, str]) -> str:
    part = span.get("part")
    return keys.get(f"{span['slot']}.{part}" if part else span["slot"], part or span["slot"])


def _label(name: str, role: str | None) -> str:
    return f"{name}:{role}" if role else name


def _intents(joined: str | None) -> tuple[str, ...]:
    return () if joined in (None, NONE) else tuple(sorted(joined.split("+")))


def _known(split: Path, named: set[str], known: Iterable[str]) -> None:
    for name in named.difference(known):
        fail(f"{split}: the domain does not know {name!r}")


main()
