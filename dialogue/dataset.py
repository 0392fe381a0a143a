"""Sessions into a directory that is whole or says that it is not."""

from __future__ import annotations

import hashlib
import itertools
import os
import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from dialogue import card, manifest, shards
from dialogue.formats import FORMATS
from dialogue.formats.files import discard
from dialogue.problem import UnplacedError
from dialogue.split import HoldOut, Splits
from dialogue.writing import part_of, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dialogue.manifest import File, Graph, Tally
    from dialogue.shards import Recipe

UNFINISHED = ".dialogue-unfinished"
"""The name of the marker that a directory holds until its last file is written."""

MANIFEST = "manifest.json"
"""The name of the file that says where a dataset came from and what is in it."""

_SCHEMA = "dialogue.unfinished/1"
_ELSEWHERE = "choose another directory with -o, or move it away"
_WORDS = {
    "graph": "graph",
    "overrides": "--set",
    "seed": "--seed",
    "n": "-n",
    "only": "--only",
    "split": "--split",
    "hold_out": "--hold-out",
    "versions": "versions",
    "plugins": "--plugin",
    "pack": "pack files",
}

# Names come back from files that anybody may have edited: only these are ever removed.
_SHARD = re.compile(r"\.?([0-9]{6})\.jsonl(?:\.part)?")
_NAME = r"[^/.][^/]*"
_OURS = re.compile(
    rf"sessions/[0-9]{{6}}\.jsonl|manifest\.json|README\.md|(?:{'|'.join(FORMATS)})(?:/{_NAME})+"
)


class Refused(UnplacedError):  # noqa: N818
    """A directory that is not written to: `what` is in the way."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A directory of sessions that is whole."""

    directory: Path
    files: tuple[File, ...]
    tally: Tally

    def first(self) -> dict[str, Any]:
        """Read the first session back from its file."""
        with (self.directory / self.files[0].path).open("rb") as file:
            session: dict[str, Any] = orjson.loads(file.readline())
        return session


def write(
    recipe: Recipe,
    graph: Graph,
    directory: Path,
    *,
    workers: int = 1,
    force: bool = False,
    watch: Callable[[int], None] = lambda _: None,
) -> Dataset:
    """Write the sessions of a recipe into a directory, or go on where the same run was ended.

    `watch` is told how many sessions have come. Raises `Refused` before anything is touched if the
    directory holds what is not ours, or (without `force`) what another run left.
    """
    run = _run(recipe, graph)
    exports = {} if force else _exports(directory, run)
    with _claimed(recipe, run, directory, force=force):
        finished = []
        for message in shards.write(recipe, graph, directory, workers):
            if isinstance(message, int):
                watch(message)
            else:
                finished.append(message)
        finished.sort(key=lambda written: written.shard)
        tally = manifest.Tally()
        for written in finished:
            tally.merge(written.tally)
        files = tuple(written.file for written in finished)
        made = manifest.manifest(run, graph.ontology(), tally, files, graph.rates)
        document = {**made, **exports}
        with whole(directory / MANIFEST) as file:
            file.write(manifest.encode(document))
        card.write(directory, document)
        (directory / UNFINISHED).unlink()
    return Dataset(directory, files, tally)


def _exports(directory: Path, run: dict[str, Any]) -> dict[str, Any]:
    """Return what the manifest says of exports, if the directory holds this very run."""
    ours = read(directory / MANIFEST, manifest.SCHEMA)
    if ours is None or "exports" not in ours or not _is_written(directory, run):
        return {}
    return {"exports": ours["exports"]}


def _is_complete(directory: Path, run: dict[str, Any]) -> bool:
    """Tell whether the directory holds this very run, finished and unchanged since."""
    return not (directory / UNFINISHED).exists() and _is_written(directory, run)


