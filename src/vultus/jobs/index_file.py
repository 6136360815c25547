"""Jobs of the kind ``index``: one file each."""

import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from vultus.catalog import Catalog, Job
from vultus.errors import ResourceNotFound
from vultus.index.pipeline import Indexer
from vultus.jobs.file_watch import FileWatch
from vultus.jobs.handler import Finish


@dataclass(frozen=True, slots=True)
class IndexFile:
    """Indexes the file of a job. A file that was deleted took its job along: there is nothing left to do or to end."""

    catalog: Catalog
    indexer: Indexer
    stop: threading.Event  # set when the worker is to end

    def run(self, job: Job, finish: Finish) -> None:
        """Index the file. A long one tells how far it is; when the worker is to stop, it is broken off."""
        with suppress(ResourceNotFound):
            with self.catalog.transaction():
                row = self.catalog.files.begin(_file(job))
                self.catalog.jobs.check(job)  # or a file that another worker has finished would be called unfinished
            self.indexer.index(row, finish, FileWatch(partial(self.catalog.jobs.tell, job), self.stop))

    def give_up(self, job: Job, reason: str) -> None:
        """Mark the file as failed."""
        with suppress(ResourceNotFound):
            self.catalog.files.fail(_file(job), f"[InternalError] {reason}")


def _file(job: Job) -> int:
    assert job.file_id is not None, "an index job is of a file"
    return job.file_id
