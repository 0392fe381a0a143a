"""How a model is asked to reword: an assignment in, messages out, in the language of the locale.

`prompts/zh.yaml` and `en.yaml` hold the words; a locale that has none is asked in English.
"""

from __future__ import annotations

import functools
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from dialogue.spec.source import read
from dialogue.spec.spec import Spec
from dialogue.spec.validation import validate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dialogue.paraphrase.assignment import Assignment

FOLDER = Path(__file__).parent / "prompts"
SHOWN = 40
"""How many phrasings of an assignment a model is shown at most."""


class Prompt(Spec):
    """The words of a language; `$name` stands for what is put there."""

    system: str
    request: str
    slots: str
    none: str
    earlier: str
    user: str
    bot: str


def messages(
    assignment: Assignment, count: int, earlier: Sequence[str]
) -> tuple[Mapping[str, str], ...]:
    """Return the messages that ask for so many rewordings beside those that came `earlier`."""
    words = _prompt(assignment.locale)
    models = [model.source for model in assignment.models[:SHOWN]]
    printed = "  ".join(f"{{{{ {text} }}}}" for text in assignment.prints.values())
    told = Template(words.earlier).substitute(earlier=_lines(earlier)) if earlier else ""
    request = Template(words.request).substitute(
        who=words.user if assignment.speaker == "user" else words.bot,
        title=assignment.title,
        models=_lines(models),
        slots=Template(words.slots).substitute(slots=printed) if printed else words.none,
        earlier=told,
        count=count,
    )
    return ({"role": "system", "content": words.system}, {"role": "user", "content": request})


def _lines(texts: Sequence[str]) -> str:
    return "\n".join(f"- {text}" for text in texts)


@functools.cache
def _prompt(locale: str) -> Prompt:
    path = FOLDER / f"{locale.partition('_')[0]}.yaml"
    if not path.is_file():
        path = FOLDER / "en.yaml"
    return validate(read(path), Prompt)
