"""The words in a drawing that are not the pack's own, by language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """What a drawing says."""

    start: str
    end: str
    weight: str
    when: str
    width: str
    comes: str
    leads: str
    pointer: str


_ENGLISH = Words(
    start="start",
    end="end",
    weight="weight",
    when="when",
    width="width: how likely the way is, by weight",
    comes="triangle: sessions come here from (area: how likely)",
    leads="bar: how likely they go on to",
    pointer="under the pointer: weights and conditions",
)
_CHINESE = Words(
    start="开始",
    end="结束",
    weight="权重",
    when="条件",
    width="线宽：按权重走这条路的概率",
    comes="三角：可由此处进入（面积为概率）",
    leads="底条：接着去往这里的概率",
    pointer="指针悬停：权重与条件",
)
_LANGUAGES = {"zh": _CHINESE}


def words(locale: str) -> Words:
    """Return the words of a locale's language, English where there are none."""
    return _LANGUAGES.get(locale.partition("_")[0], _ENGLISH)
