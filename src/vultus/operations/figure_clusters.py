"""Figure clusters: the people of a dataset."""

from typing import Annotated, Literal, TypedDict

import msgspec
from msgspec import UNSET, Meta

from vultus.catalog.paging import PageKey, Range
from vultus.errors import InvalidArgument
from vultus.model import Dataset, FigureCluster, TimeRange
from vultus.model.wire import Map, Text, Unset, Whole, Wire
from vultus.operations.call import Call
from vultus.operations.labels import check_labels
from vultus.operations.operation import Request, Response, operation
from vultus.operations.paging import PlaceToken, length_of, read_place, write_token
from vultus.operations.selector import read_pair, read_range

Sort = Literal[
    "ImageCount",
    "VideoCount",
    "ProjectName",
    "DatasetName",
    "CreateTime",
    "UpdateTime",
    "Gender",
    "FaceCount",
    "GroupName",
]
Order = Literal["asc", "desc"]
SAID = 1024  # characters of what is said of a cluster


class GetFigureClusterRequest(Request):
    project_name: str
    dataset_name: str
    object_id: str


class GetFigureClusterResponse(Response):
    figure_cluster: FigureCluster


@operation(level="get", resource=Dataset, quick=True)
def get_figure_cluster(call: Call, request: GetFigureClusterRequest) -> GetFigureClusterResponse:
    """Return a cluster; an unknown one is an error, ResourceNotFound."""
    return GetFigureClusterResponse(figure_cluster=call.catalog.clusters.get(call.dataset(request), request.object_id))


class BatchGetFigureClusterRequest(Request):
    project_name: str
    dataset_name: str
    object_ids: Annotated[list[str], Meta(min_length=1, max_length=100)]


class BatchGetFigureClusterResponse(Response):
    figure_clusters: list[FigureCluster]


@operation(level="get", resource=Dataset, quick=True)
def batch_get_figure_cluster(call: Call, request: BatchGetFigureClusterRequest) -> BatchGetFigureClusterResponse:
    """Return the clusters named by ObjectIds, in order of first mention.

    Unknown ids are left out: a caller sees a deleted cluster by its absence.
    """
    dataset = call.dataset(request)
    return BatchGetFigureClusterResponse(figure_clusters=call.catalog.clusters.get_many(dataset, request.object_ids))


class QueryFigureClustersRequest(Request):
    project_name: str
    dataset_name: str
    max_results: Annotated[int, Meta(ge=0, le=100)] | Unset = UNSET
    next_token: Text = UNSET
    sort: Sort | Unset = UNSET
    order: Order = "asc"
    custom_labels: Text = UNSET
    create_time_range: TimeRange | Unset = UNSET
    update_time_range: TimeRange | Unset = UNSET
    with_total_count: bool = False


class QueryFigureClustersResponse(Response):
    figure_clusters: list[FigureCluster]
    next_token: Text = UNSET
    total_count: Whole = UNSET


class Filters(TypedDict):
    """Which clusters are listed, as the catalog takes it."""

    custom_label: tuple[str, str] | None
    create_range: Range | None
    update_range: Range | None


class ClusterToken(PlaceToken, frozen=True, tag="cluster"):
    """Where a page of clusters ended."""


@operation(level="list", resource=Dataset)
def query_figure_clusters(call: Call, request: QueryFigureClustersRequest) -> QueryFigureClustersResponse:
    """List the clusters of a dataset, by id unless Sort says otherwise.

    CustomLabels is `key=value`, in any case. Time ranges include both ends. A page starts behind the last cluster of
    the page before, so that clusters that come and go meanwhile neither shift the list nor bring one twice. People
    whom somebody said to ignore are left out.
    """
    dataset = call.dataset(request)
    filters = Filters(
        custom_label=read_pair("CustomLabels", request.custom_labels),
        create_range=read_range("CreateTimeRange", request.create_time_range),
        update_range=read_range("UpdateTimeRange", request.update_time_range),
    )
    sort = "" if request.sort is UNSET else str(request.sort)
    place = read_place(request.next_token, ClusterToken, sort, request.order)
    page = call.catalog.clusters.query(
        dataset,
        sort,
        request.order,
        limit=length_of(request.max_results),
        after=PageKey(place.value, place.row) if place else None,
        **filters,
    )
    following = page.next and write_token(ClusterToken(sort, request.order, page.next.value, page.next.id))
    return QueryFigureClustersResponse(
        figure_clusters=page.clusters,
        next_token=following or UNSET,
        total_count=call.catalog.clusters.total(dataset, **filters) if request.with_total_count else UNSET,
    )


class CoverFigure(Wire):
    """A face."""

    figure_id: Text = UNSET


class CoverChoice(Wire):
    """The face that a cluster is shown by: the first of these."""

    figures: list[CoverFigure] | Unset = UNSET


class FigureClusterChange(Wire):
    """What a person says of a cluster, which is named by its id."""

    object_id: Text = UNSET
    name: Text = UNSET
    custom_id: Text = UNSET
    custom_labels: Map = UNSET
    cover: CoverChoice | Unset = UNSET
    meta_lock_version: Whole = UNSET


class UpdateFigureClusterRequest(Request):
    project_name: str
    dataset_name: str
    figure_cluster: FigureClusterChange

    def __post_init__(self) -> None:
        """Check what a type cannot say."""
        cluster = self.figure_cluster
        if not cluster.object_id:
            raise InvalidArgument("FigureCluster names the cluster by its ObjectId.")
        for name, value in (("Name", cluster.name), ("CustomId", cluster.custom_id)):
            if isinstance(value, str) and len(value) > SAID:
                raise InvalidArgument(f"{name} must be text of at most {SAID} characters.")
        if isinstance(cluster.custom_labels, dict):
            check_labels("CustomLabels", cluster.custom_labels)


class UpdateFigureClusterResponse(Response):
    pass


@operation(level="update", resource=Dataset)
def update_figure_cluster(call: Call, request: UpdateFigureClusterRequest) -> UpdateFigureClusterResponse:
    """Change the Name, CustomId, CustomLabels or cover of a cluster; nothing else of it can be said by hand.

    What is left out stays. An empty text clears Name or CustomId; CustomLabels are replaced as a whole, and an empty
    map clears them. Of Cover only the FigureId of its first figure counts, which must be a face of the cluster. With
    a MetaLockVersion, nothing changes unless it is the stored one; each change adds 1 to that.
    """
    change = msgspec.convert(msgspec.to_builtins(request.figure_cluster), FigureCluster)
    call.catalog.clusters.update(call.dataset(request), change, call.principal.user)
    return UpdateFigureClusterResponse()
