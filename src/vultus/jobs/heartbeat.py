"""A heartbeat: renews the lease of the job at hand from a thread of its own, beside the work."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from vultus.catalog import Job
from vultus.catalog.jobs import Jobs

log = logging.getLogger(__name__)

BEATS = 3  # beats within a lease, so that one that does not get through costs nothing


class Heartbeat:
    """Beats for as long as its context is open, whenever there is a job to keep."""

    def __init__(self, jobs: Jobs, lease: float) -> None:
        self._jobs = jobs
        self._lease = lease
        self._job: Job | None = None
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    @contextmanager
    def keeping(self, job: Job) -> Iterator[None]:
        """Renew the lease of a job for the length of the block."""
        self._job = job
        try:
            yield
        finally:
            self._job = None

    def _run(self) -> None:
        while not self._done.wait(self._lease / BEATS):
            job = self._job
            if job is not None:
                self._beat(job)

    def _beat(self, job: Job) -> None:
        try:
            self._jobs.beat(job, self._lease)
        except Exception:  # the next beat may get through; when none does, the lease runs out as it should
            log.exception("the lease of job %d could not be renewed", job.id)
