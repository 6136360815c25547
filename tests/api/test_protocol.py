"""What comes before a body is limited, whichever part of it is long."""

import http.client
import json
import socket
import time
from collections.abc import Iterator

import pytest
from starlette.types import Receive, Scope, Send

from vultus.api import connections
from vultus.api.protocol import AHEAD, LONGEST_HEAD, PIECE
from vultus.api.refusal import BORNE
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


# Time


def closed_in_the_end(connection: socket.socket) -> bool:
    """Wait until the server closes a connection."""
    connection.settimeout(60)
    try:
        while connection.recv(2**20):
            pass
    except ConnectionResetError:
        pass
    return True


@pytest.mark.parametrize("sent", [b"", b"G", b"GET / HTTP/1.1\r\nhost: vul"])
def test_a_head_that_does_not_come_is_not_waited_for(connection, monkeypatch, sent):
    monkeypatch.setattr(connections, "HEAD", 0.0)
    connection.sendall(sent)
    assert closed_in_the_end(connection)


def test_an_idle_connection_may_wait_longer_than_a_head(connection, monkeypatch):
    connection.sendall(b"GET / HTTP/1.1\r\nhost: vultus\r\n\r\n")
    assert answer(connection) == (200, b"0 0")
    monkeypatch.setattr(connections, "HEAD", 0.0)
    time.sleep(2.5)  # two looks at least
    monkeypatch.undo()
    connection.sendall(b"GET / HTTP/1.1\r\nhost: vultus\r\n\r\n")
    assert answer(connection) == (200, b"0 0")


def test_a_second_head_that_does_not_come_to_its_end_is_not_waited_for(connection, monkeypatch):
    connection.sendall(b"GET / HTTP/1.1\r\nhost: vultus\r\n\r\n")
    assert answer(connection) == (200, b"0 0")
    monkeypatch.setattr(connections, "HEAD", 0.0)
    connection.sendall(b"GET / HT")
    assert closed_in_the_end(connection)


def test_an_answer_that_is_not_fetched_is_given_up(monkeypatch):
    async def much(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"100000000")]})
        await send({"type": "http.response.body", "body": b"a" * 100_000_000})

    monkeypatch.setattr(connections, "ANSWER", 0.0)
    server = Server(much, Settings(port=0))
    with server.running() as served:
        host, port = served.split(":")
        with socket.create_connection((host, int(port)), timeout=10) as slow:
            slow.sendall(b"GET / HTTP/1.1\r\nhost: vultus\r\n\r\n")
            while not server.tally().ended.get("answer"):
                time.sleep(0.05)
            assert closed_in_the_end(slow)
        assert server.tally().connections == 0


# What is no request


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS, on a port that does not speak it
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET  HTTP/1.1\r\n\r\n",
        b"GET http://\xff/ HTTP/1.1\r\nhost: vultus\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: vultus\r\ncontent-length: many\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: vultus\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_is_not_http_is_refused_in_form(connection, sent):
    connection.sendall(sent)
    status, body = answer(connection)
    assert (status, json.loads(body)["Code"]) == (400, "InvalidArgument")
    assert json.loads(body).keys() == {"RequestId", "HostId", "Code", "Message", "Recommend"}
    assert connection.recv(1) == b""


def test_what_is_not_http_does_not_disturb_an_answer_under_way(connection):
    connection.sendall(b"POST / HTTP/1.1\r\nhost: vultus\r\ncontent-length: 3\r\n\r\n")
    connection.sendall(b"abc" + b"nonsense\r\n\r\n")
    received = b""
    while piece := connection.recv(1000):
        received += piece
    assert received.count(b"HTTP/1.1 ") <= 1


def test_requests_that_are_sent_ahead_are_answered_in_turn(connection):
    ahead = b"".join(b"GET /?%s HTTP/1.1\r\nhost: vultus\r\n\r\n" % (b"a" * number) for number in range(AHEAD))
    connection.sendall(ahead + b"GET /?end HTTP/1.1\r\nhost: vultus\r\nconnection: close\r\n\r\n")
    received = b"".join(iter(lambda: connection.recv(2**16), b""))
    bodies = [each.split(b"HTTP")[0] for each in received.split(b"\r\n\r\n")[1:]]
    assert bodies == [*(b"%d 0" % number for number in range(AHEAD)), b"3 0"]


def test_too_many_requests_that_are_sent_ahead_end_the_connection(connection):
    connection.sendall(b"GET / HTTP/1.1\r\nhost: vultus\r\n\r\n" * 4 * AHEAD)
    assert closed_in_the_end(connection)


@pytest.fixture(scope="module")
def telling() -> Iterator[str]:
    """An app that answers with the names of the headers, once it has read the body."""

    async def tell(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            raise RuntimeError
        while (await receive()).get("more_body", False):
            pass
        body = b" ".join(name for name, _ in scope["headers"])
        headers = [(b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    with Server(tell, Settings(port=0)).running() as served:
        yield served


@pytest.mark.parametrize("announced", [b"", b"trailer: x-forwarded-for\r\n"], ids=["unannounced", "announced"])
def test_what_stands_behind_a_chunked_body_is_no_header(telling, announced):
    head = b"POST / HTTP/1.1\r\nhost: vultus\r\n" + announced + b"transfer-encoding: chunked\r\n\r\n"
    trailer = b"0\r\nX-Forwarded-For: 10.0.0.1\r\nx-acs-action: GetTask\r\n\r\n"
    host, port = telling.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        for _ in range(2):
            connection.sendall(head + b"4\r\nbody\r\n" + trailer)
            status, names = answer(connection)
            assert (status, names.split()) == (200, [b"host", *[b"trailer"] * bool(announced), b"transfer-encoding"])


@pytest.mark.parametrize("length", [b"content-length: 40", b"transfer-encoding: chunked"])
@pytest.mark.parametrize("wanted", [b"h2c", b"websocket"])
def test_the_body_of_a_request_that_would_change_protocols_is_never_taken_for_a_request(connection, length, wanted):
    upgrade = b"connection: upgrade\r\nupgrade: " + wanted + b"\r\n"
    connection.sendall(b"POST / HTTP/1.1\r\nhost: vultus\r\n" + upgrade + length + b"\r\n\r\n")
    status, body = answer(connection)
    assert (status, json.loads(body)["Message"][:18]) == (400, "The header Upgrade")
    connection.sendall(b"GET /?smuggled HTTP/1.1\r\nhost: vultus\r\n\r\n")
    assert connection.recv(1) == b""


def test_who_would_change_protocols_is_answered_in_this_one(connection):
    for _ in range(2):
        connection.sendall(b"GET /?ab HTTP/1.1\r\nhost: vultus\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n")
        assert answer(connection) == (200, b"2 0")
