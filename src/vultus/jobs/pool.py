"""Worker processes: started, watched, started again when they die, and stopped."""

import logging
import os
import socket
import sys
import threading
import time
from contextlib import suppress
from functools import cache
from multiprocessing.process import BaseProcess
from pathlib import Path

import msgspec
import psutil

from vultus.catalog import Catalog
from vultus.config import Settings
from vultus.errors import VultusError
from vultus.jobs.child import PATIENCE, obey_parent, start_child
from vultus.jobs.guard import Guard

log = logging.getLogger(__name__)

LOG = "workers.log"  # in the home of Vultus
KEPT = 24 * 3600  # seconds that a job which is done is remembered
SWEEP = 3600  # seconds between sweeps of the queue
WATCH = 0.1  # seconds between looks at the processes; a decoder gets hold of 0.3 GiB in that time


def worker_name(pid: int) -> str:
    """The name under which a process of this machine claims jobs; no process of another has it."""
    return f"{_machine()}:{pid}"


@cache
def _machine() -> str:
    """What tells this machine, and this container on it, from others that may have the same name.

    Process ids mean something only within a namespace of one kernel, until it starts anew.
    """
    try:
        start = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").partition("-")[0]
        return f"{socket.gethostname()}-{start}-{os.stat('/proc/self/ns/pid').st_ino}"
    except OSError:  # not Linux
        return socket.gethostname()


class Pool:
    """Worker processes on this machine.

    Workers never outlive the process that started them, and a worker that dies is replaced; its job is taken up again
    at once.

    Attributes:
        processes: the workers.
    """

    def __init__(self, settings: Settings, catalog: Catalog) -> None:
        self._settings = settings
        self._catalog = catalog
        self.processes: list[BaseProcess] = []
        self._guards = [Guard() for _ in range(self.size)]
        self._stopping = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    @property
    def size(self) -> int:
        """How many workers there are."""
        wanted = self._settings.jobs.workers
        return wanted if wanted > 0 else os.cpu_count() or 1

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers."""
        return [process.pid for process in self.processes if process.pid is not None]

    def start(self) -> None:
        """Take up what dead workers of this machine left, and start the workers."""
        self._release_dead()
        self.processes = [self._spawn(guard) for guard in self._guards]
        self._watcher.start()

    def stop(self) -> None:
        """Let the workers finish what they are at, then end them; return when they are gone."""
        self._stopping.set()
        if self._watcher.is_alive():
            self._watcher.join()
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.join(PATIENCE)  # a job that is broken off is simply done again
            if process.is_alive():
                process.kill()
                process.join()
        with suppress(VultusError):  # a database that is gone lets the leases run out instead
            self._release_dead()

    def __enter__(self) -> "Pool":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _spawn(self, guard: Guard) -> BaseProcess:
        return start_child(_work, msgspec.to_builtins(self._settings, enc_hook=str), guard)

    def _watch(self) -> None:
        swept = 0.0
        while not self._stopping.wait(WATCH):
            try:
                if time.monotonic() - swept > SWEEP:
                    self._catalog.jobs.sweep(KEPT)
                    swept = time.monotonic()
                self._end_stuck()
                self._replace_dead()
            except VultusError:
                log.exception("the database does not answer; the workers are looked after again in a moment")

    def _end_stuck(self) -> None:
        """End the workers that a file makes hang, or eat up the memory; the file is given up."""
        for guard, process in zip(self._guards, self.processes, strict=True):
            until = guard.until
            reason = guard.breach(process.pid or 0, self._settings.media) if process.is_alive() else ""
            if reason:
                process.kill()
                process.join()
                log.warning("worker %s was ended: %s", process.pid, reason)
                if guard.until == until:  # else it had just come through, and perhaps began the next file
                    self._catalog.jobs.condemn(worker_name(process.pid or 0), reason)

    def _replace_dead(self) -> None:
        for place, process in enumerate(self.processes):
            if not process.is_alive() and not self._stopping.is_set():
                log.warning("worker %s died (exit code %s); starting another", process.pid, process.exitcode)
                self._catalog.jobs.release_worker(worker_name(process.pid or 0))
                self._guards[place] = Guard()
                self.processes[place] = self._spawn(self._guards[place])

    def _release_dead(self) -> None:
        """Give back the jobs of workers of this machine whose process is gone."""
        for name in self._catalog.jobs.workers():
            machine, _, pid = name.rpartition(":")
            if machine == _machine() and pid.isdigit() and not psutil.pid_exists(int(pid)):
                self._catalog.jobs.release_worker(name)


def _work(parent: int, settings: dict[str, object], guard: Guard) -> None:
    """The main function of a worker process."""
    from vultus.jobs.handlers import build_handlers  # heavy: models and numba, only wanted in the worker
    from vultus.jobs.worker import Worker

    stop = threading.Event()
    obey_parent(parent, stop.set)
    ours = msgspec.convert(settings, Settings, dec_hook=lambda kind, value: kind(value))
    _log_to(ours.home / LOG)
    catalog = Catalog(ours.database_url, ours.people)
    Worker(worker_name(os.getpid()), catalog, ours.jobs, build_handlers(ours, catalog, stop, guard)).run(stop)
    catalog.close()


def _log_to(file: Path) -> None:
    """Point standard error at the log: what decoders of damaged files say is not for the terminal."""
    log_file = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log_file, sys.stderr.fileno())
    os.close(log_file)
    logging.basicConfig(format="%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s", level=logging.INFO)
