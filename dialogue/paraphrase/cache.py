"""Answers on the disk, so that nothing is asked twice: a file for each question.

A question is named by the hash of all that decides its answer; the key of an account is no part of
it. An entry that cannot be read counts as none.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import orjson

from dialogue.writing import whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

SCHEMA = "dialogue.paraphrase/1"


class Cache:
    """A folder of answers; it is made when the first one comes, for its owner alone to read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, server: str, model: str, messages: Sequence[Mapping[str, str]]) -> str | None:
        """Return the answer to a question that was asked before."""
        with suppress(OSError, orjson.JSONDecodeError):
            entry = orjson.loads(self._path(server, model, messages).read_bytes())
            if isinstance(entry, dict) and entry.get("schema") == SCHEMA:
                answer: Any = entry.get("answer")
                return answer if isinstance(answer, str) else None
        return None

    def keep(
        self, server: str, model: str, messages: Sequence[Mapping[str, str]], answer: str
    ) -> None:
        """Write an answer; it appears under its name only when it is whole."""
        entry = {"schema": SCHEMA, "model": model, "messages": messages, "answer": answer}
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with whole(self._path(server, model, messages)) as file:
            file.write(orjson.dumps(entry, option=orjson.OPT_INDENT_2))

    def _path(self, server: str, model: str, messages: Sequence[Mapping[str, str]]) -> Path:
        asked = orjson.dumps([SCHEMA, server, model, messages])
        return self.folder / f"{hashlib.sha256(asked).hexdigest()}.json"


def usual_folder() -> Path:
    """Return the folder for what this user's programs can do without."""
    from pathlib import Path

    import platformdirs

    return Path(platformdirs.user_cache_dir("dialogue", appauthor=False)) / "paraphrase"
