"""What the operator asks of a program that serves: to end, and to read its certificate again."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from types import FrameType, TracebackType

AT_ONCE = 130  # exit code of a program that Ctrl-C has ended, as shells have it


class Signals:
    """Takes SIGINT and SIGTERM, by which it is asked to end in order, and SIGHUP, to read files again.

    A second SIGINT ends it at once, and every process it has started: jobs that are broken off are done again.
    """

    def __init__(self) -> None:
        self.ending = False
        self._at_end: list[Callable[[], None]] = []
        self._at_hangup: list[Callable[[], None]] = []

    def on_end(self, act: Callable[[], None]) -> None:
        """Have something done when the program is asked to end; at once, if it has been."""
        self._at_end.append(act)
        if self.ending:
            act()

    def on_hangup(self, act: Callable[[], None]) -> None:
        """Have something done at SIGHUP."""
        self._at_hangup.append(act)

    def __enter__(self) -> "Signals":
        before = {number: signal.signal(number, self._end) for number in (signal.SIGINT, signal.SIGTERM)}
        self._before = {**before, signal.SIGHUP: signal.signal(signal.SIGHUP, self._hang_up)}
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _end(self, number: int, _: FrameType | None) -> None:
        if self.ending and number == signal.SIGINT:
            for process in multiprocessing.active_children():
                process.kill()
            os._exit(AT_ONCE)
        self.ending = True
        for act in self._at_end:
            act()

    def _hang_up(self, *_: object) -> None:
        for act in self._at_hangup:
            act()
