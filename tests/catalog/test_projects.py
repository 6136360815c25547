import pytest

from vultus.catalog.projects import LIMITS
from vultus.errors import ResourceAlreadyExists, ResourceInUse, ResourceNotFound
from vultus.model import InputFile, ProjectTags


def names(projects):
    return [project.name for project in projects]


def test_a_project_keeps_what_is_said_of_it(catalog):
    tags = [ProjectTags(tag_key="team", tag_value="blue")]
    made = catalog.projects.create("p", description="d", service_role="r", template_id="t", tags=tags)
    assert catalog.projects.get("p") == made
    assert (made.description, made.service_role, made.template_id, made.tags) == ("d", "r", "t", tags)
    assert made.create_time == made.update_time


def test_limits_that_are_not_said_are_those_of_imm(catalog):
    made = catalog.projects.create("p", dataset_max_file_count=7)
    assert {name: getattr(made, name) for name in LIMITS} == {**LIMITS, "dataset_max_file_count": 7}


def test_a_name_is_given_once(catalog):
    catalog.projects.create("p")
    with pytest.raises(ResourceAlreadyExists, match="project"):
        catalog.projects.create("p")
    catalog.projects.create("P")


def test_an_unknown_project_is_not_found(catalog):
    for call in (catalog.projects.get, catalog.projects.update, catalog.projects.delete):
        with pytest.raises(ResourceNotFound, match="project"):
            call("p")


def test_an_update_changes_what_is_said_and_leaves_the_rest(catalog):
    made = catalog.projects.create("p", description="old", template_id="t")
    changed = catalog.projects.update("p", description="new")
    assert (changed.description, changed.template_id, changed.create_time) == ("new", "t", made.create_time)
    assert changed.update_time > made.update_time


def test_projects_are_listed_in_the_order_of_their_bytes_page_by_page(catalog):
    for name in ("b", "a-1", "_x", "a_1", "B", "a"):
        catalog.projects.create(name)
    assert names(catalog.projects.page()) == ["B", "_x", "a", "a-1", "a_1", "b"]
    assert names(catalog.projects.page(limit=2)) == ["B", "_x"]
    assert names(catalog.projects.page(after="_x", limit=2)) == ["a", "a-1"]
    assert names(catalog.projects.page("a")) == ["a", "a-1", "a_1"]
    assert names(catalog.projects.page("a_")) == ["a_1"]


def test_projects_are_selected_by_all_of_their_tags(catalog):
    red, big = ProjectTags(tag_key="colour", tag_value="red"), ProjectTags(tag_key="size", tag_value="big")
    catalog.projects.create("both", tags=[red, big])
    catalog.projects.create("one", tags=[red])
    catalog.projects.create("none")
    assert names(catalog.projects.page(tags=[red])) == ["both", "one"]
    assert names(catalog.projects.page(tags=[big, red])) == ["both"]
    assert names(catalog.projects.page(tags=[red], limit=1)) == ["both"]


def test_a_project_with_datasets_is_not_deleted(catalog):
    project = catalog.projects.create("p")
    catalog.datasets.create(project.id, "d")
    with pytest.raises(ResourceInUse, match="p has datasets"):
        catalog.projects.delete("p")
    catalog.datasets.delete(project.id, "d")
    catalog.projects.delete("p")
    assert catalog.projects.page() == []


def test_statistics_count_all_datasets_of_the_project(catalog, album):
    album.add("a.jpg")
    album.add("b.jpg")
    catalog.datasets.create(album.dataset.project_id, "empty")
    elsewhere = catalog.datasets.create(catalog.projects.create("elsewhere").id, "dataset")
    catalog.files.submit(elsewhere, [InputFile(uri="oss://bucket/c.jpg")])
    statistics = catalog.projects.statistics(album.dataset.project_id)
    assert (statistics.dataset_count, statistics.file_count, statistics.total_size) == (2, 2, 2000)
