import errno
import http.client
import json
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
from starlette.types import Receive, Scope, Send

from tests.api.certificates import make_certificate
from tests.api.test_server import get, hello
from vultus.api import acceptor
from vultus.api.acceptor import TURNED_AWAY
from vultus.api.server import Server
from vultus.config import Server as Settings

MOST = 8


async def wait(scope: Scope, receive: Receive, send: Send) -> None:
    """An app that never answers."""
    while scope["type"] == "http" and (await receive())["type"] != "http.disconnect":
        pass


@pytest.fixture
def busy() -> Iterator[Server]:
    """A server that is at work for as many clients as may be."""
    served = Server(wait, Settings(port=0, max_connections=MOST))
    with ExitStack() as around:
        around.enter_context(served.running())
        for _ in range(MOST):
            around.enter_context(connect(served)).sendall(b"GET / HTTP/1.1\r\nhost: vultus\r\n\r\n")
        wait_until_at_work(served, MOST)
        yield served


def wait_until_at_work(server: Server, count: int) -> None:
    while sum(each.phase()[0] == "work" for each in list(server._connections._open)) < count:
        time.sleep(0.01)


def connect(server: Server) -> socket.socket:
    host, port = server.endpoint.split(":")
    return socket.create_connection((host, int(port)), timeout=30)


def test_who_comes_when_it_is_full_is_told_so_in_form(busy):
    with closing(http.client.HTTPConnection(busy.endpoint, timeout=30)) as connection:
        connection.request("POST", "/", b"a=b" * 1000)
        answer = connection.getresponse()
        body = json.loads(answer.read())
    assert (answer.status, body["Code"], answer.headers["connection"]) == (503, "ServiceUnavailable", "close")
    assert answer.headers["x-acs-retry-after"] == "1000"
    assert busy.tally().ended == {"full": 1}


def test_so_many_are_told_and_the_others_just_closed(busy):
    with ExitStack() as around:
        turned_away = [around.enter_context(connect(busy)) for _ in range(TURNED_AWAY)]
        with connect(busy) as one_more:
            assert one_more.recv(1) == b""
        for each in turned_away:
            each.sendall(b"GET /")
            assert each.recv(12) == b"HTTP/1.1 503"
    assert busy.tally().ended == {"full": TURNED_AWAY + 1}


def test_over_tls_they_are_told_too(tmp_path):
    own = make_certificate(tmp_path)
    settings = Settings(port=0, max_connections=1, tls_cert=str(own.certificate), tls_key=str(own.key))

    trust = ssl.create_default_context(cafile=own.certificate)
    server = Server(wait, settings)
    with server.running(), trust.wrap_socket(connect(server), server_hostname="localhost") as one:
        one.sendall(b"GET / HTTP/1.1\r\nhost: vultus\r\n\r\n")
        wait_until_at_work(server, 1)
        with trust.wrap_socket(connect(server), server_hostname="localhost") as other:
            other.sendall(b"GET / HTTP/1.1\r\nhost: vultus\r\n\r\n")
            assert other.recv(12) == b"HTTP/1.1 503"


def test_when_the_system_gives_no_more_it_waits_and_goes_on(monkeypatch, caplog):
    monkeypatch.setattr(acceptor, "PAUSE", 0.05)

    class Short(socket.socket):
        """A socket that cannot accept at first."""

        failures = 3

        def accept(self):
            if self.failures:
                self.failures -= 1
                raise OSError(errno.EMFILE, "Too many open files")
            return super().accept()

    listener = Short()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    listener.setblocking(False)
    with Server(hello, Settings(port=0), listener=listener).running() as endpoint:
        assert get(endpoint) == b"hello"
    assert caplog.text.count("No connection can be accepted") == 3


def test_a_client_that_goes_before_it_is_accepted_harms_nobody():
    with Server(hello, Settings(port=0)).running() as endpoint:
        host, port = endpoint.split(":")
        for _ in range(50):
            gone = socket.create_connection((host, int(port)))
            gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            gone.close()
        assert get(endpoint) == b"hello"
