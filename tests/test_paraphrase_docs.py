"""The page on rewordings is true: its commands and outputs, with a model that answers as shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_server import Answer, ChatServer, completion
from documents import ROOT, examples, perform, refreshed

from dialogue.cli import main
from dialogue.paraphrase.rules import RULES

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PAGE = ROOT / "docs" / "paraphrase.md"
ANSWERS = {
    "能送到{{ 城市 }}吗": [
        "到{{ 城市 }}的快递{{ 时间 }}赶得上不",
        "{{ 时间 }}要用，人在{{ 城市 }}，送得过来吗",
        "{{ 时间 }}能送到{{ 城市 }}吗",
        "{{ 时间 }}能送到{{ 城市 }}么",
        "{{ 时间 }}能寄到杭州吗",
        "{{ 城市 }}明天{{ 时间 }}收得到吗",
    ],
    "{{ 时间 }}能到吗": ["赶在{{ 时间 }}收货行不行", "{% if 1 %}{{ 时间 }}{% endif %}收得到不"],
    "{{ 城市 }}发货吗": ["你们家{{ 城市 }}给发吗", "{{ 城市 | upper }}寄不寄"],
    "多久能送到": ["路上要走几天呀", "你好"],
}


def answer(request: str) -> Answer:
    return completion(next(texts for sign, texts in ANSWERS.items() if f"- {sign}" in request
                           or sign in request))  # fmt: skip


def test_every_command_of_the_page_prints_what_stands_there(
    tmp_path: Path, chat: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    chat.answer = answer
    page = PAGE.read_text("utf-8")
    told = list(examples(page))
    assert len(told) > 1
    for example in told:
        assert perform(example, tmp_path) == example.text, example.what


def test_the_page_names_every_rule_and_option() -> None:
    page = PAGE.read_text("utf-8")
    for rule in RULES.values():
        assert f"| `{rule.name}` | {rule.purpose} |" in page
    for option in main.commands["paraphrase"].params:
        assert option.name == "units" or any(name in page for name in option.opts), option.name


def rewrite(folder: Path) -> None:
    """Write what the commands print now into the page."""
    PAGE.write_text(refreshed(PAGE.read_text("utf-8"), folder), "utf-8")
