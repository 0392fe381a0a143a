"""A dataset with the corrections of a review: every file whole, or a directory that says it is not.

An import that was ended is finished by the same command: a marker names the file, and a session
that holds its corrections already is left as it is. Exports made before are removed, since they
hold what was corrected.
"""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from dialogue import card, dataset, manifest
from dialogue.formats.labelstudio import INTENTS, SLOTS
from dialogue.manifest import File, Tally
from dialogue.problem import ContentError, Position, Problem
from dialogue.records import Records
from dialogue.review import labelstudio
from dialogue.review.answer import Mistake
from dialogue.review.consequence import outdated, revised
from dialogue.review.correction import Correction, Labels, compared
from dialogue.review.meaning import Meanings
from dialogue.writing import whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from dialogue.review.answer import Answer
    from dialogue.session import Session

_SCHEMA = "dialogue.import/1"
_MANY = 50  # mistakes, of which more would not help
_EMPTIED = 20  # edits of one question that nobody makes by never answering it
_AWAY = "move it away: exports made before a correction are removed"


@dataclass(frozen=True, slots=True)
class Revision:
    """What an import came to: answers and tasks without one, edits by action, and where.

    `calls` counts those that were made with what is corrected now and stay as they were. `removed`
    names the exports that were made before and held what was corrected, `again` has the commands
    that make them again.
    """

    answers: int
    waiting: int
    edits: Mapping[str, int] = field(default_factory=dict)
    sessions: int = 0
    calls: int = 0
    removed: tuple[str, ...] = ()
    again: tuple[str, ...] = ()


def revise(
    file: Path, directory: Path, *, watch: Callable[[int], None] = lambda _: None
) -> Revision:
    """Correct the sessions of a dataset as an export of Label Studio says.

    `watch` is told how many sessions have been read. Raises ContentError for what is wrong with the
    file or with sessions, all at once, `Refused` for a directory that is no dataset or holds a file
    that would be lost; then nothing was written.
    """
    data = file.read_bytes()
    with dataset.locked(directory):
        mark = {"schema": _SCHEMA, "file": file.name, "sha256": hashlib.sha256(data).hexdigest()}
        begun = _begun(directory, mark)
        records = Records.open(directory, begun=begun)
        records.verify()
        review = _Review(file, records, labelstudio.reading(data))
        for session in records:
            review.see(session)
            watch(1)
        review.check()
        if not review.edits and not begun:
            return Revision(review.count, review.waiting)
        _check_exports(records)
        with whole(directory / dataset.UNFINISHED) as marker:
            marker.write(manifest.encode(mark))
        document = review.write()
        for name in records.exports:
            if (directory / name).exists():
                shutil.rmtree(directory / name)
        with whole(directory / dataset.MANIFEST) as written:
            written.write(manifest.encode(document))
        card.write(directory, document)
        (directory / dataset.UNFINISHED).unlink()
    return Revision(
        review.count,
        review.waiting,
        dict(review.edits),
        review.changed,
        review.calls,
        tuple(records.exports),
        tuple(card.exporting({"exports": records.exports}, str(directory))),
    )


def _begun(directory: Path, mark: Mapping[str, Any]) -> bool:
    """Tell whether this very import was ended in the directory; another one is in the way."""
    found = dataset.read(directory / dataset.UNFINISHED, _SCHEMA)
    if found is not None and found.get("sha256") != mark["sha256"]:
        what = f"'{directory}' holds an unfinished import of '{found.get('file')}'"
        raise dataset.Refused(what, "give that import again as it was")
    return found is not None


def _check_exports(records: Records) -> None:
    """Raise Refused where removing an export would lose what nobody can make again."""
    for name, entry in records.exports.items():
        place = records.directory / name
        listed = {str(file["path"]): file for file in entry["files"]}
        if place.is_symlink():
            raise dataset.Refused(f"'{place}' is a link to another place", _AWAY)
        for path in sorted(place.rglob("*")):
            if path.is_dir() and not path.is_symlink():
                continue
            known = listed.get(path.relative_to(records.directory).as_posix())
            if known is None:
                raise dataset.Refused(f"'{path}' is in the way and not ours", _AWAY)
            if path.is_symlink() or not dataset.is_unchanged(records.directory, known):
                raise dataset.Refused(f"'{path}' has been edited", _AWAY)


