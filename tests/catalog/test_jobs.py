"""The queue. A lease of 0 seconds has run out by the time anyone looks."""

import random
import threading
import time
from collections import Counter
from contextlib import closing
from multiprocessing import get_context

import pytest

from vultus.catalog import Catalog, Job, LeaseLost, NewJob
from vultus.catalog.job import index_job
from vultus.model import InputFile

LONG = 60.0  # seconds of a lease that does not run out here
OVER = -1.0  # seconds of a lease that has run out


def claim(catalog, *kinds, lease=LONG) -> Job:
    job = catalog.jobs.claim("worker", kinds or ("index", "cluster"), lease)
    assert job is not None
    return job


def nothing_to_do(catalog, *kinds):
    return catalog.jobs.claim("worker", kinds or ("index", "cluster"), LONG) is None


def test_jobs_are_done_in_the_order_they_came_and_urgent_ones_first(catalog):
    for number in range(3):
        catalog.jobs.put("index", payload={"number": number})
    catalog.jobs.put("cluster", payload={"number": "urgent"}, priority=-1)
    assert [claim(catalog).payload["number"] for _ in range(4)] == ["urgent", 0, 1, 2]
    assert nothing_to_do(catalog)


def test_a_worker_gets_only_what_it_can_do(catalog):
    catalog.jobs.put("index")
    assert nothing_to_do(catalog, "cluster")
    assert nothing_to_do(catalog, "mosaic")
    assert claim(catalog, "index").kind == "index"


def test_a_job_carries_what_it_was_put_with(catalog, dataset):
    [file_id] = catalog.files.submit(dataset, [InputFile(uri="oss://bucket/a.jpg")])
    task = catalog.tasks.create(dataset.project_id, dataset.id, "FaceClustering")
    put = catalog.jobs.put("mosaic", dataset_id=dataset.id, file_id=file_id, task=task.id, key="k", payload={"a": [1]})
    job = claim(catalog, "mosaic")
    assert (job.id, job.dataset_id, job.file_id, job.task_id) == (put, dataset.id, file_id, task.id)
    assert (job.key, job.payload, job.attempts) == ("k", {"a": [1]}, 1)


def test_of_the_jobs_that_wait_with_one_key_one_is_kept(catalog):
    assert catalog.jobs.put("index", key="a") is not None
    assert catalog.jobs.put("index", key="a") is None
    catalog.jobs.put_many([NewJob(kind="index", key="a"), NewJob(kind="index", key="b"), NewJob(kind="index", key="b")])
    assert catalog.jobs.counts().queued == 2


def test_jobs_without_a_key_are_all_kept(catalog):
    assert None not in [catalog.jobs.put("index") for _ in range(3)]


def test_a_job_put_while_its_like_runs_is_done_afterwards(catalog):
    catalog.jobs.put("index", key="a")
    running = claim(catalog)
    assert catalog.jobs.put("index", key="a") is not None
    assert nothing_to_do(catalog)
    catalog.jobs.finish(running)
    assert claim(catalog).id != running.id


def test_a_dataset_is_clustered_by_one_worker_at_a_time(catalog, dataset):
    other = catalog.datasets.create(dataset.project_id, "other")
    catalog.jobs.put("cluster", dataset_id=dataset.id)
    catalog.jobs.put("cluster", dataset_id=dataset.id)
    catalog.jobs.put("cluster", dataset_id=other.id)
    first, second = claim(catalog), claim(catalog)
    assert (first.dataset_id, second.dataset_id) == (dataset.id, other.id)
    assert nothing_to_do(catalog)
    catalog.jobs.finish(first)
    assert claim(catalog).dataset_id == dataset.id


def test_the_job_of_a_silent_worker_falls_to_another(catalog):
    catalog.jobs.put("index", key="a")
    lost = claim(catalog, lease=OVER)
    taken = claim(catalog)
    assert (taken.id, taken.attempts) == (lost.id, 2)
    assert taken.token != lost.token
    assert nothing_to_do(catalog)


def test_a_lease_that_ran_out_still_counts_while_nobody_took_the_job(catalog):
    catalog.jobs.put("index")
    job = claim(catalog, lease=OVER)
    assert catalog.jobs.beat(job, LONG)
    assert nothing_to_do(catalog)
    catalog.jobs.finish(job)
    assert catalog.jobs.counts().done == 1


@pytest.mark.parametrize(
    "end",
    [
        lambda jobs, job: jobs.finish(job),
        lambda jobs, job: jobs.fail(job, "broken"),
        lambda jobs, job: jobs.retry(job, "later", 0),
        lambda jobs, job: jobs.release(job),
    ],
    ids=["finish", "fail", "retry", "release"],
)
def test_the_work_of_a_worker_that_lost_its_lease_is_undone(catalog, end):
    catalog.jobs.put("index")
    lost = claim(catalog, lease=OVER)
    taken = claim(catalog)

    def work():
        catalog.projects.create("too-late")
        end(catalog.jobs, lost)

    with pytest.raises(LeaseLost), catalog.transaction():
        work()
    assert catalog.projects.page() == []
    assert not catalog.jobs.beat(lost, LONG)
    assert catalog.jobs.beat(taken, LONG)
    catalog.jobs.finish(taken)


def test_a_job_ends_once(catalog):
    catalog.jobs.put("index")
    job = claim(catalog)
    catalog.jobs.finish(job)
    with pytest.raises(LeaseLost):
        catalog.jobs.fail(job, "again")
    assert catalog.jobs.counts().done == 1


def test_a_job_is_tried_again_after_a_while(catalog):
    catalog.jobs.put("index", key="a")
    catalog.jobs.retry(claim(catalog), "busy", 3600)
    assert nothing_to_do(catalog)
    assert catalog.jobs.put("index", key="a") is None
    catalog.jobs.put("index", key="b")
    catalog.jobs.retry(claim(catalog), "busy", 0)
    assert (claim(catalog).key, catalog.jobs.counts().queued) == ("b", 1)


