"""Merging: people who turn out to be one."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta

from vultus.errors import InvalidArgument, ResourceNotFound
from vultus.jobs.merge_clusters import Merging
from vultus.model import Dataset
from vultus.model.wire import Map, Text, Unset
from vultus.operations.call import Call
from vultus.operations.labels import check_labels
from vultus.operations.notification import Notifying
from vultus.operations.operation import Request, Response, operation

TASK_TYPE = "FigureClustersMerging"


class CreateFigureClustersMergingTaskRequest(Notifying):
    project_name: str
    dataset_name: str
    to: str
    from_: Text = UNSET
    froms: Annotated[list[str], Meta(min_length=1, max_length=100)] | Unset = UNSET
    tags: Map = UNSET

    def __post_init__(self) -> None:
        """Check what a type cannot say."""
        super().__post_init__()
        if bool(self.from_) == bool(self.froms):
            raise InvalidArgument("One of From and Froms names the clusters to merge, and not both.")
        if self.to in self.sources:
            raise InvalidArgument("To is among the clusters to merge; it must be another one.")
        if isinstance(self.tags, dict):
            check_labels("Tags", self.tags)

    @property
    def sources(self) -> list[str]:
        """The clusters that disappear."""
        return list(dict.fromkeys(self.froms or [])) or [str(self.from_)]


class CreateFigureClustersMergingTaskResponse(Response):
    task_id: str
    event_id: str


@operation(level="create", resource=Dataset)
def create_figure_clusters_merging_task(
    call: Call, request: CreateFigureClustersMergingTaskRequest
) -> CreateFigureClustersMergingTaskResponse:
    """Merge clusters into another, in the background; GetTask tells of it as `FigureClustersMerging`.

    From names one cluster, Froms up to 100; they disappear. The cluster that To names keeps its id, name, labels and
    cover, or takes those of the largest of the others where it has none. A merge waits for a clustering run of the
    dataset to end. UndoDecision takes it back.
    """
    with call.catalog.transaction():
        dataset = call.dataset(request)
        named = [request.to, *request.sources]
        known = {cluster.object_id for cluster in call.catalog.clusters.get_many(dataset, named)}
        if missing := [object_id for object_id in named if object_id not in known]:
            raise ResourceNotFound(f"figure cluster {missing[0]}")
        task = call.catalog.tasks.create(
            dataset.project_id,
            dataset.id,
            TASK_TYPE,
            action="CreateFigureClustersMergingTask",
            user_data=request.user_data or "",
            tags=request.tags or None,
            request=msgspec.json.encode(request).decode(),
        )
        merging = Merging(request.to, request.sources, call.principal.user)
        payload = {**msgspec.to_builtins(request.event(call, task.event_id)), "merging": msgspec.to_builtins(merging)}
        call.catalog.jobs.put("merge", dataset_id=dataset.id, task=task.id, payload=payload)
    return CreateFigureClustersMergingTaskResponse(task_id=task.task_id, event_id=task.event_id)


class MergeFigureClustersRequest(Request):
    project_name: str
    dataset_name: str
    to: str
    froms: Annotated[list[str], Meta(min_length=1, max_length=100)]


class MergeFigureClustersResponse(Response):
    pass


@operation(level="update", resource=Dataset, product="vultus")
def merge_figure_clusters(call: Call, request: MergeFigureClustersRequest) -> MergeFigureClustersResponse:
    """Merge clusters into another at once, as CreateFigureClustersMergingTask does in the background."""
    call.catalog.clusters.merge(call.dataset(request), request.to, request.froms, call.principal.user)
    return MergeFigureClustersResponse()