class _Review:
    """The answers of one file while they are held against the sessions of a dataset."""

    def __init__(self, file: Path, records: Records, reading: labelstudio.Reading) -> None:
        self.file = file
        self.records = records
        self.mistakes = list(reading.mistakes)
        self.order = reading.order
        self.count, self.waiting = len(reading.answers), reading.waiting
        self.answers: dict[str, list[Answer]] = {}
        for answer in sorted(reading.answers, key=lambda answer: answer.turn):
            self.answers.setdefault(answer.session, []).append(answer)
        self.labels = Labels(records.ontology)
        self.meanings = Meanings(records.ontology)
        self.met: set[str] = set()
        self.changed = 0
        self.calls = 0
        self.edits: Counter[str] = Counter()

    def see(self, session: Session) -> None:
        """Learn from a session, and find what is wrong with the answers about it."""
        self.meanings.see(session)
        if session["id"] in self.answers:
            self.met.add(session["id"])
        corrections = self.corrections(session, self.mistakes)
        self.changed += bool(corrections)
        self.calls += outdated(session, corrections)
        for correction in corrections:
            self.edits.update([edit["action"] for edit in correction.edits])

    def corrections(self, session: Session, mistakes: list[Mistake]) -> list[Correction]:
        """Return what is to be corrected in a session, in the order of its turns."""
        found = []
        for answer in self.answers.get(session["id"], ()):
            correction, wrong = compared(answer, session, self.labels, self.meanings)
            mistakes += wrong
            if correction is not None:
                found.append(correction)
        return found

    def check(self) -> None:
        """Raise ContentError for all that is wrong."""
        for name in self.answers.keys() - self.met:
            for answer in self.answers[name]:
                what = f"there is no session '{name}' in '{self.records.directory}'"
                fix = "name the dataset that the tasks were exported from"
                self.mistakes.append(Mistake(answer.place, what, fix))
        self.doubt()
        if self.mistakes:
            self.mistakes.sort(key=lambda mistake: self.order.get(mistake.place, -1))
            raise ContentError(self.problems())

    def doubt(self) -> None:
        """Find a question that was never answered: its project seems not to ask it."""
        answers = [answer for some in self.answers.values() for answer in some]
        for asked, action, given in (
            (SLOTS, "remove", any(answer.regions for answer in answers)),
            (INTENTS, "intent", any(answer.intents for answer in answers)),
        ):
            if not given and self.edits[action] >= _EMPTIED:
                what = f"no annotation answers '{asked}', though the dataset has labels for it"
                fix = "review with the config.xml of the export, and submit what is true"
                self.mistakes.append(Mistake("", what, fix))

    def problems(self) -> Iterable[Problem]:
        path = str(self.file)
        # Their number stands for the column, which is not shown where there are no lines.
        for number, (place, what, fix) in enumerate(self.mistakes[:_MANY]):
            told = f"{place}: {what}" if place else what
            yield Problem(Position(path, 0, number), told, fix)
        if (more := len(self.mistakes) - _MANY) > 0:
            yield Problem(Position(path, 0, _MANY), f"{more:,} more like these", "mend these first")

    def write(self) -> dict[str, Any]:
        """Replace the files that change; return the manifest of all."""
        tally, files = Tally(), []
        for path, known in zip(self.records.paths, self.records.manifest["files"], strict=True):
            lines, part, changed = [], Tally(), False
            with path.open("rb") as file:
                for line in file:
                    session = orjson.loads(line)
                    if corrections := self.corrections(session, []):
                        session = revised(session, corrections, self.records.ontology)
                        line = orjson.dumps(session, option=orjson.OPT_APPEND_NEWLINE)
                        changed = True
                    part.add(session, len(line))
                    lines.append(line)
            if changed:
                with whole(path) as file:
                    file.writelines(lines)
            digest = hashlib.sha256(b"".join(lines)).hexdigest()
            files.append(asdict(File(known["path"], digest, part.bytes, part.sessions)))
            tally.merge(part)
        document = dict(self.records.manifest)
        # What is held out is counted with the pack at hand, so these counts stay as composed.
        document["counts"] = {**document["counts"], **tally.counts()}
        document["files"] = files
        document.pop("exports", None)
        return document
