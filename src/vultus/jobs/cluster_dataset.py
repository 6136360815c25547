"""Jobs of the kind ``cluster``: one dataset each, one at a time."""

from dataclasses import dataclass

from vultus.catalog import Catalog
from vultus.catalog.jobs import Job
from vultus.jobs.handler import Finish
from vultus.people.grouping import Grouping


@dataclass(frozen=True, slots=True)
class ClusterDataset:
    """Groups the faces of a job's dataset and ends the tasks that asked for it."""

    catalog: Catalog
    grouping: Grouping

    def run(self, job: Job, finish: Finish) -> None:
        """Group the faces."""

        def end() -> None:
            self.catalog.tasks.finish_all(job.id)
            finish()

        self.grouping.run(job.dataset_id, lambda percent: self.catalog.tasks.progress_all(job.id, percent), end)

    def give_up(self, job: Job, reason: str) -> None:
        """Mark the tasks as failed."""
        self.catalog.tasks.finish_all(job.id, code="InternalError", message=reason)
