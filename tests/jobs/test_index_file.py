"""An index job leaves its file alone once it is no longer its own."""

import threading

import pytest

from vultus.catalog import Job, LeaseLost
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
