"""Rewordings: a server that misbehaves on purpose, rules that let nothing wrong into a pack."""

from __future__ import annotations

import re
import stat
from typing import TYPE_CHECKING

import pytest
from chat_server import Answer, ChatServer, completion
from click.testing import CliRunner
from rewording import GOOD, KEY, LINES, LOOKUP, ask, by_group, phrasings, rejected

from dialogue.cli import main
from dialogue.compiler.domains import load_domain
from dialogue.paraphrase.context import Context, Pack
from dialogue.paraphrase.manuscript import manuscript
from dialogue.paraphrase.rules import RULES

if TYPE_CHECKING:
    from pathlib import Path


# What is good is added, and nothing else is touched.


def test_good_rewordings_are_added_as_lines_and_nothing_else_changes(
    shop_pack: Path, chat: ChatServer
) -> None:
    path = shop_pack / "lookup.yaml"
    chat.answer = by_group(both=GOOD, part=["选{{ 配件 }}要看什么呀"], none=["有啥零件推荐呀"])
    done = ask(path, "--model", "small")
    assert done.exit_code == 0, done.output
    lines = LOOKUP.splitlines(keepends=True)
    at = lines.index("  - 想买点零件   # nothing given\n") + 1
    mark = "  # paraphrase: small, 2026-12-01\n"
    added = [f'  - "{text}"{mark}' for text in (*GOOD, "选{{ 配件 }}要看什么呀", "有啥零件推荐呀")]
    assert path.read_bytes().decode() == "".join([*lines[:at], *added, *lines[at:]])
    assert "accepted    4 of 4 rewordings\n" in done.output
    assert "asked       3 requests, 0 from the cache\n" in done.output
    assert f"written to  {path}\n" in done.output
    assert CliRunner().invoke(main, ["check", str(shop_pack)]).exit_code == 0


def test_a_list_in_brackets_keeps_its_bytes_and_its_comment(
    shop_pack: Path, chat: ChatServer
) -> None:
    path = shop_pack / "goodbye.yaml"
    chat.script(completion(["拜拜啦店家", "不聊了改天见"]))
    assert ask(path).exit_code == 0
    assert path.read_text("utf-8") == (
        "turns:\n- user: [我先走了再见, 下回再聊吧,\n"
        '    "拜拜啦店家",  # paraphrase: small, 2026-12-01\n'
        '    "不聊了改天见"  # paraphrase: small, 2026-12-01\n'
        "  ]   # short\n- bot: [慢走不送]\n"
    )
    assert phrasings(path) == ["我先走了再见", "下回再聊吧", "拜拜啦店家", "不聊了改天见"]


def test_a_text_file_is_marked_by_comments_that_are_not_said(
    shop_pack: Path, chat: ChatServer
) -> None:
    chat.script(completion(["拖这么久了咋回事", "怎么还没发货啊"]))
    before = (shop_pack / "late.yaml").read_bytes()
    done = ask(shop_pack / "late.yaml", "--model", "a b#}\nc")
    assert done.exit_code == 0, done.output
    added = "拖这么久了咋回事{# paraphrase: a-b-c, 2026-12-01 #}\n"
    assert (shop_pack / "late.txt").read_text("utf-8") == LINES + added
    assert (shop_pack / "late.yaml").read_bytes() == before
    assert "accepted    1 of 1 rewording; 1 stood there already" in done.output
    assert ask(shop_pack / "late.yaml", "--model", "a b#}\nc").exit_code == 0
    assert (shop_pack / "late.txt").read_text("utf-8") == LINES + added
    assert len(chat.requests) == 1


def test_answers_are_held_against_one_another(shop_pack: Path, chat: ChatServer) -> None:
    path = shop_pack / "lookup.yaml"
    long = "我也打算买{{ 配件 }}装在{{ 设备 | trim }}上面"
    chat.answer = by_group(
        both=[GOOD[0], f"{GOOD[0]}呢", long], part=["我也打算买{{ 配件 }}装在上面"]
    )
    done = ask(path)
    assert phrasings(path)[4:] == [GOOD[0], long]
    assert f"  likeness  {GOOD[0]}呢: is like '{GOOD[0]}'" in done.output
    assert f"  likeness  我也打算买{{{{ 配件 }}}}装在上面: is like '{long}'" in done.output


