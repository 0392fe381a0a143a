"""A small pack and graph to begin with, and the schemas that editors check them against."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING

from dialogue.writing import whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable
    from pathlib import Path

GRAPH = "graphs/shop.yaml"
"""The place of the graph below the directory that the starter is written to."""

_FOLDERS = ("graphs", "units")
_SCHEMAS = ("domain", "graph", "unit")


def files() -> dict[str, bytes]:
    """Return the files by their place; the schemas are those of this version."""
    from dialogue.schema import json_schema

    found: dict[str, bytes] = {}
    for folder in _FOLDERS:
        found.update(_below(resources.files(__name__) / folder, folder))
    for kind in _SCHEMAS:
        text = json.dumps(json_schema(kind), ensure_ascii=False, indent=2)
        found[f"schemas/{kind}.json"] = f"{text}\n".encode()
    return found


def _below(folder: Traversable, place: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _below(entry, f"{place}/{entry.name}")
        else:
            yield f"{place}/{entry.name}", entry.read_bytes()


def write(directory: Path) -> int:
    """Write the files below a directory and return how many; raise FileExistsError before any."""
    found = files()
    for name in found:
        path = directory / name
        if path.exists() or path.is_symlink():
            raise FileExistsError(f"'{path}' exists already")
    for name, content in found.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole(path) as file:
            file.write(content)
    return len(found)
