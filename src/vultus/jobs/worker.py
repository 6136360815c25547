"""A worker: claims jobs one at a time, works, and beats beside the work so that its lease holds."""

import logging
import threading
import time
from collections.abc import Mapping

from vultus.catalog import Catalog, Job, LeaseLost
from vultus.config import Jobs
from vultus.errors import VultusError
from vultus.jobs.handler import BrokenOff, Handler
from vultus.jobs.heartbeat import Heartbeat

log = logging.getLogger(__name__)

PAUSE = 2.0  # seconds after the database did not answer
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
        self._heartbeat = Heartbeat(catalog.jobs, settings.lease)

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop`` is set; the job at hand is finished first, unless it can be broken off."""
        with self._heartbeat:
            while not stop.is_set():
                if not self._step_safely():
                    stop.wait(IDLE)

    def _step_safely(self) -> bool:
        """One step; what goes wrong with the database itself is borne until it is back."""
        try:
            return self.step()
        except Exception:
            log.exception("the queue cannot be worked off for now")
            time.sleep(PAUSE)
            return False

    def step(self) -> bool:
        """Do one job; return whether there was one. Its lease is renewed only inside ``run``."""
        job = self._catalog.jobs.claim(self.name, self._handlers.keys(), self._settings.lease)
        if job is None:
            return False
        try:
            self._work(job)
        except LeaseLost:
            log.warning(
                "job %d (%s) is no longer ours: its lease ran out, or what it was about is gone", job.id, job.kind
            )
        return True

    def _work(self, job: Job) -> None:
        handler = self._handlers[job.kind]
        if job.is_condemned:
            self._give_up(job, job.reason)
            return
        if job.attempts > self._settings.attempts:
            self._give_up(job, "The workers that tried it died.")
            return
        try:
            with self._heartbeat.keeping(job):
                handler.run(job, lambda: self._catalog.jobs.finish(job))
        except LeaseLost:
            raise
        except BrokenOff:
            self._catalog.jobs.release(job)  # not a try that failed: however often it happens, the job is done some day
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
