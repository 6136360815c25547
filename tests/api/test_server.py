import http.client
import os
import signal
import socket
import subprocess
import sys
import threading

import anyio
import pytest
from starlette.types import Receive, Scope, Send

from vultus.api.server import Server
from vultus.config import ConfigError
from vultus.config import Server as Settings

#: A free port of this machine.
ANYWHERE = Settings(port=0)


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        raise RuntimeError
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


def get(endpoint: str) -> bytes:
    connection = http.client.HTTPConnection(endpoint, timeout=10)
    connection.request("GET", "/")
    body = connection.getresponse().read()
    connection.close()
    return body


def test_it_answers_in_a_thread_while_its_context_is_open():
    with Server(hello, ANYWHERE).running() as endpoint:
        assert get(endpoint) == b"hello"
    with pytest.raises(ConnectionRefusedError):
        get(endpoint)


def test_a_request_under_way_is_answered_before_it_stops():
    entered = threading.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            entered.set()
            await anyio.sleep(0.5)
        await hello(scope, receive, send)

    answers: list[bytes] = []
    with Server(slow, ANYWHERE).running() as endpoint:
        client = threading.Thread(target=lambda: answers.append(get(endpoint)))
        client.start()
        assert entered.wait(10)
    client.join(10)
    assert answers == [b"hello"]


def test_a_port_that_is_taken_is_said():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ConfigError, match=f"port {port}: .*another program listens there"):
            Server(hello, Settings(port=port))


@pytest.mark.parametrize("port", [-1, 65536, 99999])
def test_a_port_that_does_not_exist_is_said(port):
    with pytest.raises(ConfigError, match=f"port {port}: ports go from 0"):
        Server(hello, Settings(port=port))


def test_a_host_that_does_not_exist_is_said():
    with pytest.raises(ConfigError, match=r"cannot listen on no\.such\.host\.invalid"):
        Server(hello, Settings(host="no.such.host.invalid", port=0))


def test_it_listens_on_ipv6_too():
    try:
        server = Server(hello, Settings(host="::1", port=0))
    except ConfigError:
        pytest.skip("this machine has no IPv6")
    with server.running() as endpoint:
        assert endpoint.startswith("[::1]:")
        assert get(endpoint) == b"hello"


PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from api.test_server import ANYWHERE, hello
from vultus.api.server import Server
from vultus.api.signals import Signals
server = Server(hello, ANYWHERE)
with Signals() as signals:
    signals.on_end(server.stop)
    print(server.endpoint, flush=True)
    server.run()
"""


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it(end):
    tests = os.path.dirname(os.path.dirname(__file__))
    command = [sys.executable, "-c", PROGRAM, tests]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    endpoint = process.stdout.readline().strip()
    assert get(endpoint) == b"hello"
    process.send_signal(end)
    assert process.wait(timeout=20) == 0
    process.stdout.close()
    with pytest.raises(ConnectionRefusedError):
        get(endpoint)
