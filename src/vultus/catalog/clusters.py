"""Clusters: the people of a dataset."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple, cast

import msgspec
from msgspec import UNSET
from sqlalchemy import bindparam, func, select

from vultus.catalog import schema
from vultus.catalog.assignment import Applied, Assignment, Attachment, Founding, assign
from vultus.catalog.cluster_decisions import distinguish_clusters, ignore_cluster, merge_clusters
from vultus.catalog.cluster_query import ClusterFilter, ClusterPage, sort_column
from vultus.catalog.cluster_refresh import refresh_clusters
from vultus.catalog.database import Database, Snapshot
from vultus.catalog.datasets import DatasetRow
from vultus.catalog.decisions import Decisions
from vultus.catalog.figure_decisions import split_cluster
from vultus.catalog.file_documents import FileDocuments
from vultus.catalog.label_index import label_index
from vultus.catalog.lookup import Lookup
from vultus.catalog.memory import Memory
from vultus.catalog.paging import Order, PageKey, Range, in_pages
from vultus.catalog.settled import settled_clusters
from vultus.config import People
from vultus.errors import LockVersionConflict, ResourceNotFound
from vultus.model import FigureCluster, File, moment

REMEMBERED = 16_384  # clusters held while nothing is written; with their covers, 3 to 10 KB each

_clusters, _figures = schema.clusters.c, schema.figures.c
_STORED = (
    *("id", "object_id", "name", "custom_id", "custom_labels", "gender", "face_count", "image_count", "video_count"),
    *("average_age", "min_age", "max_age", "cover_figure", "meta_lock_version", "create_time", "update_time"),
)
# The file of the cover comes with the cluster, which saves a query.
_ROWS = (
    select(*(_clusters[name] for name in _STORED), _figures.file_id)
    .select_from(schema.clusters)
    .outerjoin(schema.figures, _figures.id == _clusters.cover_figure)
)
_OF_DATASET = _ROWS.where(_clusters.dataset_id == bindparam("dataset_id"))
_BY_OBJECT_ID = Lookup(lambda one_of: _OF_DATASET.where(one_of(_clusters.object_id, "object_ids")))
_labels = msgspec.json.Decoder(dict[str, Any])


class _ClusterRow(NamedTuple):
    id: int
    object_id: str
    name: str
    custom_id: str | None
    custom_labels: str | None
    gender: str
    face_count: int
    image_count: int
    video_count: int
    average_age: float | None
    min_age: float | None
    max_age: float | None
    cover_figure: int | None
    meta_lock_version: int
    create_time: int
    update_time: int
    cover_file: int | None


class Clusters:
    """The clusters of all datasets."""

    def __init__(self, database: Database, documents: FileDocuments, decisions: Decisions, gate: People) -> None:
        self._database = database
        self._documents = documents
        self._decisions = decisions
        self._gate = gate
        self._remembered: Memory[tuple[int, str], FigureCluster] = Memory(database, REMEMBERED)

    def get(self, dataset: DatasetRow, object_id: str) -> FigureCluster:
        """Return a cluster.

        Raises:
            ResourceNotFound: the dataset has none of that id.
        """
        found = self.get_many(dataset, [object_id])
        if not found:
            raise ResourceNotFound("figure cluster")
        return found[0]

    def get_many(self, dataset: DatasetRow, object_ids: Iterable[str]) -> list[FigureCluster]:
        """Return clusters in order of first mention; unknown ids are left out.

        The cover of each is a ``msgspec.Raw``, which goes out as it is; decode it as ``File`` to look inside. Others
        are handed the same clusters: they are not to be changed.
        """
        wanted = [(dataset.id, object_id) for object_id in dict.fromkeys(object_ids)]
        found = self._remembered.recall(wanted, partial(self._read, dataset))
        return [found[key] for key in wanted if key in found]

    def _read(self, dataset: DatasetRow, keys: Sequence[tuple[int, str]]) -> dict[tuple[int, str], FigureCluster]:
        object_ids = [object_id for _, object_id in keys]
        with self._database.snapshot() as snapshot:
            found = _BY_OBJECT_ID.rows(snapshot, dataset_id=dataset.id, object_ids=object_ids)
            rows = [_ClusterRow(*row) for row in found]
            clusters = self._wire(snapshot, dataset, rows)
        return {(dataset.id, row.object_id): cluster for row, cluster in zip(rows, clusters, strict=True)}

    def query(
        self,
        dataset: DatasetRow,
        sort: str = "",
        order: Order = "asc",
        *,
        custom_label: tuple[str, str] | None = None,
        create_range: Range | None = None,
        update_range: Range | None = None,
        ignored: bool = False,
        limit: int = 100,
        after: PageKey | None = None,
    ) -> ClusterPage:
        """List clusters.

        Args:
            dataset: whose clusters.
            sort: ImageCount, VideoCount, ProjectName, DatasetName, CreateTime, UpdateTime, Gender, FaceCount or
                GroupName; empty for ObjectId.
            order: ``asc`` or ``desc``.
            custom_label: key and value that a cluster must carry, in any case.
            create_range: first and last moment of creation.
            update_range: first and last moment of the last change.
            ignored: list those that a person said to ignore, instead of the others.
            limit: how many, at most.
            after: where the page before ended.

        Raises:
            InvalidArgument: clusters cannot be sorted that way, or ``after`` is of another sort.
        """
        column = sort_column(sort)
        chosen = ClusterFilter(
            custom_label=custom_label, create_range=create_range, update_range=update_range, ignored=ignored
        )
        query = select(_clusters.id, _clusters.object_id, column).where(*chosen.conditions(dataset.id))
        query = in_pages(query, column, _clusters.id, order, after).limit(limit + 1)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        # One that goes at this very moment is left out, as it would be a moment later.
        clusters = self.get_many(dataset, [row[1] for row in rows[:limit]])
        return ClusterPage(clusters, PageKey(rows[limit - 1][-1], rows[limit - 1][0]) if len(rows) > limit else None)

    def total(
        self,
        dataset: DatasetRow,
        *,
        custom_label: tuple[str, str] | None = None,
        create_range: Range | None = None,
        update_range: Range | None = None,
        ignored: bool = False,
    ) -> int:
        """Count the clusters that ``query`` lists."""
        chosen = ClusterFilter(
            custom_label=custom_label, create_range=create_range, update_range=update_range, ignored=ignored
        )
        with self._database.reading() as connection:
            return connection.scalar(select(func.count(_clusters.id)).where(*chosen.conditions(dataset.id))) or 0

    def update(self, dataset: DatasetRow, change: FigureCluster, actor: str = "") -> None:
        """Change what people say of a cluster: name, custom id, labels, cover.

        Args:
            dataset: whose cluster.
            change: names the cluster by its object id; what is unset stays, an empty value clears. Of the cover only
                the id of its first figure counts. With a lock version, nothing changes unless it is the stored one.
            actor: who says so.

        Raises:
            ResourceNotFound: the dataset has no such cluster, or the cluster no such face.
            LockVersionConflict: somebody else changed the cluster.
        """
        object_id = "" if change.object_id is UNSET else change.object_id
        about: dict[str, object] = {"cluster": object_id, **_told(change)}
        with self._decisions.recording(dataset.id, "update", about, actor) as (recording, _):
            row = recording.clusters([object_id])[object_id]
            facts = recording.facts(row)
            version = facts.meta_lock_version if facts else 0
            if change.meta_lock_version not in (UNSET, version):
                raise LockVersionConflict(int(change.meta_lock_version), version)
            values = _said(change)
            if (figure_id := _cover_of(change)) is not None:
                values |= {"cover_figure": self._face_of(row, figure_id), "cover_pinned": True}
            recording.change(row, **values, edited=True, meta_lock_version=version + 1)

    def merge(self, dataset: DatasetRow, target: str, sources: Sequence[str], actor: str = "") -> None:
        """Join clusters to one; see ``merge_clusters``."""
        about: dict[str, object] = {"cluster": target, "from": list(sources)}
        with self._decisions.recording(dataset.id, "merge", about, actor) as (recording, connection):
            merge_clusters(recording, connection, target, sources)

    def ignore(self, dataset: DatasetRow, object_id: str, ignored: bool = True, actor: str = "") -> None:
        """Keep a cluster out of lists, or let it back in; see ``ignore_cluster``."""
        kind = "ignore-person" if ignored else "heed-person"
        with self._decisions.recording(dataset.id, kind, {"cluster": object_id}, actor) as (recording, _):
            ignore_cluster(recording, object_id, ignored)

    def distinguish(self, dataset: DatasetRow, first: str, second: str, actor: str = "") -> None:
        """Say that two clusters are two people; see ``distinguish_clusters``."""
        about: dict[str, object] = {"cluster": first, "other": second}
        with self._decisions.recording(dataset.id, "distinguish", about, actor) as (recording, _):
            distinguish_clusters(recording, first, second)

    def split(
        self,
        dataset: DatasetRow,
        object_id: str,
        groups: Sequence[Sequence[str]],
        strays: Sequence[str] = (),
        actor: str = "",
    ) -> list[str]:
        """Divide a cluster, and return the ids of the new ones; see ``split_cluster``."""
        about: dict[str, object] = {"cluster": object_id}
        with self._decisions.recording(dataset.id, "split", about, actor) as (recording, _):
            made = split_cluster(recording, object_id, groups, strays)
            about |= {"made": made, "strays": list(strays)}
            return made

    def row(self, dataset: DatasetRow, object_id: str) -> int:
        """Return the row of a cluster.

        Raises:
            ResourceNotFound: the dataset has none of that id.
        """
        found = select(_clusters.id).where(_clusters.dataset_id == dataset.id, _clusters.object_id == object_id)
        with self._database.reading() as connection:
            row = connection.scalar(found)
        if row is None:
            raise ResourceNotFound(f"figure cluster {object_id}")
        return int(row)

    def rejections(self, dataset_id: int) -> set[tuple[int, int]]:
        """Return what people ruled out: rows of faces and of the clusters they are not of."""
        pairs = select(schema.rejections.c.figure_id, schema.rejections.c.cluster_id)
        with self._database.reading() as connection:
            rows = connection.execute(pairs.where(schema.rejections.c.dataset_id == dataset_id))
            return {(row.figure_id, row.cluster_id) for row in rows}

    def distinctions(self, dataset_id: int) -> set[tuple[int, int]]:
        """Return the pairs of clusters that people said to be two; rows, the lower one first."""
        pairs = select(schema.distinctions.c.first_id, schema.distinctions.c.second_id)
        with self._database.reading() as connection:
            rows = connection.execute(pairs.where(schema.distinctions.c.dataset_id == dataset_id))
            return {(row.first_id, row.second_id) for row in rows}

    def settled(self, dataset_id: int) -> set[int]:
        """Return the rows of the clusters of which a person has said something; see ``settled_clusters``."""
        with self._database.reading() as connection:
            return settled_clusters(connection, dataset_id)

    def apply(
        self, dataset_id: int, attach: Sequence[Attachment], create: Sequence[Founding], seen: Iterable[int]
    ) -> Applied:
        """Put faces into clusters; see ``rearrange``."""
        return self.rearrange(dataset_id, Assignment(attach=attach, create=create, seen=seen))

    def rearrange(self, dataset_id: int, planned: Assignment) -> Applied:
        """Do what a run has planned, all in one transaction, as far as it still holds.

        A face that went elsewhere meanwhile stays there, and is not put where a person has since said that it is not.
        A new cluster of which a face is gone or taken is not made: too few might be left to found it. A cluster of
        which a person has said something meanwhile is neither joined to another nor left by its faces.
        """
        with self._database.writing() as connection:
            self._decisions.wait_for_others(connection, dataset_id)
            applied = assign(connection, dataset_id, planned)
            refresh_clusters(connection, applied.touched, self._gate)
            return applied

    def _face_of(self, cluster_id: int, figure_id: str) -> int:
        found = select(_figures.id).join_from(schema.figures, schema.fragments)
        found = found.where(schema.fragments.c.cluster_id == cluster_id, _figures.figure_id == figure_id)
        with self._database.reading() as connection:
            row_id = connection.scalar(found.where(_figures.state == "live"))
        if row_id is None:
            raise ResourceNotFound("figure")
        return int(row_id)

    def _wire(self, snapshot: Snapshot, dataset: DatasetRow, rows: Sequence[_ClusterRow]) -> list[FigureCluster]:
        files = {row.cover_figure: row.cover_file for row in rows if row.cover_figure and row.cover_file}
        covers = self._documents.covers(snapshot, dataset, files)
        return [_cluster(dataset, row, covers.get(row.cover_figure or 0)) for row in rows]


def _cluster(dataset: DatasetRow, row: _ClusterRow, cover: msgspec.Raw | None) -> FigureCluster:
    return FigureCluster(
        owner_id=dataset.owner_id,
        project_name=dataset.project_name,
        dataset_name=dataset.name,
        object_type="figure-cluster",
        object_id=row.object_id,
        update_time=moment.to_wire(row.update_time),
        create_time=moment.to_wire(row.create_time),
        name=row.name or UNSET,
        gender=row.gender or UNSET,
        face_count=row.face_count,
        image_count=row.image_count,
        video_count=row.video_count,
        average_age=UNSET if row.average_age is None else row.average_age,
        min_age=UNSET if row.min_age is None else row.min_age,
        max_age=UNSET if row.max_age is None else row.max_age,
        cover=UNSET if cover is None else cast(File, cover),
        custom_id=row.custom_id or UNSET,
        custom_labels=UNSET if row.custom_labels is None else _labels.decode(row.custom_labels),
        meta_lock_version=row.meta_lock_version,
    )


def _said(change: FigureCluster) -> dict[str, object]:
    values: dict[str, object] = {}
    if change.name is not UNSET:
        values["name"] = change.name
    if change.custom_id is not UNSET:
        values["custom_id"] = change.custom_id or None
    if change.custom_labels is not UNSET:
        labels = change.custom_labels
        values["custom_labels"] = msgspec.json.encode(labels).decode() if labels else None
        values["label_index"] = label_index(labels)
    return values


def _told(change: FigureCluster) -> dict[str, object]:
    """What is said, as the journal shows it."""
    fields = {"name": change.name, "custom_id": change.custom_id, "custom_labels": change.custom_labels}
    told: dict[str, object] = {name: value for name, value in fields.items() if value is not UNSET}
    if (cover := _cover_of(change)) is not None:
        told["cover"] = cover
    return told


def _cover_of(change: FigureCluster) -> str | None:
    if change.cover is UNSET or change.cover.figures is UNSET or not change.cover.figures:
        return None
    figure_id = change.cover.figures[0].figure_id
    return None if figure_id is UNSET else figure_id
