"""Jobs that group the faces of a dataset: one at a time for each."""

from dataclasses import dataclass

import msgspec

from vultus.catalog import Catalog, Job
from vultus.jobs.audience import Audience, Unwanted, dataset_of
from vultus.jobs.handler import Finish
from vultus.jobs.runs import FULL, USUAL
from vultus.people.grouping import Grouping
from vultus.people.report import GroupingReport


@dataclass(frozen=True, slots=True)
class ClusterDataset:
    """Groups the faces of a job's dataset and ends the tasks that asked for it.

    Several tasks may wait for one run; when all of them were cancelled, it is broken off and nothing is changed.

    Attributes:
        full: look at all faces anew, instead of at the new ones.
    """

    catalog: Catalog
    grouping: Grouping
    full: bool = False

    def run(self, job: Job, finish: Finish) -> None:
        """Group the faces."""
        audience = self._audience(job)

        def end(report: GroupingReport) -> None:
            audience.end(msgspec.json.encode(report).decode())
            finish()

        try:
            self.grouping.run(dataset_of(job), audience.watch, end, full=self.full)
        except Unwanted:
            finish()

    def give_up(self, job: Job, reason: str) -> None:
        """Mark the tasks as failed."""
        self._audience(job).give_up(reason)

    def _audience(self, job: Job) -> Audience:
        return Audience(self.catalog, job, (FULL if self.full else USUAL).task_type)
