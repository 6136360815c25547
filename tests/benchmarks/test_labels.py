"""The labels of the group photos."""

from collections import Counter, defaultdict
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.montages import read_labels
from vultus.catalog.overlap import Box, same_faces
from vultus.media.images.picture import decode_picture

LABELS = read_labels(Path(__file__).resolve().parents[2] / "benchmarks" / "labels" / "groups-friends6.csv")
SAMPLE = ("all (5).jpg", "all (9).jpg", "all (16).jpg", "all (25).jpg", "all (26).jpg", "all (47).jpg")


@pytest.fixture(scope="module")
def groups(data):
    return data / "groups-friends6"


def test_every_group_photo_is_labelled(groups):
    assert {face.file for face in LABELS} == {path.name for path in groups.iterdir()}


def test_names_are_those_of_the_reference_photos(data):
    cast = {path.name for path in (data / "friends6-reference").iterdir()}
    others = {face.identity for face in LABELS} - cast
    assert len(cast) == 6
    assert others == {"none", "other-1", "other-2", "other-3", "other-4"}


def test_a_bystander_is_seen_once():
    seen = Counter(face.identity for face in LABELS if face.identity.startswith("other"))
    assert set(seen.values()) == {1}


def test_boxes_lie_within_their_photos(groups):
    for face in LABELS:
        with Image.open(groups / face.file) as photo:
            width, height = photo.size
        assert face.box.width > 0
        assert face.box.height > 0
        assert 0 <= face.box.left <= width - face.box.width, face
        assert 0 <= face.box.top <= height - face.box.height, face


def test_a_photo_shows_nobody_twice():
    people = defaultdict(list)
    for face in LABELS:
        people[face.file].append(face.identity)
    assert [file for file, names in people.items() if len(set(names)) < len(names)] == []


def test_nobody_of_the_machine_made_list_is_missing(data):
    import csv

    with (data / "groups-friends6-labels-machine.csv").open(newline="", encoding="utf-8") as text:
        machine = {file: set(names.split("|")) for file, names in list(csv.reader(text))[1:]}
    found = defaultdict(set)
    for face in LABELS:
        found[face.file].add(face.identity)
    assert all(names <= found[file] for file, names in machine.items())


@pytest.mark.parametrize("file", SAMPLE)
def test_every_face_that_is_found_has_a_label(groups, analyser, file):
    picture = decode_picture((groups / file).read_bytes(), working_side=1024, max_pixels=10**8)
    found = [Box(*face.box) for face in analyser.analyse(picture)]
    labelled = [face.box for face in LABELS if face.file == file]
    assert len(same_faces(found, labelled)) == len(found) == len(labelled)
