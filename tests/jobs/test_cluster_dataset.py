"""A clustering task: it ends with its run, or the run ends with it."""

import pytest

from tests.synthetic import SyntheticAlbum
from vultus.config import Jobs, Settings
from vultus.jobs.cluster_dataset import TASK_TYPE, ClusterDataset
from vultus.jobs.worker import Worker
from vultus.people.grouping import Grouping
from vultus.people.watch import Phase


@pytest.fixture
def album(catalog):
    return SyntheticAlbum.make(catalog)


class Watched(Grouping):
    """A grouping during which something happens, at the beginning of a phase."""

    def run(self, dataset_id, watch, finish, *, full=False):
        def tell(phase, done, total):
            if (phase, done) == (self.settings.at, 0):
                self.settings.happens()
            watch(phase, done, total)

        return super().run(dataset_id, tell, finish, full=full)


class Happening(Settings):
    at: Phase | None = None
    happens: object = None


def worker(catalog, at=None, happens=None):
    settings = Happening(at=at, happens=happens)
    return Worker("here:1", catalog, Jobs(), {"cluster": ClusterDataset(catalog, Watched(catalog, settings))})


def ask(album):
    catalog, dataset = album.catalog, album.dataset
    task = catalog.tasks.create(dataset.project_id, dataset.id, TASK_TYPE)
    catalog.jobs.put("cluster", dataset_id=dataset.id, task=task.id, key=f"cluster:{dataset.id}")
    return task.id


def test_all_who_wait_hear_of_the_end(album, catalog):
    first, second = ask(album), ask(album)
    assert worker(catalog).step()
    assert [catalog.tasks.by_id(task).status for task in (first, second)] == ["Succeeded"] * 2
    assert catalog.jobs.counts().done == 1


@pytest.mark.parametrize("at", [Phase.LOADING, Phase.PLACING])
def test_a_run_whose_task_is_cancelled_is_broken_off(album, catalog, at):
    task = ask(album)
    assert worker(catalog, at, lambda: catalog.tasks.cancel(task, "anna")).step()
    assert catalog.tasks.by_id(task).code == "TaskCancelled"
    assert catalog.jobs.counts().done == 1


def test_a_run_that_others_wait_for_goes_on(album, catalog):
    first, second = ask(album), ask(album)
    assert worker(catalog, Phase.LOADING, lambda: catalog.tasks.cancel(first, "anna")).step()
    assert [catalog.tasks.by_id(task).status for task in (first, second)] == ["Failed", "Succeeded"]


def test_a_run_that_was_cancelled_before_it_began_does_nothing(album, catalog):
    task = ask(album)
    catalog.tasks.cancel(task, "anna")
    seen = []
    assert worker(catalog, Phase.PLACING, lambda: seen.append(1)).step()
    assert seen == []
    assert catalog.jobs.counts().done == 1


def test_a_run_that_no_task_asked_for_is_carried_out(album, catalog):
    catalog.jobs.put("cluster", dataset_id=album.dataset.id)
    seen = []
    assert worker(catalog, Phase.PLACING, lambda: seen.append(1)).step()
    assert seen == [1]
