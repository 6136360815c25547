"""A merging task: people become one in the background."""

import msgspec
import pytest

from tests.synthetic import SyntheticAlbum
from vultus.config import Jobs
from vultus.jobs.merge_clusters import MergeClusters, Merging
from vultus.jobs.worker import Worker


@pytest.fixture
def album(catalog):
    return SyntheticAlbum.make(catalog)


@pytest.fixture
def worker(catalog):
    return Worker("here:1", catalog, Jobs(), {"merge": MergeClusters(catalog)})


def ask(album, target, *sources):
    catalog, dataset = album.catalog, album.dataset
    task = catalog.tasks.create(dataset.project_id, dataset.id, "FigureClustersMerging")
    merging = msgspec.to_builtins(Merging(target, list(sources), "anna"))
    catalog.jobs.put("merge", dataset_id=dataset.id, task=task.id, payload={"merging": merging})
    return task.id


def test_the_clusters_are_one_and_the_task_has_ended(album, worker, catalog):
    a, b = album.person("a"), album.person("b")
    task = ask(album, a, b)
    assert worker.step()
    assert catalog.tasks.by_id(task).status == "Succeeded"
    assert [each.object_id for each in catalog.clusters.get_many(album.dataset, [a, b])] == [a]
    [decision] = catalog.decisions.list(album.dataset.id)
    assert (decision.kind, decision.actor) == ("merge", "anna")


def test_a_second_merge_of_the_same_finds_the_source_gone(album, worker, catalog):
    a, b = album.person("a"), album.person("b")
    first, second = ask(album, a, b), ask(album, a, b)
    assert worker.step()
    assert worker.step()
    assert catalog.tasks.by_id(first).status == "Succeeded"
    task = catalog.tasks.by_id(second)
    assert (task.status, task.code) == ("Failed", "ResourceNotFound")
    assert b in task.message


def test_a_cancelled_merge_changes_nothing(album, worker, catalog):
    a, b = album.person("a"), album.person("b")
    task = ask(album, a, b)
    assert catalog.tasks.cancel(task, "anna")
    assert not catalog.tasks.cancel(task, "anna")
    assert worker.step()
    assert len(catalog.clusters.get_many(album.dataset, [a, b])) == 2
    ended = catalog.tasks.by_id(task)
    assert (ended.status, ended.code, ended.message) == (
        "Failed",
        "TaskCancelled",
        "The task was cancelled by anna.",
    )


def test_merging_waits_until_clustering_is_done(album, catalog):
    a, b = album.person("a"), album.person("b")
    catalog.jobs.put("cluster", dataset_id=album.dataset.id)
    ask(album, a, b)
    clustering = catalog.jobs.claim("one", ["cluster"], 60)
    assert catalog.jobs.claim("two", ["merge"], 60) is None
    catalog.jobs.finish(clustering)
    assert catalog.jobs.claim("two", ["merge"], 60) is not None


def test_a_merge_that_is_given_up_says_so(album, worker, catalog):
    a, b = album.person("a"), album.person("b")
    task = ask(album, a, b)
    for _ in range(Jobs().attempts):
        catalog.jobs.claim("dead:1", ["merge"], lease=-1.0)
    worker.step()
    assert catalog.tasks.by_id(task).code == "InternalError"
