"""Putting faces into clusters and clusters together, as a clustering run has planned it."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from vultus.catalog import schema
from vultus.catalog.database import batches
from vultus.catalog.identifier import new_cluster_id
from vultus.catalog.settled import settled_clusters
from vultus.model import moment

Attachment = tuple[int, int, float]  # row of a face, row of its cluster, confidence 0 to 1
Founding = Sequence[tuple[int, float]]  # rows of the faces of a new cluster, with confidence 0 to 1


class Absorption(msgspec.Struct, frozen=True):
    """A cluster that becomes part of another; rows, and the confidence of the faces that go over."""

    source: int
    target: int
    sure: Sequence[tuple[int, float]] = ()


class Assignment(msgspec.Struct, frozen=True):
    """What a run has planned; faces and clusters are rows.

    Attributes:
        attach: faces that join a cluster.
        create: faces of new clusters.
        absorb: clusters that become part of another.
        release: faces that belong to nobody from now on.
        leaving: the cluster in which the run found each face that leaves one, released or to join or found another.
        seen: faces that the run looked at, the ones that fit nowhere included.
    """

    attach: Sequence[Attachment] = ()
    create: Sequence[Founding] = ()
    absorb: Sequence[Absorption] = ()
    release: Collection[int] = ()
    leaving: Mapping[int, int] = {}
    seen: Iterable[int] = ()


class Applied(msgspec.Struct, frozen=True):
    """What became of a plan."""

    attached: int  # faces put into clusters that were there
    created: int  # clusters made
    founded: int  # faces put into those
    touched: frozenset[int]  # rows of all clusters that are not as they were
    joined: int = 0  # clusters that became part of another
    released: int = 0  # faces that left their cluster


_clusters, _figures, _fragments = schema.clusters.c, schema.figures.c, schema.fragments.c
_rejections = schema.rejections.c
# Every transaction locks faces before clusters, and each in the order of their ids, so that none wait in a ring.
_LIVE = (
    select(_figures.id, _figures.fragment_id, _figures.pinned)
    .where(_figures.id.in_(bindparam("ids", expanding=True)), _figures.dataset_id == bindparam("dataset_id"))
    .where(_figures.state == "live")
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
_RATE = update(schema.figures).where(_figures.id == bindparam("row")).values(confidence=bindparam("sure"))


def assign(connection: Connection, dataset_id: int, planned: Assignment) -> Applied:
    """Do what ``Clusters.rearrange`` promises, but for refreshing the clusters."""
    placed = {face for face, _, _ in planned.attach} | {face for group in planned.create for face, _ in group}
    looked_at = set(planned.seen)
    settled = settled_clusters(connection, dataset_id)
    standing = _standing(connection, dataset_id, placed | looked_at | planned.leaving.keys())
    free = {face for face, (fragment, _) in standing.items() if fragment is None}
    bound = _bound(connection, standing, planned.leaving, settled)
    movable = free | bound
    # A face whose place is gone was not dealt with: it stays for the next run.
    _mark_seen(connection, sorted(free & looked_at - placed))
    concerned = {cluster for _, cluster, _ in planned.attach}
    concerned |= {cluster for each in planned.absorb for cluster in (each.source, each.target)}
    fragments = _first_fragments(connection, dataset_id, concerned)
    # What a person ruled out while the run was thinking.
    rejected = _rejected(connection, dataset_id)
    attach = [
        (face, cluster, sure)
        for face, cluster, sure in planned.attach
        if (face, cluster) not in rejected and face in movable and cluster in fragments
    ]
    create = [group for group in planned.create if group and all(face in movable for face, _ in group)]
    made = _place(connection, dataset_id, attach, create, fragments)
    released = sorted(bound.intersection(planned.release))
    _release(connection, released)
    gone = {face for face, _, _ in attach} | {face for group in create for face, _ in group} | set(released)
    left = {planned.leaving[face] for face in gone & bound}
    joined = [each for each in planned.absorb if _absorb(connection, each, fragments, settled, rejected)]
    touched = {cluster for _, cluster, _ in attach} | made | left | {each.target for each in joined}
    return Applied(
        attached=len(attach),
        created=len(made),
        founded=sum(map(len, create)),
        touched=frozenset(touched - {each.source for each in joined}),
        joined=len(joined),
        released=len(released),
    )


def _place(
    connection: Connection,
    dataset_id: int,
    attach: Sequence[Attachment],
    create: Sequence[Founding],
    fragments: Mapping[int, int],
) -> set[int]:
    """Put faces into clusters that are there and into new ones; return the rows of those."""
    places = [{"row": face, "fragment": fragments[home], "sure": sure} for face, home, sure in attach]
    made: set[int] = set()
    for group in create:
        cluster, fragment = found_cluster(connection, dataset_id)
        made.add(cluster)
        places += [{"row": face, "fragment": fragment, "sure": sure} for face, sure in group]
    if places:
        connection.execute(_ASSIGN, places)
    return made


def _standing(connection: Connection, dataset_id: int, faces: set[int]) -> dict[int, tuple[int | None, bool]]:
    """The fragment of each face that is there and live, and whether a person put it there; locked."""
    found: dict[int, tuple[int | None, bool]] = {}
    for ids in batches(sorted(faces)):
        rows = connection.execute(_LIVE, {"ids": ids, "dataset_id": dataset_id})
        found.update((row.id, (row.fragment_id, row.pinned)) for row in rows)
    return found


def _bound(
    connection: Connection,
    standing: Mapping[int, tuple[int | None, bool]],
    leaving: Mapping[int, int],
    settled: Collection[int],
) -> set[int]:
    """The faces that may leave: those that are where the run found them, and no person has said anything of that."""
    fragments = {standing[face][0] for face in leaving if face in standing}
    homes: dict[int | None, int] = {}
    for ids in batches(sorted(fragment for fragment in fragments if fragment is not None)):
        found = select(_fragments.id, _fragments.cluster_id).where(_fragments.id.in_(ids))
        homes.update((row.id, row.cluster_id) for row in connection.execute(found))
    return {
        face
        for face, cluster in leaving.items()
        if cluster not in settled
        and face in standing
        and not standing[face][1]
        and homes.get(standing[face][0]) == cluster
    }


def _absorb(
    connection: Connection,
    planned: Absorption,
    fragments: Collection[int],
    settled: Collection[int],
    rejected: Collection[tuple[int, int]],
) -> bool:
    """Hand the fragments of a cluster to another, unless a person has said something against it meanwhile."""
    source, target = planned.source, planned.target
    if source in settled or source not in fragments or target not in fragments:
        return False
    inside = select(_figures.id).join_from(schema.figures, schema.fragments).where(_fragments.cluster_id == source)
    faces = set(connection.scalars(inside))
    if any((face, target) in rejected for face in faces):
        return False
    connection.execute(update(schema.fragments).where(_fragments.cluster_id == source).values(cluster_id=target))
    connection.execute(delete(schema.clusters).where(_clusters.id == source))
    sure = [{"row": face, "sure": confidence} for face, confidence in planned.sure if face in faces]
    if sure:
        connection.execute(_RATE, sure)
    return True


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


def _release(connection: Connection, faces: Sequence[int]) -> None:
    nowhere = {"fragment_id": None, "confidence": None, "clustered": True}
    for ids in batches(faces):
        connection.execute(update(schema.figures).where(_figures.id.in_(ids)).values(nowhere))
