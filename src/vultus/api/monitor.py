"""A port for those who watch over the service: /metrics, /healthz and /readyz."""

import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client.exposition import choose_encoder

from vultus.api.listener import address_of, listen
from vultus.api.metrics import Collector, Serving
from vultus.api.probe import Probe
from vultus.catalog import Catalog
from vultus.config import Server

PATIENCE = 5.0  # seconds that a request, or the taking of an answer, may take


class Monitor:
    """Answers on a port of its own, in threads of its own: however busy the server is, it says how it does.

    It speaks plain HTTP, and whoever can connect may ask: it is for the machine itself, or a network of operators.

    Args:
        settings: where.
        serving: what is watched.
        catalog: of the server.
        processes: returns process ids by role.

    Raises:
        ConfigError: the address cannot be had.
    """

    def __init__(
        self,
        settings: Server,
        serving: Serving,
        catalog: Catalog,
        processes: Callable[[], Mapping[str, Sequence[int]]],
    ) -> None:
        self._listener = listen(settings.metrics_host, settings.metrics_port)
        self._endpoint = address_of(self._listener)
        self._serving = serving
        self._probe = Probe(catalog)
        self._registry = Collector(serving, self._probe, processes).registry()

    @property
    def endpoint(self) -> str:
        """Host and port."""
        return self._endpoint

    def __enter__(self) -> "Monitor":
        self._server = _HTTPServer(self._listener, self)
        threading.Thread(target=self._server.serve_forever, name="vultus-monitor", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str, accept: str) -> tuple[int, str, bytes]:
        """Return status, content type and body for a path."""
        if path == "/metrics":
            encode, kind = choose_encoder(accept)
            return 200, kind, encode(self._registry)
        if path == "/healthz":
            return 200, "text/plain", b"alive\n"
        if path == "/readyz":
            if missing := self._missing():
                return 503, "text/plain", f"{missing}\n".encode()
            return 200, "text/plain", b"ready\n"
        return 404, "text/plain", b"There are /metrics, /healthz and /readyz.\n"

    def _missing(self) -> str:
        """What is missing for requests to be answered; nothing, if all is well."""
        if not self._serving.is_ready:
            return "the server is starting or stopping"
        return "" if self._probe.look() else "the database does not answer, or has not this version's tables"


class _HTTPServer(ThreadingHTTPServer):
    """Serves on a socket that listens already."""

    def __init__(self, listener: socket.socket, monitor: Monitor) -> None:
        super().__init__(("", 0), _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.monitor = monitor


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD."""

    server: _HTTPServer
    timeout = PATIENCE
    server_version = "vultus"
    sys_version = ""

    def do_GET(self) -> None:
        status, kind, body = self.server.monitor.answer(self.path.partition("?")[0], self.headers.get("accept", ""))
        self.send_response(HTTPStatus(status))
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Log nothing: whoever watches looks every few seconds."""
