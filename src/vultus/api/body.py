"""The bodies of requests, up to a limit for each, and for all that are held at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.types import Message, Receive

from vultus.errors import InvalidArgument, ServerBusy

PATIENCE = 60.0  # seconds that a body may take to arrive
BORNE = 4  # times the limit that is read and dropped, so that a client that is still sending gets to see its answer
SMALL_BODY = 2**16  # bytes up to which a body needs no room, and is read quickly
HELD = 32  # bodies of the longest kind that a process holds at a time, in all
AT_ONCE = 4  # larger bodies that are worked on at a time: while it is read, a form takes several times its length


class Disconnected(Exception):
    """The client has gone: nobody waits for an answer."""


class BodyRefused(InvalidArgument):
    """The body is longer or slower than can be borne; what is left of it is not read."""


class Bodies:
    """Reads bodies.

    What all clients together send at a time takes no more memory than there is room for; who comes when there is no
    room is told to come again. Small bodies always find room.

    Args:
        limit: bytes of a body.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._room = limit * HELD
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def read(self, receive: Receive) -> bytes:
        """Return a body, whether it came with a length or in chunks. Work on one that is not small in its ``turn``.

        Args:
            receive: of ASGI.

        Raises:
            BodyRefused: it is longer than the limit, or slower than can be borne.
            ServerBusy: there is no room for it at this moment.
            Disconnected: the client has gone.
        """
        message = await receive()
        if message["type"] == "http.request" and not message.get("more_body"):
            body: bytes = message.get("body", b"")
            if len(body) <= min(SMALL_BODY, self._limit):
                return body
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._read_pieces(message, receive)
        except TimeoutError:
            raise BodyRefused(f"The body of the request did not arrive within {PATIENCE:g} seconds.") from None

    @asynccontextmanager
    async def turn(self, body: bytes) -> AsyncIterator[None]:
        """Wait until few others are worked on, and make room for others when this one is done."""
        try:
            async with self._turns:
                yield
        finally:
            self._room += len(body)

    async def _read_pieces(self, message: Message, receive: Receive) -> bytes:
        body = bytearray()
        size, taken, busy = 0, 0, False  # bytes that came; bytes of room that they take; whether there is none
        try:
            while True:
                if message["type"] != "http.request":
                    raise Disconnected
                body += message.get("body", b"")
                size += len(message.get("body", b""))
                if SMALL_BODY < size <= self._limit and not busy:
                    busy = size - taken > self._room
                    self._room -= 0 if busy else size - taken
                    taken = taken if busy else size
                if busy or size > self._limit:
                    body.clear()
                if size > self._limit * BORNE or not message.get("more_body"):
                    break
                message = await receive()
            if size > self._limit:
                raise BodyRefused(f"The body of the request is longer than {self._limit} bytes.")
            if busy:
                raise ServerBusy
        except BaseException:
            self._room += taken
            raise
        return bytes(body)
