import json

import msgspec
import pytest
from msgspec import UNSET

from tests.synthetic import face
from vultus.people.report import GroupingReport

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


def test_files_that_workers_are_at_tell_how_far_they_are(desk):
    for name in ("film.mp4", "photo.jpg", "other.jpg"):
        desk.call("IndexFileMeta", **WHERE, File=json.dumps({"URI": f"oss://album/{name}"}))
    jobs = [desk.catalog.jobs.claim(f"test:{number}", ["index"], 60) for number in range(2)]
    desk.catalog.jobs.tell(jobs[0], 43)
    told = [(each.uri, each.progress) for each in progress(desk).indexing_files]
    assert told == [("oss://album/film.mp4", 43), ("oss://album/photo.jpg", 0)]
    desk.catalog.jobs.finish(jobs[0])
    assert [each.uri for each in progress(desk).indexing_files] == ["oss://album/photo.jpg"]
    desk.call("CreateDataset", ProjectName="family", DatasetName="other")
    elsewhere = desk.call("GetProgress", "vultus", ProjectName="family", DatasetName="other")
    assert elsewhere.indexing_files == []


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


def started(desk):
    """A task, and its row."""
    task = desk.call("CreateFigureClusteringTask", **WHERE).task_id
    return task, desk.catalog.tasks.get(desk.catalog.projects.get("family").id, task).id


def task_progress(desk, task):
    return desk.call("GetTaskProgress", "vultus", ProjectName="family", TaskId=task).task


def test_a_task_that_waits_has_no_phase(desk):
    task, _ = started(desk)
    waiting = task_progress(desk, task)
    assert (waiting.status, waiting.progress) == ("Running", 0)
    assert (waiting.phase, waiting.done, waiting.total, waiting.report) == (UNSET,) * 4


def test_a_task_tells_its_phase_and_how_much_of_it_is_done(desk):
    task, row = started(desk)
    desk.catalog.tasks.advance([row], 21, "Neighbours", 0, 90_000)
    running = task_progress(desk, task)
    assert (running.phase, running.done, running.total, running.progress) == ("Neighbours", 0, 90_000, 21)
    assert progress(desk).latest_task == running


def test_a_task_that_is_done_reports_what_it_did_and_why_faces_were_left_alone(desk):
    task, row = started(desk)
    report = GroupingReport(9, 1, 2, 3, 4, 5, 6, {"too small": 2, "too few alike": 4})
    desk.catalog.tasks.finish(row, report=msgspec.json.encode(report).decode())
    told = msgspec.to_builtins(task_progress(desk, task).report)
    assert told == {
        "Figures": 9,
        "AttachedFigures": 1,
        "CreatedFigureClusters": 2,
        "PlacedFigures": 3,
        "JoinedFigureClusters": 4,
        "ReleasedFigures": 5,
        "AloneFigures": 6,
        "Skipped": {"too small": 2, "too few alike": 4},
    }


def test_a_task_of_another_project_is_not_told_of(desk):
    task, _ = started(desk)
    desk.call("CreateProject", ProjectName="other")
    refused = desk.refusal("GetTaskProgress", "vultus", ProjectName="other", TaskId=task)
    assert refused == ("ResourceNotFound", "The specified resource task is not found.")


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
