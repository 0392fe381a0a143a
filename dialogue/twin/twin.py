"""Examples in, a pack on the disk out, proven before it is there."""

from __future__ import annotations

import random
import re
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dialogue.check import check
from dialogue.compiler.graphs import load_graph
from dialogue.problem import MANY, ContentError, Position, Problem, UnplacedError
from dialogue.providers import open_faker
from dialogue.providers.wording import literal_facts
from dialogue.twin import readers
from dialogue.twin.alignment import placed
from dialogue.twin.draft import draft
from dialogue.twin.inference import infer
from dialogue.twin.languages import language_of, locale_of
from dialogue.twin.pack import MARK, files
from dialogue.twin.proof import Proof, prove

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dialogue.twin.draft import Draft
    from dialogue.twin.example import Conversation

_NAME = re.compile(r"[A-Za-z0-9][\w-]*")


class Refused(UnplacedError):  # noqa: N818 - it names what happened
    """A place that nothing can be written to."""


@dataclass(frozen=True, slots=True)
class Options:
    """How examples are read.

    `locale` left out is guessed by the characters; `reader` by the names of the files. `max_loss`
    is the share of examples that may be left out because their values have no place. `force`
    replaces what an earlier draft has left.
    """

    locale: str = ""
    reader: str = ""
    max_loss: float = 0
    force: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """What was written, and how it was proven.

    `before` counts the utterances with their own words, `after` the phrasings they became;
    `lost` are examples that were left out, `left` wordings.
    """

    graph: Path
    written: tuple[Path, ...]
    draft: Draft
    proof: Proof
    locale: str
    examples: int
    lost: tuple[Problem, ...] = ()
    checked: dict[str, int] = field(default_factory=dict)

    @property
    def before(self) -> int:
        """How many utterances became phrasings."""
        return sum(1 for _ in self.draft.phrases())

    @property
    def after(self) -> int:
        """How many phrasings they became."""
        return len({(unit.name, phrase.template) for unit, phrase in self.draft.phrases()})


def twin(paths: Sequence[Path], folder: Path, options: Options | None = None) -> Made:
    """Write the domain `folder` and the graph of its name beside `units/`.

    Raises ContentError for examples that cannot be read or whose values have no place, Refused
    for a folder that cannot be written to. Then nothing is written.
    """
    options = options or Options()
    home = _home(folder, force=options.force)
    _check_locale(options.locale)
    reading = readers.read(paths, options.reader)
    talks = [talk for talk in reading.conversations if talk.utterances]
    locale = options.locale or locale_of(said.text for talk in talks for said in talk.utterances)
    language = language_of(locale)
    known: list[Conversation] = []
    problems = list(reading.problems)
    lost = len(problems)
    for talk in talks:
        found, missing = placed(talk, language, near=len(problems) < MANY)
        if missing:
            problems += missing
            lost += 1
        else:
            known.append(found)
    examples = len(known) + lost
    if problems and (not known or lost > options.max_loss * examples):
        raise ContentError(problems)
    if not known:
        raise ContentError([_empty(path) for path in paths])
    inferred = infer(known, language)
    pattern = literal_facts(locale)

    def fact(words: str) -> str | None:
        found = pattern.search(words)
        return found[0] if found else None

    made = draft(known, inferred, language, fact)
    if not made.units:
        raise ContentError(made.left or [_empty(path) for path in paths])
    origin = ", ".join(dict.fromkeys(path.name for path in paths))
    schemas = (home / "schemas").is_dir()
    texts = files(made, folder.name, origin, locale, language, schemas=schemas)
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=home) as scratch:
        staged = Path(scratch)
        for name, text in texts.items():
            path = staged / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        graph = staged / "graphs" / f"{folder.name}.yaml"
        try:
            proof = prove(made, load_graph(graph).domain)
            checked = check([graph])
        except ContentError as error:
            raise ContentError(_moved(error.problems, staged, home)) from None
        if proof.failed and len(proof.failed) > options.max_loss * made.utterances:
            raise ContentError(proof.failed)
        _put(staged, home, folder.name)
    written = tuple(home / name for name in texts)
    place = home / "graphs" / f"{folder.name}.yaml"
    return Made(place, written, made, proof, locale, examples, tuple(problems), checked)


def _check_locale(locale: str) -> None:
    """Raise Refused for a locale that Faker does not have."""
    try:
        if locale:
            open_faker(locale, random.Random(0))
    except ValueError as error:
        what, _, fix = str(error).partition(": ")
        raise Refused(what, fix) from None


def _empty(path: Path) -> Problem:
    return Problem(Position(str(path)), "holds no example", 'write {"text": …, "target": {…}}')


def _moved(problems: Iterable[Problem], staged: Path, home: Path) -> list[Problem]:
    """Return problems of files as they would have been called."""
    found = []
    for one in problems:
        path = one.at.path.replace(f"{staged}", f"{home}")
        at = Position(path, one.at.line, one.at.column)
        found.append(Problem(at, one.what, one.fix))
    return found


def _home(folder: Path, *, force: bool) -> Path:
    """Return where `units/` and `graphs/` lie; raises Refused for what cannot be written."""
    if folder.resolve().parent.name != "units" or not _NAME.fullmatch(folder.name):
        what = f"'{folder}' is no place for a domain"
        raise Refused(what, "write to units/NAME, where NAME is of letters, digits and _")
    home = folder.parent.parent
    graph = home / "graphs" / f"{folder.name}.yaml"
    for path in (folder, graph):
        if not force and (path.exists() or path.is_symlink()):
            raise Refused(f"'{path}' exists already", "choose another name, or add --force")
    if folder.is_dir():
        first = folder / "domain.yaml"
        others = [one.name for one in folder.iterdir() if one.suffix != ".yaml" or one.is_dir()]
        drafted = first.is_file() and MARK in first.read_text("utf-8", "replace")
        if others or not drafted:
            what = f"'{folder}' holds '{others[0]}'" if others else f"'{first}' is no draft"
            fix = "move it away yourself: --force replaces only what 'dialogue twin' has written"
            raise Refused(f"{what}, which 'dialogue twin' has not written", fix)
    elif folder.exists():
        raise Refused(f"'{folder}' is a file", "choose another name")
    return home


def _put(staged: Path, home: Path, name: str) -> None:
    """Move a whole pack to its place; what was there before goes when the new one is there."""
    folder, graph = home / "units" / name, home / "graphs" / f"{name}.yaml"
    folder.parent.mkdir(exist_ok=True)
    graph.parent.mkdir(exist_ok=True)
    old = staged / "old"
    if folder.exists():
        folder.replace(old)
    try:
        (staged / "units" / name).replace(folder)
    except OSError:
        if old.exists():
            old.replace(folder)
        raise
    (staged / "graphs" / f"{name}.yaml").replace(graph)
    shutil.rmtree(old, ignore_errors=True)
