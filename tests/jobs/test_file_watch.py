"""The work on a file tells how far it is, but not at every step, and ends early when the worker is to."""

import threading

import pytest

from vultus.errors import ServiceUnavailable
from vultus.jobs.file_watch import ALMOST, PAUSE, FileWatch
from vultus.jobs.handler import BrokenOff


class Listener:
    """A watch with a clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now, self.told, self.stop = 100.0, [], threading.Event()
        self.deaf = False
        self.watch = FileWatch(self.tell, self.stop, lambda: self.now)

    def tell(self, percent: int) -> None:
        if self.deaf:
            raise ServiceUnavailable("The database is busy.")
        self.told.append(percent)

    def after(self, seconds: float, share: float) -> None:
        self.now += seconds
        self.watch(share)


@pytest.fixture
def listener():
    return Listener()


def test_what_is_done_within_a_second_is_not_told(listener):
    for step in range(10):
        listener.after(PAUSE / 11, step / 10)
    assert listener.told == []


def test_a_thousand_frames_in_ten_seconds_are_ten_tellings_at_most(listener):
    for frame in range(1000):
        listener.after(PAUSE / 100, frame / 1000)
    assert 9 <= len(listener.told) <= 10
    assert listener.told == sorted(listener.told)


def test_a_percent_is_told_once_however_long_it_takes(listener):
    for _ in range(100):
        listener.after(PAUSE, 0.555)
    assert listener.told == [55]


def test_all_is_not_done_before_it_is_written(listener):
    listener.after(PAUSE, 1.0)
    assert listener.told == [ALMOST]


def test_a_busy_database_costs_nothing_but_a_telling(listener):
    listener.deaf = True
    listener.after(PAUSE, 0.1)
    listener.deaf = False
    listener.after(PAUSE, 0.2)
    assert listener.told == [20]


def test_a_worker_that_is_to_stop_breaks_off_what_takes_long(listener):
    listener.stop.set()
    listener.after(PAUSE / 2, 0.5)
    with pytest.raises(BrokenOff):
        listener.after(PAUSE, 0.5)
