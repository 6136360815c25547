"""Listening to the work on a file: how far it is goes on to who asks, and a worker that is to stop breaks it off."""

import logging
import threading
import time
from collections.abc import Callable

from vultus.errors import ServiceUnavailable
from vultus.jobs.handler import BrokenOff

log = logging.getLogger(__name__)

PAUSE = 1.0  # seconds between two tellings, and before the first: what is done sooner is not told of
ALMOST = 99  # percent, at most, as long as the result is not written


class FileWatch:
    """What the work on one file calls as often as it likes."""

    def __init__(
        self,
        tell: Callable[[int], None],
        stop: threading.Event,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Listen from now on.

        Args:
            tell: gets the percent that are done, each value once, about once a second at most.
            stop: set when the worker is to end.
            clock: tells seconds.
        """
        self._tell = tell
        self._stop = stop
        self._clock = clock
        self._told = clock()
        self._percent = 0

    def __call__(self, share: float) -> None:
        """Hear that a share of the file is done, 0 to 1.

        Raises:
            BrokenOff: the worker is to stop, and has been at this file for a while.
            LeaseLost: another worker does the job by now, or the file is gone.
        """
        percent, now = min(int(100 * share), ALMOST), self._clock()
        if now - self._told < PAUSE:
            return
        if self._stop.is_set():
            raise BrokenOff
        if percent <= self._percent:
            return
        self._percent, self._told = percent, now
        try:
            self._tell(percent)
        except ServiceUnavailable:  # the work of minutes is not given up because the database was busy for a moment
            log.warning("it could not be told that %d %% of a file are done", percent)
