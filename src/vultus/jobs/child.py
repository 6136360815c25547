"""Processes that this one starts, and that never outlive it."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing import resource_tracker
from multiprocessing.process import BaseProcess
from typing import Any

WATCH = 0.5  # seconds between looks at the parent
PATIENCE = 20.0  # seconds that a child has to end by itself when its parent is gone

_spawning = multiprocessing.get_context("spawn")


def start_child(main: Callable[..., None], *arguments: Any) -> BaseProcess:
    """Start a process anew, without what threads of this one have locked or opened.

    Args:
        main: what it does; first of all, it is to call ``obey_parent`` with its first argument.
        arguments: those after the first, which is our process id.
    """
    resource_tracker.ensure_running()  # it would unmask Ctrl-C if it were started between mask and child
    process = _spawning.Process(target=main, args=(os.getpid(), *arguments), daemon=True)
    # A child that is still starting must not hear a Ctrl-C either; the mask goes over to it.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return process


def obey_parent(parent: int, stop: Callable[[], None]) -> None:
    """Stop at SIGTERM, or when the parent is gone; in a child.

    Ctrl-C is for the parent, which then stops its children.

    Args:
        parent: its process id.
        stop: asks this process to end; what goes on long after the parent is gone is broken off.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, lambda *_: stop())
    threading.Thread(target=_follow, args=(parent, stop), daemon=True).start()


def _follow(parent: int, stop: Callable[[], None]) -> None:
    while os.getppid() == parent:
        time.sleep(WATCH)
    stop()
    time.sleep(PATIENCE)
    os._exit(1)
