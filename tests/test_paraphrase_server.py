"""A server that fails in every way it can: the run says so, keeps what came, and asks it once."""

from __future__ import annotations

import functools
import json
import logging
import sys
from typing import TYPE_CHECKING, Any

import pytest
from chat_server import Answer, ChatServer, completion, failure
from click.testing import CliRunner
from rewording import GOOD, KEY, LINES, UNITS, ask, by_group, phrasings, run

from dialogue.cli import main
from dialogue.paraphrase.answer import UnusableError, rewordings
from dialogue.paraphrase.assignment import Assignment, Model
from dialogue.paraphrase.cache import Cache
from dialogue.paraphrase.client import Client, StoppedError
from dialogue.paraphrase.sources.model import ModelSource
from dialogue.problem import UnplacedError
from dialogue.template.pieces import Pieces

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

BYE = ["拜拜啦店家", "不聊了改天见"]
HTML = {"Content-Type": "text/html"}


def untouched(shop_pack: Path) -> bool:
    texts = {f"{name}.yaml": text for name, text in UNITS.items()} | {"late.txt": LINES}
    return all((shop_pack / name).read_text("utf-8") == text for name, text in texts.items())


def stopped(done: Result, what: str) -> bool:
    """Tell whether a run ended with a message of two lines, the second of which is a remedy."""
    *_, first, second = done.output.splitlines()
    assert "Traceback" not in done.output
    return done.exit_code == 1 and what in first and second.startswith("  fix: ")


# Answers that hold nothing: asked for once more, never kept.

USELESS: dict[str, Answer] = {
    "no JSON at all": Answer(b"<html>"),
    "a page": Answer(b"<html>busy</html>", headers=HTML),
    "half a JSON": Answer(completion(BYE).body[:60]),
    "no completion": Answer(b"[]"),
    "no choices": Answer(b'{"choices": []}'),
    "choices of another kind": Answer(b'{"choices": {"a": 1}}'),
    "a choice that is none": Answer(b'{"choices": [null]}'),
    "no content": completion(BYE, message={"role": "assistant", "content": None}),
    "content of another kind": completion(BYE, message={"content": {"x": 1}}),
    "empty": completion(" \n"),
    "cut off": completion(BYE, finish_reason="length"),
    "filtered": completion(BYE, finish_reason="content_filter"),
    "broken JSON": completion('["拜拜啦店家", "不聊'),
    "prose": completion("好的，以下是说法：拜拜啦店家"),
    "a number": completion("7"),
    "an empty list": completion("[]"),
    "a list of lists in lists": completion("[" * 5000 + "]" * 5000),
    "two lists": completion('{"a": ["拜拜啦店家"], "b": ["不聊了改天见"]}'),
    "endless": completion("好" * 200_001),
}


@pytest.fixture
def assignment() -> Assignment:
    models = tuple(Model(text, Pieces((text,), ())) for text in ("我先走了再见", "下回再聊吧"))
    return Assignment("shop/bye/user 0/", "bye", "zh_CN", "道别", "user", (), models)


@pytest.fixture(scope="module")
def clients() -> Callable[..., Client]:
    """Return what opens a client, each kind once: certificates take their time."""
    return functools.cache(lambda url, **more: Client.open("small", url, **more))


@pytest.fixture
def source(
    clients: Callable[..., Client], chat: ChatServer, tmp_path: Path
) -> Callable[..., ModelSource]:
    """Return what opens a source that asks the server."""

    def opened(timeout: float = 5, retries: int = 1) -> ModelSource:
        client = clients(chat.url, timeout=timeout, retries=retries)
        return ModelSource(client, Cache(tmp_path / "cache"), 20)

    return opened


