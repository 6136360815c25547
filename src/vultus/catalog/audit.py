"""The audit: what must be true of faces and people at any time, each invariant a function, and its repair."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, Table, func, or_, select, update

from vultus.catalog import schema
from vultus.catalog.cluster_refresh import refresh_clusters, untrue_clusters
from vultus.catalog.database import Database, batches
from vultus.catalog.job import index_job
from vultus.catalog.jobs import Jobs
from vultus.catalog.recording import write_decision
from vultus.config import People

_files, _figures, _fragments, _clusters = (
    table.c for table in (schema.files, schema.figures, schema.fragments, schema.clusters)
)
_rejections = schema.rejections.c
FLOAT16 = 2  # bytes


class Finding(msgspec.Struct, frozen=True):
    """Something that should not be.

    Attributes:
        rule: the invariant that is broken, in words.
        figures: rows of the faces it is about.
        clusters: rows of the clusters it is about.
        names: ids of those, as callers know them.
    """

    rule: str
    figures: list[int]
    clusters: list[int]
    names: list[str]


Rows = tuple[list[int], list[int]]  # figures and clusters


@dataclass(frozen=True, slots=True)
class Invariant:
    """What must be true.

    Attributes:
        rule: in words.
        broken: finds the faces and clusters of a dataset for which it is not.
        repair: makes it true for them; counts and covers are brought up to date after all repairs.
    """

    rule: str
    broken: Callable[[Connection, int, People], Rows]
    repair: Callable[[Connection, Rows], None]


class Audit:
    """Looks for what should not be, and repairs it."""

    def __init__(self, database: Database, jobs: Jobs, gate: People) -> None:
        self._database = database
        self._jobs = jobs
        self._gate = gate

    def check(self, dataset_id: int) -> list[Finding]:
        """Return what is wrong in a dataset; nothing is changed."""
        with self._database.reading() as connection:
            return self._findings(connection, dataset_id)

    def repair(self, dataset_id: int, actor: str) -> list[Finding]:
        """Repair what is wrong in a dataset, write it to the journal, and return what it was."""
        with self._database.writing() as connection:
            found = self._findings(connection, dataset_id)
            if not found:
                return []
            clusters = _clusters_of(connection, found)
            for finding in found:
                _BY_RULE[finding.rule].repair(connection, (finding.figures, finding.clusters))
            self._index_again(connection, dataset_id, found)
            refresh_clusters(connection, clusters, self._gate)
            for finding in found:
                about = {"rule": finding.rule, "names": finding.names}
                write_decision(connection, dataset_id, "repair", {"about": about}, actor)
            return found

    def _findings(self, connection: Connection, dataset_id: int) -> list[Finding]:
        found: list[Finding] = []
        for each in INVARIANTS:
            figures, clusters = each.broken(connection, dataset_id, self._gate)
            if figures or clusters:
                names = _names(connection, schema.figures, "figure_id", figures)
                names += _names(connection, schema.clusters, "object_id", clusters)
                found.append(Finding(each.rule, sorted(figures), sorted(clusters), names))
        return found

    def _index_again(self, connection: Connection, dataset_id: int, found: Sequence[Finding]) -> None:
        """Have the files of faces looked at again whose embeddings are of no use."""
        rows = sorted({row for finding in found if finding.rule in _NEED_INDEXING for row in finding.figures})
        files: set[int] = set()
        for some in batches(rows):
            files.update(connection.scalars(select(_figures.file_id).where(_figures.id.in_(some))))
        for some in batches(sorted(files)):
            stale = update(schema.files).where(_files.id.in_(some))
            connection.execute(stale.values(version="", status="Pending"))
        self._jobs.put_many(index_job(dataset_id, file_id, {}) for file_id in sorted(files))


def _strayed(connection: Connection, dataset_id: int, gate: People) -> Rows:
    """Faces whose fragment or cluster is of another dataset."""
    strayed = select(_figures.id).join_from(schema.figures, schema.fragments).join(schema.clusters)
    elsewhere = or_(_fragments.dataset_id != _figures.dataset_id, _clusters.dataset_id != _figures.dataset_id)
    return list(connection.scalars(strayed.where(_figures.dataset_id == dataset_id, elsewhere))), []


def _left_alone_but_counted(connection: Connection, dataset_id: int, gate: People) -> Rows:
    """Faces that a person said to leave alone, in a cluster."""
    counted = select(_figures.id).where(_figures.dataset_id == dataset_id, _figures.state != "live")
    return list(connection.scalars(counted.where(_figures.fragment_id.is_not(None)))), []


def _rejected_but_there(connection: Connection, dataset_id: int, gate: People) -> Rows:
    """Faces in a cluster that a person said they are not of."""
    there = select(_figures.id).join_from(schema.figures, schema.fragments)
    there = there.join(
        schema.rejections,
        (_rejections.figure_id == _figures.id) & (_rejections.cluster_id == _fragments.cluster_id),
    )
    return list(connection.scalars(there.where(_figures.dataset_id == dataset_id))), []


def _without_embedding(connection: Connection, dataset_id: int, gate: People) -> Rows:
    """Faces whose embedding is not of the length that most of its model have."""
    length = func.length(_figures.embedding)
    counted = select(_figures.model, length.label("length"), func.count().label("number"))
    counted = counted.where(_figures.dataset_id == dataset_id).group_by(_figures.model, length)
    usual: dict[str, tuple[int, int]] = {}
    for row in connection.execute(counted):
        if row.length >= FLOAT16:
            usual[row.model] = max(usual.get(row.model, (0, 0)), (row.number, row.length))
    broken: list[int] = []
    for model in connection.scalars(select(_figures.model).where(_figures.dataset_id == dataset_id).distinct()):
        wrong = select(_figures.id).where(_figures.dataset_id == dataset_id, _figures.model == model)
        broken += connection.scalars(wrong.where(length != usual.get(model, (0, FLOAT16))[1]))
    return broken, []


def _of_another_model(connection: Connection, dataset_id: int, gate: People) -> Rows:
    """Faces whose model is not the dataset's; where that is not settled, not the one that most faces have."""
    settled = connection.scalar(select(schema.datasets.c.model).where(schema.datasets.c.id == dataset_id))
    counted = select(_figures.model, func.count().label("number")).where(_figures.dataset_id == dataset_id)
    models = sorted(connection.execute(counted.group_by(_figures.model)), key=lambda row: (-row.number, row.model))
    if not models:
        return [], []
    others = select(_figures.id).where(_figures.dataset_id == dataset_id)
    others = others.where(_figures.model != (settled or models[0].model))
    return list(connection.scalars(others)), []


