import pytest
from msgspec import UNSET

WHERE = {"ProjectName": "family", "DatasetName": "photos"}


@pytest.fixture(autouse=True)
def project(desk):
    desk.call("CreateProject", ProjectName="family", DatasetMaxFileCount="7")


def test_a_dataset_takes_the_limits_of_its_project_until_told_otherwise(desk):
    dataset = desk.call("CreateDataset", **WHERE, DatasetMaxBindCount="3").dataset
    assert (dataset.project_name, dataset.dataset_name) == ("family", "photos")
    assert (dataset.dataset_max_file_count, dataset.dataset_max_bind_count) == (7, 3)
    assert dataset.dataset_max_total_file_size == 90_000_000_000_000_000
    assert (dataset.description, dataset.template_id, dataset.bind_count) == ("", "", 0)
    assert dataset.create_time == dataset.update_time
    assert desk.call("GetDataset", **WHERE).dataset == dataset


def test_statistics_are_counted_only_when_asked_for(desk):
    desk.call("CreateDataset", **WHERE)
    without = desk.call("GetDataset", **WHERE).dataset
    assert (without.file_count, without.total_file_size) == (UNSET, UNSET)
    counted = desk.call("GetDataset", **WHERE, WithStatistics="true").dataset
    assert (counted.file_count, counted.total_file_size) == (0, 0)


def test_an_update_changes_what_it_names_and_leaves_the_rest(desk):
    desk.call("CreateDataset", **WHERE, Description="ours", TemplateId="Official:FaceManagement")
    changed = desk.call("UpdateDataset", **WHERE, TemplateId="Official:ImageManagement").dataset
    assert (changed.description, changed.template_id) == ("ours", "Official:ImageManagement")
    assert changed.update_time > changed.create_time
    assert desk.call("UpdateDataset", **WHERE, Description="").dataset.description == ""


def test_workflow_parameters_are_kept(desk):
    given = '[{"Name":"a","Value":"1"}]'
    desk.call("CreateDataset", **WHERE, WorkflowParameters=given)
    (kept,) = desk.call("GetDataset", **WHERE).dataset.workflow_parameters
    assert (kept.name, kept.value) == ("a", "1")


def test_datasets_are_listed_by_name_in_pages_of_their_project_alone(desk):
    desk.call("CreateProject", ProjectName="other")
    desk.call("CreateDataset", ProjectName="other", DatasetName="d00")
    wanted = [f"d{number:02}" for number in range(7)]
    for name in reversed(wanted):
        desk.call("CreateDataset", ProjectName="family", DatasetName=name)
    first = desk.call("ListDatasets", ProjectName="family", MaxResults="4")
    second = desk.call("ListDatasets", ProjectName="family", MaxResults="4", NextToken=first.next_token)
    assert [each.dataset_name for each in [*first.datasets, *second.datasets]] == wanted
    assert second.next_token is UNSET
    prefixed = desk.call("ListDatasets", ProjectName="family", Prefix="d06")
    assert [each.dataset_name for each in prefixed.datasets] == ["d06"]


def test_a_dataset_that_holds_files_is_not_deleted(desk):
    desk.call("CreateDataset", **WHERE)
    desk.call("IndexFileMeta", **WHERE, File='{"URI":"oss://album/a.jpg"}')
    code, message = desk.refusal("DeleteDataset", **WHERE)
    assert code == "ResourceInUse"
    assert "photos" in message
    desk.call("DeleteFileMeta", **WHERE, URI="oss://album/a.jpg")
    desk.call("DeleteDataset", **WHERE)
    assert desk.refusal("GetDataset", **WHERE) == ("ResourceNotFound", "The specified resource dataset is not found.")


def test_a_project_has_no_more_datasets_than_it_may(desk):
    desk.call("UpdateProject", ProjectName="family", ProjectMaxDatasetCount="1")
    desk.call("CreateDataset", **WHERE)
    assert desk.refusal("CreateDataset", ProjectName="family", DatasetName="more")[0] == "LimitExceededError"


@pytest.mark.parametrize("action", ["GetDataset", "UpdateDataset", "DeleteDataset", "CreateDataset"])
def test_the_project_is_missed_before_the_dataset(desk, action):
    said = ("ResourceNotFound", "The specified resource project is not found.")
    assert desk.refusal(action, ProjectName="nobody", DatasetName="photos") == said


def test_a_name_is_taken_once_in_a_project_and_again_in_another(desk):
    desk.call("CreateProject", ProjectName="other")
    desk.call("CreateDataset", **WHERE)
    desk.call("CreateDataset", ProjectName="other", DatasetName="photos")
    said = ("ResourceAlreadyExists", "The specified resource dataset already exists.")
    assert desk.refusal("CreateDataset", **WHERE) == said


@pytest.mark.parametrize(
    ("parameter", "value"), [("DatasetName", "a b"), ("Description", "d" * 257), ("TemplateId", "none")]
)
def test_what_cannot_be_used_is_refused_by_name(desk, parameter, value):
    code, message = desk.refusal("CreateDataset", **{**WHERE, parameter: value})
    assert code == "InvalidArgument"
    assert parameter in message
