"""Another embedding model is asked for."""

import re

import pytest

from tests.synthetic import MODEL, face

WHERE = {"ProjectName": "family", "DatasetName": "photos"}
PAIR, LIGHT = "pair-192", "mobilefacenet-192"


@pytest.fixture(autouse=True)
def dataset(album):
    album.add("oss://album/a.jpg", [face()])
    album.catalog.datasets.settle_model(album.dataset.id, MODEL)
    return album


def use(desk, model=PAIR, **parameters):
    return desk.call("UseEmbeddingModel", "vultus", **WHERE, Model=model, **parameters).task_id


def status(desk, task):
    told = desk.call("GetTask", ProjectName="family", TaskId=task, TaskType="EmbeddingModelChange")
    return told.status, told.code or ""


def test_a_call_starts_a_task_and_queues_its_job(desk, album):
    task = use(desk)
    assert re.fullmatch(r"UseEmbeddingModel-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", task)
    job = desk.catalog.jobs.claim("test", ["switch-model"], 60)
    assert (job.dataset_id, job.payload["model"]) == (album.dataset.id, PAIR)
    assert desk.catalog.tasks.by_id(job.task_id).task_id == task
    assert status(desk, task) == ("Running", "")


def test_asking_again_is_the_same_change(desk):
    assert use(desk) == use(desk)
    assert desk.catalog.jobs.counts(kind="switch-model").queued == 1


@pytest.mark.parametrize("wish", [{"model": LIGHT}, {"model": MODEL}, {"SkipMissing": True}])
def test_another_wish_cancels_the_change_under_way(desk, album, wish, monkeypatch):
    monkeypatch.setattr("vultus.operations.embedding_model._check_model", lambda call, model: None)
    first = use(desk)
    second = use(desk, **wish)
    assert status(desk, first) == ("Failed", "TaskCancelled")
    assert status(desk, second) == ("Running", "")


def test_an_unknown_model_is_refused_with_those_there_are(desk):
    code, message = desk.refusal("UseEmbeddingModel", "vultus", **WHERE, Model="facenet")
    assert code == "InvalidArgument"
    assert message == "There is no embedding model 'facenet'; there is faceplugin-512, mobilefacenet-192, pair-192."


def test_a_dataset_that_is_not_there_is_named(desk):
    code, message = desk.refusal("UseEmbeddingModel", "vultus", ProjectName="family", DatasetName="none", Model=PAIR)
    assert code == "ResourceNotFound"
    assert "dataset" in message
