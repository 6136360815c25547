import pytest
from msgspec import UNSET

from vultus.model import ProjectTags


def names(answer) -> list[str]:
    return [project.project_name for project in answer.projects]


def test_a_project_has_imms_limits_until_told_otherwise(desk):
    project = desk.call("CreateProject", ProjectName="family").project
    assert project.project_name == "family"
    assert project.service_role == "AliyunIMMDefaultRole"
    assert (project.description, project.template_id, project.tags) == ("", "", [])
    assert project.project_max_dataset_count == 1_000_000_000
    assert project.dataset_max_bind_count == 10
    assert project.dataset_max_file_count == 100_000_000
    assert project.dataset_max_entity_count == 10_000_000_000
    assert project.dataset_max_relation_count == 100_000_000_000
    assert project.dataset_max_total_file_size == 90_000_000_000_000_000
    assert project.create_time == project.update_time
    assert desk.call("GetProject", ProjectName="family").project == project


def test_tags_go_in_as_key_and_value_and_come_out_as_tagkey_and_tagvalue(desk):
    project = desk.call("CreateProject", ProjectName="family", Tag='[{"Key":"team","Value":"blue"}]').project
    assert project.tags == [ProjectTags(tag_key="team", tag_value="blue")]


def test_statistics_are_counted_only_when_asked_for(desk, album):
    album.add("oss://album/a.jpg")
    album.add("oss://album/b.jpg")
    without = desk.call("GetProject", ProjectName="family").project
    assert (without.dataset_count, without.file_count, without.total_file_size) == (UNSET, UNSET, UNSET)
    counted = desk.call("GetProject", ProjectName="family", WithStatistics="True").project
    assert (counted.dataset_count, counted.file_count, counted.total_file_size) == (1, 2, 2000)


def test_an_update_changes_what_it_names_and_leaves_the_rest(desk):
    first = desk.call(
        "CreateProject", ProjectName="family", Description="ours", Tag='[{"Key":"a","Value":"1"}]'
    ).project
    desk.call("UpdateProject", ProjectName="family", DatasetMaxFileCount="5")
    second = desk.call("GetProject", ProjectName="family").project
    assert (second.dataset_max_file_count, second.description, second.tags) == (5, "ours", first.tags)
    assert second.update_time > first.create_time == second.create_time
    third = desk.call("UpdateProject", ProjectName="family", Description="", Tag="[]").project
    assert (third.description, third.tags, third.dataset_max_file_count) == ("", [], 5)


def test_projects_are_listed_by_name_in_pages_without_gaps_or_repeats(desk):
    wanted = sorted(f"p{number}" for number in range(25))
    for name in reversed(wanted):
        desk.call("CreateProject", ProjectName=name)
    found, token = [], ""
    while True:
        page = desk.call("ListProjects", MaxResults="10", NextToken=token)
        found += names(page)
        if page.next_token is UNSET:
            break
        token = page.next_token
        desk.call("CreateProject", ProjectName=f"a{len(found)}")  # behind the place where the next page begins
    assert found == wanted


@pytest.mark.parametrize(("asked", "given"), [({}, 100), ({"MaxResults": "0"}, 100), ({"MaxResults": "200"}, 101)])
def test_a_page_of_projects_holds_100_unless_told_otherwise(desk, asked, given):
    for number in range(101):
        desk.catalog.projects.create(f"p{number}")
    assert len(desk.call("ListProjects", **asked).projects) == given


def test_projects_are_listed_by_prefix_and_by_tags(desk):
    desk.call("CreateProject", ProjectName="a-1", Tag='[{"Key":"team","Value":"blue"},{"Key":"old","Value":""}]')
    desk.call("CreateProject", ProjectName="a-2", Tag='[{"Key":"team","Value":"red"}]')
    desk.call("CreateProject", ProjectName="b_1", Tag='[{"Key":"team","Value":"blue"}]')
    assert names(desk.call("ListProjects", Prefix="a-")) == ["a-1", "a-2"]
    assert names(desk.call("ListProjects", Tag='[{"Key":"team","Value":"blue"}]')) == ["a-1", "b_1"]
    assert names(desk.call("ListProjects", Tag='[{"Key":"team"}]', Prefix="a")) == ["a-1", "a-2"]
    assert names(desk.call("ListProjects", Tag='[{"Key":"team","Value":"blue"},{"Key":"old"}]')) == ["a-1"]


def test_an_empty_project_is_deleted_and_a_used_one_is_not(desk, album):
    code, message = desk.refusal("DeleteProject", ProjectName="family")
    assert code == "ResourceInUse"
    assert "family" in message
    desk.call("DeleteDataset", ProjectName="family", DatasetName="photos")
    desk.call("DeleteProject", ProjectName="family")
    assert desk.refusal("GetProject", ProjectName="family")[0] == "ResourceNotFound"


@pytest.mark.parametrize("action", ["GetProject", "UpdateProject", "DeleteProject"])
def test_an_unknown_project_is_not_found(desk, action):
    said = ("ResourceNotFound", "The specified resource project is not found.")
    assert desk.refusal(action, ProjectName="nobody") == said


def test_a_name_is_taken_once(desk):
    desk.call("CreateProject", ProjectName="family")
    said = ("ResourceAlreadyExists", "The specified resource project already exists.")
    assert desk.refusal("CreateProject", ProjectName="family") == said


@pytest.mark.parametrize("name", ["1st", "-a", "a b", "a" * 129, "é", "a/b", "a\n"])
def test_a_name_that_imm_does_not_allow_is_refused(desk, name):
    code, message = desk.refusal("CreateProject", ProjectName=name)
    assert code == "InvalidArgument"
    assert message == (
        "ProjectName must be 1 to 128 letters, digits, hyphens and underscores, the first a letter or an underscore."
    )


@pytest.mark.parametrize("name", ["_", "a", "A-1_", "a" * 128])
def test_a_name_that_imm_allows_is_taken(desk, name):
    assert desk.call("CreateProject", ProjectName=name).project.project_name == name


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("Description", "d" * 257),
        ("ProjectMaxDatasetCount", "0"),
        ("ProjectMaxDatasetCount", "1000000001"),
        ("DatasetMaxBindCount", "11"),
        ("DatasetMaxFileCount", "100000001"),
        ("DatasetMaxFileCount", "0"),
        ("DatasetMaxEntityCount", str(2**63)),
        ("DatasetMaxTotalFileSize", "-1"),
        ("Tag", '[{"Value":"no key"}]'),
        ("Tag", '[{"Key":"a","Value":"1"},{"Key":"a","Value":"2"}]'),
        ("TemplateId", "Official:Nothing"),
    ],
)
def test_what_is_out_of_range_is_refused_by_name_and_nothing_is_made(desk, parameter, value):
    code, message = desk.refusal("CreateProject", ProjectName="family", **{parameter: value})
    assert code == "InvalidArgument"
    assert parameter in message
    assert desk.refusal("GetProject", ProjectName="family")[0] == "ResourceNotFound"


def test_the_largest_limits_are_taken(desk):
    largest = str(2**63 - 1)
    project = desk.call(
        "CreateProject", ProjectName="family", DatasetMaxEntityCount=largest, DatasetMaxTotalFileSize=largest
    ).project
    assert project.dataset_max_entity_count == project.dataset_max_total_file_size == 2**63 - 1
