import pytest

from tests.synthetic import SyntheticAlbum, face
from vultus.catalog.overview import JobProgress, Population
from vultus.model import FigureCluster


@pytest.fixture
def photos(catalog):
    return SyntheticAlbum.make(catalog)


def test_jobs_are_counted_by_kind_and_those_that_are_done_are_left_out(catalog, photos):
    dataset = photos.dataset.id
    photos.add("oss://album/a.jpg")
    catalog.jobs.put("index", dataset_id=dataset)
    catalog.jobs.put("index", dataset_id=dataset)
    catalog.jobs.put("cluster", dataset_id=dataset)
    catalog.jobs.fail(catalog.jobs.claim("test", ["index"], 60), "broken")
    catalog.jobs.claim("test", ["cluster"], 60)
    assert catalog.overview.jobs(dataset) == [
        JobProgress("cluster", running=1),
        JobProgress("index", queued=1, failed=1),
    ]


def test_faces_and_clusters_are_counted(catalog, photos):
    assert catalog.overview.population(photos.dataset.id) == Population(0, 0, 0)
    photos.person("anna", photos=2)
    photos.add("oss://album/other.jpg", [face()])
    assert catalog.overview.population(photos.dataset.id) == Population(figures=3, grouped_figures=2, clusters=1)


def test_the_latest_task_is_the_one_started_last(catalog, photos):
    dataset = photos.dataset
    assert catalog.overview.latest_task(dataset.id) is None
    tasks = [catalog.tasks.create(dataset.project_id, dataset.id, "FaceClustering") for _ in range(2)]
    catalog.tasks.create(dataset.project_id, None, "FaceClustering")
    assert catalog.overview.latest_task(dataset.id) == tasks[1]


def test_failures_come_in_the_order_of_their_rows_from_where_the_page_before_ended(catalog, photos):
    for number in range(3):
        photos.fail(f"oss://album/{number}.jpg", f"reason {number}")
    first = catalog.overview.failures(photos.dataset.id, limit=2)
    rest = catalog.overview.failures(photos.dataset.id, after=first[-1].id)
    assert [(each.uri, each.reason) for each in first + rest] == [
        (f"oss://album/{number}.jpg", f"reason {number}") for number in range(3)
    ]


def test_what_decides_about_a_face_is_told(catalog, photos):
    anna = photos.person("anna", photos=1)
    photos.add("oss://album/b.jpg", [face(side=60, quality=0.5, yaw=40.0)])
    first, second = catalog.overview.figures(photos.dataset.id)
    assert (first.uri, first.cluster, first.clustered) == ("oss://album/anna-0.jpg", anna, True)
    assert (second.side, second.quality, second.pitch, second.roll, second.yaw) == (60, 0.5, 1.0, -2.0, 40.0)
    assert (second.cluster, second.clustered) == (None, False)
    assert catalog.overview.figures(photos.dataset.id, after=first.id) == [second]


def test_people_are_told_in_short_by_their_rows(catalog, photos):
    dataset = photos.dataset
    anna, bert = photos.person("anna"), photos.person("bert")
    catalog.clusters.update(dataset, FigureCluster(object_id=anna, name="Anna"))
    catalog.clusters.ignore(dataset, bert)
    people = catalog.overview.people(dataset.id)
    assert [person.id for person in people.values()] == list(people)
    told = {(person.object_id, person.name, person.ignored) for person in people.values()}
    assert told == {(anna, "Anna", False), (bert, "", True)}
    assert catalog.overview.people(dataset.id + 1) == {}


def test_the_backlog_is_what_is_left_to_do(catalog):
    project = catalog.projects.create("p")
    catalog.tasks.create(project.id, None, "FigureClustering")
    ended = catalog.tasks.create(project.id, None, "FigureClustering")
    catalog.tasks.finish(ended.id)
    for _ in range(3):
        catalog.jobs.put("index")
    catalog.jobs.finish(catalog.jobs.claim("worker", ["index"], 60.0))
    catalog.jobs.fail(catalog.jobs.claim("worker", ["index"], 60.0), "broken")
    backlog = catalog.overview.backlog()
    assert backlog.jobs == {("index", "queued"): 1, ("index", "failed"): 1}
    assert backlog.tasks == {"FigureClustering": 1}
