"""Putting faces into clusters, as a clustering run has planned it."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, func, insert, select, update

from vultus.catalog import schema
from vultus.catalog.database import batches
from vultus.catalog.identifier import new_cluster_id
from vultus.model import moment

Attachment = tuple[int, int, float]  # row of a face, row of its cluster, confidence 0 to 1
Founding = Sequence[tuple[int, float]]  # rows of the faces of a new cluster, with confidence 0 to 1


class Applied(msgspec.Struct, frozen=True):
    """What became of a plan."""

    attached: int  # faces put into clusters that were there
    created: int  # clusters made
    founded: int  # faces put into those
    touched: frozenset[int]  # rows of all these clusters


_clusters, _figures, _fragments = schema.clusters.c, schema.figures.c, schema.fragments.c
_rejections = schema.rejections.c
# Every transaction locks faces before clusters, and each in the order of their ids, so that none wait in a ring.
_FREE = (
    select(_figures.id)
    .where(_figures.id.in_(bindparam("ids", expanding=True)), _figures.dataset_id == bindparam("dataset_id"))
    .where(_figures.fragment_id.is_(None), _figures.state == "live")
    .order_by(_figures.id)
    .with_for_update(key_share=True)
)
_FIRST_FRAGMENTS = (
    select(_fragments.cluster_id, func.min(_fragments.id))
    .join_from(schema.fragments, schema.clusters)
    .where(_fragments.cluster_id.in_(bindparam("ids", expanding=True)), _clusters.dataset_id == bindparam("dataset_id"))
    .group_by(_fragments.cluster_id)
)
_ASSIGN = (
    update(schema.figures)
    .where(_figures.id == bindparam("row"))
    .values(fragment_id=bindparam("fragment"), confidence=bindparam("sure"), clustered=True)
)


def assign(
    connection: Connection,
    dataset_id: int,
    attach: Sequence[Attachment],
    create: Sequence[Founding],
    seen: Iterable[int],
) -> Applied:
    """Do what ``Clusters.apply`` promises, but for refreshing the clusters."""
    named = {face for face, _, _ in attach} | {face for group in create for face, _ in group}
    looked_at = set(seen)
    free = _free(connection, dataset_id, named | looked_at)
    # A face whose place is gone was not dealt with: it stays for the next run.
    _mark_seen(connection, sorted(free & looked_at - named))
    fragments = _first_fragments(connection, dataset_id, {cluster for _, cluster, _ in attach})
    # What a person ruled out while the run was thinking.
    rejected = _rejected(connection, dataset_id)
    attach = [each for each in attach if each[:2] not in rejected]
    joining = [
        {"row": face, "fragment": fragments[cluster], "sure": confidence}
        for face, cluster, confidence in attach
        if face in free and cluster in fragments
    ]
    founding: list[dict[str, Any]] = []
    made: set[int] = set()
    for group in create:
        if group and all(face in free for face, _ in group):
            cluster, fragment = found_cluster(connection, dataset_id)
            made.add(cluster)
            founding += [{"row": face, "fragment": fragment, "sure": confidence} for face, confidence in group]
    if joining or founding:
        connection.execute(_ASSIGN, joining + founding)
    reached = {cluster for face, cluster, _ in attach if face in free and cluster in fragments}
    return Applied(len(joining), len(made), len(founding), frozenset(reached | made))


def _free(connection: Connection, dataset_id: int, faces: set[int]) -> set[int]:
    free: set[int] = set()
    for ids in batches(sorted(faces)):
        free.update(connection.scalars(_FREE, {"ids": ids, "dataset_id": dataset_id}))
    return free


def _rejected(connection: Connection, dataset_id: int) -> set[tuple[int, int]]:
    pairs = select(_rejections.figure_id, _rejections.cluster_id).where(_rejections.dataset_id == dataset_id)
    return {(figure, cluster) for figure, cluster in connection.execute(pairs)}


def _first_fragments(connection: Connection, dataset_id: int, clusters: set[int]) -> dict[int, int]:
    """The fragment of each cluster that new faces join: its oldest, the one it was founded with."""
    first: dict[int, int] = {}
    for ids in batches(sorted(clusters)):
        locked = select(_clusters.id).where(_clusters.id.in_(ids)).order_by(_clusters.id)
        connection.execute(locked.with_for_update(key_share=True))
        rows = connection.execute(_FIRST_FRAGMENTS, {"ids": ids, "dataset_id": dataset_id})
        first.update((cluster, fragment) for cluster, fragment in rows)
    return first


def found_cluster(connection: Connection, dataset_id: int) -> tuple[int, int]:
    """Make an empty cluster with its first fragment; return the rows of both."""
    now = moment.now()
    cluster = {
        "dataset_id": dataset_id,
        "object_id": new_cluster_id(),
        "name": "",
        "label_index": "",
        "gender": "",
        "face_count": 0,
        "image_count": 0,
        "video_count": 0,
        "cover_pinned": False,
        "meta_lock_version": 0,
        "create_time": now,
        "update_time": now,
    }
    cluster_id = connection.scalar(insert(schema.clusters).returning(_clusters.id), cluster)
    fragment = {"dataset_id": dataset_id, "cluster_id": cluster_id, "create_time": now}
    fragment_id = connection.scalar(insert(schema.fragments).returning(_fragments.id), fragment)
    return int(cluster_id or 0), int(fragment_id or 0)


def _mark_seen(connection: Connection, faces: Sequence[int]) -> None:
    for ids in batches(faces):
        connection.execute(update(schema.figures).where(_figures.id.in_(ids)).values(clustered=True))
