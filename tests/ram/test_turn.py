import multiprocessing
import os
import signal
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from vultus.ram.turn import Turns


def hold(path: Path, told: Connection) -> None:
    with Turns(path).turn(1):
        told.send("mine")
        time.sleep(60)


@pytest.fixture
def holder(tmp_path):
    """Another process that has the turn."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=hold, args=(tmp_path / "lock", there))
    process.start()
    assert here.recv() == "mine"
    yield process
    process.kill()
    process.join()
    here.close()
    there.close()


def count(path: Path, counter: Path, times: int) -> None:
    turns = Turns(path)
    for _ in range(times):
        with turns.turn(30):
            counter.write_text(str(int(counter.read_text()) + 1))


def test_one_process_at_a_time_has_its_turn(tmp_path):
    counter = tmp_path / "counter"
    counter.write_text("0")
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=count, args=(tmp_path / "lock", counter, 200)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert counter.read_text() == "600"


def test_the_turn_of_a_process_that_dies_is_given_back(tmp_path, holder):
    os.kill(holder.pid, signal.SIGKILL)
    holder.join()
    turns = Turns(tmp_path / "lock")
    with turns.turn(0.0), pytest.raises(BlockingIOError):
        take_anew(tmp_path / "lock")
    turns.close()


def take_anew(path: Path) -> None:
    """Fail where somebody has the turn."""
    import fcntl

    with path.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_nobody_waits_for_ever_for_a_process_that_was_stopped(tmp_path, holder):
    os.kill(holder.pid, signal.SIGSTOP)
    turns = Turns(tmp_path / "lock")
    with turns.turn(0.05):
        pass
    turns.close()
    os.kill(holder.pid, signal.SIGCONT)


def test_only_the_owner_can_read_the_file(tmp_path):
    Turns(tmp_path / "lock").close()
    assert (tmp_path / "lock").stat().st_mode & 0o777 == 0o600
