"""An OpenAI-compatible server, asked through the official client, which also tries again.

The key comes from the environment and goes to the server, and nowhere else: what the server writes
is kept and shown without it.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from dialogue.paraphrase.answer import UnusableError
from dialogue.problem import UnplacedError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import openai

KEY = "OPENAI_API_KEY"
URL = "OPENAI_BASE_URL"
_USUAL = "https://api.openai.com/v1"
_AGAIN = "run the same command again: answers that came are kept"


class StoppedError(UnplacedError):
    """A server that gives no answer now; what it has answered is kept."""


class Client:
    """A model on a server."""

    def __init__(self, model: str, url: str, key: str, client: openai.OpenAI) -> None:
        self.model = model
        self.url = url
        self._key = key
        self._client = client

    @classmethod
    def open(cls, model: str | None, url: str | None, *, timeout: float, retries: int) -> Client:
        """Get ready to ask; raises UnplacedError for whatever is missing.

        Without a model the server is asked for the only one that it has.
        """
        try:
            import openai
        except ImportError:
            what = "paraphrase needs the library openai"
            raise UnplacedError(what, "pip install 'dialogue[llm]'") from None
        key = os.environ.get(KEY, "").strip()
        if not key:
            fix = f"export {KEY}=…; for a local server that asks for none, any word"
            raise UnplacedError(f"paraphrase needs a key, and {KEY} is not set", fix)
        if not key.isascii() or not key.isprintable() or " " in key:
            raise UnplacedError(f"{KEY} holds characters that no key has", "copy the key again")
        url = url or os.environ.get(URL) or _USUAL
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            fix = "write it as in --base-url http://localhost:8000/v1"
            raise UnplacedError("the base URL is no address of a server", fix)
        client = openai.OpenAI(api_key=key, base_url=url, timeout=timeout, max_retries=retries)
        opened = cls(model or "", url, key, client)
        if not model:
            opened.model = opened._only_model()
        return opened

    @property
    def server(self) -> str:
        """The server as people may see it: a URL can hold a password."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    def ask(self, messages: Sequence[Mapping[str, str]]) -> str:
        """Return what the model writes; raises UnusableError, or StoppedError when none comes."""
        asked: Any = messages
        with self._worded():
            made: Any = self._client.chat.completions.create(model=self.model, messages=asked)
        choices = getattr(made, "choices", None)
        if not isinstance(choices, list) or not choices:
            raise UnusableError("it is no chat completion")
        message = getattr(choices[0], "message", None)
        content = getattr(message, "content", None)
        if getattr(choices[0], "finish_reason", None) in ("length", "content_filter"):
            raise UnusableError("it was cut off")
        if not isinstance(content, str) or not content.strip():
            raise UnusableError("it is empty")
        return content.replace(self._key, "…")

    def _only_model(self) -> str:
        with self._worded():
            listed: Any = self._client.models.list()
        found = getattr(listed, "data", None)
        names = [getattr(one, "id", None) for one in found] if isinstance(found, list) else []
        known = sorted(name for name in names if isinstance(name, str))
        if len(known) != 1:
            what = f"no model is named, and {self.server} has {len(known)}"
            raise UnplacedError(what, f"add --model; {nearest('', known)}")
        return known[0]

    @contextmanager
    def _worded(self) -> Iterator[None]:
        """Word what the client raises; what the server says of it stays out: it may be anything.

        By then the client has tried again: after time-outs, lost connections, 408, 409, 429, 5xx.
        """
        import openai

        try:
            yield
        except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
            what = f"{self.server} refuses the key ({error.status_code})"
            raise StoppedError(what, f"check {KEY}, and that it may use '{self.model}'") from None
        except openai.NotFoundError:
            what = f"{self.server} has no model '{self.model}' at this address (404)"
            raise StoppedError(what, "check --model, and that --base-url ends in /v1") from None
        except openai.RateLimitError:
            what = f"{self.server} takes no more requests for now (429)"
            raise StoppedError(what, f"wait; then {_AGAIN}") from None
        except openai.APITimeoutError:
            fix = f"{_AGAIN}; give it more time with --timeout"
            raise StoppedError(f"{self.server} did not answer in time", fix) from None
        except openai.APIConnectionError:
            fix = f"check --base-url and the network, then {_AGAIN}"
            raise StoppedError(f"{self.server} cannot be reached", fix) from None
        except openai.APIStatusError as error:
            what = f"{self.server} fails ({error.status_code})"
            fix = _AGAIN if error.status_code >= 500 else "check --model and --base-url"
            raise StoppedError(what, fix) from None
        except (openai.OpenAIError, ValueError, RecursionError):
            raise UnusableError("it is no chat completion") from None