def test_a_text_file_below_the_pack_keeps_its_line_ends(shop_pack: Path, chat: ChatServer) -> None:
    (shop_pack / "texts").mkdir()
    file = shop_pack / "texts" / "late.txt"
    file.write_bytes(LINES.replace("\n", "\r\n").encode().rstrip())
    before = file.read_bytes()
    path = shop_pack / "late.yaml"
    path.write_text(path.read_text("utf-8").replace("late.txt", "texts/late.txt"), "utf-8")
    chat.script(completion(["拖这么久了咋回事"]))
    done = ask(path)
    assert f"written to  {file}\n" in done.output
    line = "拖这么久了咋回事{# paraphrase: small, 2026-12-01 #}"
    assert file.read_bytes() == before + f"\r\n{line}\r\n".encode()


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_byte_order_marks_and_modes_stay(
    shop_pack: Path, chat: ChatServer, ending: str, mark: str
) -> None:
    path = shop_pack / "lookup.yaml"
    before = (mark + LOOKUP.replace("\n", ending).removesuffix(ending)).encode()
    path.write_bytes(before)
    path.chmod(0o640)
    chat.answer = by_group(both=GOOD[:1])
    assert ask(path).exit_code == 0
    after = path.read_bytes()
    line = f'{ending}  - "{GOOD[0]}"  # paraphrase: small, 2026-12-01'.encode()
    assert after.replace(line, b"") == before
    assert len(after) == len(before) + len(line)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_the_bot_is_reworded_on_request_outcome_by_outcome(
    shop_pack: Path, chat: ChatServer
) -> None:
    path = shop_pack / "lookup.yaml"

    def answer(request: str) -> Answer:
        assert "客服" in request
        if "缺货" in request or "没有货" in request:
            return completion(["这会儿仓库空了", "两天后才有货", "库存还剩3个"])
        return completion(["{{ 货[0].name }}配{{ 设备 }}正合适", "推荐{{ 货[0].stock }}给您"])

    chat.answer = answer
    done = ask(path, "--bot")
    assert done.exit_code == 0, done.output
    assert rejected(done.output) == {
        "两天后才有货": "fact",
        "库存还剩3个": "fact",
        "推荐{{ 货[0].stock }}给您": "code",
    }
    assert "left out    1 phrasing with statements" in done.output
    text = path.read_text("utf-8")
    assert '    - "这会儿仓库空了"  # paraphrase: small, 2026-12-01\n' in text
    assert '"{{ 货[0].name }}配{{ 设备 }}正合适"' in text
    assert CliRunner().invoke(main, ["check", str(shop_pack)]).exit_code == 0


def test_a_folder_stands_for_all_its_units(shop_pack: Path, chat: ChatServer) -> None:
    assert ask(shop_pack).exit_code == 0
    titles = [re.findall("在“(.*?)”", one["messages"][1]["content"])[0] for one in chat.requests]
    assert titles == ["goodbye", "late", *["查询配件"] * 3]


# What the model is told.


def test_the_request_speaks_the_language_of_the_pack_and_names_placeholders(
    shop_pack: Path, chat: ChatServer
) -> None:
    ask(shop_pack / "lookup.yaml")
    system, request = (one["content"] for one in chat.requests[0]["messages"])
    assert "JSON" in system
    assert "请再写20种说法" in request
    assert "- 请问{{ 设备 | trim }}有{{ 配件 }}吗\n- 想给{{ 设备 | trim }}配个{{ 配件 }}" in request
    assert "：{{ 设备 | trim }}  {{ 配件 }}。" in request
    assert "不要添加任何花括号" in chat.requests[2]["messages"][1]["content"]
    assert chat.requests[0]["model"] == "small"
    assert chat.keys[0] == f"Bearer {KEY}"
    domain = (shop_pack / "domain.yaml").read_text("utf-8")
    (shop_pack / "domain.yaml").write_text(domain.replace("zh_CN", "en_GB"), "utf-8")
    ask(shop_pack / "lookup.yaml")
    assert "Write 20 other ways to say it" in chat.requests[-1]["messages"][1]["content"]


