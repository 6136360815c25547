"""How faces and clusters stand at this moment, as decisions need to know it."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, or_, select

from vultus.catalog import schema
from vultus.catalog.change import ClusterFacts, Place
from vultus.catalog.database import batches

_clusters, _figures, _fragments = schema.clusters.c, schema.figures.c, schema.fragments.c
_rejections, _distinctions = schema.rejections.c, schema.distinctions.c
_PLACES = (
    select(
        *(_figures.id, _figures.figure_id, _figures.state, _figures.pinned, _figures.fragment_id),
        *(_fragments.cluster_id, _figures.confidence, _figures.clustered),
    )
    .select_from(schema.figures)
    .outerjoin(schema.fragments, _fragments.id == _figures.fragment_id)
)
_FACTS = [_clusters[name] for name in ClusterFacts.__struct_fields__ if name not in ("rejected", "distinct")]


def places(connection: Connection, column: ColumnElement[Any], wanted: Sequence[Any]) -> dict[int, tuple[str, Place]]:
    """Return id and place of the faces whose ``column`` has one of the wanted values, by row."""
    found: dict[int, tuple[str, Place]] = {}
    for some in batches(wanted):
        query = _PLACES.where(column.in_(some)).order_by(_figures.id)
        for row, figure_id, *place in connection.execute(query):
            found[row] = (figure_id, Place(*place))
    return found


def cluster_facts(connection: Connection, clusters: Sequence[int]) -> dict[int, ClusterFacts | None]:
    """Return what clusters are like, by row; None for those that are not there."""
    facts: dict[int, ClusterFacts | None] = dict.fromkeys(clusters)
    for some in batches(clusters):
        rejected = _grouped(connection, select(_rejections.cluster_id, _rejections.figure_id), _rejections, some)
        distinct = _distinct(connection, some)
        for row, *said in connection.execute(select(_clusters.id, *_FACTS).where(_clusters.id.in_(some))):
            told = ClusterFacts(*(*said, rejected.get(row, []), distinct.get(row, [])))
            facts[row] = told if told.cover_pinned else msgspec.structs.replace(told, cover_figure=None)
    return facts


def _grouped(connection: Connection, query: Any, columns: Any, clusters: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for cluster, other in connection.execute(query.where(columns.cluster_id.in_(clusters))):
        found.setdefault(cluster, []).append(other)
    return {cluster: sorted(others) for cluster, others in found.items()}


def _distinct(connection: Connection, clusters: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    either = or_(_distinctions.first_id.in_(clusters), _distinctions.second_id.in_(clusters))
    for first, second in connection.execute(select(_distinctions.first_id, _distinctions.second_id).where(either)):
        found.setdefault(first, []).append(second)
        found.setdefault(second, []).append(first)
    return {cluster: sorted(others) for cluster, others in found.items()}
