"""Datasets."""

from msgspec import UNSET

from vultus.model.wire import Text, Unset, Whole, Wire


class WorkflowParameter(Wire):
    """A parameter of the workflow of a dataset."""

    name: Text = UNSET
    value: Text = UNSET


class Dataset(Wire):
    """A dataset: files that are searched and clustered together."""

    bind_count: Whole = UNSET
    create_time: Text = UNSET
    dataset_max_bind_count: Whole = UNSET
    dataset_max_entity_count: Whole = UNSET
    dataset_max_file_count: Whole = UNSET
    dataset_max_relation_count: Whole = UNSET
    dataset_max_total_file_size: Whole = UNSET
    dataset_name: Text = UNSET
    description: Text = UNSET
    file_count: Whole = UNSET
    project_name: Text = UNSET
    template_id: Text = UNSET
    total_file_size: Whole = UNSET
    update_time: Text = UNSET
    workflow_parameters: list[WorkflowParameter] | Unset = UNSET
