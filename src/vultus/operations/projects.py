"""Projects: datasets, their limits, and who may read what they name."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from msgspec import UNSET, Meta

from vultus.catalog.projects import ProjectRow, ProjectStatistics
from vultus.errors import InvalidArgument
from vultus.index.template import steps_of
from vultus.model import Project, ProjectTags, moment
from vultus.model.wire import Text, Unset, Wire
from vultus.operations.call import Call
from vultus.operations.limits import DatasetLimits, Description, Name, Prefix
from vultus.operations.operation import Request, Response, operation
from vultus.operations.paging import ListLength, NameToken, cut, length_of, read_token

#: What IMM answers when no role was given; Vultus reads storage with its own settings and assumes no role.
SERVICE_ROLE = "AliyunIMMDefaultRole"


class Tag(Wire):
    """A tag as a caller gives it; it comes back as TagKey and TagValue."""

    key: Annotated[str, Meta(min_length=1, max_length=128)]
    value: Annotated[str, Meta(max_length=128)] = ""


class TagFilter(Wire):
    """A tag that a project must carry; without a value, any value will do."""

    key: str
    value: Text = UNSET


Tags = Annotated[list[Tag], Meta(max_length=20)]
TagFilters = Annotated[list[TagFilter], Meta(max_length=20)]


class ProjectSettings(DatasetLimits):
    """What a caller may say of a project. The limits of datasets hold for those created later."""

    description: Description | Unset = UNSET
    service_role: Annotated[str, Meta(max_length=128)] | Unset = UNSET
    template_id: Text = UNSET
    project_max_dataset_count: Annotated[int, Meta(ge=1, le=1_000_000_000)] | Unset = UNSET
    tag: Tags | Unset = UNSET

    def fields(self, templates: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """What the caller said, for the catalog.

        Args:
            templates: those of the settings.

        Raises:
            InvalidArgument: the template is not known, or a tag is given twice.
        """
        if isinstance(self.template_id, str):
            steps_of(self.template_id, templates)
        fields = self.given("project_name", "tag")
        if isinstance(self.tag, list):
            fields["tags"] = _project_tags(self.tag)
        if "service_role" in fields:
            fields["service_role"] = fields["service_role"] or SERVICE_ROLE
        return fields


class CreateProjectRequest(ProjectSettings):
    project_name: Name


class CreateProjectResponse(Response):
    project: Project


@operation(level="create", resource=Project)
def create_project(call: Call, request: CreateProjectRequest) -> CreateProjectResponse:
    """Create a project.

    Limits that are not given are IMM's defaults.
    """
    fields = {"service_role": SERVICE_ROLE, **request.fields(call.settings.templates)}
    return CreateProjectResponse(project=_project(call.catalog.projects.create(request.project_name, **fields)))


class GetProjectRequest(Request):
    project_name: str
    with_statistics: bool = False


class GetProjectResponse(Response):
    project: Project


@operation(level="get", resource=Project)
def get_project(call: Call, request: GetProjectRequest) -> GetProjectResponse:
    """Return a project.

    DatasetCount, FileCount and TotalFileSize are there when WithStatistics is true.
    """
    row = call.project(request)
    statistics = call.catalog.projects.statistics(row.id) if request.with_statistics else None
    return GetProjectResponse(project=_project(row, statistics))


class ListProjectsRequest(Request):
    max_results: ListLength = UNSET
    next_token: Text = UNSET
    prefix: Prefix = ""
    tag: TagFilters = []


class ListProjectsResponse(Response):
    projects: list[Project]
    next_token: Text = UNSET


@operation(level="list", resource=None)
def list_projects(call: Call, request: ListProjectsRequest) -> ListProjectsResponse:
    """List projects by name.

    With Tag, those that carry all the tags.
    """
    token = read_token(request.next_token, NameToken)
    length = length_of(request.max_results)
    rows = call.catalog.projects.page(
        prefix=request.prefix,
        after=token.name if token else "",
        limit=length + 1,
        tags=[ProjectTags(tag_key=tag.key, tag_value=tag.value) for tag in request.tag],
    )
    page, following = cut(rows, length, lambda row: NameToken(row.name))
    return ListProjectsResponse(projects=[_project(row) for row in page], next_token=following)


class UpdateProjectRequest(ProjectSettings):
    project_name: str


class UpdateProjectResponse(Response):
    project: Project


@operation(level="update", resource=Project)
def update_project(call: Call, request: UpdateProjectRequest) -> UpdateProjectResponse:
    """Change what is given of a project and leave the rest.

    Tag replaces all tags; an empty text clears Description or TemplateId.
    """
    return UpdateProjectResponse(
        project=_project(call.catalog.projects.update(request.project_name, **request.fields(call.settings.templates)))
    )


class DeleteProjectRequest(Request):
    project_name: str


class DeleteProjectResponse(Response):
    pass


@operation(level="delete", resource=Project)
def delete_project(call: Call, request: DeleteProjectRequest) -> DeleteProjectResponse:
    """Delete a project that holds no dataset."""
    call.catalog.projects.delete(request.project_name)
    return DeleteProjectResponse()


def _project_tags(tags: list[Tag]) -> list[ProjectTags]:
    if len({tag.key for tag in tags}) < len(tags):
        raise InvalidArgument("Tag names a key twice.")
    return [ProjectTags(tag_key=tag.key, tag_value=tag.value) for tag in tags]


def _project(row: ProjectRow, statistics: ProjectStatistics | None = None) -> Project:
    project = Project(
        create_time=moment.to_wire(row.create_time),
        dataset_max_bind_count=row.dataset_max_bind_count,
        dataset_max_entity_count=row.dataset_max_entity_count,
        dataset_max_file_count=row.dataset_max_file_count,
        dataset_max_relation_count=row.dataset_max_relation_count,
        dataset_max_total_file_size=row.dataset_max_total_file_size,
        description=row.description,
        project_max_dataset_count=row.project_max_dataset_count,
        project_name=row.name,
        service_role=row.service_role,
        tags=row.tags,
        template_id=row.template_id,
        update_time=moment.to_wire(row.update_time),
    )
    if statistics is not None:
        project.dataset_count = statistics.dataset_count
        project.file_count = statistics.file_count
        project.total_file_size = statistics.total_size
    return project
