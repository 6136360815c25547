"""Clusters of which a person has said something: no run joins them to another or takes them apart."""

import msgspec
from sqlalchemy import Connection, select

from vultus.catalog import schema

_clusters, _figures, _fragments = schema.clusters.c, schema.figures.c, schema.fragments.c
_rejections, _distinctions, _decisions = schema.rejections.c, schema.distinctions.c, schema.decisions.c


class _Place(msgspec.Struct):
    cluster: int | None = None


class _Moved(msgspec.Struct):
    before: _Place


class _Change(msgspec.Struct):
    figures: list[_Moved] = []


class _Move(msgspec.Struct):
    """What a move tells of where the faces came from."""

    change: _Change = msgspec.field(default_factory=_Change)


_moves = msgspec.json.Decoder(_Move)


def settled_clusters(connection: Connection, dataset_id: int) -> set[int]:
    """Return the rows of the clusters that are settled.

    They are those that a person named, merged or otherwise formed; that faces or other people were told from; and that
    faces were put into, or taken out of, by hand. So no decision has to be followed through joins and splits that no
    person asked for.
    """
    formed = select(_clusters.id).where(_clusters.dataset_id == dataset_id, _clusters.edited.is_(True))
    rejected = select(_rejections.cluster_id).where(_rejections.dataset_id == dataset_id)
    first = select(_distinctions.first_id).where(_distinctions.dataset_id == dataset_id)
    second = select(_distinctions.second_id).where(_distinctions.dataset_id == dataset_id)
    pinned = select(_fragments.cluster_id).join_from(schema.figures, schema.fragments)
    pinned = pinned.where(_figures.dataset_id == dataset_id, _figures.pinned.is_(True))
    said = {row for each in (formed, rejected, first, second, pinned) for row in connection.scalars(each)}
    return said | _left_by_hand(connection, dataset_id)


def _left_by_hand(connection: Connection, dataset_id: int) -> set[int]:
    """Clusters that faces were moved out of: whose they are not was said without a word."""
    moves = select(_decisions.payload).where(_decisions.dataset_id == dataset_id, _decisions.kind == "move")
    left: set[int] = set()
    for payload in connection.scalars(moves.where(_decisions.undone_time.is_(None))):
        left.update(each.before.cluster for each in _moves.decode(payload).change.figures if each.before.cluster)
    return left
