import pytest

from vultus.errors import LimitExceeded, ResourceAlreadyExists, ResourceInUse, ResourceNotFound
from vultus.model import WorkflowParameter


@pytest.fixture
def project(catalog):
    return catalog.projects.create("project", project_max_dataset_count=2, dataset_max_file_count=9)


def test_a_dataset_keeps_what_is_said_of_it_and_takes_limits_from_its_project(catalog, project):
    parameters = [WorkflowParameter(name="n", value="v")]
    made = catalog.datasets.create(
        project.id, "d", description="about", template_id="t", workflow_parameters=parameters, dataset_max_bind_count=3
    )
    assert (made.description, made.template_id, made.workflow_parameters) == ("about", "t", parameters)
    assert (made.dataset_max_bind_count, made.dataset_max_file_count) == (3, 9)
    assert (made.owner_id, made.project_name) == (project.owner_id, "project")
    assert made == catalog.datasets.get(project.id, "d") == catalog.datasets.by_id(made.id)
    assert made == catalog.datasets.find("project", "d")


def test_find_says_which_of_the_two_is_missing(catalog, project):
    with pytest.raises(ResourceNotFound, match="resource project"):
        catalog.datasets.find("nowhere", "d")
    with pytest.raises(ResourceNotFound, match="resource dataset"):
        catalog.datasets.find("project", "d")


def test_an_unknown_dataset_is_not_found(catalog, project):
    for call in (catalog.datasets.get, catalog.datasets.update, catalog.datasets.delete):
        with pytest.raises(ResourceNotFound, match="dataset"):
            call(project.id, "d")
    with pytest.raises(ResourceNotFound, match="dataset"):
        catalog.datasets.by_id(1)
    with pytest.raises(ResourceNotFound, match="project"):
        catalog.datasets.create(project.id + 1, "d")


def test_a_name_is_given_once_in_a_project(catalog, project):
    catalog.datasets.create(project.id, "d")
    with pytest.raises(ResourceAlreadyExists, match="dataset"):
        catalog.datasets.create(project.id, "d")
    catalog.datasets.create(catalog.projects.create("other").id, "d")


def test_a_project_holds_no_more_datasets_than_it_may(catalog, project):
    catalog.datasets.create(project.id, "a")
    catalog.datasets.create(project.id, "b")
    with pytest.raises(LimitExceeded, match="2 datasets"):
        catalog.datasets.create(project.id, "c")


def test_an_update_changes_what_is_said_and_leaves_the_rest(catalog, project):
    made = catalog.datasets.create(project.id, "d", description="old", template_id="t")
    changed = catalog.datasets.update(project.id, "d", description="new", model="m")
    assert (changed.description, changed.template_id, changed.model) == ("new", "t", "m")
    assert changed.update_time > made.update_time


def test_datasets_are_listed_by_name_page_by_page(catalog):
    project = catalog.projects.create("p")
    for name in ("b", "a2", "a1", "A"):
        catalog.datasets.create(project.id, name)
    page = [dataset.name for dataset in catalog.datasets.page(project.id, limit=3)]
    assert page == ["A", "a1", "a2"]
    assert [dataset.name for dataset in catalog.datasets.page(project.id, after="a2")] == ["b"]
    assert [dataset.name for dataset in catalog.datasets.page(project.id, "a")] == ["a1", "a2"]


def test_a_dataset_with_files_is_not_deleted(catalog, album):
    album.add("a.jpg")
    with pytest.raises(ResourceInUse, match="dataset has files"):
        catalog.datasets.delete(album.dataset.project_id, "dataset")
    album.delete("a.jpg")
    catalog.jobs.put("cluster", dataset_id=album.dataset.id)
    catalog.decisions.append(album.dataset.id, "name", {}, "root")
    catalog.datasets.delete(album.dataset.project_id, "dataset")
    assert catalog.jobs.counts().queued == 0


def test_statistics_count_files_and_bytes(catalog, album):
    album.add("a.jpg")
    album.add("b.jpg")
    statistics = catalog.datasets.statistics(album.dataset.id)
    assert (statistics.file_count, statistics.total_size) == (2, 2000)
    assert catalog.datasets.statistics(album.dataset.id + 1).total_size == 0


def test_the_tasks_of_a_deleted_dataset_end(catalog, dataset):
    task = catalog.tasks.create(dataset.project_id, dataset.id, "FaceClustering")
    catalog.datasets.delete(dataset.project_id, "dataset")
    ended = catalog.tasks.by_id(task.id)
    assert (ended.status, ended.code, ended.message) == ("Failed", "ResourceNotFound", "The dataset was deleted.")
    assert ended.end_time is not None
