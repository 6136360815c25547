"""How connections are taken from the socket that clients connect to."""

import asyncio
import errno
import logging
import socket
import ssl
import time
from collections.abc import Callable, Coroutine

from vultus.api.connections import HEAD, Connections, Phase
from vultus.api.refusal import PATIENCE, OnRefusal, Refusal
from vultus.api.shares import Shares
from vultus.api.tls import TLS
from vultus.errors import NeedsTLS, ServerBusy, VultusError

log = logging.getLogger(__name__)

PAUSE = 1.0  # seconds without accepting, when the system gives no more connections
LEAVE = 0.002  # seconds that a connection is left to a process that has fewer
TURNED_AWAY = 100  # connections that are told at a time that they are too many; further ones are just closed
TLS_BEGINS = b"\x16"  # the first byte of TLS; HTTP begins with a letter

_NO_MORE = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}


class Opening:
    """A connection that has said nothing yet, or is still agreeing on TLS."""

    def __init__(self) -> None:
        self.seen: tuple[Phase, int] = ("head", 0)
        self.since = time.monotonic()
        self.task: asyncio.Task[None] | None = None

    def phase(self) -> tuple[Phase, int]:
        """What it waits for."""
        return self.seen

    def abort(self) -> None:
        """End it at once."""
        if self.task is not None:
            self.task.cancel()


class Acceptor:
    """Takes connections from a socket.

    Of several processes, the one that has the fewest connections takes the next, unless it is too busy to do so soon.

    Args:
        listener: the socket.
        connections: those that are there.
        make: makes the protocol of a connection.
        tls: what to encrypt them with, if at all.
        on_refusal: told of requests that are refused for want of room, or of TLS.
        shares: how many the processes have that share the socket, if there are several.
    """

    def __init__(
        self,
        listener: socket.socket,
        connections: Connections,
        make: Callable[[], asyncio.Protocol],
        tls: TLS | None,
        on_refusal: OnRefusal,
        shares: Shares | None = None,
    ) -> None:
        self._listener = listener
        self._connections = connections
        self._make = make
        self._context = None if tls is None else tls.context
        self._on_refusal = on_refusal
        self._shares = shares
        self._refusals: set[Refusal] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()
        self._begin()

    def close(self) -> None:
        """Accept no more, and give up connections that have not come about."""
        self._loop.remove_reader(self._listener)
        self._listener.close()
        for task in self._tasks:
            task.cancel()

    async def wait_closed(self) -> None:
        """Wait until those are gone."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self) -> None:
        if self._listener.fileno() >= 0:
            self._loop.add_reader(self._listener, self._take_turn)

    def _pause(self, seconds: float, then: Callable[[], None]) -> None:
        self._loop.remove_reader(self._listener)
        self._loop.call_later(seconds, then)

    def _take_turn(self) -> None:
        if self._shares is None or self._shares.is_our_turn(len(self._connections) + len(self._tasks)):
            self._accept()
        else:
            self._pause(LEAVE, self._accept_all_the_same)

    def _accept_all_the_same(self) -> None:
        self._begin()
        if self._listener.fileno() >= 0:
            self._accept()

    def _accept(self) -> None:
        try:
            client, _ = self._listener.accept()
        except OSError as error:
            if error.errno in _NO_MORE:
                log.error("No connection can be accepted for %g s: %s.", PAUSE, error.strerror)
                self._pause(PAUSE, self._begin)
            return  # or another process was faster, or the client has gone
        client.setblocking(False)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if not self._connections.has_room():
            self._turn_away(client)
        elif self._context is None:
            self._start(self._connect(client, self._make()))
        else:
            opening = Opening()
            self._connections.add(opening)
            opening.task = self._start(self._open(client, opening))

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _turn_away(self, client: socket.socket) -> None:
        self._connections.ended["full"] += 1
        if len(self._refusals) < TURNED_AWAY:
            self._start(self._connect(client, self._refusal(ServerBusy()), self._context, PATIENCE))
        else:
            client.close()

    def _refusal(self, error: VultusError) -> Refusal:
        refusal = Refusal(error, self._on_refusal, self._refusals.discard)
        self._refusals.add(refusal)
        return refusal

    async def _open(self, client: socket.socket, opening: Opening) -> None:
        try:
            if await self._begins_tls(client):
                await self._connect(client, self._make(), self._context)
            else:
                await self._connect(client, self._refusal(NeedsTLS()))
        except asyncio.CancelledError:
            client.close()
            raise
        finally:
            self._connections.discard(opening)

    async def _begins_tls(self, client: socket.socket) -> bool:
        """Look at the first byte that a client sends, and leave it there."""
        readable = asyncio.Event()
        self._loop.add_reader(client, readable.set)
        try:
            await readable.wait()
            return client.recv(1, socket.MSG_PEEK) in (TLS_BEGINS, b"")
        except OSError:
            return True  # the client has gone; TLS will notice
        finally:
            self._loop.remove_reader(client)

    async def _connect(
        self,
        client: socket.socket,
        protocol: asyncio.Protocol,
        context: ssl.SSLContext | None = None,
        patience: float = HEAD,
    ) -> None:
        limit = patience if context else None
        try:
            await self._loop.connect_accepted_socket(
                lambda: protocol, client, ssl=context, ssl_handshake_timeout=limit, ssl_shutdown_timeout=limit
            )
        except OSError as error:  # of TLS, too; the client has gone, or speaks another language
            log.debug("A connection did not come about: %s", error)
            client.close()
            if isinstance(protocol, Refusal):
                self._refusals.discard(protocol)
