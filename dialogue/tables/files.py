"""A folder of schema.sql and CSV files in, loaded and checked tables out."""

from __future__ import annotations

import sqlite3
import unicodedata
from typing import TYPE_CHECKING, TypeVar

from dialogue.problem import ContentError, Position, Problem, nearest
from dialogue.tables.cell import TYPES, Cell, CellError, shown, violation
from dialogue.tables.csvfile import read_csv, read_sql
from dialogue.tables.schema import Schema

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from dialogue.tables.csvfile import CsvFile
    from dialogue.tables.database import Database
    from dialogue.tables.schema import ForeignKey, Table

Read = TypeVar("Read")

_MOST_PROBLEMS = 100  # of one file: after that they are mostly the same one
_OLDEST = (3, 37)


def load(
    database: Database, folder: Path, shown_folder: str, session: frozenset[str]
) -> tuple[tuple[Table, ...], dict[str, tuple[str, ...]]]:
    """Fill a database from a folder; return its tables, and the columns of tables and views.

    Raises ContentError with the problems of all files at once.
    """
    if not folder.is_dir():
        return (), {}
    files = {unicodedata.normalize("NFC", path.stem): path for path in sorted(folder.glob("*.csv"))}
    place = f"{shown_folder}/schema.sql"
    path = folder / "schema.sql"
    if not path.exists():
        if not files:
            return (), {}
        what = "no schema.sql beside the CSV files"
        fix = "declare each table: CREATE TABLE … STRICT"
        raise ContentError([Problem(Position(place), what, fix)])
    if sqlite3.sqlite_version_info < _OLDEST:
        what = f"SQLite {sqlite3.sqlite_version} has no STRICT tables"
        fix = "run a Python whose sqlite3 module has SQLite 3.37 or newer"
        raise ContentError([Problem(Position(place), what, fix)])
    schema = Schema(database, place)
    schema.declare(_inside(folder, path, place, read_sql))
    loader = _Loader(database, f"{shown_folder}/", schema.tables, session)
    loader.load(folder, files, schema.views)
    if problems := [*schema.problems, *loader.problems]:
        raise ContentError(problems)
    return tuple(schema.tables.values()), schema.columns


def _inside(folder: Path, path: Path, place: str, read: Callable[[Path, str], Read]) -> Read:
    # A link in a pack must not read other files of the machine.
    if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
        what, fix = "not a file inside the pack", "put the file itself here"
        raise ContentError([Problem(Position(place), what, fix)])
    return read(path, place)


class _Loader:
    """The CSV files of a folder, put into their tables."""

    def __init__(
        self, database: Database, prefix: str, tables: dict[str, Table], session: frozenset[str]
    ) -> None:
        self.problems: list[Problem] = []
        self._database = database
        self._prefix = prefix
        self._tables = tables
        self._session = session
        self._loaded: dict[str, tuple[CsvFile, list[tuple[Cell, ...]]]] = {}

    def load(self, folder: Path, files: dict[str, Path], views: Collection[str]) -> None:
        """Load all files, then look for foreign keys that point nowhere."""
        for name, path in files.items():
            place = self._prefix + unicodedata.normalize("NFC", path.name)
            if name not in self._tables:
                what = f"no table '{name}' in schema.sql"
                fix = nearest(name, self._tables)
                if name in views:
                    fix = "remove the file: a view takes no rows"
                self.problems.append(Problem(Position(place), what, fix))
            elif name in self._session:
                what, fix = f"'{name}' is a session table and has a file", "remove the file"
                self.problems.append(Problem(Position(place), what, fix))
            else:
                try:
                    self._load_file(self._tables[name], _inside(folder, path, place, read_csv))
                except ContentError as error:
                    self.problems += error.problems
        for name, table in self._tables.items():
            if name not in files and name not in self._session:
                what = f"table '{name}' has no file"
                fix = f"add {self._prefix}{name}.csv, or fill the table with `into`"
                self.problems.append(table.problem(name, what, fix))
        for name in sorted(self._loaded):
            for key in self._tables[name].keys:
                self._check_key(key)

    def _load_file(self, table: Table, file: CsvFile) -> None:
        before = len(self.problems)
        self.problems += _header_problems(table, file)
        if len(self.problems) > before or not set(table.stored.values()) <= set(TYPES):
            return
        order = [file.header.index(name) for name in table.stored]
        self.problems += _first(_width_problems(file))
        if len(self.problems) > before:
            return
        rows, faults = _typed(table, file, order)
        self.problems += _first(iter(faults))
        if len(self.problems) > before:
            return
        try:
            self._database.execute("SAVEPOINT file")
            self._database.write("", table.adding, rows)
        except sqlite3.Error:
            self._database.execute("ROLLBACK TO file")
            self.problems += _first(self._rejections(table, file, rows))
        else:
            self._loaded[table.name] = (file, rows)
        finally:
            self._database.execute("RELEASE file")

    def _rejections(
        self, table: Table, file: CsvFile, rows: list[tuple[Cell, ...]]
    ) -> Iterator[Problem]:
        for number, row in enumerate(rows):
            try:
                self._database.write("", table.adding, [row])
            except sqlite3.Error as error:
                values = dict(zip(table.stored, row, strict=True))
                what, fix = violation(str(error), values)
                blamed = str(error).rpartition(": ")[2].split(", ")
                named = [name for name in table.stored if f"{table.name}.{name}" in blamed]
                at = file.row_at(number)
                if named:
                    at = file.cell_at(number, file.header.index(named[0]))
                yield Problem(at, what, fix)

    def _check_key(self, key: ForeignKey) -> None:
        if key.parent not in self._loaded and key.parent not in self._session:
            return  # the parent has problems of its own
        dangling = set(self._database.execute(key.dangling))
        if not dangling:
            return
        file, rows = self._loaded[key.child]
        stored = list(self._tables[key.child].stored)
        places = [stored.index(name) for name in key.columns if name in stored]
        self.problems += _first(
            Problem(
                file.cell_at(number, file.header.index(key.columns[0])),
                f"{key.worded(values)} is not in '{key.parent}'",
                f"add it to {self._prefix}{key.parent}.csv, or correct it",
            )
            for number, row in enumerate(rows)
            if (values := tuple(row[place] for place in places)) in dangling
        )


