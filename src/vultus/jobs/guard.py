"""A guard: a file that makes its worker hang, or eat up the memory, ends with that worker and nothing else."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import c_double
from multiprocessing import get_context
from typing import Any

import psutil

from vultus.config import Media


class Guard:
    """What a worker and the process that started it both see: until when the work on a file may go on.

    Made by the one that starts workers, one for each, and handed to it at its start.
    """

    def __init__(self) -> None:
        # Plain memory that both see; a lock around it would stay locked for ever when a worker is killed.
        self._until: Any = get_context("spawn").RawValue(c_double, 0.0)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Be watched for the length of the block, which may take so many seconds; in the worker.

        Within another such block, that one's time stands still.
        """
        outer, began = self.until, time.monotonic()
        self._until.value = began + seconds
        try:
            yield
        finally:
            self._until.value = outer + time.monotonic() - began if outer else 0.0

    @property
    def until(self) -> float:
        """Moment of the monotonic clock at which the work on the file at hand is too long; 0 when there is none."""
        return float(self._until.value)

    def breach(self, pid: int, limits: Media, clock: Callable[[], float] = time.monotonic) -> str:
        """Say how a worker has overstepped its limits, for people to read; empty where it has not.

        Args:
            pid: the worker's process.
            limits: the settings that say how much a file may take.
            clock: tells seconds, the same to all processes of a machine.
        """
        until = self.until
        if not until:
            return ""
        if clock() > until:
            return "The file takes longer to read than media.seconds or media.video_seconds allow."
        return glutted(pid, limits)


def glutted(pid: int, limits: Media) -> str:
    """Say that a process which reads a file has more memory than it may, for people to read; empty where it has not."""
    if _resident(pid) > limits.max_memory:
        return f"Reading the file takes more than {limits.max_memory} bytes of memory (media.max_memory)."
    return ""


def _resident(pid: int) -> int:
    """Bytes of memory that a process has; none where there is no such process."""
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0
