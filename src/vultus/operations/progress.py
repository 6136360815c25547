"""Progress: how far the work on a dataset is, and what came to nothing."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta
from msgspec.structs import asdict

from vultus.catalog.tasks import TaskRow
from vultus.jobs.runs import FULL, USUAL
from vultus.model import Dataset, Project, TaskInfo
from vultus.model.wire import Text, Unset, Whole, Wire
from vultus.operations.call import Call
from vultus.operations.operation import Request, Response, operation
from vultus.operations.paging import RowToken, cut, length_of, read_token
from vultus.operations.tasks import task_info
from vultus.people.report import GroupingReport


class JobCounts(Wire):
    """How much work of a kind waits, is done at this moment, or was given up."""

    kind: str
    queued: int
    running: int
    failed: int


class RunReport(Wire):
    """What a clustering run did.

    Figures were looked at. AttachedFigures joined people who were there, PlacedFigures founded CreatedFigureClusters;
    JoinedFigureClusters became part of another, ReleasedFigures left the cluster they were in. AloneFigures belong to
    nobody: Skipped counts them by the reason why.
    """

    figures: int
    attached_figures: int
    created_figure_clusters: int
    placed_figures: int
    joined_figure_clusters: int
    released_figures: int
    alone_figures: int
    skipped: dict[str, int]


class TaskProgress(TaskInfo):
    """A task, what it is doing at this moment, and what came of it: Done of Total of a Phase."""

    phase: Text = UNSET
    done: Whole = UNSET
    total: Whole = UNSET
    report: RunReport | Unset = UNSET


class FileProgress(Wire):
    """A file that is being indexed, and how much of it is done, from 0 to 100."""

    uri: str
    progress: int


class GetProgressRequest(Request):
    project_name: str
    dataset_name: str


class GetProgressResponse(Response):
    pending: int
    indexing: int
    indexed: int
    failed: int
    figures: int
    grouped_figures: int
    figure_clusters: int
    jobs: list[JobCounts]
    indexing_files: list[FileProgress]
    latest_task: TaskProgress | Unset = UNSET


@operation(level="get", resource=Dataset, product="vultus")
def get_progress(call: Call, request: GetProgressRequest) -> GetProgressResponse:
    """Count the files of a dataset by status, its faces and people, and the work that is left.

    GroupedFigures are the faces that belong to a cluster. Jobs are counted by kind, those that are done left out.
    IndexingFiles are those that workers are at: a long video tells every second how far it is, a photo is done at once.
    LatestTask is the one that was started last, as GetTaskProgress tells of it.
    """
    dataset = call.dataset(request)
    overview = call.catalog.overview
    files, population = call.catalog.files.counts(dataset.id), overview.population(dataset.id)
    task = overview.latest_task(dataset.id)
    return GetProgressResponse(
        pending=files.pending,
        indexing=files.indexing,
        indexed=files.indexed,
        failed=files.failed,
        figures=population.figures,
        grouped_figures=population.grouped_figures,
        figure_clusters=population.clusters,
        jobs=[
            JobCounts(kind=each.kind, queued=each.queued, running=each.running, failed=each.failed)
            for each in overview.jobs(dataset.id)
        ],
        indexing_files=[FileProgress(uri=each.uri, progress=each.progress) for each in overview.at_work(dataset.id)],
        latest_task=UNSET if task is None else _task_progress(task),
    )


class GetTaskProgressRequest(Request):
    project_name: str
    task_id: str


class GetTaskProgressResponse(Response):
    task: TaskProgress


@operation(level="get", resource=Project, product="vultus", quick=True)
def get_task_progress(call: Call, request: GetTaskProgressRequest) -> GetTaskProgressResponse:
    """Return a task with the phase that its work is in, and how much of it is done.

    The phases of a clustering run are `Loading`, `Neighbours`, `Evidence`, `Partition`, `Merging`, `Planning` and
    `Placing`; some come twice, or not at all. Once the run is done, Report tells what it did, and why faces were left
    alone.
    """
    return GetTaskProgressResponse(
        task=_task_progress(call.catalog.tasks.get(call.project(request).id, request.task_id))
    )


class FailedFile(Wire):
    """A file that could not be indexed, and why."""

    uri: str
    reason: str


class ListFailuresRequest(Request):
    project_name: str
    dataset_name: str
    max_results: Annotated[int, Meta(ge=0, le=100)] | Unset = UNSET
    next_token: Text = UNSET


class ListFailuresResponse(Response):
    failures: list[FailedFile]
    next_token: Text = UNSET


class FailureToken(RowToken, frozen=True, tag="failure"):
    """Where a page of failures ended."""


@operation(level="list", resource=Dataset, product="vultus")
def list_failures(call: Call, request: ListFailuresRequest) -> ListFailuresResponse:
    """List the files of a dataset that could not be indexed, in the order in which they came."""
    dataset = call.dataset(request)
    length, token = length_of(request.max_results), read_token(request.next_token, FailureToken)
    rows = call.catalog.overview.failures(dataset.id, token.row if token else 0, length + 1)
    page, following = cut(rows, length, lambda row: FailureToken(row.id))
    return ListFailuresResponse(
        failures=[FailedFile(uri=row.uri, reason=row.reason) for row in page], next_token=following
    )


def _task_progress(row: TaskRow) -> TaskProgress:
    begun = row.phase is not None
    return TaskProgress(
        **asdict(task_info(row)),
        phase=row.phase or UNSET,
        done=row.done if begun else UNSET,
        total=row.total if begun else UNSET,
        report=_report(row),
    )


def _report(row: TaskRow) -> RunReport | Unset:
    if row.report is None or row.task_type not in (USUAL.task_type, FULL.task_type):
        return UNSET
    told = msgspec.json.decode(row.report, type=GroupingReport)
    return RunReport(
        figures=told.faces,
        attached_figures=told.attached,
        created_figure_clusters=told.created,
        placed_figures=told.placed,
        joined_figure_clusters=told.joined,
        released_figures=told.released,
        alone_figures=told.alone,
        skipped=told.skipped,
    )
