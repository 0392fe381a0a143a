"""One CSV file in, its header and rows out, with the place of every cell."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialogue.problem import ContentError, Position, Problem

if TYPE_CHECKING:
    from pathlib import Path

MAX_FILE_BYTES = 64 * 1024 * 1024

# What is left of a record from the start of a cell; the csv module gives no columns.
_CELL = re.compile(r'"(?:[^"]|"")*"[^,]*|[^,]*')


@dataclass(frozen=True)
class CsvFile:
    """A table's file: cells are NFC text; `starts` are the lines, from 1, where the rows start."""

    shown: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    starts: tuple[int, ...]
    lines: tuple[str, ...]

    def row_at(self, row: int) -> Position:
        """Return the place of a row, from 0."""
        return Position(self.shown, self.starts[row], 1)

    def cell_at(self, row: int, cell: int) -> Position:
        """Return the place where a cell starts, both from 0."""
        following = self.starts[row + 1 : row + 2]
        return self._at(self.starts[row], following[0] - 1 if following else len(self.lines), cell)

    def header_at(self, cell: int) -> Position:
        """Return the place where a cell of the header starts, from 0."""
        return self._at(1, self.starts[0] - 1 if self.starts else len(self.lines), cell)

    def _at(self, start: int, last: int, cell: int) -> Position:
        text = "".join(self.lines[start - 1 : last])
        offset = 0
        for _ in range(cell):
            match = _CELL.match(text, offset)
            offset = (match.end() if match else offset) + 1
        before = io.StringIO(text[:offset], newline="").readlines()
        line, column = start, 1
        if before:
            ended = before[-1].endswith(("\n", "\r"))
            line += len(before) - (not ended)
            column = 1 if ended else len(before[-1]) + 1
        return Position(self.shown, line, column)


def read_csv(path: Path, shown: str) -> CsvFile:
    """Read a UTF-8 file with a header; raise ContentError where it is none."""
    text = _read_text(path, shown)
    lines = tuple(io.StringIO(text, newline=""))
    rows: list[tuple[str, ...]] = []
    starts: list[int] = []
    problems: list[Problem] = []
    reader = csv.reader(lines, strict=True)
    start = 1
    try:
        for row in reader:
            if row:
                rows.append(tuple(row))
                starts.append(start)
            else:
                problems.append(Problem(Position(shown, start), "blank line", "remove it"))
            start = reader.line_num + 1
    except csv.Error as error:
        what, fix = _wording(str(error))
        problems.append(Problem(Position(shown, start), what, fix))
    if not rows and not problems:
        problems.append(Problem(Position(shown), "no header", "name the columns in the first line"))
    if problems:
        raise ContentError(problems)
    if not unicodedata.is_normalized("NFC", text):
        rows = [tuple([unicodedata.normalize("NFC", cell) for cell in row]) for row in rows]
    return CsvFile(shown, rows[0], tuple(rows[1:]), tuple(starts[1:]), lines)


def _read_text(path: Path, shown: str) -> str:
    with path.open("rb") as file:
        data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        what = f"larger than {MAX_FILE_BYTES // 1024 // 1024} MB"
        raise ContentError([Problem(Position(shown), what, "keep fewer rows or columns")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode()) + 1
        at = Position(shown, line, column)
        raise ContentError([Problem(at, "not UTF-8", "save the file as UTF-8")]) from None
    if "\0" in text:
        before_nul = text[: text.index("\0")]
        at = Position(shown, before_nul.count("\n") + 1, len(before_nul.rpartition("\n")[2]) + 1)
        raise ContentError([Problem(at, "a NUL character", "save the file as UTF-8 text")])
    return text


def read_sql(path: Path, shown: str) -> str:
    """Read a UTF-8 file of SQL, with the checks that CSV files get; NFC."""
    return unicodedata.normalize("NFC", _read_text(path, shown))


def _wording(message: str) -> tuple[str, str]:
    if "unexpected end" in message:
        return "a quotation starts in this row and never ends", "close it with a double quote"
    if "expected after" in message:
        return "text after a closing quote", "write a quote within quotes twice"
    if "field larger" in message:
        return "a cell is too long", "shorten it, or close an open quotation"
    return message[:99], "write the row as a spreadsheet would save it"
