"""How a dataset stands: what is done, what waits, what failed, and what there is to know of each face."""

from collections import defaultdict
from typing import Any

import msgspec
from sqlalchemy import func, select

from vultus.catalog import schema
from vultus.catalog.database import Database
from vultus.catalog.tasks import TaskRow, Tasks
from vultus.errors import ResourceNotFound


class JobProgress(msgspec.Struct, frozen=True):
    """How much work of a kind waits, is done at this moment, or was given up."""

    kind: str
    queued: int = 0
    running: int = 0
    failed: int = 0


class FileAtWork(msgspec.Struct, frozen=True):
    """A file that is being indexed."""

    uri: str
    progress: int  # percent of it that is done; 0 of one that is done at once


class Population(msgspec.Struct, frozen=True):
    """How many faces and people a dataset has."""

    figures: int
    grouped_figures: int  # those that belong to a cluster
    clusters: int


class Backlog(msgspec.Struct, frozen=True):
    """How much there is to do, over all datasets."""

    jobs: dict[tuple[str, str], int]  # that are not done, by kind and state
    tasks: dict[str, int]  # that run, by type


class Failure(msgspec.Struct, frozen=True):
    """A file that could not be indexed."""

    id: int  # row of the file
    uri: str
    reason: str


class Person(msgspec.Struct, frozen=True):
    """A cluster, in short."""

    id: int  # row of the cluster
    object_id: str
    name: str  # empty where nobody gave one
    ignored: bool


class FigureFacts(msgspec.Struct, frozen=True):
    """What decides about a face; angles in degrees."""

    id: int  # row of the figure
    figure_id: str
    uri: str
    side: int  # smaller side of the box, pixels
    quality: float  # 0 to 1
    pitch: float
    roll: float
    yaw: float
    clustered: bool  # looked at by a clustering run
    cluster: str | None  # object id


_files, _figures, _fragments = schema.files.c, schema.figures.c, schema.fragments.c
_clusters, _jobs, _tasks = schema.clusters.c, schema.jobs.c, schema.tasks.c
_LIVE = _figures.state == "live"


class Overview:
    """Looks at datasets; changes nothing."""

    def __init__(self, database: Database, tasks: Tasks) -> None:
        self._database = database
        self._tasks = tasks

    def jobs(self, dataset_id: int) -> list[JobProgress]:
        """Count the jobs of a dataset that are not done, by kind."""
        counted = select(_jobs.kind, _jobs.state, func.count()).where(_jobs.dataset_id == dataset_id)
        counted = counted.where(_jobs.state != "done").group_by(_jobs.kind, _jobs.state)
        states: dict[str, dict[str, Any]] = defaultdict(dict)
        with self._database.reading() as connection:
            for kind, state, count in connection.execute(counted):
                states[kind][state] = count
        return [JobProgress(kind, **states[kind]) for kind in sorted(states)]

    def at_work(self, dataset_id: int) -> list[FileAtWork]:
        """List the files of a dataset that are being indexed, one for each worker at most."""
        running = (_jobs.state == "running", _jobs.kind == "index", _jobs.dataset_id == dataset_id)
        found = select(_files.uri, _jobs.progress).join_from(schema.jobs, schema.files).where(*running)
        with self._database.reading() as connection:
            return [FileAtWork(*row) for row in connection.execute(found.order_by(_jobs.id))]

    def backlog(self) -> Backlog:
        """Count what there is to do; quick, however much was done."""
        jobs = select(_jobs.kind, _jobs.state, func.count()).where(_jobs.state.in_(("queued", "running", "failed")))
        tasks = select(_tasks.task_type, func.count()).where(_tasks.status == "Running")
        with self._database.reading() as connection:
            counted = connection.execute(jobs.group_by(_jobs.kind, _jobs.state)).all()
            running = connection.execute(tasks.group_by(_tasks.task_type)).all()
            return Backlog({(row[0], row[1]): row[2] for row in counted}, {row[0]: row[1] for row in running})

    def population(self, dataset_id: int) -> Population:
        """Count the faces and clusters of a dataset."""
        faces = select(func.count(_figures.id), func.count(_fragments.cluster_id))
        faces = faces.select_from(schema.figures).outerjoin(schema.fragments, _fragments.id == _figures.fragment_id)
        clusters = select(func.count(_clusters.id)).where(_clusters.dataset_id == dataset_id)
        with self._database.reading() as connection:
            figures, grouped = connection.execute(faces.where(_figures.dataset_id == dataset_id, _LIVE)).one()
            return Population(figures, grouped, connection.scalar(clusters) or 0)

    def people(self, dataset_id: int) -> dict[int, Person]:
        """Return all clusters of a dataset, in short, by row."""
        columns = (_clusters.id, _clusters.object_id, _clusters.name, _clusters.ignored)
        with self._database.reading() as connection:
            rows = connection.execute(select(*columns).where(_clusters.dataset_id == dataset_id))
            return {row.id: Person(*row) for row in rows}

    def latest_task(self, dataset_id: int) -> TaskRow | None:
        """Return the task of a dataset that was started last, if there is any."""
        latest = select(_tasks.id).where(_tasks.dataset_id == dataset_id)
        with self._database.reading() as connection:
            row_id = connection.scalar(latest.order_by(_tasks.start_time.desc(), _tasks.id.desc()).limit(1))
            try:
                return None if row_id is None else self._tasks.by_id(row_id)
            except ResourceNotFound:  # forgotten meanwhile
                return None

    def failures(self, dataset_id: int, after: int = 0, limit: int = 100) -> list[Failure]:
        """List the files that could not be indexed, in the order in which they came.

        Args:
            dataset_id: whose files.
            after: row of the last file of the page before.
            limit: how many, at most.
        """
        failed = select(_files.id, _files.uri, _files.reason)
        failed = failed.where(_files.dataset_id == dataset_id, _files.status == "Failed", _files.id > after)
        with self._database.reading() as connection:
            return [Failure(*row) for row in connection.execute(failed.order_by(_files.id).limit(limit))]

    def figures(
        self, dataset_id: int, object_id: str | None = None, after: int = 0, limit: int = 100
    ) -> list[FigureFacts]:
        """List the live faces of a dataset in the order in which they came.

        Args:
            dataset_id: whose faces.
            object_id: of a file, when only its faces are wanted.
            after: row of the last face of the page before.
            limit: how many, at most.
        """
        columns = [_figures[name] for name in ("side", "quality", "pitch", "roll", "yaw", "clustered")]
        facts = select(_figures.id, _figures.figure_id, _files.uri, *columns, _clusters.object_id.label("cluster"))
        facts = facts.select_from(schema.figures).join(schema.files, _files.id == _figures.file_id)
        facts = facts.outerjoin(schema.fragments, _fragments.id == _figures.fragment_id)
        facts = facts.outerjoin(schema.clusters, _clusters.id == _fragments.cluster_id)
        facts = facts.where(_figures.dataset_id == dataset_id, _LIVE, _figures.id > after)
        if object_id is not None:
            facts = facts.where(_files.object_id == object_id)
        with self._database.reading() as connection:
            rows = connection.execute(facts.order_by(_figures.id).limit(limit))
            return [FigureFacts(**row._asdict()) for row in rows]
