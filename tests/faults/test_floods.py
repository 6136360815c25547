"""Clients that flood a real server, or keep it waiting, keep nobody else from being served and take little memory."""

import resource
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from urllib.parse import urlencode

import psutil
import pytest

from tests.conformance.raw import call_v3, send, v3
from tests.serving import Serving, serving

MOST = 200  # connections that the server under test may have
MEGABYTE = 2**20


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Serving]:
    """A server that may not have many connections, and takes small bodies."""
    limits = f"[server]\nmax_connections = {MOST}\nmax_body = {MEGABYTE}\n"
    with serving(tmp_path_factory.mktemp("flooded"), settings=limits) as running:
        yield running


def connect(server: Serving) -> socket.socket:
    host, port = server.endpoint.split(":")
    return socket.create_connection((host, int(port)), timeout=60)


def memory(server: Serving) -> int:
    return sum(each.memory_info().rss for each in server.servers)


@contextmanager
def flood(server: Serving, count: int, first: bytes, further: bytes = b"") -> Iterator[list[socket.socket]]:
    """So many connections on which these bytes are sent, and then some more every now and then."""
    done = threading.Event()

    def drip() -> None:
        while not done.wait(0.2):
            for each in held:
                try:
                    each.send(further)
                except OSError:
                    continue

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, count + 500)), hard))
    with ExitStack() as around:
        held = [around.enter_context(connect(server)) for _ in range(count)]
        for each in held:
            each.setblocking(False)
            try:
                each.send(first)
            except OSError:
                continue
        thread = threading.Thread(target=drip)
        thread.start()
        try:
            yield held
        finally:
            done.set()
            thread.join()


def is_served(server: Serving) -> None:
    for _ in range(10):
        assert call_v3(server, "ListProjects").status == 200


HEAD = b"POST / HTTP/1.1\r\nhost: vultus\r\n"


@pytest.mark.parametrize(
    ("first", "further"),
    [
        (b"", b""),
        (b"P", b"O"),
        (HEAD, b"x: y\r\n"),
        (HEAD + b"content-length: 1000000\r\n\r\n", b"a"),
        (HEAD + b"transfer-encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
    ],
    ids=["silent", "byte by byte", "header by header", "slow body", "slow chunks"],
)
def test_slow_clients_keep_nobody_else_waiting(server, first, further):
    before = memory(server)
    with flood(server, MOST * 3 // 4, first, further):
        is_served(server)
        assert memory(server) - before < 60 * MEGABYTE


BODY = HEAD + b"content-length: 1000000\r\n\r\n"


@pytest.mark.parametrize(
    ("first", "further"),
    [(b"", b""), (HEAD, b"x: y\r\n"), (BODY, b""), (BODY, b"a")],
    ids=["silent", "header by header", "no body", "slow body"],
)
def test_more_clients_than_there_may_be_make_room_for_others(server, first, further):
    before = memory(server)
    with flood(server, 3 * MOST, first, further):
        is_served_again(server)  # nobody's body is broken off at once
        metrics = server.watch("/metrics")[1]
        assert memory(server) - before < 60 * MEGABYTE
    [open_now] = [line for line in metrics.splitlines() if line.startswith("vultus_connections ")]
    assert float(open_now.split()[1]) <= MOST + 3  # one that is accepted is not counted until its protocol begins
    assert 'vultus_connections_ended_total{reason="room"} 0.0' not in metrics


def test_when_all_are_at_work_others_are_told_to_come_again(server):
    with closing(sqlite3.connect(server.home / "vultus.db", isolation_level=None)) as database, ExitStack() as around:
        database.execute("BEGIN IMMEDIATE")  # whoever wants to write waits for us
        for number in range(MOST):
            around.enter_context(connect(server)).sendall(writing(server, f"project-{number}"))
        server.wait_for_requests(MOST)
        reply = send(server, "POST", "/?Action=ListProjects")
        assert (reply.status, reply.code) == (503, "ServiceUnavailable")
        assert int(reply.headers["x-acs-retry-after"]) > 0
        assert reply.headers["x-acs-request-id"] == reply.json["RequestId"]
    is_served_again(server)


def writing(server: Serving, project: str) -> bytes:
    """A request that writes to the database."""
    query = {"ProjectName": project}
    headers = [f"{name}: {value}\r\n" for name, value in v3(server, "CreateProject", query).items()]
    return f"POST /?{urlencode(query)} HTTP/1.1\r\n{''.join(headers)}\r\n".encode()


def is_served_again(server: Serving) -> None:
    deadline = time.monotonic() + 60
    while send(server, "POST", "/?Action=ListProjects").status == 503:
        assert time.monotonic() < deadline


def test_large_bodies_of_many_clients_take_no_more_than_there_is_room_for(server):
    before = memory(server)
    body = b"a=" + b"b" * (MEGABYTE - 100)
    head = HEAD + b"content-length: %d\r\n\r\n" % (len(body) + 1)  # one byte stays away
    with ExitStack() as around:
        held = [around.enter_context(connect(server)) for _ in range(MOST // 2)]
        for each in held:
            each.sendall(head + body)
        is_served(server)
        reply = send(server, "POST", "/", body=body)
        assert (reply.status, reply.code) == (503, "ServiceUnavailable")
        assert memory(server) - before < 150 * MEGABYTE
    is_served_again(server)
    while send(server, "POST", "/", body=body).status == 503:
        time.sleep(0.05)


def test_requests_that_are_sent_ahead_are_not_collected_without_end(server):
    before = memory(server)
    for _ in range(10):
        with connect(server) as connection:
            try:
                connection.sendall(b"GET / HTTP/1.1\r\n\r\n" * 100_000)
            except OSError:
                continue
    is_served(server)
    assert memory(server) - before < 60 * MEGABYTE


def test_who_does_not_fetch_answers_is_not_waited_for(server):
    before = memory(server)
    long = b"GET /?Action=" + b"a" * 30_000 + b"&Version=2020-09-30 HTTP/1.1\r\nhost: vultus\r\n\r\n"
    with flood(server, MOST // 2, long * 8, long):
        is_served(server)
        assert memory(server) - before < 100 * MEGABYTE
    is_served(server)


def test_a_server_without_clients_holds_no_connections(server):
    own = psutil.Process(server.process.pid)
    port = int(server.endpoint.rpartition(":")[2])
    while any(each.status == "ESTABLISHED" and each.laddr[1] == port for each in own.net_connections("tcp")):
        time.sleep(0.1)
    assert "Traceback" not in server.said
