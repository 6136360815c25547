"""HTTP as uvicorn speaks it, with a limit to what comes before a body."""

from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from vultus.api.answers import failure, new_request_id
from vultus.errors import InvalidArgument

LONGEST_HEAD = 2**16  # bytes of request line and headers; clients send some hundreds, and long parameters in the body
PIECE = 2**14  # bytes that are parsed at a time, and by which a head may be longer until that is noticed
BORNE = 2**22  # bytes that are read and dropped after the answer, so that a client still sending gets to see it
PATIENCE = 5.0  # seconds that are waited for those


class HeadTooLong(InvalidArgument):
    """Request line and headers are longer than can be borne."""

    status = 431

    def __init__(self) -> None:
        super().__init__(
            f"The request line and headers are longer than {LONGEST_HEAD} bytes; long parameters belong in the body."
        )


class Protocol(HttpToolsProtocol):
    """Refuses a request line and headers, or headers behind a chunked body, that are longer than anybody needs.

    The parser collects each of them before it hands them out, in time that grows with the square of their length. So
    what counts here is the bytes since it last got anywhere: to the end of the headers, to a piece of the body, to the
    end of the request.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._pending = 0  # bytes since the parser got anywhere
        self._dropped: int | None = None  # bytes that came after a refusal

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
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a piece of a body."""
        self._pending = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request."""
        self._pending = 0
        super().on_message_complete()

    def _parse(self, piece: bytes) -> None:
        self._pending += len(piece)
        super().data_received(piece)
        if self._pending > LONGEST_HEAD and not self.transport.is_closing():
            self._refuse()

    def _refuse(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self.transport.close()  # an answer is under way, and nothing may come between
            return
        self._dropped = 0
        answer = failure(HeadTooLong(), new_request_id(), "", "JSON")
        lines = [b"%s: %s\r\n" % header for header in (*answer.headers, (b"connection", b"close"))]
        self.transport.write(b"".join([STATUS_LINE[answer.status], *lines, b"\r\n", answer.body]))
        self.transport.write_eof()
        self.timeout_keep_alive_task = self.loop.call_later(PATIENCE, self.timeout_keep_alive_handler)

    def _drop(self, size: int) -> None:
        assert self._dropped is not None
        self._dropped += size
        if self._dropped > BORNE:
            self.transport.close()