def test_more_than_twenty_are_asked_for_in_turns_that_say_what_has_come(
    shop_pack: Path, chat: ChatServer
) -> None:
    path = shop_pack / "goodbye.yaml"
    chat.script(completion(["拜拜啦店家"]), completion(["不聊了改天见"]), completion(["收工"]))
    ask(path, "-n", 21)
    assert len(chat.requests) == 2
    assert "拜拜啦店家" not in chat.requests[0]["messages"][1]["content"]
    assert "不要重复：\n- 拜拜啦店家" in chat.requests[1]["messages"][1]["content"]
    assert phrasings(path)[2:] == ["拜拜啦店家", "不聊了改天见"]
    done = ask(path, "-n", 60)  # goes on where the smaller count ended
    assert "asked       1 request, 2 from the cache" in done.output


# Nothing wrong is let through.

# What a model may answer about the first two phrasings, and the rule that it breaks.
HOSTILE = {
    # slots
    "{{ 设备 | trim }}有合适的卖吗": "slots",
    "哪款适合装上去用呢": "slots",
    "{{ 设备 | trim }}和{{ 设备 | trim }}的{{ 配件 }}": "slots",
    "{{ 设备 | trim }}装{{ 配件 }}，{{ 配件 }}贵不贵": "slots",
    "{{ 设备 | trim }}装{{ 部件 }}行不行": "slots",
    "{{ device }}装{{ 配件 }}行不行": "slots",
    "{{ 设备 }}装{{ 配件 }}行不行": "slots",
    "{{ 姓名 }}要{{ 设备 | trim }}的{{ 配件 }}": "slots",
    # code
    "{{ 设备 | upper }}装{{ 配件 }}行不行": "code",
    "{{ 设备 | trim | trim }}装{{ 配件 }}行不行": "code",
    "{{ 设备.strip() }}装{{ 配件 }}行不行": "code",
    "{% if 设备 %}{{ 设备 | trim }}{% endif %}装{{ 配件 }}": "code",
    "{% for x in range(9999) %}{{ 设备 | trim }}{{ 配件 }}{% endfor %}": "code",
    "{% include 'late.txt' %}{{ 设备 | trim }}装{{ 配件 }}": "code",
    "{% set 设备 = '苹果' %}{{ 设备 | trim }}装{{ 配件 }}": "code",
    "{% raw %}{{ 设备 | trim }}{% endraw %}装{{ 配件 }}": "code",
    "{# 备注 #}{{ 设备 | trim }}装{{ 配件 }}行不行": "code",
    "{{- 设备 | trim -}}装{{ 配件 }}行不行": "code",
    "{{ cycler('a', 'b').next() }}{{ 设备 | trim }}装{{ 配件 }}": "code",
    "{{ ''.__class__.__mro__ }}{{ 设备 | trim }}装{{ 配件 }}": "code",
    "{{ 设备.__init__.__globals__ }}装{{ 配件 }}": "code",
    "{{ pick('甲', '乙') }}{{ 设备 | trim }}装{{ 配件 }}": "code",
    "{{ '苹果' }}{{ 设备 | trim }}装{{ 配件 }}": "code",
    "{{ 7 * 7 }}{{ 设备 | trim }}装{{ 配件 }}": "code",
    "{设备}{{ 设备 | trim }}装{{ 配件 }}行不行": "code",
    "｛{{ 设备 | trim }}｝装{{ 配件 }}行不行": "code",
    "{{ 设备 | trim }}装{{ 配件 }}行不行 }}": "code",
    # no template
    "{{ 设备 | trim }}装{{ 配件 行不行": "syntax",
    "{{ 设备 | trim }}装{{ }}{{ 配件 }}": "syntax",
    "{% wat %}{{ 设备 | trim }}装{{ 配件 }}": "syntax",
    # values and facts
    "{{ 设备 | trim }}这台青隼装{{ 配件 }}行不行": "value",
    "{{ 设备 | trim }}装{{ 配件 }}，nova也行": "value",
    "{{ 设备 | trim }}装{{ 配件 }}还是壳子呢": "value",
    "{{ 设备 | trim }}明天装{{ 配件 }}行不行": "fact",
    "{{ 设备 | trim }}买两件{{ 配件 }}行不行": "fact",
    "{{ 设备 | trim }}装{{ 配件 }}要１９９块吗": "fact",
    "{{ 设备 | trim }}装{{ 配件 }}看shop.example.com": "fact",
    # copies
    "请问{{ 设备 | trim }}有{{ 配件 }}吗？": "likeness",
    "请问，{{ 设备|trim }}有没有{{ 配件 }}吗": "likeness",
    "想给{{ 设备 | trim }}配个{{ 配件 }}呀": "likeness",
    # other units
    "{{ 设备 | trim }}{{ 配件 }}等了好久还没到": "intent",
    # length and script
    "{{ 设备 | trim }}{{ 配件 }}": "length",
    "{{ 设备 | trim }}装{{ 配件 }}" + "好不好用" * 9: "length",
    "{{ 设备 | trim }} mein {{ 配件 }} bitte": "script",
    "{{ 设备 | trim }}に{{ 配件 }}はありますか": "script",
    "請問{{ 設備 }}有{{ 配件 }}賣嗎": "slots",
    "哪裡有賣{{ 设备 | trim }}的{{ 配件 }}": "script",
    "есть {{ 配件 }} для {{ 设备 | trim }}": "script",
    # lines
    "{{ 设备 | trim }}装\n{{ 配件 }}行不行": "line",
    "{{ 设备 | trim }}装\u2028{{ 配件 }}行不行": "line",
    "{{ 设备 | trim }}装\u202e{{ 配件 }}行不行": "line",
    "{{ 设备 | trim }}装\u200b{{ 配件 }}行不行": "line",
    "{{ 设备 | trim }}装\x1b[31m{{ 配件 }}": "line",
    "\u3000\t ": "line",
    "": "line",
    "长" * 1001: "line",
}