def test_a_second_try_joins_the_job_of_its_key_that_waits_already(catalog):
    catalog.jobs.put("index", key="a")
    first = claim(catalog)
    newer = catalog.jobs.put("index", key="a")
    catalog.jobs.retry(first, "busy", 0)
    assert claim(catalog).id == newer
    assert catalog.jobs.counts().done == 1


def test_a_released_job_counts_no_attempt(catalog):
    catalog.jobs.put("index")
    catalog.jobs.release(claim(catalog))
    assert claim(catalog).attempts == 1


def test_the_jobs_of_a_dead_worker_are_free_at_once(catalog):
    catalog.jobs.put("index")
    catalog.jobs.put("index")
    dead = catalog.jobs.claim("dead", ["index"], LONG)
    living = catalog.jobs.claim("living", ["index"], LONG)
    assert sorted(catalog.jobs.workers()) == ["dead", "living"]
    assert catalog.jobs.release_worker("dead") == 1
    assert claim(catalog).id == dead.id
    assert catalog.jobs.beat(living, LONG)
    assert not catalog.jobs.beat(dead, LONG)


def test_jobs_are_counted_by_dataset_and_kind(catalog, dataset):
    catalog.jobs.put("cluster", dataset_id=dataset.id)
    for number in range(4):
        catalog.jobs.put("index", dataset_id=dataset.id, key=str(number))
    catalog.jobs.finish(claim(catalog, "index"))
    catalog.jobs.fail(claim(catalog, "index"), "broken")
    claim(catalog, "index")
    counts = catalog.jobs.counts(dataset.id, "index")
    assert (counts.queued, counts.running, counts.done, counts.failed) == (1, 1, 1, 1)
    assert catalog.jobs.counts(dataset.id).queued == 2
    assert catalog.jobs.counts(dataset.id + 1).queued == 0


def test_old_jobs_are_forgotten_when_they_are_done(catalog):
    for _ in range(3):
        catalog.jobs.put("index")
    catalog.jobs.finish(claim(catalog))
    catalog.jobs.fail(claim(catalog), "broken")
    assert catalog.jobs.sweep(3600) == 0
    assert catalog.jobs.sweep(0) == 1
    counts = catalog.jobs.counts()
    assert (counts.queued, counts.done, counts.failed) == (1, 0, 1)


def test_the_jobs_of_a_deleted_file_go_with_it(catalog, album):
    album.add("a.jpg")
    catalog.files.submit(album.dataset, [InputFile(uri=album.uri("b.jpg"))])
    running = claim(catalog)
    album.delete("a.jpg")
    with pytest.raises(LeaseLost):
        catalog.jobs.finish(running)
    assert claim(catalog).file_id != running.file_id


def _work(url: str, name: str, seed: int, answer) -> None:
    """Claim until nothing is left; now and then fall silent, and come back too late."""
    chance = random.Random(seed)
    done, running = [], []
    with closing(Catalog(url)) as catalog:
        while (job := catalog.jobs.claim(name, ["index", "cluster"], LONG)) or catalog.jobs.counts().running:
            if job is None:
                time.sleep(0.01)
                continue
            if chance.random() < 0.05:
                catalog.jobs.release_worker(name)
                running.append(job)
                continue
            with catalog.transaction():
                catalog.jobs.finish(job)
            done.append(job.payload["number"])
            for late in running:
                try:
                    catalog.jobs.finish(late)
                    done.append(late.payload["number"])
                except LeaseLost:
                    pass
            running.clear()
    answer.put(done)


def test_many_workers_do_every_job_exactly_once(catalog, catalog_url, dataset):
    jobs = [NewJob(kind="index", key=f"index:{number}", payload={"number": number}) for number in range(1000)]
    jobs += [NewJob(kind="cluster", dataset_id=dataset.id, payload={"number": 1000 + number}) for number in range(50)]
    catalog.jobs.put_many(jobs)
    context = get_context("spawn")
    answer = context.Queue()
    arguments = [(catalog_url, f"worker-{number}", number, answer) for number in range(3)]
    processes = [context.Process(target=_work, args=each) for each in arguments]
    for process in processes:
        process.start()
    done = Counter(number for _ in processes for number in answer.get())
    for process in processes:
        process.join()
    assert done == Counter(range(1050))
    assert catalog.jobs.counts().done == 1050


def test_two_datasets_clusterings_never_overlap_under_many_threads(catalog, dataset):
    """Every worker holds its job for a moment, and looks who else is at the same dataset."""
    other = catalog.datasets.create(dataset.project_id, "other")
    catalog.jobs.put_many([NewJob(kind="cluster", dataset_id=id_) for id_ in (dataset.id, other.id) for _ in range(15)])
    busy, clashes, done = Counter(), [], []

    def work(name):
        while catalog.jobs.counts().queued:
            job = catalog.jobs.claim(name, ["cluster"], LONG)
            if job is None:
                time.sleep(0.002)
                continue
            busy[job.dataset_id] += 1
            clashes.append(busy[job.dataset_id] > 1)
            time.sleep(0.002)
            busy[job.dataset_id] -= 1
            catalog.jobs.finish(job)
            done.append(job.id)

    threads = [threading.Thread(target=work, args=(f"worker-{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == len(set(done)) == 30
    assert not any(clashes)


def test_the_job_of_a_file_is_known_by_the_file():
    job = index_job(1, 7, {})
    assert (job.kind, job.dataset_id, job.file_id, job.key, job.lane) == ("index", 1, 7, "index:7", "index:7")
