# ruff: noqa: E501 - one construct a line
"""Random templates, and values whose characters tell which slot they come from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dialogue.template.audit import alphabet
from dialogue.template.label import Label
from dialogue.template.rope import RecordRope, Rope

if TYPE_CHECKING:
    from random import Random

# Each slot has characters of its own, so that where they land is where its spans must be.
# What replaces a character of a slot is its own, too. Literals use none of these characters.

DESERET = 0x10400  # 40 capital letters, then their small ones
LIGATURE = "甲ﬁ".replace("甲", alphabet(90)[0])  # grows to two letters in capitals
INSERTED = "-↵0"  # what filters of the grammar put between the characters of a slot
SPACES = range(0x2000, 0x200B)


class Slots:
    """Names for a template, and for every private character its slot and its place in the value."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {}
        self.owner: dict[str, tuple[str, int | None]] = {}
        for number, name in enumerate(("甲", "乙", "丙")):
            self.names[name] = self.own(
                name, alphabet(number)[: 3 + number], alphabet(50 + number)[0]
            )
        for number, name in enumerate(("丁", "戊")):
            letters = alphabet(10 + number)
            words = letters[:3] + chr(SPACES[number]) + letters[3:6]
            self.names[name] = self.own(name, words, alphabet(60 + number)[0])
        start = DESERET + 40
        self.names["己"] = self.own(
            "己", "".join(map(chr, range(start, start + 5))), alphabet(70)[0]
        )
        self.names["庚"] = self.own("庚", LIGATURE, alphabet(71)[0], more="FIfi")
        self.names["货"] = [
            {
                "名": self.own(f"货{row}", alphabet(20 + row)[:4], alphabet(80 + row)[0]),
                "有": row != 1,
            }
            for row in range(3)
        ]
        name, city = (
            self.own("人", alphabet(30)[:3], "", part="名"),
            self.own("人", alphabet(31)[:2], "", part="城"),
        )
        self.names["人"] = RecordRope.made((name, "住", city), {"名": name, "城": city})
        self.names["数"] = 3
        self.names["无"] = []

    def own(
        self, slot: str, text: str, instead: str, more: str = "", part: str | None = None
    ) -> Rope:
        key = slot + (part or "")
        for place, one in enumerate(text):
            for form in {one, *one.upper(), *one.lower(), *one.title(), *one.casefold()}:
                self.owner[form] = (key, place)
        self.owner.update(dict.fromkeys(instead + more, (key, None)))
        return Rope.of(text, Label(slot, part))


SLOTS = Slots()
TEXTS = (
    "甲",
    "乙",
    "丙",
    "丁",
    "戊",
    "己",
    "庚",
    "人",
    "人.名",
    "人['城']",
    "货[0].名",
    "货[2]['名']",
)
WORDS = ("'到'", "'去 到'", "'。'", "' 呢 '", "'a\\nb'", "''")
FILTERS = [
    "trim",
    "upper",
    "lower",
    "title",
    "capitalize",
    "reverse",
    "string",
    "center(9)",
    "indent('·',true)",
    "wordwrap(3,true,'↵')",
    "wordwrap(6,true,'↵')",
    "truncate(4,true,'…',0)",
    "truncate(6,false,'…',0)",
    "replace('到','啊呀')",
    "replace('到','')",
    "default('无')",
    "replace('','-')",
    "trim('到')",
    "list|join('·')",
]
METHODS = [
    "strip()",
    "upper()",
    "lower()",
    "swapcase()",
    "title()",
    "casefold()",
    "capitalize()",
    "zfill(8)",
    "ljust(7,'。')",
    "rjust(7)",
    "center(8,'*')",
    "split()|join('·')",
    "split('到')|join('|')",
    "rsplit('到',1)|join('|')",
    "partition('到')[0]",
    "rpartition('到')[2]",
    "removeprefix('到')",
    "removesuffix('到')",
    "splitlines()|join('/')",
    "expandtabs(4)",
    "lstrip('到')",
    "rstrip()",
    "replace('到','啊',1)",
    "replace('去','来呀')",
    "translate({21040:'啊呀'})",
]
MACROS = {
    "m": "{% macro m(x, y='在') %}{{ y }}{{ x }}{% endmacro %}",
    "w": "{% macro w(x) %}<{{ caller(x) }}>{% endmacro %}",
    "v": "{% macro v() %}{{ varargs | join('+') }}{% endmacro %}",
}


