"""Projects."""

from msgspec import UNSET

from vultus.model.wire import Text, Unset, Whole, Wire


class ProjectTags(Wire):
    """A tag of a project."""

    tag_key: Text = UNSET
    tag_value: Text = UNSET


class Project(Wire):
    """A project: datasets and their limits."""

    create_time: Text = UNSET
    dataset_count: Whole = UNSET
    dataset_max_bind_count: Whole = UNSET
    dataset_max_entity_count: Whole = UNSET
    dataset_max_file_count: Whole = UNSET
    dataset_max_relation_count: Whole = UNSET
    dataset_max_total_file_size: Whole = UNSET
    description: Text = UNSET
    engine_concurrency: Whole = UNSET
    file_count: Whole = UNSET
    project_max_dataset_count: Whole = UNSET
    project_name: Text = UNSET
    project_queries_per_second: Whole = UNSET
    service_role: Text = UNSET
    tags: list[ProjectTags] | Unset = UNSET
    template_id: Text = UNSET
    total_file_size: Whole = UNSET
    update_time: Text = UNSET
