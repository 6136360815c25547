"""Those who wait for a run: they hear how far it is, end with it, and break it off when all have left."""

import logging
import time
from collections.abc import Callable

from vultus.catalog import Catalog, Job
from vultus.errors import ServiceUnavailable
from vultus.people.watch import Phase

log = logging.getLogger(__name__)

PAUSE = 0.5  # seconds between looks at the tasks within a phase

#: How much of a run each phase is, in percent; measured on 5,000 and on 42,000 faces.
SHARES = {
    Phase.LOADING: 4,
    Phase.NEIGHBOURS: 45,
    Phase.EVIDENCE: 15,
    Phase.PARTITION: 15,
    Phase.MERGING: 13,
    Phase.PLANNING: 2,
    Phase.PLACING: 6,
}


class Unwanted(Exception):
    """Nobody waits for the run any more: leave its transaction by this exception, and nothing of it is kept."""


class Audience:
    """The tasks that wait for a job's run: those that are there when it begins.

    One that comes later has put a job of its own. A job that no task asked for is always wanted.
    """

    def __init__(self, catalog: Catalog, job: Job, task_type: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._catalog = catalog
        self._job = job
        self._task_type = task_type
        self._clock = clock
        self._tasks = self._running()
        self._asked_for = bool(self._tasks) or job.task_id is not None
        self._phase: Phase | None = None
        self._looked = 0.0
        self._percent = 0

    def watch(self, phase: Phase, done: int, total: int) -> None:
        """Tell the tasks how far the run is; at most about twice a second, however often this is called.

        Raises:
            Unwanted: all tasks were cancelled.
            LeaseLost: another worker does the job by now.
        """
        now = self._clock()
        if phase is self._phase and now - self._looked < PAUSE:
            return
        self._phase, self._looked = phase, now
        # Some phases come twice; the whole never goes back.
        self._percent = max(self._percent, percent(phase, done, total))
        try:
            self.check()
            with self._catalog.transaction():
                self._catalog.jobs.check(self._job)
                self._catalog.tasks.advance(self._tasks, self._percent, phase, done, total)
        except ServiceUnavailable:  # the work of minutes is not given up because the database was busy for a moment
            log.warning("the progress of job %d could not be told", self._job.id)

    def check(self) -> None:
        """See that somebody still waits.

        Raises:
            Unwanted: all tasks were cancelled.
        """
        if self._asked_for and not set(self._tasks) & set(self._running()):
            raise Unwanted

    def end(self, report: str) -> None:
        """End the tasks with what came of the run, JSON, in the transaction that writes its result.

        Raises:
            Unwanted: all tasks were cancelled.
        """
        self.check()
        for task in self._tasks:
            self._catalog.tasks.finish(task, report=report)

    def give_up(self, reason: str) -> None:
        """End the tasks as failed, except those that wait for a run that is still to come."""
        following = self._catalog.jobs.queued_task(str(self._job.key))
        for task in self._tasks:
            if following is None or task < following:
                self._catalog.tasks.finish(task, code="InternalError", message=reason)

    def _running(self) -> list[int]:
        return self._catalog.tasks.running(dataset_of(self._job), self._task_type)


def percent(phase: Phase, done: int, total: int) -> int:
    """How far a run is when ``done`` of ``total`` of a phase is."""
    phases = list(SHARES)
    before = sum(SHARES[each] for each in phases[: phases.index(phase)])
    return int(before + SHARES[phase] * min(done / max(total, 1), 1))


def dataset_of(job: Job) -> int:
    """The row of the dataset that a run is over."""
    assert job.dataset_id is not None, "a run is over a dataset"
    return job.dataset_id