@pytest.mark.parametrize("name", USELESS)
def test_an_answer_that_holds_nothing_is_asked_for_again_and_told(
    source: Callable[..., ModelSource], assignment: Assignment, chat: ChatServer, name: str
) -> None:
    chat.script(USELESS[name], completion(BYE))
    reply = source().reply(assignment)
    assert reply.texts == tuple(BYE)
    assert (reply.asked, reply.cached, len(reply.unusable)) == (2, 0, 1)
    assert reply.unusable[0].startswith(("it ", "its "))


def test_nothing_is_kept_of_a_server_that_only_talks(shop_pack: Path, chat: ChatServer) -> None:
    chat.script(completion("抱歉，我不能这样做"))
    done = ask(shop_pack / "goodbye.yaml")
    assert done.exit_code == 0
    assert "unusable    2 answers: it is not JSON 2" in done.output
    assert untouched(shop_pack)
    assert not list(shop_pack.parents[1].glob("cache/*"))
    chat.script(completion(BYE))
    assert "accepted    2 of 2" in ask(shop_pack / "goodbye.yaml").output


@pytest.mark.parametrize(
    "content",
    [
        '["a", "b"]',
        '```json\n["a", "b"]\n```',
        'Here they are:\n```\n["a", "b"]\n```\nEnjoy!',
        '<think>["no"] hm</think>\n["a", "b"]',
        '{"rewordings": ["a", "b"]}',
    ],
)
def test_a_list_is_read_however_models_wrap_it(content: str) -> None:
    assert rewordings(content) == ("a", "b")


def test_an_item_that_is_no_text_is_no_wording() -> None:
    assert rewordings('["a", 7, {"text": "b"}]') == ("a", "{7}", '{{"text":"b"}}')
    with pytest.raises(UnusableError):
        rewordings('{"text": "a"}')


# Failures: tried again, and then the run ends with what it has.

