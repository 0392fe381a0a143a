# ruff: noqa: E501 - one construct a line
"""Constructs of Jinja2 and, by hand, what each must say: text with every span marked ⟦slot:surface⟧."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from dialogue.template.label import Label
from dialogue.template.rope import LabelledFloat, LabelledInt, RecordRope, Rope

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "hello.txt": "您好，{{ 时间 }}",
    "said.txt": "{% macro to(x) %}到{{ x }}{% endmacro %}{% set polite = '请' %}",
    "base.txt": "<{% block body %}默认{% endblock %}>",
    "part/inner.txt": "（{{ 地点 }}）",
}
HOSTILE = "{{ 时间 }}{% if %}'\"<b>\\"


def slot(name: str, text: str, normal: str | None = None, part: str | None = None) -> Rope:
    return Rope.of(text, Label(name, part, None, normal or text, text))


def row(name: str, price: int, ok: bool) -> dict[str, Any]:
    label = Label("产品.price", None, None, str(price), price)
    return {"name": slot("产品", name), "price": LabelledInt(price, label), "ok": ok}


def world() -> dict[str, Any]:
    parts = {
        "姓名": slot("收货人", "张三", part="姓名"),
        "省": slot("收货人", "广东省", part="省"),
        "空": slot("收货人", "", part="空"),
    }
    return {
        "时间": slot("时间", "今晚", "2026-03-14T20:00"),
        "地点": slot("地点", "深圳", "深圳市"),
        "城市": slot("地点", "广州", "广州市"),
        "型号": slot("设备", " pro max 8 "),
        "行": slot("备注", "甲\n乙 丙\n丁"),
        "恶意": slot("恶意", HOSTILE),
        "收货人": RecordRope.made((parts["姓名"], "在", parts["省"]), parts),
        "商品": [row("内存条", 39, True), row("手机壳", 15, False), row("充电器", 39, True)],
        "一件": [row("内存条", 39, True)],
        "空": [],
        "数量": LabelledInt(3, Label("数量", None, None, "3", 3)),
        "价": LabelledFloat(39.55, Label("价", None, None, "39.55", 39.55)),
        "负": LabelledInt(-4, Label("负", None, None, "-4", -4)),
        "元": LabelledInt(39, Label("元", None, None, "39", 39)),
        "树": [{"n": slot("节", "子"), "sub": [{"n": slot("节", "孙"), "sub": []}]}],
        "地址": {"param": {"省": slot("收货人", " 广东省 ", part="省")}},
    }


def pack(folder: Path) -> Path:
    """Write the files that templates include, one outside of the pack and a link to it."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder.parent / "outside.txt").write_text("{{ 地点 }}", encoding="utf-8")
    (folder / "link.txt").symlink_to(folder.parent / "outside.txt")
    return folder


class PlainRecord(str):
    """A record for stock Jinja2: text with attributes."""


def plain(value: Any) -> Any:
    """Return a value as stock Jinja2 would get it, without labels."""
    if isinstance(value, RecordRope):
        record = PlainRecord(value)
        for name, part in value.parts.items():
            setattr(record, name, plain(part))
        return record
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, LabelledInt):
        return int(value)
    if isinstance(value, LabelledFloat):
        return float(value)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def stock(source: str, names: Mapping[str, Any], folder: Path, choose: Callable[[int], int]) -> str:
    """Return what Jinja2 as it comes makes of the source, from plain values."""
    environment = SandboxedEnvironment(
        undefined=StrictUndefined, loader=FileSystemLoader(folder), autoescape=False
    )

    def pick(*options: Any) -> Any:
        return options[choose(len(options))] if len(options) > 1 else options[0]

    def order(*items: Any, sep: Any = "", labels: Any = None) -> str:
        # The one use of labels in the battery is for the name, told here by its text.
        said = {"张三": (labels or {}).get("姓名", "")}
        left = [said.get(str(item), "") + str(item) for item in items if str(item)]
        seps = sep if isinstance(sep, (list, tuple)) else [sep]
        number = choose([1, 1, 2, 6, 24, 120, 720][len(left)]) if len(left) > 1 else 0
        joined = seps[choose(len(seps))] if len(left) > 1 and len(seps) > 1 else seps[0]
        orders = [[]] if not left else list(_orders(left))
        return str(joined).join(orders[number])

    environment.globals.update(pick=pick, order=order)
    return environment.from_string(source).render(
        {name: plain(item) for name, item in names.items()}
    )


def _orders(items: list[str]) -> Any:
    if len(items) < 2:
        yield items
        return
    for place, item in enumerate(items):
        for rest in _orders(items[:place] + items[place + 1 :]):
            yield [item, *rest]


