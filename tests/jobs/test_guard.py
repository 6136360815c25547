"""A file that takes too much ends with its worker; nothing else does."""

import math
import os
import time
from pathlib import Path

import msgspec
import pytest

from vultus.catalog import Catalog
from vultus.config import Bucket, Jobs, Media, Settings
from vultus.index.subject import Tools
from vultus.jobs.child import start_child
from vultus.jobs.guard import Guard
from vultus.jobs.pool import Pool, worker_name
from vultus.model import File, InputFile
from vultus.storage.storage import Storage


def test_a_worker_that_reads_no_file_oversteps_nothing():
    assert Guard().breach(os.getpid(), Media(max_memory=1)) == ""


def test_a_file_may_take_its_time_and_no_more():
    guard = Guard()
    with guard.within(60.0):
        assert guard.breach(os.getpid(), Media()) == ""
        assert "media.seconds" in guard.breach(os.getpid(), Media(), clock=lambda: time.monotonic() + 61.0)
        assert "media.max_memory" in guard.breach(os.getpid(), Media(max_memory=1))
    assert guard.breach(os.getpid(), Media(max_memory=1)) == ""


@pytest.mark.parametrize(
    ("limits", "reason"),
    [(Media(seconds=0.001), "media.seconds"), (Media(max_memory=2**20), "media.max_memory")],
    ids=["time", "memory"],
)
def test_a_file_that_takes_too_much_fails_and_the_others_do_not(tmp_path: Path, models, limits, reason) -> None:
    """An endless heap of bytes keeps its worker busy; what is read in a moment comes through."""
    folder, home = tmp_path / "album", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    with (folder / "endless.bin").open("wb") as file:
        file.truncate(limits.max_bytes)  # a hole, which takes no room and seconds to be summed up
    (folder / "note.txt").write_text("two words")
    bucket = Bucket(options={"root": str(folder)}, projects=["p"])
    settings = Settings(
        home=home, models=str(models.folder), buckets={"album": bucket}, media=limits, jobs=Jobs(workers=1, backoff=0.0)
    )
    catalog = Catalog(settings.database_url)
    catalog.migrate()
    catalog.account.ensure()
    dataset = catalog.datasets.create(catalog.projects.create("p").id, "d")
    uris = [f"oss://album/{name}" for name in ("endless.bin", "note.txt")]
    catalog.files.submit(dataset, [InputFile(uri=uri) for uri in uris])
    with Pool(settings, catalog) as pool:
        first = list(pool.pids)
        while (counts := catalog.files.counts(dataset.id)).pending or counts.indexing:
            time.sleep(0.05)
        assert pool.pids != first
    endless, note = (msgspec.json.decode(each, type=File) for each in catalog.files.get_many(dataset, uris))
    assert (endless.object_status, note.object_status) == ("Failed", "Indexed")
    assert reason in str(endless.reason)
    catalog.close()


def test_while_something_else_is_waited_for_the_time_of_a_file_stands_still():
    guard = Guard()
    with guard.within(60.0):
        until = guard.until
        with guard.within(math.inf):
            assert guard.breach(os.getpid(), Media(), clock=lambda: time.monotonic() + 1e9) == ""
            time.sleep(0.05)
        assert guard.until >= until + 0.05
        with guard.within(1.0):
            assert guard.breach(os.getpid(), Media(), clock=lambda: time.monotonic() + 2.0)
    assert guard.until == 0.0


def test_networks_that_are_long_in_coming_end_no_worker(tmp_path: Path) -> None:
    guard, settings = Guard(), Settings(home=tmp_path)
    tools = Tools(settings, Storage(settings), guard.within)
    with guard.within(0.01):
        assert tools.get(lambda _: _waited(guard)) == ""


def _waited(guard: Guard) -> str:
    time.sleep(0.05)
    return guard.breach(os.getpid(), Media())


class LeftBehind(Guard):
    """Of a worker that is done with its file just when it is found out."""

    def breach(self, *args, **kwargs) -> str:
        reason = super().breach(*args, **kwargs)
        self._until.value = 0.0
        return reason


def test_a_file_that_comes_through_at_the_last_moment_is_not_given_up(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, media=Media(max_memory=1), jobs=Jobs(workers=1))
    catalog = Catalog(settings.database_url)
    catalog.migrate()
    pool, guard, worker = Pool(settings, catalog), LeftBehind(), start_child(_sleep)
    catalog.jobs.put("unheard-of")
    assert catalog.jobs.claim(worker_name(worker.pid or 0), ["unheard-of"], lease=0.0) is not None
    pool.processes, pool._guards = [worker], [guard]
    with guard.within(60.0):
        pool._end_stuck()
    assert not worker.is_alive()
    job = catalog.jobs.claim("next:1", ["unheard-of"], lease=60.0)
    assert job is not None
    assert not job.is_condemned
    catalog.close()


def _sleep(_: int) -> None:
    time.sleep(60.0)
