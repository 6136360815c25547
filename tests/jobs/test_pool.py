"""A pool keeps its workers, and takes up what dead ones left."""

import os
import socket
import time

from vultus.catalog import Catalog
from vultus.config import Jobs, Settings
from vultus.jobs.pool import Pool, worker_name


def settings_of(tmp_path, workers: int) -> Settings:
    return Settings(home=tmp_path, jobs=Jobs(workers=workers))


def test_there_is_always_a_worker(tmp_path, sqlite_catalog: Catalog):
    assert Pool(settings_of(tmp_path, -1), sqlite_catalog).size == os.cpu_count()
    assert Pool(settings_of(tmp_path, 3), sqlite_catalog).size == 3


def test_the_job_of_a_dead_worker_falls_to_the_next_at_once(tmp_path):
    settings = settings_of(tmp_path, 1)
    catalog = Catalog(settings.database_url)
    catalog.migrate()
    catalog.jobs.put("unheard-of")
    dead = worker_name(2**22 + 1)  # past the highest process id there is
    assert catalog.jobs.claim(dead, ["unheard-of"], lease=3600.0) is not None
    with Pool(settings, catalog) as pool:
        assert len(pool.pids) == 1
    job = catalog.jobs.claim("next:1", ["unheard-of"], lease=3600.0)
    assert job is not None
    assert job.attempts == 2
    catalog.close()


def test_the_job_of_a_worker_of_a_namesake_of_this_machine_is_left_alone(tmp_path):
    settings = settings_of(tmp_path, 1)
    catalog = Catalog(settings.database_url)
    catalog.migrate()
    catalog.jobs.put("unheard-of")
    elsewhere = f"{socket.gethostname()}-00000000-1:{2**22 + 1}"
    assert elsewhere.rpartition(":")[0] != worker_name(1).rpartition(":")[0]
    assert catalog.jobs.claim(elsewhere, ["unheard-of"], lease=3600.0) is not None
    with Pool(settings, catalog):
        pass
    assert catalog.jobs.claim("next:1", ["unheard-of"], lease=3600.0) is None
    catalog.close()


def test_workers_are_gone_when_the_pool_is_stopped(tmp_path):
    settings = settings_of(tmp_path, 2)
    catalog = Catalog(settings.database_url)
    catalog.migrate()
    with Pool(settings, catalog) as pool:
        processes = list(pool.processes)
        assert all(process.is_alive() for process in processes)
    assert not any(process.is_alive() for process in processes)
    catalog.close()


def test_jobs_that_are_long_done_are_forgotten(tmp_path, monkeypatch):
    monkeypatch.setattr("vultus.jobs.pool.KEPT", -1)
    settings = settings_of(tmp_path, 1)
    catalog = Catalog(settings.database_url)
    catalog.migrate()
    catalog.jobs.put("unheard-of")
    job = catalog.jobs.claim("here:1", ["unheard-of"], lease=60.0)
    assert job is not None
    catalog.jobs.finish(job)
    with Pool(settings, catalog):
        while catalog.jobs.counts().done:
            time.sleep(0.05)
    assert catalog.jobs.counts().done == 0
    catalog.close()
