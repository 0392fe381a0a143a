"""A small pack to reword, and the command that does it with a server on this machine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml
from chat_server import Answer, completion
from click.testing import CliRunner, Result

from dialogue.cli import main

if TYPE_CHECKING:
    from pathlib import Path

KEY = "sk-secret-of-tests"
DOMAIN = """\
locale: zh_CN
slots:
  设备:
    choose: {Z50: [Z50, 五十], 青隼13: [青隼13, 青隼], Nova: [Nova]}
    ask: [什么型号？]
    give: ["{{ 设备 }}"]
  配件: {row: part, say: [name, alias], ask: [要什么？], give: ["{{ 配件 }}"]}
  姓名: {faker: name, ask: [怎么称呼？], give: ["{{ 姓名 }}"]}
tools:
  find:
    description: 查询有没有货
    parameters: {device: string}
    returns: {name: 配件, stock: {type: integer}}
    sql: SELECT name, stock FROM part WHERE :device <> ''
"""
TABLES = {
    "schema.sql": "CREATE TABLE part (name TEXT PRIMARY KEY, alias TEXT, stock INTEGER) STRICT;\n",
    "part.csv": "name,alias,stock\n内存条,内存,3\n手机壳,壳子,5\n",
}
LOOKUP = """\
# the first line
title: 查询配件      # for people

needs: [设备]
turns:
- user:
  # how people ask
  - "请问{{ 设备 | trim }}有{{ 配件 }}吗"   # polite
  - '想给{{ 设备 | trim }}配个{{ 配件 }}'

  - {say: "{{ 配件 }}怎么选", weight: 2}
  - 想买点零件   # nothing given
  weights: [{gives: [设备, 配件], weight: 3}]
- call: {tool: find, with: {device: 设备}, as: 货}
- bot:
  - {when: 货, say: ["{{ 设备 }}可以用{{ 货[0].name }}", "有货的，{{ 货[0].name }}"]}   # found
  - outcome: none
    say:
    - 抱歉，暂时没有货
    - "{% if 设备 %}不好意思，{% endif %}这款缺货"
"""
UNITS = {
    "lookup": LOOKUP,
    "goodbye": "turns:\n- user: [我先走了再见, 下回再聊吧]   # short\n- bot: [慢走不送]\n",
    "late": "intent: complain\nturns:\n- user: {file: late.txt}\n- bot: [抱歉让您久等了]\n",
}
LINES = "怎么还没发货啊\n等了好久还没到\n"
GOOD = [
    "{{ 设备 | trim }}能用的{{ 配件 }}你们卖不卖",
    "打算买{{ 配件 }}装在{{设备|trim}}上面",
]


def write_pack(folder: Path) -> Path:
    (folder / "tables").mkdir(parents=True)
    (folder / "domain.yaml").write_text(DOMAIN, "utf-8")
    (folder / "late.txt").write_text(LINES, "utf-8")
    for name, text in UNITS.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    for name, text in TABLES.items():
        (folder / "tables" / name).write_text(text, "utf-8")
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["paraphrase", *(str(argument) for argument in arguments)])


def ask(path: Path, *more: object, date: str = "2026-12-01") -> Result:
    cache = path.parents[2] / "cache" if path.suffix else path.parents[1] / "cache"
    done = run(path, "--cache", cache, "--retries", 1, "--timeout", 5, "--date", date, *more)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def by_group(**answers: Any) -> Any:
    """Answer by what of the unit lookup is asked about: `both` slots, `part` alone or `none`."""

    def answer(request: str) -> Answer:
        signs = {"both": "请问{{ 设备", "part": "怎么选", "none": "零件"}
        group = next((name for name, sign in signs.items() if sign in request), "")
        found = answers.get(group, ["…"])
        return found if isinstance(found, Answer) else completion(found)

    return answer


def phrasings(path: Path) -> list[str]:
    user: list[Any] = yaml.safe_load(path.read_text("utf-8"))["turns"][0]["user"]
    return [one if isinstance(one, str) else one["say"] for one in user]


def rejected(output: str) -> dict[str, str]:
    """Return the rule that each rejected wording is listed with."""
    found = re.findall(r"^  (\w+) +(.*?): [^:\n]*(?:: .*)?$", output, re.MULTILINE)
    return {text: rule for rule, text in found}