def _is_written(directory: Path, run: dict[str, Any]) -> bool:
    """Tell whether every file of this very run is there, even if it was begun again since."""
    ours = read(directory / MANIFEST, manifest.SCHEMA)
    if ours is None:
        return False
    files = ours.get("files")
    return (
        all(ours.get(key) == value for key, value in run.items())
        and isinstance(files, list)
        and all(is_unchanged(directory, file) for file in files)
    )


def is_unchanged(directory: Path, file: Any) -> bool:
    """Tell whether a file that a manifest lists is there with the bytes it had."""
    if not isinstance(file, dict) or not _known([file.get("path")]):
        return False
    path = directory / file["path"]
    if not path.is_file():
        return False
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest() == file.get("sha256")


def kept(recipe: Recipe, graph: Graph, directory: Path) -> int:
    """Return how many sessions of this very run an earlier one has left in the directory."""
    run = _run(recipe, graph)
    marker = read(directory / UNFINISHED, _SCHEMA)
    if (marker is None or marker.get("run") != run) and not _is_complete(directory, run):
        return 0
    return sum(
        shard.stop - shard.start for shard in recipe.shards if (directory / shard.path).exists()
    )


def _run(recipe: Recipe, graph: Graph) -> dict[str, Any]:
    return manifest.run(
        graph,
        recipe.version,
        n=recipe.n,
        seed=recipe.seed,
        only=recipe.only,
        split=Splits.parse(recipe.split),
        hold_out=HoldOut.parse(recipe.hold_out),
    )


@contextmanager
def _claimed(
    recipe: Recipe, run: dict[str, Any], directory: Path, *, force: bool
) -> Iterator[None]:
    created = not directory.exists()
    directory.mkdir(parents=True, exist_ok=True)
    try:
        with locked(directory, "wait for it, or choose another -o"):
            planned = [MANIFEST, card.CARD, *(shard.path for shard in recipe.shards)]
            _claim(directory, run, planned, force=force)
            try:
                yield
            except BaseException:
                _leave(directory, planned)
                raise
    except BaseException:
        if created:
            with suppress(OSError):  # something is in it, then it stays
                directory.rmdir()
        raise


def _claim(directory: Path, run: dict[str, Any], planned: list[str], *, force: bool) -> None:
    """Make the directory ours, or refuse before anything in it has changed."""
    for name in ("sessions", *FORMATS):
        if (directory / name).is_symlink():
            raise Refused(f"'{directory / name}' is a link to another place", _ELSEWHERE)
    marker = read(directory / UNFINISHED, _SCHEMA)
    if marker is not None and marker.get("run") == run:
        _clear(directory, _known(marker.get("replaces")))
    elif force or not _is_complete(directory, run):
        old = _old(directory, run, marker, force=force)
        for name in planned:
            if name not in old and (directory / name).exists():
                raise Refused(f"'{directory / name}' is in the way and not ours", _ELSEWHERE)
        # What is replaced stays listed until it is gone, so that a kill here loses no trace of it.
        _mark(directory, run, sorted(old))
        _clear(directory, old)
    _mark(directory, run, [])
    for name in FORMATS:
        discard(directory, name)
    (directory / "sessions").mkdir(exist_ok=True)
    _clear_drafts(directory, planned)


def _old(
    directory: Path, run: dict[str, Any], marker: dict[str, Any] | None, *, force: bool
) -> set[str]:
    """Return the names of our files that a run with other options replaces, or refuse."""
    if marker is not None:
        if not force:
            raise Refused(
                f"'{directory}' holds an unfinished run with {_differences(marker, run)}",
                "finish it with its own options, or replace it with --force",
            )
        return _known(marker.get("replaces")) | _left(directory, marker)
    ours = read(directory / MANIFEST, manifest.SCHEMA)
    if ours is not None:
        if not force:
            if (directory / UNFINISHED).exists():
                what = f"'{directory}' holds an unfinished import of corrections"
                raise Refused(what, "give the import command again, or choose another -o")
            corrected = ours.get("counts", {}).get("edited")
            raise Refused(
                f"'{directory}' holds a dataset already"
                + (f", with {_sessions(corrected)} corrected by people" if corrected else ""),
                "replace it with --force, or choose another directory with -o",
            )
        exports = [export["files"] for export in ours.get("exports", {}).values()]
        files = itertools.chain(ours.get("files", ()), *exports)
        listed = [file.get("path") for file in files if isinstance(file, dict)]
        return _known([*listed, MANIFEST, card.CARD])
    if any(not _is_trace(path) for path in directory.iterdir()):
        raise Refused(f"'{directory}' is not empty, and what is in it is not ours", _ELSEWHERE)
    return set()


