"""What the library `datasets` must be told of JSON rows, since what it guesses is not always true.

Left to itself it takes a column of ISO times for timestamps and turns them to UTC, judges a file by
its first rows, and fills keys that differ from row to row with nulls. A column that is declared as
JSON is read as it was written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

STRING, STRINGS, JSON, LIST = "string", "strings", "json", "list"
"""The kinds of columns, besides int64, float64 and bool: `list` is one of JSON values."""

NAMES = ("train", "dev", "test")
_SPLIT = re.compile(r"(?<![^/])(train|dev|test)(?=[-./])")
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d.*)?")
_UNKNOWN = ""  # an empty list
_KINDS = {bool: "bool", int: "int64", float: "float64"}


class Columns:
    """The columns of the rows seen so far."""

    def __init__(self) -> None:
        self._kinds: dict[str, str] = {}

    def add(self, row: Mapping[str, Any]) -> None:
        """Look at a row."""
        for name, value in row.items():
            self._kinds[name] = _both(self._kinds.get(name), _kind(value))

    def plain(self) -> dict[str, str]:
        """Return the kind of each column in the order of first sight."""
        return {name: kind or LIST for name, kind in self._kinds.items()}

    def merge(self, other: Columns) -> None:
        """Look at the rows of another file as well."""
        for name, kind in other._kinds.items():
            self._kinds[name] = _both(self._kinds.get(name), kind)


def configs(name: str, files: Mapping[str, Columns], *, fixed: bool) -> dict[str, Any]:
    """Return what a card offers of a format: the columns, and a pattern for the files of a split.

    `files` are by path below the format's folder, as written, with `{number}`. There is one config
    for each task, named `<format>-<task>`, and one for a fixed format, named after it.
    """
    columns: dict[str, Columns] = {}
    splits: dict[str, dict[str, str]] = {}
    for path in sorted(files):
        if found := _SPLIT.search(path):
            config = name if fixed else f"{name}-{path.partition('/')[0]}"
            splits.setdefault(config, {})[found[1]] = f"{name}/{path.replace('{number}', '*')}"
            columns.setdefault(config, Columns()).merge(files[path])
    return {
        config: {
            "splits": {split: found[split] for split in NAMES if split in found},
            "columns": columns[config].plain(),
        }
        for config, found in splits.items()
    }


def feature(name: str, kind: str) -> dict[str, str]:
    """Return a column as the front matter of a dataset card declares it."""
    if kind in (STRINGS, LIST):
        return {"name": name, "list": STRING if kind == STRINGS else JSON}
    return {"name": name, "dtype": kind}


def _kind(value: Any) -> str:
    if isinstance(value, str):
        return JSON if _TIME.fullmatch(value) else STRING
    if isinstance(value, (list, tuple)):
        if not value:
            return _UNKNOWN
        return STRINGS if all(_kind(one) == STRING for one in value) else LIST
    return _KINDS.get(type(value), JSON)


def _both(one: str | None, other: str) -> str:
    if one is None or one == other:
        return other
    if _UNKNOWN in (one, other) and {one, other} <= {_UNKNOWN, STRINGS, LIST}:
        return one or other
    return LIST if {one, other} == {STRINGS, LIST} else JSON
