"""A dataset's sessions into the files of trainers: `DIR/<format>/`, whole or not there."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import dialogue
from dialogue import card, dataset, manifest
from dialogue.difference import differences
from dialogue.formats import FORMATS, files, native
from dialogue.formats.columns import configs
from dialogue.formats.files import Files
from dialogue.formats.format import Note, Outcome
from dialogue.problem import UnplacedError, nearest
from dialogue.records import Records
from dialogue.tasks import TASKS
from dialogue.tasks.example import Loss
from dialogue.writing import whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from dialogue.formats.files import Written
    from dialogue.formats.format import Format
    from dialogue.session import Session
    from dialogue.tasks.example import Example
    from dialogue.tasks.ontology import Ontology
    from dialogue.tasks.options import Options

_AWAY = "move it away, or export another dataset"


class ExportError(UnplacedError):
    """An export that did not come to what was asked for; nothing was written."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: formats and tasks by name, and options."""

    formats: tuple[str, ...]
    tasks: tuple[str, ...]
    options: Options

    def served(self, name: str) -> tuple[str, ...]:
        """Return the tasks asked for that a format can hold."""
        return tuple(task for task in self.tasks if task in FORMATS[name].tasks)

    @property
    def written(self) -> tuple[str, ...]:
        """The formats that get a folder: those that hold a task asked for, and fixed ones."""
        return tuple(
            name
            for name in self.formats
            if name != native.FORMAT.name and (FORMATS[name].fixed or self.served(name))
        )

    @property
    def skipped(self) -> dict[str, tuple[str, ...]]:
        """The pairs that do not exist: a format and the tasks asked for that it cannot hold."""
        pairs = {name: tuple(t for t in self.tasks if t not in FORMATS[name].tasks)
                 for name in self.formats}  # fmt: skip
        return {name: tasks for name, tasks in pairs.items() if tasks}

    def check(self) -> None:
        """Raise UnplacedError for what cannot come to anything, before a session is composed."""
        for task in self.tasks:
            if not any(task in FORMATS[name].tasks for name in self.formats):
                able = ", ".join(name for name, one in FORMATS.items() if task in one.tasks)
                what = f"no format that was asked for holds the task '{task}'"
                fix = f"add one with --to: {able}"
                if all(FORMATS[name].fixed for name in self.formats):
                    fix = f"leave --task out, which these formats do not need, or {fix}"
                raise UnplacedError(what, fix)
        for name in self.formats:
            if not self.tasks and not FORMATS[name].fixed:
                able = ", ".join(FORMATS[name].tasks)
                what = f"the format '{name}' needs a task"
                raise UnplacedError(what, f"add one with --task: {able}")
        for name in self.written:
            FORMATS[name].ready()

    def check_ontology(self, ontology: Ontology) -> None:
        """Raise UnplacedError for what no session about this can come to, whichever it is."""
        made = any(FORMATS[name].fixed and "call" in FORMATS[name].tasks for name in self.formats)
        if "call" in self.tasks and not ontology.tools and not made:
            what = "the graph's units call no tool, so the task 'call' has no example"
            raise UnplacedError(what, "leave it out")
        asked = itertools.chain(ontology.plain["units"].values(), ontology.plain["scenes"].values())
        known = {*(label for one in asked for label in one["target"])}
        known |= {*ontology.labels, *ontology.labels.values()}
        for label in self.options.forms:
            if label not in known:
                what = f"--target {label}={self.options.forms[label]}: no label '{label}'"
                raise UnplacedError(what, nearest(label, known))

    def way(self, name: str, records: Records) -> dict[str, Any]:
        """Return what decides every byte of a format."""
        tasks = () if FORMATS[name].fixed else self.served(name)
        read = {*FORMATS[name].reads, *(one for task in tasks for one in TASKS[task].reads)}
        options = {key: value for key, value in self.options.plain().items() if key in read}
        return {
            "dialogue": dialogue.__version__,
            "tasks": list(tasks),
            "options": options,
            "sessions_sha256": records.digest,
        }


@dataclass(frozen=True, slots=True)
class Exported:
    """What one format came to: rows by file and by task, losses by kind.

    `kept` tells that it was there already and was left as it is, as sessions always are. `dropped`
    names the tasks that what it replaced had besides, `edited` the files of sessions that it was
    made from and that are not as the manifest has them. Without rows nothing was written.
    """

    format: str
    rows: Mapping[str, int]
    losses: Mapping[str, int]
    task_rows: Mapping[str, int] = field(default_factory=dict)
    kept: bool = False
    dropped: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()

    def holds(self, task: str) -> bool:
        """Tell whether anything here is for a task."""
        if FORMATS[self.format].fixed:
            return task in FORMATS[self.format].tasks and any(self.rows.values())
        return bool(self.task_rows.get(task))


