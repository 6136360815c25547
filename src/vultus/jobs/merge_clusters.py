"""Jobs of the kind ``merge``: people of a dataset that somebody said to be one."""

from dataclasses import dataclass

import msgspec

from vultus.catalog import Catalog, Job
from vultus.errors import InvalidArgument, ResourceNotFound
from vultus.jobs.handler import Finish


class Merging(msgspec.Struct, frozen=True):
    """What the payload of the job says."""

    target: str  # object ids
    sources: list[str]
    actor: str


@dataclass(frozen=True, slots=True)
class MergeClusters:
    """Merges the clusters that a job names and ends its task, in one transaction."""

    catalog: Catalog

    def run(self, job: Job, finish: Finish) -> None:
        """Merge; a task that was cancelled meanwhile leaves everything as it is."""
        assert job.dataset_id is not None, "a merge job is of a dataset"
        assert job.task_id is not None, "a merge job is of a task"
        merging = msgspec.convert(job.payload["merging"], Merging)
        with self.catalog.transaction():
            if self.catalog.tasks.by_id(job.task_id).status == "Running":
                self._merge(job.dataset_id, job.task_id, merging)
            finish()

    def _merge(self, dataset_id: int, task: int, merging: Merging) -> None:
        dataset = self.catalog.datasets.by_id(dataset_id)
        try:
            self.catalog.clusters.merge(dataset, merging.target, merging.sources, merging.actor)
        except (InvalidArgument, ResourceNotFound) as error:  # gone or merged since the task was made
            self.catalog.tasks.finish(task, error.code, error.message)
        else:
            self.catalog.tasks.finish(task)

    def give_up(self, job: Job, reason: str) -> None:
        """Mark the task as failed."""
        assert job.task_id is not None, "a merge job is of a task"
        self.catalog.tasks.finish(job.task_id, code="InternalError", message=reason)
