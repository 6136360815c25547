"""Jobs of the kind ``cluster``: one dataset each, one at a time."""

from dataclasses import dataclass

from vultus.catalog import Catalog, Job
from vultus.jobs.handler import Finish
from vultus.people.grouping import Grouping, GroupingReport
from vultus.people.watch import Phase

TASK_TYPE = "FaceClustering"


class _Cancelled(Exception):
    """Nobody waits for the run any more."""


@dataclass(frozen=True, slots=True)
class ClusterDataset:
    """Groups the faces of a job's dataset and ends the tasks that asked for it.

    Several tasks may wait for one run. Those that are there when it begins end with it; one that comes later has put a
    job of its own. When all who wait have cancelled their tasks, the run is broken off and nothing is changed.
    """

    catalog: Catalog
    grouping: Grouping

    def run(self, job: Job, finish: Finish) -> None:
        """Group the faces."""
        waiting = self._waiting(job)

        def tell(phase: Phase, done: int, total: int) -> None:
            self._check_wanted(job, waiting)
            for task in waiting:
                self.catalog.tasks.progress(task, _percent(phase, done, total))

        def end(report: GroupingReport) -> None:
            self._check_wanted(job, waiting)
            for task in waiting:
                self.catalog.tasks.finish(task)
            finish()

        try:
            self.grouping.run(_dataset(job), tell, end)
        except _Cancelled:
            finish()

    def give_up(self, job: Job, reason: str) -> None:
        """Mark the tasks as failed, except those that wait for a run that is still to come."""
        following = self.catalog.jobs.queued_task(str(job.key))
        for task in self._waiting(job):
            if following is None or task < following:
                self.catalog.tasks.finish(task, code="InternalError", message=reason)

    def _check_wanted(self, job: Job, waiting: list[int]) -> None:
        """Break the run off when nobody waits for it any more; a job that no task asked for is always wanted."""
        asked_for = bool(waiting) or job.task_id is not None
        if asked_for and not set(waiting) & set(self._waiting(job)):
            raise _Cancelled

    def _waiting(self, job: Job) -> list[int]:
        return self.catalog.tasks.running(_dataset(job), TASK_TYPE)


def _percent(phase: Phase, done: int, total: int) -> int:
    """How far a run is, each phase taken for as long as the others."""
    phases = list(Phase)
    return int(100 * (phases.index(phase) + done / max(total, 1)) / len(phases))


def _dataset(job: Job) -> int:
    assert job.dataset_id is not None, "a cluster job is of a dataset"
    return job.dataset_id
