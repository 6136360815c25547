"""A change of model: put to the workers file by file, broken off, taken up again, and done at once."""

import threading
from collections.abc import Callable

import msgspec
import numpy as np
import pytest

from tests.synthetic import MODEL, SyntheticAlbum, face
from vultus.catalog.reembedding import NewEmbedding
from vultus.config import Jobs
from vultus.errors import ResourceNotFound, ServiceUnavailable
from vultus.index.reembed import Look
from vultus.index.watch import Watch
from vultus.jobs import file_watch
from vultus.jobs.model_change import EMBED, SWITCH, TASK_TYPE, EmbedFile, ModelChange, SwitchModel, switch_job
from vultus.jobs.worker import Worker
from vultus.model import moment

NEW = "newer"


class Eyes:
    """Looks at faces as the files would show them, which synthetic albums have not."""

    def __init__(self, catalog) -> None:
        self.catalog = catalog
        self.looked: list[int] = []
        self.blind: set[int] = set()
        self.out_of_reach: set[int] = set()
        self.during: Callable[[], None] = lambda: None  # called in the midst of a file

    def look(self, file_id: int, model: str, watch: Watch) -> Look:
        self.looked.append(file_id)
        watch(0.5)
        self.during()
        if file_id in self.out_of_reach:
            raise ServiceUnavailable("The storage does not answer.")
        row = self.catalog.files.row(file_id)
        faces = self.catalog.reembedding.faces(file_id)
        if file_id in self.blind:
            return Look(row.version, [], {each.id: "[InvalidArgument] It is gone." for each in faces})
        vector = np.array([0.0, 1.0], "<f2").tobytes()
        return Look(row.version, [NewEmbedding(each.id, vector, 0.9) for each in faces], {})


class Change:
    """An album of three files, its workers, and a clock that can be put forward."""

    def __init__(self, catalog, monkeypatch) -> None:
        self.catalog = catalog
        self.album = SyntheticAlbum.make(catalog)
        self.dataset = self.album.dataset
        for name in ("a", "b", "c"):
            self.album.add(f"oss://album/{name}.jpg", [face()])
        self.files = catalog.figures.load(self.dataset.id, MODEL).photo.tolist()
        catalog.datasets.settle_model(self.dataset.id, MODEL)
        self.eyes = Eyes(catalog)
        self.stop = threading.Event()
        handlers = {EMBED: EmbedFile(catalog, self.eyes, self.stop), SWITCH: SwitchModel(catalog)}
        self.worker = Worker("here:1", catalog, Jobs(backoff=0.0), handlers)
        self._late = 0
        now = moment.now
        monkeypatch.setattr(moment, "now", lambda: now() + self._late)

    def ask(self, skip_missing: bool = False) -> int:
        task = self.catalog.tasks.create(self.dataset.project_id, self.dataset.id, TASK_TYPE)
        self.catalog.jobs.put_many([switch_job(self.dataset.id, task.id, ModelChange(NEW, skip_missing))])
        return task.id

    def work(self, steps: int = 100) -> None:
        """Do so many jobs, or all; what waits for a second need not."""
        for _ in range(steps):
            self._late += 2 * moment.SECOND
            if not self.worker.step():
                return

    def faces(self, model: str) -> int:
        return len(self.catalog.figures.load(self.dataset.id, model))

    @property
    def model(self) -> str:
        return self.catalog.datasets.by_id(self.dataset.id).model

    def task(self, row: int):
        return self.catalog.tasks.by_id(row)


@pytest.fixture
def change(catalog, monkeypatch) -> Change:
    return Change(catalog, monkeypatch)


def test_every_file_is_looked_at_once_and_the_dataset_has_the_new_model(change):
    task = change.ask()
    change.work()
    assert len(change.eyes.looked) == len(set(change.eyes.looked)) == 3
    assert (change.model, change.faces(NEW), change.faces(MODEL)) == (NEW, 3, 0)
    assert change.task(task).status == "Succeeded"
    assert msgspec.json.decode(change.task(task).report) == {"faces": 3, "missing": 0}


def test_how_far_it_is_can_be_told(change):
    task = change.ask()
    change.work(2)
    row = change.task(task)
    assert (row.status, row.phase, row.done, row.total, row.progress) == ("Running", "Embedding", 1, 3, 33)
    [jobs] = [each for each in change.catalog.overview.jobs(change.dataset.id) if each.kind == EMBED]
    assert jobs.queued == 2


def test_how_far_it_is_within_a_long_file_can_be_told(change, monkeypatch):
    monkeypatch.setattr(file_watch, "PAUSE", 0.0)
    task, told = change.ask(), []
    change.eyes.during = lambda: told.append((change.task(task).progress, change.task(task).done))
    change.work()
    assert told == [(16, 0), (50, 1), (83, 2)]
    assert change.task(task).progress == 100


def test_a_change_whose_workers_stop_again_and_again_is_not_given_up(change, monkeypatch):
    monkeypatch.setattr(file_watch, "PAUSE", 0.0)
    task = change.ask()
    change.stop.set()
    change.work(5 * Jobs().attempts)
    assert change.task(task).status == "Running"
    assert change.faces(MODEL) == 3
    change.stop.clear()
    change.work()
    assert change.task(task).status == "Succeeded"


