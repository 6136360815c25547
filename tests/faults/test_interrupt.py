"""Ctrl-C halfway keeps what was done, and the next run goes on from there; a long video is begun anew."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from tests.faults.photos import make_photos
from tests.film import film, moved, photo

PHOTOS = 120
SECONDS = 150  # of film


def start(home: Path, models: Path, *words: str) -> subprocess.Popen[str]:
    environment = os.environ | {"VULTUS_MODELS": str(models), "VULTUS_JOBS_WORKERS": "2", "VULTUS_HOME": str(home)}
    command = [sys.executable, "-c", "from vultus.cli import main; main()", *words]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def count_indexed(home: Path) -> int:
    """How many photos are indexed, as another process sees it."""
    database = home / "vultus.db"
    if not database.exists():
        return 0
    with closing(sqlite3.connect(database)) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM files WHERE status = 'Indexed'").fetchone()[0])
        except sqlite3.OperationalError:  # the tables are being made
            return 0


def film_job(home: Path) -> tuple[str, int, int]:
    """State, progress and tries of the one job, as another process sees it."""
    database = home / "vultus.db"
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        try:
            row = connection.execute("SELECT state, progress, attempts FROM jobs").fetchone()
        except sqlite3.OperationalError:  # the tables are being made
            row = None
    return row or ("", 0, 0)


def test_a_long_video_that_is_broken_off_is_begun_anew_and_its_try_is_not_counted(tmp_path, models, sample_face):
    films, home = tmp_path / "films", tmp_path / "home"
    films.mkdir()
    home.mkdir()
    face = photo(sample_face, 300, 360)
    (films / "film.mp4").write_bytes(film((moved(face, 2 * n, 960, 540) for n in range(SECONDS)), rate=1))
    (home / "vultus.db").touch()
    with start(home, models.folder, "index", str(films)) as process:
        while process.poll() is None and film_job(home)[1] == 0:
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate()
    assert process.returncode == 130, errors
    assert film_job(home)[::2] == ("queued", 0), "its worker put it back, and was not killed at it"
    with start(home, models.folder, "index", str(films), "--json") as process:
        out, errors = process.communicate()
    assert process.returncode == 0, errors
    assert json.loads(out)["Indexed"] == 1


def test_an_index_that_is_broken_off_goes_on_where_it_was(tmp_path, models, sample_face):
    photos, home = tmp_path / "photos", tmp_path / "home"
    photos.mkdir()
    make_photos(photos, sample_face, PHOTOS)
    with start(home, models.folder, "index", str(photos)) as process:
        while process.poll() is None and count_indexed(home) < PHOTOS // 4:
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)  # what a terminal does: every process of the group hears of it
        _, errors = process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert "run the command again to go on" in errors
    halfway = count_indexed(home)
    assert PHOTOS // 4 <= halfway < PHOTOS
    with start(home, models.folder, "index", str(photos), "--json") as process:
        out, errors = process.communicate()
    assert process.returncode == 0, errors
    told = json.loads(out)
    assert told["Indexed"] + told["Unchanged"] == told["Dataset"]["Files"] == PHOTOS
    assert told["Unchanged"] >= halfway