def _untrue(connection: Connection, dataset_id: int, gate: People) -> Rows:
    """Clusters whose counts, gender, ages or cover do not follow from their faces, or that have none."""
    ours = connection.scalars(select(_clusters.id).where(_clusters.dataset_id == dataset_id))
    return [], untrue_clusters(connection, list(ours), gate)


def _take_out(connection: Connection, rows: Rows) -> None:
    nowhere = {"fragment_id": None, "pinned": False, "confidence": None}
    for some in batches(rows[0]):
        connection.execute(update(schema.figures).where(_figures.id.in_(some)).values(nowhere))


def _later(connection: Connection, rows: Rows) -> None:
    """Nothing at once: counts and covers are brought up to date after all repairs, and files are indexed again."""


INVARIANTS = (
    Invariant("A face and its person are of one dataset.", _strayed, _take_out),
    Invariant("A face that is left alone belongs to nobody.", _left_alone_but_counted, _take_out),
    Invariant("A face is with nobody whom a person said it is not.", _rejected_but_there, _take_out),
    Invariant("Every face has an embedding of its model's length.", _without_embedding, _later),
    Invariant("The faces of a dataset are of one model.", _of_another_model, _later),
    Invariant("What a person says of its faces is true: counts, gender, ages, cover.", _untrue, _later),
)
_BY_RULE = {each.rule: each for each in INVARIANTS}
_NEED_INDEXING = {each.rule for each in INVARIANTS if each.broken in (_without_embedding, _of_another_model)}


def _clusters_of(connection: Connection, found: Sequence[Finding]) -> set[int]:
    clusters = {row for finding in found for row in finding.clusters}
    figures = sorted({row for finding in found for row in finding.figures})
    for some in batches(figures):
        homes = select(_fragments.cluster_id).join_from(schema.figures, schema.fragments)
        clusters.update(connection.scalars(homes.where(_figures.id.in_(some))))
    return clusters


def _names(connection: Connection, table: Table, column: str, rows: Sequence[int]) -> list[str]:
    names: list[str] = []
    for some in batches(sorted(rows)):
        names += connection.scalars(select(table.c[column]).where(table.c.id.in_(some)).order_by(table.c.id))
    return names
