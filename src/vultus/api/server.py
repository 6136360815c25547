"""The HTTP server: uvicorn, with the settings that the API wants."""

import logging
import resource
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil

import uvicorn
from starlette.types import ASGIApp

from vultus import config
from vultus.api.acceptor import Acceptor
from vultus.api.connections import Connections
from vultus.api.listener import address_of, listen
from vultus.api.observer import Observer
from vultus.api.protocol import Protocol
from vultus.api.shares import Shares
from vultus.api.signals import Signals
from vultus.api.tally import Tally
from vultus.api.tls import load_tls

log = logging.getLogger(__name__)

GRACE = 10  # seconds that requests under way have left when the server is asked to stop
KEEP_ALIVE = 75  # seconds that an idle connection stays open
OTHER_FILES = 256  # that a process may have open beside its connections


class Server:
    """Serves an ASGI app on one address.

    Args:
        app: what to serve.
        settings: where, and how; port 0 takes any that is free.
        observer: told of requests that no app gets to see.
        listener: the socket, where several processes share one; else the server opens its own.
        shares: how many connections each of those processes has.

    Raises:
        ConfigError: the address cannot be had, or the certificate cannot be used.
    """

    def __init__(
        self,
        app: ASGIApp,
        settings: config.Server,
        observer: Observer | None = None,
        listener: socket.socket | None = None,
        shares: Shares | None = None,
    ) -> None:
        self._tls = load_tls(settings)
        self._observer = observer or Observer()
        self._connections = Connections(_affordable(ceil(settings.max_connections / settings.processes)))
        self._listener = listener or listen(settings.host, settings.port)
        self._endpoint = address_of(self._listener)
        self._shares = shares
        self._uvicorn = _Uvicorn(app, self._accept, self._connections, self._observer)

    @property
    def endpoint(self) -> str:
        """Host and port, as clients want them: ``127.0.0.1:8668``."""
        return self._endpoint

    @property
    def is_ready(self) -> bool:
        """Whether it answers, and has not been asked to stop."""
        return self._uvicorn.started and not self._uvicorn.should_exit

    def tally(self) -> Tally:
        """What it has done so far."""
        tally = self._observer.tally
        tally.connections = len(self._connections)
        tally.ended = {str(reason): ended for reason, ended in self._connections.ended.items()}
        return tally

    def run(self) -> None:
        """Serve until ``stop`` is called."""
        self._uvicorn.run()

    def stop(self) -> None:
        """Ask the server to finish what is under way and to return from ``run``; from any thread."""
        self._uvicorn.should_exit = True

    def reload(self) -> None:
        """Read the certificate again."""
        if self._tls is not None:
            self._tls.reload()

    @contextmanager
    def running(self) -> Iterator[str]:
        """Serve in a thread of its own for as long as the context is open.

        Yields:
            The endpoint. Its socket listens already: whoever connects now is answered.
        """
        thread = threading.Thread(target=self.run, name="vultus-api")
        thread.start()
        try:
            yield self.endpoint
        finally:
            self.stop()
            thread.join()

    def _accept(self, make: Callable[[], Protocol]) -> Acceptor:
        """Begin to accept connections, in the loop that runs."""
        refused = self._observer.refused
        return Acceptor(self._listener, self._connections, make, self._tls, refused, self._shares)


def run_server(app: ASGIApp, settings: config.Server) -> None:
    """Serve an app until SIGINT or SIGTERM comes.

    Raises:
        ConfigError: the address cannot be had, or the certificate cannot be used.
    """
    server = Server(app, settings)
    with Signals() as signals:
        signals.on_end(server.stop)
        signals.on_hangup(server.reload)
        server.run()


class _Uvicorn(uvicorn.Server):
    """Uvicorn, with our way of accepting connections, and without its own ideas of signals."""

    def __init__(
        self,
        app: ASGIApp,
        accept: Callable[[Callable[[], Protocol]], Acceptor],
        connections: Connections,
        observer: Observer,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=Protocol,
                ws="none",
                lifespan="auto",
                log_config=None,
                log_level="error",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=KEEP_ALIVE,
                timeout_graceful_shutdown=GRACE,
            )
        )
        self.servers = []
        self._accept = accept
        self._connections = connections
        self._observer = observer

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept connections."""
        await self.lifespan.startup()
        self._acceptor = self._accept(self._make_protocol)
        self.started = True

    async def on_tick(self, counter: int) -> bool:
        """Do what is to be done every tenth of a second."""
        if counter % 10 == 0:
            self._connections.sweep()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept no more connections, and finish what is under way."""
        self._acceptor.close()
        await self._acceptor.wait_closed()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to whoever runs the server."""
        yield

    def _make_protocol(self) -> Protocol:
        return Protocol(
            self._connections,
            self._observer.refused,
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )


def _affordable(connections: int) -> int:
    """Allow this process as many open files as so many connections take; return how many it can have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = connections + OTHER_FILES
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return connections
    allowed = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    if allowed < needed:
        connections = max(allowed - OTHER_FILES, 1)
        log.warning("The system allows %d open files (ulimit -n): there can be %d connections.", allowed, connections)
    return connections
