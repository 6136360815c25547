"""A load generator: requests that were made beforehand, over connections that stay open.

It runs in a process of its own, so that making requests and reading answers takes no time from the server.
"""

import asyncio
import multiprocessing
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import uvloop

TIMER = 0.002  # seconds before a moment that a timer can be trusted with

Make = Callable[[str, int], list[bytes]]


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run of requests took.

    Attributes:
        seconds: from the first request to the last answer.
        latencies: seconds of each request, sorted; in a paced run they count from the moment it was due.
        answer_bytes: length of the last answer, headers included.
    """

    seconds: float
    latencies: Sequence[float]
    answer_bytes: int

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Seconds within which this share of the requests was answered."""
        return self.latencies[min(len(self.latencies) - 1, int(share * len(self.latencies)))]


def measure(endpoint: str, make: Make, count: int, *, connections: int = 16, rate: float = 0) -> Measured:
    """Send requests and read the answers, in another process.

    Args:
        endpoint: host and port of the server.
        make: gives so many requests for an endpoint; called over there, before the clock starts.
        count: requests.
        connections: how many carry them.
        rate: requests a second, due at even distances whether or not earlier ones are answered; 0 to send each as
            soon as a connection is free.
    """
    with multiprocessing.get_context("spawn").Pool(1) as other:
        return other.apply(_measure, (endpoint, make, count, connections, rate))


def _measure(endpoint: str, make: Make, count: int, connections: int, rate: float) -> Measured:
    load = Load(make(endpoint, count))
    return uvloop.run(load.run(endpoint, connections, rate))


class Load:
    """Requests, some of them due, and connections, some of them free."""

    def __init__(self, requests: list[bytes]) -> None:
        self._requests = requests
        self._due: deque[tuple[bytes, float]] = deque()
        self._free: deque[Connection] = deque()  # in turn, so that none is idle until the server hangs up
        self._latencies: list[float] = []
        self._answer_bytes = 0
        self._done = asyncio.Event()
        self._endpoint = ""
        self._replacing: set[asyncio.Task[None]] = set()

    async def run(self, endpoint: str, connections: int, rate: float) -> Measured:
        """Send all requests."""
        self._endpoint = endpoint
        for _ in range(connections):
            self._free.append(await self._connect())
        began = time.perf_counter()
        if rate:
            await self._pace(began, rate)
        else:
            self._due.extend((request, 0) for request in self._requests)
            self._send()
        await self._done.wait()
        return Measured(time.perf_counter() - began, sorted(self._latencies), self._answer_bytes)

    async def _pace(self, began: float, rate: float) -> None:
        """Let one request after the other come due. Timers are too coarse for the last bit: they tell milliseconds."""
        for number, request in enumerate(self._requests):
            due = began + number / rate
            while (early := due - time.perf_counter()) > 0:
                await asyncio.sleep(early - TIMER if early > TIMER else 0)
            self._due.append((request, due))
            self._send()

    def answered(self, connection: "Connection", latency: float, size: int) -> None:
        """Take note of an answer; its connection is free again, or another takes its place."""
        self._latencies.append(latency)
        self._answer_bytes = size
        if len(self._latencies) == len(self._requests):
            self._done.set()
        elif connection.closes:
            task = asyncio.ensure_future(self._replace())
            self._replacing.add(task)
            task.add_done_callback(self._replacing.discard)
        else:
            self._free.append(connection)
            self._send()

    async def _replace(self) -> None:
        self._free.append(await self._connect())
        self._send()

    async def _connect(self) -> "Connection":
        host, port = self._endpoint.rsplit(":", 1)
        _, connection = await asyncio.get_running_loop().create_connection(lambda: Connection(self), host, int(port))
        return connection

    def _send(self) -> None:
        while self._due and self._free:
            request, moment = self._due.popleft()
            self._free.popleft().send(request, moment or time.perf_counter())


class Connection(asyncio.Protocol):
    """One request at a time, each answered with a Content-Length."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._since = 0.0
        self._received = bytearray()
        self._whole = 0
        self.closes = False  # whether the server closes it after this answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        self._transport = cast(asyncio.Transport, transport)

    def send(self, request: bytes, since: float) -> None:
        """Send a request; its answer is timed from ``since``."""
        self._since = since
        self._received.clear()
        self._whole = 0
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Put the answer together."""
        self._received += data
        if not self._whole:
            self._whole = _length(self._received)
            self.closes = b"\r\nconnection: close\r\n" in self._received[:1000].lower()
        if self._whole and len(self._received) >= self._whole:
            self._load.answered(self, time.perf_counter() - self._since, self._whole)

    def connection_lost(self, error: Exception | None) -> None:
        """Say so, unless all is done."""
        if error is not None:
            raise error


def _length(received: bytearray) -> int:
    """Bytes of an answer with its headers; 0 while those are not all there."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return 0
    headers = bytes(received[:end]).lower()
    if not headers.startswith(b"http/1.1 200"):
        raise AssertionError(received.decode(errors="replace"))
    start = headers.index(b"content-length: ") + len(b"content-length: ")
    return end + 4 + int(headers[start:].split(b"\r\n", 1)[0])
