"""Files that were deleted, renamed or are out of reach: what is told of them, and what --prune forgets."""

import shutil
from pathlib import Path

import pytest

CHEAP = ("--template", "Official:OSSBasicMeta")


@pytest.fixture
def folder(tmp_path, sample_face) -> Path:
    """Two folders with a photo each, and one beside them."""
    folder = tmp_path / "my photos"
    for name in ("one.jpg", "2024/two.jpg", "2025/three.jpg"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(sample_face, folder / name)
    return folder


def held(vultus, *words: str) -> tuple[int, int, int]:
    """Index; how many files the dataset holds, how many of them are gone, and how many were forgotten."""
    told = vultus("index", *words, "--json").json
    return told["Dataset"]["Files"], told["Gone"], told["Forgotten"]


def test_a_deleted_photo_is_told_of_until_it_is_forgotten(vultus, folder):
    assert "no longer" not in vultus("index", str(folder), *CHEAP).out
    (folder / "one.jpg").unlink()
    shutil.rmtree(folder / "2024")
    told = vultus("index", str(folder)).out
    assert f"2 files are no longer in {folder}; vultus index '{folder}' --prune forgets them." in told
    assert held(vultus, str(folder)) == (3, 2, 0)
    told = vultus("index", str(folder), "--prune").out
    assert f"2 files that are no longer in {folder}: forgotten." in told
    assert "holds 1 file," in told
    assert held(vultus, str(folder), "--prune") == (1, 0, 0)
    assert vultus("audit").code == 0


def test_nothing_outside_the_folder_is_forgotten(vultus, folder):
    vultus("index", str(folder), *CHEAP)
    (folder / "one.jpg").unlink()
    shutil.copy(folder / "2024" / "two.jpg", folder / "2024" / "more.jpg")
    (folder / "2024" / "two.jpg").unlink()
    assert held(vultus, str(folder / "2025"), "--prune") == (3, 0, 0)
    assert held(vultus, str(folder / "2024"), "--prune") == (3, 0, 1)
    assert held(vultus, str(folder)) == (3, 1, 0)


def test_a_bucket_within_the_folder_is_pruned_with_it(vultus, folder):
    vultus("index", str(folder / "2024"), *CHEAP)
    vultus("index", str(folder), *CHEAP)
    shutil.copy(folder / "one.jpg", folder / "2024" / "more.jpg")
    (folder / "2024" / "two.jpg").unlink()
    assert held(vultus, str(folder), "--prune") == (3, 0, 1)


def test_a_file_that_is_there_but_not_taken_is_kept(vultus, folder):
    (folder / "notes.txt").write_text("Rome")
    assert held(vultus, str(folder), "--all", *CHEAP) == (4, 0, 0)
    assert held(vultus, str(folder), "--prune") == (4, 0, 0)


def test_an_empty_folder_may_be_a_disk_that_is_not_mounted(vultus, folder):
    vultus("index", str(folder), *CHEAP)
    (folder / "2024" / "two.jpg").rename(folder / "away.jpg")
    told = vultus("index", str(folder), "--prune")
    assert f"1 file is not to be found in {folder}, and kept: The folder {folder}/2024 is empty" in told.err
    assert held(vultus, str(folder), "--prune") == (4, 0, 0)
    (folder / "2024").rmdir()
    assert held(vultus, str(folder), "--prune") == (3, 0, 1)
    shutil.rmtree(folder)
    assert vultus("index", str(folder), "--prune").err == f"There is no folder {folder}."
    folder.mkdir()
    refused = vultus("index", str(folder), "--prune")
    assert refused.err == f"There are no photos or videos in {folder}; nothing was forgotten."


def test_people_follow_what_was_deleted_and_renamed(vultus, tmp_path, samples):
    folder = tmp_path / "photos"
    shutil.copytree(samples, folder)
    vultus("index", str(folder))
    [anna] = vultus("cluster", "--json").json
    assert vultus("name", anna["ObjectId"], "Anna").code == 0
    (folder / "obama.jpg").rename(folder / "president.jpg")
    told = vultus("index", str(folder)).out
    assert "1 file is no longer in" in told
    assert "run vultus cluster before --prune" in told
    [both] = vultus("cluster", "--json").json
    assert both["FaceCount"] == anna["FaceCount"] + 1
    assert vultus("index", str(folder), "--prune").code == 0
    [after] = vultus("people", "--json").json
    assert (after["ObjectId"], after["Name"], after["FaceCount"]) == (anna["ObjectId"], "Anna", anna["FaceCount"])
    (folder / "president.jpg").unlink()
    vultus("index", str(folder), "--prune")
    [less] = vultus("people", "--json").json
    assert (less["Name"], less["FaceCount"]) == ("Anna", anna["FaceCount"] - 1)
    for photo in {each["URI"].rpartition("/")[2] for each in vultus("faces", anna["ObjectId"], "--json").json}:
        (folder / photo).unlink()
    assert "1 person who appeared in no other file: forgotten as well." in vultus("index", str(folder), "--prune").out
    assert "Anna" in vultus("journal").out
    assert vultus("audit").code == 0