def test_every_hostile_answer_is_rejected_and_the_good_ones_pass(
    shop_pack: Path, chat: ChatServer
) -> None:
    path = shop_pack / "lookup.yaml"
    good = [*GOOD, "有没有{{ 配件 }}适合{{ 设备 | trim }}这个型号"]
    answers = [*good[:1], *HOSTILE, *good[1:]]
    waiting = iter([answers[n : n + 20] for n in range(0, len(answers), 20)])
    chat.answer = lambda request: (
        completion(next(waiting)) if "请问{{ 设备" in request else completion(["…"])
    )
    done = ask(path, "-n", len(answers))
    assert done.exit_code == 0, done.output
    assert phrasings(path)[4:] == good
    told = done.output.split("\nasked ")[0].splitlines()[1:]
    listed = [(line[:12].strip(), line[12:]) for line in told][: len(HOSTILE)]
    for (text, wanted), (rule, shown) in zip(HOSTILE.items(), listed, strict=True):
        assert rule == wanted, (text, shown)
        assert shown.isprintable()
        if text.isprintable():
            assert shown.startswith(f"{text}: ")
    assert CliRunner().invoke(main, ["check", str(shop_pack)]).exit_code == 0


def test_the_compiler_of_the_pack_has_the_last_word(shop_pack: Path) -> None:
    pack = Pack(load_domain(shop_pack, "shop"), shop_pack, "shop")
    text = manuscript(shop_pack / "lookup.yaml", "lookup.yaml", pack.domain.units["lookup"])
    listing = text.listings[0]
    first = text.assignments(listing, pack.domain, pack.environment).these[0]
    context = Context.of(pack, text, first)
    found = {
        source: RULES["compiling"].check(pack.wording(source), context)
        for source in (GOOD[0], "{{ 没有 }}", "{{ 配件 }}呢", "{{ 货[0].name }}", "{设备}")
    }
    assert found == {
        GOOD[0]: None,
        "{{ 没有 }}": "unknown name '没有'",
        "{{ 配件 }}呢": "gives 配件",
        "{{ 货[0].name }}": "a user phrasing prints the result '货'",
        "{设备}": "'{设备}' prints nothing: it is said as it stands",
    }
