"""kill -9 at any moment of a change of model: it goes on where it was, and no face is lost or half changed."""

import os
import random
import signal
import time
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import pytest

from tests.faults.photos import make_photos
from vultus.catalog import Catalog
from vultus.config import Bucket, Faces, Jobs, Settings
from vultus.jobs.model_change import TASK_TYPE, ModelChange, switch_job
from vultus.jobs.pool import Pool
from vultus.model import InputFile
from vultus.storage.storage import Storage

PHOTOS = 60
KILLS = 6
LIGHT, PAIR = "mobilefacenet-192", "pair-192"


@pytest.fixture
def settings(tmp_path: Path, models, sample_face: Path) -> Settings:
    for folder in ("photos", "home"):
        (tmp_path / folder).mkdir()
    make_photos(tmp_path / "photos", sample_face, PHOTOS)
    return Settings(
        home=tmp_path / "home",
        models=str(models.folder),
        buckets={"photos": Bucket(options={"root": str(tmp_path / "photos")}, projects=["p"])},
        faces=Faces(profile=LIGHT),
        jobs=Jobs(workers=2, lease=5.0, attempts=25, backoff=0.0),
    )


def test_a_change_whose_workers_are_killed_at_random_ends_as_if_nothing_had_been(settings):
    with closing(Catalog(settings.database_url)) as catalog:
        catalog.migrate()
        catalog.account.ensure()
        dataset = catalog.datasets.create(catalog.projects.create("p").id, "d")
        uris = [str(uri) for uri, _ in Storage(settings).list("photos")]
        catalog.files.submit(dataset, [InputFile(uri=uri) for uri in uris])
        with Pool(settings, catalog):
            while left(catalog, "index"):
                time.sleep(0.1)
        before = catalog.figures.load(dataset.id, LIGHT)
        task = catalog.tasks.create(dataset.project_id, dataset.id, TASK_TYPE)
        catalog.jobs.put_many([switch_job(dataset.id, task.id, ModelChange(PAIR))])
        kill_at_random(settings, catalog, dataset.id, task.id)
        with Pool(settings, catalog):  # the restart
            while catalog.tasks.by_id(task.id).status == "Running":
                time.sleep(0.1)
        assert catalog.tasks.by_id(task.id).status == "Succeeded"
        after = catalog.figures.load(dataset.id, PAIR)
        assert after.id.tolist() == before.id.tolist()
        assert len(after) == PHOTOS
        assert np.allclose(np.linalg.norm(after.embedding, axis=1), 1, atol=1e-2)
        assert not (after.embedding == before.embedding).all(axis=1).any()
        assert len(catalog.figures.load(dataset.id, LIGHT)) == 0
        assert catalog.audit.check(dataset.id) == []


def kill_at_random(settings: Settings, catalog: Catalog, dataset: int, task: int) -> None:
    """Kill workers throughout the change, and see that the dataset is of one model at every look."""
    chance = random.Random(5)
    killed = 0
    with Pool(settings, catalog) as pool:
        while killed < KILLS and catalog.tasks.by_id(task).status == "Running":
            if left(catalog, "embed") <= PHOTOS * (1 - killed / KILLS) and catalog.tasks.by_id(task).phase:
                with suppress(ProcessLookupError):  # killed before, and not yet replaced
                    os.kill(chance.choice(pool.pids), signal.SIGKILL)
                    killed += 1
            changed = len(catalog.figures.load(dataset, PAIR))
            assert changed == 0 or (changed, catalog.datasets.by_id(dataset).model) == (PHOTOS, PAIR)
            time.sleep(chance.uniform(0.0, 0.5))
    assert killed == KILLS


def left(catalog: Catalog, kind: str) -> int:
    counts = catalog.jobs.counts(kind=kind)
    return counts.queued + counts.running
