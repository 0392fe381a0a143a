"""The documents are true: their files, commands and outputs are tried as they stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from documents import ROOT, examples, perform, record, refreshed, retold, rewritten, workplace

from dialogue.cli import main

if TYPE_CHECKING:
    from pathlib import Path

README, CHINESE = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md"))


@pytest.mark.golden
def test_every_command_of_the_readme_prints_what_stands_there(tmp_path: Path) -> None:
    folder = workplace(tmp_path)
    told = list(examples(README))
    assert len(told) > 8
    for example in told:
        output = perform(example, folder)
        if example.kind == "run":
            assert output == example.text, example.what
    drawn = (folder / "retail.svg").read_text("utf-8")
    assert drawn == (ROOT / "docs" / "retail.svg").read_text("utf-8")


def test_both_readmes_show_the_same_examples() -> None:
    def shown(document: str) -> list[tuple[str, str, str]]:
        return [(one.kind, one.what, one.text) for one in examples(document)]

    assert shown(README) == shown(CHINESE)


def test_both_readmes_have_the_same_lines_to_copy() -> None:
    def lines(document: str) -> list[str]:
        return [line for line in document.splitlines() if line.startswith("python3 -m venv")]

    assert len(lines(README)) == 2
    assert lines(README) == lines(CHINESE)


def test_every_command_is_in_the_readme_and_has_an_example() -> None:
    for name, command in main.commands.items():
        assert f"dialogue {name}" in README
        told = f"{command.help}{command.epilog}"
        assert f"dialogue {name}" in told, f"the help of {name} has no example"


@pytest.mark.golden
def test_the_record_of_the_docs_is_what_is_composed_now() -> None:
    assert (ROOT / "docs" / "session.json").read_text("utf-8") == record()


def test_the_provider_draws_what_its_page_shows() -> None:
    page = (ROOT / "docs" / "providers.md").read_text("utf-8")
    assert page.count(">>>") > 8
    assert retold(page) == page


@pytest.mark.golden
def test_the_page_of_twins_shows_what_is_printed_and_written(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "twin.md").read_text("utf-8")
    told = refreshed(page, tmp_path)
    assert told.count("# written: ") == 1
    assert rewritten(told, tmp_path) == page
