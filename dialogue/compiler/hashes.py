"""Files in, the SHA-256 of their bytes out: what a graph was made of."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def hashed(folder: Path, shown: str) -> tuple[tuple[str, str], ...]:
    """Return the files below a folder, sorted, with the SHA-256 of their bytes."""
    return tuple(
        hashed_file(path, f"{shown}/{path.relative_to(folder).as_posix()}")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    )


def hashed_file(path: Path, shown: str) -> tuple[str, str]:
    """Return a file's name and the SHA-256 of its bytes."""
    return shown, hashlib.sha256(path.read_bytes()).hexdigest()