def export(
    directory: Path,
    request: Request,
    *,
    force: bool = False,
    watch: Callable[[int], None] = lambda _: None,
) -> tuple[Exported, ...]:
    """Write the formats of a request beside a dataset's sessions.

    A format that is there already, made in the same way, is left as it is. `watch` is told how many
    sessions have been read. Raises UnplacedError for a request that cannot be met, `Refused` for a
    directory that is no dataset or holds something else under a format's name, ContentError for
    sessions that do not hold, ExportError for losses above the limit or a task that ends in no
    file; then nothing was written.
    """
    request.check()
    with dataset.locked(directory), ExitStack() as stack:
        records = Records.open(directory)
        request.check_ontology(records.ontology)
        ways = _wanted(records, request, force=force)
        made = {name: _kept(name, records) for name in request.written if name not in ways}
        works = []
        for name in FORMATS:
            files.discard(directory, name)
        for name in ways:
            works.append(_Work(FORMATS[name], request, records))
            stack.callback(works[-1].files.discard)
        if works:
            records.verify()
            _read(records, request, works, watch)
            _check_losses(works)
            made |= {work.format.name: work.exported() for work in works}
        _check_tasks(request, made.values())
        works = [work for work in works if work.files.rows]
        entries = {work.format.name: {**ways[work.format.name], **work.plain()} for work in works}
        _publish(records, entries, works)
        made[native.FORMAT.name] = Exported(
            native.FORMAT.name, records.sizes, {}, kept=True, edited=records.edited
        )
    return tuple(made[name] for name in request.formats if name in made)


def foresee(directory: Path, request: Request) -> None:
    """Raise Refused where something is in the way of an export, before anything is done."""
    if not (directory / dataset.UNFINISHED).exists():
        _wanted(Records.open(directory), request, force=False)


def _wanted(records: Records, request: Request, *, force: bool) -> dict[str, dict[str, Any]]:
    """Return how formats that are not there yet are made; raise Refused for what is in the way."""
    ways = {name: request.way(name, records) for name in request.written}
    wanted = {name: way for name, way in ways.items() if not _is_there(records, name, way)}
    for name, way in wanted.items():
        _check_place(records, name, way, force=force)
    return wanted


def _is_there(records: Records, name: str, way: Mapping[str, Any]) -> bool:
    """Tell whether a format was exported in the same way and is unchanged since."""
    found = records.exports.get(name)
    return (
        found is not None
        and not (records.directory / name).is_symlink()
        and not any(differences(records.directory, found, way))
    )


def _kept(name: str, records: Records) -> Exported:
    rows, losses, tasks = (records.exports[name][key] for key in ("rows", "losses", "task_rows"))
    return Exported(name, rows, losses, tasks, kept=True, edited=records.edited)


def _check_place(records: Records, name: str, way: Mapping[str, Any], *, force: bool) -> None:
    """Raise Refused if something is in the place of a format that may not be replaced."""
    place = records.directory / name
    if place.is_symlink() or (place.exists() and name not in records.exports):
        raise dataset.Refused(f"'{place}' is in the way and not ours", _AWAY)
    if not place.exists():
        return
    found = records.exports[name]
    listed = {file["path"] for file in found["files"]}
    for path in sorted(place.rglob("*")):
        below = path.relative_to(records.directory).as_posix()
        if below not in listed and (path.is_symlink() or not path.is_dir()):
            raise dataset.Refused(f"'{path}' is in the way and not ours", _AWAY)
    if not force:
        told = "; ".join(differences(records.directory, found, way))
        fix = "replace it with --force"
        if gone := _dropped(found, way["tasks"]):
            some = "task" if len(gone) == 1 else "tasks"
            them = "it" if len(gone) == 1 else "them"
            fix += f"; its {some} {', '.join(gone)} would go: add {them} to --task to keep {them}"
        raise dataset.Refused(f"'{place}' is there already and differs: {told}", fix)


def _dropped(found: Mapping[str, Any], tasks: Sequence[str]) -> tuple[str, ...]:
    """Return the tasks that an export has and would not have when it is replaced."""
    return tuple(task for task in found["task_rows"] if task not in tasks)


def _read(
    records: Records, request: Request, works: Sequence[_Work], watch: Callable[[int], None]
) -> None:
    for session in records:
        asked = _Asked(session, records.ontology, request.options)
        for work in works:
            work.add(session, asked)
        watch(1)


def _check_losses(works: Iterable[_Work]) -> None:
    above = [work for work in works if work.share > work.options.max_loss]
    if above:
        what = "; ".join(
            f"the format '{work.format.name}' would lose {work.share:.1%} "
            f"({', '.join(f'{what}: {n:,}' for what, n in work.losses.most_common())})"
            for work in above
        )
        least = math.ceil(max(work.share for work in above) * 100) / 100
        raise ExportError(what, f"allow it with --max-loss {least:.2f}, or leave the format out")


