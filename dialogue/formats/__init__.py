"""The files that trainers read: one module a format, all with the same names.

A format is a pure function: a session, the examples made of it, the ontology and options in, rows
out. `files` writes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.formats import (
    bio,
    labelstudio,
    llamafactory,
    native,
    openai,
    parquet,
    rasa,
    sgd,
    spacy,
    spans,
    swift,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogue.formats.format import Format

_MODULES = (
    native,
    llamafactory,
    openai,
    swift,
    bio,
    spans,
    spacy,
    rasa,
    sgd,
    labelstudio,
    parquet,
)
FORMATS: Mapping[str, Format] = {module.FORMAT.name: module.FORMAT for module in _MODULES}
