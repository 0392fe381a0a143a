"""Emoji of Chinese chats, among them the names in brackets that apps write for theirs."""

from __future__ import annotations

import re

from dialogue.noise.emoji import Moods

_MOODS = Moods((
    (
        re.compile("谢|辛苦|劳烦|点赞|支持|真好"),
        ("🙏", "😊", "🌹", "😘", "👍", "[玫瑰]", "[抱拳]", "[微笑]", "[愉快]", "[爱心]", "^_^"),
    ),
    (
        re.compile("投诉|骗|垃圾|坏|烂|碎|破|漏发|发错|少了|催|还没|怎么还|等[了半]|太慢|虚假|差评|生气|烦死|赔|举报|又犯|没用|不行|没收到|没拿到|丢|麻烦|凭什么|解释|说法"),
        ("😡", "😤", "😭", "😓", "🙄", "😠", "😢", "[发怒]", "[流泪]", "[抓狂]", "[衰]", "T_T"),
    ),
    (re.compile("拜拜|再见|回见|再会|下次"), ("👋", "😊", "[再见]", "[微笑]", "[愉快]")),
    (re.compile("[好行嗯]的?\\Z|可以|收到|知道|明白"), ("👌", "😊", "[OK]", "[强]", "[愉快]")),
    (
        re.compile("[吗嘛么呢不没?？]\\Z|怎|什么|啥|多少|哪|几"),
        ("😂", "😅", "🤔", "😊", "😄", "[疑问]", "[微笑]", "[可怜]", "^_^"),
    ),
    (re.compile(""), ("😂", "😅", "🙏", "😊", "[微笑]", "[抱拳]", "[捂脸]")),
))  # fmt: skip

OPERATORS = (_MOODS.operator(usual=0.025, rough=0.05),)
