"""A clustering task: it ends with its run, or the run ends with it."""

import msgspec
import pytest

from tests.synthetic import SyntheticAlbum, face
from vultus.catalog import LeaseLost
from vultus.config import Jobs, Settings
from vultus.jobs.cluster_dataset import ClusterDataset
from vultus.jobs.runs import FULL, USUAL
from vultus.jobs.worker import Worker
from vultus.people.grouping import Grouping
from vultus.people.watch import Phase

MODEL = Settings().faces.profile


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
    grouping = Watched(catalog, Happening(at=at, happens=happens))
    handlers = {USUAL.kind: ClusterDataset(catalog, grouping), FULL.kind: ClusterDataset(catalog, grouping, full=True)}
    return Worker("here:1", catalog, Jobs(), handlers)


def ask(album, run=USUAL):
    catalog, dataset = album.catalog, album.dataset
    task = catalog.tasks.create(dataset.project_id, dataset.id, run.task_type)
    catalog.jobs.put(run.kind, dataset_id=dataset.id, task=task.id, key=run.key(dataset.id))
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


def test_a_task_that_is_done_tells_what_came_of_it(album, catalog):
    album.add("oss://album/a.jpg", [face()], model=MODEL)
    task = ask(album)
    assert worker(catalog).step()
    report = msgspec.json.decode(catalog.tasks.by_id(task).report)
    assert (report["faces"], report["created"], report["alone"]) == (1, 0, 1)
    assert report["skipped"] == {"too few alike": 1}


def test_a_full_run_ends_the_tasks_that_asked_for_one(album, catalog):
    usual, full = ask(album), ask(album, FULL)
    at_work = worker(catalog)
    assert at_work.step()
    assert [catalog.tasks.by_id(task).status for task in (usual, full)] == ["Succeeded", "Running"]
    assert at_work.step()
    assert catalog.tasks.by_id(full).status == "Succeeded"


def test_a_run_that_was_lost_is_done_again_and_its_tasks_end_once(album, catalog):
    first = ask(album)
    lost = catalog.jobs.claim("dead:1", [USUAL.kind], lease=0)
    second = ask(album)
    at_work = worker(catalog)
    assert at_work.step()
    ended = [catalog.tasks.by_id(task) for task in (first, second)]
    assert [task.status for task in ended] == ["Succeeded"] * 2
    with pytest.raises(LeaseLost):
        catalog.jobs.finish(lost)
    assert at_work.step()  # the job that the second task put, for which nobody waits any more
    assert [catalog.tasks.by_id(task) for task in (first, second)] == ended
    assert catalog.jobs.counts().done == 2
    assert not at_work.step()
