"""An index job leaves its file alone once it is no longer its own."""

import threading
import time

import pytest

from vultus.catalog import Job, LeaseLost
from vultus.jobs.file_watch import PAUSE
from vultus.jobs.handler import BrokenOff
from vultus.jobs.index_file import IndexFile
from vultus.model import InputFile

URI = "oss://b/one.jpg"


class Unused:
    """An indexer that must not be asked."""

    def index(self, row, finish, watch):
        raise AssertionError("the file was indexed")


@pytest.fixture
def dataset(catalog):
    catalog.account.ensure()
    return catalog.datasets.create(catalog.projects.create("p").id, "d")


def claimed(catalog, dataset) -> Job:
    catalog.files.submit(dataset, [InputFile(uri=URI)])
    job = catalog.jobs.claim("here:1", ["index"], lease=-1.0)
    assert job is not None
    return job


def test_a_file_that_was_deleted_is_passed_over(catalog, dataset):
    job = claimed(catalog, dataset)
    catalog.files.delete(dataset, [URI])
    IndexFile(catalog, Unused(), threading.Event()).run(job, finish=lambda: None)
    IndexFile(catalog, Unused(), threading.Event()).give_up(job, "gone")
    assert catalog.files.get_many(dataset, [URI]) == []


def test_a_file_that_another_worker_finished_stays_as_it_is(catalog, dataset):
    late = claimed(catalog, dataset)
    job = catalog.jobs.claim("there:2", ["index"], lease=60.0)
    catalog.files.fail(job.file_id, "seen by the other worker")
    catalog.jobs.finish(job)
    with pytest.raises(LeaseLost):
        IndexFile(catalog, Unused(), threading.Event()).run(late, finish=lambda: None)
    assert catalog.files.row(late.file_id).status == "Failed"


class Film:
    """An indexer at a file that takes long; whoever looks meanwhile is called in between."""

    def __init__(self, looks):
        self.looks = looks

    def index(self, row, finish, watch):
        for number, look in enumerate(self.looks):
            time.sleep(1.05 * PAUSE)
            watch((number + 1) / 4)
            look()
        finish()


def running(catalog, dataset) -> list[tuple[str, int]]:
    return [(each.uri, each.progress) for each in catalog.overview.at_work(dataset.id)]


def held(catalog, dataset) -> Job:
    catalog.files.submit(dataset, [InputFile(uri=URI)])
    job = catalog.jobs.claim("here:1", ["index"], lease=60.0)
    assert job is not None
    return job


def test_who_asks_hears_how_far_a_long_file_is(catalog, dataset):
    job, told = held(catalog, dataset), []
    look = lambda: told.append(running(catalog, dataset))  # noqa: E731
    look()
    indexer = Film([look, look])
    IndexFile(catalog, indexer, threading.Event()).run(job, lambda: catalog.jobs.finish(job))
    look()
    assert told == [[(URI, 0)], [(URI, 25)], [(URI, 50)], []]


def test_a_file_that_is_begun_again_is_not_half_done(catalog, dataset):
    job = held(catalog, dataset)
    catalog.jobs.tell(job, 70)
    catalog.jobs.release(job)
    assert running(catalog, dataset) == []
    assert catalog.jobs.claim("there:2", ["index"], lease=60.0).id == job.id
    assert running(catalog, dataset) == [(URI, 0)]


def test_a_long_file_that_was_deleted_or_taken_over_is_worked_on_no_more(catalog, dataset):
    job = held(catalog, dataset)
    indexer = Film([lambda: catalog.files.delete(dataset, [URI]), lambda: pytest.fail("the work went on")])
    with pytest.raises(LeaseLost):
        IndexFile(catalog, indexer, threading.Event()).run(job, lambda: catalog.jobs.finish(job))


def test_a_long_file_is_broken_off_when_its_worker_is_to_stop_and_begun_anew(catalog, dataset):
    job, stop = held(catalog, dataset), threading.Event()
    indexer = Film([stop.set, lambda: pytest.fail("the work went on")])
    with pytest.raises(BrokenOff):
        IndexFile(catalog, indexer, stop).run(job, lambda: catalog.jobs.finish(job))
