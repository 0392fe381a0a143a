"""A rendering that failed, as one kind of error with a line and a remedy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from dialogue.problem import nearest
from dialogue.template.label import SpanLost, TooLong
from dialogue.template.sandbox import TooManySteps

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType, TracebackType


class RenderError(Exception):
    """A rendering that failed: what went wrong on a line of the template, and the remedy."""

    def __init__(self, what: str, fix: str, line: int) -> None:
        self.what, self.fix, self.line = what, fix, line
        super().__init__(f"line {line}: {what}; {fix}")


def failure(error: Exception, names: Mapping[str, object], rendering: Any = None) -> RenderError:
    """Return the one error that a rendering raises, whatever went wrong inside.

    `rendering` is the generator of the template, for an error between two of its parts.
    """
    line = _line(error.__traceback__, getattr(rendering, "gi_frame", None))
    text = str(error).split("\n")[0].removeprefix("environment.").removeprefix("Environment.")
    text = text.partition(". Did you mean")[0]  # what newer versions of Python add
    what = (text[:1].lower() + text[1:])[:99] or type(error).__name__
    if isinstance(error, SpanLost):
        return RenderError(what, "print each slot on its own", line)
    if isinstance(error, (TooLong, TooManySteps)):
        return RenderError(what, "say less", line)
    if isinstance(error, RecursionError):
        return RenderError("macros or includes call each other without end", "end it", line)
    if isinstance(error, SecurityError):
        return RenderError(what, "use slots, parts, columns and filters only", line)
    if isinstance(error, UndefinedError):
        if missing := re.search(r"object' has no attribute '(.*)'$", what):
            if what.startswith("'list object'"):
                what = f"a list of rows has no column '{missing[1]}'"
                return RenderError(what, f"pick a row first: rows[0].{missing[1]}", line)
            what = f"there is no part or column '{missing[1]}'"
        name = what.split("'")[1] if what.endswith("is undefined") and "'" in what else ""
        fix = nearest(name, map(str, names)) if name else "name a part or a column that is there"
        return RenderError(what, fix, line)
    return RenderError(what, "check what is used on this line", line)


def _line(traceback: TracebackType | None, waiting: FrameType | None) -> int:
    line = 1 if waiting is None else _within(waiting, waiting.f_lineno) or 1
    while traceback is not None:
        line = _within(traceback.tb_frame, traceback.tb_lineno) or line
        traceback = traceback.tb_next
    return line


def _within(frame: FrameType, line: int) -> int | None:
    """Return the line in the template itself, if the frame is of it and not of an included file."""
    template = frame.f_globals.get("__jinja_template__")
    return template.get_corresponding_lineno(line) if template and template.name is None else None