def marked(text: Rope) -> str:
    """Return the text with each span marked ⟦slot:surface⟧ or ⟦slot.part:surface⟧."""
    parts = []
    at = 0
    for start, end, label in text.pieces:
        name = label.slot + (f".{label.part}" if label.part else "")
        plain_text = str.__str__(text)
        parts += [plain_text[at:start], f"⟦{name}:{plain_text[start:end]}⟧"]
        at = end
    return "".join([*parts, str.__str__(text)[at:]])


EXACT: dict[str, tuple[str, str]] = {
    # name: (template, expectation)
    "name": ("{{ 时间 }}能到吗", "⟦时间:今晚⟧能到吗"),
    "no slot": ("你好", "你好"),
    "slot twice": ("{{ 时间 }}，{{ 时间 }}", "⟦时间:今晚⟧，⟦时间:今晚⟧"),
    "slots that touch": ("{{ 时间 }}{{ 时间 }}{{ 地点 }}", "⟦时间:今晚⟧⟦时间:今晚⟧⟦地点:深圳⟧"),
    "trim": ("[{{ 型号 | trim }}]", "[⟦设备:pro max 8⟧]"),
    "trim of characters": ("{{ 地点 | trim('圳') }}", "⟦地点:深⟧"),
    "upper": ("{{ 型号 | upper }}", "⟦设备: PRO MAX 8 ⟧"),
    "lower": ("{{ ('AB' ~ 型号) | lower }}", "ab⟦设备: pro max 8 ⟧"),
    "title": ("{{ 型号 | title }}", "⟦设备: Pro Max 8 ⟧"),
    "capitalize": ("{{ 型号 | trim | capitalize }}", "⟦设备:Pro max 8⟧"),
    "center": ("[{{ 地点 | center(7) }}]", "[   ⟦地点:深圳⟧  ]"),
    "center of mixed text": ("[{{ ('到' ~ 地点) | center(6) }}]", "[ 到⟦地点:深圳⟧  ]"),
    "replace inside a slot": ("{{ 型号 | replace('pro', 'PRO') }}", "⟦设备: PRO max 8 ⟧"),
    "replace a whole slot": ("{{ 地点 | replace('深圳', '鹏城') }}", "⟦地点:鹏城⟧"),
    "replace by nothing": ("{{ 地点 | replace('深圳', '') }}。", "。"),
    "replace nothing": ("{{ 地点 | replace('', '-') }}", "-⟦地点:深-圳⟧-"),
    "replace beside a slot": ("{{ ('去' ~ 地点) | replace('去', '到') }}", "到⟦地点:深圳⟧"),
    "replace a word by a slot": ("{{ '去X吗' | replace('X', 地点) }}", "去⟦地点:深圳⟧吗"),
    "replace words by slots around one": (
        "{{ ('X到' ~ 时间 ~ 'X') | replace('X', 地点) }}",
        "⟦地点:深圳⟧到⟦时间:今晚⟧⟦地点:深圳⟧",
    ),
    "replace at most": ("{{ ('aa' ~ 地点 ~ 'a') | replace('a', 'bb', 2) }}", "bbbb⟦地点:深圳⟧a"),
    "truncate": ("{{ 型号 | trim | truncate(7, true, '…', 0) }}", "⟦设备:pro ma⟧…"),
    "truncate at a word": ("{{ 型号 | trim | truncate(7, false, '…', 0) }}", "⟦设备:pro⟧…"),
    "truncate of little": ("{{ 地点 | truncate(9) }}", "⟦地点:深圳⟧"),
    "wordwrap": ("{{ 型号 | trim | wordwrap(4) }}", "⟦设备:pro\nmax\n8⟧"),
    "wordwrap of mixed text": (
        "{{ ('go to ' ~ 地点 ~ ' now') | wordwrap(5) }}",
        "go to\n⟦地点:深圳⟧\nnow",
    ),
    "wordcount": ("{{ 型号 | wordcount }}", "3"),
    "indent": ("{{ ('a\nb' ~ 地点) | indent(2) }}", "a\n  b⟦地点:深圳⟧"),
    "indent of many lines": ("{{ 行 | indent(2, true) }}", "  ⟦备注:甲\n  乙 丙\n  丁⟧"),
    "reverse": ("{{ ('去' ~ 地点) | reverse }}", "⟦地点:圳深⟧去"),
    "string": ("{{ 数量 | string }}", "⟦数量:3⟧"),
    "string of a list": ("{{ [地点, 1] | string }}", "['⟦地点:深圳⟧', 1]"),
    "length": ("{{ 地点 | length }}{{ 商品 | count }}", "23"),
    "default": ("{{ 没有 | default(地点) }}", "⟦地点:深圳⟧"),
    "default of a slot": ("{{ 地点 | d('某地') }}", "⟦地点:深圳⟧"),
    "first and last": ("{{ 地点 | first }}-{{ 地点 | last }}", "⟦地点:深⟧-⟦地点:圳⟧"),
    "list of characters": ("{{ 地点 | list | join('/') }}", "⟦地点:深⟧/⟦地点:圳⟧"),
    "urlencode": ("{{ ('/到 ' ~ 地点) | urlencode }}", "/%E5%88%B0%20⟦地点:%E6%B7%B1%E5%9C%B3⟧"),
    "urlencode of a dict": ("{{ {'a b': 地点} | urlencode }}", "a+b=⟦地点:%E6%B7%B1%E5%9C%B3⟧"),
    "tojson": ("{{ 地点 | tojson }}", '"⟦地点:\\u6df1\\u5733⟧"'),
    "tojson of a dict": (
        "{{ {'b': [数量, none], 'a': 时间} | tojson }}",
        '{"a": "⟦时间:\\u4eca\\u665a⟧", "b": [⟦数量:3⟧, null]}',
    ),
    "tojson with indent": ("{{ [数量] | tojson(2) }}", "[\n  ⟦数量:3⟧\n]"),
    "int": ("{{ 价 | int }}", "⟦价:39⟧"),
    "float": ("{{ 数量 | float }}", "⟦数量:3.0⟧"),
    "round": ("{{ 价 | round(1, 'floor') }}", "⟦价:39.5⟧"),
    "abs": ("{{ 负 | abs }}", "⟦负:4⟧"),
    "filesizeformat": ("{{ 数量 | filesizeformat }}", "⟦数量:3 Bytes⟧"),
    "number": ("{{ 数量 }}件{{ 价 }}元", "⟦数量:3⟧件⟦价:39.55⟧元"),
    "number compared": ("{% if 数量 > 2 %}{{ 数量 }}{% endif %}", "⟦数量:3⟧"),
    "concatenation": ("{{ '到' ~ 地点 ~ 数量 ~ 1 }}", "到⟦地点:深圳⟧⟦数量:3⟧1"),
    "addition": (
        "{{ '到' + 地点 + '吗' }}{{ 地点 + 时间 }}",
        "到⟦地点:深圳⟧吗⟦地点:深圳⟧⟦时间:今晚⟧",
    ),
    "repetition": ("{{ 地点 * 2 }}{{ 2 * '啊' }}", "⟦地点:深圳⟧⟦地点:深圳⟧啊啊"),
    "percent": ("{{ '到%s，%d件' % (地点, 数量) }}", "到⟦地点:深圳⟧，⟦数量:3⟧件"),
    "percent of one": ("{{ '到%s' % 地点 }}", "到⟦地点:深圳⟧"),
    "percent by name": ("{{ '%(a)s%%' % {'a': 地点} }}", "⟦地点:深圳⟧%"),
    "percent with width": (
        "{{ '[%4s|%-4s|%.1s]' % (地点, 地点, 地点) }}",
        "[  ⟦地点:深圳⟧|⟦地点:深圳⟧  |⟦地点:深⟧]",
    ),
    "percent with zeros": ("{{ '%05.1f|%5d' % (价, 数量) }}", "⟦价:039.5⟧|    ⟦数量:3⟧"),
    "format filter": ("{{ '%s到%s' | format(时间, 地点) }}", "⟦时间:今晚⟧到⟦地点:深圳⟧"),
    "format method": ("{{ '{}到{}'.format(时间, 地点) }}", "⟦时间:今晚⟧到⟦地点:深圳⟧"),
    "format by name": ("{{ '{a}{0!r}'.format(时间, a=地点) }}", "⟦地点:深圳⟧'⟦时间:今晚⟧'"),
    "format with spec": (
        "{{ '{:>4}|{:*^5}|{:.1f}'.format(时间, 地点, 价) }}",
        "  ⟦时间:今晚⟧|*⟦地点:深圳⟧**|⟦价:39.5⟧",
    ),
    "format of numbers": (
        "{{ '{:4d}|{:<4}|{:04d}'.format(数量, 数量, 数量) }}",
        "   ⟦数量:3⟧|⟦数量:3⟧   |⟦数量:0003⟧",
    ),
    "format_map": ("{{ '{a}'.format_map({'a': 地点}) }}", "⟦地点:深圳⟧"),
    "join filter": ("{{ [时间, 地点, 1] | join('、') }}", "⟦时间:今晚⟧、⟦地点:深圳⟧、1"),
    "join of a column": (
        "{{ 商品 | join('、', attribute='name') }}",
        "⟦产品:内存条⟧、⟦产品:手机壳⟧、⟦产品:充电器⟧",
    ),
    "join by a slot": ("{{ ['a', 'b', 'c'] | join(地点) }}", "a⟦地点:深圳⟧b⟦地点:深圳⟧c"),
    "join method": ("{{ '、'.join([时间, 地点]) }}", "⟦时间:今晚⟧、⟦地点:深圳⟧"),
    "join of nothing": ("{{ 空 | join('、') }}。", "。"),
    "list printed": ("{{ [时间, 地点] }}", "['⟦时间:今晚⟧', '⟦地点:深圳⟧']"),
    "tuple printed": ("{{ (时间,) }}{{ (数量, none) }}", "('⟦时间:今晚⟧',)(⟦数量:3⟧, None)"),
    "dict printed": ("{{ {'a': 时间, 地点: 1.5} }}", "{'a': '⟦时间:今晚⟧', '⟦地点:深圳⟧': 1.5}"),
    "rows printed": (
        "{{ 一件 }}",
        "[{'name': '⟦产品:内存条⟧', 'price': ⟦产品.price:39⟧, 'ok': True}]",
    ),
    "dict key": ("{{ {'深圳': '粤B'}[地点] }}", "粤B"),
    "dict item": ("{{ {'a': 地点}['a'] }}{{ {'a': 地点}.a }}", "⟦地点:深圳⟧⟦地点:深圳⟧"),
    "in": ("{{ '在' if '深' in 地点 else '不在' }}{{ 地点 }}", "在⟦地点:深圳⟧"),
    "equality": ("{{ '是' if 地点 == '深圳' else '否' }}", "是"),
    "index": ("{{ 地点[0] }}{{ 地点[-1] }}", "⟦地点:深⟧⟦地点:圳⟧"),
    "slice": ("{{ 型号[1:4] }}{{ ('到' ~ 地点)[:2] }}", "⟦设备:pro⟧到⟦地点:深⟧"),
    "slice with step": (
        "{{ ('到' ~ 地点)[::-1] }}{{ (地点 ~ 时间)[::2] }}",
        "⟦地点:圳深⟧到⟦地点:深⟧⟦时间:今⟧",
    ),
    "methods": (
        "{{ 型号.strip().upper() }}{{ 型号.strip().split()[1] }}",
        "⟦设备:PRO MAX 8⟧⟦设备:max⟧",
    ),
    "zfill": ("{{ 地点.zfill(4) }}{{ '-5'.zfill(4) }}", "00⟦地点:深圳⟧-005"),
    "ljust and rjust": (
        "{{ 地点.ljust(3, '。') }}{{ 地点.rjust(3) }}",
        "⟦地点:深圳⟧。 ⟦地点:深圳⟧",
    ),
    "partition": ("{{ (时间 ~ '到' ~ 地点).partition('到')[2] }}", "⟦地点:深圳⟧"),
    "split": ("{{ (时间 ~ ',' ~ 地点).split(',') | join(' ') }}", "⟦时间:今晚⟧ ⟦地点:深圳⟧"),
    "splitlines": ("{{ 行.splitlines() | join('/') }}", "⟦备注:甲⟧/⟦备注:乙 丙⟧/⟦备注:丁⟧"),
    "expandtabs": ("{{ ('a\t' ~ 地点).expandtabs(4) }}", "a   ⟦地点:深圳⟧"),
    "removeprefix": (
        "{{ ('到' ~ 地点).removeprefix('到') }}{{ 地点.removesuffix('圳') }}",
        "⟦地点:深圳⟧⟦地点:深⟧",
    ),
    "swapcase": (
        "{{ 型号.swapcase() }}{{ ('ß' ~ 地点).upper() }}",
        "⟦设备: PRO MAX 8 ⟧SS⟦地点:深圳⟧",
    ),
    "translate": ("{{ (地点 ~ 'a').translate({97: 'bb'}) }}", "⟦地点:深圳⟧bb"),
    "find": ("{{ 地点.find('圳') }}{{ 地点.startswith('深') }}", "1True"),
    "ternary": ("{{ 地点 if 数量 else 时间 }}{{ 地点 if 空 else 时间 }}", "⟦地点:深圳⟧⟦时间:今晚⟧"),
    "or": ("{{ 空 or 地点 }}", "⟦地点:深圳⟧"),
    "if": ("{% if 空 %}{{ 时间 }}{% elif 地点 %}{{ 地点 }}{% else %}无{% endif %}", "⟦地点:深圳⟧"),
    "set": ("{% set x = 地点 %}{{ x }}{{ x | upper }}", "⟦地点:深圳⟧⟦地点:深圳⟧"),
    "set in a branch": (
        "{% set x = 地点 %}{% if 数量 %}{% set x = 时间 %}{% endif %}{{ x }}",
        "⟦时间:今晚⟧",
    ),
    "set in a loop": (
        "{% set x = 时间 %}{% for i in [1] %}{% set x = 地点 %}{% endfor %}{{ x }}",
        "⟦时间:今晚⟧",
    ),
    "set block": (
        "{% set x %}到{{ 地点 }}{% endset %}{{ x }}{{ x }}",
        "到⟦地点:深圳⟧到⟦地点:深圳⟧",
    ),
    "set block with filter": (
        "{% set x | upper %}a{{ 型号 }}{% endset %}{{ x }}",
        "A⟦设备: PRO MAX 8 ⟧",
    ),
    "set of several": ("{% set a, b = 时间, 地点 %}{{ b }}{{ a }}", "⟦地点:深圳⟧⟦时间:今晚⟧"),
    "with": ("{% with x = 地点 %}{{ x }}{% endwith %}", "⟦地点:深圳⟧"),
    "namespace": (
        "{% set n = namespace(x='') %}{% for r in 商品 %}{% set n.x = n.x ~ r.name[:1] %}{% endfor %}{{ n.x }}",
        "⟦产品:内⟧⟦产品:手⟧⟦产品:充⟧",
    ),
    "filter block": ("{% filter upper %}a{{ 型号 }}{% endfilter %}", "A⟦设备: PRO MAX 8 ⟧"),
    "filter block with trim": ("{% filter trim %} {{ 地点 }} {% endfilter %}", "⟦地点:深圳⟧"),
    "macro": (
        "{% macro m(x, y='在') %}{{ y }}{{ x }}{% endmacro %}{{ m(地点) }}{{ m(x=时间, y=地点) }}",
        "在⟦地点:深圳⟧⟦地点:深圳⟧⟦时间:今晚⟧",
    ),
    "macro with more arguments": (
        "{% macro m() %}{{ varargs | join('-') }}{{ kwargs.k }}{% endmacro %}{{ m(地点, 时间, k=数量) }}",
        "⟦地点:深圳⟧-⟦时间:今晚⟧⟦数量:3⟧",
    ),
    "call block": (
        "{% macro m(x) %}<{{ caller(x) }}>{% endmacro %}{% call(y) m(地点) %}{{ y }}{{ 时间 }}{% endcall %}",
        "<⟦地点:深圳⟧⟦时间:今晚⟧>",
    ),
    "include": (
        "{% include 'hello.txt' %}{% include 'part/inner.txt' %}",
        "您好，⟦时间:今晚⟧（⟦地点:深圳⟧）",
    ),
    "include of what is not there": (
        "{% include 'none.txt' ignore missing %}{{ 地点 }}",
        "⟦地点:深圳⟧",
    ),
    "import": ("{% import 'said.txt' as s %}{{ s.polite }}{{ s.to(地点) }}", "请到⟦地点:深圳⟧"),
    "from import": ("{% from 'said.txt' import to as t %}{{ t(地点) }}", "到⟦地点:深圳⟧"),
    "extends": (
        "{% extends 'base.txt' %}{% block body %}{{ super() }}{{ 地点 }}{% endblock %}",
        "<默认⟦地点:深圳⟧>",
    ),
    "block said again": (
        "{% block b %}{{ 地点 }}{% endblock %}{{ self.b() }}",
        "⟦地点:深圳⟧⟦地点:深圳⟧",
    ),
    "order with labels": (
        "{% for i in [1] %}{{ order(收货人.姓名, 时间, sep='，', labels={'姓名': '姓名：'}) }}{% endfor %}",
        "⟦时间:今晚⟧，姓名：⟦收货人.姓名:张三⟧",
    ),
    "loop": (
        "{% for r in 商品 %}{{ r.name }}{{ r.price }}元{{ '、' if not loop.last }}{% endfor %}",
        "⟦产品:内存条⟧⟦产品.price:39⟧元、⟦产品:手机壳⟧⟦产品.price:15⟧元、⟦产品:充电器⟧⟦产品.price:39⟧元",
    ),
    "loop with else": (
        "{% for r in 空 %}{{ r.name }}{% else %}没有{{ 时间 }}{% endfor %}",
        "没有⟦时间:今晚⟧",
    ),
    "loop with a test": (
        "{% for r in 商品 if r.ok %}{{ loop.index }}{{ r.name }}{% endfor %}",
        "1⟦产品:内存条⟧2⟦产品:充电器⟧",
    ),
    "loop that recurses": (
        "{% for t in 树 recursive %}{{ t.n }}{% if t.sub %}({{ loop(t.sub) }}){% endif %}{% endfor %}",
        "⟦节:子⟧(⟦节:孙⟧)",
    ),
    "loop in a loop": (
        "{% for r in 商品 %}{% for c in r.name[:2] %}{{ c }}.{% endfor %}{% endfor %}",
        "⟦产品:内⟧.⟦产品:存⟧.⟦产品:手⟧.⟦产品:机⟧.⟦产品:充⟧.⟦产品:电⟧.",
    ),
    "loop with neighbours": (
        "{% for r in 商品 %}{{ loop.cycle('a', 'b') }}{{ loop.nextitem.name if loop.nextitem is defined }}{% endfor %}",
        "a⟦产品:手机壳⟧b⟦产品:充电器⟧a",
    ),
    "cycler and joiner": (
        "{% set j = joiner('、') %}{% set c = cycler(时间, 地点) %}{{ j() }}{{ c.next() }}{{ j() }}{{ c.next() }}",
        "⟦时间:今晚⟧、⟦地点:深圳⟧",
    ),
    "map": (
        "{{ 商品 | map(attribute='name') | map('upper') | join('，') }}",
        "⟦产品:内存条⟧，⟦产品:手机壳⟧，⟦产品:充电器⟧",
    ),
    "selectattr": (
        "{{ 商品 | selectattr('ok') | map(attribute='name') | join('、') }}",
        "⟦产品:内存条⟧、⟦产品:充电器⟧",
    ),
    "rejectattr with a test": (
        "{{ 商品 | rejectattr('price', '>', 20) | map(attribute='name') | first }}",
        "⟦产品:手机壳⟧",
    ),
    "select": ("{{ [时间, '', 地点] | select | list | last }}", "⟦地点:深圳⟧"),
    "sort": (
        "{{ 商品 | sort(attribute='price,name') | map(attribute='name') | join }}",
        "⟦产品:手机壳⟧⟦产品:充电器⟧⟦产品:内存条⟧",
    ),
    "groupby": (
        "{% for p, rows in 商品 | groupby('price') %}{{ p }}:{{ rows | length }};{% endfor %}",
        "⟦产品.price:15⟧:1;⟦产品.price:39⟧:2;",
    ),
    "unique": ("{{ [地点, 时间, 地点] | unique | join('、') }}", "⟦地点:深圳⟧、⟦时间:今晚⟧"),
    "min and max": (
        "{{ (商品 | min(attribute='price')).name }}{{ [数量, 1] | max }}",
        "⟦产品:手机壳⟧⟦数量:3⟧",
    ),
    "batch": (
        "{{ 商品 | map(attribute='name') | batch(2, '无') | map('join', '+') | join('/') }}",
        "⟦产品:内存条⟧+⟦产品:手机壳⟧/⟦产品:充电器⟧+无",
    ),
    "slice filter": (
        "{% for g in 商品 | map(attribute='name') | slice(2) %}{{ g | join }};{% endfor %}",
        "⟦产品:内存条⟧⟦产品:手机壳⟧;⟦产品:充电器⟧;",
    ),
    "dictsort": (
        "{% for k, v in {'b': 地点, 'a': 时间} | dictsort %}{{ k }}{{ v }}{% endfor %}",
        "a⟦时间:今晚⟧b⟦地点:深圳⟧",
    ),
    "items": ("{% for k, v in {'a': 时间} | items %}{{ k }}={{ v }}{% endfor %}", "a=⟦时间:今晚⟧"),
    "sum of lists": ("{{ [[时间], [地点]] | sum(start=[]) | join }}", "⟦时间:今晚⟧⟦地点:深圳⟧"),
    "row by number": (
        "{{ 商品[0].name }}{{ 商品[-1]['name'] }}{{ (商品 | first).price }}",
        "⟦产品:内存条⟧⟦产品:充电器⟧⟦产品.price:39⟧",
    ),
    "record": ("{{ 收货人 }}", "⟦收货人.姓名:张三⟧在⟦收货人.省:广东省⟧"),
    "part of a record": (
        "{{ 收货人.姓名 }}{{ 收货人.省[:2] }}",
        "⟦收货人.姓名:张三⟧⟦收货人.省:广东⟧",
    ),
    "record filtered": (
        "{{ ('寄 ' ~ 收货人) | replace('在', '，') }}",
        "寄 ⟦收货人.姓名:张三⟧，⟦收货人.省:广东省⟧",
    ),
    "nested mapping": ("{{ 地址.param.省 | trim }}", "⟦收货人.省:广东省⟧"),
    "hostile value": ("{{ 恶意 }}", f"⟦恶意:{HOSTILE}⟧"),
    "hostile value in a macro": (
        "{% macro m(x) %}{{ x ~ '!' }}{% endmacro %}{{ m(恶意) | trim }}",
        f"⟦恶意:{HOSTILE}⟧!",
    ),
    "hostile value in a list": ("{{ [恶意] }}", "['⟦恶意:{{ 时间 }}{% if %}\\'\"<b>\\\\⟧']"),
    "value with a slot inside its text": (
        "{{ 恶意 | replace('{{ 时间 }}', 'x') }}{{ 时间 }}",
        "⟦恶意:x{% if %}'\"<b>\\⟧⟦时间:今晚⟧",
    ),
    "whitespace control": ("a {{- 地点 -}} b", "a⟦地点:深圳⟧b"),
    "raw": ("{% raw %}{{ 时间 }}{% endraw %}{{ 时间 }}", "{{ 时间 }}⟦时间:今晚⟧"),
    "comment": ("{# {{ 时间 }} #}{{ 时间 }}", "⟦时间:今晚⟧"),
    "line end at the end": ("{{ 时间 }}\n{{ 地点 }}\n", "⟦时间:今晚⟧\n⟦地点:深圳⟧"),
    "range": (
        "{% for i in range(1, 3) %}{{ i }}{{ 地点 }}{% endfor %}",
        "1⟦地点:深圳⟧2⟦地点:深圳⟧",
    ),
    "tests": (
        "{{ 地点 is string }}{{ 没有 is defined }}{{ 数量 is odd }}{{ 地点 is in [地点] }}",
        "TrueFalseTrueTrue",
    ),
    "pick": ("{{ pick('a', 地点, 'c') }}", "⟦地点:深圳⟧"),
    "order": ("{{ order(地点, '的', 时间, sep=['，', '']) }}", "⟦地点:深圳⟧⟦时间:今晚⟧的"),
    "order without what is empty": ("{{ order(收货人.空, 地点, sep='，') }}", "⟦地点:深圳⟧"),
}

