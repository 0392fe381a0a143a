"""How a model is asked: the wordings of a locale, and those that a graph has instead.

`zh.yaml` and `en.yaml` hold all keys of an `InstructionsSpec`; another locale gets a file of its
own, named after its language. One that has none is asked in English.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue.spec.instructions import InstructionsSpec
from dialogue.spec.source import read
from dialogue.spec.validation import validate

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent


def instructions(locale: str, own: InstructionsSpec) -> Mapping[str, Any]:
    """Return the wordings of a graph as plain data: its own, and its locale's for the rest.

    A task's wordings for messages and for dialogues are keys of their own.
    """
    written = own.model_dump(exclude_none=True)
    return {
        key: {**known, **written.get(key, {})}
        if isinstance(known, dict)
        else written.get(key, known)
        for key, known in _of_locale(locale).items()
    }


@functools.cache
def _of_locale(locale: str) -> Mapping[str, Any]:
    path = FOLDER / f"{locale.partition('_')[0]}.yaml"
    if not path.is_file():
        path = FOLDER / "en.yaml"
    return validate(read(path), InstructionsSpec).model_dump()
