"""Pictures made of labelled photos."""

import numpy as np
import pytest

from benchmarks.montages import (
    GAP,
    TILE,
    Kind,
    LabelledFace,
    Source,
    collages,
    grid,
    lookalikes,
    mirrored,
    mirrors,
    montages,
    read_labels,
    write_labels,
)
from vultus.catalog.overlap import Box


def source(person, *, collection="a", width=400, height=300, box=(150, 100, 80, 100), seed=0):
    """A grey photo with a face in the colour of the person."""
    pixels = np.full((height, width, 3), 128, np.uint8)
    left, top, across, down = box
    pixels[top : top + down, left : left + across] = (person % 256, 255 - person % 256, 40)
    embedding = np.random.default_rng([person, seed]).normal(size=8).astype(np.float32)
    return Source(pixels, Box(*box), f"{collection}-{person}", collection, embedding / np.linalg.norm(embedding))


def faces_of(picture):
    """Mean colour within each labelled box, a pixel from its edges."""
    return [
        tuple(picture.pixels[top + 1 : top + height - 1, left + 1 : left + width - 1].mean(axis=(0, 1)).round())
        for (left, top, width, height, _), _ in picture.faces
    ]


@pytest.mark.parametrize("count", [2, 3, 4, 5, 6])
def test_every_face_of_a_grid_is_where_its_label_says(count):
    people = [10 * n for n in range(count)]
    picture = grid(Kind.MONTAGE, [source(person) for person in people])
    assert [name for _, name in picture.faces] == [f"a-{person}" for person in people]
    for (red, green, blue), person in zip(faces_of(picture), people, strict=True):
        assert abs(red - person) <= 3
        assert abs(green - (255 - person)) <= 3
        assert abs(blue - 40) <= 3


@pytest.mark.parametrize("box", [(0, 0, 60, 80), (339, 219, 60, 80), (0, 0, 399, 299)])
def test_a_face_at_the_edge_of_its_photo_stays_in_its_tile(box):
    picture = grid(Kind.MONTAGE, [source(7, box=box), source(200, box=box)])
    assert picture.pixels.shape == (TILE, 2 * TILE + GAP, 3)
    if box[2] < 300:
        assert all(box.left >= 0 and box.left + box.width <= 2 * TILE + GAP for box, _ in picture.faces)
        assert [red for red, _, _ in faces_of(picture)] == pytest.approx([7, 200], abs=3)


def test_a_mirror_picture_shows_the_face_twice_with_its_reflection():
    original = source(30, box=(10, 20, 50, 60))
    picture = mirrored(original)
    assert picture.pixels.shape == (300, 800, 3)
    assert (picture.pixels == picture.pixels[:, ::-1]).all()
    assert [name for _, name in picture.faces] == ["a-30", "a-30"]
    assert faces_of(picture) == [(30, 225, 40)] * 2


def album():
    return [source(person, collection=name, seed=n) for name in "ab" for person in range(12) for n in range(3)]


def drawn(maker, count=8, seed=3):
    return list(maker(album(), count, np.random.default_rng(seed)))


@pytest.mark.parametrize("maker", [montages, lookalikes])
def test_montages_show_different_people_of_one_collection(maker):
    pictures = drawn(maker)
    assert len(pictures) == 8
    for picture in pictures:
        people = [name for _, name in picture.faces]
        assert 2 <= len(people) == len(set(people)) <= 6
        assert len({name[0] for name in people}) == 1


def test_montages_end_with_the_photos():
    assert 12 <= sum(len(picture.faces) for picture in drawn(montages, count=500)) <= 72


def test_a_montage_of_lookalikes_holds_the_most_similar_of_others():
    photos = album()
    vectors = np.array([each.embedding for each in photos])
    for picture in lookalikes(photos, 5, np.random.default_rng(0)):
        first, second = (name for _, name in picture.faces[:2])
        best = max(
            (float(vectors[i] @ vectors[j]), photos[j].identity)
            for i, one in enumerate(photos)
            for j, other in enumerate(photos)
            if one.identity == first and other.identity != first and other.collection == one.collection
        )
        candidates = {
            max(
                (float(vectors[i] @ vectors[j]), photos[j].identity)
                for j, other in enumerate(photos)
                if other.identity != first and other.collection == photos[i].collection
            )[1]
            for i, one in enumerate(photos)
            if one.identity == first
        }
        assert best[1] in candidates
        assert second in candidates


def test_collages_show_one_person_several_times():
    pictures = drawn(collages)
    assert len(pictures) == 8
    for picture in pictures:
        assert 2 <= len(picture.faces) <= 3
        assert len({name for _, name in picture.faces}) == 1


def test_mirrors_are_of_different_photos():
    assert len(drawn(mirrors, count=500)) == len(album())


@pytest.mark.parametrize("maker", [montages, lookalikes, collages, mirrors])
def test_one_seed_makes_the_same_pictures(maker):
    for one, other in zip(drawn(maker), drawn(maker), strict=True):
        assert one.faces == other.faces
        assert (one.pixels == other.pixels).all()


def test_labels_come_back_as_they_were_written(tmp_path):
    faces = [LabelledFace("a (1).jpg", Box(1, 2, 3, 4), "Ann"), LabelledFace('b, "c".png', Box(0, 0, 9, 9), "other-1")]
    write_labels(tmp_path / "labels.csv", faces)
    assert read_labels(tmp_path / "labels.csv") == faces
