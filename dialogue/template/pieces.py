"""A phrasing's source in, its pieces out: what is typed, and what is printed between."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jinja2 import TemplateSyntaxError

if TYPE_CHECKING:
    from dialogue.template.sandbox import Environment


class Print(NamedTuple):
    """An expression in `{{ }}` as written, and `key`, which is the same however it is spaced."""

    key: str
    text: str


class Pieces(NamedTuple):
    """What a source is made of, in order; `tags` are signs of anything else, such as `{%`."""

    parts: tuple[str | Print, ...]
    tags: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """What is typed between expressions."""
        return tuple(part for part in self.parts if isinstance(part, str))

    @property
    def prints(self) -> tuple[Print, ...]:
        """The expressions."""
        return tuple(part for part in self.parts if isinstance(part, Print))


def pieces(environment: Environment, source: str) -> Pieces:
    """Take a source apart; raises ValueError with what is wrong for one that is not Jinja2."""
    parts: list[str | Print] = []
    tags: list[str] = []
    words: list[str] = []  # of the expression being read, with its spaces
    try:
        environment.parse(source)
        for _, kind, text in environment.lex(source):
            if kind == "data":
                parts.append(text)
            elif kind == "variable_begin":
                words = []
                tags += [text] if text != "{{" else []  # {{- eats the space before it
            elif kind == "variable_end":
                tags += [text.strip()] if text.strip() != "}}" else []
                key = " ".join(word for word in words if not word.isspace())
                parts.append(Print(key, "".join(words).strip()))
            elif kind.endswith("_begin") or kind == "linestatement_begin":
                tags.append(text.strip())
            else:
                words.append(text)
    except TemplateSyntaxError as error:
        raise ValueError((error.message or "cannot be read").partition("\n")[0]) from None
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return Pieces(tuple(parts), tuple(tags))