def test_the_dataset_works_with_the_old_model_meanwhile(change):
    change.ask()
    change.work(3)
    assert (change.model, change.faces(MODEL)) == (MODEL, 3)


def test_photos_that_somebody_waits_for_come_first(change):
    change.ask()
    change.work(1)
    change.catalog.jobs.put("index", dataset_id=change.dataset.id)
    assert change.catalog.jobs.claim("here", ["index", EMBED, SWITCH], 60).kind == "index"


def test_what_a_killed_worker_was_at_is_done_again_and_the_rest_is_not(change):
    task = change.ask()
    change.work(2)
    change.catalog.jobs.claim("dead:1", [EMBED], lease=-1.0)
    change.work()
    assert change.task(task).status == "Succeeded"
    assert len(change.eyes.looked) == 3


def test_a_file_that_comes_in_meanwhile_is_not_lost(change):
    task = change.ask()
    change.work(4)
    change.album.add("oss://album/late.jpg", [face()])
    change.work()
    assert change.task(task).status == "Succeeded"
    assert change.faces(NEW) == 4


def test_a_file_that_goes_meanwhile_is_not_waited_for(change):
    task = change.ask()
    change.work(2)
    change.catalog.files.delete(change.dataset, [f"oss://album/{name}.jpg" for name in "abc"])
    change.work()
    assert change.task(task).status == "Succeeded"
    assert (change.model, change.faces(NEW)) == (NEW, 0)


def test_files_that_cannot_be_read_keep_the_dataset_at_its_model(change):
    change.eyes.blind = {change.files[1]}
    task = change.ask()
    change.work()
    row = change.task(task)
    assert (row.status, row.code) == ("Failed", "ResourceNotFound")
    assert "1 faces of 1 files cannot be looked at, the first oss://album/b.jpg: [InvalidArgument] It is gone." in (
        row.message
    )
    assert (change.model, change.faces(MODEL)) == (MODEL, 3)


def test_asked_again_only_what_is_missing_is_looked_at(change):
    change.eyes.blind = {change.files[1]}
    change.ask()
    change.work()
    change.eyes.blind.clear()
    change.eyes.looked.clear()
    change.catalog.reembedding.retry_missing(change.dataset.id)
    task = change.ask()
    change.work()
    assert change.eyes.looked == [change.files[1]]
    assert (change.task(task).status, change.model) == ("Succeeded", NEW)


def test_files_that_cannot_be_read_may_be_left_behind(change):
    change.eyes.blind = {change.files[1]}
    task = change.ask(skip_missing=True)
    change.work()
    assert msgspec.json.decode(change.task(task).report) == {"faces": 2, "missing": 1}
    assert (change.model, change.faces(NEW)) == (NEW, 2)


def test_a_storage_that_is_out_of_reach_is_tried_again_and_then_told(change):
    change.eyes.out_of_reach = {change.files[0]}
    task = change.ask()
    change.work()
    assert change.eyes.looked.count(change.files[0]) == Jobs().attempts
    assert "The storage does not answer." in change.task(task).message


def test_a_cancelled_change_leaves_everything_as_it_was(change):
    task = change.ask()
    change.work(2)
    assert change.catalog.tasks.cancel(task, "anna")
    change.work()
    assert len(change.eyes.looked) == 1
    assert (change.model, change.faces(MODEL)) == (MODEL, 3)
    assert len(change.catalog.reembedding.unclaimed(change.dataset.id, NEW, EMBED)) == 3


def test_a_cancelled_change_leaves_what_another_has_done_alone(change):
    cancelled = change.ask()
    change.work(2)
    change.catalog.tasks.cancel(cancelled, "anna")
    task = change.ask()
    change.work()
    assert change.task(task).status == "Succeeded"
    assert len(change.eyes.looked) == 3


def test_a_change_of_a_dataset_without_faces_is_done_at_once(change):
    empty = change.catalog.datasets.create(change.dataset.project_id, "empty")
    task = change.catalog.tasks.create(empty.project_id, empty.id, TASK_TYPE)
    change.catalog.jobs.put_many([switch_job(empty.id, task.id, ModelChange(NEW))])
    change.work(1)
    assert change.catalog.datasets.by_id(empty.id).model == NEW
    assert change.task(task.id).status == "Succeeded"


def test_the_model_does_not_change_in_the_midst_of_a_clustering_run(change):
    change.ask()
    change.catalog.jobs.put("cluster", dataset_id=change.dataset.id)
    run = change.catalog.jobs.claim("one", ["cluster"], 60)
    assert change.catalog.jobs.claim("two", [SWITCH], 60) is None
    change.catalog.jobs.finish(run)
    assert change.catalog.jobs.claim("two", [SWITCH], 60) is not None


def test_a_change_whose_dataset_goes_goes_with_it(change):
    change.ask()
    change.work(2)
    change.catalog.files.delete(change.dataset, [f"oss://album/{name}.jpg" for name in "abc"])
    change.catalog.datasets.delete(change.dataset.project_id, change.dataset.name)
    change.work()
    with pytest.raises(ResourceNotFound):
        change.catalog.datasets.by_id(change.dataset.id)
    assert change.catalog.jobs.counts().queued == 0
