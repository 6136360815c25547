import json
import re
import threading
import time

import pytest

WHERE = {"ProjectName": "family", "DatasetName": "photos"}


@pytest.fixture
def database(catalog_url):
    return catalog_url


@pytest.fixture(autouse=True)
def dataset(album):
    return album


def create(desk, **parameters):
    return desk.call("CreateFigureClusteringTask", **WHERE, **parameters)


def test_a_call_starts_a_task_and_queues_its_job(desk, album):
    made = create(desk)
    assert re.fullmatch(r"CreateFigureClusteringTask-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", made.task_id)
    assert re.fullmatch(r"[0-9A-F]{3}-[0-9A-Za-z]{23}", made.event_id)
    job = desk.catalog.jobs.claim("test", ["cluster"], 60)
    assert (job.kind, job.dataset_id) == ("cluster", album.dataset.id)
    assert desk.catalog.tasks.by_id(job.task_id).task_id == made.task_id


def test_calls_that_come_while_a_run_waits_share_it_under_tasks_of_their_own(desk, album):
    tasks = {create(desk).task_id for _ in range(3)}
    assert len(tasks) == 3
    assert desk.catalog.jobs.counts(kind="cluster").queued == 1
    running = desk.catalog.tasks.running(album.dataset.id, "FaceClustering")
    assert {desk.catalog.tasks.by_id(row).task_id for row in running} == tasks


def test_a_call_that_comes_while_a_run_works_makes_the_next_run(desk):
    create(desk)
    desk.catalog.jobs.claim("test", ["cluster"], 60)
    create(desk)
    counts = desk.catalog.jobs.counts(kind="cluster")
    assert (counts.queued, counts.running) == (1, 1)


def test_two_datasets_have_runs_of_their_own(desk):
    desk.call("CreateDataset", ProjectName="family", DatasetName="other")
    create(desk)
    desk.call("CreateFigureClusteringTask", ProjectName="family", DatasetName="other")
    assert desk.catalog.jobs.counts(kind="cluster").queued == 2


def test_what_a_notification_needs_is_kept_with_the_job(desk):
    made = create(desk, UserData="mine", Notification='{"RocketMQ":{"InstanceId":"i","TopicName":"t"}}')
    job = desk.catalog.jobs.claim("test", ["cluster"], 60)
    assert job.payload == {
        "EventId": made.event_id,
        "RequestId": made.request_id,
        "UserData": "mine",
        "Notification": {"RocketMQ": {"InstanceId": "i", "TopicName": "t"}},
    }


def test_many_callers_at_once_leave_one_job_and_all_their_tasks(desk, album):
    threads = [threading.Thread(target=create, args=[desk]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert desk.catalog.jobs.counts(kind="cluster").queued == 1
    assert len(desk.catalog.tasks.running(album.dataset.id, "FaceClustering")) == 4


def test_a_run_that_begins_sees_every_task_that_has_joined_it(desk, album):
    create(desk)
    seen = []

    def begin() -> None:
        while desk.catalog.jobs.claim("test", ["cluster"], 60) is None:
            time.sleep(0.01)
        seen.extend(desk.catalog.tasks.running(album.dataset.id, "FaceClustering"))

    worker = threading.Thread(target=begin)
    with desk.catalog.transaction():
        create(desk)
        worker.start()
        time.sleep(0.3)  # long enough for the worker to begin, if it could
    worker.join()
    assert len(seen) == 2


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("UserData", "x" * 2049),
        ("Tags", "team=blue"),
        ("Tags", json.dumps({f"t{number}": "v" for number in range(101)})),
        ("Tags", '{"team":["blue"]}'),
        ("Notification", '{"MNS":{"TopicName":1}}'),
    ],
)
def test_what_cannot_be_used_is_refused_by_name_and_starts_nothing(desk, album, parameter, value):
    code, message = desk.refusal("CreateFigureClusteringTask", **WHERE, **{parameter: value})
    assert code == "InvalidArgument"
    assert parameter in message
    assert desk.catalog.jobs.counts().queued == 0
    assert desk.catalog.tasks.running(album.dataset.id, "FaceClustering") == []
