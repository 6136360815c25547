"""Refusing a connection, or a request that is not even HTTP, with an answer that has IMM's form."""

import asyncio
from collections.abc import Callable
from typing import cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from vultus.api.answers import failure, new_request_id
from vultus.errors import VultusError

BORNE = 2**22  # bytes that are read and dropped after the answer, so that a client still sending gets to see it
PATIENCE = 5.0  # seconds that are waited for those

#: Told of what was refused before an app saw it: the error, the id in the answer, and the client's address.
OnRefusal = Callable[[VultusError, str, str], None]


def refuse(transport: asyncio.Transport, error: VultusError, on_refusal: OnRefusal) -> None:
    """Write an answer that says why; whoever calls goes on reading for a while, and then closes."""
    request_id = new_request_id()
    answer = failure(error, request_id, "", "JSON")
    lines = [b"%s: %s\r\n" % header for header in (*answer.headers, (b"connection", b"close"))]
    transport.write(b"".join([STATUS_LINE[answer.status], *lines, b"\r\n", answer.body]))
    if transport.can_write_eof():  # not over TLS
        transport.write_eof()
    peer = transport.get_extra_info("peername")
    on_refusal(error, request_id, str(peer[0]) if peer else "")


class Refusal(asyncio.Protocol):
    """A connection on which whatever is sent is answered with one error.

    Args:
        error: the answer.
        on_refusal: told when it is given.
        on_end: told of this one when the connection has ended.
    """

    def __init__(self, error: VultusError, on_refusal: OnRefusal, on_end: Callable[["Refusal"], None]) -> None:
        self._error = error
        self._on_refusal = on_refusal
        self._on_end = on_end
        self._answered = False
        self._dropped = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for a request, but not for long."""
        self._transport = cast(asyncio.Transport, transport)
        self._end = asyncio.get_running_loop().call_later(PATIENCE, self._transport.abort)

    def data_received(self, data: bytes) -> None:
        """Answer, and drop the rest."""
        if not self._answered:
            self._answered = True
            refuse(self._transport, self._error, self._on_refusal)
        self._dropped += len(data)
        if self._dropped > BORNE:
            self._transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        """Count one connection less."""
        self._end.cancel()
        self._on_end(self)