class Writer:
    """Writes random templates; everything it decides it asks of its random numbers."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.bound = [*TEXTS]
        self.risky = False

    def one(self, options: Any) -> Any:
        return options[self.random.randrange(len(options))]

    def text(self, depth: int) -> str:
        if depth <= 0 or self.random.randrange(5) == 0:
            return str(self.one(self.bound if self.random.randrange(5) else WORDS))
        return str(self.one(EXPRESSIONS)(self, depth - 1))

    def condition(self, depth: int) -> str:
        text = self.text(depth)
        return str(
            self.one(
                ("数 > 2", "数 > 5", "货", "无", f"'到' in {text}", f"{text} == 甲", f"not {text}")
            )
        )

    def replaced(self, depth: int) -> str:
        """Return a replacement of one slot's own character by another of its own."""
        slot = self.one(("甲", "乙", "丙", "丁", "己"))
        old = SLOTS.names[slot][1]
        new = next(
            one for one, (name, place) in SLOTS.owner.items() if name == slot and place is None
        )
        return f"({self.text(depth)})|replace('{old}','{new * self.random.randrange(3)}')"

    def across(self, depth: int) -> str:
        """Return a replacement that may cross the edge of a slot, which must never be silent."""
        self.risky = True
        slot = self.one(("甲", "乙"))
        return f"('到' ~ {self.text(depth)} ~ {slot}).replace('到{SLOTS.names[slot][0]}', '啊')"

    def statement(self, depth: int) -> str:
        kind = self.random.randrange(12) if depth > 0 else 0
        if kind < 4:
            return str(self.one(("", "，", "请 ", "\n", "{# 甲 #}"))) + f"{{{{ {self.text(3)} }}}}"
        return str(self.one(STATEMENTS)(self, depth - 1))

    def block(self, depth: int) -> str:
        return "".join(self.statement(depth) for _ in range(1 + self.random.randrange(2)))

    def scoped(self, name: str, depth: int) -> str:
        self.bound.append(name)
        body = f"{{{{ {name} }}}}" + self.block(depth)
        self.bound.remove(name)
        return body

    def template(self) -> str:
        if self.random.randrange(4) == 0:
            # Without statements, as most phrasings are.
            body = [f"，{{{{ {self.text(1)} }}}}" for _ in range(1 + self.random.randrange(4))]
        else:
            body = [self.statement(2) for _ in range(2 + self.random.randrange(3))]
        said = "".join(body)
        called = set(re.findall(r"(?<![\w.])[mvw](?=\()", said))
        return "".join(MACROS[name] for name in sorted(called)) + said


