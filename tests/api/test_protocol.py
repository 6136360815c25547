"""What comes before a body is limited, whichever part of it is long."""

import http.client
import json
import socket
from collections.abc import Iterator

import pytest
from starlette.types import Receive, Scope, Send

from vultus.api.protocol import BORNE, LONGEST_HEAD, PIECE
from vultus.api.server import Server
from vultus.config import Server as Settings

TOO_LONG = b"a" * (LONGEST_HEAD + 2 * PIECE)


async def count(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer by the length of the query and of the body."""
    if scope["type"] == "lifespan":
        raise RuntimeError
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    body = b"%d %d" % (len(scope["query_string"]), size)
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with Server(count, Settings(port=0)).running() as served:
        yield served


@pytest.fixture
def connection(endpoint) -> Iterator[socket.socket]:
    host, port = endpoint.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as opened:
        yield opened


def answer(connection: socket.socket) -> tuple[int, bytes]:
    response = http.client.HTTPResponse(connection)
    response.begin()
    return response.status, response.read()


@pytest.mark.parametrize(
    "head",
    [
        b"GET /?" + TOO_LONG,
        b"GET /" + TOO_LONG,
        b"GET / HTTP/1.1\r\nhost: " + TOO_LONG,
        b"GET / HTTP/1.1\r\n" + TOO_LONG,
        b"GET / HTTP/1.1\r\n" + b"name: value\r\n" * 10_000,
        b"GET /?" + TOO_LONG + b" HTTP/1.1\r\nhost: vultus\r\n\r\n",
    ],
    ids=["query", "path", "value", "name", "many", "whole"],
)
def test_a_head_that_is_too_long_is_refused(connection, head):
    connection.sendall(head)
    status, body = answer(connection)
    assert status == 431
    assert json.loads(body)["Message"].startswith(f"The request line and headers are longer than {LONGEST_HEAD}")
    assert connection.recv(1) == b""


def test_a_head_within_the_limit_is_read_however_it_comes(connection):
    head = b"GET /?" + b"a" * 60_000 + b" HTTP/1.1\r\nhost: vultus\r\n\r\n"
    for start in range(0, len(head), 7_000):
        connection.sendall(head[start : start + 7_000])
    assert answer(connection) == (200, b"60000 0")


def test_whoever_sends_on_and_on_is_cut_off(connection):
    with pytest.raises((ConnectionResetError, BrokenPipeError)):
        connection.sendall(b"GET /?" + b"a" * 20 * BORNE)


def test_a_long_body_is_no_long_head(connection):
    body = b"b" * 3_000_000
    connection.sendall(b"POST / HTTP/1.1\r\nhost: vultus\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
    assert answer(connection) == (200, b"0 3000000")


def test_requests_of_one_connection_are_counted_one_by_one(connection):
    for _ in range(20):
        connection.sendall(b"GET /?" + b"a" * 10_000 + b" HTTP/1.1\r\nhost: vultus\r\n\r\n")
        assert answer(connection) == (200, b"10000 0")


@pytest.mark.parametrize("trailer", [b"name: ", b""], ids=["value", "name"])
def test_headers_behind_a_body_are_limited_too(connection, trailer):
    connection.sendall(b"POST / HTTP/1.1\r\nhost: vultus\r\ntransfer-encoding: chunked\r\n\r\n1\r\nb\r\n0\r\n")
    with pytest.raises((ConnectionResetError, BrokenPipeError)):
        connection.sendall(trailer + b"a" * 20 * BORNE)
