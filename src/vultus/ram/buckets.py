"""Token buckets: so many requests a second for each name, over all server processes."""

import logging
import time
from typing import Protocol

from vultus.errors import ServiceUnavailable
from vultus.model import moment

log = logging.getLogger(__name__)

SAY_EVERY = 60.0  # seconds between complaints about buckets that cannot be reached


class Levels(Protocol):
    """Where it is kept how full buckets are."""

    def draw(self, name: str, now: int, interval: int, burst: int) -> int:
        """Take one out of a bucket; return 0, or how long until there is one. All in nanoseconds."""


class Buckets:
    """Buckets that hold one second's worth, and at least one, and are filled evenly.

    Of each, one number is kept: the moment at which it would be full again. Every draught puts that off by an
    ``interval``; who would put it off by more than ``burst`` from now finds the bucket empty. A moment that is further
    away than anybody can have put it was written before the clock was set back, and does not count.

    When buckets cannot be reached, everybody may go on: a limit protects the server's time, and one that cannot be
    counted is no reason to refuse. (Nonces are kept in the same place, and without them no signature is accepted.)

    Args:
        levels: where they are kept.
    """

    def __init__(self, levels: Levels) -> None:
        self._levels = levels
        self._said = -SAY_EVERY

    def take(self, name: str, rate: float, now: float) -> float:
        """Take one out of a bucket.

        Args:
            name: of the bucket; made, full, when it is not there.
            rate: how many it is filled with in a second; 0 for no limit.
            now: seconds since the epoch.

        Returns:
            0 when there was one, else the seconds until there is.
        """
        if rate <= 0:
            return 0.0
        interval = int(moment.SECOND / rate)  # rounded down, so that a whole number of them fits into a second
        try:
            wait = self._levels.draw(name, int(now * moment.SECOND), interval, max(moment.SECOND, interval))
            return wait / moment.SECOND
        except ServiceUnavailable as error:
            self._say(error)
            return 0.0

    def _say(self, error: ServiceUnavailable) -> None:
        now = time.monotonic()
        if now - self._said >= SAY_EVERY:
            self._said = now
            log.error("Requests are not limited for now: %s", error.message)
