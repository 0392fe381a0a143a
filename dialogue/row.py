"""A row of a result: plain values for expressions, labelled text for phrasings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime


class Row(dict[str, Any]):
    """A result's row as phrasings see it; `raw` holds what the query gave.

    The text of a column is made when it is first read: most columns of most rows are never printed.
    """

    __slots__ = ("now", "raw", "words")

    def __init__(
        self, raw: Mapping[str, Any], words: Mapping[str, Callable[[Row], Any]], now: datetime
    ) -> None:
        super().__init__()
        self.raw = raw
        self.words = words
        self.now = now  # times are worded relative to it

    def __missing__(self, column: str) -> Any:
        text = self[column] = self.words[column](self)
        return text

    def __contains__(self, column: object) -> bool:
        return column in self.words or super().__contains__(column)

    def __bool__(self) -> bool:
        return True  # a row is there, whether any of it has been printed or not
