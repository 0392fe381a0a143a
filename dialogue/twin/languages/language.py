"""What a language knows of values: kinds with what they look like, and how each is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: a phone, an amount, a county.

    `fits` tells whether a text may be one; `names` are labels that people give it, in small
    letters. One that is `sure` is known by its looks. Others need such a label, or a value of a
    kind in `beside` in the same text, or right before them one of a kind in `after`. `draw` returns
    the keys of a slot for its values, None where it is drawn as a part of a record only. In its
    `text` NAME is the slot, with `helpers` of its own, and RECORD the slot of the record `of`.
    """

    name: str
    fits: Callable[[str], bool]
    names: frozenset[str] = frozenset()
    draw: Callable[[Sequence[str]], Mapping[str, Any]] | None = None
    sure: bool = False
    beside: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    of: str = ""
    key: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RecordKind:
    """Kinds that are drawn as one.

    `slot` is the name of the slot, `parts` maps kinds to parts of the method's record, `needs` are
    kinds of which one must be there. `groups` are the kinds that belong together. `whole` is the
    composite that says the kinds of `said`, of which the last is always there; those in `optional`
    may say nothing.
    """

    slot: str
    faker: str
    parts: Mapping[str, str]
    needs: frozenset[str]
    groups: tuple[frozenset[str], ...] = ()
    optional: frozenset[str] = frozenset()
    whole: str = ""
    said: tuple[str, ...] = ()


class Reading(NamedTuple):
    """A stretch of text that says a number or a day, with its normal form."""

    start: int
    end: int
    normal: str


def _nothing(text: str) -> Iterator[Reading]:  # noqa: ARG001
    return iter(())


@dataclass(frozen=True, slots=True)
class Language:
    """What is known of the words of a language.

    `speaks` tells the share of a text that is surely of it, from 0 to 1. `readings` yields the
    numbers and days that a text says in words or digits. `clock` is what `domain.yaml` writes,
    `ascii` spells words in Latin letters as far as it can.
    """

    name: str
    locale: str
    speaks: Callable[[str], float]
    kinds: tuple[Kind, ...] = ()
    records: tuple[RecordKind, ...] = ()
    readings: Callable[[str], Iterator[Reading]] = _nothing
    clock: str = ""
    ascii: Callable[[str], str] = lambda text: text
