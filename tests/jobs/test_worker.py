"""A worker does each job once, tries again when it should, and gives up when it must."""

import threading
import time

import pytest

from vultus.catalog import Catalog, Job
from vultus.config import Jobs
from vultus.errors import ServiceUnavailable
from vultus.jobs.handler import BrokenOff, Finish
from vultus.jobs.worker import Worker

SWIFT = Jobs(lease=0.3, attempts=3, backoff=0.0)


class Recorder:
    """A handler that writes down what it is asked to do, and fails as often as it is told to."""

    def __init__(self, failures: int = 0, error: type[Exception] = ServiceUnavailable, seconds: float = 0.0) -> None:
        self.failures = failures
        self.error = error
        self.seconds = seconds
        self.done: list[int] = []
        self.given_up: list[str] = []

    def run(self, job: Job, finish: Finish) -> None:
        time.sleep(self.seconds)
        if job.attempts <= self.failures:
            raise self.error("The store is out of reach.")
        finish()
        self.done.append(job.id)

    def give_up(self, job: Job, reason: str) -> None:
        self.given_up.append(reason)


def worker(catalog: Catalog, handler: Recorder, settings: Jobs = SWIFT) -> Worker:
    return Worker("here:1", catalog, settings, {"index": handler})


def drain(each: Worker) -> None:
    while each.step():
        pass


def test_every_job_is_done_once(catalog):
    for number in range(20):
        catalog.jobs.put("index", key=f"index:{number}")
    handler = Recorder()
    drain(worker(catalog, handler))
    assert len(handler.done) == len(set(handler.done)) == 20
    assert catalog.jobs.counts().done == 20


def test_a_job_that_fails_is_tried_again(catalog):
    catalog.jobs.put("index")
    handler = Recorder(failures=2)
    drain(worker(catalog, handler))
    assert len(handler.done) == 1
    assert handler.given_up == []


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ServiceUnavailable, "The store is out of reach."),
        (RuntimeError, "An error of Vultus itself; its log says more."),
    ],
)
def test_a_job_that_fails_too_often_is_given_up_with_a_reason(catalog, error, reason):
    catalog.jobs.put("index")
    handler = Recorder(failures=99, error=error)
    drain(worker(catalog, handler))
    assert handler.given_up == [reason]
    assert catalog.jobs.counts().failed == 1


def test_a_job_that_kills_its_workers_is_given_up(catalog):
    catalog.jobs.put("index")
    for _ in range(SWIFT.attempts):
        assert catalog.jobs.claim("dead:1", ["index"], lease=-1.0) is not None
    handler = Recorder()
    drain(worker(catalog, handler))
    assert handler.done == []
    assert handler.given_up == ["The workers that tried it died."]


def test_a_job_that_is_broken_off_however_often_is_not_given_up(catalog):
    catalog.jobs.put("index")
    stopping = Recorder(failures=99, error=BrokenOff)
    for _ in range(3 * SWIFT.attempts):
        assert worker(catalog, stopping).step()
    assert catalog.jobs.counts().queued == 1
    handler = Recorder()
    drain(worker(catalog, handler))
    assert len(handler.done) == 1
    assert stopping.given_up == handler.given_up == []


def test_the_lease_holds_while_the_work_goes_on(catalog):
    catalog.jobs.put("index")
    short, stop = Jobs(lease=1.0), threading.Event()
    slow, rival = Recorder(seconds=2.5 * short.lease), Recorder()
    thread = threading.Thread(target=worker(catalog, slow, short).run, args=(stop,))
    thread.start()
    while not catalog.jobs.workers():
        time.sleep(0.01)
    while not catalog.jobs.counts().done:
        worker(catalog, rival).step()
        time.sleep(0.02)
    stop.set()
    thread.join()
    assert len(slow.done) == 1
    assert rival.done == []


def test_work_done_after_the_lease_was_lost_is_not_kept(catalog):
    class Overtaken(Recorder):
        def run(self, job: Job, finish: Finish) -> None:
            with catalog.transaction():
                catalog.projects.create("written-too-late")
                catalog.jobs.release_worker("here:1")
                assert catalog.jobs.claim("rival:2", ["index"], lease=60.0) is not None
                finish()

    catalog.jobs.put("index")
    worker(catalog, Overtaken()).step()
    assert catalog.projects.page() == []


def test_a_worker_stops_when_it_is_asked_to(catalog):
    stop = threading.Event()
    thread = threading.Thread(target=worker(catalog, Recorder()).run, args=(stop,))
    thread.start()
    stop.set()
    thread.join(timeout=10)
    assert not thread.is_alive()


def test_a_worker_outlives_a_database_that_does_not_answer(sqlite_catalog, monkeypatch):
    monkeypatch.setattr("vultus.jobs.worker.PAUSE", 0.01)
    catalog, stop, handler = sqlite_catalog, threading.Event(), Recorder()
    claim, failures = catalog.jobs.claim, [ServiceUnavailable("The database does not answer.")] * 3

    def unreliable(*arguments):
        if failures:
            raise failures.pop()
        return claim(*arguments)

    monkeypatch.setattr(catalog.jobs, "claim", unreliable)
    catalog.jobs.put("index")
    thread = threading.Thread(target=worker(catalog, handler).run, args=(stop,))
    thread.start()
    while not catalog.jobs.counts().done:
        time.sleep(0.01)
    stop.set()
    thread.join()
    assert len(handler.done) == 1
