"""kill -9 at any moment loses nothing and doubles nothing."""

import os
import random
import signal
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

import msgspec

from tests.faults.photos import make_photos
from vultus.catalog import Catalog
from vultus.config import Bucket, Jobs, Settings
from vultus.jobs.pool import Pool
from vultus.model import InputFile
from vultus.storage.storage import Storage

PHOTOS = 300
KILLS = 20


def settings_of(home: Path, photos: Path, cache: Path) -> Settings:
    return Settings(
        home=home,
        models=str(cache),
        buckets={"photos": Bucket(options={"root": str(photos)}, projects=["p"])},
        jobs=Jobs(workers=2, lease=5.0, attempts=25, backoff=0.0),
    )


def test_workers_killed_at_random_index_every_file_exactly_once(tmp_path, models, sample_face):
    photos, home = tmp_path / "photos", tmp_path / "home"
    photos.mkdir()
    home.mkdir()
    make_photos(photos, sample_face, PHOTOS)
    settings = settings_of(home, photos, models.folder)
    catalog = Catalog(settings.database_url)
    catalog.migrate()
    catalog.account.ensure()
    catalog.projects.create("p")
    dataset = catalog.datasets.create(catalog.projects.get("p").id, "d")
    uris = [str(uri) for uri, _ in Storage(settings).list("photos")]
    catalog.files.submit(dataset, [InputFile(uri=uri) for uri in uris])
    kill_at_random(settings, catalog, dataset.id)
    assert_indexed_once(catalog, dataset.id, home / "vultus.db")
    catalog.close()


def kill_at_random(settings: Settings, catalog: Catalog, dataset: int) -> None:
    chance = random.Random(11)
    killed = 0
    with Pool(settings, catalog) as pool:
        while (waiting := left(catalog, dataset)) and killed < KILLS:
            # Kills are spread over the whole of the work, each in the midst of whatever the worker does.
            due = PHOTOS * (1 - killed / KILLS)
            if waiting <= due:
                with suppress(ProcessLookupError):  # killed before, and not yet replaced
                    os.kill(chance.choice(pool.pids), signal.SIGKILL)
                    killed += 1
            time.sleep(chance.uniform(0.0, 0.3))
    assert killed == KILLS
    with Pool(settings, catalog):  # the restart
        while left(catalog, dataset):
            time.sleep(0.1)


def left(catalog: Catalog, dataset: int) -> int:
    counts = catalog.jobs.counts(dataset)
    return counts.queued + counts.running


def assert_indexed_once(catalog: Catalog, dataset: int, database: Path) -> None:
    assert msgspec.to_builtins(catalog.jobs.counts(dataset)) == {"queued": 0, "running": 0, "done": PHOTOS, "failed": 0}
    with closing(sqlite3.connect(database)) as connection:
        states = connection.execute("SELECT status, count(*) FROM files GROUP BY status").fetchall()
        per_file = connection.execute("SELECT count(*) FROM figures GROUP BY file_id").fetchall()
    assert states == [("Indexed", PHOTOS)]
    assert per_file == [(1,)] * PHOTOS
