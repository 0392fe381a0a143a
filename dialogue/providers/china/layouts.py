"""Ways to say several parts as one: a pattern with names in braces in, its pieces out."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from dialogue.providers.weighted import spread

if TYPE_CHECKING:
    from collections.abc import Collection

    from dialogue.value import Surface

_NAME = re.compile(r"\{([^{}]+)\}")
# What joins a part to the next one: it goes with a part that is not there.
_JOINT = re.compile(r"^(?:[ /，,、-]|\n(?=\{))")


def pieces(pattern: str, missing: Collection[str] = ()) -> Surface:
    """Return a pattern (`{省}{市}，{详细地址}`) as text and names, without those that are missing.

    >>> pieces("{省}/{市}/{县}", {"市"})
    (('', '省'), ('/', None), ('', '县'))
    """
    for name in missing:
        before, there, after = pattern.partition(f"{{{name}}}")
        pattern = before + _JOINT.sub("", after) if there else pattern
    found: list[tuple[str, str | None]] = []
    for number, piece in enumerate(_NAME.split(pattern)):
        if number % 2:
            found.append(("", piece))
        elif piece:
            found.append((piece, None))
    return tuple(found)


# How a whole message is laid out, as often as in a thousand.
MESSAGES = {
    "{署名}，{电话}，{地址}": 90,
    "{署名} {电话} {地址}": 90,
    "{地址} {署名} {电话}": 70,
    "{地址}，{署名}，{电话}": 55,
    "{地址}{署名}{电话}": 22,
    "{署名}{电话}{地址}": 28,
    "{地址}\n{署名}\n{电话}": 26,
    "{署名}\n{电话}\n{地址}": 36,
    "{署名} {电话}\n{地址}": 26,
    "{地址}\n{署名} {电话}": 24,
    "{电话} {署名} {地址}": 22,
    "{电话}，{署名}，{地址}": 18,
    "{电话}\n{署名}\n{地址}": 10,
    "{电话} {地址} {署名}": 18,
    "{地址} {电话} {署名}": 30,
    "{地址}，{电话}，{署名}": 20,
    "{地址}{电话}{署名}": 12,
    "{署名} {地址} {电话}": 18,
    "{署名}，{地址}，{电话}": 18,
    "{署名}、{电话}、{地址}": 10,
    "{署名}/{电话}/{地址}": 5,
    "{署名};{电话};{地址}": 4,
    "{署名},{电话},{地址}": 20,
    "{署名}。{电话}。{地址}": 4,
    "{署名}  {电话}  {地址}": 6,
    "{署名}\t{电话}\t{地址}": 3,
    "{署名}｜{电话}｜{地址}": 2,
    "{地址}，{署名}{电话}": 10,
    "{地址}({署名} {电话})": 5,
    "{地址}（{署名}，{电话}）": 4,
    "收货人：{姓名}\n电话：{电话}\n地址：{地址}": 14,
    "收件人：{姓名}\n手机：{电话}\n地址：{地址}": 10,
    "收货人：{姓名}\n手机号码：{电话}\n所在地区：{省}{市}{县}\n详细地址：{详细地址}": 16,
    "收件人: {姓名}\n手机号码: {电话}\n所在地区: {省} {市} {县}\n详细地址: {详细地址}": 10,
    "收货人{姓名}手机号码{电话}所在地区{省}{市}{县}详细地址{详细地址}": 8,
    "收货人：{姓名} 手机号码：{电话} 所在地区：{省}{市}{县} 详细地址：{详细地址}": 8,
    "姓名：{姓名}\n电话：{电话}\n地址：{地址}": 10,
    "姓名:{姓名} 电话:{电话} 地址:{地址}": 8,
    "姓名{姓名}电话{电话}地址{地址}": 5,
    "名字：{姓名}，手机：{电话}，地址：{地址}": 6,
    "地址：{地址}\n收件人：{姓名}\n电话：{电话}": 12,
    "地址：{地址} 收件人：{姓名} 电话：{电话}": 8,
    "收货地址：{地址}\n收货人：{姓名}\n联系电话：{电话}": 10,
    "收货地址:{地址},联系人:{姓名},电话:{电话}": 6,
    "联系人：{姓名}\n联系方式：{电话}\n地址：{地址}": 6,
    "联系电话：{电话}\n收件人：{姓名}\n收件地址：{地址}": 4,
    "寄：{地址}\n收：{姓名}\n电：{电话}": 2,
    "收件人：{姓名}，{电话}\n{地址}": 5,
    "{地址}，收件人{姓名}，电话{电话}": 12,
    "{地址}，联系人：{姓名}，电话：{电话}": 6,
    "{地址} 电话{电话} {署名}": 8,
    "{地址} tel:{电话} {署名}": 3,
    "{地址}，{署名}，Tel：{电话}": 2,
    "{姓名}，电话{电话}，地址{地址}": 8,
    "{姓名}，手机{电话}，住{地址}": 3,
    "{姓名}，{电话}，{地址}，{邮编}": 20,
    "{署名} {电话} {地址} {邮编}": 12,
    "{地址}，邮编{邮编}，{署名}，{电话}": 10,
    "{邮编} {地址} {署名} {电话}": 8,
    "{地址} {邮编}\n{署名}\n{电话}": 5,
    "姓名：{姓名}\n电话：{电话}\n地址：{地址}\n邮编：{邮编}": 6,
    "收货人：{姓名}\n电话：{电话}\n邮编：{邮编}\n地址：{地址}": 3,
    "{地址}（邮编：{邮编}），{署名}，{电话}": 4,
    "{省} {市} {县} {详细地址} {姓名} {电话} {邮编}": 4,
    "{姓名} {电话} {省}-{市}-{县} {详细地址}": 5,
}
# What people add to one message in five and nobody extracts.
EXTRAS = (
    *("，放丰巢", " 放门口", "，放门口就行", " 放菜鸟驿站", "，放驿站", " 放快递柜", "\n放前台"),
    *("，到付不收", " 不要到付", "，快递不要到付", "，到付件拒收", " 别发到付"),
    *("，到了打电话", " 到了打电话", "，送前电话联系", "，电联", " 电联", "，来之前打个电话"),
    *("，发顺丰", " 发顺丰", "，麻烦发中通", " 能发京东吗", "，别发邮政", " 不要百世", "，加急"),
    *("，工作日送", " 周末送", "，晚上送", "，下午再送", "，白天家里没人", "，上班时间别打"),
    *("，谢谢", " 谢谢", "，谢谢亲", "，麻烦了", "，麻烦尽快", " 辛苦了", "，尽快发", "，急用"),
    *("\n备注：送货上门", "，送货上门", " 送货上门", "，要送上楼", "，没电梯", "，有电梯"),
    *("，包装好一点", " 别压坏了", "，轻拿轻放", "，易碎", "，不要发票", "，帮我写张卡片"),
    *("，就这个", " 发这里", "，寄这", "，按这个发", " 新地址", "，地址没错吧", "，别寄错了"),
    *("，短信通知就行", "，微信同号", "（微信同号）", " 本人签收", "，家人代收", "，门卫代收"),
)
EXTRA_PIECES: tuple[Surface, ...] = (
    *(((extra, None),) for extra in EXTRAS),
    *((),) * (4 * len(EXTRAS)),
)


@functools.cache
def messages(missing: tuple[str, ...]) -> tuple[Surface, ...]:
    """Return the layouts of messages without those parts, as often as they weigh."""
    return spread({pieces(pattern, missing): weight for pattern, weight in MESSAGES.items()})
