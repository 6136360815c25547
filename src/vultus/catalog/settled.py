"""Clusters of which a person has said something: no run joins them to another or takes them apart."""

from sqlalchemy import Connection, select

from vultus.catalog import schema

_clusters, _figures, _fragments = schema.clusters.c, schema.figures.c, schema.fragments.c
_rejections, _distinctions = schema.rejections.c, schema.distinctions.c


def settled_clusters(connection: Connection, dataset_id: int) -> set[int]:
    """Return the rows of the clusters that are settled.

    They are those that a person named, merged or otherwise formed; that faces or other people were told from; and that
    faces were put into by hand. Their decisions need no following through joins and splits that no person asked for.
    """
    formed = select(_clusters.id).where(_clusters.dataset_id == dataset_id, _clusters.edited.is_(True))
    rejected = select(_rejections.cluster_id).where(_rejections.dataset_id == dataset_id)
    first = select(_distinctions.first_id).where(_distinctions.dataset_id == dataset_id)
    second = select(_distinctions.second_id).where(_distinctions.dataset_id == dataset_id)
    pinned = select(_fragments.cluster_id).join_from(schema.figures, schema.fragments)
    pinned = pinned.where(_figures.dataset_id == dataset_id, _figures.pinned.is_(True))
    return {row for each in (formed, rejected, first, second, pinned) for row in connection.scalars(each)}
