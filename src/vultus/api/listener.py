"""The socket that clients connect to."""

import errno
import socket

from vultus.config import ConfigError

HIGHEST_PORT = 2**16 - 1
BACKLOG = 1024  # connections that may wait to be accepted


def listen(host: str, port: int) -> socket.socket:
    """Open the socket, so that what goes wrong is said in one sentence.

    Raises:
        ConfigError: the address cannot be had.
    """
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
    listener.setblocking(False)
    return listener


def address_of(listener: socket.socket) -> str:
    """Host and port, as clients want them: ``127.0.0.1:8668``."""
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
