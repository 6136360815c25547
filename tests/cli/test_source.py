"""What is named to be indexed: nothing lasting comes of looking at it, and what is left out is told."""

import shutil
import tomllib
from pathlib import Path

import pytest

CHEAP = ("--template", "Official:OSSBasicMeta")


@pytest.fixture
def folder(tmp_path, sample_face) -> Path:
    """A folder with a photo that has no ending, and two files that are none."""
    folder = tmp_path / "photos"
    folder.mkdir()
    shutil.copy(sample_face, folder / "portrait")
    (folder / "LICENSE").write_text("Do as you like.")
    (folder / "notes.txt").write_text("Rome")
    return folder


def test_what_is_explained_before_the_first_use_leaves_nothing_behind(vultus, home, folder):
    told = vultus("index", str(folder), "--explain", *CHEAP)
    assert told.code == 0
    assert "What 1 of 1 files took" in told.out
    assert f"2 other files in {folder} left out; --all takes them." in told.out
    assert "AccessKey" not in told.err
    assert not home.exists()


def test_what_is_explained_later_maps_nothing_either(vultus, home, folder, tmp_path):
    (tmp_path / "other").mkdir()
    shutil.copy(folder / "portrait", tmp_path / "other" / "one.jpg")
    vultus("index", str(tmp_path / "other"), *CHEAP)
    before = (home / "folders.toml").read_text()
    told = vultus("index", str(folder), "--explain")
    assert "Official:OSSBasicMeta, step by step" in told.out
    assert (home / "folders.toml").read_text() == before


def test_a_folder_without_a_file_to_index_is_no_bucket(vultus, home, folder):
    (folder / "portrait").unlink()
    refused = vultus("index", str(folder))
    assert refused.err == (
        f"There are no photos or videos in {folder}. 2 other files in {folder} left out; --all takes them."
    )
    assert not (home / "folders.toml").exists()
    vultus("index", str(folder), "--all", *CHEAP)
    assert len(tomllib.loads((home / "folders.toml").read_text())["buckets"]) == 1


@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_is_not_the_current_folder(vultus, home, folder, monkeypatch, name):
    monkeypatch.chdir(folder)
    refused = vultus("index", name)
    assert refused.err == "The name of the folder is empty; name the current one as a dot."
    assert not home.exists()


def test_a_file_without_an_ending_is_taken_for_what_it_holds(vultus, folder):
    told = vultus("index", str(folder), *CHEAP)
    assert f"1 file in {folder}: 1 indexed" in told.out
    assert f"2 other files in {folder} left out; --all takes them." in told.out
    told = vultus("index", str(folder), "--all")
    assert f"3 files in {folder}: 2 indexed, 1 unchanged" in told.out
    assert "left out" not in told.out


def test_a_template_that_the_settings_have_lost_is_told_before_any_file_is_touched(vultus, folder, tmp_path):
    own = tmp_path / "vultus.toml"
    own.write_text('[templates]\nmine = ["dates"]\n')
    assert vultus("index", str(folder), "--template", "mine").code == 0
    own.unlink()
    shutil.copy(folder / "portrait", folder / "new.jpg")
    refused = vultus("index", str(folder))
    assert refused.err.startswith("The dataset photos cannot be indexed: TemplateId mine is not known")
    assert refused.err.endswith("Set that right in the settings, or choose a template by --template.")
    assert "holds 2 files," in vultus("index", str(folder), *CHEAP).out