AT_COMPILE: dict[str, tuple[str, str]] = {
    # name: (template, what the error names)
    **{
        name: (f"\n{{{{ 地点 | {name} }}}}", f"filter '{name}' is not allowed")
        for name in [
            "attr",
            "e",
            "escape",
            "forceescape",
            "pprint",
            "random",
            "safe",
            "striptags",
            "urlize",
            "xmlattr",
        ]
    },
    "map of a refused filter": ("{{ 商品 | map('safe') | join }}", "filter 'safe' is not allowed"),
    "lipsum": ("{{ lipsum() }}", "unknown function 'lipsum'"),
    "unknown filter": ("{{ 地点 | trimm }}", "unknown filter 'trimm'"),
    "unknown filter in a branch": (
        "{% if 空 %}{{ 地点 | trimm }}{% endif %}",
        "unknown filter 'trimm'",
    ),
    "unknown test": ("{{ 地点 is strng }}", "unknown test 'strng'"),
    "unknown test in select": (
        "{{ 商品 | selectattr('ok', 'eqal', 1) | list }}",
        "unknown test 'eqal'",
    ),
    "unknown function": ("{{ pik('a') }}", "unknown function 'pik'"),
    "power": ("{{ 2 ** 3 }}", "power '**'"),
    "autoescape": ("{% autoescape true %}{{ 地点 }}{% endautoescape %}", "'autoescape'"),
    "private attribute": ("{{ 地点.__class__ }}", "'__class__' is private"),
    "private item": ("{{ 地点['__class__'] }}", "'__class__' is private"),
    "private item in two parts": ("{{ 地点['_' ~ '_class__'] }}", "'__class__' is private"),
    "include through a link": ("{% include 'link.txt' %}", "no file 'link.txt'"),
    "include by value": ("{% include 地点 %}", "include needs the name of a file"),
    "include of no file": ("{% include 'none.txt' %}", "no file 'none.txt'"),
    "include outside": ("{% include '../outside.txt' %}", "no file '../outside.txt'"),
    "import outside": ("{% import '/etc/passwd' as x %}", "no file '/etc/passwd'"),
    "unclosed": ("a\n{{ 地点 }", "unexpected '}'"),
    "nested loops": ("{% for i in [1] %}" * 25 + "{% endfor %}" * 25, "nested too deeply"),
    "nested branches": ("{% if 1 %}" * 120 + "{% endif %}" * 120, "nested too deeply"),
    "nested sums": ("{{ " + "地点 + " * 250 + "地点 }}", "nested too deeply"),
    "nested brackets": ("{{ " + "(" * 400 + "1" + ")" * 400 + " }}", "nested too deeply"),
    "unknown tag": ("{% fro x in y %}", "unknown tag 'fro'"),
    "unclosed if": ("{% if 地点 %}x", "unexpected end of template"),
}

