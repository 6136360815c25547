import json

import pytest
from msgspec import UNSET

from tests.synthetic import face

WHERE = {"ProjectName": "family", "DatasetName": "photos"}


@pytest.fixture
def database(catalog_url):
    return catalog_url


@pytest.fixture(autouse=True)
def dataset(album):
    return album


def progress(desk):
    return desk.call("GetProgress", "vultus", **WHERE)


def test_files_are_counted_by_status(desk, album):
    album.add("oss://album/a.jpg", [face()])
    album.fail("oss://album/b.jpg", "[InvalidArgument] The image is cut off.")
    for name in "cd":
        desk.call("IndexFileMeta", **WHERE, File=json.dumps({"URI": f"oss://album/{name}.jpg"}))
    job = desk.catalog.jobs.claim("test", ["index"], 60)
    desk.catalog.files.begin(job.file_id)
    answer = progress(desk)
    assert (answer.pending, answer.indexing, answer.indexed, answer.failed) == (1, 1, 1, 1)
    assert [(each.kind, each.queued, each.running, each.failed) for each in answer.jobs] == [("index", 1, 1, 0)]


def test_faces_and_people_are_counted(desk, album):
    album.person("anna", photos=3)
    album.add("oss://album/other.jpg", [face(left=10), face(left=300)])
    answer = progress(desk)
    assert (answer.figures, answer.grouped_figures, answer.figure_clusters) == (5, 3, 1)


def test_the_latest_task_is_told(desk):
    assert progress(desk).latest_task is UNSET
    desk.call("CreateFigureClusteringTask", **WHERE)
    second = desk.call("CreateFigureClusteringTask", **WHERE)
    answer = progress(desk)
    assert (answer.latest_task.task_id, answer.latest_task.status) == (second.task_id, "Running")
    assert [(each.kind, each.queued) for each in answer.jobs] == [("cluster", 1)]


def test_failures_are_listed_with_their_reason_in_pages(desk, album):
    for number in range(5):
        album.fail(f"oss://album/{number}.jpg", f"reason {number}")
    album.add("oss://album/good.jpg")
    first = desk.call("ListFailures", "vultus", **WHERE, MaxResults="3")
    second = desk.call("ListFailures", "vultus", **WHERE, MaxResults="3", NextToken=first.next_token)
    told = [(each.uri, each.reason) for each in [*first.failures, *second.failures]]
    assert told == [(f"oss://album/{number}.jpg", f"reason {number}") for number in range(5)]
    assert second.next_token is UNSET


def test_the_other_datasets_work_is_not_counted(desk, album):
    album.add("oss://album/a.jpg", [face()])
    album.fail("oss://album/b.jpg", "broken")
    desk.call("CreateFigureClusteringTask", **WHERE)
    desk.call("CreateDataset", ProjectName="family", DatasetName="other")
    elsewhere = {"ProjectName": "family", "DatasetName": "other"}
    answer = desk.call("GetProgress", "vultus", **elsewhere)
    assert (answer.indexed, answer.failed, answer.figures, answer.jobs, answer.latest_task) == (0, 0, 0, [], UNSET)
    assert desk.call("ListFailures", "vultus", **elsewhere).failures == []


def test_imm_does_not_know_these_operations(desk):
    assert desk.refusal("GetProgress", **WHERE)[0] == "InvalidApi.NotFound"
