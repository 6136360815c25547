"""HTTP as uvicorn speaks it, with limits to what a client may send and keep us waiting for."""

import time
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from vultus.api.connections import Connections, Phase
from vultus.api.refusal import BORNE, PATIENCE, OnRefusal, refuse
from vultus.errors import InvalidArgument, VultusError

LONGEST_HEAD = 2**16  # bytes of request line and headers; clients send some hundreds, and long parameters in the body
PIECE = 2**14  # bytes that are parsed at a time, and by which a head may be longer until that is noticed
AHEAD = 16  # requests that a client may send before it has the answer to the first


class HeadTooLong(InvalidArgument):
    """Request line and headers are longer than can be borne."""

    status = 431

    def __init__(self) -> None:
        super().__init__(
            f"The request line and headers are longer than {LONGEST_HEAD} bytes; long parameters belong in the body."
        )


class NotHTTP(InvalidArgument):
    """What came is not HTTP."""

    def __init__(self) -> None:
        super().__init__("What was sent is not a request of HTTP/1.1 or HTTP/1.0.")


class OtherProtocol(InvalidArgument):
    """A request with a body asks to go on in another protocol."""

    def __init__(self) -> None:
        super().__init__("The header Upgrade asks for a protocol that is not spoken here; leave it out.")


class Protocol(HttpToolsProtocol):
    """Refuses a request line and headers, or headers behind a chunked body, that are longer than anybody needs.

    The parser collects each of them before it hands them out, in time that grows with the square of their length. So
    what counts here is the bytes since it last got anywhere: to the end of the headers, to a piece of the body, to the
    end of the request.

    Args:
        connections: those it is one of.
        on_refusal: told of requests that no app gets to see.
        arguments: uvicorn's.
        options: uvicorn's.
    """

    def __init__(self, connections: Connections, on_refusal: OnRefusal, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.seen: tuple[Phase, int] = ("head", 0)
        self.since = time.monotonic()
        self._watched = connections
        self._on_refusal = on_refusal
        self._heads = 0  # that came to their end
        self._bodies = 0  # that came to their end
        self._pending = 0  # bytes since the parser got anywhere
        self._dropped: int | None = None  # bytes that came after a refusal

    def connection_made(self, transport: Any) -> None:
        """Begin to watch the connection."""
        super().connection_made(transport)
        self._watched.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Cease to watch the connection."""
        self._watched.discard(self)
        super().connection_lost(exc)

    def phase(self) -> tuple[Phase, int]:
        """What the connection waits for."""
        if self.transport.get_write_buffer_size():
            return "answer", self._heads
        if self._pending or not self._heads:
            return "head", self._heads
        if self._bodies < self._heads and not self.pipeline:
            return "body", self._heads
        if self.cycle is not None and not self.cycle.response_complete:
            return "work", self._heads
        return "idle", self._heads

    def abort(self) -> None:
        """End the connection at once."""
        self.transport.abort()

    def shutdown(self) -> None:
        """End the connection when what is under way on it has ended, for the server stops."""
        idle = self.cycle is None or self.cycle.response_complete
        if idle and self.scheme == "https" and not self.transport.get_write_buffer_size():
            self.transport.abort()  # to be closed in order, it would wait for the client to agree
        else:
            super().shutdown()

    def data_received(self, data: bytes) -> None:
        """Parse what came, piece by piece while it stays within the limit."""
        for start in range(0, len(data), PIECE):
            if self._dropped is not None:
                self._drop(len(data) - start)
                return
            if self.transport.is_closing():
                return
            self._parse(data[start : start + PIECE])

    def on_headers_complete(self) -> None:
        """Begin to answer a request."""
        self._pending = 0
        self._heads += 1
        if len(self.pipeline) >= AHEAD:
            self.transport.abort()
        elif self._upgrades_with_body():
            self._refuse(OtherProtocol())
        elif not self.transport.is_closing():
            super().on_headers_complete()
        # Fields behind a chunked body are no headers: proxies hand them on as they are, X-Forwarded-For included.
        self.headers = []

    def on_body(self, body: bytes) -> None:
        """Take a piece of a body."""
        self._pending = 0
        if not self.transport.is_closing():
            super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request."""
        self._pending = 0
        self._bodies += 1
        if self._dropped is None and not self.transport.is_closing():
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP."""
        self._refuse(NotHTTP())

    def _parse(self, piece: bytes) -> None:
        self._pending += len(piece)
        super().data_received(piece)
        if self._pending > LONGEST_HEAD and self._dropped is None and not self.transport.is_closing():
            self._refuse(HeadTooLong())

    def _upgrades_with_body(self) -> bool:
        """Whether the parser would stop behind the head, and take the body for the next request."""
        if not self.parser.should_upgrade():
            return False
        sizes = [value for name, value in self.headers if name in (b"content-length", b"transfer-encoding")]
        return any(value.strip() != b"0" for value in sizes)

    def _refuse(self, error: VultusError) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self.transport.close()  # an answer is under way, and nothing may come between
            return
        self._dropped = 0
        refuse(self.transport, error, self._on_refusal)
        self.timeout_keep_alive_task = self.loop.call_later(PATIENCE, self.timeout_keep_alive_handler)

    def _drop(self, size: int) -> None:
        assert self._dropped is not None
        self._dropped += size
        if self._dropped > BORNE:
            self.transport.close()