EXPRESSIONS: tuple[Any, ...] = (
    lambda w, d: f"({w.text(d)}|{w.one(FILTERS)})",
    lambda w, d: f"({w.text(d)}|{w.one(FILTERS)}|{w.one(FILTERS)})",
    lambda w, d: f"({w.text(d)}).{w.one(METHODS)}",
    lambda w, d: f"(({w.text(d)}).{w.one(METHODS)})",
    lambda w, d: f"({w.text(d)} ~ {w.text(d)})",
    lambda w, d: f"({w.text(d)} ~ '到' ~ {w.text(d)})",
    lambda w, d: f"({w.text(d)} + {w.text(d)})",
    lambda w, d: f"({w.text(d)}){w.one(('[1:]', '[:-1]', '[1:3]', '[::-1]', '[::2]', '[:9]'))}",
    lambda w, d: f"({w.text(d)} * 2)",
    lambda w, d: f"({w.text(d)} if {w.condition(d)} else {w.text(d)})",
    lambda w, d: f"('%s到%-6s|%.2s%%' % ({w.text(d)}, {w.text(d)}, {w.text(d)}))",
    lambda w, d: f"('%5s到%s'|format({w.text(d)}, {w.text(d)}))",
    lambda w, d: f"'{{}}·{{:>9}}{{{{'.format({w.text(d)}, {w.text(d)})",
    lambda w, d: f"'{{a:*^7}}|{{0:.2}}'.format({w.text(d)}, a={w.text(d)})",
    lambda w, d: f"'、'.join([{w.text(d)}, {w.text(d)}])",
    lambda w, d: (
        f"([{w.text(d)}, {w.text(d)}]|{w.one(('join', 'sort|join', 'unique|join'))}('、'))"
    ),
    lambda w, d: (
        f"([{w.text(d)}, {w.text(d)}]|map('{w.one(('upper', 'trim', 'reverse'))}')|join({w.one(WORDS)}))"
    ),
    lambda w, d: "(货|selectattr('有')|map(attribute='名')|join('、'))",
    lambda w, d: "[甲, 乙, 人.名]|string",
    lambda w, d: f"{{'a': {w.one(('甲', '乙'))}, 'b': [丙]}}|string",
    lambda w, d: f"m({w.text(d)})",
    lambda w, d: f"m({w.text(d)}, y={w.text(d)})",
    lambda w, d: f"v({w.text(d)}, {w.text(d)})",
    lambda w, d: f"pick({w.text(d)}, {w.text(d)})",
    lambda w, d: f"order({w.text(d)}, {w.text(d)}, {w.text(d)}, sep=['', '，', '\\n'])",
    lambda w, d: f"({w.text(d)}).replace('去', {w.one(('甲', '人.名'))})",
    lambda w, d: w.replaced(d),
    lambda w, d: w.replaced(d),
    lambda w, d: w.across(d),
)
STATEMENTS: tuple[Any, ...] = (
    lambda w, d: (
        f"{{% if {w.condition(1)} %}}{w.block(d)}{{% elif {w.condition(1)} %}}{w.block(d)}{{% else %}}{w.block(d)}{{% endif %}}"
    ),
    lambda w, d: (
        f"{{% for r in 货 %}}{w.scoped('r.名', d)}{{{{ '、' if not loop.last }}}}{{% endfor %}}"
    ),
    lambda w, d: (
        f"{{% for r in 货 if r.有 %}}{w.scoped('r.名', d)}{{% else %}}{w.block(d)}{{% endfor %}}"
    ),
    lambda w, d: f"{{% for r in 无 %}}{w.scoped('r.名', d)}{{% else %}}{w.block(d)}{{% endfor %}}",
    lambda w, d: f"{{% for c in {w.text(1)} %}}{w.scoped('c', 0)}·{{% endfor %}}",
    lambda w, d: f"{{% set s = {w.text(2)} %}}{w.scoped('s', d)}",
    lambda w, d: f"{{% set s %}}{w.block(d)}{{% endset %}}{w.scoped('s', d)}",
    lambda w, d: (
        f"{{% set s = 甲 %}}{{% if {w.condition(1)} %}}{{% set s = {w.text(1)} %}}{{% endif %}}{w.scoped('s', 0)}"
    ),
    lambda w, d: f"{{% filter {w.one(FILTERS[:6])} %}}{w.block(d)}{{% endfilter %}}",
    lambda w, d: f"{{% with s = {w.text(2)} %}}{w.scoped('s', d)}{{% endwith %}}",
    lambda w, d: f"{{% call(y) w({w.text(2)}) %}}{w.scoped('y', d)}{{% endcall %}}",
    lambda w, d: (
        f"{{% set n = namespace(x='') %}}{{% for r in 货 %}}{{% set n.x = n.x ~ {w.text(1)} %}}{{% endfor %}}{w.scoped('n.x', 0)}"
    ),
)
