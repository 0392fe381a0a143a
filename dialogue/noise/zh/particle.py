"""Particles that soften or press what is said: 哈 呀 哦 呗."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dialogue.noise.operator import Operator
from dialogue.noise.turn import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from dialogue.noise.turn import Run

# The first that fits what a message ends in says what may follow there.
_AFTER = tuple(
    (re.compile(rf"(?:{before})\Z"), tuple(after))
    for before, after in (
        (r"[吗嘛么吧呢啊呀哦哈呗啦哟咯嘞滴喽嗯诶不没]|算了|[不没别][一-鿿]{1,3}了", ""),
        (r"谢谢|多谢|感谢|辛苦|麻烦", "哈啦哦啊"),
        (r"(?:再见|拜拜|回见|再会)", "哈啦"),
        (r"了", "哈呀哦啊"),
        (r"[好是行有会对]的", "哈呀哦啊"),
        (r"(?:多少|多久|哪|谁|啥|什么|怎么|几[天个点号件])[一-鿿]{0,6}", "呀啊呢"),
        (r"[行好可以对是]", "哈呀哦啊"),
        (r"(?:[帮给替]|麻烦|请|看|查|问|说|催|等|发|拍|换|退|改|开)[一-鿿]{1,5}", "哈呗啊"),
    )
)
_MARKS = "。.！!？?~～… "
_LONGEST = 8  # characters that one of them looks at: 几个 and six more


def _ends(runs: Sequence[Run]) -> Iterator[tuple[Run, int, tuple[str, ...]]]:
    for run in runs:
        if run.last and run.text:
            said = run.text.rstrip(_MARKS)
            for pattern, particles in _AFTER:
                if pattern.search(said, max(len(said) - _LONGEST, 0)):
                    if particles:
                        yield run, len(said), particles
                    break


def _added(_: str, site: tuple[Run, int, tuple[str, ...]], rng: Random) -> tuple[Edit]:
    run, at, particles = site
    return (Edit(run, at, at, rng.choice(particles)),)


OPERATORS = (
    Operator(
        "particle",
        "a particle follows the last word: 好的 → 好的哈",
        "an end outside slots that takes one: 了, 的, 谢谢, 帮我看看",
        _ends,
        _added,
        usual=0.05,
        rough=0.08,
    ),
)
