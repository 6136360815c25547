"""How clusters are listed: by what they are sorted, and which are meant."""

from typing import Any

import msgspec
from sqlalchemy import BigInteger, ColumnElement, literal

from vultus.catalog import schema
from vultus.catalog.label_index import has_label
from vultus.catalog.paging import PageKey, Range, within
from vultus.errors import InvalidArgument
from vultus.model import FigureCluster

_clusters = schema.clusters.c
# All clusters of a query are of one project and one dataset, so by those they are equal.
_SORTS: dict[str, ColumnElement[Any]] = {
    "": _clusters.object_id,
    "ImageCount": _clusters.image_count,
    "VideoCount": _clusters.video_count,
    "ProjectName": literal(0, BigInteger),
    "DatasetName": literal(0, BigInteger),
    "CreateTime": _clusters.create_time,
    "UpdateTime": _clusters.update_time,
    "Gender": _clusters.gender,
    "FaceCount": _clusters.face_count,
    "GroupName": _clusters.name,
}


class ClusterPage(msgspec.Struct, frozen=True):
    """Some clusters, and where the next page begins; None after the last."""

    clusters: list[FigureCluster]
    next: PageKey | None


class ClusterFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which clusters of a dataset are meant."""

    custom_label: tuple[str, str] | None = None  # key and value, in any case
    create_range: Range | None = None
    update_range: Range | None = None
    ignored: bool = False  # those that nobody cares for, instead of the others

    def conditions(self, dataset_id: int) -> list[ColumnElement[bool]]:
        """Return the conditions that a row must fulfil."""
        conditions = [_clusters.dataset_id == dataset_id, _clusters.ignored.is_(self.ignored)]
        if self.custom_label is not None:
            conditions.append(has_label(_clusters.label_index, *self.custom_label))
        conditions += within(_clusters.create_time, self.create_range)
        conditions += within(_clusters.update_time, self.update_range)
        return conditions


def sort_column(sort: str) -> ColumnElement[Any]:
    """Return the column of a sort that callers name; empty for ObjectId.

    Raises:
        InvalidArgument: clusters cannot be sorted by it.
    """
    if sort not in _SORTS:
        names = ", ".join(name for name in _SORTS if name)
        raise InvalidArgument(f"Sort is {sort!r}; clusters are sorted by {names}, or by id when it is empty.")
    return _SORTS[sort]
