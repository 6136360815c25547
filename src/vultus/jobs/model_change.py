"""Jobs that bring a dataset to another embedding model: ``embed`` a file, and ``switch-model`` once all is there.

The job of the dataset puts a job for each file, and looks every second whether they are done. It finds by itself what
came in meanwhile and what a worker that was killed has left; nothing but the database knows how far the change is.
"""

import threading
from contextlib import suppress
from dataclasses import dataclass

import msgspec

from vultus.catalog import Catalog, Job
from vultus.catalog.job import NewJob
from vultus.catalog.reembedding import Missing
from vultus.errors import ResourceNotFound
from vultus.index.reembed import Look, Reembedder
from vultus.jobs.audience import dataset_of
from vultus.jobs.file_watch import FileWatch
from vultus.jobs.handler import Finish

TASK_TYPE = "EmbeddingModelChange"
EMBED, SWITCH = "embed", "switch-model"
PHASE = "Embedding"
AFTER_INDEXING, AFTER_EMBEDDING = 5, 6  # priorities: photos that somebody waits for come first
PAUSE = 1.0  # seconds between looks at whether all files are done


class ModelChange(msgspec.Struct, frozen=True):
    """What the payload of both kinds of job says.

    Attributes:
        model: that the dataset is to have.
        skip_missing: change also when some faces cannot be looked at; they stay, and are compared with nobody.
        number, total: which file it is, of how many; for telling how far the change is.
    """

    model: str
    skip_missing: bool = False
    number: int = 0
    total: int = 0


class ModelChangeReport(msgspec.Struct, frozen=True):
    """What a change came to."""

    faces: int  # that have their new embedding
    missing: int  # that have none


def switch_job(dataset_id: int, task: int, change: ModelChange, delay: float = 0.0) -> NewJob:
    """The job that sees to a change until it is done."""
    return NewJob(
        kind=SWITCH,
        dataset_id=dataset_id,
        task=task,
        key=f"{SWITCH}:{task}",
        payload=msgspec.to_builtins(change),
        priority=AFTER_EMBEDDING,
        delay=delay,
    )


@dataclass(frozen=True, slots=True)
class EmbedFile:
    """Has the new model look at the faces of one file."""

    catalog: Catalog
    reembedder: Reembedder
    stop: threading.Event  # set when the worker is to end

    def run(self, job: Job, finish: Finish) -> None:
        """Look, and put what is seen beside what is in use; nothing when the change was cancelled."""
        file, task, change = _file_and_change(job)
        if self.catalog.tasks.by_id(task).status != "Running":
            finish()
            return
        with suppress(ResourceNotFound):  # deleted meanwhile, with its jobs
            watch = FileWatch(lambda percent: self._tell(task, change, percent), self.stop)
            look = self.reembedder.look(file, change.model, watch)
            with self.catalog.transaction():
                self._put(file, task, change, look)
                finish()

    def _put(self, file: int, task: int, change: ModelChange, look: Look) -> None:
        """A file that was indexed while we looked keeps waiting; the job of its dataset finds it."""
        self.catalog.reembedding.put(file, look.version, change.model, look.found, look.missing)
        self._tell(task, change, 100)

    def _tell(self, task: int, change: ModelChange, percent: int) -> None:
        """Say how far the change is when so much of a file is done."""
        done = change.number - (percent < 100)
        whole = (100 * (change.number - 1) + percent) // max(change.total, 1)
        self.catalog.tasks.advance([task], whole, PHASE, done, change.total)

    def give_up(self, job: Job, reason: str) -> None:
        """Write down that the faces of the file could not be looked at."""
        file, task, change = _file_and_change(job)
        with suppress(ResourceNotFound):
            version = self.catalog.files.row(file).version
            missing = {face.id: reason for face in self.catalog.reembedding.faces(file)}
            self._put(file, task, change, Look(version, [], missing))


@dataclass(frozen=True, slots=True)
class SwitchModel:
    """Sees to a change of a dataset's model: has its files looked at, then changes all embeddings at once."""

    catalog: Catalog

    def run(self, job: Job, finish: Finish) -> None:
        """Go on with the change, or end it."""
        dataset, task = dataset_of(job), job.task_id
        assert task is not None, "a change of model is of a task"
        with self.catalog.transaction():
            if self.catalog.tasks.by_id(task).status == "Running":
                self._go_on(dataset, task, msgspec.convert(job.payload, ModelChange))
            elif not self.catalog.tasks.running(dataset, TASK_TYPE):
                self.catalog.reembedding.forget(dataset)
            finish()

    def _go_on(self, dataset: int, task: int, change: ModelChange) -> None:
        catalog = self.catalog
        files = catalog.reembedding.unclaimed(dataset, change.model, EMBED)
        if files:
            catalog.jobs.put_many(_embed_jobs(dataset, task, change, files))
        if catalog.reembedding.pending(dataset, change.model):
            catalog.jobs.put_many([switch_job(dataset, task, change, PAUSE)])
            return
        missing = catalog.reembedding.missing(dataset, change.model)
        if missing is not None and not change.skip_missing:
            catalog.tasks.finish(task, "ResourceNotFound", _complaint(missing))
            return
        faces = catalog.reembedding.switch(dataset, change.model)
        report = ModelChangeReport(faces or 0, 0 if missing is None else missing.figures)
        catalog.tasks.finish(task, report=msgspec.json.encode(report).decode())

    def give_up(self, job: Job, reason: str) -> None:
        """Mark the task as failed; what was looked at is kept for another try."""
        assert job.task_id is not None, "a change of model is of a task"
        self.catalog.tasks.finish(job.task_id, code="InternalError", message=reason)


def _embed_jobs(dataset: int, task: int, change: ModelChange, files: list[int]) -> list[NewJob]:
    return [
        NewJob(
            kind=EMBED,
            dataset_id=dataset,
            file_id=file,
            task=task,
            key=f"{EMBED}:{file}:{task}",
            payload=msgspec.to_builtins(msgspec.structs.replace(change, number=number, total=len(files))),
            priority=AFTER_INDEXING,
        )
        for number, file in enumerate(files, 1)
    ]


def _file_and_change(job: Job) -> tuple[int, int, ModelChange]:
    assert job.file_id is not None, "an embed job is of a file"
    assert job.task_id is not None, "an embed job is of a task"
    return job.file_id, job.task_id, msgspec.convert(job.payload, ModelChange)


def _complaint(missing: Missing) -> str:
    return (
        f"{missing.figures} faces of {missing.files} files cannot be looked at, the first {missing.uri}: "
        f"{missing.reason} The dataset keeps its model, and what was done is kept. Make the files readable or delete "
        "them, and ask again; or ask with SkipMissing, and their faces stay, compared with nobody."
    )
