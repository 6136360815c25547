"""A service that speaks OpenAI's protocol, over real sockets: it answers as a test tells it to, and remembers."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

WORDS = {
    "en": {"caption": "A dog runs.", "description": "A brown dog runs over grass."},
    "zh-Hans": {"caption": "\u72d7\u5728\u8dd1\u3002", "description": "\u72d7\u5728\u8349\u5730\u4e0a\u8dd1\u3002"},
}


def chat(content: Any, **message: Any) -> bytes:
    """An answer that says something."""
    said = {"role": "assistant", "content": content, **message}
    return json.dumps({"id": "1", "choices": [{"index": 0, "message": said, "finish_reason": "stop"}]}).encode()


@dataclass
class Reply:
    """How a request is answered: seconds before each of so many pieces."""

    body: bytes = field(default_factory=lambda: chat(json.dumps(WORDS)))
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    pieces: int = 1


@dataclass
class Service:
    """A running service.

    Attributes:
        endpoint: where it is.
        replies: to the next requests; the last one stays.
        requests: path, headers and body of those that came.
    """

    endpoint: str
    replies: list[Reply]
    requests: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)

    def next(self) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


@contextmanager
def serving(*replies: Reply) -> Iterator[Service]:
    service = Service("", list(replies or [Reply()]))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(lambda: service))
    server.daemon_threads = True
    service.endpoint = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.socket.close()


def _handler(service: Callable[[], Service]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service().requests.append((self.path, dict(self.headers), json.loads(body)))
            reply = service().next()
            try:
                self._answer(reply)
            except OSError:  # the client does not wait any longer
                self.close_connection = True

        def _answer(self, reply: Reply) -> None:
            time.sleep(reply.wait if reply.pieces == 1 else 0)
            self.send_response(reply.status)
            for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            size = max(len(reply.body) // reply.pieces, 1)
            for begin in range(0, len(reply.body), size):
                self.wfile.write(reply.body[begin : begin + size])
                self.wfile.flush()
                time.sleep(reply.wait if reply.pieces > 1 else 0)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
