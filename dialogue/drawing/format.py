"""A kind of file that a graph is drawn in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from dialogue.drawing.chart import Chart


@dataclass(frozen=True, slots=True)
class Format:
    """One of the kinds: `text` is the whole file, the same for the same chart on any machine."""

    name: str
    suffix: str
    purpose: str
    text: Callable[[Chart], str]