AT_RENDER: dict[str, tuple[str, str]] = {
    # name: (template, what the error names)
    "replace across an edge": (
        "{{ ('到' ~ 地点) | replace('到深', 'x') }}",
        "replace changes text across the edge",
    ),
    "slot put into a slot": (
        "{{ 地点 | replace('深', 时间) }}",
        "replace puts a slot inside slot '地点'",
    ),
    "slot as a format": ("{{ 恶意 % 1 }}", "a slot's value is used as a format"),
    "slot as a format method": ("{{ 恶意.format(1) }}", "a slot's value is used as a format"),
    "number of two slots": ("{{ ('1' ~ 数量) | int }}", "more than one slot"),
    "generator printed": ("{{ 商品 | map(attribute='name') }}", "cannot be printed"),
    "method printed": ("{{ 地点.upper }}", "cannot be printed"),
    "format inside a value": ("{{ '{0.upper}'.format(地点) }}", "looks inside a value"),
    "format of a private": ("{{ '{0.__class__}'.format(地点) }}", "looks inside a value"),
    "unknown name": ("{{ 时 }}", "'时' is undefined"),
    "unknown part": ("{{ 收货人.邮编 }}", "邮编"),
    "unknown column": ("{{ 商品[0].nam }}", "nam"),
    "no such row": ("{{ 空[0].name }}", "no element 0"),
    "method of a mapping": ("{{ 商品[0].items() }}", "items"),
    "encode": ("{{ 地点.encode() }}", "encode"),
    "mutation": ("{{ 商品.append(1) }}", "append"),
    "number attribute": ("{{ (1).to_bytes(9, 'big') }}", "to_bytes"),
    "hidden private attribute": ("{% set a = '__class__' %}{{ 地点[a] }}", "__class__"),
    "hidden private map": ("{{ [地点] | map(attribute='__class__') | list }}", "__class__"),
    "too many steps": (
        "{% for i in range(99) %}{% for j in range(200) %}{% endfor %}{% endfor %}",
        "10,000",
    ),
    "too many steps over text": (
        "{% for a in 'x' * 200 %}{% for b in 'x' * 99 %}{% endfor %}{% endfor %}",
        "10,000",
    ),
    "too many steps over what is generated": (
        "{% for a in 'x' * 200 %}{% for b in ('x' * 99) | select %}{% endfor %}{% endfor %}",
        "10,000",
    ),
    "too large a range": ("{{ range(100000) | list | length }}", "10,000"),
    "too long": ("{% for i in range(99) %}{{ '很长' ~ ('很' * 200) }}{% endfor %}", "10,000"),
    "large repetition": ("{{ '啊' * 1000000000000000 }}", "10,000"),
    "large repetition of a list": ("{{ ([1] * 1000000000000000) | length }}", "10,000"),
    "large center": ("{{ 'x' | center(1000000000) }}", "10,000"),
    "large indent": ("{{ 行 | indent(1000000000) }}", "1000000000"),
    "large batch": ("{{ [1] | batch(1000000000, 0) | list }}", "1000000000"),
    "large format": ("{{ '{:1000000000}'.format(1) }}", "too large"),
    "large percent": ("{{ '%1000000000d' % 1 }}", "too large"),
    "large numbers": (
        "{% set n = namespace(x=9) %}{% for i in range(99) %}{% set n.x = n.x * n.x %}{% endfor %}",
        "too large a number",
    ),
    "doubling": (
        "{% set n = namespace(x='ab') %}{% for i in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}",
        "10,000",
    ),
    "doubling a list": (
        "{% set n = namespace(x=[1]) %}{% for i in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}",
        "10,000",
    ),
    "many replacements": ("{{ ('a' * 9000) | replace('a', 'b' * 9000) }}", "10,000"),
    "endless macro": ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "without end"),
    "doubling macro": (
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(40) }}",
        "10,000",
    ),
    "order of too many": ("{{ order(1, 2, 3, 4, 5, 6, 7) }}", "at most 6"),
}
