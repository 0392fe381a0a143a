"""The files of a format while they are written: rows in, a folder out, whole or not there."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from dialogue.formats.columns import Columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from dialogue.formats.format import Row, Sink

SIZE = 1000
"""Rows in a numbered file."""

JSON = (".jsonl", ".json")
"""The suffixes of files whose rows are JSON."""

_BUFFER = 1 << 18
_NUMBER = "{number}"


@dataclass(frozen=True, slots=True)
class Written:
    """A file of an export: its place below the dataset's directory, and what is in it."""

    path: str
    sha256: str
    bytes: int


class Lines:
    """JSON, one value a line."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("wb", buffering=_BUFFER)

    def add(self, data: Any) -> None:
        """Write a line."""
        self.file.write(orjson.dumps(data, option=orjson.OPT_APPEND_NEWLINE))

    def close(self) -> None:
        """End the file."""
        self.file.close()


class Array:
    """One JSON array, an item a line."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("wb", buffering=_BUFFER)
        self.before = b"[\n"

    def add(self, data: Any) -> None:
        """Write an item."""
        self.file.write(self.before + orjson.dumps(data))
        self.before = b",\n"

    def close(self) -> None:
        """End the array; without items it is an empty one."""
        self.file.write(b"[]\n" if self.before == b"[\n" else b"\n]\n")
        self.file.close()


class Text:
    """Text, written as it comes."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("wb", buffering=_BUFFER)

    def add(self, data: str) -> None:
        """Write a piece."""
        self.file.write(data.encode())

    def close(self) -> None:
        """End the file."""
        self.file.close()


_SINKS: Mapping[str, Callable[[Path], Sink]] = {".jsonl": Lines, ".json": Array}


class Files:
    """The files of a format, in a hidden folder until `publish` gives them their place."""

    def __init__(
        self, directory: Path, name: str, sinks: Mapping[str, Callable[[Path], Sink]]
    ) -> None:
        self.name = name
        self.place = directory / name
        self.draft, self.old = hidden(directory, name)
        self.sinks = {**_SINKS, **sinks}
        self.rows: Counter[str] = Counter()
        self.columns: dict[str, Columns] = {}
        self.open: dict[str, Sink] = {}
        self.draft.mkdir()

    def add(self, row: Row) -> None:
        """Add a row to its file."""
        count = self.rows[row.path]
        with self._named(row.path):
            if row.path not in self.open or (_NUMBER in row.path and count % SIZE == 0):
                if row.path in self.open:
                    self.open.pop(row.path).close()
                self.open[row.path] = self._sink(row.path.replace(_NUMBER, f"{count // SIZE:06d}"))
            self.open[row.path].add(row.data)
        self.rows[row.path] += 1
        if row.path.endswith(JSON) and isinstance(row.data, dict):
            self.columns.setdefault(row.path, Columns()).add(row.data)

    def _sink(self, path: str) -> Sink:
        place = self.draft / path
        place.parent.mkdir(parents=True, exist_ok=True)
        return self.sinks.get(place.suffix, Text)(place)

    def whole(self, row: Row) -> None:
        """Write a file that is one piece: text as it is, anything else as JSON for people."""
        option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        text = isinstance(row.data, str)
        data = row.data.encode() if text else orjson.dumps(row.data, option=option)
        place = self.draft / row.path
        with self._named(row.path):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)

    def close(self) -> tuple[Written, ...]:
        """End all files and return them by name."""
        while self.open:
            path, sink = self.open.popitem()
            with self._named(path):
                sink.close()
        found = sorted(path for path in self.draft.rglob("*") if path.is_file())
        return tuple(self._written(path) for path in found)

    def _written(self, path: Path) -> Written:
        place = f"{self.name}/{path.relative_to(self.draft).as_posix()}"
        with path.open("r+b") as file:
            os.fsync(file.fileno())
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Written(place, digest, path.stat().st_size)

    @contextmanager
    def _named(self, path: str) -> Iterator[None]:
        """Say which file could not be written: a full disk does not know."""
        try:
            yield
        except OSError as error:
            error.filename = str(self.place / path)
            raise

    def clear(self) -> None:
        """Take what is in the place away, still to be deleted."""
        if self.place.exists():
            self.place.rename(self.old)

    def publish(self) -> None:
        """Give the folder its name."""
        self.draft.rename(self.place)

    def discard(self) -> None:
        """Leave nothing hidden behind."""
        for sink in self.open.values():
            with suppress(OSError, ValueError):  # it cannot be finished, and need not be
                sink.close()
        self.open.clear()
        discard(self.place.parent, self.name)


def hidden(directory: Path, name: str) -> tuple[Path, Path]:
    """Return where the folder of a format is while it is written, and while it is replaced."""
    return directory / f".{name}.part", directory / f".{name}.old"


def discard(directory: Path, name: str) -> None:
    """Delete what an export that was killed has left hidden."""
    for folder in hidden(directory, name):
        shutil.rmtree(folder, ignore_errors=True)