def _check_tasks(request: Request, made: Iterable[Exported]) -> None:
    empty = [f"'{task}'" for task in request.tasks if not any(one.holds(task) for one in made)]
    if empty:
        what = f"no session has an example of the task {', '.join(empty)}: it ends in no file"
        raise ExportError(what, "compose more sessions, or leave the task out")


def _publish(records: Records, entries: Mapping[str, Any], works: Sequence[_Work]) -> None:
    """Give every folder its place; whenever this is killed, the same command finishes it."""
    there = {
        name: entry
        for name, entry in records.exports.items()
        if (records.directory / name).is_dir()  # one that somebody deleted is forgotten
    }
    exports = {**there, **entries}
    order = [name for name in FORMATS if name in exports]
    document = {**records.manifest, "exports": {name: exports[name] for name in order}}
    if not order:
        del document["exports"]
    for work in works:
        work.files.clear()
    if document != records.manifest:
        with whole(records.directory / dataset.MANIFEST) as file:
            file.write(manifest.encode(document))
    for work in works:
        work.files.publish()
    card.write(records.directory, document)


class _Asked:
    """The examples that tasks make of one session, made once for all formats."""

    def __init__(self, session: Session, ontology: Ontology, options: Options) -> None:
        self.session = session
        self.ontology = ontology
        self.options = options
        self.made: dict[str, list[Example | Loss]] = {}

    def of(self, task: str) -> list[Example | Loss]:
        """Return what a task makes of the session."""
        if task not in self.made:
            examples = TASKS[task].examples(self.session, self.ontology, self.options)
            self.made[task] = list(examples)
        return self.made[task]


class _Work:
    """One format while it is written."""

    def __init__(self, made: Format, request: Request, records: Records) -> None:
        self.format = made
        self.options = request.options
        self.ontology = records.ontology
        self.name: str = records.manifest["graph"]
        self.tasks = () if made.fixed else request.served(made.name)
        self.task_rows: Counter[str] = Counter()
        self.losses: Counter[str] = Counter()
        self.notes: dict[tuple[str, ...], Any] = {}
        self.files = Files(records.directory, made.name, made.sinks)
        self.written: tuple[Written, ...] = ()
        self.replaces = self.files.place.exists()
        self.dropped = _dropped(records.exports[made.name], self.tasks) if self.replaces else ()
        self.edited = records.edited

    def add(self, session: Session, asked: _Asked) -> None:
        """Write the rows of a session."""
        if self.format.fixed:
            self._write(session, {})
        for task in self.tasks:
            made = asked.of(task)
            examples: list[Example] = []
            for one in made:
                if isinstance(one, Loss):
                    self.losses[one.what] += 1
                else:
                    examples.append(one)
            self.task_rows[task] += self._write(session, {task: examples})

    def _write(self, session: Session, examples: Mapping[str, Sequence[Example]]) -> int:
        count = 0
        for item in self.format.rows(session, examples, self.ontology, self.options):
            if isinstance(item, Loss):
                self.losses[item.what] += 1
            elif isinstance(item, Note):
                self.notes.setdefault(*item)
            else:
                self.files.add(item)
                count += 1
        return count

    @property
    def share(self) -> float:
        """How much is lost, from 0 to 1."""
        lost = self.losses.total()
        return lost / (self.files.rows.total() + lost) if lost else 0.0

    def exported(self) -> Exported:
        """Finish the files, which are still in their hidden folder, if there is a row in them."""
        rows = dict(sorted(self.files.rows.items()))
        losses = dict(sorted(self.losses.items()))
        tasks = {task: self.task_rows[task] for task in self.tasks}
        if not rows:
            return Exported(self.format.name, rows, losses, tasks, kept=self.replaces)
        outcome = Outcome(self.name, rows, self.ontology, self.options, self.notes)
        for row in self.format.closing(outcome):
            self.files.whole(row)
        self.written = self.files.close()
        return Exported(
            self.format.name, rows, losses, tasks, dropped=self.dropped, edited=self.edited
        )

    def plain(self) -> dict[str, Any]:
        """Return what the manifest says of the format, besides how it was made."""
        name, fixed, offered = self.format.name, self.format.fixed, self.format.configs
        return {
            "rows": dict(sorted(self.files.rows.items())),
            "task_rows": {task: self.task_rows[task] for task in self.tasks},
            "losses": dict(sorted(self.losses.items())),
            "configs": configs(name, self.files.columns, fixed=fixed) if offered else {},
            "files": [asdict(file) for file in self.written],
        }
