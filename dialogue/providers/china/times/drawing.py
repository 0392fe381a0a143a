"""Times that customers wish for or tell of: a stream and the session's clock in, a value out."""

from __future__ import annotations

import functools
from datetime import timedelta
from typing import TYPE_CHECKING

from dialogue.problem import nearest
from dialogue.providers.china.times import ahead, past
from dialogue.providers.china.times.meaning import meaning
from dialogue.providers.china.times.saying import say
from dialogue.providers.weighted import pick, spread
from dialogue.value import Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from random import Random

    from dialogue.providers.china.times.ahead import Draw
    from dialogue.providers.china.times.tree import Time

# How often each kind is said, where nothing else is asked for.
_SHARES: Mapping[str, int] = {
    "deadline": 34,
    "interval": 34,
    "instant": 12,
    "duration": 8,
    "recurring": 5,
    "vague": 7,
}
KINDS = tuple(_SHARES)
TENSES: Mapping[str, Mapping[str, tuple[Draw, ...]]] = {"future": ahead.DRAWS, "past": past.DRAWS}
# Intervals to deadlines as 56 to 44.
_DEADLINES = ahead.INTERVALS * 50 + ahead.DEADLINES * 45
# A plain deadline is said in a few characters, and is not far.
_FEW, _NEAR = 5, timedelta(days=10)


def draw_time(
    rng: Random,
    now: datetime,
    kinds: Sequence[str] = KINDS,
    tense: str = "future",
) -> Value:
    """Draw a time as seen from `now`, which must know its zone.

    Intervals and deadlines of the future end at least two hours ahead, instants lie ahead; of the
    past, where only intervals, instants and vague times are told, all of them are over. Raises
    ValueError for a kind or tense that there is not.
    """
    draws = _draws(tuple(kinds), tense)
    return _drawn(draws, rng, now)


def draw_deadline(rng: Random, now: datetime, plain: bool = False) -> Value:
    """Draw a time ahead of `now` by which something is wished for: an interval, or a deadline.

    Values are half open and end at least two hours ahead; they start ahead, too, but for 今晚,
    which is said until eight and starts at six all the same. 周五之前 ends as Friday begins, 三天内
    with the third day after today. A `plain` one is short and ends within ten days: 明天下午, but
    neither 最晚周五 nor 国庆前 in May. Raises ValueError for a `now` that does not know its zone.
    """
    found = _drawn(_DEADLINES, rng, now)
    while plain and not _plain(found, now):
        found = _drawn(_DEADLINES, rng, now)
    return found


def _plain(value: Value, now: datetime) -> bool:
    said = value.surface
    ends = value.value["end"] if isinstance(value.value, dict) else ""
    return (
        len(said) <= _FEW and not said.startswith("最") and str(ends) <= (now + _NEAR).isoformat()
    )


def _drawn(draws: tuple[Draw, ...], rng: Random, now: datetime) -> Value:
    if now.tzinfo is None:
        raise ValueError(f"expected a time with a zone but got now={now!r}")
    today = now.date()
    tree: Time | None = None
    while tree is None:
        tree = pick(rng, draws)(rng, now, today)
    normal, fields = meaning(tree, now)
    return Value(say(tree, today, rng), normal, fields)


@functools.cache
def _draws(kinds: tuple[str, ...], tense: str) -> tuple[Draw, ...]:
    """Return the draws of the kinds in a tense, each as often as it weighs."""
    if tense not in TENSES:
        raise ValueError(f"unknown tense '{tense}': {nearest(tense, TENSES)}")
    for kind in kinds:
        if kind not in KINDS:
            raise ValueError(f"unknown kind of time '{kind}': {nearest(kind, KINDS)}")
    known = TENSES[tense]
    weights = {draw: _SHARES[kind] for kind in kinds if kind in known for draw in known[kind]}
    if not weights:
        raise ValueError(f"expected kinds of which the {tense} is told but got kinds={kinds!r}")
    return spread(weights)
