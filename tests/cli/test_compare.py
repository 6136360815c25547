"""``vultus compare`` tells whether two pictures are of one person, and keeps nothing of them."""

import re
import shutil

from PIL import Image


def test_two_photos_of_one_person_are_told_from_those_of_two(vultus, samples):
    same = vultus("compare", str(samples / "obama.jpg"), str(samples / "obama2.jpg"))
    assert same.code == 0
    told = re.match(r"one person: the similarity is ([\d.]+);", same.out)
    assert told
    assert float(told[1]) > 0.9
    other = vultus("compare", str(samples / "obama.jpg"), str(samples / "biden.jpg"), "--json")
    assert other.json["Similarity"] < 0.2


def test_the_folders_of_the_pictures_are_open_to_nobody_afterwards(vultus, home, samples, tmp_path):
    shutil.copy(samples / "obama.jpg", tmp_path / "here.jpg")
    assert vultus("compare", "here.jpg", "here.jpg", "--json").json["Similarity"] == 1.0
    assert not (home / "folders.toml").exists()
    refused = vultus("compare", "oss://compared-1/here.jpg", "here.jpg")
    assert (refused.code, refused.err) == (1, "There is no bucket compared-1 configured here.")


def test_what_is_no_picture_is_named(vultus, samples, tmp_path):
    (tmp_path / "page.pdf").write_bytes(b"%PDF-1.7\n")
    refused = vultus("compare", str(samples / "obama.jpg"), "page.pdf")
    assert refused.err == "page.pdf: The file is of the kind document; faces are looked for in images."
    assert vultus("compare", str(samples), "page.pdf").err == f"{samples} is a folder; name a picture in it."
    for lost in ("none.jpg", "~nobody knows/none.jpg"):
        assert vultus("compare", lost, "page.pdf").err == f"There is no file {lost}."


def test_a_picture_without_a_face_is_named_as_it_was_typed(vultus, samples, tmp_path):
    Image.new("RGB", (320, 240), "white").save(tmp_path / "snow.png")
    refused = vultus("compare", str(samples / "obama.jpg"), "snow.png")
    assert (refused.code, refused.err) == (1, "snow.png: No face is found in the image.")
