"""Progress: how far the work on a dataset is, and what came to nothing."""

from typing import Annotated

from msgspec import UNSET, Meta

from vultus.model import Dataset, TaskInfo
from vultus.model.wire import Text, Unset, Wire
from vultus.operations.call import Call
from vultus.operations.operation import Request, Response, operation
from vultus.operations.paging import RowToken, cut, length_of, read_token
from vultus.operations.tasks import task_info


class JobCounts(Wire):
    """How much work of a kind waits, is done at this moment, or was given up."""

    kind: str
    queued: int
    running: int
    failed: int


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
    latest_task: TaskInfo | Unset = UNSET


@operation(level="get", resource=Dataset, product="vultus")
def get_progress(call: Call, request: GetProgressRequest) -> GetProgressResponse:
    """Count the files of a dataset by status, its faces and people, and the work that is left.

    GroupedFigures are the faces that belong to a cluster. Jobs are counted by kind, those that are done left out.
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
        latest_task=UNSET if task is None else task_info(task),
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
