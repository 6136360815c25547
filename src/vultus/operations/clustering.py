"""Clustering: faces into people, in the background."""

import msgspec
from msgspec import UNSET

from vultus.catalog.tasks import TaskRow
from vultus.jobs.runs import USUAL, Run
from vultus.model import Dataset
from vultus.model.wire import Map
from vultus.operations.call import Call
from vultus.operations.labels import check_labels
from vultus.operations.notification import Notifying
from vultus.operations.operation import Response, operation


class ClusteringRequest(Notifying):
    """What every run is asked for with."""

    project_name: str
    dataset_name: str
    tags: Map = UNSET

    def __post_init__(self) -> None:
        """Check what a type cannot say."""
        super().__post_init__()
        if isinstance(self.tags, dict):
            check_labels("Tags", self.tags)


class CreateFigureClusteringTaskRequest(ClusteringRequest):
    pass


class CreateFigureClusteringTaskResponse(Response):
    task_id: str
    event_id: str


@operation(level="create", resource=Dataset)
def create_figure_clustering_task(
    call: Call, request: CreateFigureClusteringTaskRequest
) -> CreateFigureClusteringTaskResponse:
    """Group the faces of a dataset into people: those not grouped yet join a cluster or found one.

    The answer comes before the work is done; GetTask tells of it under the TaskType `FaceClustering`. Calls that
    come while a run waits to begin share that run, each with a TaskId of its own.
    """
    task = start_run(call, request, USUAL, "CreateFigureClusteringTask")
    return CreateFigureClusteringTaskResponse(task_id=task.task_id, event_id=task.event_id)


def start_run(call: Call, request: ClusteringRequest, run: Run, action: str) -> TaskRow:
    """Start a task for a run, and queue the run unless one of its kind waits already."""
    with call.catalog.transaction():
        dataset = call.dataset(request)
        task = call.catalog.tasks.create(
            dataset.project_id,
            dataset.id,
            run.task_type,
            action=action,
            user_data=request.user_data or "",
            tags=request.tags or None,
            request=msgspec.json.encode(request).decode(),
        )
        call.catalog.jobs.put(
            run.kind,
            dataset_id=dataset.id,
            task=task.id,
            key=run.key(dataset.id),
            payload=msgspec.to_builtins(request.event(call, task.event_id)),
        )
    return task
