"""A folder is indexed under the bucket that holds it already, and people are told where there was a choice."""

import shutil
import sqlite3
import tomllib
from contextlib import closing


def test_a_photo_is_indexed_once_whichever_way_to_it_is_named(vultus, home, tmp_path, sample_face):
    year, trip = tmp_path / "all" / "2024", tmp_path / "all" / "2024" / "rome"
    trip.mkdir(parents=True)
    (tmp_path / "alias").symlink_to(year)
    for folder in (year.parent, year, trip):
        shutil.copy(sample_face, folder / "one.jpg")
    told = [
        vultus("index", str(way), "--template", "Official:OSSBasicMeta")
        for way in (year, tmp_path / "alias", year.parent, f"{trip}/../rome")
    ]
    assert [each.code for each in told] == [0, 0, 0, 0]
    assert "2024/ in" in told[2].err
    with closing(sqlite3.connect(home / "vultus.db")) as database:
        assert database.execute("SELECT count(*) FROM files").fetchone() == (3,)
    mapped = tomllib.loads((home / "folders.toml").read_text())["buckets"]
    assert [bucket["options"]["root"] for bucket in mapped.values()] == [str(year), str(year.parent)]


def test_of_two_buckets_of_the_settings_the_one_that_is_taken_is_named(vultus, tmp_path, sample_face):
    folder = tmp_path / "photos"
    folder.mkdir()
    shutil.copy(sample_face, folder / "one.jpg")
    buckets = [f'[buckets.{name}]\nprojects = ["*"]\noptions = {{ root = "{folder}" }}\n' for name in ("new", "album")]
    (tmp_path / "vultus.toml").write_text("".join(buckets))
    told = vultus("index", str(folder), "--template", "Official:OSSBasicMeta")
    assert told.code == 0
    assert "its files go by oss://new/, not by those of album." in told.err
    assert "oss://" not in vultus("index", "oss://new/", "--template", "Official:OSSBasicMeta").err
