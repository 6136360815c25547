"""Taking turns among processes, for work of some microseconds."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAUSE = 20e-6  # seconds between two looks


class Turns:
    """Processes of one machine, of which one at a time has its turn.

    SQLite's own way of waiting for another process is to sleep a millisecond and more, a hundred times as long as a
    turn takes. The lock is the system's: it is given back when a process dies.

    Args:
        path: a file of its own, made when absent. (Closing a file that SQLite has locked would unlock it.)
    """

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    @contextmanager
    def turn(self, patience: float) -> Iterator[None]:
        """Wait for one's turn, and have it.

        Args:
            patience: seconds after which one goes on all the same: whoever has the turn may have been stopped.
        """
        taken = self._take(patience)
        try:
            yield
        finally:
            if taken:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def _take(self, patience: float) -> bool:
        end = None
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                now = time.monotonic()
                end = end or now + patience
                if now > end:
                    return False
                time.sleep(PAUSE)
