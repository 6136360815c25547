"""Photos in, people out, from the command line."""

import shutil

import pytest

from tests.film import film, photo


@pytest.fixture
def photos(tmp_path, samples):
    folder = tmp_path / "photos"
    shutil.copytree(samples, folder)
    return folder


@pytest.fixture
def indexed(vultus, photos):
    ended = vultus("index", str(photos), "--json")
    assert ended.code == 0
    return ended.json


def test_indexing_says_what_it_came_to(indexed, photos):
    count = len(list(photos.iterdir()))
    assert indexed["Files"] == indexed["Indexed"] == count
    assert indexed["Failed"] == 0
    assert indexed["Dataset"]["Faces"] > count


def test_people_are_found_and_shown(vultus, indexed):
    found = vultus("cluster", "--json").json
    assert len(found) == 1, "the samples hold three good photos of one person only"
    assert found[0]["FaceCount"] >= 3
    assert vultus("people", "--json").json == found
    shown = vultus("show", found[0]["ObjectId"][:14], "--json").json
    assert shown["FigureClusters"] == found
    assert shown["RequestId"]
    whole = vultus("show", found[0]["ObjectId"][:14]).out
    assert found[0]["ObjectId"] in whole
    assert "FaceCount" in whole
    table = vultus("people").out
    assert found[0]["ObjectId"] in table
    assert "obama" in table


def test_people_are_found_again_after_more_photos(vultus, indexed, photos):
    [before] = vultus("cluster", "--json").json
    shutil.copy(photos / "obama.jpg", photos / "again.jpg")
    vultus("index", str(photos))
    [after] = vultus("cluster", "--json").json
    assert after["ObjectId"] == before["ObjectId"]
    assert after["FaceCount"] == before["FaceCount"] + 1


def test_a_broken_photo_is_named_and_the_others_are_indexed(vultus, photos):
    count = len(list(photos.iterdir()))
    (photos / "broken.jpg").write_bytes((photos / "obama.jpg").read_bytes()[:3000])
    told = vultus("index", str(photos), "--json")
    assert (told.code, told.json["Failed"]) == (3, 1)
    assert "broken.jpg" in told.json["Failures"][0]["URI"]
    ended = vultus("index", str(photos))
    assert ended.code == 3
    assert f"{count + 1} files in {photos}: {count} unchanged, 1 failed" in ended.out
    assert "broken.jpg: [InvalidArgument]" in ended.err


def test_why_nobody_was_found_is_said_face_by_face(vultus, photos, tmp_path):
    few = tmp_path / "few"
    few.mkdir()
    shutil.copy(photos / "biden.jpg", few)
    vultus("index", str(few))
    ended = vultus("cluster")
    assert ended.code == 0
    assert "Nobody was found: a person takes 3 faces" in ended.err
    assert "biden.jpg" in ended.err


@pytest.mark.parametrize("command", ["people", "cluster"])
def test_what_does_not_exist_is_named_with_what_there_is(vultus, indexed, command):
    refused = vultus(command, "--dataset", "nowhere")
    assert refused.code == 1
    assert refused.err.startswith("There is no dataset nowhere in the project default; there ")
    assert "photos" in refused.err
    refused = vultus(command, "--project", "hom")
    assert (refused.code, refused.err) == (1, "There is no project hom; there is default.")


def test_a_person_that_does_not_exist_is_one_sentence(vultus, indexed):
    ended = vultus("show", "Cluster-nobody")
    assert (ended.code, ended.err) == (1, "The specified resource figure cluster Cluster-nobody is not found.")


def test_names_that_look_like_markup_are_shown_as_they_are(vultus, tmp_path):
    ended = vultus("index", str(tmp_path / "trip [bold]one[/red]"))
    assert (ended.code, ended.err) == (1, f"There is no folder {tmp_path}/trip [bold]one[/red].")


def test_a_prefix_without_photos_leaves_no_dataset_behind(vultus, tmp_path):
    (tmp_path / "bucket").mkdir()
    (tmp_path / "vultus.toml").write_text(
        f'[buckets.b]\nprojects = ["default"]\n[buckets.b.options]\nroot = "{tmp_path}/bucket"\n'
    )
    assert "There are no photos" in vultus("index", "oss://b/none", "--dataset", "fresh").err
    assert vultus("people", "--dataset", "fresh").err.startswith("There is no project default")


def test_a_home_that_cannot_be_made_is_one_sentence(vultus, tmp_path):
    (tmp_path / "file").write_text("")
    ended = vultus("--home", str(tmp_path / "file" / "home"), "people")
    assert ended.code == 1
    assert "cannot be made" in ended.err


def test_a_folder_that_does_not_exist_is_one_sentence(vultus):
    ended = vultus("index", "no-such-folder")
    assert (ended.code, ended.err) == (1, "There is no folder no-such-folder.")


def test_a_folder_without_photos_is_one_sentence(vultus, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "notes.txt").write_text("nobody here")
    ended = vultus("index", str(tmp_path / "empty"))
    assert ended.code == 1
    assert ended.err.startswith("There are no photos or videos in ")


def test_a_bucket_that_is_not_configured_is_one_sentence(vultus):
    ended = vultus("index", "oss://nowhere/photos")
    assert ended.code == 1
    assert "nowhere" in ended.err


def test_a_person_of_a_video_is_found_with_the_photos(vultus, photos):
    (photos / "below").mkdir()
    shown = photo(photos / "obama.jpg", 480, 360)
    (photos / "below" / "film.mkv").write_bytes(film([shown] * 25, kind="matroska"))
    assert vultus("index", str(photos)).code == 0
    [person] = vultus("cluster", "--json").json
    assert person["VideoCount"] == 1
    assert person["FaceCount"] > person["ImageCount"] + 1
