import pytest

from tests.catalog.conftest import face
from vultus.catalog.overview import Failure, JobProgress, Population


def test_work_that_is_not_done_is_counted_by_kind(catalog, dataset):
    for key in "abcd":
        catalog.jobs.put("index", dataset_id=dataset.id, key=key)
    catalog.jobs.put("cluster", dataset_id=dataset.id)
    catalog.jobs.finish(catalog.jobs.claim("worker", ["index"], 60))
    catalog.jobs.fail(catalog.jobs.claim("worker", ["index"], 60), "broken")
    catalog.jobs.claim("worker", ["index"], 60)
    assert catalog.overview.jobs(dataset.id) == [
        JobProgress("cluster", queued=1),
        JobProgress("index", queued=1, running=1, failed=1),
    ]
    assert catalog.overview.jobs(dataset.id + 1) == []


def test_faces_and_people_are_counted(catalog, album):
    album.add("a", face(), face(300))
    album.add("b", face())
    album.found("a")
    assert catalog.overview.population(album.dataset.id) == Population(3, 2, 1)
    assert catalog.overview.population(album.dataset.id + 1) == Population(0, 0, 0)


def test_the_latest_task_is_the_one_started_last(catalog, dataset):
    assert catalog.overview.latest_task(dataset.id) is None
    catalog.tasks.create(dataset.project_id, dataset.id, "FaceClustering")
    latest = catalog.tasks.create(dataset.project_id, dataset.id, "FaceClustering")
    assert catalog.overview.latest_task(dataset.id) == latest


def test_failures_are_listed_in_the_order_in_which_they_came(catalog, album):
    rows = [album.add(name) for name in "abc"]
    for row in rows[1:]:
        catalog.files.fail(row, "Not an image.")
    expected = [Failure(row, album.uri(name), "Not an image.") for row, name in zip(rows[1:], "bc", strict=True)]
    assert catalog.overview.failures(album.dataset.id) == expected
    assert catalog.overview.failures(album.dataset.id, limit=1) == expected[:1]
    assert catalog.overview.failures(album.dataset.id, after=rows[1]) == expected[1:]


def test_each_face_says_what_decides_about_it(catalog, album):
    album.add("a", face(), face(300, side=60, quality=0.5, yaw=-40.0))
    album.add("b", face())
    [first, _] = album.faces_of("a")
    catalog.clusters.apply(album.dataset.id, [], [[(first, 0.9)]], [])
    [grouped, weak, other] = catalog.overview.figures(album.dataset.id)
    assert (grouped.clustered, grouped.cluster, grouped.uri) == (True, album.clusters()[0], album.uri("a"))
    assert (weak.side, weak.quality, weak.yaw, weak.clustered, weak.cluster) == (
        60,
        pytest.approx(0.5),
        -40,
        False,
        None,
    )
    object_id = catalog.files.row(album.files["b"]).object_id
    assert catalog.overview.figures(album.dataset.id, object_id) == [other]
    assert catalog.overview.figures(album.dataset.id, after=grouped.id, limit=1) == [weak]
