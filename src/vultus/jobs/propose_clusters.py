"""Jobs that tell what a full run over a dataset would change."""

from dataclasses import dataclass

import msgspec

from vultus.catalog import Catalog, Job
from vultus.jobs.audience import Audience, Unwanted, dataset_of
from vultus.jobs.handler import Finish
from vultus.jobs.runs import PROPOSAL
from vultus.people.grouping import Grouping


@dataclass(frozen=True, slots=True)
class ProposeClusters:
    """Writes the proposal of a full run to the tasks that asked for it; nothing else is changed."""

    catalog: Catalog
    grouping: Grouping

    def run(self, job: Job, finish: Finish) -> None:
        """Make the proposal."""
        audience = self._audience(job)
        try:
            proposal = self.grouping.propose(dataset_of(job), audience.watch)
            with self.catalog.transaction():
                audience.end(msgspec.json.encode(proposal).decode())
                finish()
        except Unwanted:
            finish()

    def give_up(self, job: Job, reason: str) -> None:
        """Mark the tasks as failed."""
        self._audience(job).give_up(reason)

    def _audience(self, job: Job) -> Audience:
        return Audience(self.catalog, job, PROPOSAL.task_type)
