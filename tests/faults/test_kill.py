"""kill -9 at any moment loses nothing and doubles nothing."""

import os
import random
import signal
import time
from pathlib import Path

import msgspec
import numpy as np
from PIL import Image
from sqlalchemy import func, select

from vultus.catalog import Catalog, schema
from vultus.config import Bucket, Jobs, Settings
from vultus.jobs.pool import Pool
from vultus.model import InputFile
from vultus.storage import Storage

PHOTOS = 300
KILLS = 20


def make_photos(folder: Path, sample: Path, count: int) -> None:
    """Photos that differ from one another and hold a face each, small enough to be quick."""
    face = Image.open(sample).convert("RGB")
    random_numbers = np.random.default_rng(7)
    for number in range(count):
        picture = Image.new("RGB", (200, 200), tuple(int(c) for c in random_numbers.integers(0, 255, 3)))
        picture.paste(face.resize((160, 160)), (int(random_numbers.integers(0, 40)), int(random_numbers.integers(0, 40))))
        picture.save(folder / f"{number:03d}.jpg", quality=85)


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
    kill_at_random(Pool(settings, catalog), catalog, dataset.id)
    assert_indexed_once(catalog, dataset.id)


def kill_at_random(pool: Pool, catalog: Catalog, dataset: int) -> None:
    chance = random.Random(11)
    killed = 0
    with pool:
        while (waiting := left(catalog, dataset)) and killed < KILLS:
            # Kills are spread over the whole of the work, each in the midst of whatever the worker does.
            due = PHOTOS * (1 - killed / KILLS)
            if waiting <= due:
                os.kill(chance.choice(pool.pids), signal.SIGKILL)
                killed += 1
            time.sleep(chance.uniform(0.0, 0.3))
    assert killed == KILLS
    with Pool(pool.settings, catalog):  # the restart
        while left(catalog, dataset):
            time.sleep(0.1)


def left(catalog: Catalog, dataset: int) -> int:
    counts = catalog.jobs.counts(dataset)
    return counts.queued + counts.running


def assert_indexed_once(catalog: Catalog, dataset: int) -> None:
    assert msgspec.to_builtins(catalog.jobs.counts(dataset)) == {"queued": 0, "running": 0, "done": PHOTOS, "failed": 0}
    files, figures = schema.files.c, schema.figures.c
    with catalog.database.reading() as connection:
        states = dict(connection.execute(select(files.status, func.count()).group_by(files.status)).all())
        per_file = connection.execute(select(figures.file_id, func.count()).group_by(figures.file_id)).all()
    assert states == {"Indexed": PHOTOS}
    assert len(per_file) == PHOTOS
    assert {count for _, count in per_file} == {1}