FAILURES: dict[str, tuple[Answer, str]] = {
    "401": (failure(401), "refuses the key (401)"),
    "403": (failure(403), "refuses the key (403)"),
    "404": (failure(404), "has no model 'small'"),
    "400": (failure(400), "fails (400)"),
    "429": (failure(429, Retry_After="0.001"), "takes no more requests for now (429)"),
    "500": (failure(500), "fails (500)"),
    "503": (failure(503), "fails (503)"),
    "half a stream": (Answer(completion(BYE).body, cut=True), "cannot be reached"),
    "closed": (Answer(completion(BYE).body[:1], cut=True), "cannot be reached"),
    "hanging": (Answer(hang=True), "did not answer in time"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_server_that_fails_for_good_stops_the_source(
    source: Callable[..., ModelSource], assignment: Assignment, chat: ChatServer, name: str
) -> None:
    answer, what = FAILURES[name]
    chat.script(answer)
    more = {"timeout": 0.2, "retries": 0} if answer.hang or answer.cut else {}
    opened = source(**more)
    with pytest.raises(StoppedError) as told:
        opened.reply(assignment)
    assert what in told.value.what
    assert told.value.fix
    assert not opened.cache.folder.exists()
    assert len(chat.requests) == (1 if more or (name[0] == "4" and name != "429") else 2)


@pytest.mark.parametrize("name", ["429", "500", "half a stream", "hanging"])
def test_a_server_that_comes_round_is_asked_again(
    source: Callable[..., ModelSource], assignment: Assignment, chat: ChatServer, name: str
) -> None:
    chat.script(FAILURES[name][0], completion(BYE))
    reply = source(timeout=0.4 if name == "hanging" else 5).reply(assignment)
    assert reply.texts == tuple(BYE)
    assert (reply.asked, reply.unusable) == (1, ())


def test_a_run_that_fails_says_so_and_leaves_files_alone(shop_pack: Path, chat: ChatServer) -> None:
    chat.script(failure(401))
    assert stopped(ask(shop_pack / "goodbye.yaml"), "refuses the key (401)")
    assert untouched(shop_pack)


def test_the_time_that_a_busy_server_names_is_waited_for(
    shop_pack: Path, chat: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    busy = failure(429, Retry_After="7")
    chat.script(Answer(busy.body, 429, {"Retry-After": "7"}), completion(BYE))
    assert ask(shop_pack / "goodbye.yaml").exit_code == 0
    assert waited == [7]


def test_a_server_that_is_not_there_is_told(shop_pack: Path, chat: ChatServer) -> None:
    url = "http://user:password@127.0.0.1:9/v1"
    done = ask(shop_pack / "goodbye.yaml", "--model", "small", "--base-url", url, "--retries", 0)
    assert stopped(done, "127.0.0.1:9 cannot be reached")
    assert "password" not in done.output


# Nothing is asked twice.


def test_the_same_command_asks_nothing_twice_and_changes_nothing(
    shop_pack: Path, chat: ChatServer
) -> None:
    path = shop_pack / "lookup.yaml"
    chat.answer = by_group(both=[*GOOD, "{{ 配件 }}"], part=["选{{ 配件 }}要看什么呀"])
    assert ask(path).exit_code == 0
    first, asked = path.read_bytes(), len(chat.requests)
    assert asked == 3
    done = ask(path, date="2027-01-01")
    assert path.read_bytes() == first
    assert len(chat.requests) == asked
    assert "asked       0 requests, 3 from the cache" in done.output
    assert "accepted    0 of 2 rewordings; 3 stood there already" in done.output


def test_a_run_that_was_stopped_goes_on_where_it_was(shop_pack: Path, chat: ChatServer) -> None:
    path = shop_pack / "lookup.yaml"
    whole = by_group(both=GOOD, part=["选{{ 配件 }}要看什么呀"], none=["有啥零件推荐呀"])
    answers = iter([None, None, None, failure(500), failure(500)])
    chat.answer = lambda request: next(answers) or whole(request)
    done = ask(shop_pack)  # goodbye, late, lookup
    assert stopped(done, "fails (500)")
    assert path.read_bytes().decode() == UNITS["lookup"]
    assert "asked       2 requests" in done.output  # of the units that were finished
    before = len(chat.requests)
    chat.answer = whole
    done = ask(shop_pack)
    assert done.exit_code == 0
    assert len(chat.requests) == before + 2
    assert "asked       2 requests, 3 from the cache" in done.output
    assert phrasings(path)[4:] == [*GOOD, "选{{ 配件 }}要看什么呀", "有啥零件推荐呀"]


def test_a_run_that_somebody_ends_keeps_what_it_has(
    shop_pack: Path, chat: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Client.ask

    def ended(self: Client, messages: Any) -> str:
        if len(chat.requests) == 1:
            raise KeyboardInterrupt
        return real(self, messages)

    chat.script(completion(BYE))
    with monkeypatch.context() as patch:
        patch.setattr(Client, "ask", ended)
        done = ask(shop_pack)
    assert done.exit_code == 130
    assert "run the same command to continue" in done.output
    assert phrasings(shop_pack / "goodbye.yaml")[2:] == BYE
    assert "0 requests" not in ask(shop_pack).output


def test_answers_are_kept_for_a_model_and_a_server_of_their_own(
    shop_pack: Path, chat: ChatServer
) -> None:
    chat.script(completion(BYE))
    for more in (("--model", "a"), ("--model", "b"), ("--base-url", f"{chat.url}/")):
        ask(shop_pack / "goodbye.yaml", "--dry-run", *more)
    assert len(chat.requests) == 3
    ask(shop_pack / "goodbye.yaml", "--model", "a")
    assert len(chat.requests) == 3


@pytest.mark.parametrize("junk", [b"", b"{", b"[]", b'{"schema": "x"}', b"\xff"])
def test_an_entry_that_cannot_be_read_is_asked_for_anew(
    source: Callable[..., ModelSource], assignment: Assignment, chat: ChatServer, junk: bytes
) -> None:
    chat.script(completion(BYE))
    opened = source()
    opened.reply(assignment)
    (entry,) = opened.cache.folder.iterdir()
    assert opened.reply(assignment).cached == 1
    entry.write_bytes(junk)
    assert opened.reply(assignment).texts == tuple(BYE)
    assert len(chat.requests) == 2
    assert json.loads(entry.read_bytes())["answer"]


def test_an_author_who_adds_a_phrasing_asks_something_new(
    shop_pack: Path, chat: ChatServer
) -> None:
    path = shop_pack / "late.yaml"
    chat.script(completion(["拖这么久了咋回事"]))
    ask(path)
    with (shop_pack / "late.txt").open("a", encoding="utf-8") as file:
        file.write("几时才能发出\n")
    ask(path)
    assert len(chat.requests) == 2
    assert "几时才能发出" in chat.requests[1]["messages"][1]["content"]
    assert "拖这么久" not in chat.requests[1]["messages"][1]["content"]


# The key.


def test_the_key_goes_to_the_server_alone(
    shop_pack: Path, chat: ChatServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    chat.script(failure(500), completion([f"密钥是{KEY}对吧", *BYE]))
    done = ask(shop_pack / "goodbye.yaml")
    assert done.exit_code == 0
    chat.script(failure(400))
    done = ask(shop_pack / "late.yaml", "--model", "small")
    files = [path for path in shop_pack.parents[1].rglob("*") if path.is_file()]
    texts = [done.output, caplog.text, *(path.read_text("utf-8") for path in files)]
    assert len(files) > 5
    assert set(chat.keys) == {f"Bearer {KEY}"}
    assert not any(KEY in text for text in texts)


@pytest.mark.parametrize("key", ["", "  ", "sk-密", "sk secret", "sk\nsecret"])
def test_without_a_key_it_says_what_it_needs(
    chat: ChatServer, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with pytest.raises(UnplacedError, match="OPENAI_API_KEY") as told:
        Client.open("m", chat.url, timeout=1, retries=0)
    assert not key.strip() or key not in str(told.value)


def test_without_a_key_the_command_ends(
    shop_pack: Path, chat: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    done = ask(shop_pack / "goodbye.yaml")
    assert done.exit_code == 2
    assert "needs a key, and OPENAI_API_KEY is not set\n  fix: export" in done.output
    assert chat.requests == []


def test_without_the_library_it_says_what_to_install(
    shop_pack: Path, chat: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    done = ask(shop_pack / "goodbye.yaml")
    assert done.exit_code == 2
    assert "fix: pip install 'dialogue[llm]'" in done.output


def test_everything_else_needs_neither_library_nor_key(
    shop_pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    for name in ("openai", "platformdirs"):
        monkeypatch.setitem(sys.modules, name, None)
    assert run(shop_pack, "--to", "labelstudio", "-o", tmp_path / "tasks").exit_code == 0
    assert CliRunner().invoke(main, ["check", str(shop_pack)]).exit_code == 0


# Models and servers that are named wrongly.


def test_the_only_model_of_a_server_need_not_be_named(shop_pack: Path, chat: ChatServer) -> None:
    ask(shop_pack / "goodbye.yaml")
    assert chat.requests[0]["model"] == "small"
    chat.models = ["large", "small"]
    done = ask(shop_pack / "goodbye.yaml")
    assert done.exit_code == 2
    assert "no model is named" in done.output
    assert "add --model; known: large, small" in done.output


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://x/v1", "http://", "nonsense"])
def test_a_url_that_is_none_is_refused(chat: ChatServer, url: str) -> None:
    with pytest.raises(UnplacedError, match="the base URL is no address of a server"):
        Client.open("m", url, timeout=1, retries=0)


def test_the_usual_cache_is_the_users_own(
    shop_pack: Path, chat: ChatServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "mine"))
    chat.script(completion(BYE))
    assert run(shop_pack / "goodbye.yaml", "--dry-run").exit_code == 0
    if sys.platform == "linux":
        (entry,) = (tmp_path / "mine").rglob("*.json")
        assert entry.parent.name == "paraphrase"
