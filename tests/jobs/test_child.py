import multiprocessing
import os
import signal
import threading

import psutil

from vultus.jobs.child import obey_parent, start_child


def wait_for_end(parent: int, told) -> None:
    """The main function of a child."""
    stop = threading.Event()
    obey_parent(parent, stop.set)
    told.send(os.getpid())
    stop.wait()


def start_and_die(told) -> None:
    """The main function of a parent that does not end its child."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    start_child(wait_for_end, told)
    threading.Event().wait()


def test_a_child_ends_when_it_is_asked_to_and_not_at_ctrl_c():
    ours, theirs = multiprocessing.Pipe()
    child = start_child(wait_for_end, theirs)
    pid = ours.recv()
    os.kill(pid, signal.SIGINT)
    child.join(0.5)
    assert child.is_alive()
    child.terminate()
    child.join(30)
    assert child.exitcode == 0


def test_a_child_does_not_outlive_its_parent():
    ours, theirs = multiprocessing.Pipe()
    parent = multiprocessing.get_context("spawn").Process(target=start_and_die, args=(theirs,))
    parent.start()
    child = psutil.Process(ours.recv())
    parent.kill()
    parent.join()
    assert child.wait(30) in (0, None)
