"""Jobs of the kind ``index``: one file each."""

from dataclasses import dataclass

from vultus.catalog import Catalog, Job
from vultus.index.pipeline import Indexer
from vultus.jobs.handler import Finish


@dataclass(frozen=True, slots=True)
class IndexFile:
    """Indexes the file of a job."""

    catalog: Catalog
    indexer: Indexer

    def run(self, job: Job, finish: Finish) -> None:
        """Index the file."""
        assert job.file_id is not None, "an index job is of a file"
        self.indexer.index(job.file_id, finish)

    def give_up(self, job: Job, reason: str) -> None:
        """Mark the file as failed."""
        assert job.file_id is not None, "an index job is of a file"
        self.catalog.files.fail(job.file_id, f"[InternalError] {reason}")
