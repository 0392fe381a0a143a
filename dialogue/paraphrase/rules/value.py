"""Rule `value`: what a slot may be said by is not written out.

It would stand in the text without its label. A word that people have typed into the unit
themselves is no value there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue.paraphrase.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogue.paraphrase.context import Context
    from dialogue.paraphrase.wording import Wording

LONGEST = 40  # in characters, of values that are looked for


def _check(wording: Wording, context: Context) -> str | None:
    for text in wording.pieces.texts:
        for found in _written(text.casefold(), context):
            return f"writes the value '{found}' out"
    return None


def _written(text: str, context: Context) -> Iterator[str]:
    for start in range(len(text)):
        for end in range(min(len(text), start + LONGEST), start, -1):
            word = text[start:end]
            if word not in context.pack.surfaces or _is_cut(text, start, end):
                continue
            # A single character is part of many words.
            known = context.words if end - start > 1 else context.pack.characters
            if word not in known:
                yield word


def _is_cut(text: str, start: int, end: int) -> bool:
    """Tell whether a stretch begins or ends within a Latin word or a number."""
    return any(
        0 < at < len(text) and _is_latin(text[at - 1]) and _is_latin(text[at])
        for at in (start, end)
    )


def _is_latin(one: str) -> bool:
    return one.isascii() and one.isalnum()


RULE = Rule("value", "no value of a slot written out", _check)
