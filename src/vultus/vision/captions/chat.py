"""A chat with a vision model: one request of OpenAI's protocol, which Ollama, vLLM and many services speak."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import msgspec

from vultus.config import Insights

MOST_ANSWER = 2**18  # bytes
#: It does not like what it was asked: this picture, but perhaps the next.
REFUSED = frozenset(
    {
        *(HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)
BUSY = frozenset(
    {
        *(HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.INTERNAL_SERVER_ERROR),
        *(HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT),
    }
)


class ChatFailed(Exception):
    """The service does not answer as it should.

    Attributes:
        passing: whether it may do so a little later.
        after: seconds after which it wants to be asked again; 0 where it does not say.
    """

    def __init__(self, reason: str, *, passing: bool, after: float = 0.0) -> None:
        super().__init__(reason)
        self.passing = passing
        self.after = after


class NothingSaid(Exception):
    """The service answers, but says nothing that can be used: it refuses, or speaks no sense."""


class _Message(msgspec.Struct):
    content: Any = None
    refusal: str | None = None


class _Choice(msgspec.Struct):
    message: _Message


class _Answer(msgspec.Struct):
    choices: list[_Choice]


@dataclass(frozen=True, slots=True)
class Chat:
    """Asks one service.

    No redirect is followed: what is sent was meant for that address alone.
    """

    settings: Insights

    def ask(self, order: str, question: str, pictures: list[str], until: float) -> str:
        """Return what the model says.

        Args:
            order: what it is to do.
            question: to be answered.
            pictures: ``data:`` addresses, which go with the question.
            until: moment of the monotonic clock at which it is given up.

        Raises:
            ChatFailed: it does not answer.
            NothingSaid: it refuses, or answers in another form.
        """
        content = [{"type": "text", "text": question}]
        body = msgspec.json.encode(
            {
                "model": self.settings.model,
                "messages": [
                    {"role": "system", "content": order},
                    {
                        "role": "user",
                        "content": [*content, *({"type": "image_url", "image_url": {"url": url}} for url in pictures)],
                    },
                ],
                "max_tokens": self.settings.tokens,
                "stream": False,
            }
        )
        return _said(self._answer(body, until))

    def _answer(self, body: bytes, until: float) -> bytes:
        address = urlsplit(self.settings.endpoint)
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.settings.key:
            headers["Authorization"] = f"Bearer {self.settings.key}"
        try:
            with _connected(self.settings.endpoint, until) as connection:
                connection.request("POST", f"{address.path.rstrip('/')}/chat/completions", body, headers)
                answer = connection.getresponse()
                if answer.status in REFUSED:
                    raise NothingSaid(f"it answers {answer.status}")
                if answer.status != HTTPStatus.OK:
                    raise ChatFailed(
                        f"it answers {answer.status}",
                        passing=answer.status in BUSY,
                        after=_seconds(answer.headers.get("Retry-After", "")),
                    )
                said = answer.read(MOST_ANSWER + 1)
        except (OSError, http.client.HTTPException, ValueError) as error:
            late = time.monotonic() >= until
            raise ChatFailed("it takes too long" if late else _reason(error), passing=not late) from None
        if time.monotonic() >= until:  # what was cut off may look like the whole
            raise ChatFailed("it takes too long", passing=False)
        if len(said) > MOST_ANSWER:
            raise NothingSaid("its answer is too long")
        return said


@contextmanager
def _connected(endpoint: str, until: float) -> Iterator[http.client.HTTPConnection]:
    """A connection that is cut off at a moment, whatever trickles through it until then."""
    address = urlsplit(endpoint)
    left = max(until - time.monotonic(), 0.001)
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = kind(str(address.hostname), address.port, timeout=left)
    with closing(connection):
        connection.connect()
        cut = threading.Timer(max(until - time.monotonic(), 0.0), _cut_off, [connection.sock])
        cut.daemon = True
        cut.start()
        try:
            yield connection
        finally:
            cut.cancel()


def _cut_off(line: socket.socket) -> None:
    with suppress(OSError):  # it is closed already
        line.shutdown(socket.SHUT_RDWR)


def _said(answer: bytes) -> str:
    try:
        choices = msgspec.json.decode(answer, type=_Answer).choices
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise NothingSaid("its answer is not that of a chat") from None
    if not choices or choices[0].message.refusal:
        raise NothingSaid("it refuses")
    content = choices[0].message.content
    if isinstance(content, list):  # parts, of which those of text count
        content = "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    if not isinstance(content, str) or not content.strip():
        raise NothingSaid("its answer is empty")
    return content


def _seconds(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0.0


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", "") or "") or type(error).__name__
