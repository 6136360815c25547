"""The HTTP server: uvicorn, with the settings that the API wants."""

import errno
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from vultus import config
from vultus.api.protocol import Protocol
from vultus.config import ConfigError

GRACE = 10  # seconds that requests under way have left when the server is asked to stop
KEEP_ALIVE = 75  # seconds that an idle connection stays open
HIGHEST_PORT = 2**16 - 1
BACKLOG = 1024  # connections that may wait to be accepted


class Server:
    """Serves an ASGI app on one address.

    Args:
        app: what to serve.
        settings: where; port 0 takes any that is free.

    Raises:
        ConfigError: the address cannot be had.
    """

    def __init__(self, app: ASGIApp, settings: config.Server) -> None:
        self._socket = _listen(settings.host, settings.port)
        self._uvicorn = uvicorn.Server(
            uvicorn.Config(
                app,
                http=Protocol,
                ws="none",
                lifespan="auto",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=KEEP_ALIVE,
                timeout_graceful_shutdown=GRACE,
            )
        )

    @property
    def endpoint(self) -> str:
        """Host and port, as clients want them: ``127.0.0.1:8668``."""
        host, port = self._socket.getsockname()[:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def run(self) -> None:
        """Serve until ``stop`` is called, or, in the main thread, SIGINT or SIGTERM comes."""
        self._uvicorn.run(sockets=[self._socket])

    def stop(self) -> None:
        """Ask the server to finish what is under way and to return from ``run``; from any thread."""
        self._uvicorn.should_exit = True

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


def run_server(app: ASGIApp, settings: config.Server) -> None:
    """Serve an app until SIGINT or SIGTERM comes.

    Raises:
        ConfigError: the address cannot be had.
    """
    Server(app, settings).run()


def _listen(host: str, port: int) -> socket.socket:
    """Open the socket ourselves, so that what goes wrong is said in one sentence."""
    if not 0 <= port <= HIGHEST_PORT:  # the resolver would take what is left of it in 16 bits
        raise ConfigError(f"Vultus cannot listen on port {port}: ports go from 0 (any that is free) to {HIGHEST_PORT}.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ConfigError(f"Vultus cannot listen on {host}: {error.strerror}.") from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        hint = "; another program listens there" if error.errno == errno.EADDRINUSE else ""
        raise ConfigError(f"Vultus cannot listen on {host} port {port}: {error.strerror}{hint}.") from None
    return listener
