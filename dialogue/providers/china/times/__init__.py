"""Times in Chinese words: a stream and the session's clock in, typed values with surfaces out.

A `tree` is what is meant; `meaning` gives its ISO form and fields, `saying` one of its surfaces by
the `names` of days and clocks and of `spans`. `ahead` and `past` draw trees, `drawing` values.

What words leave open is settled so: parts of the day are as in `names.PARTS`, weeks begin on
Mondays. 周五 alone, a date or a holiday is the next one, of the past the last one. 周五前 ends as
Friday begins, 最晚周五 as it ends. 月初 are five days, 月底 begins on the 25th, 月底前 ends with
the month, 年前 is before 春节. 两三天内 ends with the third day, 晚上12点 ends the day. 下班 is at
six, 午休 from twelve to two, 白天 and 上班时间 from nine to six.
"""

from __future__ import annotations

from dialogue.providers.china.times.drawing import KINDS, draw_deadline, draw_time
from dialogue.providers.china.times.meaning import meaning
from dialogue.providers.china.times.saying import say
from dialogue.providers.china.times.tree import Time

__all__ = ["KINDS", "Time", "draw_deadline", "draw_time", "meaning", "say"]
