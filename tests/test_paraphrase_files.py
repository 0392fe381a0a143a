"""Rewordings in files: YAML whose other bytes stay, tasks for people, and what is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from chat_server import ChatServer, completion
from click.testing import CliRunner
from label_studio_sdk.label_interface import LabelInterface
from rewording import GOOD, LOOKUP, UNITS, ask, phrasings, rejected, run

from dialogue.cli import main
from dialogue.likeness import ALIKE, alike, bare, bigrams, only_slots, overlap
from dialogue.paraphrase import addition
from dialogue.spec.layout import LayoutError, layout
from dialogue.template import Environment
from dialogue.template.pieces import Print, pieces

if TYPE_CHECKING:
    from pathlib import Path

# YAML: where items go, in every way that a list may be written.

LISTS = {
    "block": ("a:\n- x\n- y\n", 'a:\n- x\n- y\n- "n"  # c\n- "m"  # c\n'),
    "no end": ("a:\n- x", 'a:\n- x\n- "n"  # c\n- "m"  # c'),
    "indented": ("a:\n -   x # k\nb: 1\n", 'a:\n -   x # k\n -   "n"  # c\n -   "m"  # c\nb: 1\n'),
    "comments": ("a:\n- x\n# k\n\nb: 1\n", 'a:\n- x\n- "n"  # c\n- "m"  # c\n# k\n\nb: 1\n'),
    "mapping": ("a:\n- s: x\n  w: 2\nb: 1\n", 'a:\n- s: x\n  w: 2\n- "n"  # c\n- "m"  # c\nb: 1\n'),
    "literal": ("a:\n- |\n  x\n  y\n\nb: 1", 'a:\n- |\n  x\n  y\n- "n"  # c\n- "m"  # c\n\nb: 1'),
    "folded": ("a:\n- x\n  y\n", 'a:\n- x\n  y\n- "n"  # c\n- "m"  # c\n'),
    "own line": ("a:\n- w\n-\n  x\n", 'a:\n- w\n-\n  x\n- "n"  # c\n- "m"  # c\n'),
    "brackets": ("a: [x, 'y' ]  # k\n", 'a: [x, \'y\',\n  "n",  # c\n  "m"  # c\n ]  # k\n'),
    "comma": ("a: [x, y,]\n", 'a: [x, y,\n  "n",  # c\n  "m"  # c\n,]\n'),
    "lines": ("a: [\n  x,\n  y  # k\n]\n", 'a: [\n  x,\n  y,  # k\n  "n",  # c\n  "m"  # c\n]\n'),
    "lines and comma": ("a: [\n  x,\n]\n", 'a: [\n  x,\n  "n",  # c\n  "m"  # c\n]\n'),
    "braces": ("a: [{say: x}]\n", 'a: [{say: x},\n  "n",  # c\n  "m"  # c\n]\n'),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_items_are_put_behind_the_last_one(name: str) -> None:
    before, after = LISTS[name]
    made = layout(before, ("a",)).extended(before, ["n", "m"], "c")
    assert made == after
    items = yaml.safe_load(before)["a"]
    assert yaml.safe_load(made) == yaml.safe_load(before) | {"a": [*items, "n", "m"]}


def test_quotes_and_templates_come_back_as_they_were() -> None:
    texts = ['{{ a }}: "b" # c', "it's {{ b['x'] }}", "\\n", "- x", "纯文本"]
    for before in ("a:\n- x\n", "a: [x]\n"):
        made = layout(before, ("a",)).extended(before, texts, "c")
        assert yaml.safe_load(made)["a"] == ["x", *texts]


@pytest.mark.parametrize(
    "text", ["a: &l [x]\nb: *l\n", "b: &l [x]\na: *l\n", "a: x\n", "a: []\n", "b: 1", "- a", "a: ["]
)  # fmt: skip
def test_a_list_that_cannot_grow_is_refused(text: str) -> None:
    with pytest.raises(LayoutError):
        layout(text, ("a",))


def test_each_item_has_the_rest_of_its_line() -> None:
    found = layout("a:\n- x  # one\n- {say: y}\n- |\n  z\nb: 1\n", ("a",))
    assert found.after == ("  # one", "", "")
    assert layout("a: [x, 'y'] # k\n", ("a",)).after == (", 'y'] # k", "] # k")


# A phrasing taken apart.


def test_a_source_is_taken_apart() -> None:
    found = pieces(
        Environment(),
        "{{时间|trim}}到{{ order(a, b, sep=['', '}}']) }}{# x #}{%- if a %}{% endif %}",
    )
    assert found.texts == ("到",)
    assert found.prints[0] == Print("时间 | trim", "时间|trim")
    assert found.prints[1].text == "order(a, b, sep=['', '}}'])"
    assert found.tags == ("{#", "{%-", "{%")
    assert pieces(Environment(), "{{- a }}").tags == ("{{-",)
    for wrong in ("{{ a", "{% x %}", "{{ }}", "{{ 'a }}"):
        with pytest.raises(ValueError, match=r"."):
            pieces(Environment(), wrong)


def test_likeness_is_the_share_of_bigrams() -> None:
    assert bare("{{ 时间 }}能到吗{# 备注 #}") == "¤能到吗"
    assert overlap(bigrams("abc"), bigrams("abd")) == alike("abc", "abd") == 1 / 3
    assert bigrams("a") == {"a"}
    assert only_slots(bare("{{ a }}，{{ b }}"))
    assert 0 < ALIKE < 1


# Writing, or leaving alone.


def test_a_dry_run_shows_a_diff_and_writes_nothing(shop_pack: Path, chat: ChatServer) -> None:
    path = shop_pack / "goodbye.yaml"
    chat.script(completion(["拜拜啦店家"]))
    done = ask(path, "--dry-run")
    assert done.exit_code == 0
    assert path.read_text("utf-8") == UNITS["goodbye"]
    assert f"--- {path}\n+++ {path}\n" in done.output
    assert '\n+    "拜拜啦店家"  # paraphrase: small, 2026-12-01\n' in done.output
    assert f"would write {path}" in done.output
    assert "asked       0 requests, 1 from the cache" in ask(path).output


def test_a_file_that_was_edited_meanwhile_is_left_alone(
    shop_pack: Path, chat: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shop_pack / "goodbye.yaml"
    chat.script(completion(["拜拜啦店家"]))
    edited = UNITS["goodbye"] + "# mine\n"
    real = addition.prove

    def proven(*arguments: Any) -> None:
        real(*arguments)
        path.write_text(edited, "utf-8")

    monkeypatch.setattr("dialogue.paraphrase.round.prove", proven)
    done = ask(path)
    assert done.exit_code == 1
    assert "was edited meanwhile and is left as it is\n  fix: run the same" in done.output
    assert path.read_text("utf-8") == edited


@pytest.mark.parametrize(
    ("text", "what"),
    [("{{ 没有 }}啦", "3:9: unknown name '没有'"), ("{{ 设备 | length }}个字", "filter 'length'")],
)
def test_a_pack_that_would_not_pass_the_check_is_left_alone(
    shop_pack: Path, chat: ChatServer, monkeypatch: pytest.MonkeyPatch, text: str, what: str
) -> None:
    path = shop_pack / "goodbye.yaml"
    chat.script(completion([text]))
    monkeypatch.setattr("dialogue.paraphrase.judgement.RULES", {})
    done = ask(path)
    assert done.exit_code == 1
    assert f"{path}:" in done.output
    assert what in done.output
    assert path.read_text("utf-8") == UNITS["goodbye"]


def test_a_shared_list_is_refused_with_its_reason(shop_pack: Path, chat: ChatServer) -> None:
    path = shop_pack / "goodbye.yaml"
    text = UNITS["goodbye"].replace("- user: [", "- user: &all [")
    path.write_text(text, "utf-8")
    chat.script(completion(["拜拜啦店家"]))
    done = ask(path)
    assert done.exit_code == 1
    assert "the list has an anchor: it stands for more than one\n  fix: write" in done.output
    assert path.read_text("utf-8") == text


def test_a_unit_that_is_refused_does_not_keep_others_back(
    shop_pack: Path, chat: ChatServer
) -> None:
    path = shop_pack / "goodbye.yaml"
    path.write_text(UNITS["goodbye"].replace("- user: [", "- user: &all ["), "utf-8")
    chat.answer = lambda request: completion(
        ["拜拜啦店家"] if "再见" in request else ["拖这么久了咋回事"]
    )
    done = ask(shop_pack)
    assert done.exit_code == 1
    assert "the list has an anchor" in done.output
    assert "accepted    1 of 4" in done.output
    assert "拖这么久了咋回事{#" in (shop_pack / "late.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["units/shop/none.yaml"], "does not exist"),
        (["units"], "is no unit: there is no domain.yaml with it"),
        (["units/shop/domain.yaml"], "is no unit"),
        (["units/shop/late.txt"], "is no unit"),
        (["units/shop", "-n", "0"], "0 is not in the range"),
        (["units/shop", "--to", "labelstudio"], "--to needs -o DIR"),
        (["units/shop", "-o", "x"], "-o goes with --to"),
        (["units/shop", "--to", "labelstudio", "-o", "units"], "is there already"),
        (["units/shop", "--from", "labelstudio", "none.json"], "no such file"),
    ],
)
def test_commands_that_cannot_be_carried_out_say_why(
    shop_pack: Path, chat: ChatServer, monkeypatch: pytest.MonkeyPatch, words: list[str], what: str
) -> None:
    monkeypatch.chdir(shop_pack.parents[1])
    done = run(*words, "--model", "m")
    assert done.exit_code in (1, 2)
    assert what in done.output
    assert chat.requests == []


# People.


@pytest.fixture
def tasks(shop_pack: Path, tmp_path: Path) -> Path:
    done = run(shop_pack / "lookup.yaml", "--to", "labelstudio", "-o", tmp_path / "tasks")
    assert done.exit_code == 0, done.output
    return tmp_path / "tasks"


def answered(tasks: Path, **texts: list[str]) -> Path:
    """Return an export of Label Studio in which people answered tasks, named by their slots."""
    exported = json.loads((tasks / "tasks.json").read_text("utf-8"))
    for number, task in enumerate(exported, start=1):
        key = task["data"]["id"].rpartition("/")[2].replace("+", "_") or "nothing"
        task["id"] = number
        task["annotations"] = [annotation(texts[key])] if key in texts else []
    file = tasks / "annotations.json"
    file.write_text(json.dumps(exported), "utf-8")
    return file


def annotation(texts: Any, **more: Any) -> dict[str, Any]:
    value = {"text": texts}
    result = {"id": "r", "from_name": "rewordings", "to_name": "slots", "type": "textarea"}
    return {"id": 7, "was_cancelled": False, "result": [{**result, "value": value}], **more}


def test_label_studio_accepts_the_interface_tasks_and_answers(tasks: Path) -> None:
    config = (tasks / "config.xml").read_text("utf-8")
    judge = LabelInterface(config)
    judge.validate()
    exported = json.loads((tasks / "tasks.json").read_text("utf-8"))
    assert len(exported) == 3
    for task in exported:
        assert judge.validate_task(task)
    answer = annotation(["[设备]能用的[配件]你们卖不卖"])
    assert judge.validate_annotation(answer)
    answer["result"][0]["from_name"] = "other"
    assert not judge.validate_annotation(answer)
    assert config.count("<Shortcut") == 2


def test_placeholders_are_locked_on_the_way_to_people(tasks: Path) -> None:
    first = json.loads((tasks / "tasks.json").read_text("utf-8"))[0]["data"]
    assert first["id"] == "shop/lookup/user 0/设备+配件"
    assert first["slots"] == "[设备]  [配件]"
    assert [one["text"] for one in first["models"]] == [
        "请问[设备]有[配件]吗",
        "想给[设备]配个[配件]",
    ]
    assert "trim" not in (tasks / "tasks.json").read_text("utf-8")


def test_what_people_write_comes_back_by_the_same_rules(shop_pack: Path, tasks: Path) -> None:
    path = shop_pack / "lookup.yaml"
    wrong = {
        "[设备]有合适的卖吗": "slots",
        "[设备]装[配件]，[颜色]的行不行": "slots",
        "[设备]装[''.__class__]行不行": "code",
        "[设备]装[配件]要99元吗": "fact",
        "[设备]装[配件]还是壳子呢": "value",
        "请问[设备]有[配件]吗？": "likeness",
    }
    good = ["[设备]能用的[配件]你们卖不卖", "打算买【配件】装在【 设备 】上面"]
    file = answered(tasks, 设备_配件=[*good, *wrong], nothing=["有啥零件推荐呀"])
    done = run(path, "--from", "labelstudio", file, "--date", "2026-12-01")
    assert done.exit_code == 0, done.output
    assert "accepted    3 of 9" in done.output
    assert "waiting     1 task not annotated" in done.output
    assert list(rejected(done.output).values()) == list(wrong.values())
    text = path.read_text("utf-8")
    assert phrasings(path)[4:] == [
        GOOD[0],
        "打算买{{ 配件 }}装在{{ 设备 | trim }}上面",
        "有啥零件推荐呀",
    ]
    assert text.count("  # paraphrase: labelstudio, 2026-12-01\n") == 3
    assert len(text.splitlines()) == len(LOOKUP.splitlines()) + 3
    again = run(path, "--from", "labelstudio", file)
    assert "accepted    0 of 6 rewordings; 3 stood there already" in again.output
    assert path.read_text("utf-8") == text
    assert CliRunner().invoke(main, ["check", str(shop_pack)]).exit_code == 0


def test_all_people_are_heard_but_those_who_gave_up(shop_pack: Path, tasks: Path) -> None:
    file = answered(tasks, 设备_配件=["[设备]能用的[配件]你们卖不卖"])
    exported = json.loads(file.read_text("utf-8"))
    exported[0]["annotations"] += [
        annotation("打算买[配件]装在[设备]上面"),
        annotation(["不知道[配件][设备]写啥"], was_cancelled=True),
    ]
    file.write_text(json.dumps(exported), "utf-8")
    assert run(shop_pack / "lookup.yaml", "--from", "labelstudio", file).exit_code == 0
    assert len(phrasings(shop_pack / "lookup.yaml")) == 6


def _export(texts: Any) -> bytes:
    return json.dumps([{"data": {"id": "x"}, "annotations": [annotation(texts)]}]).encode()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"{", "it is not JSON"),
        (b"{}", "it is not an export: no list of tasks"),
        (b"[7]", "task 1: this is no task"),
        (b'[{"data": {}}]', "task 1: it has no id under data.id"),
        (b'[{"data": {"id": "x"}}]', "task 1: it has no list of annotations"),
        (b'[{"data": {"id": "x"}, "annotations": [{}]}]', "an annotation has no list of results"),
        (_export(7), "task 1: 'rewordings' is no text"),
        (_export("a"), "rewords 'x', which is not among"),
    ],
)  # fmt: skip
def test_an_export_that_cannot_be_read_is_refused(
    shop_pack: Path, tmp_path: Path, data: bytes, what: str
) -> None:
    file = tmp_path / "answers.json"
    file.write_bytes(data)
    done = run(shop_pack / "lookup.yaml", "--from", "labelstudio", file)
    assert done.exit_code in (1, 2)
    assert what in done.output
    assert "  fix: " in done.output
    assert (shop_pack / "lookup.yaml").read_text("utf-8") == LOOKUP
