"""The connections of a server process: how many there may be, and how long each may keep it waiting."""

import heapq
import time
from collections import Counter
from typing import Literal, Protocol

HEAD = 20.0  # seconds that the head of a request may take, or, on a new connection, keep us waiting
ANSWER = 60.0  # seconds that a client may take to fetch an answer

#: What a connection waits for: the head of a request, its body, its first or next request, the server, or for its
#: client to fetch an answer. The server itself limits how long a body and an idle connection may take.
Phase = Literal["head", "body", "idle", "work", "answer"]
Reason = Literal["head", "answer", "room", "full"]


class Connection(Protocol):
    """A connection that may be watched.

    Attributes:
        seen: what it was waiting for at the last look.
        since: when it was first seen to wait for just that, of the monotonic clock.
    """

    seen: tuple[Phase, int]
    since: float

    def phase(self) -> tuple[Phase, int]:
        """What it waits for, and a number that differs from one time to the next."""

    def abort(self) -> None:
        """End it at once."""


class Connections:
    """The open connections, those included that are still agreeing on TLS.

    Clients that keep the server waiting cannot keep others out: when there are as many as may be, those that have
    waited longest for their client are ended to make room. A client that was only idle connects anew; SDKs do so by
    themselves. A body and an answer may be on their way from one look to the next before they are broken off.

    Args:
        limit: how many there may be.

    Attributes:
        ended: how many were ended or turned away, by reason.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._open: set[Connection] = set()
        self.ended: Counter[Reason] = Counter()

    def __len__(self) -> int:
        return len(self._open)

    def add(self, connection: Connection) -> None:
        """Watch a connection."""
        connection.since = time.monotonic()
        self._open.add(connection)

    def discard(self, connection: Connection) -> None:
        """Forget a connection."""
        self._open.discard(connection)

    def has_room(self) -> bool:
        """Say whether there may be another connection, after making room if need be."""
        if len(self._open) >= self._limit:
            waiting = [each for each in self._open if _waits_for_client(each)]
            # Several at a time: looking at all of them for each that comes would take long when many come.
            for connection in heapq.nsmallest(self._limit // 64 + 1, waiting, key=lambda each: each.since):
                self._end(connection, "room")
        return len(self._open) < self._limit

    def sweep(self) -> None:
        """End the connections that have kept the server waiting for too long; to be called about once a second."""
        now = time.monotonic()
        for connection in list(self._open):
            if (phase := connection.phase()) != connection.seen:
                connection.seen, connection.since = phase, now
            elif phase[0] == "head" and now - connection.since > HEAD:
                self._end(connection, "head")
            elif phase[0] == "answer" and now - connection.since > ANSWER:
                self._end(connection, "answer")

    def _end(self, connection: Connection, reason: Reason) -> None:
        self.ended[reason] += 1
        self._open.discard(connection)
        connection.abort()


def _waits_for_client(connection: Connection) -> bool:
    phase = connection.phase()
    return phase[0] in ("head", "idle") or (phase[0] in ("body", "answer") and phase == connection.seen)