def _first(problems: Iterator[Problem]) -> Iterator[Problem]:
    for number, problem in enumerate(problems, 1):
        if number > _MOST_PROBLEMS:
            what = f"more than {_MOST_PROBLEMS} problems in this file"
            yield Problem(problem.at, what, "correct those before")
            return
        yield problem


def _header_problems(table: Table, file: CsvFile) -> Iterator[Problem]:
    for cell, name in enumerate(file.header):
        if name not in table.stored:
            what = f"unknown column '{name}' of table '{table.name}'"
            yield Problem(file.header_at(cell), what, nearest(name, table.stored))
        elif name in file.header[:cell]:
            yield Problem(file.header_at(cell), f"column '{name}' comes twice", "keep one of them")
    for name in table.stored:
        if name not in file.header:
            what, fix = f"no column '{name}'", "add it to the header; its cells may be empty"
            yield Problem(file.header_at(0), what, fix)


def _width_problems(file: CsvFile) -> Iterator[Problem]:
    width = len(file.header)
    for number, row in enumerate(file.rows):
        if len(row) != width:
            what = f"row of {len(row)} cells under a header of {width}"
            fix = "quote cells that hold a comma" if len(row) > width else "add the missing commas"
            yield Problem(file.row_at(number), what, fix)


def _typed(
    table: Table, file: CsvFile, order: list[int]
) -> tuple[list[tuple[Cell, ...]], list[Problem]]:
    rows: list[tuple[Cell, ...]] = []
    faults: list[Problem] = []
    casts = [TYPES[kind] for kind in table.stored.values()]
    keys = [file.header.index(name) for name in table.primary]
    for number, row in enumerate(file.rows):
        try:
            cells = [row[cell] for cell in order]
            rows.append(
                tuple(
                    [cast(cell) if cell else None for cast, cell in zip(casts, cells, strict=True)]
                )
            )
            if not all(row[key] for key in keys):
                raise CellError("empty", "")
        except CellError:
            faults += _cell_problems(table, file, number)
        if len(faults) > _MOST_PROBLEMS:
            break
    return rows, faults


def _cell_problems(table: Table, file: CsvFile, number: int) -> Iterator[Problem]:
    for name, kind in table.stored.items():
        cell = file.header.index(name)
        text = file.rows[number][cell]
        # SQLite itself would number an empty INTEGER PRIMARY KEY.
        if not text and name in table.primary:
            what, fix = f"column '{name}' is empty", "fill it: it is the table's key"
            yield Problem(file.cell_at(number, cell), what, fix)
        try:
            if text:
                TYPES[kind](text)
        except CellError as error:
            what = f"{shown(text)} in column '{name}' {error.what}"
            yield Problem(file.cell_at(number, cell), what, error.fix)
