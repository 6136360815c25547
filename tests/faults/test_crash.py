"""A file that crashes every worker is given up; the others are not."""

import os
import signal
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

import msgspec

from vultus.catalog import Catalog
from vultus.config import Bucket, Jobs, Media, Settings
from vultus.jobs.pool import Pool
from vultus.model import File, InputFile

NOTES = 40
ENDLESS = 2**37  # bytes
ATTEMPTS = Jobs().attempts


def test_a_file_that_crashes_its_workers_fails_after_some_tries_and_no_other_does(tmp_path: Path, models) -> None:
    """What a decoder does that writes where it must not: the system ends its process at once."""
    folder, home = tmp_path / "album", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    with (folder / "endless.bin").open("wb") as file:
        file.truncate(ENDLESS)  # a hole, which takes no room, and minutes to be summed up
    for number in range(NOTES):
        (folder / f"{number}.txt").write_text(f"note {number}")
    settings = Settings(
        home=home,
        models=str(models.folder),
        buckets={"album": Bucket(options={"root": str(folder)}, projects=["p"])},
        media=Media(max_bytes=ENDLESS),
        jobs=Jobs(workers=2, backoff=0.0),
    )
    catalog = Catalog(settings.database_url)
    catalog.migrate()
    catalog.account.ensure()
    dataset = catalog.datasets.create(catalog.projects.create("p").id, "d")
    uris = [f"oss://album/{file.name}" for file in sorted(folder.iterdir())]
    catalog.files.submit(dataset, [InputFile(uri=uri) for uri in uris])
    with Pool(settings, catalog):
        crashes = crash_at(home / "vultus.db", "oss://album/endless.bin", lambda: left(catalog, dataset.id))
    files = {str(each.filename): each for each in decoded(catalog.files.get_many(dataset, uris))}
    endless = files.pop("endless.bin")
    assert crashes == ATTEMPTS
    assert (endless.object_status, endless.reason) == ("Failed", "[InternalError] The workers that tried it died.")
    assert {each.object_status for each in files.values()} == {"Indexed"}
    assert len(files) == NOTES
    catalog.close()


def left(catalog: Catalog, dataset: int) -> int:
    counts = catalog.jobs.counts(dataset)
    return counts.queued + counts.running


def decoded(documents) -> list[File]:
    return [msgspec.json.decode(each, type=File) for each in documents]


def crash_at(database: Path, uri: str, left) -> int:
    """Crash each worker that reads a file; return how many there were when nothing is left to do.

    The one that takes it only to give it up does not read it.
    """
    crashed: set[str] = set()
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as connection:
        while left():
            working = connection.execute(
                "SELECT worker FROM jobs JOIN files ON files.id = file_id "
                "WHERE jobs.state = 'running' AND uri = ? AND attempts <= ?",
                (uri, ATTEMPTS),
            ).fetchone()
            if working and working[0] not in crashed:
                crashed.add(working[0])
                with suppress(ProcessLookupError):
                    os.kill(int(working[0].rpartition(":")[2]), signal.SIGSEGV)
            time.sleep(0.01)
    return len(crashed)
