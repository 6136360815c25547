"""A worker: claims jobs one at a time, works, and beats beside the work so that its lease holds."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from vultus.catalog import Catalog, Job, LeaseLost
from vultus.config import Jobs
from vultus.errors import VultusError
from vultus.jobs.handler import Handler

log = logging.getLogger(__name__)

IDLE = 0.25  # seconds between looks at an empty queue


class Worker:
    """Works off the queue.

    A job is done when its result and its end are written in one transaction. A worker that dies leaves a lease that
    runs out; the job is then claimed again, at most ``attempts`` times in all.
    """

    def __init__(self, name: str, catalog: Catalog, settings: Jobs, handlers: Mapping[str, Handler]) -> None:
        self.name = name
        self._catalog = catalog
        self._settings = settings
        self._handlers = handlers

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop`` is set; the job at hand is finished first."""
        while not stop.is_set():
            if not self.step():
                stop.wait(IDLE)

    def step(self) -> bool:
        """Do one job; return whether there was one."""
        job = self._catalog.jobs.claim(self.name, self._handlers.keys(), self._settings.lease)
        if job is None:
            return False
        try:
            self._work(job)
        except LeaseLost:
            log.warning("job %d (%s) took longer than its lease and was left to another worker", job.id, job.kind)
        return True

    def _work(self, job: Job) -> None:
        handler = self._handlers[job.kind]
        if job.attempts > self._settings.attempts:
            self._give_up(job, "The workers that tried it died.")
            return
        try:
            with self._beating(job):
                handler.run(job, lambda: self._catalog.jobs.finish(job))
        except LeaseLost:
            raise
        except VultusError as error:
            self._retry(job, error.message)
        except Exception:
            log.exception("job %d (%s) failed", job.id, job.kind)
            self._retry(job, "An error of Vultus itself; its log says more.")

    def _retry(self, job: Job, reason: str) -> None:
        if job.attempts >= self._settings.attempts:
            self._give_up(job, reason)
        else:
            self._catalog.jobs.retry(job, reason, self._settings.backoff * 2 ** (job.attempts - 1))

    def _give_up(self, job: Job, reason: str) -> None:
        with self._catalog.transaction():
            self._handlers[job.kind].give_up(job, reason)
            self._catalog.jobs.fail(job, reason)

    @contextmanager
    def _beating(self, job: Job) -> Iterator[None]:
        """Renew the lease from a thread of its own for as long as the work goes on."""
        done = threading.Event()
        thread = threading.Thread(target=self._beat, args=(job, done.wait), daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _beat(self, job: Job, wait: Callable[[float], bool]) -> None:
        while not wait(self._settings.lease / 3):
            try:
                if not self._catalog.jobs.beat(job, self._settings.lease):
                    return
            except Exception:  # the next beat may get through; when none does, the lease runs out as it should
                log.exception("the lease of job %d could not be renewed", job.id)
