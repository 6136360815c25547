"""What server processes have done, counted."""

from bisect import bisect_left

import msgspec

#: Seconds; OpenTelemetry's bounds for the duration of requests, with three more for what takes a millisecond.
BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
OK = "OK"  # the code of calls in which nothing went wrong


class Times(msgspec.Struct):
    """How long the calls of an operation took.

    Attributes:
        seconds: of all together.
        counts: how many took no longer than each of ``BOUNDS`` but longer than the one before; last, all others.
    """

    seconds: float = 0.0
    counts: list[int] = msgspec.field(default_factory=lambda: [0] * (len(BOUNDS) + 1))


class Tally(msgspec.Struct):
    """Counts of a server process, or of several together.

    They are changed by the loop of the process alone; other threads may read them.

    Attributes:
        calls: how many there were, by operation and code.
        times: how long they took, by operation.
        received: bytes of bodies.
        sent: bytes of bodies.
        active: requests under way.
        connections: that are open.
        ended: connections that were ended or turned away, by reason.
    """

    calls: dict[tuple[str, str], int] = {}
    times: dict[str, Times] = {}
    received: int = 0
    sent: int = 0
    active: int = 0
    connections: int = 0
    ended: dict[str, int] = {}

    def count(self, operation: str, code: str) -> None:
        """Count a call that has ended."""
        key = operation, code
        self.calls[key] = self.calls.get(key, 0) + 1

    def time(self, operation: str, seconds: float) -> None:
        """Count how long it took."""
        times = self.times.get(operation)
        if times is None:
            times = self.times[operation] = Times()
        times.seconds += seconds
        times.counts[bisect_left(BOUNDS, seconds)] += 1

    def add(self, other: "Tally") -> None:
        """Count what another process has counted, too."""
        for key, calls in other.calls.items():
            self.calls[key] = self.calls.get(key, 0) + calls
        for operation, times in other.times.items():
            ours = self.times.setdefault(operation, Times())
            ours.seconds += times.seconds
            ours.counts = [one + more for one, more in zip(ours.counts, times.counts, strict=True)]
        for reason, ended in other.ended.items():
            self.ended[reason] = self.ended.get(reason, 0) + ended
        self.received += other.received
        self.sent += other.sent
        self.active += other.active
        self.connections += other.connections