def _sessions(count: int) -> str:
    return f"{count:,} session{'' if count == 1 else 's'}"


def _is_trace(path: Path) -> bool:
    """Whether a run that was killed in its first moment may have left this, and nothing else."""
    if path.name == "sessions" and path.is_dir():
        return not any(path.iterdir())
    return path.name == part_of(Path(UNFINISHED)).name


def _left(directory: Path, marker: dict[str, Any]) -> set[str]:
    """Return the files that an unfinished run has written or begun: those of its own indexes."""
    began = marker.get("run")
    n, only = (began.get("n"), began.get("only")) if isinstance(began, dict) else (None, None)
    first = only if isinstance(only, int) else 0
    last = only if isinstance(only, int) else (n if isinstance(n, int) else 0) - 1
    numbers = range(first // shards.SIZE, last // shards.SIZE + 1)
    found = [_SHARD.fullmatch(path.name) for path in (directory / "sessions").glob("*")]
    written = {match[1] for match in found if match and int(match[1]) in numbers}
    return {MANIFEST, card.CARD, *(f"sessions/{number}.jsonl" for number in written)}


def _differences(marker: dict[str, Any], run: dict[str, Any]) -> str:
    began = marker.get("run")
    if not isinstance(began, dict):
        return "other options"
    names = [_WORDS[key] for key in run if began.get(key) != run[key]]
    return f"other {', '.join(names)}" if names else "other options"


def _known(names: Iterable[object] | None) -> set[str]:
    return {name for name in names or () if isinstance(name, str) and _OURS.fullmatch(name)}


def read(path: Path, schema: str) -> dict[str, Any] | None:
    """Return a document of ours, or None if there is none."""
    try:
        document = orjson.loads(path.read_bytes())
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError, orjson.JSONDecodeError):
        return None
    if not isinstance(document, dict) or document.get("schema") != schema:
        return None
    return document


def _mark(directory: Path, run: dict[str, Any], replaces: list[str]) -> None:
    with whole(directory / UNFINISHED) as file:
        file.write(manifest.encode({"schema": _SCHEMA, "run": run, "replaces": replaces}))


def _clear(directory: Path, names: Iterable[str]) -> None:
    for name in sorted(names):
        if not (name == card.CARD and card.notes(directory / name)):  # the next card keeps them
            (directory / name).unlink(missing_ok=True)
    _clear_drafts(directory, names)
    folders = {parent for name in names for parent in Path(name).parents[:-1]}
    for folder in sorted(folders, reverse=True):
        with suppress(OSError):  # something else is in it
            (directory / folder).rmdir()


def _clear_drafts(directory: Path, names: Iterable[str]) -> None:
    for name in names:
        part_of(directory / name).unlink(missing_ok=True)


def _leave(directory: Path, planned: list[str]) -> None:
    """Tidy up after a run that failed: what is finished stays, and nothing stays for nothing."""
    with suppress(OSError):
        _clear_drafts(directory, planned)
        if not any((directory / name).exists() for name in planned):
            (directory / UNFINISHED).unlink(missing_ok=True)
            (directory / "sessions").rmdir()


@contextmanager
def locked(directory: Path, fix: str = "wait for it") -> Iterator[None]:
    """Keep two runs out of one directory, where the system can; `fix` is what the second may do."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"another run is writing to '{directory}'", fix) from None
        except OSError:  # a file system without locks
            pass
        yield
    finally:
        os.close(handle)
