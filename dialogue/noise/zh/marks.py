"""Marks of Chinese messages: dropped, doubled, full or half width."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dialogue.noise.marks import COMMA, UNMARKED, Endings
from dialogue.noise.operator import Operator
from dialogue.noise.turn import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random
    from typing import TypeAlias

    from dialogue.noise.turn import Run

    Kind: TypeAlias = tuple[re.Pattern[str], dict[int, int]]

_QUESTION = re.compile(
    r"[吗嘛么呢没不]\Z|什么|怎|哪|几[天个点号时块件钱]|多[少久长大重]|啥|咋|谁"
    r"|有没有|能不能|是不是|可不可以|行不行|要不要|会不会|好不好|在不在"
)
_ENDINGS = Endings(
    _QUESTION,
    {
        "？": ("？？", "??", "？！", "？？？"),
        "?": ("??", "???", "？？"),
        "！": ("！！", "!!", "！！！"),
        "!": ("!!", "！！"),
        "。": ("。。", "。。。", "...", "…"),
        "~": ("~~", "~~~"),
        "～": ("～～", "~"),
    },
    asked=("?", "?", "?", "?", "？", "？", "??", "？？", "???"),
    said=("。", "。", "~", "~", "！", "!", "。。", "...", "～", "。。。"),
)
_HALF = str.maketrans("，。？！：；（）～", ",.?!:;()~")
_FULL = str.maketrans(",?!:;()~", "，？！：；（）～")
_KINDS = ((re.compile("[，。？！：；（）～]+"), _HALF), (re.compile("[,?!:;()~]+"), _FULL))
_WORDS = re.compile("[0-9A-Za-z]+")
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F) if chr(code).isalnum()}
_ALL = 0.2  # of those who type marks in full width, how many type letters and digits so, too


def _widths(runs: Sequence[Run]) -> Iterator[tuple[Sequence[Run], Kind]]:
    """Yield the kinds of marks that there are: all of a kind change."""
    for kind in _KINDS:
        if any(kind[0].search(run.text) for run in runs):
            yield runs, kind


def _changed(_: str, site: tuple[Sequence[Run], Kind], rng: Random) -> Iterator[Edit]:
    runs, kind = site
    kinds = [kind]
    if kind[1] is _FULL and rng.random() < _ALL:
        kinds.append((_WORDS, _WIDE))
    for pattern, table in kinds:
        for run in runs:
            for found in pattern.finditer(run.text):
                yield Edit(run, found.start(), found.end(), found[0].translate(table))


OPERATORS = (
    UNMARKED,
    COMMA,
    Operator(
        "width",
        "marks change between full and half width, now and then letters and digits, too: ？ → ?",
        "a mark outside slots",
        _widths,
        _changed,
        usual=0.05,
        rough=0.1,
    ),
    _ENDINGS.operator(usual=0.07, rough=0.12),
)
