"""A tag for every character, for taggers that read columns, and the folders of JointBERT.

What users say only: that is what a tagger will be given, and what the bot says is printed from
values that are known already.

- `bio/<split>.txt`: two columns `character TAG`, a line a code point, a blank line between
  utterances. Tags are BIO (IOB2), or BIOES with `scheme="BIOES"`.
- `bio/jointbert/<split>/{seq.in,seq.out,label}`: the same characters and tags, an utterance a line,
  parted by spaces. Several intents are joined by `#`; an utterance without one has JointBERT's
  own `UNK`. `intent_label.txt` begins with UNK and `slot_label.txt` with PAD, UNK, O, as its reader
  demands; they list what occurs in any split.

To read spans back: line n of a block, from 0, is the code point n of its text, so that a span
begins at the number of its B (or S) and ends after the last tag that belongs to it. White space,
which would break the columns, is printed ▁ whatever it is; with the same options the utterance of
block n is that of the n-th user's line of `spans/<split>.jsonl`, where the text stands as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dialogue.formats.files import Text
from dialogue.formats.format import Format, Row
from dialogue.tasks import tag
from dialogue.tasks.example import Loss

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from dialogue.session import Session
    from dialogue.tasks.example import Example, Tag, Tagged
    from dialogue.tasks.ontology import Ontology
    from dialogue.tasks.options import Options

SPACE = "▁"
UNKNOWN = "UNK"
INTENTS = "#"


class Line(NamedTuple):
    """An utterance in JointBERT's three files."""

    split: str
    characters: str
    tags: str
    intent: str


def rows(
    session: Session,
    examples: Mapping[str, Sequence[Example]],  # noqa: ARG001
    ontology: Ontology,
    options: Options,
) -> Iterator[Row | Loss]:
    """Yield a block of columns and a line of JointBERT for each utterance of the user."""
    for one in tag.said_by(("user",), session, ontology, options):
        if isinstance(one, Loss):
            yield from (one, one)  # two rows that are not there
        else:
            yield from _rows(one, session["split"], options.scheme)


def _rows(said: Tagged, split: str, scheme: str) -> Iterator[Row | Loss]:
    spaced = next((one.label for one in said.tags if _breaks(one.label)), None)
    if spaced is not None:
        loss = Loss(f"the label '{spaced}' is blank or holds white space")
        yield from (loss, loss)
        return
    characters = [SPACE if one.isspace() else one for one in said.text]
    marks = tags(len(characters), said.tags, scheme)
    columns = "\n".join([f"{one} {mark}" for one, mark in zip(characters, marks, strict=True)])
    yield Row(f"{split}.txt", columns)
    for name in said.intents:
        if _breaks(name) or INTENTS in name or name == UNKNOWN:
            yield Loss(f"JointBERT cannot tell the intent '{name}'")
            return
    intent = INTENTS.join(said.intents) or UNKNOWN
    yield Row("jointbert", Line(split, " ".join(characters), " ".join(marks), intent))


def tags(length: int, spans: Iterable[Tag], scheme: str) -> list[str]:
    """Return the tag of every character of a text."""
    last, single = ("E", "S") if scheme == "BIOES" else ("I", "B")
    marks = ["O"] * length
    for start, end, label, *_ in spans:
        if end - start == 1:
            marks[start] = f"{single}-{label}"
        else:
            inner = [f"I-{label}"] * (end - start - 2)
            marks[start:end] = [f"B-{label}", *inner, f"{last}-{label}"]
    return marks


def _breaks(name: str) -> bool:
    return name.split() != [name]


class Blocks(Text):
    """Texts with a blank line between them."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.before = ""

    def add(self, data: str) -> None:
        """Write a block."""
        super().add(f"{self.before}{data}\n")
        self.before = "\n"


class JointBert:
    """JointBERT's folder: three files a split, and the labels of all splits."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files: dict[str, tuple[Text, Text, Text]] = {}
        self.intents: set[str] = set()
        self.tags: set[str] = set()

    def add(self, data: Line) -> None:
        """Write a line to each file of its split."""
        split, *texts = data
        if split not in self.files:
            self.files[split] = self.opened(split)
        for file, text in zip(self.files[split], texts, strict=True):
            file.add(f"{text}\n")
        self.intents.add(data.intent)
        self.tags.update(data.tags.split())

    def opened(self, split: str) -> tuple[Text, Text, Text]:
        """Open the files of a split."""
        folder = self.path / split
        folder.mkdir(parents=True)
        return Text(folder / "seq.in"), Text(folder / "seq.out"), Text(folder / "label")

    def close(self) -> None:
        """End the files and write the labels."""
        for file in (file for files in self.files.values() for file in files):
            file.close()
        intents = [UNKNOWN, *sorted(self.intents - {UNKNOWN})]
        marks = sorted(self.tags - {"O"}, key=lambda mark: (mark[2:], mark))
        _write(self.path / "intent_label.txt", intents)
        _write(self.path / "slot_label.txt", ["PAD", UNKNOWN, "O", *marks])


def _write(path: Path, lines: Iterable[str]) -> None:
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())


FORMAT = Format(
    name="bio",
    purpose="a tag for every character: columns, and JointBERT's folders",
    tasks=("tag", "intent"),
    rows=rows,
    reads=("labels", "scheme"),
    fixed=True,
    sinks={".txt": Blocks, "": JointBert},
    configs=False,
)
