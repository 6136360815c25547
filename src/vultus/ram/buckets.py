"""Token buckets: so many requests a second for each name, over all server processes."""

import logging
import threading
import time
from dataclasses import dataclass
from typing import Protocol

from vultus.errors import ServiceUnavailable
from vultus.model import moment

log = logging.getLogger(__name__)

SAY_EVERY = 60.0  # seconds between complaints about buckets that cannot be reached
AHEAD = 0.02  # seconds' worth that a process draws at once
MOST_AHEAD = 64  # that it draws at once
KEPT = 0.1  # seconds after which what was drawn and not given out is lost
MOST_KEPT = 1024  # buckets of which something drawn is kept


class Levels(Protocol):
    """Where it is kept how full buckets are."""

    def draw(self, name: str, now: int, interval: int, burst: int) -> int:
        """Take one out of a bucket; return 0, or how long until there is one. All in nanoseconds."""


@dataclass(slots=True)
class Drawn:
    """What a process has drawn of a bucket.

    Attributes:
        left: how many.
        rate: at which the bucket is filled.
        when: they were drawn, seconds since the epoch.
    """

    left: int
    rate: float
    when: float


class Buckets:
    """Buckets that hold one second's worth, and at least one, and are filled evenly.

    Of each, one number is kept: the moment at which it would be full again. Every draught puts that off by an
    ``interval``; who would put it off by more than ``burst`` from now finds the bucket empty. A moment that is further
    away than anybody can have put it was written before the clock was set back, and does not count.

    When buckets cannot be reached, everybody may go on: a limit protects the server's time, and one that cannot be
    counted is no reason to refuse. (Nonces are kept in the same place, and without them no signature is accepted.)

    Of a bucket that is filled fast, a process draws some at once, and gives them out for a moment without a look at
    what all share: looking takes as long as much of what a request asks for.

    Args:
        levels: where they are kept.
    """

    def __init__(self, levels: Levels) -> None:
        self._levels = levels
        self._said = -SAY_EVERY
        self._lock = threading.Lock()
        self._drawn: dict[str, Drawn] = {}

    def take(self, name: str, rate: float, now: float) -> float:
        """Take one out of a bucket.

        Args:
            name: of the bucket; made, full, when it is not there.
            rate: how many it is filled with in a second; 0 for no limit.
            now: seconds since the epoch.

        Returns:
            0 when there was one, else the seconds until there is.
        """
        if rate <= 0 or self._has_drawn(name, rate, now):
            return 0.0
        interval = int(moment.SECOND / rate)  # rounded down, so that a whole number of them fits into a second
        many = min(max(int(rate * AHEAD), 1), MOST_AHEAD)
        try:
            wait = self._draw(name, now, interval, many)
            if wait and many > 1:
                many = 1
                wait = self._draw(name, now, interval, many)
        except ServiceUnavailable as error:
            self._say(error)
            return 0.0
        if not wait and many > 1:
            self._keep(name, Drawn(many - 1, rate, now))
        return wait / moment.SECOND

    def _draw(self, name: str, now: float, interval: int, many: int) -> int:
        burst = max(moment.SECOND, interval)
        return self._levels.draw(name, int(now * moment.SECOND), many * interval, burst)

    def _has_drawn(self, name: str, rate: float, now: float) -> bool:
        """Give out one of those drawn before, if there are any."""
        drawn = self._drawn.get(name)
        if drawn is None or drawn.rate != rate or not 0 <= now - drawn.when < KEPT:
            return False
        with self._lock:
            drawn.left -= 1
            return drawn.left >= 0

    def _keep(self, name: str, drawn: Drawn) -> None:
        with self._lock:
            if len(self._drawn) >= MOST_KEPT:
                self._drawn.clear()
            self._drawn[name] = drawn

    def _say(self, error: ServiceUnavailable) -> None:
        now = time.monotonic()
        if now - self._said >= SAY_EVERY:
            self._said = now
            log.error("Requests are not limited for now: %s", error.message)
