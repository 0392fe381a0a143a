"""spaCy: every document as it reads it, and a few steps of training by the exported config.cfg."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import spacy
from spacy.tokens import DocBin

from exported import directories, fail, passed
from spans import Said, utterances

if TYPE_CHECKING:
    from collections.abc import Iterator

STEPS = 3


def main() -> None:
    rows = entities = 0
    for directory in directories():
        folder = directory / "spacy"
        for split in sorted(path for path in folder.iterdir() if path.is_dir()):
            read = list(_documents(split))
            entities += _compare(split, read, utterances(directory, split.name))
            rows += len(read)
        _train(folder)
    passed("spacy", "spacy", rows, f"{entities:,} entities", f"{STEPS} steps of training")


def _documents(split: Path) -> Iterator[Any]:
    vocabulary = spacy.blank("zh").vocab
    for path in sorted(split.glob("*.spacy")):
        yield from DocBin(store_user_data=True).from_disk(path).get_docs(vocabulary)


def _compare(split: Path, read: list[Any], wanted: dict[str, Said]) -> int:
    if len(read) != len(wanted):
        fail(f"{split}: {len(read)} documents for {len(wanted)} utterances of users")
    count = 0
    for doc, (name, want) in zip(read, wanted.items(), strict=True):
        intents = tuple(sorted(intent for intent, held in doc.cats.items() if held == 1))
        for kind, spans in (("ents", doc.ents), ("spans", doc.spans["sc"])):
            got = tuple((span.start_char, span.end_char, span.label_) for span in spans)
            said = Said(doc.text, intents, got)
            if said != want:
                fail(f"{split}: {kind} of {name}\n  read     {said}\n  exported {want}")
        if doc.user_data.get("id") != name:
            fail(f"{split}: the document of {name} is called {doc.user_data.get('id')!r}")
        count += len(doc.ents)
    return count


def _train(folder: Path) -> None:
    """Train as the user would, and look whether all labels of the file are learned."""
    told = _spacy(folder, "debug", "data", "config.cfg", "--no-format", fine=(0, 1))
    plain = [line for line in told.splitlines() if line and "Analyzing" not in line]
    sys.stdout.write("\n".join([f"-- debug data of {folder}", *plain, ""]))
    with tempfile.TemporaryDirectory() as model:
        steps = ["--training.max_steps", str(STEPS), "--training.eval_frequency", "1"]
        _spacy(folder, "train", "config.cfg", "--output", model, *steps)
        labels = spacy.load(Path(model) / "model-last").pipe_labels
    docs = list(_documents(folder / "train"))
    for pipe, wanted in (
        ("ner", {span.label_ for doc in docs for span in doc.ents}),
        ("textcat_multilabel", {name for doc in docs for name in doc.cats}),
    ):
        if set(labels.get(pipe, ())) != wanted:
            fail(f"{folder}: {pipe} learned {labels.get(pipe)}, exported {sorted(wanted)}")


def _spacy(folder: Path, *arguments: str, fine: tuple[int, ...] = (0,)) -> str:
    run = subprocess.run(
        [sys.executable, "-m", "spacy", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode not in fine:
        fail(f"spacy {' '.join(arguments)}: code {run.returncode}\n{run.stdout}{run.stderr}")
    return run.stdout


main()
