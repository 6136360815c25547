"""Keeping what clusters say true to their faces, in the transaction that changes the faces."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, bindparam, delete, select, update

from vultus.catalog import schema
from vultus.catalog.database import batches
from vultus.catalog.summary import Member, Summary, summarise
from vultus.config import People
from vultus.model import moment

_clusters, _figures = schema.clusters.c, schema.figures.c
_SAID = Summary.__struct_fields__
_MEMBERS = (
    select(
        schema.fragments.c.cluster_id,
        _figures.id,
        _figures.file_id,
        schema.files.c.media_type,
        *(_figures[name] for name in ("side", "quality", "pitch", "roll", "yaw", "gender", "age")),
    )
    .join_from(schema.fragments, schema.figures, _figures.fragment_id == schema.fragments.c.id)
    .join(schema.files, schema.files.c.id == _figures.file_id)
    .where(schema.fragments.c.cluster_id.in_(bindparam("ids", expanding=True)), _figures.state == "live")
)
_STORED = select(
    _clusters.id, _clusters.cover_pinned, _clusters.update_time, *(_clusters[name] for name in _SAID)
).where(_clusters.id.in_(bindparam("ids", expanding=True)))
_LOCK = _STORED.order_by(_clusters.id).with_for_update(key_share=True)
_STORE = update(schema.clusters).where(_clusters.id == bindparam("row"))


def refresh_clusters(connection: Connection, cluster_ids: Iterable[int], gate: People) -> None:
    """Recompute counts, gender, ages and cover of these clusters; those without faces are deleted.

    A pinned cover stays as long as its face is one of the cluster. Rows are locked in the order of their ids before
    the faces are read: whoever comes second sees what the first has changed, and nobody waits in a ring.
    """
    for ids in batches(sorted(set(cluster_ids))):
        stored = connection.execute(_LOCK, {"ids": ids}).all()
        members = _members(connection, ids)
        empty = [row.id for row in stored if not members[row.id]]
        if empty:
            connection.execute(delete(schema.clusters).where(_clusters.id.in_(empty)))
        changed = [change for row in stored if members[row.id] and (change := _change(row, members[row.id], gate))]
        if changed:
            connection.execute(_STORE, changed)


def untrue_clusters(connection: Connection, cluster_ids: Sequence[int], gate: People) -> list[int]:
    """Return the clusters that ``refresh_clusters`` would change or delete; rows."""
    untrue: list[int] = []
    for ids in batches(cluster_ids):
        members = _members(connection, ids)
        for row in connection.execute(_STORED, {"ids": ids}):
            if not members[row.id] or _change(row, members[row.id], gate):
                untrue.append(row.id)
    return untrue


def _members(connection: Connection, cluster_ids: Sequence[int]) -> dict[int, list[Member]]:
    members: dict[int, list[Member]] = defaultdict(list)
    for cluster_id, *face in connection.execute(_MEMBERS, {"ids": cluster_ids}).all():
        members[cluster_id].append(Member(*face))
    return members


def _change(row: Row[*tuple[Any, ...]], members: Sequence[Member], gate: People) -> dict[str, object]:
    """What must be written of a cluster; nothing when it says the truth already."""
    summary = summarise(members, gate)
    pinned = row.cover_pinned and any(member.figure == row.cover_figure for member in members)
    if pinned:
        summary = msgspec.structs.replace(summary, cover_figure=row.cover_figure)
    if pinned == row.cover_pinned and all(getattr(row, name) == getattr(summary, name) for name in _SAID):
        return {}
    # The first faces of a new cluster are no change of it.
    updated = moment.now() if row.face_count else row.update_time
    return {"row": row.id, **msgspec.structs.asdict(summary), "cover_pinned": pinned, "update_time": updated}
