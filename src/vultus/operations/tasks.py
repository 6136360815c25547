"""Tasks: work that a caller asked for and comes back to ask about. They are remembered for seven days."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta
from msgspec.structs import asdict

from vultus.catalog.paging import PageKey
from vultus.catalog.tasks import TaskRow
from vultus.errors import InvalidArgument
from vultus.model import Project, TaskInfo, TimeRange, moment
from vultus.model.wire import Map, Text, Unset
from vultus.operations.call import Call
from vultus.operations.operation import Request, Response, operation
from vultus.operations.paging import DEFAULT_LENGTH, PlaceToken, read_place, write_token
from vultus.operations.selector import read_pair, read_range

MILLISECOND = 1_000_000  # nanoseconds

TaskType = Literal[
    "VideoLabelClassification",
    "FaceClustering",
    "OfficeConversion",
    "ImageModeration",
    "VideoModeration",
    "MediaConvert",
    "FileCompression",
    "ArchiveFileInspection",
    "FileUncompression",
    "PointCloudCompress",
    "ImageToPDF",
    "StoryCreation",
    "LocationDateClustering",
    "ImageSplicing",
    "FacesSearching",
    "FigureClustersMerging",
    "FullFigureClustering",
    "EmbeddingModelChange",
    "FigureClusteringProposal",
]


class GetTaskRequest(Request):
    project_name: str
    task_id: str
    task_type: TaskType
    request_definition: bool = False


class GetTaskResponse(Response):
    project_name: str
    task_id: str
    task_type: str
    status: str
    progress: int
    start_time: str
    end_time: Text
    code: Text
    message: Text
    user_data: Text
    tags: Map
    task_request_definition: Text
    event_id: str


@operation(level="get", resource=Project, quick=True)
def get_task(call: Call, request: GetTaskRequest) -> GetTaskResponse:
    """Return a task: `Running`, `Succeeded` or `Failed`.

    Progress goes from 0 to 100. Code and Message tell why a task failed. With RequestDefinition, the parameters that
    it was asked for with come along as one JSON text.
    """
    row = call.catalog.tasks.get(call.project(request).id, request.task_id, request.task_type)
    info = task_info(row, request.request_definition)
    return GetTaskResponse(project_name=request.project_name, event_id=row.event_id, **asdict(info))


class ListTasksRequest(Request):
    project_name: str
    task_types: Annotated[list[TaskType], Meta(max_length=20)] | Unset = UNSET
    status: Literal["Running", "Succeeded", "Failed"] | Unset = UNSET
    tag_selector: Text = UNSET
    start_time_range: TimeRange | Unset = UNSET
    end_time_range: TimeRange | Unset = UNSET
    sort: Literal["TaskId", "StartTime", "EndTime"] = "TaskId"
    order: Literal["asc", "desc"] = "asc"
    max_results: Annotated[int, Meta(ge=1, le=100)] = DEFAULT_LENGTH
    next_token: Text = UNSET
    request_definition: bool = False


class ListTasksResponse(Response):
    project_name: str
    tasks: list[TaskInfo]
    max_results: str
    next_token: Text = UNSET


class TaskToken(PlaceToken, frozen=True, tag="task"):
    """Where a page of tasks ended."""


@operation(level="list", resource=Project)
def list_tasks(call: Call, request: ListTasksRequest) -> ListTasksResponse:
    """List the tasks of a project, by TaskId unless Sort says otherwise.

    TagSelector is `key=value`, in any case. Time ranges include both ends. A task that still runs comes before all
    that have an EndTime. MaxResults of the answer is how many tasks it holds, as text.
    """
    place = read_place(request.next_token, TaskToken, request.sort, request.order)
    rows, last = call.catalog.tasks.page(
        call.project(request).id,
        request.sort,
        request.order,
        task_types=None if request.task_types is UNSET else list(request.task_types) or None,
        status=None if request.status is UNSET else request.status,
        tag=read_pair("TagSelector", request.tag_selector),
        start_range=read_range("StartTimeRange", request.start_time_range),
        end_range=read_range("EndTimeRange", request.end_time_range),
        limit=request.max_results,
        after=PageKey(place.value, place.row) if place else None,
    )
    following = last and write_token(TaskToken(request.sort, request.order, last.value, last.id))
    return ListTasksResponse(
        project_name=request.project_name,
        tasks=[task_info(row, request.request_definition) for row in rows],
        max_results=str(len(rows)),
        next_token=following or UNSET,
    )


class CancelTaskRequest(Request):
    project_name: str
    task_id: str


class CancelTaskResponse(Response):
    pass


@operation(level="update", resource=Project, product="vultus")
def cancel_task(call: Call, request: CancelTaskRequest) -> CancelTaskResponse:
    """Cancel a task that is running: it ends as Failed, with the Code TaskCancelled.

    Work that no other task waits for is broken off at its next step, and nothing of it is kept.
    """
    row = call.catalog.tasks.get(call.project(request).id, request.task_id)
    if not call.catalog.tasks.cancel(row.id, call.principal.user):
        raise InvalidArgument(f"The task {request.task_id} has ended: only a running task is cancelled.")
    return CancelTaskResponse()


def task_info(row: TaskRow, with_definition: bool = False) -> TaskInfo:
    """Return a task as lists show it."""
    return TaskInfo(
        task_id=row.task_id,
        task_type=row.task_type,
        status=row.status,
        progress=row.progress,
        start_time=_time(row.start_time),
        end_time=UNSET if row.end_time is None else _time(row.end_time),
        code=row.code or UNSET,
        message=row.message or UNSET,
        user_data=row.user_data or UNSET,
        tags=UNSET if row.tags is None else row.tags,
        task_request_definition=row.request if with_definition else UNSET,
    )


def _time(nanoseconds: int) -> str:
    """A time to the millisecond, as IMM gives those of tasks."""
    return moment.to_wire(nanoseconds // MILLISECOND * MILLISECOND)
