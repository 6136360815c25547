"""Datasets: files that are searched and clustered together."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import UNSET

from vultus.catalog.datasets import DatasetRow, DatasetStatistics
from vultus.index.template import steps_of
from vultus.model import Dataset, Project, WorkflowParameter, moment
from vultus.model.wire import Text, Unset
from vultus.operations.call import Call
from vultus.operations.limits import DatasetLimits, Description, Name, Prefix
from vultus.operations.operation import Request, Response, operation
from vultus.operations.paging import ListLength, NameToken, cut, length_of, read_token


class DatasetSettings(DatasetLimits):
    """What a caller may say of a dataset."""

    description: Description | Unset = UNSET
    template_id: Text = UNSET
    workflow_parameters: list[WorkflowParameter] | Unset = UNSET

    def fields(self, templates: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """What the caller said, for the catalog.

        Args:
            templates: those of the settings.

        Raises:
            InvalidArgument: the template is not known.
        """
        if isinstance(self.template_id, str):
            steps_of(self.template_id, templates)
        return self.given("project_name", "dataset_name")


class CreateDatasetRequest(DatasetSettings):
    project_name: str
    dataset_name: Name


class CreateDatasetResponse(Response):
    dataset: Dataset


@operation(level="create", resource=Dataset)
def create_dataset(call: Call, request: CreateDatasetRequest) -> CreateDatasetResponse:
    """Create a dataset.

    Limits that are not given are those of the project; an empty TemplateId follows the project's.
    WorkflowParameters are kept, and do nothing, as in IMM.
    """
    project = call.project(request)
    row = call.catalog.datasets.create(project.id, request.dataset_name, **request.fields(call.settings.templates))
    return CreateDatasetResponse(dataset=_dataset(row))


class GetDatasetRequest(Request):
    project_name: str
    dataset_name: str
    with_statistics: bool = False


class GetDatasetResponse(Response):
    dataset: Dataset


@operation(level="get", resource=Dataset)
def get_dataset(call: Call, request: GetDatasetRequest) -> GetDatasetResponse:
    """Return a dataset.

    FileCount and TotalFileSize are there when WithStatistics is true.
    """
    row = call.dataset(request)
    statistics = call.catalog.datasets.statistics(row.id) if request.with_statistics else None
    return GetDatasetResponse(dataset=_dataset(row, statistics))


class ListDatasetsRequest(Request):
    project_name: str
    max_results: ListLength = UNSET
    next_token: Text = UNSET
    prefix: Prefix = ""


class ListDatasetsResponse(Response):
    datasets: list[Dataset]
    next_token: Text = UNSET


@operation(level="list", resource=Project)
def list_datasets(call: Call, request: ListDatasetsRequest) -> ListDatasetsResponse:
    """List the datasets of a project by name."""
    project = call.project(request)
    token = read_token(request.next_token, NameToken)
    length = length_of(request.max_results)
    rows = call.catalog.datasets.page(project.id, request.prefix, token.name if token else "", length + 1)
    page, following = cut(rows, length, lambda row: NameToken(row.name))
    return ListDatasetsResponse(datasets=[_dataset(row) for row in page], next_token=following)


class UpdateDatasetRequest(DatasetSettings):
    project_name: str
    dataset_name: str


class UpdateDatasetResponse(Response):
    dataset: Dataset


@operation(level="update", resource=Dataset)
def update_dataset(call: Call, request: UpdateDatasetRequest) -> UpdateDatasetResponse:
    """Change what is given of a dataset and leave the rest.

    An empty text clears Description or TemplateId.
    """
    project = call.project(request)
    row = call.catalog.datasets.update(project.id, request.dataset_name, **request.fields(call.settings.templates))
    return UpdateDatasetResponse(dataset=_dataset(row))


class DeleteDatasetRequest(Request):
    project_name: str
    dataset_name: str


class DeleteDatasetResponse(Response):
    pass


@operation(level="delete", resource=Dataset)
def delete_dataset(call: Call, request: DeleteDatasetRequest) -> DeleteDatasetResponse:
    """Delete a dataset that holds no file."""
    project = call.project(request)
    call.catalog.datasets.delete(project.id, request.dataset_name)
    return DeleteDatasetResponse()


def _dataset(row: DatasetRow, statistics: DatasetStatistics | None = None) -> Dataset:
    dataset = Dataset(
        bind_count=0,
        create_time=moment.to_wire(row.create_time),
        dataset_max_bind_count=row.dataset_max_bind_count,
        dataset_max_entity_count=row.dataset_max_entity_count,
        dataset_max_file_count=row.dataset_max_file_count,
        dataset_max_relation_count=row.dataset_max_relation_count,
        dataset_max_total_file_size=row.dataset_max_total_file_size,
        dataset_name=row.name,
        description=row.description,
        project_name=row.project_name,
        template_id=row.template_id,
        update_time=moment.to_wire(row.update_time),
        workflow_parameters=row.workflow_parameters,
    )
    if statistics is not None:
        dataset.file_count = statistics.file_count
        dataset.total_file_size = statistics.total_size
    return dataset
