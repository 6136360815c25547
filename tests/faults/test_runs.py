"""A clustering run that is killed is done again; one that is broken off leaves nothing behind."""

import json
import os
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.crowd import PEOPLE, add_crowd
from tests.faults.test_interrupt import start
from vultus.catalog import Catalog
from vultus.config import Jobs, Settings
from vultus.jobs.pool import Pool
from vultus.jobs.runs import USUAL

DELAYS = (0.0, 0.2)  # seconds after a run has begun at which its worker is killed


@pytest.fixture
def catalog(tmp_path):
    (tmp_path / "home").mkdir()
    with closing(Catalog(Settings(home=tmp_path / "home").database_url)) as catalog:
        catalog.migrate()
        yield catalog


def phase(home: Path) -> str | None:
    """What the run is doing, as another process sees it."""
    with closing(sqlite3.connect(home / "vultus.db")) as connection:
        running = connection.execute("SELECT phase FROM tasks WHERE status = 'Running' ORDER BY id DESC").fetchone()
    return running and running[0]


def test_a_run_that_is_killed_is_done_again_and_its_task_ends_once(catalog, tmp_path):
    home = tmp_path / "home"
    album = add_crowd(catalog)
    dataset = album.dataset
    task = catalog.tasks.create(dataset.project_id, dataset.id, USUAL.task_type)
    catalog.jobs.put(USUAL.kind, dataset_id=dataset.id, task=task.id, key=USUAL.key(dataset.id))
    settings = Settings(home=home, jobs=Jobs(workers=1, lease=5.0, attempts=len(DELAYS) + 2, backoff=0.0))
    with Pool(settings, catalog) as pool:
        for delay in DELAYS:
            catalog.tasks.advance([task.id], 0)  # so that the phase told next is of the next try
            while phase(home) is None:
                time.sleep(0.02)
            time.sleep(delay)
            assert catalog.tasks.by_id(task.id).status == "Running"
            os.kill(pool.pids[0], signal.SIGKILL)
        while catalog.tasks.by_id(task.id).status == "Running":
            time.sleep(0.1)
    ended = catalog.tasks.by_id(task.id)
    assert ended.status == "Succeeded"
    report = json.loads(ended.report or "")
    assert (report["created"], report["placed"], report["attached"]) == (PEOPLE, len(album_faces(album)), 0)
    counts = catalog.jobs.counts(dataset.id, USUAL.kind)
    assert (counts.queued, counts.running, counts.done, counts.failed) == (0, 0, 1, 0)
    assert tries(home) == len(DELAYS) + 1
    assert catalog.overview.population(dataset.id).clusters == PEOPLE
    assert catalog.audit.check(dataset.id) == []


def tries(home: Path) -> int:
    """How many workers have begun the run."""
    with closing(sqlite3.connect(home / "vultus.db")) as connection:
        return int(connection.execute("SELECT attempts FROM jobs WHERE kind = ?", [USUAL.kind]).fetchone()[0])


def album_faces(album):
    return album.catalog.figures.load(album.dataset.id, Settings().faces.profile).id


def test_ctrl_c_cancels_the_run_and_leaves_everything_as_it_was(catalog, tmp_path, models):
    home = tmp_path / "home"
    album = add_crowd(catalog)
    with start(home, models.folder, "cluster") as process:
        while process.poll() is None and phase(home) is None:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)  # what a terminal does: every process of the group hears of it
        _, errors = process.communicate()
    assert process.returncode == 130
    assert "Broken off: the run is cancelled, and nothing was changed." in errors
    assert "Traceback" not in errors
    [task], _ = catalog.tasks.page(album.dataset.project_id)
    assert (task.status, task.code) == ("Failed", "TaskCancelled")
    counts = catalog.jobs.counts(album.dataset.id, USUAL.kind)
    assert (counts.queued, counts.running) == (0, 0)
    assert catalog.overview.population(album.dataset.id).clusters == 0
    with start(home, models.folder, "cluster", "--json") as process:
        out, errors = process.communicate()
    assert process.returncode == 0, errors
    assert len(json.loads(out)) == PEOPLE
