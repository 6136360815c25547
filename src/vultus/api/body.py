"""The body of a request, up to a limit."""

import asyncio

from starlette.types import Message, Receive

from vultus.errors import InvalidArgument

PATIENCE = 60.0  # seconds that a body may take to arrive
BORNE = 4  # times the limit that is read and dropped, so that a client that is still sending gets to see its answer


class Disconnected(Exception):
    """The client has gone: nobody waits for an answer."""


class BodyRefused(InvalidArgument):
    """The body is longer or slower than can be borne; what is left of it is not read."""


async def read_body(receive: Receive, limit: int) -> bytes:
    """Return the body, whether it came with a length or in chunks.

    Args:
        receive: of ASGI.
        limit: bytes.

    Raises:
        BodyRefused: it is longer than the limit, or slower than can be borne.
        Disconnected: the client has gone.
    """
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        body: bytes = message.get("body", b"")
        if len(body) > limit:
            raise _too_long(limit)
        return body
    try:
        async with asyncio.timeout(PATIENCE):
            return await _read_pieces(message, receive, limit)
    except TimeoutError:
        raise BodyRefused(f"The body of the request did not arrive within {PATIENCE:g} seconds.") from None


async def _read_pieces(message: Message, receive: Receive, limit: int) -> bytes:
    pieces = []
    size = 0
    while True:
        if message["type"] != "http.request":
            raise Disconnected
        piece = message.get("body", b"")
        size += len(piece)
        if size <= limit:
            pieces.append(piece)
        if size > limit * BORNE or not message.get("more_body"):
            break
        message = await receive()
    if size > limit:
        raise _too_long(limit)
    return b"".join(pieces)


def _too_long(limit: int) -> BodyRefused:
    return BodyRefused(f"The body of the request is longer than {limit} bytes.")
