"""A small OpenAI-compatible server on this machine, which misbehaves when it is told to."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True)
class Answer:
    """What goes back: `cut` closes the connection before all of it, `hang` waits for the end."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    hang: bool = False


def completion(content: Any, **choice: Any) -> Answer:
    """Return a chat completion; a list becomes the JSON text that a model would write."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    message = {"role": "assistant", "content": text}
    told = {"index": 0, "message": message, "finish_reason": "stop", **choice}
    made = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [told]}
    return Answer(json.dumps(made).encode())


def failure(status: int, **headers: str) -> Answer:
    body = {"error": {"message": "no; your key was sk-secret-of-tests", "type": "x", "code": None}}
    # So that nobody waits: the client would take half a second and more.
    quick = {"retry-after-ms": "1", **{name.replace("_", "-"): v for name, v in headers.items()}}
    return Answer(json.dumps(body).encode(), status, quick)


class ChatServer:
    """What it was asked, and how it answers: `answer` gets the text of the request."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.models = ["small"]
        self.answer: Callable[[str], Answer] = lambda _: completion(["…"])
        self.closing = threading.Event()
        self.url = ""

    def script(self, *answers: Answer) -> None:
        """Answer in this order, the last one again and again."""
        waiting = list(answers)
        self.answer = lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0]


@contextmanager
def served() -> Iterator[ChatServer]:
    server = ChatServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            listed = [{"id": name, "object": "model"} for name in server.models]
            self.reply(Answer(json.dumps({"object": "list", "data": listed}).encode()))

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            request = json.loads(self.rfile.read(length))
            server.requests.append(request)
            server.keys.append(self.headers["Authorization"])
            self.reply(server.answer(request["messages"][-1]["content"]))

        def reply(self, answer: Answer) -> None:
            if answer.hang:
                server.closing.wait(20)
                self.close_connection = True
                return
            self.send_response(answer.status)
            headers = {"Content-Type": "application/json", **answer.headers}
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if answer.cut:
                self.wfile.write(answer.body[: len(answer.body) // 2])
                self.close_connection = True
                return
            self.wfile.write(answer.body)

        def log_message(self, *_: Any) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    server.url = f"http://127.0.0.1:{listening.server_port}/v1"
    try:
        yield server
    finally:
        server.closing.set()
        listening.shutdown()
        listening.server_close()
        thread.join()
